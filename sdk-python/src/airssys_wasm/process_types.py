"""Types that the process interfaces share: the WIT interface `types` of the package `airssys:ext-process`."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TypeAlias, TypedDict

from ._arguments import StrPath
from .types import Timestamp

__all__ = [
    "AnySignal",
    "AppendFile",
    "Command",
    "CommandLike",
    "CommandOptions",
    "Continued",
    "EnvironmentLike",
    "ExitStatus",
    "Exited",
    "Finished",
    "OtherSignal",
    "PipelineOutput",
    "ProcessInfo",
    "ProcessLimits",
    "ProcessOutput",
    "ProcessState",
    "ProcessUsage",
    "ReadFile",
    "Signal",
    "SignalInfo",
    "SignalTarget",
    "StateChange",
    "Stdio",
    "StdioStream",
    "StdioTarget",
    "Stopped",
    "WriteFile",
]


class StdioStream(enum.Enum):
    """One of the standard streams of a process."""

    STDIN = "stdin"
    """Standard input."""
    STDOUT = "stdout"
    """Standard output."""
    STDERR = "stderr"
    """Standard error."""


class Stdio(enum.Enum):
    """Where a standard stream of a process comes from or goes to, other than a file."""

    NULL = "null"
    """Nowhere: nothing to read, and what is written is lost."""
    PIPED = "piped"
    """A pipe to the component, which uses it through `Process.stdin` and the like, or the functions of `stdio`."""
    INHERIT = "inherit"
    """The stream of the host, if the host allows it; otherwise the start raises `ProcessUnsupported`."""
    TO_STDOUT = "to-stdout"
    """To where standard output goes. For standard error only."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """From a file. For standard input only. Needs `filesystem = [{ action = "read", path = "<path>" }]`."""

    path: StrPath
    """Its guest path."""


@dataclass(frozen=True, slots=True)
class WriteFile:
    """To a file, which is created or cut to length 0. For standard output and standard error only.

    Needs `filesystem = [{ action = "write", path = "<path>" }]`.
    """

    path: StrPath
    """Its guest path."""


@dataclass(frozen=True, slots=True)
class AppendFile:
    """To the end of a file, which is created if it does not exist. For standard output and standard error only.

    Needs `filesystem = [{ action = "write", path = "<path>" }]`.
    """

    path: StrPath
    """Its guest path."""


StdioTarget: TypeAlias = Stdio | ReadFile | WriteFile | AppendFile
"""Where a standard stream of a process comes from or goes to."""


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """The limits of a process. `None` means that the host's default applies. None can be above the host's limit."""

    max_memory_bytes: int | None = None
    """Most memory in bytes. A process that needs more fails or is killed."""

    max_cpu_time_ms: int | None = None
    """Most CPU time in milliseconds. A process that uses more is killed. The host may round it up to seconds."""

    max_wall_time_ms: int | None = None
    """Longest duration in milliseconds. A process that takes longer is killed with its group."""

    max_open_files: int | None = None
    """Most files that the process may have open."""

    max_output_bytes: int | None = None
    """Most bytes that the functions which collect output take from a stream before they raise `OutputTooLarge`."""


EnvironmentLike: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
"""Environment variables: a mapping, or pairs of name and value."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to start and how. No shell is involved: program and arguments reach the operating system unchanged."""

    program: str
    """The program: an absolute path of the host, or a name without `/` that the host looks up in its search path.

    The permission is checked on the absolute path with links resolved.
    """

    arguments: Sequence[str] = ()
    """The arguments, without the program itself. They may contain spaces and quotes, but not NUL."""

    _: KW_ONLY

    environment: EnvironmentLike = ()
    """The variables to set. They go before inherited ones of the same name. The process gets no others.

    Names with which any program would load code that is not its own are a `ProcessInvalidArgument`, here and in
    `inherit`: those that begin with `LD_` or `MALLOC_`, and `GCONV_PATH`, `GETCONF_DIR`, `GLIBC_TUNABLES`, `LOCPATH`,
    `MUSL_LOCPATH` and `NLSPATH`.
    """

    inherit: Sequence[str] = ()
    """Names of entries of the component's own environment (`ComponentConfig.environment`) to pass on.

    Those that it does not have are left out. Nothing is taken from the environment of the host.
    """

    working_directory: StrPath | None = None
    """The guest path of the directory to start in; `None` leaves it to the host."""

    stdin: StdioTarget = Stdio.NULL
    """Standard input. `processes.run` and `processes.run_pipeline` do not use it."""

    stdout: StdioTarget = Stdio.PIPED
    """Standard output. `processes.run_pipeline` does not use it."""

    stderr: StdioTarget = Stdio.PIPED
    """Standard error."""

    limits: ProcessLimits = ProcessLimits()
    """The limits."""


class CommandOptions(TypedDict, total=False):
    """The keywords with which `processes.spawn` and `processes.run` take what `Command` has under the same names."""

    environment: EnvironmentLike
    """The variables to set."""
    inherit: Sequence[str]
    """Names of entries of the component's own environment to pass on."""
    working_directory: StrPath | None
    """The guest path of the directory to start in."""
    stdin: StdioTarget
    """Standard input."""
    stdout: StdioTarget
    """Standard output."""
    stderr: StdioTarget
    """Standard error."""
    limits: ProcessLimits
    """The limits."""


