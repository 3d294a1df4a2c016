"""`airssys:ext-filesystem/directories` over the tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING

from .. import errors
from . import _metadata
from ._tree import Directory, FinalLink, Link, RegularFile, Tree, join, segments, walk

if TYPE_CHECKING:
    from wit_world.imports import filesystem_types as types
else:
    from .._filesystem import _types as types

MAX_PAGE_ENTRIES = 10_000


class DirectoryCursor:
    """A cursor over what was in a directory when it was opened."""

    def __init__(self, tree: Tree, entries: list[types.DirectoryEntry], begin: Callable[[str], None]) -> None:
        self._tree = tree
        self._entries = entries
        self._begin = begin

    def next(self, max_entries: int) -> list[types.DirectoryEntry]:
        self._begin("directory_cursor.next")
        count = min(max_entries, MAX_PAGE_ENTRIES)
        page, self._entries = self._entries[:count], self._entries[count:]
        return page

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._tree.open_files -= 1


class Directories:
    """The functions of the interface."""

    def __init__(self, tree: Tree, begin: Callable[[str], None]) -> None:
        self._tree = tree
        self._begin = begin

    def open_directory(self, path: str) -> DirectoryCursor:
        entries = self._list("ext-filesystem/directories.open-directory", path)
        self._tree.take_slot()
        return DirectoryCursor(self._tree, entries, self._begin)

    def list_directory(self, path: str) -> list[types.DirectoryEntry]:
        return self._list("ext-filesystem/directories.list-directory", path)

    def _list(self, operation: str, path: str) -> list[types.DirectoryEntry]:
        directory = self._tree.reach(operation, path, "list").directory()
        return [_metadata.entry(name, node) for name, node in directory.sorted()]

    def create_directory(self, path: str) -> None:
        target = self._tree.reach("ext-filesystem/directories.create-directory", path, "write", link=FinalLink.KEEP)
        target.free_entry(Directory).entries[target.name] = Directory(created=self._tree.now())

    def create_directory_all(self, path: str) -> None:
        operation = "ext-filesystem/directories.create-directory-all"
        whole = self._tree.reach(operation, path, "write")
        if whole.exists() or not isinstance(whole.obstacle, errors.NotFound | None):
            whole.directory()
            return
        names = segments(whole.path)
        steps = ["/" + "/".join(names[:end]) for end in range(1, len(names) + 1)]
        missing = [step for step in steps if not self._tree.resolve(step).exists()]
        for step in missing:
            self._tree.policy.authorize_path(operation, "write", step)
        for step in missing:
            target = self._tree.resolve(step)
            target.entry().entries[target.name] = Directory(created=self._tree.now())
        if not isinstance(self._tree.resolve(whole.path).node, Directory):
            raise errors.NotADirectory(path)

    def remove_directory(self, path: str) -> None:
        target = self._tree.reach("ext-filesystem/directories.remove-directory", path, "delete", link=FinalLink.KEEP)
        target.removable()
        if target.directory().entries:
            raise errors.DirectoryNotEmpty(path)
        target.unlink()

    def remove_directory_all(self, path: str) -> None:
        operation = "ext-filesystem/directories.remove-directory-all"
        target = self._tree.reach(operation, path, "delete", link=FinalLink.KEEP)
        target.removable()
        for below, _ in walk(target.directory(), target.path):
            self._tree.policy.authorize_path(operation, "delete", below)
        target.unlink()

    def find(self, root: str, options: types.FindOptions) -> list[str]:
        pattern = _glob(options.pattern)
        target = self._tree.reach("ext-filesystem/directories.find", root, "list")
        found: list[str] = []
        if options.max_depth == 0 or options.limit == 0:
            target.directory()
            return found
        for path in self._below(target.directory(), target.path, 1, options, {id(target.node)}):
            if pattern.fullmatch("/" + path.removeprefix(target.path).lstrip("/")):
                found.append(path)
                if len(found) == options.limit:
                    break
        return found

    def _below(
        self, directory: Directory, path: str, depth: int, options: types.FindOptions, visited: set[int]
    ) -> Iterator[str]:
        for name, node in directory.sorted():
            below = join(path, name)
            yield below
            within = node
            if isinstance(node, Link) and options.follow_links:
                target = self._tree.resolve(below)
                within = target.node or node
                below_is = target.path
            else:
                below_is = below
            if not isinstance(within, Directory) or (options.max_depth is not None and depth >= options.max_depth):
                continue
            # Only links can lead to where one has been.
            if id(within) in visited or not self._tree.policy.allows_path("list", below_is):
                continue
            visited.add(id(within))
            yield from self._below(within, below, depth + 1, options, visited)

    def measure(self, root: str) -> types.DiskUsage:
        operation = "ext-filesystem/directories.measure"
        target = self._tree.reach(operation, root, "list")
        usage = types.DiskUsage(files=0, directories=0, bytes=0)
        for path, node in walk(target.directory(), target.path):
            if isinstance(node, Directory):
                self._tree.policy.authorize_path(operation, "list", path)
                usage.directories += 1
            else:
                usage.files += 1
                usage.bytes += len(node.content) if isinstance(node, RegularFile) else 0
        return usage


def _glob(pattern: str) -> re.Pattern[str]:
    """Makes an expression over paths that start with `/`."""
    expression = ""
    for segment in pattern.split("/"):
        if segment in ("", ".", "..") or re.search(r"[\[{\0]", segment) or ("**" in segment and segment != "**"):
            raise errors.InvalidArgument(f"not a pattern of a path relative to the root: {pattern!r}")
        if segment == "**":
            expression += "(?:/[^/]+)*"
        else:
            expression += "/" + re.escape(segment).replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.compile(expression, re.DOTALL)
