//! Steps: named commands, each shown with its time, all run even when one fails.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Runs steps and remembers which failed.
pub struct Steps {
    root: PathBuf,
    only: Option<String>,
    passed: usize,
    failed: Vec<String>,
}

impl Steps {
    /// Nothing has run yet.
    pub fn new(root: &Path, only: Option<String>) -> Self {
        Self { root: root.to_owned(), only, passed: 0, failed: Vec::new() }
    }

    /// Runs a step, unless another one was asked for.
    pub fn step(&mut self, name: &str, run: impl FnOnce(&Path) -> Result<()>) {
        if self.only.as_deref().is_some_and(|only| !name.contains(only)) {
            return;
        }
        eprintln!("\n== {name}");
        let started = Instant::now();
        let ended = run(&self.root);
        let seconds = started.elapsed().as_secs();
        match ended {
            Ok(()) => {
                self.passed += 1;
                eprintln!("== {name}: passed in {seconds} s");
            }
            Err(error) => {
                eprintln!("== {name}: FAILED in {seconds} s: {error:#}");
                self.failed.push(name.to_owned());
            }
        }
    }

    /// Prints the sum.
    ///
    /// # Errors
    /// Fails when a step did, or none ran.
    pub fn finish(self) -> Result<()> {
        println!("{} passed, {} failed", self.passed, self.failed.len());
        if !self.failed.is_empty() {
            bail!("failed: {}", self.failed.join(", "));
        }
        if self.passed == 0 {
            bail!("no step has such a name");
        }
        Ok(())
    }
}

/// A command in a folder, as the words of a line.
pub fn command(folder: &Path, program: impl AsRef<std::ffi::OsStr>, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).args(words);
    // What cargo says of this crate: build scripts of dependencies look at it, and would run anew.
    for (name, _) in std::env::vars_os() {
        let shown = name.to_string_lossy();
        if shown.starts_with("CARGO_PKG_") || shown.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command and shows what it prints.
///
/// # Errors
/// Fails when it cannot be started or ends with another code than 0.
pub fn run(mut command: Command) -> Result<()> {
    let shown = show(&command);
    let status = command.status().with_context(|| format!("failed to start {shown}"))?;
    if !status.success() {
        bail!("{shown}: {status}");
    }
    Ok(())
}

/// Runs a command that must print nothing, such as a formatter that lists files.
///
/// # Errors
/// Fails when it prints something, or as [`run`].
pub fn run_silent(mut command: Command) -> Result<()> {
    let shown = show(&command);
    let output = command.output().with_context(|| format!("failed to start {shown}"))?;
    if !output.status.success() || !output.stdout.is_empty() {
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        bail!("{shown}: {}\n{text}", output.status);
    }
    Ok(())
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
