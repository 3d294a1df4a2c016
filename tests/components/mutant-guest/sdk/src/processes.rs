//! Lies about processes.

use std::ops::Deref;
use std::time::Duration;

use truth::ProcessError;
use truth::processes as truth_of;
pub use truth::processes::*;
use truth::signals::{Signal, SignalTarget};
use truth::stdio::Stdio;

use crate::lies;

type Result<T> = std::result::Result<T, ProcessError>;

#[derive(Debug, Clone)]
pub struct Command(truth_of::Command);

impl Command {
    pub fn new(program: impl Into<String>) -> Self {
        Self(truth_of::Command::new(program))
    }

    pub fn arguments(self, arguments: Vec<String>) -> Self {
        if lies("argument-split") {
            let words = arguments.iter().flat_map(|argument| argument.split(' ')).map(str::to_owned);
            return Self(self.0.arguments(words.collect::<Vec<_>>()));
        }
        Self(self.0.arguments(arguments))
    }

    pub fn environment(self, name: String, value: String) -> Self {
        if lies("environment-lost") { self } else { Self(self.0.environment(name, value)) }
    }

    pub fn inherit_environment(self, name: String) -> Self {
        Self(self.0.inherit_environment(name))
    }

    pub fn working_directory(self, path: String) -> Self {
        if lies("directory-ignored") { self } else { Self(self.0.working_directory(path)) }
    }

    pub fn stdin(self, stdin: Stdio) -> Self {
        Self(self.0.stdin(stdin))
    }

    pub fn stdout(self, stdout: Stdio) -> Self {
        let appends = lies("file-not-appended-to");
        Self(self.0.stdout(match stdout {
            Stdio::AppendFile(path) if appends => Stdio::WriteFile(path),
            other => other,
        }))
    }

    pub fn stderr(self, stderr: Stdio) -> Self {
        Self(self.0.stderr(stderr))
    }

    pub fn limits(self, mut limits: ProcessLimits) -> Self {
        if lies("none-taken-for-zero") {
            limits.max_output_bytes = limits.max_output_bytes.or(Some(0));
        }
        Self(self.0.limits(limits))
    }

    pub fn spawn(&self) -> Result<Process> {
        self.0.spawn().map(Process)
    }

    pub fn run(&self, stdin: &[u8]) -> Result<ProcessOutput> {
        let mut output = self.0.run(stdin)?;
        if lies("streams-swapped") {
            std::mem::swap(&mut output.stdout, &mut output.stderr);
        }
        output.status = match output.status {
            ExitStatus::Code(code) if lies("exit-code-cut") => ExitStatus::Code(code & 0x7f),
            other => other,
        };
        Ok(output)
    }
}

#[derive(Debug)]
pub struct Process(truth_of::Process);

impl Deref for Process {
    type Target = truth_of::Process;

    fn deref(&self) -> &truth_of::Process {
        &self.0
    }
}

impl Process {
    pub fn info(&self) -> Result<ProcessInfo> {
        let mut info = self.0.info()?;
        if lies("stopped-taken-for-running") && info.state == ProcessState::Stopped {
            info.state = ProcessState::Running;
        }
        Ok(info)
    }

    pub fn wait(&self) -> Result<ExitStatus> {
        match self.0.wait()? {
            // As a shell does.
            ExitStatus::Signaled(_) if lies("signal-taken-for-code") => Ok(ExitStatus::Code(137)),
            other => Ok(other),
        }
    }

    pub fn usage(&self) -> Result<ProcessUsage> {
        let mut usage = self.0.usage()?;
        if lies("usage-zero") {
            usage.max_resident_bytes = 0;
        }
        Ok(usage)
    }

    pub fn send_signal(&self, signal: Signal, target: SignalTarget) -> Result<()> {
        let target = if lies("group-spared") { SignalTarget::Process } else { target };
        self.0.send_signal(signal, target)
    }

    pub fn interrupt(&self) -> Result<()> {
        if lies("signal-changed") { self.0.kill() } else { self.0.interrupt() }
    }

    pub fn terminate(&self, grace: Duration) -> Result<ExitStatus> {
        if lies("grace-ignored") {
            self.0.kill()?;
            return self.0.wait();
        }
        self.0.terminate(grace)
    }

    pub fn communicate(&self, input: &[u8]) -> Result<ProcessOutput> {
        let kept = if lies("input-cut") { input.len().saturating_sub(1) } else { input.len() };
        self.0.communicate(&input[..kept])
    }
}

pub fn run_pipeline(commands: &[Command], stdin: &[u8]) -> Result<PipelineOutput> {
    let commands: Vec<_> = commands.iter().map(|command| command.0.clone()).collect();
    let mut output = truth_of::run_pipeline(&commands, stdin)?;
    if lies("only-the-last-status") {
        output.statuses = output.statuses.pop().into_iter().collect();
    }
    Ok(output)
}

pub fn wait_any(ids: &[ProcessId], timeout: Option<Duration>) -> Result<Option<Finished>> {
    let mut finished = truth_of::wait_any(ids, timeout)?;
    if lies("index-off-by-one")
        && let Some(finished) = &mut finished
    {
        finished.index += 1;
    }
    Ok(finished)
}

pub fn list_processes() -> Vec<ProcessInfo> {
    if lies("processes-hidden") { Vec::new() } else { truth_of::list_processes() }
}
