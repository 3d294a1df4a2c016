//! `processes`, `stdio` and `signals`, forwarded.

use airssys_wasm_sdk::ProcessError as SdkError;
use airssys_wasm_sdk::{processes, signals, stdio};

use crate::Exports;
use crate::bindings::airssys::core::types::Timestamp;
use crate::bindings::airssys::ext_process::types as wit;
use crate::bindings::exports::airssys::ext_process as exports;
use crate::host_services::denial;
use crate::milliseconds;

type Result<T> = std::result::Result<T, wit::ProcessError>;

fn error(error: SdkError) -> wit::ProcessError {
    use wit::ProcessError as Wit;
    match error {
        SdkError::PermissionDenied(reason) => Wit::PermissionDenied(denial(reason)),
        SdkError::ProgramNotFound(program) => Wit::ProgramNotFound(program),
        SdkError::NotExecutable(program) => Wit::NotExecutable(program),
        SdkError::ProcessNotFound(id) => Wit::ProcessNotFound(id),
        SdkError::AlreadyExited(status) => Wit::AlreadyExited(exit_status(status)),
        SdkError::NotPiped(stream) => Wit::NotPiped(match stream {
            stdio::StdioStream::Stdin => wit::StdioStream::Stdin,
            stdio::StdioStream::Stdout => wit::StdioStream::Stdout,
            stdio::StdioStream::Stderr => wit::StdioStream::Stderr,
        }),
        SdkError::StdinClosed => Wit::StdinClosed,
        SdkError::Timeout => Wit::Timeout,
        SdkError::TooManyProcesses => Wit::TooManyProcesses,
        SdkError::OutputTooLarge(limit) => Wit::OutputTooLarge(limit),
        SdkError::InvalidArgument(text) => Wit::InvalidArgument(text),
        SdkError::Unsupported(text) => Wit::Unsupported(text),
        SdkError::Io(text) => Wit::Io(text),
        other => unreachable!("the contract has no such case: {other}"),
    }
}

fn signal_to_sdk(signal: wit::Signal) -> signals::Signal {
    use signals::Signal as Sdk;
    match signal {
        wit::Signal::Hangup => Sdk::Hangup,
        wit::Signal::Interrupt => Sdk::Interrupt,
        wit::Signal::Quit => Sdk::Quit,
        wit::Signal::Abort => Sdk::Abort,
        wit::Signal::Kill => Sdk::Kill,
        wit::Signal::User1 => Sdk::User1,
        wit::Signal::User2 => Sdk::User2,
        wit::Signal::Pipe => Sdk::Pipe,
        wit::Signal::Alarm => Sdk::Alarm,
        wit::Signal::Terminate => Sdk::Terminate,
        wit::Signal::Stop => Sdk::Stop,
        wit::Signal::Continue => Sdk::Continue,
        wit::Signal::Other(number) => Sdk::Other(number),
    }
}

fn signal_to_wit(signal: signals::Signal) -> wit::Signal {
    use signals::Signal as Sdk;
    match signal {
        Sdk::Hangup => wit::Signal::Hangup,
        Sdk::Interrupt => wit::Signal::Interrupt,
        Sdk::Quit => wit::Signal::Quit,
        Sdk::Abort => wit::Signal::Abort,
        Sdk::Kill => wit::Signal::Kill,
        Sdk::User1 => wit::Signal::User1,
        Sdk::User2 => wit::Signal::User2,
        Sdk::Pipe => wit::Signal::Pipe,
        Sdk::Alarm => wit::Signal::Alarm,
        Sdk::Terminate => wit::Signal::Terminate,
        Sdk::Stop => wit::Signal::Stop,
        Sdk::Continue => wit::Signal::Continue,
        Sdk::Other(number) => wit::Signal::Other(number),
    }
}

fn exit_status(status: processes::ExitStatus) -> wit::ExitStatus {
    match status {
        processes::ExitStatus::Code(code) => wit::ExitStatus::Code(code),
        processes::ExitStatus::Signaled(signal) => wit::ExitStatus::Signaled(signal_to_wit(signal)),
    }
}

fn stdio_to_sdk(stdio: wit::Stdio) -> stdio::Stdio {
    match stdio {
        wit::Stdio::Null => stdio::Stdio::Null,
        wit::Stdio::Piped => stdio::Stdio::Piped,
        wit::Stdio::Inherit => stdio::Stdio::Inherit,
        wit::Stdio::ReadFile(path) => stdio::Stdio::ReadFile(path),
        wit::Stdio::WriteFile(path) => stdio::Stdio::WriteFile(path),
        wit::Stdio::AppendFile(path) => stdio::Stdio::AppendFile(path),
        wit::Stdio::ToStdout => stdio::Stdio::ToStdout,
    }
}

