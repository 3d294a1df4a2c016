"""Every error of the contract as an exception. Tell them apart by class, or by `code`, never by their text.

`FilesystemError` and `MessagingError` are raised by calls to the host. `ExecutionError` and `ComponentError` are for a
component to raise from its own functions: the host hands them to whoever asked.
"""

from __future__ import annotations

import errno
from typing import Any, ClassVar

from .types import ComponentId, PermissionDenial

__all__ = [
    "AlreadyExists",
    "ComponentError",
    "ComponentNotFound",
    "ConfigurationInvalid",
    "CrossDevice",
    "DeliveryFailed",
    "DirectoryNotEmpty",
    "ExecutionError",
    "ExecutionPermissionDenied",
    "ExecutionTimeout",
    "FilesystemError",
    "FilesystemPermissionDenied",
    "InitializationFailed",
    "Internal",
    "InvalidArgument",
    "InvalidInput",
    "InvalidMessage",
    "InvalidPath",
    "Io",
    "IsADirectory",
    "Locked",
    "MailboxFull",
    "MessagingError",
    "MessagingPermissionDenied",
    "MessagingTimeout",
    "NameTooLong",
    "NotADirectory",
    "NotFound",
    "PayloadTooLarge",
    "PermissionDenied",
    "ProcessingFailed",
    "QuotaExceeded",
    "ResourceExhausted",
    "TooManyLinks",
    "TooManyOpenFiles",
    "UnknownOperation",
    "UnknownRequest",
    "Unsupported",
]


class PermissionDenied(PermissionError):
    """The component lacks a permission. Nothing has happened, and whether the resource exists does not show.

    An operation that lets it pass fails with `permission-denied` and the missing line.
    """

    code: ClassVar[str] = "permission-denied"

    denial: PermissionDenial
    """What was denied, and what would have allowed it."""

    def __init__(self, denial: PermissionDenial) -> None:
        OSError.__init__(self, errno.EACCES, "permission denied", denial.resource)
        self.denial = denial

    @property
    def operation(self) -> str:
        """The operation that was denied, for example `ext-filesystem/files.open`."""
        return self.denial.operation

    @property
    def resource(self) -> str:
        """The guest path or the id of the component that it was about."""
        return self.denial.resource

    @property
    def missing(self) -> str:
        """The line of Component.toml that would have allowed it."""
        return self.denial.missing

    def __str__(self) -> str:
        return f"permission denied: {self.operation} on {self.resource}: add to Component.toml: {self.missing}"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.denial,)


class FilesystemError(OSError):
    """Why a filesystem operation failed. As every `OSError` it has `errno`, `strerror` and, of most, `filename`."""

    code: ClassVar[str]
    """The name of the case in the contract, such as `not-found`."""


class _PathError(FilesystemError):
    """A case whose payload is a path, which is its `filename`."""

    _errno: ClassVar[int]
    _text: ClassVar[str]

    def __init__(self, path: str) -> None:
        super().__init__(self._errno, self._text, path)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.filename,)


class _TextError(FilesystemError):
    """A case whose payload is a text for people, which is its `strerror`."""

    _errno: ClassVar[int]

    def __init__(self, text: str) -> None:
        super().__init__(self._errno, text)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.strerror,)


class NotFound(_PathError, FileNotFoundError):
    """There is nothing at this path, or a directory on the way to it is missing."""

    code = "not-found"
    _errno, _text = errno.ENOENT, "no such file or directory"


class FilesystemPermissionDenied(PermissionDenied, FilesystemError):
    """The component lacks a permission for a path."""


class AlreadyExists(_PathError, FileExistsError):
    """There is already something at this path."""

    code = "already-exists"
    _errno, _text = errno.EEXIST, "already exists"


class InvalidPath(_TextError):
    """The path is not absolute, is empty, contains NUL, or is longer than 4,096 bytes."""

    code = "invalid-path"
    _errno = errno.EINVAL


class NotADirectory(_PathError, NotADirectoryError):
    """This path, or a part of it that is not the last, is not a directory but must be one."""

    code = "not-a-directory"
    _errno, _text = errno.ENOTDIR, "not a directory"


class IsADirectory(_PathError, IsADirectoryError):
    """This path is a directory but must not be one."""

    code = "is-a-directory"
    _errno, _text = errno.EISDIR, "is a directory"


class DirectoryNotEmpty(_PathError):
    """This directory must be empty but is not."""

    code = "directory-not-empty"
    _errno, _text = errno.ENOTEMPTY, "directory not empty"


class TooManyLinks(_PathError):
    """There are more than 40 symbolic links on the way, or a loop of them, or a link where none may be followed."""

    code = "too-many-links"
    _errno, _text = errno.ELOOP, "too many symbolic links"


