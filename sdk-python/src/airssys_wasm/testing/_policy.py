"""What the component may do: what its Component.toml and the test permit, less what the test denies."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from ..errors import (
    FilesystemPermissionDenied,
    MessagingPermissionDenied,
    NetworkPermissionDenied,
    PermissionDenied,
    ProcessPermissionDenied,
)
from ..types import ComponentId, PermissionDenial
from . import _patterns

FilesystemAction: TypeAlias = Literal["read", "write", "delete", "list"]
"""An action of a `filesystem` permission."""

_NetworkAction: TypeAlias = Literal["outbound", "inbound", "resolve"]

_ACTIONS: dict[str, tuple[str, ...]] = {
    "filesystem": get_args(FilesystemAction),
    "network": get_args(_NetworkAction),
    "process": ("spawn", "signal"),
}
_KEYS: dict[str, dict[str, Any]] = {
    "filesystem": {"action": None, "path": _patterns.check_path},
    "network": {"action": None, "host": _patterns.check_host},
    "process": {"action": None, "program": _patterns.check_path},
    "messaging": {"target": _patterns.check_target},
    # Nothing of the contract asks for it.
    "storage": {"namespace": None},
}
_OPTIONAL: dict[str, dict[str, Any]] = {
    "network": {"port": _patterns.check_port},
    "storage": {"max-bytes": None},
}

SEARCH_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
"""Where a host looks for a program that is only named, by default."""


@dataclass(frozen=True)
class _Permission:
    """One entry of the table `[permissions]`."""

    kind: str
    value: Mapping[str, Any]

    def covers_path(self, action: str, path: str) -> bool:
        return self._is("filesystem", action) and _patterns.covers_path(self.value["path"], path)

    def covers_host(self, action: str, host: _patterns.Host, port: int | None) -> bool:
        return (
            self._is("network", action)
            and _patterns.covers_port(self.value.get("port"), port)
            and _patterns.covers_host(self.value["host"], host)
        )

    def covers_program(self, action: str, program: str) -> bool:
        return self._is("process", action) and _patterns.covers_path(self.value["program"], program)

    def covers_target(self, target: str) -> bool:
        return self.kind == "messaging" and _patterns.covers_target(self.value["target"], target)

    def _is(self, kind: str, action: str) -> bool:
        return self.kind == kind and self.value["action"] == action


class Policy:
    """Allows what is permitted and not denied."""

    def __init__(self, manifest: Path | None, lines: str = "") -> None:
        """Permits what a Component.toml does, whose text is `lines`; without one, nothing."""
        self._manifest = manifest
        self._permits_all = False
        self._permitted = [] if manifest is None else _of_manifest(manifest, lines)
        self._denied: list[_Permission] = []
        self._has_denied = False

    def permit(self, lines: str) -> None:
        """Permits what lines of `[permissions]` permit."""
        self._permitted += _read(lines)

    def permit_all(self) -> None:
        """Permits everything."""
        self._permits_all = True

    def deny(self, lines: str) -> None:
        """Denies what lines of `[permissions]` would permit."""
        self._denied += _read(lines)

    def deny_path(self, path: str, actions: Iterable[str]) -> None:
        """Denies actions, or all of them, on an absolute path and everything below it."""
        known = _ACTIONS["filesystem"]
        denied = frozenset(actions) or frozenset(known)
        if unknown := denied.difference(known):
            raise ValueError(f"not an action on files: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        # The path itself, whatever its characters mean in patterns.
        literal = _patterns.covering_path(path) or path
        below = "/**" if literal == "/" else f"{literal}/**"
        self._denied += [_Permission("filesystem", {"action": action, "path": below}) for action in denied]

    def deny_target(self, pattern: str) -> None:
        """Denies sending to the components of a pattern as in Component.toml."""
        _patterns.check_target(pattern)
        self._denied.append(_Permission("messaging", {"target": pattern}))

    def allows_path(self, action: FilesystemAction, path: str) -> bool:
        """Says whether an action on a resolved path is allowed."""
        return self._allows(lambda permission: permission.covers_path(action, path))

    def allows_target(self, target: ComponentId) -> bool:
        """Says whether sending to a component is allowed."""
        return self._allows(lambda permission: permission.covers_target(str(target)))

    def allows_program(self, program: str) -> bool:
        """Says whether a program, by its absolute path, may be started."""
        return self._allows(lambda permission: permission.covers_program("spawn", program))

    def allows_host(self, action: str, host: str, port: int | None) -> bool:
        """Says whether an action on a host, by name or address, is allowed."""
        known = _patterns.Host.parse(host)
        if known is None:
            return self._permits_all
        return self._allows(lambda permission: permission.covers_host(action, known, port))

    def authorize_path(self, operation: str, action: FilesystemAction, path: str) -> None:
        """Raises the denial, if there is one."""
        if not self.allows_path(action, path):
            raise self._denial(FilesystemPermissionDenied, operation, path, missing_path(action, path))

    def authorize_target(self, operation: str, target: ComponentId) -> None:
        """Raises the denial, if there is one."""
        if not self.allows_target(target):
            raise self._denial(MessagingPermissionDenied, operation, str(target), missing_target(target))

    def authorize_host(self, operation: str, action: str, host: str, port: int | None) -> None:
        """Raises the denial, if there is one."""
        if not self.allows_host(action, host, port):
            resource = f"[{host}]" if ":" in host else host
            resource += "" if port is None else f":{port}"
            missing = missing_host(action, host, port)
            raise self._denial(NetworkPermissionDenied, operation, resource, missing)

    def authorize_program(self, operation: str, program: str) -> None:
        """Raises the denial for a program that is started, if there is one."""
        paths = [program] if "/" in program else [f"{folder}/{program}" for folder in SEARCH_PATH]
        if not any(self.allows_program(path) for path in paths):
            raise self._denial(ProcessPermissionDenied, operation, paths[-1], missing_program("spawn", paths[-1]))

    def why_nothing(self) -> str | None:
        """Says why something was denied, if it is because there is no Component.toml."""
        if not self._has_denied or self._manifest is not None or self._permits_all or self._permitted:
            return None
        return (
            f"the fake host permits nothing: there is no Component.toml in {Path.cwd()} or above; "
            "FakeHost(manifest=...) names one, permit and permit_all permit without one"
        )

    def _allows(self, covers: Any) -> bool:
        if any(covers(permission) for permission in self._denied):
            return False
        return self._permits_all or any(covers(permission) for permission in self._permitted)

    def _denial(
        self, kind: type[PermissionDenied], operation: str, resource: str, missing: str | None
    ) -> PermissionDenied:
        self._has_denied = True
        error = kind(PermissionDenial(operation, resource, missing or ""))
        if reason := self.why_nothing():
            error.add_note(reason)
        return error


def find_manifest(folder: Path | None = None) -> Path | None:
    """Gives the Component.toml of a folder, by default the current one, or of the nearest above that has one."""
    here = folder or Path.cwd()
    return next((file for place in (here, *here.parents) if (file := place / "Component.toml").is_file()), None)


def missing_path(action: str, path: str) -> str | None:
    """Gives the line that would permit an action on a path."""
    pattern = _patterns.covering_path(path)
    return None if pattern is None else f'filesystem = [{{ action = "{action}", path = {_quoted(pattern)} }}]'


def missing_host(action: str, host: str, port: int | None, address: str | None = None) -> str | None:
    """Gives the line that would permit an action on a host."""
    known = _patterns.Host.parse(host, address)
    pattern = None if known is None else _patterns.covering_host(known)
    if pattern is None:
        return None
    port_key = "" if port is None else f", port = {port}"
    return f'network = [{{ action = "{action}", host = "{pattern}"{port_key} }}]'


def missing_program(action: str, program: str) -> str | None:
    """Gives the line that would permit an action on a program."""
    pattern = _patterns.covering_path(program)
    return None if pattern is None else f'process = [{{ action = "{action}", program = {_quoted(pattern)} }}]'


def missing_target(target: ComponentId) -> str:
    """Gives the line that would permit sending to a component."""
    return f'messaging = [{{ target = "{target.namespace}/{target.name}" }}]'


def is_within(path: str, base: str) -> bool:
    """Says whether a path is a base or below it, both absolute and normal."""
    return base == "/" or path == base or path.startswith(f"{base}/")


def _of_manifest(manifest: Path, text: str) -> list[_Permission]:
    try:
        return _permissions(tomllib.loads(text).get("permissions", {}))
    except ValueError as error:
        raise ValueError(f"{manifest}: {error}") from None


def _read(lines: str) -> list[_Permission]:
    try:
        table = tomllib.loads(lines)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"not lines of [permissions]: {error}") from None
    return _permissions(table)


def _permissions(table: Any) -> list[_Permission]:
    if not isinstance(table, dict):
        raise ValueError(f"permissions is not a table: {table!r}")
    # A kind with a colon is a package of a host's own: the fake host has none of its interfaces.
    kinds = {kind: entries for kind, entries in table.items() if ":" not in kind}
    return [_permission(kind, entry) for kind, entries in kinds.items() for entry in _entries(kind, entries)]


def _entries(kind: str, entries: Any) -> list[Any]:
    if kind not in _KEYS:
        raise ValueError(f"there are no permissions named {kind!r}; there are {', '.join(_KEYS)}")
    if not isinstance(entries, list):
        raise ValueError(f"{kind} is not a list: {entries!r}")
    return entries


def _permission(kind: str, entry: Any) -> _Permission:
    needed, optional = _KEYS[kind], _OPTIONAL.get(kind, {})
    if not isinstance(entry, dict) or not needed.keys() <= entry.keys() <= needed.keys() | optional.keys():
        keys = ", ".join([*needed, *(f"{key} if need be" for key in optional)])
        raise ValueError(f"an entry of {kind} has the keys {keys}: {entry!r}")
    for key, value in entry.items():
        check = (needed | optional)[key]
        if key == "action" and value not in _ACTIONS[kind]:
            raise ValueError(f"not an action of {kind}: {value!r}; there are {', '.join(_ACTIONS[kind])}")
        if key != "port" and key != "max-bytes" and not isinstance(value, str):
            raise ValueError(f"{key} of {kind} is not a text: {value!r}")
        if check is not None:
            check(value)
    return _Permission(kind, entry)


_INVISIBLE = {
    0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF,
    *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080),
}  # fmt: skip
"""Characters that have no width or turn the direction of writing."""


def _quoted(text: str) -> str:
    """Gives text as a TOML string; what a terminal would not show is escaped."""

    def escape(character: str) -> str:
        if character in '"\\':
            return "\\" + character
        if short := {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character):
            return short
        if unicodedata.category(character) != "Cc" and ord(character) not in _INVISIBLE:
            return character
        return f"\\u{ord(character):04X}" if ord(character) <= 0xFFFF else f"\\U{ord(character):08X}"

    return '"' + "".join(map(escape, text)) + '"'