fn limits_to_sdk(limits: wit::ProcessLimits) -> processes::ProcessLimits {
    processes::ProcessLimits {
        max_memory_bytes: limits.max_memory_bytes,
        max_cpu_time: limits.max_cpu_time_ms.map(milliseconds::duration),
        max_wall_time: limits.max_wall_time_ms.map(milliseconds::duration),
        max_open_files: limits.max_open_files,
        max_output_bytes: limits.max_output_bytes,
    }
}

fn command(command: wit::Command) -> processes::Command {
    let mut sdk = processes::Command::new(command.program)
        .arguments(command.arguments)
        .stdin(stdio_to_sdk(command.stdio.stdin))
        .stdout(stdio_to_sdk(command.stdio.stdout))
        .stderr(stdio_to_sdk(command.stdio.stderr))
        .limits(limits_to_sdk(command.limits));
    for name in command.environment.inherit {
        sdk = sdk.inherit_environment(name);
    }
    for (name, value) in command.environment.set {
        sdk = sdk.environment(name, value);
    }
    match command.working_directory {
        Some(path) => sdk.working_directory(path),
        None => sdk,
    }
}

fn info(info: processes::ProcessInfo) -> wit::ProcessInfo {
    wit::ProcessInfo {
        id: info.id,
        program: info.program,
        arguments: info.arguments,
        started: Timestamp { seconds: info.started.seconds, nanoseconds: info.started.nanoseconds },
        state: match info.state {
            processes::ProcessState::Running => wit::ProcessState::Running,
            processes::ProcessState::Stopped => wit::ProcessState::Stopped,
            processes::ProcessState::Exited => wit::ProcessState::Exited,
        },
        exit: info.exit.map(exit_status),
    }
}

fn output(output: processes::ProcessOutput) -> wit::ProcessOutput {
    wit::ProcessOutput { status: exit_status(output.status), stdout: output.stdout, stderr: output.stderr }
}

pub struct Process(processes::Process);

impl exports::processes::GuestProcess for Process {
    fn id(&self) -> wit::ProcessId {
        self.0.id()
    }

    fn info(&self) -> Result<wit::ProcessInfo> {
        self.0.info().map(info).map_err(error)
    }

    fn wait(&self) -> Result<wit::ExitStatus> {
        self.0.wait().map(exit_status).map_err(error)
    }

    fn wait_timeout(&self, timeout_ms: u32) -> Result<Option<wit::ExitStatus>> {
        let status = self.0.wait_timeout(milliseconds::duration(timeout_ms)).map_err(error)?;
        Ok(status.map(exit_status))
    }

    fn try_wait(&self) -> Result<Option<wit::ExitStatus>> {
        Ok(self.0.try_wait().map_err(error)?.map(exit_status))
    }

    fn is_running(&self) -> bool {
        self.0.is_running()
    }

    fn usage(&self) -> Result<wit::ProcessUsage> {
        let usage = self.0.usage().map_err(error)?;
        Ok(wit::ProcessUsage {
            user_time_ms: milliseconds::long(usage.user_time),
            system_time_ms: milliseconds::long(usage.system_time),
            max_resident_bytes: usage.max_resident_bytes,
        })
    }

    fn limits(&self) -> Result<wit::ProcessLimits> {
        let limits = self.0.limits().map_err(error)?;
        Ok(wit::ProcessLimits {
            max_memory_bytes: limits.max_memory_bytes,
            max_cpu_time_ms: limits.max_cpu_time.map(milliseconds::long),
            max_wall_time_ms: limits.max_wall_time.map(milliseconds::long),
            max_open_files: limits.max_open_files,
            max_output_bytes: limits.max_output_bytes,
        })
    }

    fn set_limits(&self, limits: wit::ProcessLimits) -> Result<()> {
        self.0.set_limits(&limits_to_sdk(limits)).map_err(error)
    }
}

impl exports::processes::Guest for Exports {
    type Process = Process;

    fn spawn(what: wit::Command) -> Result<exports::processes::Process> {
        let process = command(what).spawn().map_err(error)?;
        Ok(exports::processes::Process::new(Process(process)))
    }

    fn run(what: wit::Command, stdin: Vec<u8>) -> Result<wit::ProcessOutput> {
        command(what).run(&stdin).map(output).map_err(error)
    }

    fn run_pipeline(commands: Vec<wit::Command>, stdin: Vec<u8>) -> Result<wit::PipelineOutput> {
        let commands: Vec<_> = commands.into_iter().map(command).collect();
        let output = processes::run_pipeline(&commands, &stdin).map_err(error)?;
        Ok(wit::PipelineOutput {
            statuses: output.statuses.into_iter().map(exit_status).collect(),
            stdout: output.stdout,
            stderr: output.stderr,
        })
    }

