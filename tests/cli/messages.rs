//! Help, exit codes and errors.

use airssys_wasm_tests::{root, run, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

#[test]
fn help_lists_the_commands_and_the_exit_codes() {
    insta::assert_snapshot!(stdout(&run(&root(), &["--help"])));
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let output = run(&root(), &["call"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn a_file_that_is_no_component_ends_with_3_and_names_the_file() {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("text.wasm"), "no component").expect("written");
    for arguments in [&["inspect", "text.wasm"][..], &["call", "text.wasm", "greet"], &["inspect", "absent.wasm"]] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(arguments[1]), "{arguments:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "standard output is data");
    }
}

#[test]
fn a_broken_manifest_shows_every_problem_with_its_place() {
    let folder = TempDir::new().expect("a folder");
    let text = "[component]\nname = \"hello\"\nverison = \"0.1.0\"\n\n[build]\nlanguage = \"cobol\"\n";
    std::fs::write(folder.path().join("Component.toml"), text).expect("written");
    let output = run(folder.path(), &["build"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let text = stderr(&output);
    for part in ["2:", "3:", "6:", "version", "cobol", "rust"] {
        assert!(text.contains(part), "{part} is missing in: {text}");
    }
}

#[test]
fn errors_are_json_where_programs_read() {
    let folder = TempDir::new().expect("a folder");
    let output = run(folder.path(), &["--format", "json", "inspect", "absent.wasm"]);
    let error: Value = serde_json::from_str(&stderr(&output)).expect("one JSON document");
    assert_eq!(error["schema"], "airssys-error/1");
    assert_eq!(error["exit-code"], 3);
}

#[test]
fn the_doctor_knows_every_language() {
    let output = run(&root(), &["--format", "json", "doctor"]);
    let report: Value = serde_json::from_str(&stdout(&output)).expect("one JSON document");
    assert_eq!(report["schema"], "airssys-doctor/1");
    let languages = report["languages"].as_array().expect("languages");
    let names: Vec<&str> = languages.iter().filter_map(|language| language["language"].as_str()).collect();
    assert_eq!(names, ["rust", "go", "js", "python", "c"]);
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&root(), &["completions", shell]);
        assert!(output.status.success() && stdout(&output).contains("airssys-wasm"), "{shell}");
    }
}
