"""Copies a folder with all that is in it."""

from dataclasses import dataclass

from airssys_wasm import Component, component, directories, files, operation
from airssys_wasm.errors import InvalidInput
from airssys_wasm.files import FileType, OnExisting


@component
class CopyTree(Component):
    """Name, version and description are those of the Component.toml beside this file."""

    @operation
    def copy_tree(self, folders: str) -> str:
        """The input is two lines: the folder to copy, and the folder to copy it to."""
        source, newline, destination = folders.strip("\n").partition("\n")
        if not newline:
            raise InvalidInput("expected FROM and TO, a line each")
        copied = Copied()
        # What the host refuses needs no `except`: it fails the operation, and the caller learns why.
        copy_folder(source, destination, copied)
        return f"copied {copied.files} files, {copied.bytes} bytes"


@dataclass
class Copied:
    """What has been copied so far."""

    files: int = 0
    bytes: int = 0


def copy_folder(source: str, destination: str, copied: Copied) -> None:
    """Copies what is in a folder, and goes down into the folders in it."""
    # The list is complete before anything is created, so that a copy into the folder itself comes to an end.
    entries = directories.list_directory(source)
    directories.create_directory_all(destination)
    for entry in entries:
        there, here = f"{source}/{entry.name}", f"{destination}/{entry.name}"
        match entry.file_type:
            case FileType.DIRECTORY:
                copy_folder(there, here, copied)
            case FileType.REGULAR:
                # The host copies: the bytes do not pass through the component.
                copied.bytes += files.copy_file(there, here, OnExisting.REPLACE)
                copied.files += 1
            case _:
                # A link could lead anywhere, and anything else is no file.
                pass
