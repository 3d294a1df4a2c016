"""The guest's files in memory, and the way from a path to one of them."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, get_args

from ..errors import (
    AlreadyExists,
    FilesystemError,
    InvalidArgument,
    InvalidPath,
    IsADirectory,
    NameTooLong,
    NotADirectory,
    NotFound,
    TooManyLinks,
    TooManyOpenFiles,
)
from ..types import Timestamp
from ._policy import FilesystemAction, Policy

if TYPE_CHECKING:
    from wit_world.imports.filesystem_types import LockKind

MAX_PATH_BYTES = 4096
MAX_NAME_BYTES = 255
MAX_LINKS = 40
MAX_DEPTH = 128
MAX_OPEN_FILES = 256

_DRAFT = re.compile(r"\.airssys-[0-9A-Fa-f]{32}\.draft")
"""The names under which a host keeps files that it is still writing."""


class Ending(Enum):
    """What the end of a path says of what it means."""

    PLAIN = auto()
    """Nothing: it ends with a name or with `..`."""

    SLASH = auto()
    """A `/`: a directory, which may have to be made."""

    DOT = auto()
    """A `.`: a directory that is there."""

    @staticmethod
    def of(path: str) -> Ending:
        """Gives that of a path."""
        trimmed = path.rstrip("/")
        if trimmed.rsplit("/", 1)[-1] == ".":
            return Ending.DOT
        return Ending.PLAIN if trimmed == path else Ending.SLASH


class FinalLink(Enum):
    """What to do with a link at the very end of a path."""

    FOLLOW = auto()
    KEEP = auto()
    """It is the link that is meant, which is no directory."""

    KEEP_UNLESS_SLASH = auto()
    """It is the link that is meant, unless the path ends in `/` and asks for the directory that it leads to."""


@dataclass(eq=False, kw_only=True)
class Node:
    """Something in the tree. The times are those of the fake host's clock."""

    mode: int
    links: int = 1
    created: Timestamp
    accessed: Timestamp = field(init=False)
    modified: Timestamp = field(init=False)

    def __post_init__(self) -> None:
        self.accessed = self.modified = self.created


@dataclass(eq=False, kw_only=True)
class RegularFile(Node):
    """A file with content."""

    mode: int = 0o644
    content: bytearray = field(default_factory=bytearray)
    locks: dict[int, LockKind] = field(default_factory=dict)
    """The kind of lock of each handle that holds one, by the handle's `id`."""


@dataclass(eq=False, kw_only=True)
class Directory(Node):
    """A directory."""

    mode: int = 0o755
    entries: dict[str, Node] = field(default_factory=dict)

    def sorted(self) -> list[tuple[str, Node]]:
        """Gives the entries sorted by the bytes of their names."""
        return sorted(self.entries.items(), key=lambda entry: entry[0].encode())


@dataclass(eq=False, kw_only=True)
class Link(Node):
    """A symbolic link."""

    mode: int = 0o777
    target: str = "/"


@dataclass
class Target:
    """Where a path leads."""

    given: str
    """The path as the component gave it, for errors."""

    path: str
    """The path that is really meant, which permissions are about."""

    name: str = ""
    parent: Directory | None = None
    """The directory that has or could have the name; `None` for the root, and if the way to it is blocked."""

    node: Node | None = None
    obstacle: FilesystemError | None = None
    ending: Ending = Ending.PLAIN
    behind_file: bool = False
    """Whether the obstacle is that the path ends in `/` and what is there is no directory."""

    def entry(self) -> Directory:
        """Gives the directory that has or could have the name. The root has no name: it raises `IsADirectory`."""
        if self.obstacle is not None:
            raise self.obstacle
        if self.parent is None:
            raise IsADirectory(self.given)
        return self.parent

    def file_entry(self) -> Directory:
        """Gives the directory for a file that is made if there is none. Behind a `/` a file cannot be."""
        is_entry = self.obstacle is None and self.parent is not None
        if self.behind_file or (is_entry and self.ending is Ending.SLASH):
            raise IsADirectory(self.given)
        return self.entry()

    def free_entry(self, makes: type[Node]) -> Directory:
        """Gives the directory for something that is made. Behind a `/` only a directory can be."""
        if self.behind_file or self.exists():
            raise AlreadyExists(self.given)
        entry = self.entry()
        if self.ending is not Ending.PLAIN and makes is not Directory:
            raise NotFound(self.given)
        return entry

    def removable(self) -> Node:
        """Gives what can be removed or moved: not the root, and by no name but its own."""
        node = self.found()
        if self.ending is Ending.DOT:
            raise InvalidArgument(f"{_quoted(self.given)} ends in `.`")
        if self.parent is None:
            raise InvalidArgument(f"{_quoted(self.given)} is the root of a mount, or above one")
        return node

    def found(self) -> Node:
        """Gives what is there, or raises what is in the way."""
        if self.obstacle is not None:
            raise self.obstacle
        if self.node is None:
            raise NotFound(self.given)
        return self.node

    def exists(self) -> bool:
        """Says whether there is anything."""
        return self.node is not None

    def unlink(self) -> None:
        """Takes away the name of what is there. Who has it open still has it."""
        self.found().links -= 1
        del self.entry().entries[self.name]

    def directory(self) -> Directory:
        """Gives the directory that is there, or raises what is wrong with it."""
        node = self.found()
        if not isinstance(node, Directory):
            raise NotADirectory(self.given)
        return node


