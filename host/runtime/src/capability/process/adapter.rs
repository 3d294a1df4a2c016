//! `airssys:ext-process`: converts, lets [`process`](super::process) do the work, and converts back. Nothing is decided
//! here.

use std::time::{Duration, UNIX_EPOCH};

use wasmtime::component::Resource;

use crate::bindings::{process_types as wit, processes, signals, stdio};
use crate::capability::adapter::{same_cases, timestamp};
use crate::capability::process::{self as os, Process, Stream};
use crate::host_state::HostState;
use crate::milliseconds::milliseconds;

/// What an operation gives: the engine's trap outside, the contract's error inside.
type Answer<T> = wasmtime::Result<Result<T, wit::ProcessError>>;

fn answer<T, U: From<T>>(result: os::Result<T>) -> Answer<U> {
    Ok(result.map(U::from).map_err(Into::into))
}

fn timeout(timeout_ms: Option<u32>) -> Option<Duration> {
    timeout_ms.map(|ms| Duration::from_millis(ms.into()))
}

impl wit::Host for HostState {}

impl processes::Host for HostState {
    async fn spawn(&mut self, command: wit::Command) -> Answer<Resource<Process>> {
        let processes = self.capabilities.processes.clone();
        match processes.spawn(command.into()).await {
            Ok(process) => Ok(Ok(self.table.push(process)?)),
            Err(error) => Ok(Err(error.into())),
        }
    }

    async fn run(&mut self, command: wit::Command, stdin: Vec<u8>) -> Answer<wit::ProcessOutput> {
        let processes = self.capabilities.processes.clone();
        answer(processes.run(command.into(), stdin).await)
    }

    async fn run_pipeline(&mut self, commands: Vec<wit::Command>, stdin: Vec<u8>) -> Answer<wit::PipelineOutput> {
        let processes = self.capabilities.processes.clone();
        answer(processes.run_pipeline(commands.into_iter().map(Into::into).collect(), stdin).await)
    }

    async fn wait_any(&mut self, ids: Vec<u32>, timeout_ms: Option<u32>) -> Answer<Option<wit::Finished>> {
        let processes = self.capabilities.processes.clone();
        let finished = processes.wait_any(&ids, timeout(timeout_ms)).await;
        Ok(finished.map(|finished| finished.map(Into::into)).map_err(Into::into))
    }

    async fn list_processes(&mut self) -> wasmtime::Result<Vec<wit::ProcessInfo>> {
        Ok(self.capabilities.processes.list().into_iter().map(Into::into).collect())
    }

    async fn get_process_info(&mut self, id: u32) -> Answer<wit::ProcessInfo> {
        answer(self.capabilities.processes.info(id))
    }
}

impl processes::HostProcess for HostState {
    async fn id(&mut self, process: Resource<Process>) -> wasmtime::Result<u32> {
        Ok(self.table.get(&process)?.id())
    }

    async fn info(&mut self, process: Resource<Process>) -> Answer<wit::ProcessInfo> {
        Ok(Ok(self.table.get(&process)?.info().into()))
    }

    async fn wait(&mut self, process: Resource<Process>) -> Answer<wit::ExitStatus> {
        let process = self.table.get(&process)?.clone();
        Ok(Ok(process.wait().await.into()))
    }

    async fn wait_timeout(&mut self, process: Resource<Process>, timeout_ms: u32) -> Answer<Option<wit::ExitStatus>> {
        let process = self.table.get(&process)?.clone();
        let limit = Duration::from_millis(timeout_ms.into());
        Ok(Ok(process.wait_timeout(limit).await.map(Into::into)))
    }

    async fn try_wait(&mut self, process: Resource<Process>) -> Answer<Option<wit::ExitStatus>> {
        Ok(Ok(self.table.get(&process)?.try_wait().map(Into::into)))
    }

    async fn is_running(&mut self, process: Resource<Process>) -> wasmtime::Result<bool> {
        Ok(self.table.get(&process)?.try_wait().is_none())
    }

    async fn usage(&mut self, process: Resource<Process>) -> Answer<wit::ProcessUsage> {
        answer(self.table.get(&process)?.usage())
    }

    async fn limits(&mut self, process: Resource<Process>) -> Answer<wit::ProcessLimits> {
        Ok(Ok(self.table.get(&process)?.limits().into()))
    }

    async fn set_limits(&mut self, process: Resource<Process>, limits: wit::ProcessLimits) -> Answer<()> {
        answer(self.table.get(&process)?.set_limits(limits.into()))
    }

    async fn drop(&mut self, process: Resource<Process>) -> wasmtime::Result<()> {
        let process = self.table.delete(process)?;
        process.end().await;
        Ok(())
    }
}

impl stdio::Host for HostState {
    async fn write_stdin(&mut self, process: Resource<Process>, data: Vec<u8>) -> Answer<u32> {
        let process = self.table.get(&process)?.clone();
        answer(process.write_stdin(&data).await)
    }

    async fn close_stdin(&mut self, process: Resource<Process>) -> Answer<()> {
        let process = self.table.get(&process)?.clone();
        answer(process.close_stdin().await)
    }

