//! What takes long says so, once, where nobody sees the progress.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Stdio};

use airssys_wasm_tests::{stderr, stdout};

use crate::components;
use crate::interrupted::{compiler, fifo, project};
use crate::refusal::{Place, with_project};

/// A build in a pipe that tells of what takes any time at all, and the lines that it says until one holds `expected`.
fn told(place: &mut Place, expected: &str) -> (Child, BufReader<ChildStderr>) {
    place.set("AIRSSYS_WASM_SLOW_MS", "0");
    let mut building = place.command(&["build", "project"]);
    let mut building = building.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut talk = BufReader::new(building.stderr.take().expect("piped"));
    let mut said = String::new();
    while !said.contains(expected) {
        let count = talk.read_line(&mut said).expect("readable");
        assert!(count > 0, "{expected} is not said: {said}");
    }
    assert!(said.ends_with(" …\n"), "{said}");
    (building, talk)
}

#[test]
fn a_build_that_takes_long_says_once_what_it_does_in_a_pipe_too() {
    let mut place = project("");
    let gate = place.path("gate");
    fifo(&gate);
    compiler(&place, &format!("read rest < {}", gate.display()));
    // The compiler waits until that has been said, however long it takes.
    let (mut building, mut talk) = told(&mut place, "compiling Go");
    std::fs::write(&gate, "go on\n").expect("the compiler reads it");
    let mut rest = String::new();
    talk.read_to_string(&mut rest).expect("readable");
    assert!(!rest.contains("compiling Go"), "{rest}");
    assert!(building.wait().expect("it ends").success());
}

#[test]
fn a_build_that_waits_for_another_process_says_so() {
    let mut place = project("");
    place.write("cache/locks/tmp", "");
    let lock = std::fs::File::options().write(true).open(place.path("cache/locks/tmp")).expect("there is one");
    lock.lock().expect("nobody else has it");
    let (mut building, _talk) = told(&mut place, "waiting for another airssys-wasm that uses the same cache");
    lock.unlock().expect("it was held");
    assert!(building.wait().expect("it ends").success());
}

#[test]
fn what_guests_log_is_shown_without_what_is_as_always() {
    let (place, component) = with_project("acme/journal", "files");
    std::fs::create_dir(place.path("data")).expect("created");
    let component = component.display().to_string();
    let line = ["-vv", "call", &component, "add", "x", "--mount", "/data=data", "--grant-declared"];
    let output = place.command(&line).output().expect("the tool starts");
    let said = stderr(&output);
    assert!(output.status.success() && said.contains("DEBUG acme/journal@0.1.0: allowed "), "{said}");
    for noise in ["fields=[]", "truncated=false", "dropped_before=0", "\u{1b}"] {
        assert!(!said.contains(noise), "{said}");
    }
}

#[test]
fn a_build_compiles_for_this_machine_on_request_and_the_call_has_nothing_to_compile() {
    let mut place = Place::new();
    place.set("AIRSSYS_WASM_LOG", "airssys_wasm::compiling=debug");
    std::fs::copy(components::hello(), place.path("hello.wasm")).expect("copied");
    let call = ["call", "hello.wasm", "greet", "x", "--cache", "compiled"];
    let compiles = |arguments: &[&str]| {
        let output = place.command(arguments).output().expect("the tool starts");
        assert!(output.status.success() && !stdout(&output).is_empty(), "{}", stderr(&output));
        stderr(&output).contains("compiling a component")
    };
    assert!(compiles(&call) && !compiles(&call), "compiled once");

    let (mut place, component) = with_project("acme/journal", "minimal");
    let own = place.path("own").join("compiled").display().to_string();
    // Tools stay where they are; only what is compiled goes elsewhere.
    place.set("AIRSSYS_WASM_LOG", "airssys_wasm::compiling=debug");
    let compile = ["build", "project", "--compile"];
    let output = place.command(&compile).output().expect("the tool starts");
    assert!(output.status.success(), "{}", stderr(&output));
    let called = place.command(&["call", &component.display().to_string(), "greet", "x"]).output().expect("it starts");
    assert!(called.status.success(), "{}", stderr(&called));
    assert!(!stderr(&called).contains("compiling"), "{}", stderr(&called));
    let elsewhere = ["call", &component.display().to_string(), "greet", "x", "--cache", &own];
    let elsewhere = place.command(&elsewhere).output().expect("it starts");
    assert!(stderr(&elsewhere).contains("compiling a component"), "{}", stderr(&elsewhere));
}
