"""What the test denies, in the words of a real host."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

from ..errors import FilesystemPermissionDenied, MessagingPermissionDenied
from ..types import ComponentId, PermissionDenial

FilesystemAction: TypeAlias = Literal["read", "write", "delete", "list"]
"""An action of a `filesystem` permission."""

_ACTIONS: tuple[FilesystemAction, ...] = get_args(FilesystemAction)


class Policy:
    """Allows everything but what is denied."""

    def __init__(self) -> None:
        self._paths: list[tuple[str, frozenset[str]]] = []
        self._targets: list[re.Pattern[str]] = []

    def deny_path(self, path: str, actions: Iterable[str]) -> None:
        """Denies actions, or all of them, on an absolute path and everything below it."""
        denied = frozenset(actions) or frozenset(_ACTIONS)
        if unknown := denied.difference(_ACTIONS):
            raise ValueError(f"not an action on files: {', '.join(sorted(unknown))}; there are {', '.join(_ACTIONS)}")
        self._paths.append((path, denied))

    def deny_target(self, pattern: str) -> None:
        """Denies sending to the components of a pattern as in Component.toml."""
        names, at, version = pattern.partition("@")
        if names.count("/") != 1 or (at and not version):
            raise ValueError(f"not a target of the form namespace/name or namespace/name@version: {pattern!r}")
        self._targets.append(re.compile(_wildcards(names) + "@" + (_wildcards(version) if at else ".*")))

    def allows_path(self, action: FilesystemAction, path: str) -> bool:
        """Says whether an action on a resolved path is allowed."""
        return not any(action in actions and is_within(path, denied) for denied, actions in self._paths)

    def allows_target(self, target: ComponentId) -> bool:
        """Says whether sending to a component is allowed."""
        return not any(pattern.fullmatch(str(target)) for pattern in self._targets)

    def authorize_path(self, operation: str, action: FilesystemAction, path: str) -> None:
        """Raises the denial, if there is one."""
        if not self.allows_path(action, path):
            pattern = re.sub(r"[*\[{]", "?", path)
            missing = f'filesystem = [{{ action = "{action}", path = {_quoted(pattern)} }}]'
            raise FilesystemPermissionDenied(PermissionDenial(operation, path, missing))

    def authorize_target(self, operation: str, target: ComponentId) -> None:
        """Raises the denial, if there is one."""
        if not self.allows_target(target):
            missing = f'messaging = [{{ target = "{target.namespace}/{target.name}" }}]'
            raise MessagingPermissionDenied(PermissionDenial(operation, str(target), missing))


def is_within(path: str, base: str) -> bool:
    """Says whether a path is a base or below it, both absolute and normal."""
    return base == "/" or path == base or path.startswith(f"{base}/")


def _wildcards(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", "[^/@]*").replace(r"\?", "[^/@]")


def _quoted(text: str) -> str:
    """Gives text as a TOML string; what a terminal would not show is escaped."""

    def escape(character: str) -> str:
        if character in '"\\':
            return "\\" + character
        if short := {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character):
            return short
        if unicodedata.category(character) not in {"Cc", "Cf", "Zl", "Zp"}:
            return character
        return f"\\u{ord(character):04X}" if ord(character) <= 0xFFFF else f"\\U{ord(character):08X}"

    return '"' + "".join(map(escape, text)) + '"'
