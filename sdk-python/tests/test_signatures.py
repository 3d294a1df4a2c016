"""What the methods of a component may look like, and what they may return."""

from __future__ import annotations

import abc
import functools
import re
from typing import Any

import pytest
from exported import CALLS, Export, context
from scripted_host import ScriptedHost
from test_lifecycle import Hello
from wit_world.imports import host_services

from airssys_wasm import Component, ComponentConfig, ExecutionContext, HealthStatus, operation


def one(function: Any) -> type[Component]:
    """A component of one operation."""
    return type("One", (Component,), {"one": operation(name="one")(function)})


def unannotated(self, name):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    return name


def wrong_input(self: Any, number: int) -> str:
    """Numbers are not what operations take."""
    return str(number)


def wrong_result(self: Any, name: str) -> int:
    """Numbers are not what operations give."""
    return len(name)


def wrong_order(self: Any, context: ExecutionContext, name: str) -> str:
    """The input comes first."""
    return name


def keyword_only(self: Any, *, name: str) -> str:
    """The input is given by position."""
    return name


def variadic(self: Any, *names: str) -> str:
    """There is one input."""
    return names[0]


def two_inputs(self: Any, first: str, second: str) -> str:
    """There is one input."""
    return first + second


def optional_input(self: Any, name: str | None) -> str:
    """There is always an input."""
    return name or ""


def no_self() -> str:
    """The component is the first argument."""
    return ""


def forgotten_self(name: str) -> str:
    """The component is the first argument."""
    return name


def unknown_annotation(self: Any, name: Absent) -> str:  # type: ignore[name-defined]  # noqa: F821
    """The type is not there when the component is built."""
    return str(name)


def generator(self: Any, name: str) -> str:  # type: ignore[misc]
    """Nobody iterates over it."""
    yield name


async def coroutine(self: Any, name: str) -> str:
    """Nobody awaits it."""
    return name


