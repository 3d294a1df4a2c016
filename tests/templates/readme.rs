//! The README of the repository: what it shows is what happens.

use std::path::Path;

use airssys_wasm::policy::Manifest;
use airssys_wasm::{Runtime, RuntimeConfig};
use airssys_wasm_tests::{root, stderr, stdout, tool};

use crate::command;

/// Commands that are not run here, and why.
const NOT_RUN: &[(&str, &str)] = &[
    (
        "cargo install --locked --path host/cli",
        "it compiles everything with the profile `release`, for some ten minutes",
    ),
    ("cargo dev conformance", "CI runs the same steps"),
    ("cargo dev test", "it is what runs this test"),
    ("cargo dev dist", "it compiles everything with the profile `release`, for some ten minutes"),
];
/// What a Component.toml needs besides the lines that are shown.
const COMPONENT: &str = "[component]\nname = \"acme/hello\"\nversion = \"0.1.0\"\n\n";

/// The blocks of code, each with its language.
fn blocks() -> Vec<(String, String)> {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("there is a README");
    let mut parts = readme.split("```").skip(1);
    let mut blocks = Vec::new();
    while let Some(block) = parts.next() {
        let (language, text) = block.split_once('\n').expect("a block has lines");
        blocks.push((language.to_owned(), text.to_owned()));
        parts.next();
    }
    blocks
}

fn of(language: &str) -> Vec<String> {
    let blocks = blocks().into_iter().filter(|(found, _)| found == language).map(|(_, text)| text);
    let blocks: Vec<String> = blocks.collect();
    assert!(!blocks.is_empty(), "there are blocks of {language}");
    blocks
}

#[test]
fn every_block_is_of_a_kind_that_is_tried_here() {
    for (language, text) in blocks() {
        assert!(["console", "rust", "toml"].contains(&language.as_str()), "{language:?}:\n{text}");
    }
}

#[test]
fn the_shell_sessions_go_as_they_are_shown() {
    let mut went = 0;
    for session in of("console") {
        let (commands, answers): (Vec<&str>, Vec<&str>) = session.lines().partition(|line| line.starts_with("$ "));
        let commands: Vec<&str> =
            commands.iter().map(|line| line[2..].split(" #").next().unwrap_or(line).trim()).collect();
        let is_left_out = |command: &str| NOT_RUN.iter().any(|(left_out, _)| *left_out == command);
        if commands.iter().all(|command| is_left_out(command)) {
            continue;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let tools = tool().parent().expect("a program is in a folder").display().to_string();
        let script = format!("set -e\nPATH={tools}:$PATH\n{}", commands.join("\n"));
        let output = command(folder.path(), Path::new("sh"), &["-c", &script]).output().expect("a shell");
        assert!(output.status.success(), "{script}\n{}", stderr(&output));
        assert_eq!(stdout(&output).lines().collect::<Vec<_>>(), answers, "{script}\n{}", stderr(&output));
        went += 1;
    }
    assert!(went > 0, "there is a session to be tried");
}

#[test]
fn the_component_is_that_of_the_template() {
    let template = root().join("templates/rust-minimal/content/src/lib.rs");
    let template = std::fs::read_to_string(template).expect("there is a template");
    let code: Vec<&str> = template.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let shown = of("rust").into_iter().find(|text| text.contains("#[component]")).expect("a component is shown");
    assert!(code.contains(shown.trim()), "{shown}");
}

#[test]
fn every_component_toml_is_valid() {
    for shown in of("toml") {
        let text = if shown.contains("[component]") { shown } else { format!("{COMPONENT}{shown}") };
        Manifest::parse(&text, "README.md").unwrap_or_else(|errors| panic!("{errors}\n{text}"));
    }
}

/// What the README shows of embedding; that it compiles is all there is to it here.
#[allow(dead_code)]
async fn embedded() -> airssys_wasm::Result<Vec<u8>> {
    let runtime = Runtime::new(RuntimeConfig::default())?;
    let component = runtime.load_component("hello.wasm").await?;
    let answer = component.call("greet", "World").await?;
    Ok(answer)
}

#[test]
fn the_embedding_is_compiled() {
    let shown = of("rust").into_iter().find(|text| text.contains("Runtime::new")).expect("an embedding is shown");
    for line in shown.lines() {
        assert!(include_str!("readme.rs").contains(&format!("    {line}\n")), "{line}");
    }
}
