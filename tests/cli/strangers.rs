//! What strangers write, and what people see of it: nothing that a terminal obeys, and no line that looks like ours.

use std::process::{Command, Stdio};

use airssys_wasm_policy::printable;
use airssys_wasm_tests::{stderr, stdout, tool};
use airssys_wasm_toolchain::component::{Preview1, embed_manifest, encode};
use serde_json::Value;

use crate::components;
use crate::guests::{core, of_text};
use crate::refusal::Place;

/// Clears a line, writes backwards, starts over, and more of the kind.
const TRICKS: &str = "\u{1b}[2K\u{202e}\u{9b}2K\u{7}\u{2028}";

/// A text that a terminal shows as it is.
#[track_caller]
fn assert_harmless(text: &str) {
    assert_eq!(printable(text), text);
}

#[test]
fn what_inspect_shows_of_a_component_toml_is_text_and_nothing_else() {
    let manifest = format!(
        "[component]\nname = \"acme/x\"\nversion = \"0.1.0\"\ndescription = \"{}\"\n# {TRICKS}\roperations\n",
        "\\u001b[2K\u{202e}"
    );
    let place = Place::new();
    let component = encode(&core(), "minimal", Preview1::Refused).expect("it fits");
    place.write("it.wasm", embed_manifest(&component, &manifest).expect("it is a component"));
    for format in ["human", "json"] {
        let output = place.command(&["inspect", "it.wasm", "--format", format]).output().expect("the tool starts");
        let text = format!("{}{}", stdout(&output), stderr(&output));
        assert_harmless(&text);
        if format == "json" && output.status.success() {
            let told: Value = serde_json::from_str(&stdout(&output)).expect("one document");
            assert_eq!(told["manifest"], manifest, "programs get what is in it");
        }
    }
}

#[test]
fn a_refused_component_toml_or_import_is_text_too() {
    let place = Place::new();
    let component = encode(&core(), "minimal", Preview1::Refused).expect("it fits");
    let manifest = format!("[component]\nname = \"acme/x\"\nversion = \"{TRICKS}\"\n\"k{TRICKS}\" = 1\n");
    place.write("manifest.wasm", embed_manifest(&component, &manifest).expect("it is a component"));
    place.write("import.wasm", of_text("(component (import \"a:b/c@1.0.0\" (instance)))"));
    // The text format has escapes for what it does not take as it is.
    let tricks: String = TRICKS.bytes().map(|byte| format!("\\{byte:02x}")).collect();
    let module = format!("(module (import \"a{tricks}\\nforged: yes\" \"b{tricks}\\nforged\" (func)))");
    place.write("module.wasm", wat::parse_str(module).expect("it parses"));
    for file in ["manifest.wasm", "import.wasm", "module.wasm"] {
        for arguments in
            [&["inspect", file][..], &["call", file, "greet"], &["call", file, "greet", "--grant-declared"]]
        {
            for format in ["human", "json"] {
                let output = place.command(&[arguments, &["--format", format]].concat()).output().expect("it starts");
                let text = format!("{}{}", stdout(&output), stderr(&output));
                assert_harmless(&text);
                assert!(!text.lines().any(|line| line.starts_with("forged")), "{text}");
            }
        }
    }
}

#[test]
fn an_answer_goes_to_a_pipe_as_it_is_and_to_a_terminal_as_text() {
    let place = Place::new();
    std::fs::copy(components::hello(), place.path("hello.wasm")).expect("copied");
    let answer = format!("Hello, {TRICKS}!");
    let piped = place.command(&["call", "hello.wasm", "greet", TRICKS]).output().expect("the tool starts");
    assert_eq!(stdout(&piped), answer);
    // A real terminal, by `script`.
    let line = format!("{} call hello.wasm greet \"$TRICKS\"", tool().display());
    let shown = Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .current_dir(place.folder())
        .env("TRICKS", TRICKS)
        .stdin(Stdio::null())
        .output()
        .expect("`script`, of util-linux, is needed");
    let shown = stdout(&shown);
    let line = shown.lines().find(|line| line.contains("Hello, ")).unwrap_or_else(|| panic!("{shown:?}"));
    assert!(line.contains("Hello, \\u{1b}[2K\\u{202e}\\u{9b}2K\\u{7}\\u{2028}!"), "{line:?}");
}

#[test]
fn an_error_of_a_guest_begins_no_line_of_its_own() {
    let place = Place::new();
    std::fs::copy(components::hello(), place.path("hello.wasm")).expect("copied");
    let operation = format!("x{TRICKS}\nerror: forged");
    for format in ["human", "json"] {
        let output =
            place.command(&["call", "hello.wasm", &operation, "--format", format]).output().expect("it starts");
        assert_eq!(output.status.code(), Some(1));
        assert_harmless(&stderr(&output));
        assert_eq!(
            stderr(&output).lines().filter(|line| line.starts_with("error:")).count(),
            usize::from(format == "human")
        );
    }
}