async def asynchronous_generator(self: Any, name: str) -> str:  # type: ignore[misc]
    """Nobody iterates over it."""
    yield name


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (unannotated, r"One\.one must take bytes, str or nothing.* it is \(self, name\)"),
        (wrong_input, r"One\.one must take bytes, str or nothing.* it is \(self: Any, number: int\) -> str"),
        (wrong_result, r"One\.one must return bytes, str or None"),
        (wrong_order, r"One\.one must take bytes, str or nothing"),
        (keyword_only, r"One\.one must take bytes, str or nothing"),
        (variadic, r"One\.one must take bytes, str or nothing"),
        (two_inputs, r"One\.one must take bytes, str or nothing"),
        (optional_input, r"One\.one must take bytes, str or nothing"),
        (no_self, r"One\.one must take self first"),
        (forgotten_self, r"One\.one must take self first"),
        (unknown_annotation, r"One\.one has an annotation that cannot be evaluated: NameError"),
        (generator, r"One\.one must not be a generator: .* return the whole result"),
        (coroutine, r"One\.one must not be async def: the host calls it and waits for its result"),
        (asynchronous_generator, r"One\.one must not be an asynchronous generator"),
    ],
)
def test_other_signatures_are_refused_when_the_component_is_built(export: Export, function: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        export(one(function))


def plain(self: Any, name: str) -> str:
    """A good operation."""
    return name


any_plain: Any = plain
any_operation: Any = operation
marked: Any = operation(any_plain)


def hidden(function: Any) -> Any:
    """A decorator that does not say what it is around."""
    return lambda self, name: function(self, name)


class Around:
    """A decorator that is a class."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def __call__(self, *arguments: Any) -> Any:
        """Calls what it is around."""
        return self.function(*arguments)


@pytest.mark.parametrize(
    ("wrap", "message"),
    [
        (lambda: staticmethod(operation(no_self)), "One.one is an operation, so it cannot be a staticmethod"),
        (lambda: classmethod(operation(plain)), "One.one is an operation, so it cannot be a classmethod"),
        (lambda: property(marked), "One.one is an operation, so it cannot be a property"),
        (lambda: hidden(operation(plain)), "the decorator above @operation hides that: put @operation on top"),
        (lambda: Around(operation(plain)), "the decorator above @operation hides that: put @operation on top"),
        (
            lambda: functools.partial(operation(plain)),
            "the decorator above @operation hides that: put @operation on top",
        ),
        (lambda: operation(staticmethod(no_self)), "@operation goes on a method"),
        (lambda: any_operation(classmethod(any_plain)), "@operation goes on a method"),
        (lambda: any_operation(property(any_plain)), "@operation goes on a method"),
        (lambda: any_operation("greet"), '@operation(name="greet")'),
        (lambda: any_operation(name=5)(plain), "a str, not int"),
    ],
)
def test_what_is_no_plain_method_is_no_operation(export: Export, wrap: Any, message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        export(type("One", (Component,), {"one": wrap()}))


def test_decorators_that_say_what_they_are_around_may_stand_on_both_sides(export: Export) -> None:
    def loud(function: Any) -> Any:
        @functools.wraps(function)
        def wrapper(*arguments: Any) -> Any:
            return function(*arguments).upper()

        return wrapper

    class Loud(Component):
        @loud
        @operation
        def above(self, name: str) -> str:
            return name

        @operation
        @loud
        def below(self, name: str) -> str:
            return name

        twice = hidden(above)

    lifecycle = export(Loud)()
    assert lifecycle.execute("above", b"a", context()) == b"A"
    assert lifecycle.execute("below", b"b", context()) == b"B"
    assert lifecycle.metadata().operations == ["above", "below"]


def test_a_subclass_may_not_turn_an_operation_into_something_else(export: Export) -> None:
    with pytest.raises(TypeError, match=r"Derived\.greet is the operation greet of a base class"):
        export(type("Derived", (Hello,), {"greet": staticmethod(lambda name: name)}))


def taking(arguments: int) -> Any:
    """A method that takes so many arguments."""
    return [lambda _self: None, lambda _self, _a: None, lambda _self, _a, _b: None][arguments]


def by_keyword(self: Any, *, config: ComponentConfig) -> None:
    """Arguments are given by position."""


async def initialize(self: Any, config: ComponentConfig) -> None:
    """Nobody awaits it."""


@pytest.mark.parametrize(
    ("name", "method", "message"),
    [
        ("init", initialize, "One.init must not be async def: the host calls it"),
        ("init", taking(0), "One.init must take 1 argument beside self, by position: it is (_self)"),
        ("init", by_keyword, "One.init must take 1 argument beside self"),
        ("init", property(taking(0)), "One.init must be a method, and is a property"),
        ("execute", coroutine, "One.execute must not be async def"),
        ("execute", taking(2), "One.execute must take 3 arguments beside self"),
        ("handle_message", taking(1), "One.handle_message must take 2 arguments beside self"),
        ("handle_callback", asynchronous_generator, "One.handle_callback must not be an asynchronous generator"),
        ("health", HealthStatus.HEALTHY, "One.health must be a method, and is a HealthStatus"),
        ("shutdown", generator, "One.shutdown must not be a generator"),
        ("metadata", taking(1), "One.metadata must take no arguments beside self"),
        ("__init__", taking(1), "One.__init__ must take no arguments beside self"),
    ],
)
def test_what_the_host_could_not_call_is_refused_when_the_component_is_built(
    export: Export, name: str, method: Any, message: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        export(type("One", (Component,), {name: method}))


def test_what_the_host_could_not_make_is_refused_when_the_component_is_built(export: Export) -> None:
    class Base(Component, abc.ABC):
        @abc.abstractmethod
        def greeting(self) -> str: ...

    abstract = abc.ABCMeta("Abstract", (Base,), {})
    with pytest.raises(TypeError, match="Abstract must have what is abstract in its bases: greeting"):
        export(abstract)


async def never_runs(*_: Any) -> None:
    """Makes a coroutine."""


@pytest.mark.parametrize(
    ("function", "method", "result", "message"),
    [
        ("execute", "execute", "text", "Wrong.execute returned str, and must return bytes"),
        ("execute", "execute", None, "Wrong.execute returned None, and must return bytes"),
        ("execute", "execute", 5, "Wrong.execute returned int, and must return bytes"),
        ("execute", "execute", "coroutine", "Wrong.execute returned a coroutine that nobody awaits"),
        ("health", "health", True, "Wrong.health returned bool, and must return a HealthStatus"),
        ("metadata", "metadata", {}, "Wrong.metadata returned dict, and must return a ComponentMetadata"),
        ("init", "init", "coroutine", "Wrong.init returned a coroutine that nobody awaits, and must return None"),
        ("handle-message", "handle_message", 1, "Wrong.handle_message returned int, and must return None"),
        ("handle-callback", "handle_callback", "", "Wrong.handle_callback returned str, and must return None"),
        ("shutdown", "shutdown", [], "Wrong.shutdown returned list, and must return None"),
    ],
)
def test_a_result_of_another_type_is_a_mistake_that_names_the_method(
    host: ScriptedHost, export: Export, function: str, method: str, result: Any, message: str
) -> None:
    host.on(host_services, "log")
    give = never_runs if result == "coroutine" else lambda *_: result
    wrong = type("Wrong", (Component,), {method: lambda *_: give()})
    with pytest.raises(TypeError, match=re.escape(message)):
        CALLS[function](export(wrong)())
    assert dict(host.calls[0][3])["exception"] == "TypeError"


@pytest.mark.parametrize(
    ("declared", "result", "message"),
    [
        (bytes, "text", "One.one returned str, and must return bytes"),
        (bytes, None, "One.one returned None, and must return bytes"),
        (str, b"bytes", "One.one returned bytes, and must return str"),
        (str, None, "One.one returned None, and must return str"),
        (None, "text", "One.one returned str, and must return None"),
        (str, "\ud800", "One.one returned text that is not Unicode"),
        (None, "coroutine", "One.one returned a coroutine that nobody awaits, and must return None"),
    ],
)
def test_an_operation_that_returns_something_else_than_it_declares_is_a_mistake_that_names_it(
    host: ScriptedHost, export: Export, declared: Any, result: Any, message: str
) -> None:
    host.on(host_services, "log")

    def given(self: Any) -> Any:
        return never_runs() if result == "coroutine" else result

    given.__annotations__["return"] = declared
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        export(one(given))().execute("one", b"", context())
    assert message in host.calls[0][2]


@pytest.mark.parametrize("result", [b"x", bytearray(b"x"), memoryview(b"x")])
def test_bytes_of_every_kind_are_bytes(export: Export, result: Any) -> None:
    def given(self: Any) -> bytes:
        return result  # type: ignore[no-any-return]

    assert export(one(given))().execute("one", b"", context()) == b"x"


@pytest.mark.parametrize("result", [b"x", bytearray(b"x"), memoryview(b"x")])
def test_bytes_of_every_kind_are_bytes_of_a_component_by_hand(export: Export, result: Any) -> None:
    by_hand = type("ByHand", (Component,), {"execute": lambda *_: result})
    assert export(by_hand)().execute("any", b"", context()) == b"x"
