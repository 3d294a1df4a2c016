//! Runs the tools of others, and says well what went wrong with them.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::{env, thread};

use crate::environment::Unseen;
use crate::interrupt::{self, Running};
use crate::progress::{Event, Progress};
use crate::talk::{Ear, Talk};

/// A tool that could not do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ToolError {
    /// The tool is not there.
    #[error("{tool} was not found")]
    Missing {
        /// Which tool.
        tool: String,
        /// What to do about it.
        fix: String,
    },
    /// The tool is there, but too old.
    #[error("{tool} {found} is too old, {minimum} is needed")]
    TooOld {
        /// Which tool.
        tool: String,
        /// The version found.
        found: String,
        /// The version needed.
        minimum: String,
        /// What to do about it.
        fix: String,
    },
    /// The tool is there, but does not say its version, which every one that works does.
    #[error("{tool} does not work: {}", .problem)]
    Broken {
        /// Which tool.
        tool: String,
        /// What it does instead.
        problem: String,
        /// What to do about it.
        fix: String,
    },
    /// The tool was stopped from outside, by [`interrupt`](crate::interrupt) or a signal of the terminal.
    #[error("{tool} was interrupted")]
    Interrupted {
        /// Which tool.
        tool: String,
    },
    /// The tool could not be started.
    #[error("failed to start {tool} ({})", .program.display())]
    Start {
        /// Which tool.
        tool: String,
        /// The file that was to be run.
        program: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The tool ran and failed.
    #[error("{tool} failed ({status}){}", indented(.output))]
    Failed {
        /// Which tool.
        tool: String,
        /// How it ended, e.g. "exit status: 1".
        status: String,
        /// Its first errors and the last lines that it wrote.
        output: String,
        /// What to do about it, if that is known.
        fix: Option<String>,
    },
}

fn indented(output: &str) -> String {
    output.lines().map(|line| format!("\n  {line}")).collect()
}

impl ToolError {
    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            ToolError::Missing { fix, .. } | ToolError::TooOld { fix, .. } | ToolError::Broken { fix, .. } => {
                Some(fix.clone())
            }
            ToolError::Failed { fix, .. } => fix.clone(),
            ToolError::Start { program, .. } => {
                Some(format!("{} has to be a program for this machine that you may run", program.display()))
            }
            ToolError::Interrupted { .. } => None,
        }
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            ToolError::Missing { .. } => "tool-missing",
            ToolError::TooOld { .. } => "tool-too-old",
            ToolError::Broken { .. } | ToolError::Start { .. } => "tool-broken",
            ToolError::Failed { .. } => "tool-failed",
            ToolError::Interrupted { .. } => "interrupted",
        }
    }
}

/// One run of a tool.
pub(crate) struct Tool {
    name: String,
    command: Command,
    fix: Option<String>,
    advice: Option<&'static str>,
    quiet_stdout: bool,
    ear: Ear,
}

impl Tool {
    /// A run of `program`, called `name` in messages.
    pub(crate) fn new(name: &str, program: impl AsRef<OsStr>) -> Tool {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Tool { name: name.to_owned(), command, fix: None, advice: None, quiet_stdout: false, ear: Ear::default() }
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Tool {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Tool {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Tool {
        self.command.env(key, value);
        self
    }

    /// Hides variables that cannot apply to what it is run for.
    pub(crate) fn unseen(mut self, unseen: Unseen) -> Tool {
        for name in unseen.set() {
            self.command.env_remove(name);
        }
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Tool {
        self.command.current_dir(folder);
        self
    }

    /// What to tell the user when it is missing.
    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Tool {
        self.fix = Some(fix.into());
        self
    }

    /// What to tell the user when it fails for a reason that is not known.
    pub(crate) fn advice(mut self, advice: &'static str) -> Tool {
        self.advice = Some(advice);
        self
    }

    /// Its standard output is data: not reported, and not a part of an error.
    pub(crate) fn data_on_stdout(mut self) -> Tool {
        self.quiet_stdout = true;
        self
    }

    /// How to read what it says.
    pub(crate) fn ear(mut self, ear: Ear) -> Tool {
        self.ear = ear;
        self
    }

    /// Runs it to its end; what it wrote to standard output.
    pub(crate) fn run(mut self, progress: &dyn Progress) -> Result<String, ToolError> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let Some(started) = Running::start(|| self.command.spawn()) else {
            return Err(ToolError::Interrupted { tool: self.name });
        };
        let (child, pipes) = started.map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => ToolError::Missing {
                tool: self.name.clone(),
                fix: self.fix.clone().unwrap_or_else(|| format!("install {}", self.name)),
            },
            _ => ToolError::Start { tool: self.name.clone(), program: self.command.get_program().into(), source },
        })?;
        let (stdout, stderr) = (pipes.stdout, pipes.stderr);
        let name = self.name.as_str();
        let (quiet, ear) = (self.quiet_stdout, &self.ear);
        let ((text, output), errors) = thread::scope(|scope| {
            let errors = scope.spawn(move || read(name, stderr, progress, false, true, ear));
            let output = read(name, stdout, progress, true, !quiet, ear);
            (output, errors.join().unwrap_or_default().1)
        });
        let status = child.wait().map_err(|source| ToolError::Start {
            tool: self.name.clone(),
            program: self.command.get_program().into(),
            source,
        })?;
        if interrupt::interrupted() || by_terminal(status) {
            return Err(ToolError::Interrupted { tool: self.name });
        }
        if status.success() {
            return Ok(text);
        }
        let fix = errors.help(ear).or_else(|| output.help(ear)).or_else(|| self.advice.map(str::to_owned));
        let output = output.text(errors);
        Err(ToolError::Failed { tool: self.name, status: status.to_string(), output, fix })
    }
}

/// Whether the signal ended it that a terminal sends to everything that runs in it.
#[cfg(unix)]
fn by_terminal(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(rustix::process::Signal::INT.as_raw())
}

#[cfg(not(unix))]
fn by_terminal(_: ExitStatus) -> bool {
    false
}

/// Reads a stream to its end: all of it if `whole`, and what is kept of it if it is talk.
fn read(
    tool: &str,
    stream: Option<impl Read>,
    progress: &dyn Progress,
    whole: bool,
    mut talks: bool,
    ear: &Ear,
) -> (String, Talk) {
    let (mut text, mut talk) = (String::new(), Talk::default());
    let Some(stream) = stream else { return (text, talk) };
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
        let read = String::from_utf8_lossy(&line);
        talks &= ear.end.is_none_or(|end| read.trim() != end);
        if whole {
            text.push_str(&read);
        }
        if talks {
            let read = read.trim_end();
            progress.report(Event::Output { tool, line: read });
            talk.push(read, ear);
        }
        line.clear();
    }
    (text, talk)
}

