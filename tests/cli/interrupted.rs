//! Builds and calls that are stopped in the middle: by Ctrl-C, by a CI system that gives up, by a kill.

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use airssys_wasm_tests::stderr;
use insta::assert_snapshot;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::guests;
use crate::refusal::{Place, tree};

/// A pipe with a name, to wait for what another process does without asking again and again.
pub fn fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("the system has mkfifo");
    assert!(made.success(), "mkfifo {}", path.display());
}

/// Waits until a tool that was started opens this pipe and says that it has begun.
///
/// # Panics
/// When it has not after a minute: it never will then.
pub fn begun(gate: &Path) {
    let (sender, receiver) = std::sync::mpsc::channel();
    let gate = gate.to_owned();
    std::thread::spawn(move || sender.send(std::fs::read_to_string(gate)));
    let said = receiver.recv_timeout(Duration::from_secs(60)).expect("the tool begins within a minute");
    assert_eq!(said.expect("the pipe is readable"), "started\n");
}

/// Lets a command, and all that it starts, be a group of processes.
pub fn in_a_group(mut command: Command) -> Command {
    command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn kill_group(child: &Child) {
    kill_process_group(Pid::from_child(child), Signal::KILL).expect("the group is there");
}

/// A project in Go whose compiler is played: it copies a module, and then does as it is told.
pub fn project(then: &str) -> Place {
    let mut place = Place::new();
    place.alone("bin");
    place.write("core.wasm", guests::core());
    place.write("project/go.mod", "module x\n");
    place.write("project/main.go", "package main\n");
    place.write("project/Component.toml", format!("{}[build]\nlanguage = \"go\"\n", guests::MANIFEST));
    compiler(&place, then);
    place
}

/// Replaces the compiler of a project.
pub fn compiler(place: &Place, then: &str) {
    let script = format!(
        r#"case "$1" in version) echo go version go1.99.0 linux/amd64; exit;; env) echo '{{}}'; exit;; esac
while [ "$1" != -o ]; do shift; done
cp {} "$2"
{then}"#,
        place.path("core.wasm").display()
    );
    place.program("bin/go", &script);
}

/// A build that has produced something, and is in the middle of the next one when `stop` comes. Its output, and the place.
fn stopped(stop: impl FnOnce(&Child)) -> (std::process::Output, Place) {
    let place = project("");
    let first = place.command(&["build", "project"]).output().expect("it starts");
    assert!(first.status.success(), "{}", stderr(&first));
    let earlier = std::fs::read(place.path("project/target/airssys/hollow.wasm")).expect("it was built");

    let gate = place.path("gate");
    fifo(&gate);
    compiler(&place, &format!("echo started > {0}; read rest < {0}", gate.display()));
    place.write("project/main.go", "package main // changed\n");
    let building = in_a_group(place.command(&["build", "project"])).spawn().expect("it starts");
    begun(&gate);
    assert_eq!(tree(&place.path("cache/tmp")).len(), 2, "the build has its scratch folder, with the module");
    stop(&building);
    let output = building.wait_with_output().expect("it ends");

    let result = place.path("project/target/airssys/hollow.wasm");
    assert_eq!(std::fs::read(result).expect("it is still there"), earlier, "the earlier result is whole");
    assert_eq!(tree(&place.path("project/target/airssys")), ["hollow.wasm"], "nothing half-written beside it");
    (output, place)
}

/// Builds again, and looks whether all that was left behind is gone.
fn recovers(place: &Place) {
    compiler(place, "");
    let again = place.command(&["build", "project"]).output().expect("it starts");
    assert!(again.status.success(), "{}", stderr(&again));
    assert_eq!(tree(&place.path("cache/tmp")), Vec::<String>::new(), "no scratch folder is left");
    assert_eq!(tree(&place.path("project/target/airssys")), ["hollow.wasm"]);
}

#[test]
fn a_build_that_is_interrupted_cleans_up_and_ends_with_130() {
    let (output, place) = stopped(|build| kill_process(Pid::from_child(build), Signal::INT).expect("it is there"));
    assert_eq!(output.status.code(), Some(130));
    assert!(output.stdout.is_empty());
    assert_snapshot!(stderr(&output));
    assert_eq!(tree(&place.path("cache/tmp")), Vec::<String>::new(), "the scratch folder is gone at once");
    recovers(&place);
}

#[test]
fn a_build_that_is_interrupted_from_the_terminal_ends_with_130() {
    let group = |build: &Child| kill_process_group(Pid::from_child(build), Signal::INT).expect("it is there");
    let (output, place) = stopped(group);
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert_eq!(tree(&place.path("cache/tmp")), Vec::<String>::new(), "the scratch folder is gone at once");
    recovers(&place);
}

#[test]
fn a_build_that_is_terminated_cleans_up_and_ends_with_143() {
    let (output, place) = stopped(|build| kill_process(Pid::from_child(build), Signal::TERM).expect("it is there"));
    assert_eq!(output.status.code(), Some(143), "{}", stderr(&output));
    recovers(&place);
}

#[test]
fn a_build_that_is_killed_leaves_what_the_next_one_removes() {
    let (output, place) = stopped(kill_group);
    assert_eq!(output.status.signal(), Some(Signal::KILL.as_raw()));
    assert_eq!(tree(&place.path("cache/tmp")).len(), 2, "nobody could clean up");
    recovers(&place);
}

#[test]
fn a_build_does_not_remove_the_work_of_another_that_runs() {
    let place = project("");
    let gate = place.path("gate");
    fifo(&gate);
    compiler(&place, &format!("echo started > {0}; read rest < {0}", gate.display()));
    let building = in_a_group(place.command(&["build", "project"])).spawn().expect("it starts");
    begun(&gate);
    let scratch = tree(&place.path("cache/tmp"));

    compiler(&place, "");
    place.write("project/main.go", "package main // changed\n");
    let other = place.command(&["build", "project"]).output().expect("it starts");
    assert!(other.status.success(), "{}", stderr(&other));
    assert_eq!(tree(&place.path("cache/tmp")), scratch);

    std::fs::write(&gate, "go on\n").expect("the compiler reads it");
    let first = building.wait_with_output().expect("it ends");
    assert!(first.status.success(), "{}", stderr(&first));
    assert_eq!(tree(&place.path("cache/tmp")), Vec::<String>::new());
}

#[test]
fn a_call_that_is_interrupted_ends_with_130() {
    let place = Place::new();
    std::fs::copy(crate::components::hello(), place.path("hello.wasm")).expect("copied");
    let input = place.path("input");
    fifo(&input);
    let argument = format!("@{}", input.display());
    let calling = in_a_group(place.command(&["call", "hello.wasm", "greet", &argument])).spawn().expect("it starts");
    // Opened on both sides: the call waits for its input, and got as far as that.
    let writer = std::fs::File::options().write(true).open(&input).expect("the call opens its input");
    kill_process(Pid::from_child(&calling), Signal::INT).expect("it is there");
    let output = calling.wait_with_output().expect("it ends");
    drop(writer);
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(stderr(&output), "error: interrupted\n");
}
