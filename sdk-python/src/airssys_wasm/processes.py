"""Starting processes, waiting for them, and what is known about them.

    output = processes.run(["sort", "-rn"], numbers, environment={"LC_ALL": "C"})
    if output.status.success: ...

    with processes.spawn(["tail", "-f", "/var/log/syslog"]) as tail:
        for line in tail.stdout: ...

A child gets only the environment that its command names, a process group of its own, the limits that apply, and no file
descriptor of the host. The host confines it to the filesystem and network permissions of the component, or refuses to
start it unless the operator says otherwise.

Every error is a `ProcessError` and with that an `OSError`, such as `FileNotFoundError` for a program; a denial is a
`PermissionDenied`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self, SupportsIndex, Unpack

from . import _arguments, _host, _process
from ._arguments import BytesLike
from .process_types import (
    AppendFile,
    Command,
    CommandLike,
    CommandOptions,
    EnvironmentLike,
    ExitStatus,
    Finished,
    PipelineOutput,
    ProcessInfo,
    ProcessLimits,
    ProcessOutput,
    ProcessState,
    ProcessUsage,
    ReadFile,
    Stdio,
    StdioTarget,
    WriteFile,
)
from .stdio import InputStream, OutputStream

if TYPE_CHECKING:
    from wit_world.imports import processes as _processes
else:
    _processes = _host.interface("processes")

__all__ = [
    "AppendFile",
    "Command",
    "CommandLike",
    "CommandOptions",
    "EnvironmentLike",
    "ExitStatus",
    "Finished",
    "PipelineOutput",
    "Process",
    "ProcessInfo",
    "ProcessLimits",
    "ProcessOutput",
    "ProcessState",
    "ProcessUsage",
    "ReadFile",
    "Stdio",
    "StdioTarget",
    "WriteFile",
    "get_process_info",
    "list_processes",
    "run",
    "run_pipeline",
    "spawn",
    "wait_any",
]

_BUFFER_BYTES = 1 << 16
"""How much the streams of output ask for at once: what a pipe of Linux holds."""


class Process:
    """A child of this component, made by `spawn`. Close it, or use it in a `with` statement.

    Closing it kills the child and what the child has started, and so does the end of the component. The functions of
    `stdio` and `signals` take it. No method needs a permission; every method can raise `ProcessIo`, and `ValueError`
    when the process is closed.
    """

    def __init__(self, handle: _processes.Process) -> None:
        self._handle = _process.Handle(handle)
        self._stdin = InputStream(self._handle)
        self._stdout: io.BufferedReader = io.BufferedReader(OutputStream(self._handle, "stdout"), _BUFFER_BYTES)
        self._stderr: io.BufferedReader = io.BufferedReader(OutputStream(self._handle, "stderr"), _BUFFER_BYTES)

    @property
    def id(self) -> int:
        """The id of the process."""
        return self._handle.open().id()

    @property
    def stdin(self) -> InputStream:
        """Its standard input, to write to; closing it is the end of the input.

        It raises `NotPiped` if it is used and is not `Stdio.PIPED`.
        """
        return self._stdin

    @property
    def stdout(self) -> io.BufferedReader:
        """Its standard output, to read from, or to iterate over line by line.

        It raises `NotPiped` if it is used and is not `Stdio.PIPED`. It reads ahead, so do not use `stdio.read_stdout`,
        `stdio.read_stdout_to_end` and `stdio.communicate` together with it.
        """
        return self._stdout

    @property
    def stderr(self) -> io.BufferedReader:
        """Its standard error, as `stdout`."""
        return self._stderr

    def info(self) -> ProcessInfo:
        """Says what the process is and what it does, before and after it has ended."""
        return _process.info_from_host(_process.call(self._handle.open().info))

    def wait(self) -> ExitStatus:
        """Waits until the process has ended, as long as the call may take. Called again, it gives the same answer.

        Output that nobody reads can keep a process from ending; `stdio.communicate` reads it while it waits.
        """
        return _process.status_from_host(_process.call(self._handle.open().wait))

    def wait_timeout(self, timeout_ms: SupportsIndex) -> ExitStatus | None:
        """Waits until the process has ended, but at most this many milliseconds. Gives `None` if it still goes on.

        Raises:
            ValueError: `timeout_ms` is not between 0 and 2**32 - 1.
        """
        timeout = _arguments.u32("timeout_ms", timeout_ms)
        return _process.optional_status_from_host(_process.call(self._handle.open().wait_timeout, timeout))

    def try_wait(self) -> ExitStatus | None:
        """Says how the process has ended, without waiting. Gives `None` if it still goes on."""
        return _process.optional_status_from_host(_process.call(self._handle.open().try_wait))

    def is_running(self) -> bool:
        """Says whether the process has not ended yet. A stopped process has not."""
        return self._handle.open().is_running()

    def usage(self) -> ProcessUsage:
        """Gives what the process has used, also after it has ended.

        Raises:
            ProcessUnsupported: the host cannot measure it.
        """
        usage = _process.call(self._handle.open().usage)
        return ProcessUsage(usage.user_time_ms, usage.system_time_ms, usage.max_resident_bytes)

    def limits(self) -> ProcessLimits:
        """Gives the limits that the process runs under. What its command or `set_limits` has set reads back."""
        return _process.limits_from_host(_process.call(self._handle.open().limits))

    def set_limits(self, limits: ProcessLimits) -> None:
        """Sets the limits of the process, all at once. They count from its start.

        Raises:
            AlreadyExited: the process has ended.
            ProcessInvalidArgument: a limit is above that of the host.
            ProcessUnsupported: the host cannot change a limit of a running process.
            ValueError: a number is negative or too large.
        """
        _process.call(self._handle.open().set_limits, _process.limits_to_host(limits))

    def close(self) -> None:
        """Kills the process and what it has started. Closing it again does nothing."""
        self._handle.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def spawn(command: CommandLike, **options: Unpack[CommandOptions]) -> Process:
    """Starts a program and returns without waiting for it.

    Permission: `process = [{ action = "spawn", program = "<path>" }]`, where the path is absolute and with links
    resolved. Files among the standard streams need their filesystem permission as well.

    Args:
        command: what to start: a `Command`, or a list of program and arguments.
        options: what else a `Command` has: `environment`, `inherit`, `working_directory`, `stdin`, `stdout`, `stderr`
            and `limits`.

    Raises:
        PermissionDenied: a permission is missing.
        ProgramNotFound: there is no such program.
        NotExecutable: the program cannot be executed.
        ProcessInvalidArgument: a text contains NUL, the name of a variable is empty, contains `=` or is one with which
            programs load code, a stream is not for what it was given, the working directory is none, or a limit is
            above that of the host.
        TooManyProcesses: the limit on processes is reached.
        ProcessUnsupported: the host cannot confine the child, or cannot give it such a stream.
        ProcessIo: a file among the standard streams cannot be opened, or the host's operating system failed.
        ValueError: there is no program, or a number is negative or too large.
    """
    return Process(_process.call(_processes.spawn, _process.command_to_host(command, **options)))


def run(command: CommandLike, input: BytesLike = b"", **options: Unpack[CommandOptions]) -> ProcessOutput:
    """Starts a program, writes `input` to it, closes that, collects what it writes, and waits until it has ended.

    All of it goes on at once, so that large input and output do not block each other. An output that is not
    `Stdio.PIPED` goes where the command says and is empty in the result. A program that does not read its input, or
    fails, is no error of this function: see `ProcessOutput.status`.

    Permission: `process = [{ action = "spawn", program = "<path>" }]`, as for `spawn`.

    Args:
        command: what to start: a `Command`, or a list of program and arguments.
        input: what it reads from standard input.
        options: what else a `Command` has, as for `spawn`.

    Raises:
        ProcessTimeout: the process took longer than `max_wall_time_ms`. It and what it has started are gone.
        OutputTooLarge: a stream had more than `max_output_bytes`. The process and what it has started are gone.
        PermissionDenied, ProgramNotFound, NotExecutable, ProcessInvalidArgument, TooManyProcesses, ProcessUnsupported,
        ProcessIo, ValueError: as for `spawn`.
    """
    made = _process.command_to_host(command, **options)
    return _process.output_from_host(_process.call(_processes.run, made, _arguments.data(input)))


def run_pipeline(commands: Iterable[CommandLike], input: BytesLike = b"") -> PipelineOutput:
    """Starts programs, each of which reads what the one before it writes, and waits until all have ended.

    The first reads `input`; what the last one writes is the output. One that fails does not end the others and shows in
    the statuses. The standard input and output that the commands name are not used.

    Permission: `process = [{ action = "spawn", program = "<path>" }]` for each program. If it is missing for one, none
    is started.

    Raises:
        ProcessInvalidArgument: there is no command, or as for `spawn`.
        ProcessTimeout: a process took longer than its `max_wall_time_ms`. All of them are gone.
        OutputTooLarge: the output had more than `max_output_bytes` of the command. All of them are gone.
        PermissionDenied, ProgramNotFound, NotExecutable, TooManyProcesses, ProcessUnsupported, ProcessIo, ValueError:
            as for `spawn`. None of them is left.
    """
    made = [_process.command_to_host(command) for command in commands]
    output = _process.call(_processes.run_pipeline, made, _arguments.data(input))
    statuses = tuple(_process.status_from_host(status) for status in output.statuses)
    return PipelineOutput(statuses, output.stdout, output.stderr)


def wait_any(processes: Iterable[Process | SupportsIndex], timeout_ms: SupportsIndex | None = None) -> Finished | None:
    """Waits until one of several processes has ended, and says which. If several have, it is the first in the list.

    It waits at most `timeout_ms` milliseconds and then gives `None`; without it, as long as the call may take.

    Permission: none, for the component's own processes.

    Args:
        processes: the processes, or their ids.
        timeout_ms: how long to wait.

    Raises:
        ProcessInvalidArgument: the list is empty.
        ProcessNotFound: an id is not that of a process of this component.
        ProcessIo: the host's operating system failed.
        ValueError: a number is not between 0 and 2**32 - 1, or a process is closed.
    """
    ids = [given.id if isinstance(given, Process) else _arguments.u32("id", given) for given in processes]
    finished = _process.call(_processes.wait_any, ids, _arguments.optional_u32("timeout_ms", timeout_ms))
    return None if finished is None else Finished(finished.index, _process.status_from_host(finished.status))


def list_processes() -> list[ProcessInfo]:
    """Gives the processes that the component has started and not closed, ended ones included. It shows no others.

    Permission: none.
    """
    return [_process.info_from_host(info) for info in _processes.list_processes()]


def get_process_info(id: SupportsIndex) -> ProcessInfo:
    """Says what one of the component's processes is and what it does.

    Permission: none, for the component's own processes.

    Raises:
        ProcessNotFound: the id is not that of a process of this component.
        ProcessIo: the host's operating system failed.
        ValueError: `id` is not between 0 and 2**32 - 1.
    """
    return _process.info_from_host(_process.call(_processes.get_process_info, _arguments.u32("id", id)))