/// The first file called `name` in the folders of PATH that can be run.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    find_all(name).into_iter().next()
}

/// All files called `name` in the folders of PATH that can be run, in their order.
pub(crate) fn find_all(name: &str) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .filter(|file| runnable(file))
        .collect()
}

#[cfg(unix)]
fn runnable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn runnable(file: &Path) -> bool {
    file.is_file()
}

/// The first thing in `text` that looks like a version: numbers with dots, e.g. "1.26.8" in "go version go1.26.8 linux".
pub(crate) fn version_in(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || c == '(' || c == ')' || c == ',')
        .filter_map(|word| {
            let word = word.trim_start_matches(|c: char| !c.is_ascii_digit());
            let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
            let word = word[..end].trim_end_matches('.');
            (word.contains('.')).then(|| word.to_owned())
        })
        .next()
}

/// Whether a version of numbers and dots is at least `minimum`; what is absent counts as zero.
pub(crate) fn at_least(version: &str, minimum: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse::<u64>().unwrap_or(0)).collect::<Vec<_>>();
    let (mut version, mut minimum) = (numbers(version), numbers(minimum));
    let length = version.len().max(minimum.len());
    version.resize(length, 0);
    minimum.resize(length, 0);
    version >= minimum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn versions_are_found_in_what_tools_print() {
        for (text, version) in [
            ("go version go1.26.8 linux/amd64", "1.26.8"),
            ("v20.20.2\n", "20.20.2"),
            ("Python 3.11.7", "3.11.7"),
            ("rustc 1.95.0 (59807616e 2026-04-14)", "1.95.0"),
            ("Debian clang version 14.0.6", "14.0.6"),
            ("go version devel go1.27-abc", "1.27"),
        ] {
            assert_eq!(version_in(text).as_deref(), Some(version));
        }
        assert_eq!(version_in("no version here"), None);
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(at_least("1.26.8", "1.26"));
        assert!(at_least("1.100", "1.26"));
        assert!(at_least("20.0", "20.0.0"));
        assert!(!at_least("1.9.9", "1.26"));
        assert!(!at_least("3.9", "3.10"));
    }

    #[cfg(unix)]
    #[test]
    fn a_failed_tool_is_quoted() {
        let error = Tool::new("compiler", "sh")
            .args(["-c", "echo to-output; echo to-errors >&2; exit 3"])
            .fix("install it")
            .advice("write better code")
            .run(&Silent)
            .unwrap_err();
        let ToolError::Failed { status, output, .. } = &error else { panic!("{error:?}") };
        assert!(status.contains('3'));
        assert_eq!(output, "to-output\nto-errors");
        assert!(error.to_string().ends_with("\n  to-output\n  to-errors"), "{error}");
        assert_eq!(error.help().as_deref(), Some("write better code"));
    }

    #[cfg(unix)]
    #[test]
    fn what_only_the_tools_developers_need_is_left_out() {
        let error = Tool::new("compiler", "sh")
            .args(["-c", "echo the error >&2; echo The backtrace: >&2; echo frame >&2; exit 1"])
            .ear(Ear { end: Some("The backtrace:"), ..Ear::default() })
            .run(&Silent)
            .unwrap_err();
        assert!(matches!(error, ToolError::Failed { output, .. } if output == "the error"));
    }

    #[test]
    fn a_missing_tool_is_named_with_its_fix() {
        let error = Tool::new("frobnicator", "no-such-program-anywhere").fix("buy one").run(&Silent).unwrap_err();
        assert!(matches!(error, ToolError::Missing { .. }));
        assert_eq!(error.to_string(), "frobnicator was not found");
        assert_eq!(error.help().as_deref(), Some("buy one"));
    }
}
