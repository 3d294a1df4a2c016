//! What programs read: one document on standard output, or one on standard error.

use airssys_wasm_tests::{stderr, stdout};
use serde_json::Value;

use crate::components;
use crate::refusal::{Place, with_project};

#[test]
fn a_refusal_is_one_document_with_the_log_in_it_and_the_name_of_the_guests_error() {
    let (place, component) = with_project("acme/journal", "files");
    std::fs::copy(component, place.path("journal.wasm")).expect("copied");
    for verbose in [&[][..], &["-v"], &["-vv"]] {
        let line = [&["--format", "json", "call", "journal.wasm", "add", "x"], verbose].concat();
        let output = place.command(&line).output().expect("the tool starts");
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(8), ""));
        let error: Value = serde_json::from_str(&stderr(&output)).expect("one document");
        assert_eq!((&error["code"], &error["exit-code"]), (&"permission-denied".into(), &8.into()));
        let log = error["log"].as_array().expect("the decision is in it");
        assert!(log.iter().any(|line| line.as_str().is_some_and(|line| line.contains("denied"))), "{log:?}");
    }
}

#[test]
fn what_is_granted_and_what_is_warned_of_stay_out_of_the_document() {
    let mut place = Place::new();
    std::fs::copy(components::hello(), place.path("hello.wasm")).expect("copied");
    place.set("AIRSSYS_WASM_CACHE", "/dev/null");
    let line = ["--format", "json", "call", "hello.wasm", "gret", "--grant-declared"];
    let output = place.command(&line).output().expect("the tool starts");
    let error: Value = serde_json::from_str(&stderr(&output)).expect("one document");
    assert_eq!((&error["code"], &error["exit-code"]), (&"unknown-operation".into(), &1.into()));
    let log = error["log"].as_array().expect("what was said is in it").iter().filter_map(Value::as_str);
    assert!(log.clone().any(|line| line.contains("not kept")) && log.clone().any(|line| line.contains("is granted")));
}

#[test]
fn an_error_of_a_guest_has_the_name_that_the_guest_gave_it() {
    let place = Place::new();
    std::fs::copy(components::hello(), place.path("hello.wasm")).expect("copied");
    let long = "x".repeat(1000);
    let output =
        place.command(&["--format", "json", "call", "hello.wasm", "greet", &long]).output().expect("it starts");
    let error: Value = serde_json::from_str(&stderr(&output)).expect("one document");
    assert_eq!((&error["code"], &error["exit-code"]), (&"invalid-input".into(), &1.into()));
    assert!(error.get("log").is_none(), "nothing was said: {error}");
}
