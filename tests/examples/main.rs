//! The examples of every SDK, built from source and run for real: the same input must give the same output in each
//! language.

mod ask;
mod copy_tree;
mod example;
mod fetch;
mod fixes;
mod hello;
mod host_interfaces;
mod interfaces;
mod pipeline;
mod server;

/// Every example, by the name of its folder, and whether every SDK has it. A test of its own says what it must do.
const KNOWN: &[(&str, bool)] = &[
    ("ask", true),
    ("copy-tree", true),
    ("fetch", true),
    ("hello", true),
    ("hello-typescript", false),
    ("pipeline", true),
];

#[test]
fn every_example_on_disk_is_run() {
    let languages = example::languages();
    assert_eq!(languages.len(), 5, "{languages:?}");
    for language in &languages {
        for name in example::names(language) {
            assert!(KNOWN.iter().any(|(known, _)| *known == name), "nothing runs examples/{name} of sdk-{language}");
        }
    }
    for (name, everywhere) in KNOWN {
        let there = example::all(name).len();
        assert!(if *everywhere { there == languages.len() } else { there > 0 }, "{there} SDKs have examples/{name}");
    }
}
