"""Listing, creating, removing and searching directories.

Paths are absolute guest paths under the mounts that the host gives. Every function that takes one can raise
`PermissionDenied`, `InvalidPath`, `NotADirectory`, `TooManyLinks`, `NameTooLong` and `Io`; its own documentation names
what else it raises. All of them are `FilesystemError` and with that `OSError`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self, SupportsIndex

from . import _arguments, _filesystem, _host
from ._arguments import StrPath
from .filesystem_types import DirectoryEntry, DiskUsage, FileType

if TYPE_CHECKING:
    from wit_world.imports import directories as _directories
    from wit_world.imports import filesystem_types as _types
else:
    _directories = _host.interface("directories")
    _types = _host.interface("filesystem_types")

__all__ = [
    "DirectoryCursor",
    "DirectoryEntry",
    "DiskUsage",
    "FileType",
    "create_directory",
    "create_directory_all",
    "find",
    "list_directory",
    "measure",
    "open_directory",
    "remove_directory",
    "remove_directory_all",
]

_PAGE_ENTRIES = 256
"""How many entries iteration asks for at once."""


class DirectoryCursor(Iterator[DirectoryEntry]):
    """A cursor over one directory, made by `open_directory`: a directory of any size in bounded memory.

    Iterate over it, or take pages with `next_page`. Close it, or use it in a `with` statement. It needs no permission:
    the cursor keeps the one that `open_directory` checked.
    """

    def __init__(self, handle: _directories.DirectoryCursor) -> None:
        self._handle: _directories.DirectoryCursor | None = handle
        self._waiting: deque[DirectoryEntry] = deque()

    def next_page(self, max_entries: SupportsIndex) -> list[DirectoryEntry]:
        """Gives the next entries, in no particular order. No entries are the end, or a `max_entries` of 0.

        It gives at most `max_entries` and at most the host's limit, default 10,000. An entry that is created or
        removed meanwhile may or may not be among them.

        Raises:
            Io: the host's operating system failed.
            ValueError: `max_entries` is not between 0 and 2**32 - 1, or the cursor is closed.
        """
        maximum = _arguments.u32("max_entries", max_entries)
        if self._handle is None:
            raise ValueError("operation on closed cursor")
        if self._waiting:
            return [self._waiting.popleft() for _ in range(min(maximum, len(self._waiting)))]
        return [_filesystem.entry_from_host(entry) for entry in _filesystem.call(self._handle.next, maximum)]

    def __next__(self) -> DirectoryEntry:
        if not self._waiting:
            self._waiting.extend(self.next_page(_PAGE_ENTRIES))
        if not self._waiting:
            raise StopIteration
        return self._waiting.popleft()

    def close(self) -> None:
        """Closes the directory. Closing it again does nothing."""
        handle, self._handle = self._handle, None
        self._waiting.clear()
        if handle is not None:
            handle.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def open_directory(path: StrPath) -> DirectoryCursor:
    """Opens a directory for listing it in pages. A component may have 256 files and cursors open by default.

    Permission: `filesystem = [{ action = "list", path = "<path>" }]`.

    Raises:
        NotFound: there is no such directory.
        NotADirectory: the path is not a directory.
        TooManyOpenFiles: the limit on open files is reached.
    """
    return DirectoryCursor(_filesystem.call(_directories.open_directory, _arguments.path(path)))


def list_directory(path: StrPath) -> list[DirectoryEntry]:
    """Gives all entries of a directory, sorted by the bytes of their names, without `.` and `..`.

    Permission: `filesystem = [{ action = "list", path = "<path>" }]`.

    Raises:
        NotFound: there is no such directory.
        NotADirectory: the path is not a directory.
        QuotaExceeded: there are more entries than the host's limit, default 100,000.
    """
    return [
        _filesystem.entry_from_host(entry)
        for entry in _filesystem.call(_directories.list_directory, _arguments.path(path))
    ]


def create_directory(path: StrPath) -> None:
    """Creates one directory, whose parent must exist.

    Permission: `filesystem = [{ action = "write", path = "<path>" }]`.

    Raises:
        AlreadyExists: there is already something at the path, even a dangling link.
        NotFound: the parent is missing.
        QuotaExceeded: the host's limit is reached or the device is full.
    """
    _filesystem.call(_directories.create_directory, _arguments.path(path))


def create_directory_all(path: StrPath) -> None:
    """Creates a directory and all missing directories on the way to it. One that exists already is fine.

    Permission: `filesystem = [{ action = "write", path = "<path>" }]` for each directory that is created.

    Raises:
        NotADirectory: something on the way, or at the path itself, is not a directory.
        QuotaExceeded: the host's limit is reached or the device is full. Directories created until then stay.
    """
    _filesystem.call(_directories.create_directory_all, _arguments.path(path))


def remove_directory(path: StrPath) -> None:
    """Removes one empty directory.

    Permission: `filesystem = [{ action = "delete", path = "<path>" }]`.

    Raises:
        NotFound: there is no such directory.
        NotADirectory: the path is not a directory. A symbolic link to a directory is none.
        DirectoryNotEmpty: there is something in it.
        InvalidArgument: the path is the root of a mount.
    """
    _filesystem.call(_directories.remove_directory, _arguments.path(path))


def remove_directory_all(path: StrPath) -> None:
    """Removes a directory and everything in it. Symbolic links in it are removed and not followed.

    Permission: `filesystem = [{ action = "delete", path = "<path>" }]` for the directory and everything in it. If it
    is missing for one entry, nothing is removed.

    Raises:
        NotFound: there is no such directory.
        NotADirectory: the path is not a directory. A symbolic link to a directory is none.
        InvalidArgument: the path is the root of a mount.
        QuotaExceeded: there are more entries than the host's limit, default 10,000,000. Nothing is removed.
    """
    _filesystem.call(_directories.remove_directory_all, _arguments.path(path))


def find(
    root: StrPath,
    pattern: str = "**",
    *,
    max_depth: SupportsIndex | None = None,
    follow_links: bool = False,
    limit: SupportsIndex | None = None,
) -> list[str]:
    """Gives the absolute paths of everything below a directory that the pattern matches, without the root itself.

    Permission: `filesystem = [{ action = "list", path = "<path>" }]` for the root and each directory below it. A
    directory below it that lacks the permission is skipped, which is no error.

    Args:
        root: where to look.
        pattern: a glob over the path relative to the root: `*` matches within one segment, `**` across segments and
            `?` one character. `**` alone matches everything.
        max_depth: how many levels of directories to visit: 1 visits only the root's own entries. `None` is all.
        follow_links: whether to go into directories that symbolic links point to. A loop of links ends.
        limit: stop after this many results. `None` means the host's limit, default 100,000.

    Raises:
        NotFound: there is no such root.
        NotADirectory: the root is not a directory.
        InvalidArgument: the pattern is not a valid glob.
        QuotaExceeded: there are more results or entries to visit than the host's limits.
        ValueError: `max_depth` or `limit` is not between 0 and 2**32 - 1.
    """
    options = _types.FindOptions(
        pattern=_arguments.text(pattern),
        max_depth=_arguments.optional_u32("max_depth", max_depth),
        follow_links=bool(follow_links),
        limit=_arguments.optional_u32("limit", limit),
    )
    return _filesystem.call(_directories.find, _arguments.path(root), options)


def measure(root: StrPath) -> DiskUsage:
    """Counts the files and directories below a directory and adds up their sizes. Links are not followed.

    Permission: `filesystem = [{ action = "list", path = "<path>" }]` for the root and each directory below it.

    Raises:
        NotFound: there is no such root.
        NotADirectory: the root is not a directory.
        QuotaExceeded: there are more entries than the host's limit, default 10,000,000.
    """
    usage = _filesystem.call(_directories.measure, _arguments.path(root))
    return DiskUsage(usage.files, usage.directories, usage.bytes)
