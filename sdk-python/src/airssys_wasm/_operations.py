"""Operations as methods: what their signatures say of input and result."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from .errors import InvalidInput
from .types import ExecutionContext

_NAME = "_airssys_operation"

F = TypeVar("F", bound=Callable[..., Any])

Operation = Callable[[Any, bytes, ExecutionContext], bytes]
"""An operation in the form in which the host calls it: the component, the input and the context; bytes out."""


def mark(function: F, name: str | None) -> F:
    """Notes on a function that it is an operation."""
    if not inspect.isfunction(function):
        raise TypeError("@operation goes on a method")
    setattr(function, _NAME, name or function.__name__.replace("_", "-"))
    return function


def collect(class_: type) -> dict[str, Operation]:
    """Gives the operations of a class and its bases, by name, those of the bases first."""
    methods = {}
    for owner in reversed(class_.__mro__):
        for attribute, value in vars(owner).items():
            if hasattr(value, _NAME):
                methods[attribute] = getattr(value, _NAME)
    operations: dict[str, Operation] = {}
    for attribute, name in methods.items():
        if name in operations:
            raise TypeError(f"{class_.__name__} has two operations named {name}")
        operations[name] = _adapt(getattr(class_, attribute), f"{class_.__name__}.{attribute}")
    return operations


def _adapt(function: Callable[..., Any], where: str) -> Operation:
    """Makes an operation of a method: this is where its signature is checked, once."""
    signature = inspect.signature(function, eval_str=True)
    parameters = list(signature.parameters.values())[1:]
    takes = [parameter.annotation for parameter in parameters]
    named = {parameter.kind for parameter in parameters} - {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    if named or takes not in (
        [],
        [bytes],
        [str],
        [ExecutionContext],
        [bytes, ExecutionContext],
        [str, ExecutionContext],
    ):
        raise TypeError(f"{where} must take bytes, str or nothing, and if it likes an ExecutionContext, each annotated")
    encode = _encoder(signature.return_annotation, where)
    with_context = takes[-1:] == [ExecutionContext]

    def run(component: Any, input: bytes, context: ExecutionContext) -> bytes:
        arguments: list[Any] = [context] if with_context else []
        if str in takes:
            arguments.insert(0, _decode(input))
        elif bytes in takes:
            arguments.insert(0, input)
        return encode(function(component, *arguments))

    return run


def _decode(input: bytes) -> str:
    try:
        return input.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(f"the input is not UTF-8: {error}") from None


def _encoder(result: Any, where: str) -> Callable[[Any], bytes]:
    if result is bytes:
        return lambda value: value
    if result is str:
        return lambda value: value.encode()
    if result is None:
        return lambda _: b""
    raise TypeError(f"{where} must return bytes, str or None, and be annotated so")
