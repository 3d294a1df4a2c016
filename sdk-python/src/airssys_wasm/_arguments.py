"""Checks of what goes to the host.

The boundary does not raise on a value that does not fit: it ends the instance. So each argument is checked before.
"""

from __future__ import annotations

import operator
import os
from typing import SupportsIndex, TypeAlias

BytesLike: TypeAlias = "bytes | bytearray | memoryview"
"""Bytes that the caller gives."""

StrPath: TypeAlias = "str | os.PathLike[str]"
"""A guest path: text, or an object such as `pathlib.PurePosixPath`."""

U8_MAX = (1 << 8) - 1
U16_MAX = (1 << 16) - 1
U32_MAX = (1 << 32) - 1
U64_MAX = (1 << 64) - 1


def _unsigned(name: str, value: SupportsIndex, maximum: int) -> int:
    number = operator.index(value)
    if not 0 <= number <= maximum:
        raise ValueError(f"{name} must be between 0 and {maximum}, not {number}")
    return number


def u8(name: str, value: SupportsIndex) -> int:
    """Gives `value` as a number from 0 to 255, or raises `ValueError`."""
    return _unsigned(name, value, U8_MAX)


def u16(name: str, value: SupportsIndex) -> int:
    """Gives `value` as a number from 0 to 65,535, or raises `ValueError`."""
    return _unsigned(name, value, U16_MAX)


def u32(name: str, value: SupportsIndex) -> int:
    """Gives `value` as a number from 0 to 2**32 - 1, or raises `ValueError`."""
    return _unsigned(name, value, U32_MAX)


def optional_u32(name: str, value: SupportsIndex | None) -> int | None:
    """Gives `None`, or `value` as `u32` does."""
    return None if value is None else u32(name, value)


def u64(name: str, value: SupportsIndex) -> int:
    """Gives `value` as a number from 0 to 2**64 - 1, or raises `ValueError`."""
    return _unsigned(name, value, U64_MAX)


def optional_u64(name: str, value: SupportsIndex | None) -> int | None:
    """Gives `None`, or `value` as `u64` does."""
    return None if value is None else u64(name, value)


def text(value: str) -> str:
    """Gives text that is Unicode all through, or raises `UnicodeEncodeError` for a lone surrogate."""
    if not isinstance(value, str):
        raise TypeError(f"expected str, not {type(value).__name__}")
    if not value.isascii():
        value.encode()
    return value


def printable(value: object) -> str:
    """Gives text for people: what is not Unicode is escaped rather than refused."""
    return str(value).encode(errors="backslashreplace").decode()


def path(value: StrPath) -> str:
    """Gives a guest path as text."""
    return text(os.fspath(value))


def data(value: BytesLike) -> bytes:
    """Gives bytes as `bytes`. A number or text is a `TypeError`, not that many zeros."""
    return value if type(value) is bytes else memoryview(value).tobytes()
