//! Making projects: what is asked, refused and left alone.

use std::io::Write;
use std::process::{Command, Stdio};

use airssys_wasm_tests::{run, stderr, stdout, tool};
use serde_json::Value;
use tempfile::TempDir;

#[test]
fn programs_get_the_project_and_the_next_commands() {
    let folder = TempDir::new().expect("a folder");
    let output = run(folder.path(), &["--format", "json", "new", "acme/hello", "--lang", "rust"]);
    let made: Value = serde_json::from_str(&stdout(&output)).expect("one JSON document");
    assert_eq!(made["schema"], "airssys-new/1");
    assert_eq!(made["project"], "hello");
    assert_eq!(made["component"], "acme/hello");
    assert_eq!(made["template"], "minimal");
    let next = ["cd hello", "cargo test", "airssys-wasm build"];
    assert_eq!(made["next"].as_array().expect("commands")[..3], next);
    assert!(folder.path().join("hello/sdk/Cargo.toml").is_file());
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let folder = TempDir::new().expect("a folder");
    for (arguments, missing) in [(&["new"][..], "the name is missing"), (&["new", "hello"], "--lang is missing")] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(missing), "{}", stderr(&output));
    }
    assert_eq!(folder.path().read_dir().expect("readable").count(), 0);
}

#[test]
fn on_a_terminal_the_missing_is_asked() {
    let folder = TempDir::new().expect("a folder");
    // A real terminal, by `script`: a name, then what the selections stand on.
    let mut asked = Command::new("script")
        .args(["--quiet", "--return", "--command", &format!("{} new", tool().display()), "/dev/null"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script`, of util-linux, is needed");
    asked.stdin.take().expect("piped").write_all(b"hello\r\r\r").expect("written");
    let output = asked.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", stdout(&output));
    for question in ["Name", "Language", "Template"] {
        assert!(stdout(&output).contains(question), "{question}: {}", stdout(&output));
    }
    assert!(folder.path().join("hello/Cargo.toml").is_file());
}

#[test]
fn what_is_there_is_left_alone() {
    let folder = TempDir::new().expect("a folder");
    std::fs::create_dir(folder.path().join("hello")).expect("made");
    assert!(run(folder.path(), &["new", "hello", "--lang", "go"]).status.success(), "an empty folder is taken");
    let again = run(folder.path(), &["new", "hello", "--lang", "rust"]);
    assert_eq!(again.status.code(), Some(3));
    insta::assert_snapshot!(stderr(&again), @r"
    error: hello exists already; nothing was changed
      help: choose another name, or an empty folder with --path
    ");
    assert!(folder.path().join("hello/go.mod").is_file() && !folder.path().join("hello/Cargo.toml").exists());
    assert_eq!(folder.path().read_dir().expect("readable").count(), 1, "nothing else is left");
    let nowhere = run(folder.path(), &["new", "other", "--lang", "go", "--path", "hello/go.mod/other"]);
    assert_eq!(nowhere.status.code(), Some(3), "{}", stderr(&nowhere));
}

#[test]
fn names_and_templates_that_there_are_not_are_refused() {
    let folder = TempDir::new().expect("a folder");
    let refused = |arguments: &[&str]| {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        stderr(&output)
    };
    insta::assert_snapshot!(refused(&["new", "Hello_World", "--lang", "rust"]), @r#"error: character other than a-z, 0-9 and `-` in component name "local/Hello_World"; write "local/hello-world""#);
    insta::assert_snapshot!(refused(&["new", "struct", "--lang", "rust"]), @r#"error: "struct" is a word of the language; choose another name"#);
    let unknown = refused(&["new", "hello", "--lang", "cobol"]);
    assert!(unknown.starts_with("error: no template \"minimal\" for \"cobol\"; there are rust minimal"), "{unknown}");
    assert_eq!(folder.path().read_dir().expect("readable").count(), 0);
}

#[test]
fn a_project_is_made_where_somebody_stands() {
    let folder = TempDir::new().expect("a folder");
    std::fs::create_dir(folder.path().join(".git")).expect("made");
    for path in [".", &folder.path().display().to_string()] {
        let output = run(folder.path(), &["new", "acme/here", "--lang", "c", "--path", path]);
        assert!(output.status.success(), "{path}: {}", stderr(&output));
        assert_eq!(stdout(&output), format!("{path}\n"));
        assert!(!stderr(&output).contains("  cd "), "{}", stderr(&output));
        for entry in std::fs::read_dir(folder.path()).expect("readable").flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with(".git") {
                std::fs::remove_dir_all(path).expect("removed");
            } else if path.is_file() {
                std::fs::remove_file(path).expect("removed");
            }
        }
    }
    let output = run(folder.path(), &["new", "acme/deep", "--lang", "c", "--path", "a/b/c"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(folder.path().join("a/b/c/Component.toml").is_file());
}