    fn wait_any(ids: Vec<wit::ProcessId>, timeout_ms: Option<u32>) -> Result<Option<wit::Finished>> {
        let finished = processes::wait_any(&ids, timeout_ms.map(milliseconds::duration)).map_err(error)?;
        Ok(finished.map(|finished| wit::Finished { index: finished.index, status: exit_status(finished.status) }))
    }

    fn list_processes() -> Vec<wit::ProcessInfo> {
        processes::list_processes().into_iter().map(info).collect()
    }

    fn get_process_info(id: wit::ProcessId) -> Result<wit::ProcessInfo> {
        processes::get_process_info(id).map(info).map_err(error)
    }
}

/// The process of the SDK that a handle stands for.
fn held<'a>(process: &'a exports::processes::ProcessBorrow<'_>) -> &'a processes::Process {
    &process.get::<Process>().0
}

impl exports::stdio::Guest for Exports {
    fn write_stdin(process: exports::processes::ProcessBorrow<'_>, data: Vec<u8>) -> Result<u32> {
        held(&process).stdin().write(&data).map_err(error)
    }

    fn close_stdin(process: exports::processes::ProcessBorrow<'_>) -> Result<()> {
        held(&process).stdin().close().map_err(error)
    }

    fn read_stdout(process: exports::processes::ProcessBorrow<'_>, max_bytes: u32) -> Result<Vec<u8>> {
        held(&process).stdout().read(max_bytes).map_err(error)
    }

    fn read_stderr(process: exports::processes::ProcessBorrow<'_>, max_bytes: u32) -> Result<Vec<u8>> {
        held(&process).stderr().read(max_bytes).map_err(error)
    }

    fn read_stdout_to_end(process: exports::processes::ProcessBorrow<'_>) -> Result<Vec<u8>> {
        held(&process).stdout().read_to_end().map_err(error)
    }

    fn read_stderr_to_end(process: exports::processes::ProcessBorrow<'_>) -> Result<Vec<u8>> {
        held(&process).stderr().read_to_end().map_err(error)
    }

    fn communicate(process: exports::processes::ProcessBorrow<'_>, input: Vec<u8>) -> Result<wit::ProcessOutput> {
        held(&process).communicate(&input).map(output).map_err(error)
    }
}

impl exports::signals::Guest for Exports {
    fn send_signal(
        process: exports::processes::ProcessBorrow<'_>,
        signal: wit::Signal,
        target: wit::SignalTarget,
    ) -> Result<()> {
        let target = match target {
            wit::SignalTarget::Process => signals::SignalTarget::Process,
            wit::SignalTarget::Group => signals::SignalTarget::Group,
        };
        held(&process).send_signal(signal_to_sdk(signal), target).map_err(error)
    }

    fn interrupt(process: exports::processes::ProcessBorrow<'_>) -> Result<()> {
        held(&process).interrupt().map_err(error)
    }

    fn terminate(process: exports::processes::ProcessBorrow<'_>, grace_ms: u32) -> Result<wit::ExitStatus> {
        held(&process).terminate(milliseconds::duration(grace_ms)).map(exit_status).map_err(error)
    }

    fn kill(process: exports::processes::ProcessBorrow<'_>) -> Result<()> {
        held(&process).kill().map_err(error)
    }

    fn kill_group(process: exports::processes::ProcessBorrow<'_>) -> Result<()> {
        held(&process).kill_group().map_err(error)
    }

    fn suspend(process: exports::processes::ProcessBorrow<'_>) -> Result<()> {
        held(&process).suspend().map_err(error)
    }

    fn resume(process: exports::processes::ProcessBorrow<'_>) -> Result<()> {
        held(&process).resume().map_err(error)
    }

    fn wait_state_change(
        process: exports::processes::ProcessBorrow<'_>,
        timeout_ms: Option<u32>,
    ) -> Result<Option<wit::StateChange>> {
        let timeout = timeout_ms.map(milliseconds::duration);
        let change = held(&process).wait_state_change(timeout).map_err(error)?;
        Ok(change.map(|change| match change {
            signals::StateChange::Stopped(signal) => wit::StateChange::Stopped(signal_to_wit(signal)),
            signals::StateChange::Continued => wit::StateChange::Continued,
            signals::StateChange::Exited(status) => wit::StateChange::Exited(exit_status(status)),
        }))
    }

    fn parse_signal(name_or_number: String) -> Result<wit::Signal> {
        signals::parse_signal(&name_or_number).map(signal_to_wit).map_err(error)
    }

    fn list_signals() -> Vec<wit::SignalInfo> {
        let signals = signals::list_signals().into_iter();
        signals
            .map(|info| wit::SignalInfo { signal: signal_to_wit(info.signal), number: info.number, name: info.name })
            .collect()
    }
}