    async fn read_stdout(&mut self, process: Resource<Process>, max_bytes: u32) -> Answer<Vec<u8>> {
        let process = self.table.get(&process)?.clone();
        answer(process.read(Stream::Stdout, max_bytes).await)
    }

    async fn read_stderr(&mut self, process: Resource<Process>, max_bytes: u32) -> Answer<Vec<u8>> {
        let process = self.table.get(&process)?.clone();
        answer(process.read(Stream::Stderr, max_bytes).await)
    }

    async fn read_stdout_to_end(&mut self, process: Resource<Process>) -> Answer<Vec<u8>> {
        let process = self.table.get(&process)?.clone();
        answer(process.read_to_end(Stream::Stdout).await)
    }

    async fn read_stderr_to_end(&mut self, process: Resource<Process>) -> Answer<Vec<u8>> {
        let process = self.table.get(&process)?.clone();
        answer(process.read_to_end(Stream::Stderr).await)
    }

    async fn communicate(&mut self, process: Resource<Process>, input: Vec<u8>) -> Answer<wit::ProcessOutput> {
        let process = self.table.get(&process)?.clone();
        answer(process.communicate(input).await)
    }
}

impl signals::Host for HostState {
    async fn send_signal(
        &mut self,
        process: Resource<Process>,
        signal: wit::Signal,
        target: wit::SignalTarget,
    ) -> Answer<()> {
        let process = self.table.get(&process)?.clone();
        answer(process.send_signal(signal.into(), target.into()).await)
    }

    async fn interrupt(&mut self, process: Resource<Process>) -> Answer<()> {
        let process = self.table.get(&process)?.clone();
        answer(process.interrupt().await)
    }

    async fn terminate(&mut self, process: Resource<Process>, grace_ms: u32) -> Answer<wit::ExitStatus> {
        let process = self.table.get(&process)?.clone();
        answer(process.terminate(Duration::from_millis(grace_ms.into())).await)
    }

    async fn kill(&mut self, process: Resource<Process>) -> Answer<()> {
        let process = self.table.get(&process)?.clone();
        answer(process.kill().await)
    }

    async fn kill_group(&mut self, process: Resource<Process>) -> Answer<()> {
        let process = self.table.get(&process)?.clone();
        answer(process.kill_group().await)
    }

    async fn suspend(&mut self, process: Resource<Process>) -> Answer<()> {
        let process = self.table.get(&process)?.clone();
        answer(process.suspend().await)
    }

    async fn resume(&mut self, process: Resource<Process>) -> Answer<()> {
        let process = self.table.get(&process)?.clone();
        answer(process.resume().await)
    }

    async fn wait_state_change(
        &mut self,
        process: Resource<Process>,
        timeout_ms: Option<u32>,
    ) -> Answer<Option<wit::StateChange>> {
        let process = self.table.get(&process)?.clone();
        Ok(Ok(process.wait_state_change(timeout(timeout_ms)).await.map(Into::into)))
    }

    async fn parse_signal(&mut self, name_or_number: String) -> Answer<wit::Signal> {
        answer(os::Signal::parse(&name_or_number))
    }

    async fn list_signals(&mut self) -> wasmtime::Result<Vec<wit::SignalInfo>> {
        Ok(os::Signal::list().into_iter().map(Into::into).collect())
    }
}

impl From<os::ProcessError> for wit::ProcessError {
    fn from(error: os::ProcessError) -> Self {
        use os::ProcessError as E;
        match error {
            E::PermissionDenied(denial) => Self::PermissionDenied((*denial).into()),
            E::ProgramNotFound(program) => Self::ProgramNotFound(program),
            E::NotExecutable(program) => Self::NotExecutable(program),
            E::ProcessNotFound(id) => Self::ProcessNotFound(id),
            E::AlreadyExited(status) => Self::AlreadyExited(status.into()),
            E::NotPiped(stream) => Self::NotPiped(stream.into()),
            E::StdinClosed => Self::StdinClosed,
            E::Timeout => Self::Timeout,
            E::TooManyProcesses => Self::TooManyProcesses,
            E::OutputTooLarge(limit) => Self::OutputTooLarge(limit),
            E::InvalidArgument(reason) => Self::InvalidArgument(reason),
            E::Unsupported(reason) => Self::Unsupported(reason),
            E::Io(reason) => Self::Io(reason),
        }
    }
}

/// Two records with the same fields.
macro_rules! same_fields {
    ($from:path => $to:path { $($field:ident),* }) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                Self { $($field: value.$field.into(),)* }
            }
        }
    };
}

same_cases!(os::Stream => wit::StdioStream { Stdin, Stdout, Stderr });
same_cases!(os::ProcessState => wit::ProcessState { Running, Stopped, Exited });
same_cases!(wit::SignalTarget => os::SignalTarget { Process, Group });
same_fields!(os::ProcessUsage => wit::ProcessUsage { user_time_ms, system_time_ms, max_resident_bytes });
same_fields!(os::ProcessOutput => wit::ProcessOutput { status, stdout, stderr });
same_fields!(os::Finished => wit::Finished { index, status });

