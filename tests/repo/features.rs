//! What is compiled once, and not once more for the tests.

use std::collections::BTreeSet;
use std::process::Command;

use airssys_wasm_tests::root;

/// The crates that these edges lead to, each with its features: one that programs and macros use may have two sets of them.
fn crates(edges: &str) -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--workspace", "--locked", "--edges", edges, "--prefix", "none", "--format", "{p} {f}"])
        .output()
        .expect("cargo runs");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).expect("names are UTF-8");
    text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

#[test]
fn tests_ask_no_crate_for_features_that_programs_do_not_ask_it_for() {
    let (programs, tests) = (crates("normal,build"), crates("normal,build,dev"));
    assert!(programs.len() > 200, "{} crates", programs.len());
    let other: Vec<_> = programs.difference(&tests).collect();
    assert!(
        other.is_empty(),
        "compiled twice, with all that is built on them; give host/runtime the features of the tests: {other:?}"
    );
}
