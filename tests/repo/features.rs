//! What is compiled once, and not once more for the tests.

use std::collections::BTreeMap;
use std::process::Command;

use airssys_wasm_tests::root;

/// The crates that these edges lead to, with their features.
fn features(edges: &str) -> BTreeMap<String, String> {
    let tree = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--workspace", "--locked", "--edges", edges, "--prefix", "none", "--format", "{p}|{f}"])
        .output()
        .expect("cargo runs");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).expect("names are UTF-8");
    let crates = text.lines().filter_map(|line| line.trim_end_matches(" (*)").split_once('|'));
    crates.map(|(name, features)| (name.to_owned(), features.to_owned())).collect()
}

#[test]
fn tests_ask_no_crate_for_features_that_programs_do_not_ask_it_for() {
    let (programs, tests) = (features("normal,build"), features("normal,build,dev"));
    assert!(programs.len() > 200, "{} crates", programs.len());
    let other: Vec<_> = programs.iter().filter(|(name, features)| tests[*name] != **features).collect();
    assert!(
        other.is_empty(),
        "compiled twice, with all that is built on them; give the features to host/runtime too: {other:?}"
    );
}
