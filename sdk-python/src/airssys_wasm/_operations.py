"""Operations as methods: what their signatures say of input and result."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, TypeVar

from . import _methods
from .errors import InvalidInput
from .types import ExecutionContext

_NAME = "_airssys_operation"

F = TypeVar("F", bound=Callable[..., Any])

Operation = Callable[[Any, bytes, ExecutionContext], bytes]
"""An operation in the form in which the host calls it: the component, the input and the context; bytes out."""

_INPUTS: list[list[Any]] = [
    [],
    [bytes],
    [str],
    [ExecutionContext],
    [bytes, ExecutionContext],
    [str, ExecutionContext],
]


def mark(function: F, name: str | None) -> F:
    """Notes on a function that it is an operation."""
    if isinstance(function, str):
        raise TypeError(f'@operation goes on a method: write @operation(name="{function}") to give it a name')
    if not inspect.isfunction(function):
        kind = type(function).__name__
        raise TypeError(f"@operation goes on a method of the component's instance, and this is a {kind}")
    if name is not None and not isinstance(name, str):
        raise TypeError(f"the name of an operation is a str, not {type(name).__name__}")
    setattr(function, _NAME, name or function.__name__.replace("_", "-"))
    return function


def collect(class_: type) -> dict[str, Operation]:
    """Gives the operations of a class and its bases, by name, those of the bases first."""
    attributes = [(owner, name, value) for owner in reversed(class_.__mro__) for name, value in vars(owner).items()]
    # A method may be made of an operation; one that hides it is a mistake.
    seen = [value for _, _, value in attributes if _is_marked(value)]
    methods = {}
    for owner, attribute, value in attributes:
        if _is_marked(value):
            methods[attribute] = getattr(value, _NAME)
        elif any(_is_marked(within) and not any(within is other for other in seen) for within in _wrapped(value)):
            where = f"{owner.__name__}.{attribute}"
            if isinstance(value, staticmethod | classmethod | property):
                raise TypeError(f"{where} is an operation, so it cannot be a {type(value).__name__}")
            raise TypeError(
                f"{where} is an operation, but the decorator above @operation hides that: put @operation on top"
            )
    operations: dict[str, Operation] = {}
    for attribute, name in methods.items():
        where = f"{class_.__name__}.{attribute}"
        if name in operations:
            raise TypeError(f"{class_.__name__} has two operations named {name}")
        function = inspect.getattr_static(class_, attribute)
        if isinstance(function, staticmethod | classmethod | property | type) or not callable(function):
            raise TypeError(f"{where} is the operation {name} of a base class, so it must be a method here, too")
        operations[name] = _adapt(function, where)
    return operations


def _is_marked(value: object) -> bool:
    # By the dictionary, so that an object which has every attribute is not taken for an operation.
    return _NAME in getattr(value, "__dict__", ())


def _wrapped(value: object) -> Iterator[object]:
    """Gives the functions that a descriptor, a partial or a decorator has in it."""
    if isinstance(value, staticmethod | classmethod):
        yield value.__func__
    elif isinstance(value, property):
        yield value.fget
    elif isinstance(value, functools.partial):
        yield value.func
    elif inspect.isfunction(value):
        for cell in value.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:
                continue
    elif not isinstance(value, type | ModuleType):
        yield from tuple(getattr(value, "__dict__", {}).values())


def _adapt(function: Callable[..., Any], where: str) -> Operation:
    """Makes an operation of a method: this is where its signature is checked, once."""
    _methods.refuse_asynchronous(function, where)
    signature = _methods.signature(function, where)
    itself, parameters = list(signature.parameters.values())[:1], list(signature.parameters.values())[1:]
    takes = [parameter.annotation for parameter in parameters]
    if not itself or itself[0].annotation in (bytes, str, ExecutionContext):
        raise TypeError(f"{where} must take self first: it is {signature}")
    kinds = {parameter.kind for parameter in parameters}
    if takes not in _INPUTS or not kinds <= {
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    }:
        raise TypeError(
            f"{where} must take bytes, str or nothing, and if it likes an ExecutionContext, each annotated: "
            f"it is {signature}"
        )
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


def _encoder(declared: Any, where: str) -> Callable[[Any], bytes]:
    if declared is bytes:

        def encode(result: Any) -> bytes:
            if not isinstance(result, bytes | bytearray | memoryview):
                raise _methods.wrong_result(where, result, "bytes")
            return bytes(result)
    elif declared is str:

        def encode(result: Any) -> bytes:
            if not isinstance(result, str):
                raise _methods.wrong_result(where, result, "str")
            try:
                return result.encode()
            except UnicodeEncodeError as error:
                raise ValueError(f"{where} returned text that is not Unicode: {error}") from None
    elif declared is None:

        def encode(result: Any) -> bytes:
            if result is not None:
                raise _methods.wrong_result(where, result, "None")
            return b""
    else:
        raise TypeError(f"{where} must return bytes, str or None, and be annotated so")
    return encode
