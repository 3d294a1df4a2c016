//! Runs one command and shows that it is alive: its lines as they come, what it does at the moment, and for how long.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a command that says nothing is spoken for where no terminal is.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// How often this looks whether the command has ended.
const TICK: Duration = Duration::from_millis(100);
/// How long what a command has started may go on writing to the same place after the command has ended.
const LAST_LINES: Duration = Duration::from_secs(1);
/// The longest part of a line that stands beside the time.
const MAX_STATUS_CHARS: usize = 80;

/// The verbs with which cargo says what it does at the moment. There are hundreds of such lines, and only the last one counts.
const CARGO_VERBS: &[&str] = &[
    "Adding",
    "Blocking",
    "Building",
    "Checking",
    "Compiling",
    "Documenting",
    "Downloaded",
    "Downloading",
    "Finished",
    "Fresh",
    "Generated",
    "Locking",
    "Running",
    "Updating",
];

/// Where a command's lines go, and how it is told that the command is alive.
pub struct Watch<'a> {
    /// What is done, as in `[3/13] rust lints`.
    name: &'a str,
    bar: Option<ProgressBar>,
    heartbeat: Duration,
}

impl<'a> Watch<'a> {
    /// Shows a spinner on a terminal, and else a line every half minute.
    pub fn new(name: &'a str) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(
                ProgressStyle::with_template("{spinner} {prefix}, {elapsed}: {msg}").expect("a valid template"),
            );
            bar.set_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { name, bar, heartbeat: HEARTBEAT }
    }

    /// Runs a command to its end.
    ///
    /// # Errors
    /// Fails when it cannot be started.
    pub fn run(&self, command: &mut Command) -> io::Result<ExitStatus> {
        let (mut stdout, mut stderr) = (io::stdout(), io::stderr());
        let status = self.run_into(command, &mut stdout, &mut stderr);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        status
    }

    fn run_into(
        &self,
        command: &mut Command,
        stdout: &mut dyn Write,
        stderr: &mut dyn Write,
    ) -> io::Result<ExitStatus> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (sender, lines) = mpsc::channel();
        forward(child.stdout.take().expect("it is piped"), Stream::Output, sender.clone());
        forward(child.stderr.take().expect("it is piped"), Stream::Talk, sender);
        let began = Instant::now();
        let (mut told, mut ended, mut doing) = (began, None, String::new());
        loop {
            match lines.recv_timeout(TICK) {
                Ok((stream, line)) => {
                    if let Some(status) = cargo_status(&line) {
                        doing = status.chars().take(MAX_STATUS_CHARS).collect();
                        if let Some(bar) = &self.bar {
                            bar.set_message(doing.clone());
                        }
                        continue;
                    }
                    told = Instant::now();
                    let to: &mut dyn Write = if stream == Stream::Output { stdout } else { stderr };
                    self.aside(|| to.write_all(line.as_bytes()).and_then(|()| to.flush()))?;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return ended.map_or_else(|| child.wait(), |(status, _)| Ok(status));
                }
                Err(RecvTimeoutError::Timeout) => match ended {
                    Some((status, at)) if Instant::now() - at > LAST_LINES => return Ok(status),
                    Some(_) => {}
                    None => ended = child.try_wait()?.map(|status| (status, Instant::now())),
                },
            }
            if self.bar.is_none() && ended.is_none() && told.elapsed() >= self.heartbeat {
                told = Instant::now();
                let doing = if doing.is_empty() { String::new() } else { format!(": {doing}") };
                writeln!(stderr, "   {}, {}{doing}", self.name, Elapsed(began.elapsed()))?;
            }
        }
    }

    /// Writes lines above the spinner.
    fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

/// Which of its two streams a command wrote to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Output,
    Talk,
}

fn forward(from: impl Read + Send + 'static, stream: Stream, to: Sender<(Stream, String)>) {
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if to.send((stream, String::from_utf8_lossy(&line).into_owned())).is_err() {
                return;
            }
            line.clear();
        }
    });
}

