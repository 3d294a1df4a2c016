//! Steps: named commands, each shown with its number and its time, all run even when one fails.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::watch::{Elapsed, Watch};

/// A name, and what is done under it.
pub type Step = (&'static str, fn(&Path) -> Result<()>);

/// The step that runs, as its commands are named while they run.
static RUNNING: Mutex<String> = Mutex::new(String::new());

/// Steps that run one after the other.
pub struct Steps<'a> {
    root: &'a Path,
    count: usize,
    begun: usize,
    began: Instant,
}

impl<'a> Steps<'a> {
    /// So many steps, none of which has begun.
    pub fn new(root: &'a Path, count: usize) -> Self {
        Self { root, count, begun: 0, began: Instant::now() }
    }

    /// Runs the next step, and says how it went and how long it took.
    ///
    /// # Errors
    /// Those of the step.
    pub fn run(&mut self, name: &str, step: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        self.begun += 1;
        let name = format!("[{}/{}] {name}", self.begun, self.count);
        name.clone_into(&mut RUNNING.lock().unwrap_or_else(PoisonError::into_inner));
        eprintln!("\n== {name}");
        let started = Instant::now();
        let ended = step(self.root);
        let (took, all) = (Elapsed(started.elapsed()), Elapsed(self.began.elapsed()));
        match &ended {
            Ok(()) => eprintln!("== {name}: passed in {took}, {all} since the start"),
            Err(error) => eprintln!("== {name}: FAILED in {took}, {all} since the start: {error:#}"),
        }
        ended
    }
}

/// Runs the steps whose name contains a text, all of them even when one fails, and prints the sum.
///
/// # Errors
/// Fails when a step does, or none has such a name.
pub fn run_all(root: &Path, steps: &[Step], only: Option<&str>) -> Result<()> {
    let chosen: Vec<&Step> = steps.iter().filter(|(name, _)| only.is_none_or(|only| name.contains(only))).collect();
    let mut run = Steps::new(root, chosen.len());
    let mut failed = Vec::new();
    for (name, step) in &chosen {
        if run.run(name, step).is_err() {
            failed.push(*name);
        }
    }
    println!("{} passed, {} failed", chosen.len() - failed.len(), failed.len());
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    if chosen.is_empty() {
        bail!("no step has such a name");
    }
    Ok(())
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

/// Runs a command and shows what it prints, and that it is alive.
///
/// # Errors
/// Fails when it cannot be started or ends with another code than 0.
pub fn run(mut command: Command) -> Result<()> {
    let shown = show(&command);
    let step = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let status = Watch::new(if step.is_empty() { &shown } else { &step })
        .run(&mut command)
        .with_context(|| format!("failed to run {shown}"))?;
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
