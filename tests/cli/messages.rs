//! Help, exit codes and errors.

use airssys_wasm_tests::{root, run, stderr, stdout, tool};
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
fn the_doctor_names_a_tool_that_is_too_old_and_the_fix() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().expect("a folder");
    let fake = folder.path().join("go");
    std::fs::write(&fake, "#!/bin/sh\necho go version go1.20.1 linux/amd64\n").expect("written");
    std::fs::set_permissions(&fake, std::fs::Permissions::from_mode(0o755)).expect("executable");
    let output = std::process::Command::new(tool())
        .arg("doctor")
        .env("PATH", format!("{}:/bin", folder.path().display()))
        .env("AIRSSYS_WASM_CACHE", folder.path().join("cache"))
        .output()
        .expect("the tool starts");
    assert_eq!(output.status.code(), Some(4));
    let text = stdout(&output);
    assert!(text.contains("go 1.20.1 is too old, 1.26.0 is needed"), "{text}");
    assert!(text.contains("fix: install Go 1.26.0 or newer"), "{text}");
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&root(), &["completions", shell]);
        assert!(output.status.success() && stdout(&output).contains("airssys-wasm"), "{shell}");
    }
}
