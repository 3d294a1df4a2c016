"""Values of the SDK's process modules in the form in which the driver's exports give them back."""

from collections.abc import Callable

from airssys_wasm import errors
from airssys_wasm.errors import ProcessError
from airssys_wasm.process_types import (
    AnySignal,
    AppendFile,
    Command,
    Continued,
    Exited,
    ExitStatus,
    OtherSignal,
    ProcessInfo,
    ProcessLimits,
    ProcessOutput,
    ReadFile,
    Signal,
    StateChange,
    Stdio,
    StdioTarget,
    Stopped,
    WriteFile,
)
from wit_world.imports import process_types

from convert import denial, from_timestamp

PLAIN_ERRORS: dict[type[ProcessError], Callable[[], process_types.ProcessError]] = {
    errors.StdinClosed: process_types.ProcessError_StdinClosed,
    errors.ProcessTimeout: process_types.ProcessError_Timeout,
    errors.TooManyProcesses: process_types.ProcessError_TooManyProcesses,
}
TEXT_ERRORS: dict[type[ProcessError], Callable[[str], process_types.ProcessError]] = {
    errors.ProcessInvalidArgument: process_types.ProcessError_InvalidArgument,
    errors.ProcessUnsupported: process_types.ProcessError_Unsupported,
    errors.ProcessIo: process_types.ProcessError_Io,
}
SIGNALS: dict[Signal, Callable[[], process_types.Signal]] = {
    Signal.HANGUP: process_types.Signal_Hangup,
    Signal.INTERRUPT: process_types.Signal_Interrupt,
    Signal.QUIT: process_types.Signal_Quit,
    Signal.ABORT: process_types.Signal_Abort,
    Signal.KILL: process_types.Signal_Kill,
    Signal.USER1: process_types.Signal_User1,
    Signal.USER2: process_types.Signal_User2,
    Signal.PIPE: process_types.Signal_Pipe,
    Signal.ALARM: process_types.Signal_Alarm,
    Signal.TERMINATE: process_types.Signal_Terminate,
    Signal.STOP: process_types.Signal_Stop,
    Signal.CONTINUE: process_types.Signal_Continue,
}


def process_error(error: ProcessError) -> process_types.ProcessError:
    """Converts an error of the process interfaces."""
    match error:
        case errors.ProcessPermissionDenied():
            return process_types.ProcessError_PermissionDenied(denial(error))
        case errors.ProgramNotFound():
            return process_types.ProcessError_ProgramNotFound(error.filename)
        case errors.NotExecutable():
            return process_types.ProcessError_NotExecutable(error.filename)
        case errors.ProcessNotFound():
            return process_types.ProcessError_ProcessNotFound(error.id)
        case errors.AlreadyExited():
            return process_types.ProcessError_AlreadyExited(from_status(error.status))
        case errors.NotPiped():
            return process_types.ProcessError_NotPiped(process_types.StdioStream[error.stream.name])
        case errors.OutputTooLarge():
            return process_types.ProcessError_OutputTooLarge(error.limit)
    kind = type(error)
    if kind in PLAIN_ERRORS:
        return PLAIN_ERRORS[kind]()
    return TEXT_ERRORS[kind](str(error.strerror))


def to_command(command: process_types.Command) -> Command:
    """Converts a command for the SDK."""
    return Command(
        command.program,
        command.arguments,
        environment=command.environment.set,
        inherit=command.environment.inherit,
        working_directory=command.working_directory,
        stdin=to_stdio(command.stdio.stdin),
        stdout=to_stdio(command.stdio.stdout),
        stderr=to_stdio(command.stdio.stderr),
        limits=to_limits(command.limits),
    )


def to_stdio(stdio: process_types.Stdio) -> StdioTarget:
    """Converts what a stream comes from or goes to for the SDK."""
    match stdio:
        case process_types.Stdio_Null():
            return Stdio.NULL
        case process_types.Stdio_Piped():
            return Stdio.PIPED
        case process_types.Stdio_Inherit():
            return Stdio.INHERIT
        case process_types.Stdio_ReadFile(path):
            return ReadFile(path)
        case process_types.Stdio_WriteFile(path):
            return WriteFile(path)
        case process_types.Stdio_AppendFile(path):
            return AppendFile(path)
        case process_types.Stdio_ToStdout():
            return Stdio.TO_STDOUT


def to_limits(limits: process_types.ProcessLimits) -> ProcessLimits:
    """Converts limits for the SDK."""
    return ProcessLimits(
        max_memory_bytes=limits.max_memory_bytes,
        max_cpu_time_ms=limits.max_cpu_time_ms,
        max_wall_time_ms=limits.max_wall_time_ms,
        max_open_files=limits.max_open_files,
        max_output_bytes=limits.max_output_bytes,
    )


def from_limits(limits: ProcessLimits) -> process_types.ProcessLimits:
    """Converts limits of the SDK."""
    return process_types.ProcessLimits(
        max_memory_bytes=limits.max_memory_bytes,
        max_cpu_time_ms=limits.max_cpu_time_ms,
        max_wall_time_ms=limits.max_wall_time_ms,
        max_open_files=limits.max_open_files,
        max_output_bytes=limits.max_output_bytes,
    )


def to_signal(signal: process_types.Signal) -> AnySignal:
    """Converts a signal for the SDK."""
    if isinstance(signal, process_types.Signal_Other):
        return OtherSignal(signal.value)
    return next(member for member, case in SIGNALS.items() if case is type(signal))


def from_signal(signal: AnySignal) -> process_types.Signal:
    """Converts a signal of the SDK."""
    if isinstance(signal, OtherSignal):
        return process_types.Signal_Other(signal.number)
    return SIGNALS[signal]()


def from_status(status: ExitStatus) -> process_types.ExitStatus:
    """Converts how a process has ended."""
    if status.signal is not None:
        return process_types.ExitStatus_Signaled(from_signal(status.signal))
    assert status.code is not None
    return process_types.ExitStatus_Code(status.code)


def from_optional_status(status: ExitStatus | None) -> process_types.ExitStatus | None:
    """Converts how a process has ended, if it has."""
    return None if status is None else from_status(status)


def from_info(info: ProcessInfo) -> process_types.ProcessInfo:
    """Converts what is known about a process."""
    return process_types.ProcessInfo(
        id=info.id,
        program=info.program,
        arguments=list(info.arguments),
        started=from_timestamp(info.started),
        state=process_types.ProcessState[info.state.name],
        exit=from_optional_status(info.exit),
    )


def from_output(output: ProcessOutput) -> process_types.ProcessOutput:
    """Converts what a process wrote."""
    return process_types.ProcessOutput(from_status(output.status), output.stdout, output.stderr)


def from_change(change: StateChange) -> process_types.StateChange:
    """Converts a change of what a process does."""
    match change:
        case Stopped(signal):
            return process_types.StateChange_Stopped(from_signal(signal))
        case Continued():
            return process_types.StateChange_Continued()
        case Exited(status):
            return process_types.StateChange_Exited(from_status(status))
