"""The standard streams of a process that are pipes to the component.

`Process.stdin`, `Process.stdout` and `Process.stderr` are these streams as Python has them. The functions here are
those of the contract, one call to the host each.

Every error is a `ProcessError` and with that an `OSError`. Every function raises `NotPiped` if the stream is not
`Stdio.PIPED`, `ProcessIo` if the host's operating system failed, and `ValueError` when the process is closed.
"""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex

from . import _arguments, _host, _process
from ._arguments import BytesLike
from .errors import StdinClosed
from .process_types import ProcessOutput, StdioStream

if TYPE_CHECKING:
    from wit_world.imports import stdio as _stdio

    from .processes import Process
else:
    _stdio = _host.interface("stdio")

__all__ = [
    "InputStream",
    "OutputStream",
    "ProcessOutput",
    "StdioStream",
    "close_stdin",
    "communicate",
    "read_stderr",
    "read_stderr_to_end",
    "read_stdout",
    "read_stdout_to_end",
    "write_stdin",
]


class InputStream(io.RawIOBase):
    """The standard input of a process as a raw binary stream, which `Process.stdin` gives."""

    def __init__(self, process: _process.Handle) -> None:
        self._process = process

    def __del__(self) -> None:
        """Does nothing: only `close` ends the input, and the pipe goes with the process."""

    def writable(self) -> bool:
        """It is writable."""
        return True

    def write(self, data: Any) -> int:
        """Writes all bytes and returns how many that are. It waits until the pipe has taken them.

        Raises:
            StdinClosed: the process has closed its standard input.
            NotPiped: standard input is not `Stdio.PIPED`.
            ValueError: the stream or the process is closed.
        """
        if self.closed:
            raise ValueError("I/O operation on closed standard input")
        rest = memoryview(_arguments.data(data))
        length = len(rest)
        while rest:
            rest = rest[_process.call(_stdio.write_stdin, self._process.open(), bytes(rest)) :]
        return length

    def close(self) -> None:
        """Ends the input of the process. Closing it again does nothing, nor if the process has closed it.

        Raises:
            NotPiped: standard input is not `Stdio.PIPED`.
            ValueError: the process is closed.
        """
        if self.closed:
            return
        super().close()
        with contextlib.suppress(StdinClosed):
            _process.call(_stdio.close_stdin, self._process.open())


class OutputStream(io.RawIOBase):
    """Standard output or standard error of a process as a raw binary stream.

    `Process.stdout` and `Process.stderr` give it with a buffer. Closing it leaves the pipe as it is.
    """

    def __init__(self, process: _process.Handle, stream: Literal["stdout", "stderr"]) -> None:
        self._process = process
        self._stream = stream

    def readable(self) -> bool:
        """It is readable."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Reads into a writable buffer and returns how many bytes were read; 0 is the end.

        Raises:
            NotPiped: the stream is not `Stdio.PIPED`.
            ValueError: the process is closed.
        """
        with memoryview(buffer).cast("B") as view:
            read = _stdio.read_stdout if self._stream == "stdout" else _stdio.read_stderr
            chunk = _process.call(read, self._process.open(), min(len(view), _arguments.U32_MAX))
            view[: len(chunk)] = chunk
        return len(chunk)


def write_stdin(process: Process, data: BytesLike) -> int:
    """Writes to the standard input of a process and returns how many bytes the pipe took.

    It waits until the pipe takes at least one byte, and may take less than given; `InputStream.write` writes the rest.

    Permission: none; held by the handle.

    Raises:
        StdinClosed: standard input is closed, by `close_stdin` or by the process.
    """
    return _process.call(_stdio.write_stdin, process._handle.open(), _arguments.data(data))


def close_stdin(process: Process) -> None:
    """Closes the standard input of a process, which then reads the end of its input.

    Permission: none; held by the handle.

    Raises:
        StdinClosed: it is closed already.
    """
    _process.call(_stdio.close_stdin, process._handle.open())


def read_stdout(process: Process, max_bytes: SupportsIndex) -> bytes:
    """Reads from the standard output of a process. It waits until there is something and gives what is there.

    It gives at most `max_bytes` and at most the host's limit, default 16 MiB. No bytes are the end, or a `max_bytes`
    of 0.

    Permission: none; held by the handle.

    Raises:
        ValueError: `max_bytes` is not between 0 and 2**32 - 1.
    """
    return _process.call(_stdio.read_stdout, process._handle.open(), _arguments.u32("max_bytes", max_bytes))


def read_stderr(process: Process, max_bytes: SupportsIndex) -> bytes:
    """Reads from the standard error of a process. It waits until there is something and gives what is there.

    It gives at most `max_bytes` and at most the host's limit, default 16 MiB. No bytes are the end, or a `max_bytes`
    of 0.

    Permission: none; held by the handle.

    Raises:
        ValueError: `max_bytes` is not between 0 and 2**32 - 1.
    """
    return _process.call(_stdio.read_stderr, process._handle.open(), _arguments.u32("max_bytes", max_bytes))


def read_stdout_to_end(process: Process) -> bytes:
    """Reads the standard output of a process until its end.

    Permission: none; held by the handle.

    Raises:
        OutputTooLarge: there is more than `max_output_bytes` of the process's limits.
    """
    return _process.call(_stdio.read_stdout_to_end, process._handle.open())


def read_stderr_to_end(process: Process) -> bytes:
    """Reads the standard error of a process until its end.

    Permission: none; held by the handle.

    Raises:
        OutputTooLarge: there is more than `max_output_bytes` of the process's limits.
    """
    return _process.call(_stdio.read_stderr_to_end, process._handle.open())


def communicate(process: Process, input: BytesLike = b"") -> ProcessOutput:
    """Writes `input` to a process, closes its standard input, reads both outputs, and waits until it has ended.

    All of it goes on at once, so that large input and output do not block each other. An output that is not
    `Stdio.PIPED` is empty in the result. A process that ends without reading all of its input is no error.

    Permission: none; held by the handle.

    Raises:
        NotPiped: there is input, but standard input is not `Stdio.PIPED`.
        StdinClosed: there is input, but standard input was closed by `close_stdin`.
        OutputTooLarge: an output has more than `max_output_bytes` of the process's limits.
        ProcessTimeout: the process took longer than `max_wall_time_ms`. It and what it has started are gone.
    """
    return _process.output_from_host(_process.call(_stdio.communicate, process._handle.open(), _arguments.data(input)))