impl From<os::ProcessLimits> for wit::ProcessLimits {
    fn from(limits: os::ProcessLimits) -> Self {
        let os::ProcessLimits { max_memory_bytes, max_cpu_time, max_wall_time, max_open_files, max_output_bytes } =
            limits;
        Self {
            max_memory_bytes,
            max_cpu_time_ms: max_cpu_time.map(milliseconds),
            max_wall_time_ms: max_wall_time.map(milliseconds),
            max_open_files,
            max_output_bytes,
        }
    }
}

impl From<wit::ProcessLimits> for os::ProcessLimits {
    fn from(limits: wit::ProcessLimits) -> Self {
        Self {
            max_memory_bytes: limits.max_memory_bytes,
            max_cpu_time: limits.max_cpu_time_ms.map(Duration::from_millis),
            max_wall_time: limits.max_wall_time_ms.map(Duration::from_millis),
            max_open_files: limits.max_open_files,
            max_output_bytes: limits.max_output_bytes,
        }
    }
}

impl From<os::PipelineOutput> for wit::PipelineOutput {
    fn from(output: os::PipelineOutput) -> Self {
        let statuses = output.statuses.into_iter().map(Into::into).collect();
        Self { statuses, stdout: output.stdout, stderr: output.stderr }
    }
}

impl From<wit::Command> for os::Command {
    fn from(command: wit::Command) -> Self {
        Self {
            program: command.program,
            arguments: command.arguments,
            inherit: command.environment.inherit,
            set: command.environment.set,
            working_directory: command.working_directory,
            stdin: command.stdio.stdin.into(),
            stdout: command.stdio.stdout.into(),
            stderr: command.stdio.stderr.into(),
            limits: command.limits.into(),
        }
    }
}

impl From<wit::Stdio> for os::Stdio {
    fn from(stdio: wit::Stdio) -> Self {
        match stdio {
            wit::Stdio::Null => Self::Null,
            wit::Stdio::Piped => Self::Piped,
            wit::Stdio::Inherit => Self::Inherit,
            wit::Stdio::ReadFile(path) => Self::ReadFile(path),
            wit::Stdio::WriteFile(path) => Self::WriteFile(path),
            wit::Stdio::AppendFile(path) => Self::AppendFile(path),
            wit::Stdio::ToStdout => Self::ToStdout,
        }
    }
}

impl From<os::ExitStatus> for wit::ExitStatus {
    fn from(status: os::ExitStatus) -> Self {
        match status {
            os::ExitStatus::Code(code) => Self::Code(code),
            os::ExitStatus::Signaled(signal) => Self::Signaled(signal.into()),
        }
    }
}

impl From<os::StateChange> for wit::StateChange {
    fn from(change: os::StateChange) -> Self {
        match change {
            os::StateChange::Stopped(signal) => Self::Stopped(signal.into()),
            os::StateChange::Continued => Self::Continued,
            os::StateChange::Exited(status) => Self::Exited(status.into()),
        }
    }
}

impl From<os::ProcessInfo> for wit::ProcessInfo {
    fn from(info: os::ProcessInfo) -> Self {
        Self {
            id: info.id,
            program: info.program,
            arguments: info.arguments,
            started: timestamp(info.started.duration_since(UNIX_EPOCH).unwrap_or_default()),
            state: info.state.into(),
            exit: info.exit.map(Into::into),
        }
    }
}

impl From<os::SignalInfo> for wit::SignalInfo {
    fn from(info: os::SignalInfo) -> Self {
        Self { signal: info.signal.into(), number: info.signal.0, name: info.name }
    }
}

/// The signals that the contract names, with their numbers.
macro_rules! named_signals {
    ($($name:ident),*) => {
        impl From<os::Signal> for wit::Signal {
            fn from(signal: os::Signal) -> Self {
                match signal { $(os::Signal::$name => named!($name),)* os::Signal(number) => Self::Other(number) }
            }
        }

        impl From<wit::Signal> for os::Signal {
            fn from(signal: wit::Signal) -> Self {
                match signal { $(named!($name) => Self::$name,)* wit::Signal::Other(number) => Self(number) }
            }
        }
    };
}

macro_rules! named {
    (HANGUP) => {
        wit::Signal::Hangup
    };
    (INTERRUPT) => {
        wit::Signal::Interrupt
    };
    (QUIT) => {
        wit::Signal::Quit
    };
    (ABORT) => {
        wit::Signal::Abort
    };
    (KILL) => {
        wit::Signal::Kill
    };
    (USER1) => {
        wit::Signal::User1
    };
    (USER2) => {
        wit::Signal::User2
    };
    (PIPE) => {
        wit::Signal::Pipe
    };
    (ALARM) => {
        wit::Signal::Alarm
    };
    (TERMINATE) => {
        wit::Signal::Terminate
    };
    (STOP) => {
        wit::Signal::Stop
    };
    (CONTINUE) => {
        wit::Signal::Continue
    };
}

named_signals!(HANGUP, INTERRUPT, QUIT, ABORT, KILL, USER1, USER2, PIPE, ALARM, TERMINATE, STOP, CONTINUE);
