"""`airssys:ext-filesystem/files` over the tree."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, assert_never

from .. import errors
from . import _metadata
from ._policy import is_within
from ._tree import Directory, Ending, FinalLink, Link, Node, RegularFile, Target, Tree, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from wit_world.imports import filesystem_types as types
else:
    from .._filesystem import _types as types

MAX_TRANSFER_BYTES = 16 << 20
"""What one `read` gives and one `write` takes, by the host's default."""

MAX_READ_FILE_BYTES = 64 << 20
MAX_FILE_BYTES = 1 << 30
"""Less than a host's default of 64 GiB, because these files are in memory."""

MAX_OFFSET = (1 << 63) - 1


class File:
    """An open file."""

    def __init__(
        self, tree: Tree, node: RegularFile, flags: types.OpenFlags, path: str, begin: Callable[[str], None]
    ) -> None:
        self._tree = tree
        self._node = node
        self._flags = flags
        self._path = path
        self._begin = begin
        self._position = 0

    def read(self, max_bytes: int) -> bytes:
        self._begin("file.read")
        data = self._read_at(self._position, max_bytes)
        self._position += len(data)
        return data

    def read_at(self, offset: int, max_bytes: int) -> bytes:
        self._begin("file.read_at")
        return self._read_at(offset, max_bytes)

    def _read_at(self, offset: int, max_bytes: int) -> bytes:
        if types.OpenFlags.READ not in self._flags:
            raise errors.InvalidArgument("the file is not open for reading")
        self._node.accessed = self._tree.now()
        return bytes(self._node.content[offset : offset + min(max_bytes, MAX_TRANSFER_BYTES)])

    def write(self, data: bytes) -> int:
        self._begin("file.write")
        self._check_writable()
        if types.OpenFlags.APPEND in self._flags:
            self._position = len(self._node.content)
        written = self._write_at(self._position, data)
        self._position += written
        return written

    def write_at(self, offset: int, data: bytes) -> int:
        self._begin("file.write_at")
        self._check_writable()
        if types.OpenFlags.APPEND in self._flags:
            raise errors.InvalidArgument("the file is open for appending")
        return self._write_at(offset, data)

    def _check_writable(self) -> None:
        if not self._flags & (types.OpenFlags.WRITE | types.OpenFlags.APPEND):
            raise errors.InvalidArgument("the file is not open for writing")

    def _write_at(self, offset: int, data: bytes) -> int:
        data = data[:MAX_TRANSFER_BYTES]
        if data:
            content = self._node.content
            if offset > len(content):
                resize(content, offset)
            content[offset : offset + len(data)] = data
            self._node.modified = self._tree.now()
        return len(data)

    def seek(self, position: types.SeekFrom) -> int:
        self._begin("file.seek")
        match position:
            case types.SeekFrom_Start(offset):
                moved = offset
            case types.SeekFrom_Forward(distance):
                moved = self._position + distance
            case types.SeekFrom_Backward(distance):
                moved = self._position - distance
            case types.SeekFrom_BeforeEnd(distance):
                moved = len(self._node.content) - distance
            case _:
                assert_never(position)
        if not 0 <= moved <= MAX_OFFSET:
            raise errors.InvalidArgument(
                "the position would be before the start or beyond what a filesystem can express"
            )
        self._position = moved
        return moved

    def sync(self, kind: types.SyncKind) -> None:
        self._begin("file.sync")

    def set_size(self, size: int) -> None:
        self._begin("file.set_size")
        self._check_writable()
        resize(self._node.content, size)
        self._node.modified = self._tree.now()

    def metadata(self) -> types.FileMetadata:
        self._begin("file.metadata")
        return _metadata.of(self._node)

    def lock(self, kind: types.LockKind, timeout_ms: int | None) -> None:
        self._begin("file.lock")
        others = [held for handle, held in self._node.locks.items() if handle != id(self)]
        if types.LockKind.EXCLUSIVE in others or (others and kind is types.LockKind.EXCLUSIVE):
            if timeout_ms is None:
                # Nobody else runs who could release it: the real host would end the call at its deadline.
                raise AssertionError(f"{self._path} is locked by another handle, and lock would wait for it forever")
            raise errors.Locked(self._path)
        self._node.locks[id(self)] = kind

    def unlock(self) -> None:
        self._begin("file.unlock")
        if self._node.locks.pop(id(self), None) is None:
            raise errors.InvalidArgument("the file is not locked")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._node.locks.pop(id(self), None)
        self._tree.open_files -= 1


