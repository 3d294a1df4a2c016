//! Disks that are full, and folders that cannot be written to.
//!
//! Root may write everywhere, so the tool runs in a mount namespace of its own where the disk itself refuses.

use std::process::{Command, Output};

use airssys_wasm_tests::{stderr, stdout, tool};
use insta::assert_snapshot;

use crate::guests;
use crate::interrupted::{compiler, project};
use crate::refusal::{Place, tree};

/// Runs `command` where `mounts` has changed what is mounted. Both are scripts of the shell, with the place as `$1` and the
/// tool as `$2`.
///
/// # Panics
/// When there are no mount namespaces to be had: nothing is shown then.
fn run(place: &Place, mounts: &str, command: &str) -> Output {
    let namespace: &[&str] = if rustix::process::geteuid().is_root() { &["-m"] } else { &["-rm"] };
    let script = format!("set -e\n{{ {mounts}\n}} >&2 || {{ echo cannot mount >&2; exit 99; }}\n{command}");
    let mut command = place.command::<&str>(&[]);
    let environment: Vec<_> = command.get_envs().map(|(key, value)| (key.to_owned(), value.map(Into::into))).collect();
    command = Command::new("unshare");
    command.current_dir(place.folder()).args(namespace).args(["/bin/sh", "-c", &script, "sh"]);
    command.arg(place.folder()).arg(tool());
    for (key, value) in environment {
        let value: std::ffi::OsString = value.unwrap_or_default();
        command.env(key, value);
    }
    let output = command.output().expect("this test needs unshare, of util-linux");
    assert_ne!(
        output.status.code(),
        Some(99),
        "this test needs mount namespaces: run it as root, or allow unprivileged user namespaces\n{}",
        stderr(&output)
    );
    output
}

/// What the tool says to people and programs there, with its exit code and name.
fn refusal(place: &Place, mounts: &str, arguments: &str) -> String {
    let human = run(place, mounts, &format!("exec \"$2\" {arguments}"));
    let json = run(place, mounts, &format!("exec \"$2\" --format json {arguments}"));
    let last = stderr(&json).lines().last().unwrap_or_default().to_owned();
    let error: serde_json::Value = serde_json::from_str(&last).unwrap_or_else(|_| panic!("no JSON: {last}"));
    assert_eq!(json.status.code(), human.status.code());
    assert!(human.stdout.is_empty(), "{}", stdout(&human));
    let code = human.status.code().expect("it is not killed");
    format!(
        "{arguments}\nexit code {code}, {}\n{}",
        error["code"].as_str().expect("a code"),
        place.shown(&stderr(&human))
    )
}

/// A project that was built once, and its component.
fn built() -> (Place, Vec<u8>) {
    let place = project("");
    let first = place.command(&["build", "project"]).output().expect("it starts");
    assert!(first.status.success(), "{}", stderr(&first));
    let component = std::fs::read(place.path("project/target/airssys/hollow.wasm")).expect("it was built");
    place.write("project/main.go", "package main // changed\n");
    place.write("project/Component.toml", format!("{}[build]\nlanguage = \"go\"\n# changed\n", guests::MANIFEST));
    (place, component)
}

fn same(place: &Place, component: &[u8]) {
    let folder = place.path("project/target/airssys");
    assert_eq!(std::fs::read(folder.join("hollow.wasm")).expect("it is still there"), component);
    assert_eq!(tree(&folder), ["hollow.wasm"], "nothing half-written beside it");
}

/// Makes a folder of the place a small disk with what was in it, and fills it to the last byte.
fn full(folder: &str) -> String {
    format!(
        "cp -a \"$1/{folder}\" \"$1/copy\"; mount -t tmpfs -o size=256k tmpfs \"$1/{folder}\"; \
         cp -a \"$1/copy/.\" \"$1/{folder}/\"; rm -r \"$1/copy\"; \
         cat /dev/zero > \"$1/{folder}/filler\" 2>/dev/null || true"
    )
}

#[test]
fn a_project_folder_that_is_read_only() {
    let (place, component) = built();
    compiler(&place, "echo the compiler ran for nothing >&2; exit 1");
    let mounts = "mount --bind \"$1/project\" \"$1/project\"; mount -o remount,bind,ro \"$1/project\"";
    assert_snapshot!(refusal(&place, mounts, "build project"));
    same(&place, &component);
}

#[test]
fn a_cache_that_is_read_only() {
    let (place, component) = built();
    let mounts = "mount --bind \"$1/cache\" \"$1/cache\"; mount -o remount,bind,ro \"$1/cache\"";
    assert_snapshot!(refusal(&place, mounts, "build project"));
    same(&place, &component);
}

#[test]
fn an_output_on_a_full_disk() {
    let (place, component) = built();
    let full = full("project/target/airssys");
    assert_snapshot!(refusal(&place, &full, "build project"));
    std::fs::write(place.path("earlier.wasm"), &component).expect("written");
    let look = "\"$2\" build project 2> /dev/null || ls -A project/target/airssys; \
                cmp project/target/airssys/hollow.wasm earlier.wasm";
    let output = run(&place, &full, look);
    assert_eq!(stdout(&output), "filler\nhollow.wasm\n", "nothing half-written: {}", stderr(&output));
    assert_eq!(output.status.code(), Some(0), "the earlier result is whole: {}", stderr(&output));
}

#[test]
fn a_cache_on_a_full_disk() {
    let (place, component) = built();
    assert_snapshot!(refusal(&place, &full("cache"), "build project"));
    same(&place, &component);
}

#[test]
fn a_compiled_component_that_cannot_be_kept_is_no_reason_not_to_run() {
    let mut place = Place::new();
    std::fs::copy(crate::components::hello(), place.path("hello.wasm")).expect("copied");
    place.set("XDG_CACHE_HOME", place.path("cache"));
    std::fs::create_dir_all(place.path("cache/airssys-wasm/compiled")).expect("created");
    let output = run(&place, &full("cache/airssys-wasm"), "exec \"$2\" call hello.wasm greet World");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output), "Hello, World!");
    assert!(stderr(&output).contains("not kept"), "{}", stderr(&output));
}
