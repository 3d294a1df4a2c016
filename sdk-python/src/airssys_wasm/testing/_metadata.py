"""Metadata of the tree in the form of the boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core, _filesystem
from ..filesystem_types import FilePermissions
from ._tree import Directory, Link, Node, RegularFile

if TYPE_CHECKING:
    from wit_world.imports import filesystem_types as types
else:
    from .._filesystem import _types as types


def of(node: Node) -> types.FileMetadata:
    """Gives the metadata of something."""
    return types.FileMetadata(
        file_type=file_type(node),
        size=_size(node),
        permissions=_filesystem.permissions_to_host(FilePermissions.from_mode(node.mode)),
        links=node.links,
        accessed=_core.timestamp_to_host(node.accessed),
        modified=_core.timestamp_to_host(node.modified),
        created=_core.timestamp_to_host(node.created),
    )


def mode(permissions: types.FilePermissions) -> int:
    """Gives the bits of permissions."""
    return FilePermissions(permissions.value).to_mode()


def entry(name: str, node: Node) -> types.DirectoryEntry:
    """Gives an entry of a directory."""
    return types.DirectoryEntry(name, file_type(node))


def file_type(node: Node) -> types.FileType:
    """Says what something is."""
    match node:
        case RegularFile():
            return types.FileType.REGULAR
        case Directory():
            return types.FileType.DIRECTORY
        case _:
            return types.FileType.SYMBOLIC_LINK


def _size(node: Node) -> int:
    match node:
        case RegularFile(content=content):
            return len(content)
        case Link(target=target):
            return len(target.encode())
        case _:
            return 0
