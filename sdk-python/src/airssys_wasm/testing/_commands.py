"""What a host refuses of a command before it asks whether the program is permitted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import ProcessInvalidArgument

if TYPE_CHECKING:
    from wit_world.imports import process_types as types
else:
    from .._process import _types as types

MAX_COMMANDS = 16
"""The processes that a component may have at once, by the host's default."""

MAX_STRINGS = 16_384
MAX_TEXT_BYTES = 1 << 20
MAX_STRING_BYTES = 128 * 1024 - 1
MAX_INPUT_BYTES = 64 << 20

REFUSED_FAMILIES = ("LD_", "MALLOC_")
REFUSED_NAMES = ("GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "LOCPATH", "MUSL_LOCPATH", "NLSPATH")
"""The variables with which the loader and the C library find code, whatever the program is."""


def check_input(stdin: bytes) -> None:
    """Raises what is wrong with the standard input of a command."""
    if len(stdin) > MAX_INPUT_BYTES:
        raise ProcessInvalidArgument(f"input of more than {MAX_INPUT_BYTES} bytes")


def check(command: types.Command) -> None:
    """Raises what is wrong with a command."""
    _check_streams(command.stdio)
    _check_variables(command.environment)
    _check_text("the program", [command.program])
    _check_text("an argument", command.arguments)


def check_lines(environment: types.Environment) -> None:
    """Raises if the variables are too long as the system takes them, which a host sees after the permission."""
    _check_text("a variable", [f"{name}={value}" for name, value in dict(environment.set).items()])


def _check_streams(stdio: types.StdioConfig) -> None:
    to_file = types.Stdio_WriteFile | types.Stdio_AppendFile
    if isinstance(stdio.stdin, to_file | types.Stdio_ToStdout):
        wrong = "input"
    elif isinstance(stdio.stdout, types.Stdio_ReadFile | types.Stdio_ToStdout):
        wrong = "output"
    elif isinstance(stdio.stderr, types.Stdio_ReadFile):
        wrong = "error"
    else:
        return
    raise ProcessInvalidArgument(f"standard {wrong} cannot be that")


def _check_variables(environment: types.Environment) -> None:
    names = [*environment.inherit, *(name for name, _ in environment.set)]
    values = [value for _, value in environment.set]
    if len(names) > MAX_STRINGS:
        raise ProcessInvalidArgument(f"more than {MAX_STRINGS} variables")
    if _bytes(names) + _bytes(values) > MAX_TEXT_BYTES:
        raise ProcessInvalidArgument(f"variables of more than {MAX_TEXT_BYTES} bytes")
    for name in names:
        if not name or "=" in name or "\0" in name:
            raise ProcessInvalidArgument("a variable has no proper name")
        if name.startswith(REFUSED_FAMILIES) or name in REFUSED_NAMES:
            raise ProcessInvalidArgument(f"with the variable {name}, any program would load code that is not its own")
    if any("\0" in value for value in values):
        raise ProcessInvalidArgument("a variable contains NUL")


def _check_text(what: str, strings: list[str]) -> None:
    too_long = any(len(text.encode()) > MAX_STRING_BYTES for text in strings)
    if too_long or len(strings) > MAX_STRINGS or _bytes(strings) > MAX_TEXT_BYTES:
        raise ProcessInvalidArgument(f"{what} is too long, or there are too many")
    if any("\0" in text for text in strings):
        raise ProcessInvalidArgument(f"{what} contains NUL")


def _bytes(strings: Iterable[str]) -> int:
    return sum(len(text.encode()) for text in strings)
