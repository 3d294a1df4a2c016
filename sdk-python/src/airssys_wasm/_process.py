"""Values of `airssys:ext-process` in the form of this package and in the form of the boundary."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ParamSpec, TypeVar, Unpack, assert_never

from . import _arguments, _core, _host, errors
from . import process_types as types

if TYPE_CHECKING:
    from wit_world.imports import process_types as _types
    from wit_world.imports import processes as _processes
else:
    _types = _host.interface("process_types")

P = ParamSpec("P")
T = TypeVar("T")


def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls the host; a `process-error` is raised as a `ProcessError`."""
    return _host.call(error, function, *args, **kwargs)


class Handle:
    """A process as the host knows it, for the process and its streams together.

    They do not refer to each other, so that a process that nobody closes still ends with its last reference.
    """

    def __init__(self, process: _processes.Process) -> None:
        self._process: _processes.Process | None = process

    def open(self) -> _processes.Process:
        if self._process is None:
            raise ValueError("operation on closed process")
        return self._process

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.__exit__(None, None, None)


def error(error: _types.ProcessError) -> errors.ProcessError:
    match error:
        case _types.ProcessError_PermissionDenied(denial):
            return errors.ProcessPermissionDenied(_core.denial_from_host(denial))
        case _types.ProcessError_ProgramNotFound(program):
            return errors.ProgramNotFound(program)
        case _types.ProcessError_NotExecutable(program):
            return errors.NotExecutable(program)
        case _types.ProcessError_ProcessNotFound(id):
            return errors.ProcessNotFound(id)
        case _types.ProcessError_AlreadyExited(status):
            return errors.AlreadyExited(status_from_host(status))
        case _types.ProcessError_NotPiped(stream):
            return errors.NotPiped(types.StdioStream[stream.name])
        case _types.ProcessError_StdinClosed():
            return errors.StdinClosed()
        case _types.ProcessError_Timeout():
            return errors.ProcessTimeout()
        case _types.ProcessError_TooManyProcesses():
            return errors.TooManyProcesses()
        case _types.ProcessError_OutputTooLarge(limit):
            return errors.OutputTooLarge(limit)
        case _types.ProcessError_InvalidArgument(text):
            return errors.ProcessInvalidArgument(text)
        case _types.ProcessError_Unsupported(text):
            return errors.ProcessUnsupported(text)
        case _types.ProcessError_Io(text):
            return errors.ProcessIo(text)
    assert_never(error)


def _command(command: types.CommandLike, options: types.CommandOptions) -> types.Command:
    """Gives a command of what describes one."""
    if isinstance(command, types.Command):
        return dataclasses.replace(command, **options) if options else command
    if isinstance(command, str):
        return types.Command(command, **options)
    if not command:
        raise ValueError("a command needs a program")
    return types.Command(command[0], command[1:], **options)


def _list(name: str, values: Sequence[str]) -> Sequence[str]:
    """Refuses a text, which is a sequence of texts, too, each of one character."""
    if isinstance(values, str):
        raise TypeError(f"{name} must be a list of texts, not {values!r}")
    return values


def command_to_host(command: types.CommandLike, **options: Unpack[types.CommandOptions]) -> _types.Command:
    made = _command(command, options)
    text, variables = _arguments.text, made.environment
    pairs = variables.items() if isinstance(variables, Mapping) else variables
    return _types.Command(
        program=text(made.program),
        arguments=[text(argument) for argument in _list("arguments", made.arguments)],
        environment=_types.Environment(
            inherit=[text(name) for name in _list("inherit", made.inherit)],
            set=[(text(name), text(value)) for name, value in pairs],
        ),
        working_directory=None if made.working_directory is None else _arguments.path(made.working_directory),
        stdio=_types.StdioConfig(
            stdin=_stdio_to_host(made.stdin), stdout=_stdio_to_host(made.stdout), stderr=_stdio_to_host(made.stderr)
        ),
        limits=limits_to_host(made.limits),
    )


def _stdio_to_host(target: types.StdioTarget) -> _types.Stdio:
    match target:
        case types.Stdio.NULL:
            return _types.Stdio_Null()
        case types.Stdio.PIPED:
            return _types.Stdio_Piped()
        case types.Stdio.INHERIT:
            return _types.Stdio_Inherit()
        case types.Stdio.TO_STDOUT:
            return _types.Stdio_ToStdout()
        case types.ReadFile(path):
            return _types.Stdio_ReadFile(_arguments.path(path))
        case types.WriteFile(path):
            return _types.Stdio_WriteFile(_arguments.path(path))
        case types.AppendFile(path):
            return _types.Stdio_AppendFile(_arguments.path(path))
    raise TypeError(f"not what a stream comes from or goes to: {target!r}")


def limits_from_host(limits: _types.ProcessLimits) -> types.ProcessLimits:
    return types.ProcessLimits(
        max_memory_bytes=limits.max_memory_bytes,
        max_cpu_time_ms=limits.max_cpu_time_ms,
        max_wall_time_ms=limits.max_wall_time_ms,
        max_open_files=limits.max_open_files,
        max_output_bytes=limits.max_output_bytes,
    )


def limits_to_host(limits: types.ProcessLimits) -> _types.ProcessLimits:
    number = _arguments.optional_u64
    return _types.ProcessLimits(
        max_memory_bytes=number("max_memory_bytes", limits.max_memory_bytes),
        max_cpu_time_ms=number("max_cpu_time_ms", limits.max_cpu_time_ms),
        max_wall_time_ms=number("max_wall_time_ms", limits.max_wall_time_ms),
        max_open_files=_arguments.optional_u32("max_open_files", limits.max_open_files),
        max_output_bytes=number("max_output_bytes", limits.max_output_bytes),
    )


def signal_from_host(signal: _types.Signal) -> types.AnySignal:
    if isinstance(signal, _types.Signal_Other):
        return types.OtherSignal(signal.value)
    # The cases without a number are named as the members, so that a table would only say it again.
    return types.Signal(type(signal).__name__.removeprefix("Signal_").lower())


def signal_to_host(signal: types.AnySignal) -> _types.Signal:
    if isinstance(signal, types.OtherSignal):
        return _types.Signal_Other(_arguments.u8("number", signal.number))
    case: _types.Signal = getattr(_types, f"Signal_{signal.value.capitalize()}")()
    return case


def status_from_host(status: _types.ExitStatus) -> types.ExitStatus:
    match status:
        case _types.ExitStatus_Code(code):
            return types.ExitStatus(code=code)
        case _types.ExitStatus_Signaled(signal):
            return types.ExitStatus(signal=signal_from_host(signal))
    assert_never(status)


def optional_status_from_host(status: _types.ExitStatus | None) -> types.ExitStatus | None:
    return None if status is None else status_from_host(status)


def info_from_host(info: _types.ProcessInfo) -> types.ProcessInfo:
    return types.ProcessInfo(
        id=info.id,
        program=info.program,
        arguments=tuple(info.arguments),
        started=_core.timestamp_from_host(info.started),
        state=types.ProcessState[info.state.name],
        exit=optional_status_from_host(info.exit),
    )


def output_from_host(output: _types.ProcessOutput) -> types.ProcessOutput:
    return types.ProcessOutput(status_from_host(output.status), output.stdout, output.stderr)


def change_from_host(change: _types.StateChange) -> types.StateChange:
    match change:
        case _types.StateChange_Stopped(signal):
            return types.Stopped(signal_from_host(signal))
        case _types.StateChange_Continued():
            return types.Continued()
        case _types.StateChange_Exited(status):
            return types.Exited(status_from_host(status))
    assert_never(change)
