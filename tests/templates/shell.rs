//! Commands as a user types them.

use std::path::Path;
use std::process::{Command, Stdio};

use airssys_wasm_tests::{root, stderr, stdout};

/// Runs a command that has to succeed.
pub fn succeeds(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}\n{}{}", stdout(&output), stderr(&output));
}

/// A line, as typed into a shell.
pub fn shell(folder: &Path, line: &str) -> Command {
    command(folder, Path::new("sh"), &["-c", line])
}

/// A command as a user starts it: no variables of the cargo that runs these tests, and the tools that the checks of this
/// repository install (pytest, and CMake where the machine has none) on the path.
pub fn command(folder: &Path, program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).env("NO_COLOR", "1");
    for (name, _) in std::env::vars_os() {
        let cargo = name.to_str().is_some_and(|name| name.starts_with("CARGO_") || name.starts_with("RUST"));
        let kept = ["CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"].iter().any(|kept| name == *kept);
        if cargo && !kept {
            command.env_remove(name);
        }
    }
    let own = root().join("target/python/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path))).expect("a path");
    // What the Rust projects have in common is compiled once.
    command.env("PATH", path).env("CARGO_TARGET_DIR", root().join("target/templates/cargo"));
    command
}
