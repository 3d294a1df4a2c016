"""Metadata, symbolic links and the form of paths.

Paths are absolute guest paths under the mounts that the host gives. Every function but `normalize` and `relative_to`
can raise `PermissionDenied`, `InvalidPath`, `NotADirectory`, `TooManyLinks`, `NameTooLong` and `Io`; its own
documentation names what else it raises. All of them are `FilesystemError` and with that `OSError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _arguments, _core, _filesystem, _host
from ._arguments import StrPath
from .filesystem_types import FileMetadata, FilePermissions, FileTime, FileType
from .types import Timestamp

if TYPE_CHECKING:
    from wit_world.imports import filesystem_types as _types
    from wit_world.imports import paths as _paths
else:
    _paths = _host.interface("paths")
    _types = _host.interface("filesystem_types")

__all__ = [
    "FileMetadata",
    "FilePermissions",
    "FileTime",
    "FileType",
    "canonicalize",
    "create_symlink",
    "exists",
    "get_link_metadata",
    "get_metadata",
    "normalize",
    "read_symlink",
    "relative_to",
    "set_permissions",
    "set_times",
]


def get_metadata(path: StrPath) -> FileMetadata:
    """Gives the metadata of what a path leads to. Symbolic links are followed.

    Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.

    Raises:
        NotFound: there is nothing at the path, or it is a dangling link.
    """
    return _filesystem.metadata_from_host(_filesystem.call(_paths.get_metadata, _arguments.path(path)))


def get_link_metadata(path: StrPath) -> FileMetadata:
    """Gives the metadata of what is at a path. If that is a symbolic link, the metadata is that of the link.

    Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.

    Raises:
        NotFound: there is nothing at the path.
    """
    return _filesystem.metadata_from_host(_filesystem.call(_paths.get_link_metadata, _arguments.path(path)))


def exists(path: StrPath) -> bool:
    """Says whether there is something at a path. Symbolic links are followed: a dangling link gives `False`.

    A missing permission is an error and never `False`.

    Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.
    """
    return _filesystem.call(_paths.exists, _arguments.path(path))


def set_permissions(path: StrPath, permissions: FilePermissions) -> None:
    """Sets the permission bits of a file or directory. Symbolic links are followed.

    Permission: `filesystem = [{ action = "write", path = "<path>" }]`.

    Raises:
        NotFound: there is nothing at the path.
        Unsupported: the host has no such permission bits.
    """
    _filesystem.call(_paths.set_permissions, _arguments.path(path), _filesystem.permissions_to_host(permissions))


def set_times(
    path: StrPath,
    *,
    accessed: Timestamp | FileTime = FileTime.UNCHANGED,
    modified: Timestamp | FileTime = FileTime.UNCHANGED,
) -> None:
    """Sets the times of a file or directory. Symbolic links are followed.

    Permission: `filesystem = [{ action = "write", path = "<path>" }]`.

    Args:
        path: what to change.
        accessed: the time of the last read. The filesystem may keep it less precisely.
        modified: the time of the last change of the content. The filesystem may keep it less precisely.

    Raises:
        NotFound: there is nothing at the path.
        InvalidArgument: a time has 1,000,000,000 nanoseconds or more, or the filesystem cannot express it.
        ValueError: a number of a time is negative or too large.
    """
    times = _types.FileTimes(accessed=_time_to_host(accessed), modified=_time_to_host(modified))
    _filesystem.call(_paths.set_times, _arguments.path(path), times)


def _time_to_host(time: Timestamp | FileTime) -> _types.FileTime:
    if isinstance(time, Timestamp):
        return _types.FileTime_At(_core.timestamp_to_host(time))
    return _types.FileTime_Now() if time is FileTime.NOW else _types.FileTime_Unchanged()


def create_symlink(target: StrPath, link: StrPath) -> None:
    """Creates a symbolic link at `link` that points to `target`. The target need not exist.

    Permission: `filesystem = [{ action = "write", path = "<link>" }]` and
    `filesystem = [{ action = "read", path = "<target>" }]`. A target outside of the mounts is denied whatever the
    permissions.

    Raises:
        AlreadyExists: there is already something at `link`.
        NotFound: the directory of `link` is missing.
        Unsupported: the filesystem has no symbolic links.
        QuotaExceeded: the host's limit is reached or the device is full.
    """
    _filesystem.call(_paths.create_symlink, _arguments.path(target), _arguments.path(link))


def read_symlink(link: StrPath) -> str:
    """Gives the path that a symbolic link points to. That path is not resolved any further and need not exist.

    Permission: `filesystem = [{ action = "read", path = "<link>" }]`.

    Raises:
        NotFound: there is nothing at `link`.
        InvalidArgument: there is something else than a symbolic link.
    """
    return _filesystem.call(_paths.read_symlink, _arguments.path(link))


def canonicalize(path: StrPath) -> str:
    """Gives the path with all symbolic links, `.` and `..` resolved. There must be something at it.

    Permission: `filesystem = [{ action = "read", path = "<path>" }]`, or the same with the action `list`.

    Raises:
        NotFound: there is nothing at the path.
        TooManyLinks: there is a loop of links, or more than 40 of them.
    """
    return _filesystem.call(_paths.canonicalize, _arguments.path(path))


def normalize(path: StrPath) -> str:
    """Gives the path without `.`, `..`, repeated `/` and a `/` at the end. `..` above the root stays at the root.

    It works on the text only: no link is resolved, so that the result may lead elsewhere than the path does.

    Permission: none.

    Raises:
        InvalidPath: the path is not absolute, is empty, contains NUL, or is longer than 4,096 bytes.
        NameTooLong: a segment is longer than 255 bytes.
    """
    return _filesystem.call(_paths.normalize, _arguments.path(path))


def relative_to(path: StrPath, base: StrPath) -> str:
    """Gives the part of a path that comes after a base, without a `/` before it; empty if the two are the same.

    It works on the text only, after both are brought to the form that `normalize` gives.

    Permission: none.

    Raises:
        InvalidArgument: the path is not under the base.
        InvalidPath: one of the two is not absolute, is empty, contains NUL, or is longer than 4,096 bytes.
        NameTooLong: a segment is longer than 255 bytes.
    """
    return _filesystem.call(_paths.relative_to, _arguments.path(path), _arguments.path(base))
