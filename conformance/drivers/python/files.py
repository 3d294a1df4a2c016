"""The exported resource `file`. The build wants it in a module named as the interface."""

from airssys_wasm import files
from wit_world.imports import filesystem_types

from convert import metadata
from forward import forward


class File:
    """Forwards to a file of the SDK, which the host closes by dropping this."""

    def __init__(self, file: files.File) -> None:
        self._file = file

    def read(self, max_bytes: int) -> bytes:
        """Forwards `read`."""
        return forward(self._file.read_chunk, max_bytes)

    def read_at(self, offset: int, max_bytes: int) -> bytes:
        """Forwards `read-at`."""
        return forward(self._file.read_at, offset, max_bytes)

    def write(self, data: bytes) -> int:
        """Forwards `write`."""
        return forward(self._file.write, data)

    def write_at(self, offset: int, data: bytes) -> int:
        """Forwards `write-at`."""
        return forward(self._file.write_at, offset, data)

    def seek(self, position: filesystem_types.SeekFrom) -> int:
        """Forwards `seek`."""
        match position:
            case filesystem_types.SeekFrom_Start(offset):
                target = files.SeekFrom.start(offset)
            case filesystem_types.SeekFrom_Forward(offset):
                target = files.SeekFrom.forward(offset)
            case filesystem_types.SeekFrom_Backward(offset):
                target = files.SeekFrom.backward(offset)
            case filesystem_types.SeekFrom_BeforeEnd(offset):
                target = files.SeekFrom.before_end(offset)
        return forward(self._file.seek_to, target)

    def sync(self, kind: filesystem_types.SyncKind) -> None:
        """Forwards `sync`."""
        forward(self._file.sync, files.SyncKind[kind.name])

    def set_size(self, size: int) -> None:
        """Forwards `set-size`."""
        forward(self._file.set_size, size)

    def metadata(self) -> filesystem_types.FileMetadata:
        """Forwards `metadata`."""
        return metadata(forward(self._file.metadata))

    def lock(self, kind: filesystem_types.LockKind, timeout_ms: int | None) -> None:
        """Forwards `lock`."""
        forward(self._file.lock, files.LockKind[kind.name], timeout_ms)

    def unlock(self) -> None:
        """Forwards `unlock`."""
        forward(self._file.unlock)
