//! Sessions at a terminal: lines that begin with `$ ` are typed, those below are the answer.
//!
//! A command below which nothing stands may print what it likes, as compilers and runners of tests do.

use std::path::Path;

use airssys_wasm_tests::{stderr, stdout, tool};

use super::blocks::blocks;
use crate::shell::command;

/// Commands that are not run, and why.
const NOT_RUN: &[(&str, &str)] = &[
    (
        "cargo install --locked --path host/cli",
        "it compiles everything with the profile `release`, for some ten minutes",
    ),
    ("cargo dev conformance", "CI runs the same steps"),
    ("cargo dev test", "it is what runs this test"),
    ("cargo dev dist", "it compiles everything with the profile `release`, for some ten minutes"),
    (
        "python3 -m venv .venv && . .venv/bin/activate && pip install pytest mypy ruff",
        "it installs what is newest today; target/python has the versions that are pinned, and is on the path",
    ),
    ("go test ./... && go vet -unsafeptr=false ./...", "CI runs both in the step `go`"),
];

/// What ends the output of a command: the control character that separates records, which no command prints.
const END: char = '\u{1e}';

/// A command, and the lines that are shown as its answer.
struct Step<'a> {
    command: &'a str,
    answer: Vec<&'a str>,
}

fn steps(session: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for line in session.lines() {
        if let Some(typed) = line.strip_prefix("$ ") {
            let command = typed.split(" #").next().unwrap_or(typed).trim();
            steps.push(Step { command, answer: Vec::new() });
        } else {
            steps.last_mut().unwrap_or_else(|| panic!("an answer to nothing: {line}")).answer.push(line);
        }
    }
    steps
}

fn is_left_out(step: &Step<'_>) -> bool {
    NOT_RUN.iter().any(|(command, _)| *command == step.command)
}

/// Types a session into a shell in a folder, and returns all that was printed.
///
/// # Panics
/// When a command fails or answers something else than what is shown.
pub fn run(folder: &Path, session: &str) -> String {
    let steps: Vec<Step<'_>> = steps(session).into_iter().filter(|step| !is_left_out(step)).collect();
    let tools = tool().parent().expect("a program is in a folder").display();
    let mut script = format!("set -e\nPATH={tools}:$PATH\n");
    for Step { command, .. } in &steps {
        // To `set -e` alone, a failure before `&&` is none.
        script += &format!("{command}\n[ $? = 0 ] || exit\nprintf '\\036'\n");
    }
    let output = command(folder, Path::new("sh"), &["-c", &script]).output().expect("a shell");
    let (printed, errors) = (stdout(&output), stderr(&output));
    if !output.status.success() {
        let done = printed.matches(END).count();
        let of_this = printed.rsplit(END).next().unwrap_or_default();
        panic!("{} in {}: {}\n{of_this}{errors}", steps[done].command, folder.display(), output.status);
    }
    for (Step { command, answer }, printed) in steps.iter().zip(printed.split(END)) {
        let shown = answer.join("\n");
        let is_as_shown = answer.is_empty() || printed.lines().eq(shown.lines());
        assert!(is_as_shown, "{command}\nanswers\n{printed}\ninstead of\n{shown}\n{errors}");
    }
    printed + &errors
}

#[test]
fn every_session_goes_as_it_is_shown() {
    // Those of a template are typed in the project that is made of it.
    let is_of_a_template =
        |document: &str| document.starts_with("templates/") && document.ends_with("content/README.md");
    let sessions: Vec<_> = blocks().into_iter().filter(|block| block.language == "console").collect();
    for (left_out, _) in NOT_RUN {
        let is_shown = sessions.iter().any(|block| steps(&block.text).iter().any(|step| step.command == *left_out));
        assert!(is_shown, "no document shows {left_out}");
    }
    for block in sessions.iter().filter(|block| !is_of_a_template(block.document())) {
        if !steps(&block.text).iter().all(is_left_out) {
            let folder = tempfile::tempdir().expect("a folder");
            run(folder.path(), &block.text);
        }
    }
}

#[test]
fn a_session_that_goes_otherwise_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "$ mkdir a && cd a\n$ pwd | grep -o .a$   # where it is\n/a\n$ echo b\n");
    for wrong in ["$ echo a\nb\n", "$ echo a\na\nb\n", "$ false\n", "$ false && true\n$ true\n", "$ false   # a\n"] {
        assert!(std::panic::catch_unwind(|| run(folder.path(), wrong)).is_err(), "{wrong}");
    }
}