class NameTooLong(_PathError):
    """A segment of this path is longer than 255 bytes."""

    code = "name-too-long"
    _errno, _text = errno.ENAMETOOLONG, "name too long"


class CrossDevice(_PathError):
    """Source and destination are on different mounts."""

    code = "cross-device"
    _errno, _text = errno.EXDEV, "on another mount"


class Locked(_PathError):
    """Another handle holds a lock on the file, and the time to wait for it has passed."""

    code = "locked"
    _errno, _text = errno.EAGAIN, "locked"


class InvalidArgument(_TextError):
    """An argument, or a combination of them, makes no sense."""

    code = "invalid-argument"
    _errno = errno.EINVAL


class Unsupported(_TextError):
    """The host or its filesystem cannot do this."""

    code = "unsupported"
    _errno = errno.EOPNOTSUPP


class QuotaExceeded(_TextError):
    """A limit of the host or the room on the device is exhausted."""

    code = "quota-exceeded"
    _errno = errno.EDQUOT


class TooManyOpenFiles(FilesystemError):
    """The component has as many files and cursors open as the host's limit allows, default 256."""

    code = "too-many-open-files"

    def __init__(self) -> None:
        super().__init__(errno.EMFILE, "too many open files")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ()


class Io(_TextError):
    """The host's operating system failed in another way."""

    code = "io"
    _errno = errno.EIO


class MessagingError(Exception):
    """Why a message or request was not accepted, or a component was not found."""

    code: ClassVar[str]
    """The name of the case in the contract, such as `mailbox-full`."""


class ComponentNotFound(MessagingError):
    """No component has this id, or the caller may not see it."""

    code = "component-not-found"

    def __init__(self, id: ComponentId) -> None:
        super().__init__(id)
        self.id = id

    def __str__(self) -> str:
        return f"component {self.id} not found"


class MessagingPermissionDenied(PermissionDenied, MessagingError):
    """The component lacks the permission to send to the target."""


class MailboxFull(MessagingError):
    """The mailbox of the target is full. Nothing was queued; try again later."""

    code = "mailbox-full"

    def __init__(self, id: ComponentId) -> None:
        super().__init__(id)
        self.id = id

    def __str__(self) -> str:
        return f"the mailbox of {self.id} is full"


class PayloadTooLarge(MessagingError):
    """The message or request is larger than the host's limit."""

    code = "payload-too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return f"larger than {self.limit} bytes"


class MessagingTimeout(MessagingError, TimeoutError):
    """The host could not accept the message in time."""

    code = "timeout"


class UnknownRequest(MessagingError):
    """No unfinished request of the caller has this id."""

    code = "unknown-request"

    def __init__(self, request: str) -> None:
        super().__init__(request)
        self.request = request

    def __str__(self) -> str:
        return f"unknown request {self.request}"


class DeliveryFailed(MessagingError):
    """The message could not be delivered for another reason."""

    code = "delivery-failed"


class ExecutionError(Exception):
    """Why an operation failed. Raise one of its subclasses, with a text, from an operation or `execute`.

    Raised itself it counts as `ProcessingFailed`. Any exception that is neither this nor `PermissionDenied` is a
    mistake in the component: it is logged with its traceback, and the instance ends.
    """

    code: ClassVar[str] = "processing-failed"
    """The name of the case in the contract, such as `invalid-input`."""


class ComponentError(Exception):
    """Why another lifecycle function failed. Raise one of its subclasses, with a text, from anything but an operation.

    Raised itself it counts as `Internal`. The text is for the operator and is passed on word for word.
    """

    code: ClassVar[str] = "internal"
    """The name of the case in the contract, such as `configuration-invalid`."""


class UnknownOperation(ExecutionError):
    """The component has no operation of this name. The text is the name."""

    code = "unknown-operation"


class InvalidInput(ExecutionError):
    """The input is not what the operation takes."""

    code = "invalid-input"


class ProcessingFailed(ExecutionError):
    """The operation began and failed."""

    code = "processing-failed"


class ExecutionPermissionDenied(ExecutionError):
    """The operation needs something that the component is not permitted: usually the missing line of Component.toml."""

    code = "permission-denied"


class ExecutionTimeout(ExecutionError):
    """The operation, or something that it waited for, ran out of time."""

    code = "timeout"


class ResourceExhausted(ExecutionError, ComponentError):
    """The component ran out of something that it needs. For operations and other lifecycle functions alike."""

    code = "resource-exhausted"


class InitializationFailed(ComponentError):
    """The component could not be set up."""

    code = "initialization-failed"


class ConfigurationInvalid(ComponentError):
    """The environment or data of the configuration is missing something or has an invalid value."""

    code = "configuration-invalid"


class InvalidMessage(ComponentError):
    """The message or the outcome of a request is not one that the component understands."""

    code = "invalid-message"


class Internal(ComponentError):
    """Anything else that went wrong within the component."""

    code = "internal"
