//! The documents of the repository: what a block of code shows is what happens.
//!
//! `console` is typed into a shell ([`sessions`]) and `toml` is read as Component.toml ([`settings`]). Every other block
//! stands in one of the projects below `tests/documents` ([`projects`]), which have around it what a reader would have,
//! or has a test of its own. What cannot be tried is listed, with the reason.

pub mod blocks;
mod projects;
pub mod sessions;
mod settings;
mod shown;

use std::collections::BTreeSet;

use airssys_wasm_tests::read;

use blocks::{Block, blocks};

/// Blocks that a test of their own tries, and the file of that test, which has the name of the document in it.
const TRIED_ALONE: &[(&str, &str)] = &[
    ("README.md#start-3", "tests/templates/documents/shown.rs"),
    ("README.md#embed-the-host", "tests/templates/documents/shown.rs"),
    ("conformance/README.md#a-case", "tests/templates/documents/shown.rs"),
    ("conformance/host.md#checking-another-host", "conformance/runner/tests/hosts.rs"),
    ("host/runtime/README.md#settings-of-a-host", "host/runtime/src/host_config/tests.rs"),
    ("sdk-c/README.md#interfaces-of-a-hosts-own-2", "tests/examples/interfaces.rs"),
    ("sdk-go/README.md#interfaces-of-a-hosts-own-2", "tests/examples/interfaces.rs"),
    ("sdk-js/README.md#interfaces-of-a-hosts-own-2", "tests/examples/interfaces.rs"),
    ("sdk-python/README.md#interfaces-of-a-hosts-own-2", "tests/examples/interfaces.rs"),
    ("sdk-rust/README.md#interfaces-of-a-hosts-own-2", "tests/examples/interfaces.rs"),
];

/// Blocks that are not tried, and why.
const NOT_TRIED: &[(&str, &str)] = &[
    (
        "conformance/drivers/README.md#drivers",
        "it describes a form, without an example; what the drivers write in that form is in the cases",
    ),
    ("docs/architecture.md#from-a-file-to-a-component", "it is a picture"),
];

#[test]
fn every_block_is_tried_or_listed_with_the_reason() {
    let blocks = blocks();
    let listed: BTreeSet<String> = TRIED_ALONE.iter().chain(NOT_TRIED).map(|(name, _)| (*name).to_owned()).collect();
    let placed = projects::placed();
    for name in listed.iter().chain(&placed) {
        assert!(blocks.iter().any(|block| block.name == *name), "there is no block {name}");
    }
    for Block { name, language, .. } in &blocks {
        let has_place = listed.contains(name) || placed.contains(name);
        let is_tried = has_place || ["console", "toml"].contains(&language.as_str());
        assert!(is_tried, "nothing tries {name}: give it a place in a project below tests/documents");
    }
    for (name, test) in TRIED_ALONE {
        let text = read(test);
        let document = name.split('#').next().and_then(|document| document.rsplit('/').next()).expect("a document");
        assert!(text.contains(document), "{test} does not look at {name}");
    }
}