/// What cargo does at the moment, if a line says that and nothing else.
fn cargo_status(line: &str) -> Option<&str> {
    let indented = line.starts_with(' ');
    let text = line.trim();
    let verb = text.split(' ').next()?;
    (indented && CARGO_VERBS.contains(&verb)).then_some(text)
}

/// A time as a person says it: `45 s`, or `2 min 05 s`.
pub struct Elapsed(pub Duration);

impl std::fmt::Display for Elapsed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_secs() {
            seconds @ 0..60 => write!(f, "{seconds} s"),
            seconds => write!(f, "{} min {:02} s", seconds / 60, seconds % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, heartbeat: Duration) -> (ExitStatus, String, String) {
        let _children = crate::CHILDREN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let watch = Watch { name: "[1/2] a step", bar: None, heartbeat };
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut shell = Command::new("/bin/sh");
        let status = watch.run_into(shell.args(["-c", script]), &mut stdout, &mut stderr).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status, text(stdout), text(stderr))
    }

    #[test]
    fn lines_go_where_the_command_wrote_them_and_its_status_is_kept() {
        let (status, stdout, stderr) = run("echo data; echo talk >&2; printf 'no end'; exit 3", HEARTBEAT);
        assert_eq!((status.code(), stdout.as_str(), stderr.as_str()), (Some(3), "data\nno end", "talk\n"));
    }

    #[test]
    fn a_command_that_says_nothing_is_spoken_for_with_what_cargo_said_last() {
        let _children = crate::CHILDREN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // It ends when the test has read its second heartbeat: none is missed however slow the machine is.
        let folder = tempfile::tempdir().unwrap();
        let script = format!(
            "echo '   Compiling engine v1' >&2; until [ -e {0} ]; do :; done; echo done",
            folder.path().join("end").display()
        );
        struct EndsAfter<'a>(&'a std::path::Path, usize, Vec<u8>);
        impl Write for EndsAfter<'_> {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.2.extend_from_slice(bytes);
                if self.2.iter().filter(|byte| **byte == b'\n').count() >= self.1 {
                    std::fs::write(self.0.join("end"), "")?;
                }
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let watch = Watch { name: "[1/2] a step", bar: None, heartbeat: Duration::ZERO };
        let (mut stdout, mut stderr) = (Vec::new(), EndsAfter(folder.path(), 2, Vec::new()));
        let mut shell = Command::new("/bin/sh");
        let status = watch.run_into(shell.args(["-c", &script]), &mut stdout, &mut stderr).unwrap();
        assert!(status.success());
        let told = String::from_utf8(stderr.2).unwrap();
        assert!(told.contains("[1/2] a step, 0 s: Compiling engine v1\n"), "{told}");
        assert_eq!(stdout, b"done\n");
    }

    #[test]
    fn a_daemon_that_holds_the_streams_holds_up_nobody() {
        let (status, stdout, _) = run("sleep 600 & echo $!", HEARTBEAT);
        assert!(status.success());
        let _children = crate::CHILDREN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let killed = Command::new("kill").arg(stdout.trim()).status().unwrap();
        assert!(killed.success(), "it still ran");
    }

    #[test]
    fn only_what_cargo_says_of_the_moment_is_left_out() {
        assert_eq!(cargo_status("   Compiling engine v1.0.0\n"), Some("Compiling engine v1.0.0"));
        assert_eq!(cargo_status("    Blocking waiting for file lock\n"), Some("Blocking waiting for file lock"));
        for line in ["Compiling by hand\n", "  warning: unused\n", "error: Compiling failed\n", "\n", ""] {
            assert_eq!(cargo_status(line), None, "{line}");
        }
    }

    #[test]
    fn times_are_as_a_person_says_them() {
        let shown = |seconds| Elapsed(Duration::from_secs(seconds)).to_string();
        assert_eq!([shown(0), shown(59), shown(60), shown(125)], ["0 s", "59 s", "1 min 00 s", "2 min 05 s"]);
    }
}
