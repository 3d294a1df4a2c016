"""Keeps a journal, one line an entry, in a file."""

from airssys_wasm import Component, component, files, operation
from airssys_wasm.errors import InvalidInput, NotFound

JOURNAL = "/data/journal.txt"


@component
class MyComponent(Component):
    """Adds entries and lists them."""

    @operation
    def add(self, entry: str) -> str:
        """Adds an entry and answers how many there are now."""
        if not entry or "\n" in entry:
            raise InvalidInput("an entry is one line of text")
        files.append_file(JOURNAL, f"{entry}\n".encode())
        return str(files.read_file(JOURNAL).count(b"\n"))

    @operation(name="list")
    def list_entries(self) -> bytes:
        """Answers all entries. There are none as long as there is no journal."""
        try:
            return files.read_file(JOURNAL)
        except NotFound:
            return b""
