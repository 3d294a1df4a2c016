//! What an operator sets for a call: a file with the settings of a host, and options.

use airssys_wasm_tests::{stderr, stdout};
use insta::assert_snapshot;
use serde_json::Value;

use crate::refusal::{Place, with_project};

/// A journal in a file: `add` writes, `list` reads.
fn journal() -> Place {
    let (place, component) = with_project("acme/journal", "files");
    std::fs::copy(component, place.path("journal.wasm")).expect("copied");
    std::fs::create_dir(place.path("data")).expect("created");
    place
}

/// More instances than a runtime can have: the maximum takes the place of this number.
const HOST: &str = r#"
max-instances = 1000000

[granted]
filesystem = [
    { action = "read", path = "/data/**" },
    { action = "write", path = "/data/**" },
    { action = "list", path = "/data/**" },
]

[[mounts]]
guest = "/data"
host = "../data"

[audit]
file = "audit.jsonl"

[log]
file = "guests.jsonl"
"#;

#[test]
fn a_file_sets_what_is_granted_mounted_and_recorded_with_paths_beside_it() {
    let place = journal();
    place.write("etc/host.toml", HOST);
    let add = ["call", "journal.wasm", "add", "first", "--host-config", "etc/host.toml"];
    let output = place.command(&add).output().expect("the tool starts");
    assert_eq!((stdout(&output).as_str(), stderr(&output).as_str()), ("1", ""));
    assert!(place.path("data").read_dir().expect("readable").count() > 0, "the journal is in the mounted folder");
    let audit = std::fs::read_to_string(place.path("etc/audit.jsonl")).expect("decisions are recorded");
    for line in audit.lines() {
        let record: Value = serde_json::from_str(line).expect("a line of JSON");
        assert_eq!((&record["component"], &record["decision"]), (&"acme/journal@0.1.0".into(), &"allowed".into()));
    }
    assert!(!audit.is_empty() && place.path("etc/guests.jsonl").is_file());
}

#[test]
fn options_go_before_the_file() {
    let place = journal();
    place.write("etc/host.toml", HOST);
    std::fs::create_dir(place.path("other")).expect("created");
    let call = |more: &[&str]| {
        let line = [&["call", "journal.wasm", "add", "first", "--host-config", "etc/host.toml"], more].concat();
        place.command(&line).output().expect("the tool starts")
    };
    let output = call(&["--mount", "/data=other", "--audit", "audit.jsonl", "--log", "log.jsonl"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(place.path("data").read_dir().expect("readable").count(), 0);
    assert!(place.path("other").read_dir().expect("readable").count() > 0);
    assert!(std::fs::metadata(place.path("audit.jsonl")).expect("there is one").len() > 0);
    place.write("nothing.toml", "");
    assert_eq!(call(&["--grant", "nothing.toml"]).status.code(), Some(8), "what is granted is that of the option");
}

#[test]
fn limits_of_the_command_line_are_in_force() {
    let place = journal();
    let call = |more: &[&str]| {
        let line = ["call", "journal.wasm", "add", "a text that is longer than the quota", "--mount", "/data=data"];
        place.command(&[&line, more].concat()).output().expect("the tool starts")
    };
    let output = call(&["--grant-declared", "--quota", "16"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("quota"), "{}", stderr(&output));
    // Less than its memory is at the start.
    let output = call(&["--grant-declared", "--memory", "64KiB"]);
    assert_eq!(output.status.code(), Some(7), "{}", stderr(&output));
    let output = call(&["--grant-declared", "--memory", "2GiB", "--timeout", "2h", "--cache", "own"]);
    assert!(output.status.success(), "above what a component may ask for by itself: {}", stderr(&output));
    assert!(place.path("own").read_dir().expect("a folder of compiled components").count() > 0);
}

#[test]
fn what_is_granted_at_the_components_word_is_shown_a_line_each() {
    let place = journal();
    let line = ["call", "journal.wasm", "add", "first", "--mount", "/data=data", "--grant-declared"];
    let output = place.command(&line).output().expect("the tool starts");
    assert!(output.status.success(), "{}", stderr(&output));
    assert_snapshot!(stderr(&output));
}

#[test]
fn settings_that_are_wrong_are_said_with_their_places() {
    let place = Place::new();
    place.write(
        "host.toml",
        "[granted]\nfilesytem = []\n[limit-ceilings]\nmax-memory-bytes = \"1GiB\"\n[audit]\nfile = \"absent/x\"\n",
    );
    let with = |option: &'static str, value: &'static str| ["call", "hello.wasm", "greet", "x", option, value];
    assert_snapshot!(place.refusals(&[
        &with("--host-config", "host.toml"),
        &with("--host-config", "absent.toml"),
        &with("--memory", "lots"),
        &with("--memory", "0"),
        &with("--memory", "5GiB"),
        &with("--timeout", "30"),
        &with("--quota", "1.5GiB"),
        &with("--audit", "absent/audit.jsonl"),
        &with("--log", "."),
    ]));
}