class Files:
    """The functions of the interface."""

    def __init__(self, tree: Tree, begin: Callable[[str], None]) -> None:
        self._tree = tree
        self._begin = begin

    def open(self, path: str, flags: types.OpenFlags) -> File:
        flag = types.OpenFlags
        if not flags & (flag.READ | flag.WRITE | flag.APPEND):
            raise errors.InvalidArgument("one of read, write and append must be set")
        if flag.TRUNCATE in flags and flag.WRITE not in flags:
            raise errors.InvalidArgument("truncate needs write")
        tree, operation = self._tree, "ext-filesystem/files.open"
        creates = bool(flags & (flag.CREATE | flag.CREATE_NEW))
        link = FinalLink.FOLLOW
        if flags & (flag.NO_FOLLOW | flag.CREATE_NEW):
            link = FinalLink.KEEP if creates else FinalLink.KEEP_UNLESS_SLASH
        target = tree.resolve(path, link)
        if flag.READ in flags:
            tree.policy.authorize_path(operation, "read", target.path)
        if flags & (flag.WRITE | flag.APPEND | flag.CREATE | flag.CREATE_NEW):
            tree.policy.authorize_path(operation, "write", target.path)
        if flag.CREATE_NEW in flags and target.exists() and target.ending is not Ending.SLASH:
            raise errors.AlreadyExists(path)
        target.file_entry() if creates else target.entry()
        node = self._create(target) if creates and not target.exists() else regular(target)
        tree.take_slot()
        if flag.TRUNCATE in flags:
            node.content.clear()
            node.modified = tree.now()
        return File(tree, node, flags, path, self._begin)

    def read_file(self, path: str) -> bytes:
        node = regular(self._tree.reach("ext-filesystem/files.read-file", path, "read"))
        if len(node.content) > MAX_READ_FILE_BYTES:
            raise errors.QuotaExceeded(f"a file of more than {MAX_READ_FILE_BYTES} bytes")
        node.accessed = self._tree.now()
        return bytes(node.content)

    def write_file(self, path: str, data: bytes) -> None:
        target = self._tree.reach("ext-filesystem/files.write-file", path, "write")
        self._replace(target, data)

    def append_file(self, path: str, data: bytes) -> None:
        target = self._tree.reach("ext-filesystem/files.append-file", path, "write")
        target.file_entry()
        node = regular(target) if target.exists() else self._create(target)
        node.content += data
        node.modified = self._tree.now()

    def delete_file(self, path: str) -> None:
        target = self._tree.reach("ext-filesystem/files.delete-file", path, "delete", link=FinalLink.KEEP)
        if isinstance(target.found(), Directory):
            raise errors.IsADirectory(path)
        target.unlink()

    def copy_file(self, source: str, destination: str, on_existing: types.OnExisting) -> int:
        origin = self._tree.reach("ext-filesystem/files.copy-file", source, "read")
        target = self._tree.reach("ext-filesystem/files.copy-file", destination, "write")
        node = regular(origin)
        target.file_entry()
        if origin.path == target.path:
            raise errors.InvalidArgument("source and destination are the same file")
        if target.exists() and on_existing is types.OnExisting.FAIL:
            raise errors.AlreadyExists(destination)
        self._replace(target, bytes(node.content)).mode = node.mode
        return len(node.content)

    def rename(self, source: str, destination: str, on_existing: types.OnExisting) -> None:
        operation, tree = "ext-filesystem/files.rename", self._tree
        origin = tree.reach(operation, source, "delete", link=FinalLink.KEEP)
        target = tree.reach(operation, destination, "write", link=FinalLink.KEEP)
        moved = origin.removable()
        if target.obstacle is not None:
            raise target.obstacle
        if target.exists() and on_existing is types.OnExisting.FAIL:
            raise errors.AlreadyExists(destination)
        if target.path == "/":
            raise errors.InvalidArgument("the destination is the root of a mount")
        if target.ending is Ending.DOT:
            raise errors.InvalidArgument("the destination ends in `.`")
        if target.ending is Ending.SLASH and not isinstance(moved, Directory):
            raise errors.IsADirectory(destination) if target.exists() else errors.NotADirectory(destination)
        if origin.path == target.path:
            return
        parent = target.entry()
        if is_within(target.path, origin.path):
            raise errors.InvalidArgument("the destination lies within the source")
        _check_replaced(moved, target)
        if isinstance(moved, Directory):
            for path, _ in walk(moved, origin.path):
                tree.policy.authorize_path(operation, "delete", path)
                tree.policy.authorize_path(operation, "write", target.path + path.removeprefix(origin.path))
        if target.exists():
            target.unlink()
        del origin.entry().entries[origin.name]
        parent.entries[target.name] = moved

    def _create(self, target: Target) -> RegularFile:
        node = RegularFile(created=self._tree.now())
        target.entry().entries[target.name] = node
        return node

    def _replace(self, target: Target, data: bytes) -> RegularFile:
        """Puts another file in the place of one, as a host does: who has the old one open goes on with that."""
        parent = target.file_entry()
        node = RegularFile(created=self._tree.now(), content=bytearray(data))
        if target.exists():
            node.mode = regular(target).mode
            target.unlink()
        parent.entries[target.name] = node
        return node


def regular(target: Target) -> RegularFile:
    """Gives the file that is there, or raises what is wrong with it."""
    match target.found():
        case RegularFile() as node:
            return node
        case Link():
            raise errors.TooManyLinks(target.given)
        case _:
            raise errors.IsADirectory(target.given)


def resize(content: bytearray, size: int) -> None:
    """Cuts, or fills up with zeros."""
    if size > MAX_FILE_BYTES:
        raise errors.QuotaExceeded(f"a file of more than {MAX_FILE_BYTES} bytes")
    del content[size:]
    content.extend(bytes(size - len(content)))


def _check_replaced(moved: Node, target: Target) -> None:
    if target.node is None:
        return
    match isinstance(moved, Directory), target.node:
        case False, Directory():
            raise errors.IsADirectory(target.given)
        case True, Directory(entries=entries):
            if entries:
                raise errors.DirectoryNotEmpty(target.given)
        case True, _:
            raise errors.NotADirectory(target.given)
