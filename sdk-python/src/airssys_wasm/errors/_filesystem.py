"""The cases of `filesystem-error`."""

from __future__ import annotations

import errno
from typing import Any, ClassVar

from ._payload import FileError, TextError
from ._permission import PermissionDenied


class FilesystemError(OSError):
    """Why a filesystem operation failed. As every `OSError` it has `errno`, `strerror` and, of most, `filename`."""

    code: ClassVar[str]
    """The name of the case in the contract, such as `not-found`."""


class _PathError(FileError, FilesystemError):
    pass


class _TextError(TextError, FilesystemError):
    pass


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
