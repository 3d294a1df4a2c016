"""Types that the filesystem interfaces share: the WIT interface `types` of the package `airssys:ext-filesystem`."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from .types import Timestamp

__all__ = [
    "DirectoryEntry",
    "DiskUsage",
    "FileMetadata",
    "FilePermissions",
    "FileTime",
    "FileType",
    "LockKind",
    "OnExisting",
    "OpenFlags",
    "SeekFrom",
    "SeekOrigin",
    "SyncKind",
]


class FileType(enum.Enum):
    """What something in the filesystem is."""

    REGULAR = "regular"
    """A file with content."""
    DIRECTORY = "directory"
    """A directory."""
    SYMBOLIC_LINK = "symbolic-link"
    """A symbolic link."""
    OTHER = "other"
    """Something else, such as a socket, a pipe or a device."""


class FilePermissions(enum.Flag):
    """POSIX permission bits. A host without them shows only whether the file is read-only, and sets only that."""

    OWNER_READ = 1 << 0
    """The owner may read."""
    OWNER_WRITE = 1 << 1
    """The owner may write."""
    OWNER_EXECUTE = 1 << 2
    """The owner may execute, or for a directory pass through."""
    GROUP_READ = 1 << 3
    """The group may read."""
    GROUP_WRITE = 1 << 4
    """The group may write."""
    GROUP_EXECUTE = 1 << 5
    """The group may execute, or for a directory pass through."""
    OTHER_READ = 1 << 6
    """Others may read."""
    OTHER_WRITE = 1 << 7
    """Others may write."""
    OTHER_EXECUTE = 1 << 8
    """Others may execute, or for a directory pass through."""

    @classmethod
    def from_mode(cls, mode: int) -> FilePermissions:
        """Makes permissions of the number that `os.chmod` takes, such as `0o640`.

        Raises:
            ValueError: the number has bits beyond `0o777`.
        """
        if mode & ~0o777:
            raise ValueError(f"not a mode of nine bits: {mode:#o}")
        return cls(sum(1 << bit for bit in range(9) if mode & 0o400 >> bit))

    def to_mode(self) -> int:
        """Gives the number that `os.chmod` takes."""
        return sum(0o400 >> bit for bit in range(9) if self.value & 1 << bit)


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """What the filesystem knows about a file, directory or link apart from its content."""

    file_type: FileType
    """What it is."""

    size: int
    """Its size in bytes. Of use for regular files; for others it is what the host's filesystem says."""

    permissions: FilePermissions
    """Its permission bits."""

    links: int
    """How many hard links it has."""

    accessed: Timestamp | None = None
    """When it was last read, if the filesystem keeps it."""

    modified: Timestamp | None = None
    """When its content last changed, if the filesystem keeps it."""

    created: Timestamp | None = None
    """When it was created, if the filesystem keeps it."""


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One entry of a directory."""

    name: str
    """Its name: one segment, without the path of the directory. Never `.` or `..`."""

    file_type: FileType
    """What it is. A symbolic link is not followed."""


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """What is in a directory and everything below it."""

    files: int
    """How many entries are not directories. A symbolic link counts as one."""

    directories: int
    """How many entries are directories, without the root itself."""

    bytes: int
    """The sizes of all regular files together, in bytes."""


class OnExisting(enum.Enum):
    """What happens when there is already something at the destination."""

    FAIL = "fail"
    """The operation fails with `AlreadyExists` and changes nothing."""
    REPLACE = "replace"
    """What is at the destination is replaced."""


class OpenFlags(enum.Flag):
    """How `files.open` opens a file. At least one of `READ`, `WRITE` and `APPEND` must be set."""

    READ = 1 << 0
    """The handle can read. Needs the permission `read`."""
    WRITE = 1 << 1
    """The handle can write. Needs the permission `write`, as every flag below but `NO_FOLLOW` does."""
    APPEND = 1 << 2
    """The handle can write, and each write goes to the end of the file."""
    CREATE = 1 << 3
    """Creates the file if it does not exist."""
    CREATE_NEW = 1 << 4
    """Creates the file, and fails if there is already anything at the path."""
    TRUNCATE = 1 << 5
    """Cuts an existing file to length 0. Only together with `WRITE`."""
    NO_FOLLOW = 1 << 6
    """Fails with `TooManyLinks` if the last segment of the path is a symbolic link."""

    @classmethod
    def from_mode(cls, mode: str) -> OpenFlags:
        """Makes flags of a mode of the builtin `open`: `r`, `w`, `a` or `x`, with `+` and `b` if you like.

        Raises:
            ValueError: it is not such a mode. Files are binary: for text, wrap one in `io.TextIOWrapper`.
        """
        kind = mode.replace("b", "", 1).replace("+", "", 1)
        flags = _MODES.get(kind)
        if flags is None:
            raise ValueError(f"not a mode of a binary file: {mode!r}")
        if "+" in mode:
            flags |= cls.READ if kind == "a" else cls.READ | cls.WRITE
        return flags


_MODES = {
    "r": OpenFlags.READ,
    "w": OpenFlags.WRITE | OpenFlags.CREATE | OpenFlags.TRUNCATE,
    "a": OpenFlags.APPEND | OpenFlags.CREATE,
    "x": OpenFlags.WRITE | OpenFlags.CREATE_NEW,
}


class SeekOrigin(enum.Enum):
    """What a `SeekFrom` counts from, and in which direction."""

    START = "start"
    """Bytes after the start of the file."""
    FORWARD = "forward"
    """Bytes after the present position."""
    BACKWARD = "backward"
    """Bytes before the present position."""
    BEFORE_END = "before-end"
    """Bytes before the end of the file."""


@dataclass(frozen=True, slots=True)
class SeekFrom:
    """Where `files.File.seek_to` moves to. The offset is never negative."""

    origin: SeekOrigin
    """What the offset counts from."""

    offset: int
    """How many bytes, 0 to 2**64 - 1."""

    @classmethod
    def start(cls, offset: int) -> SeekFrom:
        """This many bytes after the start of the file."""
        return cls(SeekOrigin.START, offset)

    @classmethod
    def forward(cls, offset: int) -> SeekFrom:
        """This many bytes after the present position."""
        return cls(SeekOrigin.FORWARD, offset)

    @classmethod
    def backward(cls, offset: int) -> SeekFrom:
        """This many bytes before the present position."""
        return cls(SeekOrigin.BACKWARD, offset)

    @classmethod
    def before_end(cls, offset: int) -> SeekFrom:
        """This many bytes before the end of the file. 0 is the end."""
        return cls(SeekOrigin.BEFORE_END, offset)


class LockKind(enum.Enum):
    """How a lock is held. Locks are advisory: they keep out other locks, not reads and writes."""

    SHARED = "shared"
    """Several handles may hold it at once, as long as none holds it exclusively."""
    EXCLUSIVE = "exclusive"
    """One handle holds it, and no other holds any."""


class SyncKind(enum.Enum):
    """What `files.File.sync` brings to the device."""

    DATA = "data"
    """The content, and of the metadata what is needed to read it again."""
    ALL = "all"
    """The content and all metadata."""


class FileTime(enum.Enum):
    """What `paths.set_times` does with one of the times, other than setting it to a `Timestamp`."""

    UNCHANGED = "unchanged"
    """Leaves it as it is."""
    NOW = "now"
    """Sets it to the host's present time."""
