"""Opening, reading and writing files, and copying, renaming and deleting them.

Paths are absolute guest paths under the mounts that the host gives. Every function that takes one can raise
`PermissionDenied`, `InvalidPath`, `NotADirectory`, `TooManyLinks`, `NameTooLong` and `Io`; its own documentation names
what else it raises. All of them are `FilesystemError` and with that `OSError`.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, SupportsIndex

from . import _arguments, _filesystem, _host
from ._arguments import BytesLike, StrPath
from .errors import InvalidArgument
from .filesystem_types import (
    FileMetadata,
    FilePermissions,
    FileType,
    LockKind,
    OnExisting,
    OpenFlags,
    SeekFrom,
    SeekOrigin,
    SyncKind,
)

if TYPE_CHECKING:
    from wit_world.imports import files as _files
    from wit_world.imports import filesystem_types as _types
else:
    _files = _host.interface("files")
    _types = _host.interface("filesystem_types")

__all__ = [
    "File",
    "FileMetadata",
    "FilePermissions",
    "FileType",
    "LockKind",
    "OnExisting",
    "OpenFlags",
    "SeekFrom",
    "SeekOrigin",
    "SyncKind",
    "append_file",
    "copy_file",
    "delete_file",
    "open",
    "read_file",
    "rename",
    "write_file",
]

_READ_ALL_CHUNK = 1 << 20
"""How much `File.readall` asks for at once: enough that calls do not matter, little enough to have twice."""


class File(io.RawIOBase):
    """An open file, made by `open`. Close it, or use it in a `with` statement; closing releases its lock.

    It is a raw binary stream of Python: `io.BufferedReader`, `io.TextIOWrapper` and everything that reads or writes
    such a stream takes it. Beside that it has the operations of the contract as they are: `read_chunk`, `read_at`,
    `write_at`, `seek_to`, `sync`, `set_size`, `metadata`, `lock` and `unlock`.

    It refers to the file and not to the path: it still reads and writes after the path is renamed or deleted. No
    method needs a permission: the handle keeps those that `open` checked. Every method can raise `Io`, and
    `ValueError` when the file is closed.
    """

    def __init__(self, handle: _files.File, path: str, flags: OpenFlags) -> None:
        # Without a handle there is nothing to close, and the base class closes even what was never made.
        self._handle: _files.File | None = handle
        self._flags = flags
        self.name = path
        """The path with which it was opened."""

    def _open_handle(self) -> _files.File:
        if self._handle is None:
            raise ValueError("I/O operation on closed file")
        return self._handle

    def close(self) -> None:
        """Closes the file. Closing it again does nothing."""
        handle = getattr(self, "_handle", None)
        self._handle = None
        super().close()
        if handle is not None:
            handle.__exit__(None, None, None)

    def readable(self) -> bool:
        """Says whether the file was opened for reading."""
        self._open_handle()
        return OpenFlags.READ in self._flags

    def writable(self) -> bool:
        """Says whether the file was opened for writing or appending."""
        self._open_handle()
        return bool(self._flags & (OpenFlags.WRITE | OpenFlags.APPEND))

    def seekable(self) -> bool:
        """Every file is seekable."""
        self._open_handle()
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Reads up to `size` bytes from the present position, or everything up to the end if it is negative or `None`.

        One call to the host: there may be less than `size` before the end. No bytes are the end, or a `size` of 0.

        Raises:
            InvalidArgument: the file is not open for reading.
        """
        if size is None or size < 0:
            return self.readall()
        return self.read_chunk(min(size, _arguments.U32_MAX))

    def readall(self) -> bytes:
        """Reads from the present position to the end.

        Raises:
            InvalidArgument: the file is not open for reading.
        """
        content = bytearray()
        while chunk := self.read_chunk(_READ_ALL_CHUNK):
            content += chunk
        return bytes(content)

    def readinto(self, buffer: Any) -> int:
        """Reads into a writable buffer and returns how many bytes were read; 0 is the end.

        Raises:
            InvalidArgument: the file is not open for reading.
        """
        with memoryview(buffer).cast("B") as view:
            chunk = self.read_chunk(min(len(view), _arguments.U32_MAX))
            view[: len(chunk)] = chunk
        return len(chunk)

    def read_chunk(self, max_bytes: SupportsIndex) -> bytes:
        """Reads from the present position and moves it by what was read.

        It gives at most `max_bytes` and at most the host's limit, default 16 MiB, and may give less than there is. No
        bytes are the end of the file, or a `max_bytes` of 0.

        Raises:
            InvalidArgument: the file is not open for reading.
            ValueError: `max_bytes` is not between 0 and 2**32 - 1.
        """
        return _filesystem.call(self._open_handle().read, _arguments.u32("max_bytes", max_bytes))

    def read_at(self, offset: SupportsIndex, max_bytes: SupportsIndex) -> bytes:
        """Reads from `offset`, in bytes from the start of the file. The position stays where it is.

        It gives at most `max_bytes` and at most the host's limit, default 16 MiB, and may give less than there is. No
        bytes mean that `offset` is at or past the end, or that `max_bytes` is 0.

        Raises:
            InvalidArgument: the file is not open for reading.
            ValueError: an argument is negative or too large.
        """
        start, length = _arguments.u64("offset", offset), _arguments.u32("max_bytes", max_bytes)
        return _filesystem.call(self._open_handle().read_at, start, length)

    def write(self, data: Any) -> int:
        """Writes bytes at the present position, or at the end of a file that is open for appending.

        It returns how many bytes were written, which may be less than given: one call writes at most the host's limit,
        default 16 MiB. `io.BufferedWriter` writes the rest.

        Raises:
            InvalidArgument: the file is not open for writing.
            QuotaExceeded: the host's limit is reached or the device is full.
        """
        return _filesystem.call(self._open_handle().write, _arguments.data(data))

    def write_at(self, offset: SupportsIndex, data: BytesLike) -> int:
        """Writes at `offset`, in bytes from the start of the file. The position stays where it is.

        A gap between the end of the file and `offset` is filled with zeros. It returns how many bytes were written,
        which may be less than given: one call writes at most the host's limit, default 16 MiB.

        Raises:
            InvalidArgument: the file is not open for writing, or is open for appending.
            QuotaExceeded: the host's limit is reached or the device is full.
            ValueError: `offset` is not between 0 and 2**64 - 1.
        """
        return _filesystem.call(self._open_handle().write_at, _arguments.u64("offset", offset), _arguments.data(data))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves the position by the usual offset and whence and returns it, in bytes from the start of the file.

        A position past the end is allowed; a write there fills the gap with zeros.

        Raises:
            InvalidArgument: the position would be before the start, or is larger than the filesystem can express.
            ValueError: `whence` is none of `os.SEEK_SET`, `os.SEEK_CUR` and `os.SEEK_END`.
        """
        match whence:
            case io.SEEK_SET:
                if offset < 0:
                    raise InvalidArgument(f"the position would be {offset}")
                return self.seek_to(SeekFrom.start(offset))
            case io.SEEK_CUR:
                return self.seek_to(SeekFrom.forward(offset) if offset >= 0 else SeekFrom.backward(-offset))
            case io.SEEK_END:
                end = self.seek_to(SeekFrom.before_end(max(-offset, 0)))
                return end if offset <= 0 else self.seek_to(SeekFrom.forward(offset))
            case _:
                raise ValueError(f"whence must be 0, 1 or 2, not {whence}")

    def seek_to(self, position: SeekFrom) -> int:
        """Moves the position and returns it, in bytes from the start of the file.

        Raises:
            InvalidArgument: the position would be before the start, or is larger than the filesystem can express.
            ValueError: the offset is not between 0 and 2**64 - 1.
        """
        return _filesystem.call(self._open_handle().seek, _seek_to_host(position))

    def tell(self) -> int:
        """Gives the position, in bytes from the start of the file."""
        return self.seek_to(SeekFrom.forward(0))

    def truncate(self, size: int | None = None) -> int:
        """Makes the file `size` bytes long, or as long as the present position, and returns that.

        Raises:
            InvalidArgument: the file is not open for writing.
            QuotaExceeded: the host's limit is reached or the device is full.
        """
        length = self.tell() if size is None else size
        self.set_size(length)
        return length

    def set_size(self, size: SupportsIndex) -> None:
        """Makes the file this many bytes long: cuts it, or fills it up with zeros. The position stays where it is.

        Raises:
            InvalidArgument: the file is not open for writing.
            QuotaExceeded: the host's limit is reached or the device is full.
            ValueError: `size` is not between 0 and 2**64 - 1.
        """
        _filesystem.call(self._open_handle().set_size, _arguments.u64("size", size))

    def sync(self, kind: SyncKind = SyncKind.ALL) -> None:
        """Waits until what was written is on the device."""
        _filesystem.call(self._open_handle().sync, _types.SyncKind[kind.name])

    def metadata(self) -> FileMetadata:
        """Gives the metadata of the file, as `paths.get_metadata` does."""
        return _filesystem.metadata_from_host(_filesystem.call(self._open_handle().metadata))

    def lock(self, kind: LockKind = LockKind.EXCLUSIVE, timeout_ms: SupportsIndex | None = None) -> None:
        """Locks the whole file. A handle holds at most one lock: locking again changes its kind.

        It waits at most `timeout_ms` milliseconds; 0 tries once, and `None` waits as long as the call may take. The
        lock is held until `unlock`, until the file is closed, or until the component ends.

        Raises:
            Locked: another handle held a lock that does not go together with this one, and the time passed.
            Unsupported: the filesystem has no locks.
            ValueError: `timeout_ms` is not between 0 and 2**32 - 1.
        """
        _filesystem.call(
            self._open_handle().lock, _types.LockKind[kind.name], _arguments.optional_u32("timeout_ms", timeout_ms)
        )

    def unlock(self) -> None:
        """Releases the lock of this handle.

        Raises:
            InvalidArgument: this handle holds no lock.
        """
        _filesystem.call(self._open_handle().unlock)


def _seek_to_host(position: SeekFrom) -> _types.SeekFrom:
    offset = _arguments.u64("offset", position.offset)
    match position.origin:
        case SeekOrigin.START:
            return _types.SeekFrom_Start(offset)
        case SeekOrigin.FORWARD:
            return _types.SeekFrom_Forward(offset)
        case SeekOrigin.BACKWARD:
            return _types.SeekFrom_Backward(offset)
        case SeekOrigin.BEFORE_END:
            return _types.SeekFrom_BeforeEnd(offset)


def open(path: StrPath, flags: OpenFlags | str = OpenFlags.READ) -> File:
    """Opens a file. The position is at the start. A component may have 256 files and cursors open by default.

    Permission: `filesystem = [{ action = "read", path = "<path>" }]` for `READ` and
    `filesystem = [{ action = "write", path = "<path>" }]` for each other flag but `NO_FOLLOW`.

    Args:
        path: the file.
        flags: how to open it, as flags or as a mode of the builtin `open`, such as `"rb"` or `"w+b"`.

    Raises:
        NotFound: there is no such file, and neither `CREATE` nor `CREATE_NEW` is set; or its directory is missing.
        AlreadyExists: `CREATE_NEW` is set and there is something at the path.
        IsADirectory: the path is a directory.
        InvalidArgument: none of `READ`, `WRITE` and `APPEND` is set, or `TRUNCATE` without `WRITE`.
        TooManyLinks: `NO_FOLLOW` is set and the path is a symbolic link.
        TooManyOpenFiles: the limit on open files is reached.
        QuotaExceeded: a file was to be created and the host's limit is reached or the device is full.
        ValueError: a mode that `OpenFlags.from_mode` does not know.
    """
    flags = OpenFlags.from_mode(flags) if isinstance(flags, str) else flags
    text = _arguments.path(path)
    return File(_filesystem.call(_files.open, text, _types.OpenFlags(flags.value)), text, flags)


def read_file(path: StrPath) -> bytes:
    """Reads a whole file.

    Permission: `filesystem = [{ action = "read", path = "<path>" }]`.

    Raises:
        NotFound: there is no such file.
        IsADirectory: the path is a directory.
        QuotaExceeded: the file is larger than the host's limit, default 64 MiB.
    """
    return _filesystem.call(_files.read_file, _arguments.path(path))


def write_file(path: StrPath, data: BytesLike) -> None:
    """Creates a file with this content, or replaces the content of one, atomically. A symbolic link is followed.

    Permission: `filesystem = [{ action = "write", path = "<path>" }]`.

    Raises:
        NotFound: the directory of the file is missing.
        IsADirectory: the path is a directory.
        QuotaExceeded: the host's limit is reached or the device is full. The old content is still there.
    """
    _filesystem.call(_files.write_file, _arguments.path(path), _arguments.data(data))


def append_file(path: StrPath, data: BytesLike) -> None:
    """Writes to the end of a file, and creates it if there is none. What two writers append does not interleave.

    Permission: `filesystem = [{ action = "write", path = "<path>" }]`.

    Raises:
        NotFound: the directory of the file is missing.
        IsADirectory: the path is a directory.
        QuotaExceeded: the host's limit is reached or the device is full.
    """
    _filesystem.call(_files.append_file, _arguments.path(path), _arguments.data(data))


def delete_file(path: StrPath) -> None:
    """Deletes a file. Of a symbolic link it deletes the link and not what it points to.

    Permission: `filesystem = [{ action = "delete", path = "<path>" }]`.

    Raises:
        NotFound: there is no such file.
        IsADirectory: the path is a directory.
    """
    _filesystem.call(_files.delete_file, _arguments.path(path))


def copy_file(source: StrPath, destination: StrPath, on_existing: OnExisting = OnExisting.FAIL) -> int:
    """Copies the content of one file to another and returns how many bytes were copied. Links are followed.

    Permission: `filesystem = [{ action = "read", path = "<source>" }]` and
    `filesystem = [{ action = "write", path = "<destination>" }]`.

    Raises:
        NotFound: there is no such source, or the directory of the destination is missing.
        AlreadyExists: `on_existing` is `FAIL` and there is something at the destination.
        IsADirectory: the source or the destination is a directory.
        InvalidArgument: source and destination are the same file.
        QuotaExceeded: the host's limit is reached or the device is full.
    """
    existing = _filesystem.on_existing_to_host(on_existing)
    return _filesystem.call(_files.copy_file, _arguments.path(source), _arguments.path(destination), existing)


def rename(source: StrPath, destination: StrPath, on_existing: OnExisting = OnExisting.FAIL) -> None:
    """Moves a file, a directory or a symbolic link to another path of the same mount, atomically.

    With `REPLACE`, a file or link takes the place of a file or link, and a directory that of an empty directory.

    Permission: `filesystem = [{ action = "delete", path = "<source>" }]` and
    `filesystem = [{ action = "write", path = "<destination>" }]`.

    Raises:
        NotFound: there is no such source, or the directory of the destination is missing.
        AlreadyExists: `on_existing` is `FAIL` and there is something at the destination.
        DirectoryNotEmpty: a directory was to replace one that is not empty.
        IsADirectory: a file was to replace a directory.
        NotADirectory: a directory was to replace a file.
        CrossDevice: source and destination are on different mounts.
        InvalidArgument: the source is the root of a mount, or the destination lies within the source.
    """
    existing = _filesystem.on_existing_to_host(on_existing)
    _filesystem.call(_files.rename, _arguments.path(source), _arguments.path(destination), existing)
