"""The exported resource `directory-cursor`. The build wants it in a module named as the interface."""

from airssys_wasm import directories
from wit_world.imports import filesystem_types

from convert import entry
from forward import forward


class DirectoryCursor:
    """Forwards to a cursor of the SDK, which the host closes by dropping this."""

    def __init__(self, cursor: directories.DirectoryCursor) -> None:
        self._cursor = cursor

    def next(self, max_entries: int) -> list[filesystem_types.DirectoryEntry]:
        """Forwards `next`."""
        return [entry(found) for found in forward(self._cursor.next_page, max_entries)]
