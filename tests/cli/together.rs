//! Components that are loaded beside the one that is called.

use airssys_wasm_tests::{stderr, stdout};

use crate::refusal::with_project;

#[test]
fn a_component_reaches_those_that_are_loaded_with_it_and_no_others() {
    let (place, alice) = with_project("acme/alice", "messenger");
    let (_other_place, bob) = with_project("acme/bob", "messenger");
    let (alice, bob) = (alice.display().to_string(), bob.display().to_string());
    let call = |more: &[&str]| {
        let line = ["call", &alice, "tell", "acme/bob@0.1.0 hello", "--grant-declared", "--audit", "audit.jsonl"];
        place.command(&[&line, more].concat()).output().expect("the tool starts")
    };
    let alone = call(&[]);
    assert_eq!(alone.status.code(), Some(1), "{}", stderr(&alone));
    let together = call(&["--with", &bob]);
    assert!(together.status.success(), "{}", stderr(&together));
    assert_eq!(stdout(&together), "");
    for name in ["acme/alice", "acme/bob"] {
        assert!(stderr(&together).contains(&format!("{name} is granted")), "{}", stderr(&together));
    }
    let twice = call(&["--with", &bob, "--with", &bob]);
    assert_eq!(twice.status.code(), Some(3), "{}", stderr(&twice));
    let absent = call(&["--with", "absent.wasm"]);
    assert!(absent.status.code() == Some(3) && stderr(&absent).contains("absent.wasm"), "{}", stderr(&absent));
}
