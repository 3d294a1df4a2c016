"""What the methods of a component must look like. Nothing awaits or iterates over what they return."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

_LIFECYCLE = {
    "init": 1,
    "execute": 3,
    "handle_message": 2,
    "handle_callback": 2,
    "metadata": 0,
    "health": 0,
    "shutdown": 0,
}
"""How many arguments the host gives to each function of the lifecycle."""


def check(class_: type) -> None:
    """Raises `TypeError` for a component that the host could not make or call."""
    name = class_.__name__
    if abstract := getattr(class_, "__abstractmethods__", None):
        raise TypeError(f"{name} must have what is abstract in its bases: {', '.join(sorted(abstract))}")
    _check_method(class_, "__init__", 0)
    for method, arguments in _LIFECYCLE.items():
        _check_method(class_, method, arguments)


def _check_method(class_: type, name: str, arguments: int) -> None:
    where = f"{class_.__name__}.{name}"
    method = inspect.getattr_static(class_, name)
    given = arguments + 1
    if isinstance(method, staticmethod):
        given = arguments
    if isinstance(method, staticmethod | classmethod):
        method = method.__func__
    if isinstance(method, property) or not callable(method):
        raise TypeError(f"{where} must be a method, and is a {type(method).__name__}")
    refuse_asynchronous(method, where)
    try:
        signature = inspect.signature(method)
    except ValueError:
        # A method that is written in C does not always tell.
        return
    try:
        signature.bind(*range(given))
    except TypeError as error:
        takes = "no arguments" if arguments == 0 else f"{arguments} argument{'s' if arguments > 1 else ''}"
        raise TypeError(f"{where} must take {takes} beside self, by position: it is {signature} ({error})") from None


def refuse_asynchronous(function: Any, where: str) -> None:
    """Raises `TypeError` for a function that does nothing when it is called but make something to await or iterate."""
    if inspect.iscoroutinefunction(function):
        kind, instead = "async def", "write def"
    elif inspect.isasyncgenfunction(function):
        kind, instead = "an asynchronous generator", "write def, and return the whole result"
    elif inspect.isgeneratorfunction(function):
        kind, instead = "a generator", "return the whole result instead of yielding parts of it"
    else:
        return
    raise TypeError(f"{where} must not be {kind}: the host calls it and waits for its result, so {instead}")


def signature(function: Callable[..., Any], where: str) -> inspect.Signature:
    """Gives a signature whose annotations are types."""
    try:
        return inspect.signature(function, eval_str=True)
    except ValueError as error:
        raise TypeError(f"{where} must be a method that is written in Python: {error}") from None
    except Exception as error:
        raise TypeError(
            f"{where} has an annotation that cannot be evaluated: {type(error).__name__}: {error} "
            "(what is imported under `if TYPE_CHECKING:` only is not there)"
        ) from error


def wrong_result(where: str, result: object, expected: str) -> TypeError:
    """Gives the error for a method that returned something else than it should."""
    if inspect.iscoroutine(result):
        # It never runs; closing it keeps the interpreter from warning of that, too.
        result.close()
        return TypeError(f"{where} returned a coroutine that nobody awaits, and must return {expected}")
    kind = "None" if result is None else type(result).__name__
    return TypeError(f"{where} returned {kind}, and must return {expected}")
