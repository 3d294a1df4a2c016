//! Whether anything is left of a command when it has ended.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::io::Errno;
use rustix::process::{Pid, WaitOptions, getpid, set_child_subreaper, wait};

use crate::steps::run;

/// How long what a command has started may take to go after it.
const PATIENCE: Duration = Duration::from_secs(10);
const ROUND: Duration = Duration::from_millis(20);

/// Runs a command with a folder for temporary files of its own.
///
/// # Errors
/// Fails as [`run`], or when a process is left that descends from it, or a file in that folder.
pub fn check(command: Command) -> Result<()> {
    check_within(command, PATIENCE)
}

fn check_within(mut command: Command, patience: Duration) -> Result<()> {
    // What loses its parent becomes a child of this process.
    set_child_subreaper(Some(getpid())).context("failed to look after orphans")?;
    let folder = tempfile::tempdir().context("failed to make a folder")?;
    command.env("TMPDIR", folder.path());
    run(command)?;
    processes(patience)?;
    files(folder.path())
}

/// Waits until there is no child, though not for ever.
fn processes(patience: Duration) -> Result<()> {
    let began = Instant::now();
    loop {
        match wait(WaitOptions::NOHANG) {
            Err(Errno::CHILD) => return Ok(()),
            Err(Errno::INTR) | Ok(Some(_)) => {}
            Err(error) => return Err(error).context("failed to wait for orphans"),
            Ok(None) if began.elapsed() < patience => std::thread::sleep(ROUND),
            Ok(None) => bail!("processes are left: {}", children()?.join(", ")),
        }
    }
}

/// The names of the children of this process.
fn children() -> Result<Vec<String>> {
    let own = Pid::as_raw(Some(getpid()));
    let mut names = Vec::new();
    for entry in fs::read_dir("/proc")? {
        // Those that go meanwhile are none.
        let Ok(stat) = fs::read_to_string(entry?.path().join("stat")) else { continue };
        let Some((name, fields)) = stat.rsplit_once(')') else { continue };
        if fields.split_whitespace().nth(1) == Some(&own.to_string()) {
            names.push(name.replacen('(', "", 1));
        }
    }
    Ok(names)
}

fn files(folder: &Path) -> Result<()> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let names: Vec<String> = entries.collect::<Result<_>>()?;
    if names.is_empty() { Ok(()) } else { bail!("temporary files are left: {}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, patience: Duration) -> Result<()> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        check_within(command, patience)
    }

    // One test: all children of this process are looked at.
    #[test]
    fn what_is_left_is_named() {
        let _children = crate::CHILDREN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        shell("true", PATIENCE).unwrap();
        shell("(sleep 0.1 &)", PATIENCE).unwrap();
        let file = shell(r#"touch "$TMPDIR/left-over""#, PATIENCE).unwrap_err().to_string();
        assert!(file.contains("left-over"), "{file}");
        assert!(shell("exit 1", PATIENCE).is_err());
        // What the shell has forked is called as the shell is until it runs its program. Should it be gone, the test tells.
        let left = "(sleep 60 > /dev/null 2>&1 & until [ \"$(cat /proc/$!/comm || echo sleep)\" = sleep ]; do :; done)";
        let process = shell(left, Duration::ZERO).unwrap_err().to_string();
        assert!(process.contains("sleep"), "{process}");
    }
}
