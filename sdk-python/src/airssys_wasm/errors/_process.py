"""The cases of `process-error`."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, ClassVar

from ._payload import FileError, PlainError, TextError
from ._permission import PermissionDenied

if TYPE_CHECKING:
    from ..process_types import ExitStatus, StdioStream


class ProcessError(OSError):
    """Why an operation on a process failed. As every `OSError` it has `errno`, `strerror` and, of some, `filename`."""

    code: ClassVar[str]
    """The name of the case in the contract, such as `program-not-found`."""


class _PlainError(PlainError, ProcessError):
    pass


class _ProgramError(FileError, ProcessError):
    pass


class _TextError(TextError, ProcessError):
    pass


class ProcessPermissionDenied(PermissionDenied, ProcessError):
    """The component lacks a permission for a program. No process was started and no signal sent."""


class ProgramNotFound(_ProgramError, FileNotFoundError):
    """There is no such program."""

    code = "program-not-found"
    _errno, _text = errno.ENOENT, "program not found"


class NotExecutable(_ProgramError):
    """The program is there, but it is not a file that can be executed."""

    code = "not-executable"
    _errno, _text = errno.ENOEXEC, "not executable"


class ProcessNotFound(ProcessError, ProcessLookupError):
    """The component has started no process of this id, or has closed its handle."""

    code = "process-not-found"

    id: int
    """The id."""

    def __init__(self, id: int) -> None:
        super().__init__(errno.ESRCH, f"no process has the id {id}")
        self.id = id

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.id,)


class AlreadyExited(ProcessError, ProcessLookupError):
    """The process has exited."""

    code = "already-exited"

    status: ExitStatus
    """How it has ended."""

    def __init__(self, status: ExitStatus) -> None:
        super().__init__(errno.ESRCH, f"the process has ended: {status}")
        self.status = status

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status,)


class NotPiped(ProcessError):
    """A stream of the process is not a pipe to the component."""

    code = "not-piped"

    stream: StdioStream
    """Which one."""

    def __init__(self, stream: StdioStream) -> None:
        super().__init__(errno.EBADF, f"{stream.value} of the process is not piped")
        self.stream = stream

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.stream,)


class StdinClosed(_PlainError, BrokenPipeError):
    """The standard input of the process is closed, on this side or by the process."""

    code = "stdin-closed"
    _errno, _text = errno.EPIPE, "the standard input of the process is closed"


class ProcessTimeout(_PlainError, TimeoutError):
    """The time for the operation has passed."""

    code = "timeout"
    _errno, _text = errno.ETIMEDOUT, "timed out"


class TooManyProcesses(_PlainError):
    """The component has as many processes as the host's limit allows."""

    code = "too-many-processes"
    _errno, _text = errno.EAGAIN, "too many processes"


class OutputTooLarge(ProcessError):
    """The process has written more than the limit."""

    code = "output-too-large"

    limit: int
    """The limit in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(errno.EFBIG, f"more than {limit} bytes of output")
        self.limit = limit

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.limit,)


class ProcessInvalidArgument(_TextError):
    """An argument makes no sense."""

    code = "invalid-argument"
    _errno = errno.EINVAL


class ProcessUnsupported(_TextError):
    """The host cannot do this, such as confining a child to the permissions of the component."""

    code = "unsupported"
    _errno = errno.EOPNOTSUPP


class ProcessIo(_TextError):
    """The host's operating system failed in another way."""

    code = "io"
    _errno = errno.EIO
