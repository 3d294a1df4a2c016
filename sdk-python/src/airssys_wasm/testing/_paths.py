"""`airssys:ext-filesystem/paths` over the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core, errors
from ..types import Timestamp
from . import _metadata
from ._policy import is_within
from ._tree import FinalLink, Link, Tree, normalize

if TYPE_CHECKING:
    from wit_world.imports import filesystem_types as types
else:
    from .._filesystem import _types as types

_MAX_NANOSECONDS = 999_999_999
_MAX_SECONDS = (1 << 63) - 1


class Paths:
    """The functions of the interface."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def get_metadata(self, path: str) -> types.FileMetadata:
        return _metadata.of(self._tree.reach_any("ext-filesystem/paths.get-metadata", path).found())

    def get_link_metadata(self, path: str) -> types.FileMetadata:
        target = self._tree.reach_any("ext-filesystem/paths.get-link-metadata", path, link=FinalLink.KEEP_UNLESS_SLASH)
        return _metadata.of(target.found())

    def exists(self, path: str) -> bool:
        try:
            self._tree.reach_any("ext-filesystem/paths.exists", path).found()
        except (errors.NotFound, errors.NotADirectory):
            return False
        return True

    def set_permissions(self, path: str, permissions: types.FilePermissions) -> None:
        node = self._tree.reach("ext-filesystem/paths.set-permissions", path, "write").found()
        node.mode = _metadata.mode(permissions)

    def set_times(self, path: str, times: types.FileTimes) -> None:
        now = self._tree.now()
        accessed, modified = _time(times.accessed, now), _time(times.modified, now)
        node = self._tree.reach("ext-filesystem/paths.set-times", path, "write").found()
        node.accessed = accessed or node.accessed
        node.modified = modified or node.modified

    def create_symlink(self, target: str, link: str) -> None:
        operation = "ext-filesystem/paths.create-symlink"
        text = normalize(target)
        place = self._tree.reach(operation, link, "write", link=FinalLink.KEEP)
        destination = self._tree.reach(operation, text, "read")
        if isinstance(destination.obstacle, errors.TooManyLinks):
            raise destination.obstacle
        place.free_entry(Link).entries[place.name] = Link(created=self._tree.now(), target=text)

    def read_symlink(self, link: str) -> str:
        keep = FinalLink.KEEP_UNLESS_SLASH
        node = self._tree.reach("ext-filesystem/paths.read-symlink", link, "read", link=keep).found()
        if not isinstance(node, Link):
            raise errors.InvalidArgument("it is not a symbolic link")
        return node.target

    def canonicalize(self, path: str) -> str:
        target = self._tree.reach_any("ext-filesystem/paths.canonicalize", path)
        target.found()
        return target.path

    def normalize(self, path: str) -> str:
        return normalize(path)

    def relative_to(self, path: str, base: str) -> str:
        path, base = normalize(path), normalize(base)
        if not is_within(path, base):
            raise errors.InvalidArgument("the path is not under the base")
        return path.removeprefix(base).lstrip("/")


def _time(time: types.FileTime, now: Timestamp) -> Timestamp | None:
    match time:
        case types.FileTime_Unchanged():
            return None
        case types.FileTime_Now():
            return now
        case types.FileTime_At(at):
            if at.nanoseconds > _MAX_NANOSECONDS:
                raise errors.InvalidArgument("a time has less than 1,000,000,000 nanoseconds")
            if at.seconds > _MAX_SECONDS:
                raise errors.InvalidArgument("the filesystem cannot express the time")
            return _core.timestamp_from_host(at)
