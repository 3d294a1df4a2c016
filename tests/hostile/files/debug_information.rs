//! A component that dies and has crafted debug information.

use std::path::Path;

use airssys_wasm_tests::{stderr, stdout};
use serde_json::Value;

use super::component::{Place, debugged};
use super::dwarf::{self, Sections};
use super::tool_with_little_memory;

/// What stands where files and lines would.
const NOT_READ: &str =
    "files and lines are not shown: the component's debug information could not be read within 1 GiB and 5 s";

/// Lets a component of this file die in the tool, and gives what that says.
fn dies(folder: &Path, file: &str, more: &[&str]) -> String {
    let output = tool_with_little_memory(folder, &[&["call", file, "die"], more].concat());
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(6), "{}: {text}", output.status);
    assert_eq!(stdout(&output), "");
    assert!(text.contains("test/file@1.0.0 trapped in") && text.contains("unreachable"), "{text}");
    text
}

fn write(folder: &Path, file: &str, place: Place, sections: &Sections) {
    std::fs::write(folder.join(file), debugged(place, sections)).expect("writable");
}

/// What the tool says of the death of a component with these sections.
fn dies_with(sections: &Sections) -> String {
    let folder = tempfile::tempdir().expect("a folder for tests");
    write(folder.path(), "guest.wasm", Place::Execute, sections);
    dies(folder.path(), "guest.wasm", &[])
}

#[test]
fn inlined_functions_within_each_other_do_not_end_the_tool() {
    let text = dies_with(&dwarf::inlined(200_000));
    assert!(text.contains(NOT_READ) && text.contains("0: die"), "{text}");
}

#[test]
fn blocks_within_each_other_do_not_end_the_tool() {
    let text = dies_with(&dwarf::blocks(200_000));
    assert!(text.contains("0: die"), "{text}");
}

#[test]
fn units_that_share_a_long_list_of_files_do_not_fill_the_memory_of_the_tool() {
    let text = dies_with(&dwarf::files(20_000, 20_000));
    assert!(text.contains(NOT_READ) && text.contains("0: die"), "{text}");
}

#[test]
fn files_whose_names_take_no_bytes_do_not_fill_the_memory_of_the_tool() {
    let text = dies_with(&dwarf::files_of_no_bytes());
    assert!(text.contains("0: die"), "{text}");
}

#[test]
fn units_that_share_a_long_list_of_ranges_do_not_fill_the_memory_of_the_tool() {
    let text = dies_with(&dwarf::ranges(20_000, 20_000));
    assert!(text.contains(NOT_READ) && text.contains("0: die"), "{text}");
}

#[test]
fn units_that_share_a_long_list_of_ranges_of_nothing_do_not_keep_the_tool_busy() {
    let text = dies_with(&dwarf::empty_ranges(60_000, 60_000));
    assert!(text.contains(NOT_READ) && text.contains("0: die"), "{text}");
}

#[test]
fn damaged_debug_information_is_said_to_be_damaged() {
    let text = dies_with(&dwarf::cut_off());
    assert!(text.contains("files and lines are not shown: the component's debug information is damaged: "), "{text}");
}

#[test]
fn honest_debug_information_tells_files_lines_and_inlined_functions() {
    let folder = tempfile::tempdir().expect("a folder for tests");
    write(folder.path(), "guest.wasm", Place::Execute, &dwarf::honest("src/guest.c", "_RNvC5crash4pick", "inner"));
    let text = dies(folder.path(), "guest.wasm", &[]);
    assert!(text.contains("0: inner        src/guest.c:7:3\n"), "{text}");
    assert!(text.contains("1: crash::pick  src/guest.c:9\n") && !text.contains("not shown"), "{text}");
    let output = tool_with_little_memory(folder.path(), &["--format", "json", "call", "guest.wasm", "die"]);
    let told: Value = serde_json::from_str(&stderr(&output)).expect("a document");
    let crash = &told["crash"];
    assert_eq!((&crash["unlocated"], &crash["backtrace"][1]["function"]), (&Value::Null, &Value::from("crash::pick")));
}

#[test]
fn names_and_files_of_debug_information_are_as_harmless_as_others() {
    let doubling = (0..6)
        .fold("_Z1fSt5tupleIiE".to_owned(), |name, level| name + &format!("S_I{}E", format!("S{level}_").repeat(60)));
    let terminal = "\u{1b}[2K\u{202e}\nerror: ".repeat(1000);
    let long = "x".repeat(1 << 20);
    for name in [&doubling, &terminal, &long] {
        let text = dies_with(&dwarf::honest(name, name, name));
        assert!(text.len() < 64 << 10, "{} bytes", text.len());
        assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("\nerror: error"), "{text}");
    }
}

#[test]
fn files_and_lines_are_those_of_the_component_that_died() {
    let folder = tempfile::tempdir().expect("a folder for tests");
    write(folder.path(), "other.wasm", Place::Init, &dwarf::honest("other.c", "start", "inner"));
    write(folder.path(), "guest.wasm", Place::Execute, &dwarf::honest("guest.c", "run", "inner"));
    let text = dies(folder.path(), "guest.wasm", &["--with", "other.wasm"]);
    assert!(text.contains("trapped in init") && text.contains("other.c:7:3") && !text.contains("guest.c"), "{text}");
}

#[test]
fn a_component_that_cannot_be_read_again_dies_without_files_and_lines() {
    let folder = tempfile::tempdir().expect("a folder for tests");
    write(folder.path(), "guest.wasm", Place::Execute, &dwarf::honest("guest.c", "run", "inner"));
    let component = std::fs::File::open(folder.path().join("guest.wasm")).expect("readable");
    let mut cat =
        std::process::Command::new("cat").stdin(component).stdout(std::process::Stdio::piped()).spawn().expect("cat");
    let pipe = cat.stdout.take().expect("a pipe");
    let mut tool = std::process::Command::new(airssys_wasm_tests::tool());
    let output = tool.args(["call", "/dev/stdin", "die"]).stdin(pipe).output().expect("the tool starts");
    cat.wait().expect("it ends");
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(6), "{text}");
    assert!(text.contains("files and lines are not shown: the component's file cannot be read again"), "{text}");
}
