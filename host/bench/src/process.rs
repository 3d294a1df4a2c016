//! Programs that are measured in processes of their own: started, asked in turns, and ended. A question is a line such as
//! `calls 16 1000`, the answer a line of JSON.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::task::{Program, Task};

/// Nobody is measured with what a person has set to debug a program: errors that are made and dropped would each take a
/// backtrace.
const BACKTRACE: (&str, &str) = ("RUST_BACKTRACE", "0");

/// A program that waits to be asked.
pub struct Served {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What is answered.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Nanoseconds(u64),
    Error(String),
}

impl Served {
    /// Starts a peer.
    ///
    /// # Errors
    /// Fails when it cannot be started.
    pub fn peer(program: &Program) -> Result<Self> {
        let mut command = Command::new(&program.file);
        command.arg(&program.argument).env(BACKTRACE.0, BACKTRACE.1);
        Self::start(command)
    }

    /// Starts this program for a task that serves, on these cores if they are named, and takes what it says of itself
    /// first.
    ///
    /// # Errors
    /// Fails when it cannot be started or ends before it has said anything.
    pub fn own<T: DeserializeOwned>(task: &Task, quick: bool, cores: Option<usize>) -> Result<(Self, T)> {
        let mut served = Self::start(own(task, quick, cores)?)?;
        let facts = serde_json::from_str(&served.line()?).context("another process says nothing that is understood")?;
        Ok((served, facts))
    }

    fn start(mut command: Command) -> Result<Self> {
        let shown = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("failed to start {shown}"))?;
        let (questions, answers) = (child.stdin.take(), child.stdout.take());
        let questions = questions.context("the other process has no standard input")?;
        let answers = BufReader::new(answers.context("the other process has no standard output")?);
        Ok(Self { child, questions, answers })
    }

    /// So many calls, one after the other.
    ///
    /// # Errors
    /// Fails as they do, or when the process has ended.
    pub fn calls(&mut self, bytes: usize, calls: usize) -> Result<Duration> {
        self.ask(&format!("calls {bytes} {calls}"))
    }

    /// So many further instances, each until its first answer.
    ///
    /// # Errors
    /// Fails as they do, or when the process has ended.
    pub fn instances(&mut self, instances: usize) -> Result<Duration> {
        self.ask(&format!("instances {instances}"))
    }

    fn ask(&mut self, question: &str) -> Result<Duration> {
        writeln!(self.questions, "{question}").context("the other process takes no more questions")?;
        let answer = self.line()?;
        match serde_json::from_str(&answer).with_context(|| format!("{answer} is no answer"))? {
            Answer::Nanoseconds(took) => Ok(Duration::from_nanos(took)),
            Answer::Error(error) => bail!("another process: {error}"),
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("another process has ended: {}", self.child.wait()?);
        }
        Ok(line)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Says something of this process first, and then answers questions for calls until there is none.
///
/// # Errors
/// Fails when it cannot be answered. What fails while it is called goes back as an error.
pub fn serve<T: Serialize>(facts: &T, mut calls: impl FnMut(usize, usize) -> Result<Duration>) -> Result<()> {
    let mut output = std::io::stdout();
    writeln!(output, "{}", serde_json::to_string(facts)?)?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let ["calls", bytes, count] = words[..] else { bail!("{line} is nothing that can be done") };
        let answer = match calls(bytes.parse()?, count.parse()?) {
            Ok(took) => Answer::Nanoseconds(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX)),
            Err(error) => Answer::Error(format!("{error:#}")),
        };
        writeln!(output, "{}", serde_json::to_string(&answer)?)?;
        output.flush()?;
    }
    Ok(())
}

/// Runs a task in a process of its own, to its end.
///
/// # Errors
/// Fails as the task does.
pub fn run<T: DeserializeOwned>(task: &Task, quick: bool) -> Result<T> {
    let mut command = own(task, quick, None)?;
    let output = command.stderr(Stdio::inherit()).output().context("failed to start another process")?;
    if !output.status.success() {
        bail!("the part {task:?} ended with {}", output.status);
    }
    serde_json::from_slice(&output.stdout).context("another process gave no results")
}

/// This program, for a task.
fn own(task: &Task, quick: bool, cores: Option<usize>) -> Result<Command> {
    let program = std::env::current_exe()?;
    let mut command = match cores {
        None => Command::new(program),
        Some(cores) => on_cores(cores, &program),
    };
    command.arg("--task").arg(serde_json::to_string(task)?).env(BACKTRACE.0, BACKTRACE.1);
    if quick {
        command.arg("--quick");
    }
    Ok(command)
}

/// A program on the first cores of the machine.
fn on_cores(cores: usize, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &format!("0-{}", cores - 1)]).arg(program);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Served {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        Served::start(command).unwrap()
    }

    #[test]
    fn a_question_has_one_answer() {
        let mut served = shell("while read line; do echo \"{\\\"nanoseconds\\\": ${#line}}\"; done");
        assert_eq!(served.calls(16, 1000).unwrap(), Duration::from_nanos(13));
        assert_eq!(served.instances(7).unwrap(), Duration::from_nanos(11));
    }

    #[test]
    fn what_goes_wrong_in_another_process_goes_wrong_here() {
        let mut served = shell("read line; echo '{\"error\": \"no guest\"}'; read line; exit 3");
        assert_eq!(served.calls(1, 1).unwrap_err().to_string(), "another process: no guest");
        let ended = served.calls(1, 1).unwrap_err().to_string();
        assert_eq!(ended, "another process has ended: exit status: 3");
    }
}