class Tree:
    """The guest's files. `/` is its one mount."""

    def __init__(self, policy: Policy, clock: Callable[[], Timestamp]) -> None:
        self.policy = policy
        self.now = clock
        self.root = Directory(created=clock())
        self.open_files = 0

    def reach(
        self, operation: str, given: str, *actions: FilesystemAction, link: FinalLink = FinalLink.FOLLOW
    ) -> Target:
        """Resolves a path and raises the denial of an action, before anything else that is wrong with what is there."""
        target = self.resolve(given, link)
        for action in actions:
            self.policy.authorize_path(operation, action, target.path)
        return target

    def reach_any(self, operation: str, given: str, *, link: FinalLink = FinalLink.FOLLOW) -> Target:
        """Resolves a path whose metadata is asked for: it takes the right to read or to list."""
        path, policy = self.resolve(given, link).path, self.policy
        lists = policy.allows_path("list", path) and not policy.allows_path("read", path)
        return self.reach(operation, given, "list" if lists else "read", link=link)

    def resolve(self, given: str, link: FinalLink = FinalLink.FOLLOW) -> Target:
        """Goes to the end of a path. One that ends in `/` or `/.` means a directory, and leads to nothing else."""
        pending, ending = deque(segments(given)), Ending.of(given)
        if any(_DRAFT.fullmatch(segment) for segment in pending):
            raise InvalidPath("a name in it is one of the host's own")
        levels: list[tuple[str, Directory]] = [("", self.root)]
        links = 0
        while pending:
            segment = pending.popleft()
            if segment == "..":
                del levels[max(len(levels) - 1, 1) :]
                continue
            left_again = _left_again(pending)
            if left_again and not self._may_know(_path(levels, segment)):
                # Whether it exists is nobody's business who may do nothing with it.
                for _ in range(left_again):
                    pending.popleft()
                continue
            here = levels[-1][1]
            node = here.entries.get(segment)
            obstacle: FilesystemError = NotFound(given)
            behind_file = False
            match node:
                case Directory() if len(levels) > MAX_DEPTH:
                    obstacle = NameTooLong(given)
                case Directory():
                    levels.append((segment, node))
                    continue
                case Link() if not pending and ending is Ending.PLAIN and link is not FinalLink.FOLLOW:
                    return Target(given, _path(levels, segment), segment, here, node)
                case Link() if not pending and ending is Ending.SLASH and link is FinalLink.KEEP:
                    obstacle, behind_file = NotADirectory(given), True
                case Link() if links < MAX_LINKS:
                    links += 1
                    pending.extendleft(reversed(segments(node.target)))
                    levels = levels[:1]
                    continue
                case Link():
                    obstacle = TooManyLinks(given)
                case None if not pending and ending is not Ending.DOT:
                    return Target(given, _path(levels, segment), segment, here, ending=ending)
                case Node() if not pending and ending is Ending.PLAIN:
                    return Target(given, _path(levels, segment), segment, here, node)
                case Node():
                    obstacle, behind_file = NotADirectory(given), not pending and ending is Ending.SLASH
            path = _path(levels, segment, *pending)
            return Target(given, path, obstacle=obstacle, ending=ending, behind_file=behind_file)
        parent = levels[-2][1] if len(levels) > 1 else None
        return Target(given, _path(levels), levels[-1][0], parent, levels[-1][1], ending=ending)

    def _may_know(self, path: str) -> bool:
        return any(self.policy.allows_path(action, path) for action in get_args(FilesystemAction))

    def take_slot(self) -> None:
        """Counts one open file more."""
        if self.open_files == MAX_OPEN_FILES:
            raise TooManyOpenFiles
        self.open_files += 1


def walk(directory: Directory, path: str) -> Iterator[tuple[str, Node]]:
    """Gives the path of each thing below a directory, and the thing: each directory before what is in it."""
    for name, node in directory.sorted():
        below = join(path, name)
        yield below, node
        if isinstance(node, Directory):
            yield from walk(node, below)


def segments(path: str) -> list[str]:
    """Gives the segments of a guest path, without those that say nothing, but with each `..`."""
    if not path:
        raise InvalidPath("the path is empty")
    if len(path.encode()) > MAX_PATH_BYTES:
        raise InvalidPath(f"the path has more than {MAX_PATH_BYTES} bytes")
    if "\0" in path:
        raise InvalidPath("the path contains NUL")
    if not path.startswith("/"):
        raise InvalidPath("the path is not absolute")
    found = [segment for segment in path.split("/") if segment not in ("", ".")]
    if any(len(segment.encode()) > MAX_NAME_BYTES for segment in found):
        raise NameTooLong(path)
    return found


def normalize(path: str) -> str:
    """Gives the path without `.`, `..`, repeated `/` and a `/` at the end."""
    folded: list[str] = []
    for segment in segments(path):
        if segment != "..":
            folded.append(segment)
        elif folded:
            folded.pop()
    return "/" + "/".join(folded)


def join(parent: str, name: str) -> str:
    """Gives the path of a name in a directory."""
    return f"/{name}" if parent == "/" else f"{parent}/{name}"


def _left_again(pending: deque[str]) -> int:
    """Gives how many segments it takes until the one before them is left again by a `..`; 0 if it is not."""
    depth = 1
    for taken, segment in enumerate(pending, 1):
        depth += -1 if segment == ".." else 1
        if depth == 0:
            return taken
    return 0


def _quoted(path: str) -> str:
    return json.dumps(path, ensure_ascii=False)


def _path(levels: list[tuple[str, Directory]], *rest: str) -> str:
    return normalize("/" + "/".join([*(name for name, _ in levels[1:]), *rest]))
