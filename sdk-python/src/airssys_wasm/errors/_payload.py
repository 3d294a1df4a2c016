"""How the payload of a case becomes the attributes of an `OSError`."""

from __future__ import annotations

from typing import Any, ClassVar


class PlainError(OSError):
    """A case without a payload."""

    _errno: ClassVar[int]
    _text: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self._errno, self._text)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ()


class FileError(OSError):
    """A case whose payload is a path, or a program as it was given, which is its `filename`."""

    _errno: ClassVar[int]
    _text: ClassVar[str]

    def __init__(self, filename: str) -> None:
        super().__init__(self._errno, self._text, filename)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.filename,)


class TextError(OSError):
    """A case whose payload is a text for people, which is its `strerror`."""

    _errno: ClassVar[int]

    def __init__(self, text: str) -> None:
        super().__init__(self._errno, text)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.strerror,)
