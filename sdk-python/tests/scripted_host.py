"""A host to write answers for: types and signatures are those of the typings, what functions do is up to each test."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


class ScriptedHost:
    """Replaces functions of the host and notes each call, after checking it against the contract's signature."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.calls: list[tuple[Any, ...]] = []

    def on(self, interface: ModuleType, name: str, answer: Any = None) -> None:
        """Sets what a function does: `answer` is called, raised or returned."""
        signature = inspect.signature(getattr(interface, name))

        def function(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            self.calls.append((name, *bound.args))
            return respond(answer, *bound.args)

        self._monkeypatch.setattr(interface, name, function)


def respond(answer: Any, *args: Any) -> Any:
    """Calls, raises or returns an answer."""
    if isinstance(answer, BaseException):
        raise answer
    if isinstance(answer, Callable):  # type: ignore[arg-type]
        return answer(*args)
    return answer


class ScriptedFile:
    """A file in memory, with the methods of the contract's `file`."""

    def __init__(self, content: bytes = b"", most: int = 1 << 24) -> None:
        self.content = bytearray(content)
        self.position = 0
        self.most = most
        self.drops = 0
        self.calls: list[tuple[Any, ...]] = []

    def read(self, max_bytes: int) -> bytes:
        """Gives at most `most` bytes at once, as a host with that limit would."""
        chunk = bytes(self.content[self.position :][: min(max_bytes, self.most)])
        self.position += len(chunk)
        return chunk

    def read_at(self, offset: int, max_bytes: int) -> bytes:
        """Reads without moving."""
        return bytes(self.content[offset:][:max_bytes])

    def write(self, data: bytes) -> int:
        """Takes at most `most` bytes at once."""
        assert type(data) is bytes
        data = data[: self.most]
        self.content[self.position : self.position + len(data)] = data
        self.position += len(data)
        return len(data)

    def write_at(self, offset: int, data: bytes) -> int:
        """Writes without moving."""
        assert type(data) is bytes
        self.content[offset : offset + len(data)] = data
        return len(data)

    def seek(self, position: Any) -> int:
        """Moves, and refuses to go before the start."""
        from componentize_py_types import Err
        from wit_world.imports import filesystem_types as types

        match position:
            case types.SeekFrom_Start(offset):
                target = offset
            case types.SeekFrom_Forward(offset):
                target = self.position + offset
            case types.SeekFrom_Backward(offset):
                target = self.position - offset
            case types.SeekFrom_BeforeEnd(offset):
                target = len(self.content) - offset
            case _:
                raise TypeError(position)
        if target < 0:
            raise Err(types.FilesystemError_InvalidArgument("before the start"))
        self.calls.append(("seek", type(position).__name__, position.value))
        self.position = target
        return target

    def set_size(self, size: int) -> None:
        """Cuts or fills up."""
        self.content[:] = self.content[:size].ljust(size, b"\0")

    def sync(self, kind: Any) -> None:
        """Notes the call."""
        self.calls.append(("sync", kind))

    def lock(self, kind: Any, timeout_ms: int | None) -> None:
        """Notes the call."""
        self.calls.append(("lock", kind, timeout_ms))

    def unlock(self) -> None:
        """Notes the call."""
        self.calls.append(("unlock",))

    def __exit__(self, *_: object) -> None:
        self.drops += 1


class ScriptedHandle:
    """An object of the host with the methods of a class of the contract, which give what they were made with."""

    def __init__(self, of: type, **answers: Any) -> None:
        self._of = of
        self._answers = answers
        self.calls: list[tuple[Any, ...]] = []
        self.drops = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        signature = inspect.signature(getattr(self._of, name))

        def function(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(self, *args, **kwargs)
            self.calls.append((name, *bound.args[1:]))
            return respond(self._answers.get(name), *bound.args[1:])

        return function

    def __exit__(self, *_: object) -> None:
        self.drops += 1
