"""Sending signals to processes and seeing what they do.

Every error is a `ProcessError` and with that an `OSError`; a denial is a `PermissionDenied`. Every function that takes
a process can raise `ProcessIo`, and `ValueError` when the process is closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsIndex

from . import _arguments, _host, _process
from .process_types import (
    AnySignal,
    Continued,
    Exited,
    ExitStatus,
    OtherSignal,
    Signal,
    SignalInfo,
    SignalTarget,
    StateChange,
    Stopped,
)

if TYPE_CHECKING:
    from wit_world.imports import process_types as _types
    from wit_world.imports import signals as _signals

    from .processes import Process
else:
    _signals = _host.interface("signals")
    _types = _host.interface("process_types")

__all__ = [
    "AnySignal",
    "Continued",
    "ExitStatus",
    "Exited",
    "OtherSignal",
    "Signal",
    "SignalInfo",
    "SignalTarget",
    "StateChange",
    "Stopped",
    "interrupt",
    "kill",
    "kill_group",
    "list_signals",
    "parse_signal",
    "resume",
    "send_signal",
    "suspend",
    "terminate",
    "wait_state_change",
]


def send_signal(process: Process, signal: AnySignal, target: SignalTarget = SignalTarget.PROCESS) -> None:
    """Sends a signal to a process or its process group. It does not wait for the effect.

    Permission: `process = [{ action = "signal", program = "<path>" }]`, where the path is that of its program.

    Raises:
        PermissionDenied: the permission is missing.
        AlreadyExited: the process has ended, and with the target `GROUP` everything in its group.
        ProcessInvalidArgument: the host has no signal of this number.
        ValueError: the number of an `OtherSignal` is not between 0 and 255.
    """
    sent = _process.signal_to_host(signal)
    _process.call(_signals.send_signal, process._handle.open(), sent, _types.SignalTarget[target.name])


def interrupt(process: Process) -> None:
    """Sends `Signal.INTERRUPT` (`SIGINT`) to a process.

    Permission: `process = [{ action = "signal", program = "<path>" }]`.

    Raises:
        PermissionDenied: the permission is missing.
        AlreadyExited: the process has ended.
    """
    _process.call(_signals.interrupt, process._handle.open())


def terminate(process: Process, grace_ms: SupportsIndex) -> ExitStatus:
    """Ends a process: sends `Signal.TERMINATE` (`SIGTERM`), waits, then sends `Signal.KILL` (`SIGKILL`).

    It waits until the process has ended, but at most `grace_ms` milliseconds. It returns when the process has ended,
    and says how.

    Permission: `process = [{ action = "signal", program = "<path>" }]`.

    Raises:
        PermissionDenied: the permission is missing.
        AlreadyExited: the process had ended before.
        ValueError: `grace_ms` is not between 0 and 2**32 - 1.
    """
    grace = _arguments.u32("grace_ms", grace_ms)
    return _process.status_from_host(_process.call(_signals.terminate, process._handle.open(), grace))


def kill(process: Process) -> None:
    """Sends `Signal.KILL` (`SIGKILL`) to a process. What it has started goes on until the process is closed.

    Permission: `process = [{ action = "signal", program = "<path>" }]`.

    Raises:
        PermissionDenied: the permission is missing.
        AlreadyExited: the process has ended.
    """
    _process.call(_signals.kill, process._handle.open())


def kill_group(process: Process) -> None:
    """Sends `Signal.KILL` (`SIGKILL`) to a process and everything in its process group, what it has started included.

    Permission: `process = [{ action = "signal", program = "<path>" }]`.

    Raises:
        PermissionDenied: the permission is missing.
        AlreadyExited: the process and everything in its group have ended.
    """
    _process.call(_signals.kill_group, process._handle.open())


def suspend(process: Process) -> None:
    """Sends `Signal.STOP` (`SIGSTOP`) to a process. Its state is then `ProcessState.STOPPED`, until `resume`.

    Permission: `process = [{ action = "signal", program = "<path>" }]`.

    Raises:
        PermissionDenied: the permission is missing.
        AlreadyExited: the process has ended.
    """
    _process.call(_signals.suspend, process._handle.open())


def resume(process: Process) -> None:
    """Sends `Signal.CONTINUE` (`SIGCONT`) to a process. If it was stopped, its state is then `ProcessState.RUNNING`.

    Permission: `process = [{ action = "signal", program = "<path>" }]`.

    Raises:
        PermissionDenied: the permission is missing.
        AlreadyExited: the process has ended.
    """
    _process.call(_signals.resume, process._handle.open())


def wait_state_change(process: Process, timeout_ms: SupportsIndex | None = None) -> StateChange | None:
    """Waits for the next change of what a process does, and gives it.

    A change that came before the call and that this function has not given yet counts. When the process has ended, it
    gives `Exited` each time. It waits at most `timeout_ms` milliseconds and then gives `None`; without it, as long as
    the call may take.

    Permission: none; held by the handle.

    Raises:
        ValueError: `timeout_ms` is not between 0 and 2**32 - 1.
    """
    timeout = _arguments.optional_u32("timeout_ms", timeout_ms)
    change = _process.call(_signals.wait_state_change, process._handle.open(), timeout)
    return None if change is None else _process.change_from_host(change)


def parse_signal(name_or_number: str) -> AnySignal:
    """Gives the signal of a name, with or without the prefix, or of a number of the host.

    `TERM`, `SIGTERM` and `15` are all `Signal.TERMINATE`.

    Permission: none.

    Raises:
        ProcessInvalidArgument: the host has no such signal.
    """
    return _process.signal_from_host(_process.call(_signals.parse_signal, _arguments.text(name_or_number)))


def list_signals() -> list[SignalInfo]:
    """Gives the signals of the host with their numbers and names. `parse_signal` takes each of them.

    Permission: none.
    """
    return [
        SignalInfo(_process.signal_from_host(info.signal), info.number, info.name) for info in _signals.list_signals()
    ]