CommandLike: TypeAlias = Command | Sequence[str]
"""A `Command`, a list of program and arguments as `subprocess.run` takes it, or a program without arguments as `str`.
"""


class ProcessState(enum.Enum):
    """What a process does."""

    RUNNING = "running"
    """It runs, or could."""
    STOPPED = "stopped"
    """A signal has stopped it."""
    EXITED = "exited"
    """It has ended."""


class Signal(enum.Enum):
    """A signal. The numbers belong to the host's operating system; `signals.list_signals` gives them."""

    HANGUP = "hangup"
    """`SIGHUP`: its terminal or its parent is gone."""
    INTERRUPT = "interrupt"
    """`SIGINT`: interrupted by the user."""
    QUIT = "quit"
    """`SIGQUIT`: end with a core dump."""
    ABORT = "abort"
    """`SIGABRT`: the process has given up on itself."""
    KILL = "kill"
    """`SIGKILL`: end at once. Cannot be caught."""
    USER1 = "user1"
    """`SIGUSR1`: what the program makes of it."""
    USER2 = "user2"
    """`SIGUSR2`: what the program makes of it."""
    PIPE = "pipe"
    """`SIGPIPE`: nobody reads the pipe that it writes to."""
    ALARM = "alarm"
    """`SIGALRM`: a timer has run out."""
    TERMINATE = "terminate"
    """`SIGTERM`: end in order."""
    STOP = "stop"
    """`SIGSTOP`: stop until `CONTINUE`. Cannot be caught."""
    CONTINUE = "continue"
    """`SIGCONT`: go on after a stop."""

    def __str__(self) -> str:
        return f"the signal {self.value}"


@dataclass(frozen=True, slots=True)
class OtherSignal:
    """A signal that `Signal` does not have."""

    number: int
    """Its number on the host, 0 to 255."""

    def __str__(self) -> str:
        return f"the signal {self.number}"


AnySignal: TypeAlias = Signal | OtherSignal
"""A signal."""


class SignalTarget(enum.Enum):
    """Whom a signal is for."""

    PROCESS = "process"
    """The process alone."""
    GROUP = "group"
    """The process and all that it has started and that are still in its process group."""


@dataclass(frozen=True, slots=True)
class SignalInfo:
    """A signal with its number and name."""

    signal: AnySignal
    """The signal."""

    number: int
    """Its number on the host."""

    name: str
    """Its name with the prefix, for example `SIGTERM`."""


@dataclass(frozen=True, slots=True)
class ExitStatus:
    """How a process has ended: by itself with a code, or by a signal. One of the two is `None`."""

    code: int | None = None
    """The code with which it has ended by itself. 0 usually means success; POSIX keeps 0 to 255."""

    signal: AnySignal | None = None
    """The signal that has ended it."""

    @property
    def success(self) -> bool:
        """Whether it has ended by itself with the code 0."""
        return self.code == 0

    def __str__(self) -> str:
        return f"code {self.code}" if self.signal is None else str(self.signal)


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """What is known about a process."""

    id: int
    """Its id."""

    program: str
    """The absolute path of its program, with links resolved."""

    arguments: tuple[str, ...]
    """Its arguments, without the program itself."""

    started: Timestamp
    """When it was started."""

    state: ProcessState
    """What it does."""

    exit: ExitStatus | None = None
    """How it has ended; `None` while it has not."""


@dataclass(frozen=True, slots=True)
class ProcessUsage:
    """What a process has used since its start."""

    user_time_ms: int
    """CPU time in its own code, in milliseconds."""

    system_time_ms: int
    """CPU time in the operating system on its behalf, in milliseconds."""

    max_resident_bytes: int
    """The most memory that it had in use at one time, in bytes."""


@dataclass(frozen=True, slots=True)
class ProcessOutput:
    """How a process has ended and what it wrote."""

    status: ExitStatus
    """How it has ended."""

    stdout: bytes = b""
    """What it wrote to standard output. Empty if that is not `Stdio.PIPED`."""

    stderr: bytes = b""
    """What it wrote to standard error. Empty if that is not `Stdio.PIPED`."""


@dataclass(frozen=True, slots=True)
class PipelineOutput:
    """How the processes of a pipeline have ended and what they wrote."""

    statuses: tuple[ExitStatus, ...]
    """How each has ended, in the order of the commands."""

    stdout: bytes = b""
    """What the last one wrote to standard output."""

    stderr: bytes = b""
    """What all of them wrote to standard error, as it came."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The first of several processes to end."""

    index: int
    """Its place in the list that was given, from 0."""

    status: ExitStatus
    """How it has ended."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A signal has stopped the process."""

    signal: AnySignal
    """Which one."""


@dataclass(frozen=True, slots=True)
class Continued:
    """The process goes on after it was stopped."""


@dataclass(frozen=True, slots=True)
class Exited:
    """The process has ended."""

    status: ExitStatus
    """How."""


StateChange: TypeAlias = Stopped | Continued | Exited
"""A change of what a process does."""
