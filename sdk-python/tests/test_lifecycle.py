"""The life of a component, from the decorator to the exports that the host calls."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from componentize_py_types import Err, Ok
from exported import CALLS, HOST_CONFIG, HOST_ID, Export, context
from scripted_host import ScriptedHost
from wit_world.imports import core_types, host_services

from airssys_wasm import (
    Component,
    ComponentCaller,
    ComponentConfig,
    ComponentId,
    ComponentMetadata,
    ExecutionContext,
    ExternalCaller,
    Failure,
    HealthStatus,
    HostCaller,
    Outcome,
    PermissionDenial,
    Reply,
    ResourceLimits,
    Timestamp,
    _tracebacks,
    component,
    errors,
    operation,
)

ID = ComponentId("acme", "hello", "0.1.0")


class Hello(Component):
    """Has an operation of each form."""

    @operation
    def greet(self, name: str) -> str:
        """Text in, text out."""
        return f"Hello, {name}!"

    @operation
    def reverse_bytes(self, data: bytes) -> bytes:
        """Bytes in, bytes out."""
        return data[::-1]

    @operation(name="do/nothing")
    def nothing(self) -> None:
        """Nothing in, nothing out."""

    @operation
    def who(self, context: ExecutionContext) -> str:
        """Only the context."""
        return repr(context.caller)

    @operation
    def both(self, data: bytes, context: ExecutionContext) -> str:
        """Input and context."""
        return f"{data!r} {context.request_id}"


@pytest.mark.parametrize(
    ("name", "input", "output"),
    [
        ("greet", b"World", b"Hello, World!"),
        ("greet", "Zoë 🐍".encode(), "Hello, Zoë 🐍!".encode()),
        ("greet", b"", b"Hello, !"),
        ("reverse-bytes", b"\xff\x00", b"\x00\xff"),
        ("do/nothing", b"ignored", b""),
        ("who", b"", b"HostCaller()"),
        ("both", b"x", b"b'x' r-1"),
    ],
)
def test_operations_take_and_give_text_or_bytes(export: Export, name: str, input: bytes, output: bytes) -> None:
    assert export(Hello)().execute(name, input, context()) == output


def test_the_names_of_operations_are_those_of_the_methods(export: Export) -> None:
    metadata = export(Hello)().metadata()
    assert metadata.operations == ["greet", "reverse-bytes", "do/nothing", "who", "both"]


@pytest.mark.parametrize("name", ["", "Greet", "reverse_bytes", "nothing", "execute", "handle-request"])
def test_another_name_is_an_unknown_operation(export: Export, name: str) -> None:
    with pytest.raises(Err) as raised:
        export(Hello)().execute(name, b"", context())
    assert raised.value.value == core_types.ExecutionError_UnknownOperation(name)


def test_input_that_is_no_text_is_invalid(export: Export) -> None:
    with pytest.raises(Err) as raised:
        export(Hello)().execute("greet", b"\xff", context())
    assert isinstance(raised.value.value, core_types.ExecutionError_InvalidInput)


def test_a_subclass_may_replace_and_add_operations(export: Export) -> None:
    class Base(Component):
        @operation
        def greet(self, name: str) -> str:
            return name

        @operation
        def keep(self) -> str:
            return "kept"

    class Derived(Base):
        @operation
        def greet(self, name: str) -> str:
            return name.upper()

    lifecycle = export(Derived)()
    assert lifecycle.execute("greet", b"a", context()) == b"A"
    assert lifecycle.execute("keep", b"", context()) == b"kept"


class Recorder(Component):
    """Keeps what arrives, with its hands on everything."""

    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.seen: list[Any] = []

    def init(self, config: ComponentConfig) -> None:
        """Keeps the config."""
        self.seen.append(config)

    def execute(self, operation: str, input: bytes, context: ExecutionContext) -> bytes:
        """Keeps the call."""
        self.seen.append((operation, input, context))
        return input

    def handle_message(self, sender: ComponentId, message: bytes) -> None:
        """Keeps the message."""
        self.seen.append((sender, message))

    def handle_callback(self, request: str, outcome: Outcome) -> None:
        """Keeps the outcome."""
        self.seen.append((request, outcome))

    def health(self) -> HealthStatus:
        """Is not well."""
        return HealthStatus.DEGRADED

    def shutdown(self) -> None:
        """Keeps that it came."""
        self.seen.append("shutdown")


def test_everything_arrives_at_one_instance_that_the_first_call_makes(export: Export) -> None:
    made_before = Recorder.made
    lifecycle = export(Recorder)
    lifecycle()
    assert Recorder.made == made_before, "not while the component is built"
    # The build makes the exports anew for each call.
    lifecycle().metadata()
    lifecycle().init(HOST_CONFIG)
    caller = core_types.Caller_Component(HOST_ID)
    assert lifecycle().execute("any", b"\x00", context(caller, core_types.Timestamp(1, 2), "00-ab-cd-01")) == b"\x00"
    lifecycle().execute("any", b"", context(core_types.Caller_External("someone")))
    lifecycle().handle_message(HOST_ID, b"m")
    lifecycle().handle_callback("r-2", Ok(b"reply"))
    lifecycle().handle_callback("r-3", Err("timeout"))
    lifecycle().shutdown()
    assert Recorder.made == made_before + 1
    assert lifecycle()._component.seen == [
        ComponentConfig(ID, (("K", "ü"), ("K", "")), b"\x00", ResourceLimits(2**64 - 1, None, 0)),
        ("any", b"\x00", ExecutionContext("r-1", ComponentCaller(ID), Timestamp(1, 2), "00-ab-cd-01")),
        ("any", b"", ExecutionContext("r-1", ExternalCaller("someone"), None, None)),
        (ID, b"m"),
        ("r-2", Reply(b"reply")),
        ("r-3", Failure("timeout")),
        "shutdown",
    ]
    assert lifecycle().health() == core_types.HealthStatus.DEGRADED


@pytest.mark.parametrize("status", list(HealthStatus))
def test_each_health_status_is_given(export: Export, status: HealthStatus) -> None:
    lifecycle = export(type("Sick", (Component,), {"health": lambda _: status}))
    assert lifecycle().health() == core_types.HealthStatus[status.name]


def test_the_defaults_are_healthy_forget_outcomes_and_refuse_messages(export: Export) -> None:
    lifecycle = export(Hello)()
    lifecycle.init(HOST_CONFIG)
    lifecycle.handle_callback("r", Ok(b""))
    assert lifecycle.health() == core_types.HealthStatus.HEALTHY
    with pytest.raises(Err) as raised:
        lifecycle.handle_message(HOST_ID, b"")
    assert isinstance(raised.value.value, core_types.ComponentError_InvalidMessage)
    lifecycle.shutdown()


def test_metadata_is_what_the_decorator_was_given(export: Export) -> None:
    authors = ["A <a@example.org>", "B"]
    lifecycle = export(Recorder, description="Does.", authors=authors, license="MIT", operations=["x"])
    assert lifecycle().metadata() == core_types.ComponentMetadata(HOST_ID, "Does.", authors, "MIT", ["x"])


def test_metadata_may_be_made_by_hand(export: Export) -> None:
    class Own(Component):
        def metadata(self) -> ComponentMetadata:
            return ComponentMetadata(ID, "own")

    assert export(Own)().metadata() == core_types.ComponentMetadata(HOST_ID, "own", [], None, [])


def raising(error: BaseException) -> type[Component]:
    """A component whose every function raises."""

    def fail(*_: Any) -> Any:
        # Several tests raise the same one; each its own traceback.
        raise error.with_traceback(None)

    names = ["init", "execute", "handle_message", "handle_callback", "metadata", "health", "shutdown"]
    return type("Raising", (Component,), dict.fromkeys(names, fail))


@pytest.mark.parametrize("function", ["init", "handle-message", "handle-callback", "shutdown"])
def test_declared_component_errors_are_results(export: Export, function: str) -> None:
    with pytest.raises(Err) as raised:
        CALLS[function](export(raising(errors.ConfigurationInvalid("bad port")))())
    assert raised.value.value == core_types.ComponentError_ConfigurationInvalid("bad port")


def test_declared_execution_errors_are_results(export: Export) -> None:
    with pytest.raises(Err) as raised:
        CALLS["execute"](export(raising(errors.ExecutionTimeout("slow")))())
    assert raised.value.value == core_types.ExecutionError_Timeout("slow")


def test_a_denial_that_an_operation_lets_pass_names_the_missing_line(export: Export) -> None:
    denial = errors.FilesystemPermissionDenied(PermissionDenial("ext-filesystem/files.open", "/x", "the line"))
    with pytest.raises(Err) as raised:
        CALLS["execute"](export(raising(denial))())
    assert raised.value.value == core_types.ExecutionError_PermissionDenied("the line")


@pytest.mark.parametrize("function", CALLS)
@pytest.mark.parametrize("error", [LookupError("lost \ud800"), SystemExit(3), KeyboardInterrupt()])
def test_other_exceptions_are_logged_before_the_instance_ends(
    host: ScriptedHost, monkeypatch: pytest.MonkeyPatch, export: Export, function: str, error: BaseException
) -> None:
    host.on(host_services, "log")
    monkeypatch.setattr(sys, "platform", "wasi")
    monkeypatch.setattr("os.abort", lambda: host.calls.append(("abort",)))
    with pytest.raises(type(error)):
        CALLS[function](export(raising(error))())
    (_, level, message, fields), end = host.calls
    assert end == ("abort",)
    assert level == core_types.LogLevel.ERROR
    assert message == {LookupError: "lost \\ud800", SystemExit: "3"}.get(type(error), "KeyboardInterrupt")
    fields = dict(fields)
    assert fields["kind"] == "exception"
    assert fields["function"] == ("op" if function == "execute" else function)
    assert fields["exception"] == type(error).__name__
    assert "in fail" in fields["traceback"]
    assert "_exports.py" not in fields["traceback"], "the package is not the author's business"
    assert re.match(r"raising\.<locals>\.fail at \S+/test_lifecycle\.py:\d+\n", fields["stack"])
    assert "_exports.py" in fields["stack"]


def test_sources_are_kept_for_tracebacks_in_a_component(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "author.py"
    file.write_text("def fail():\n    raise KeyError('pear')\n")
    module = ModuleType("author")
    module.__file__ = str(file)
    exec(compile(file.read_text(), file, "exec"), vars(module))
    monkeypatch.setitem(sys.modules, "author", module)
    monkeypatch.setattr(sys, "platform", "wasi")
    _tracebacks.keep_sources(module)
    file.unlink()
    with pytest.raises(KeyError) as raised:
        module.fail()
    assert "raise KeyError('pear')" in _tracebacks.text(raised.value)


def test_the_stack_of_a_recursion_is_its_end() -> None:
    def deeper() -> None:
        deeper()

    with pytest.raises(RecursionError) as raised:
        deeper()
    lines = _tracebacks.stack(raised.value).splitlines()
    assert len(lines) == 64
    assert all("deeper" in line for line in lines)


@pytest.mark.parametrize(
    ("function", "error"),
    [
        ("execute", errors.Internal("not one of execute")),
        ("init", errors.InvalidInput("not one of init")),
        ("metadata", errors.Internal("metadata has none")),
        ("health", errors.Internal("health has none")),
        ("metadata", errors.NotFound("/data/a")),
        ("health", errors.NotFound("/data/a")),
    ],
)
def test_an_error_of_another_function_is_a_mistake(
    host: ScriptedHost, export: Export, function: str, error: Exception
) -> None:
    host.on(host_services, "log")
    with pytest.raises(type(error)):
        CALLS[function](export(raising(error))())
    assert len(host.calls) == 1


@pytest.mark.parametrize(
    ("error", "case", "text"),
    [
        (errors.NotFound("/data/a"), "ProcessingFailed", "/data/a"),
        (errors.QuotaExceeded("too large"), "ResourceExhausted", "too large"),
        (errors.TooManyOpenFiles(), "ResourceExhausted", ""),
        (errors.MailboxFull(ID), "ProcessingFailed", "hello"),
        (errors.MessagingTimeout("too late"), "Timeout", "too late"),
    ],
)
def test_an_error_of_the_host_that_an_operation_does_not_catch_fails_it(
    export: Export, error: Exception, case: str, text: str
) -> None:
    with pytest.raises(Err) as raised:
        CALLS["execute"](export(raising(error))())
    assert type(raised.value.value).__name__ == f"ExecutionError_{case}"
    assert text in raised.value.value.value


DENIED = errors.FilesystemPermissionDenied(PermissionDenial("ext-filesystem/files.open", "/x", "the line"))


@pytest.mark.parametrize(
    "error",
    [DENIED, errors.NotFound("/data/a"), errors.QuotaExceeded("full"), errors.MailboxFull(ID), errors.NetworkTimeout()],
)
@pytest.mark.parametrize(
    ("function", "case"),
    [
        ("init", core_types.ComponentError_InitializationFailed),
        ("handle-message", core_types.ComponentError_Internal),
        ("handle-callback", core_types.ComponentError_Internal),
        ("shutdown", core_types.ComponentError_Internal),
    ],
)
def test_an_error_of_the_host_that_another_function_does_not_catch_is_passed_on_with_its_text(
    export: Export, function: str, case: Any, error: Exception
) -> None:
    with pytest.raises(Err) as raised:
        CALLS[function](export(raising(error))())
    assert raised.value.value == case(str(error))


def test_the_text_of_a_refusal_says_what_is_needed_and_of_whom() -> None:
    assert str(DENIED) == (
        "permission denied: ext-filesystem/files.open on /x: "
        "needs the line in [permissions] of Component.toml, and the operator's grant"
    )


def test_the_first_argument_of_the_program_is_the_name_of_the_component(
    monkeypatch: pytest.MonkeyPatch, export: Export
) -> None:
    monkeypatch.setattr(sys, "platform", "wasi")
    monkeypatch.setattr(sys, "argv", [])
    export(Hello)().metadata()
    assert sys.argv == ["acme/hello"]
    given = ["/from/the/host", "--flag"]
    monkeypatch.setattr(sys, "argv", given)
    sys.modules["app"].ComponentLifecycle._instance = None
    sys.modules["app"].ComponentLifecycle().metadata()
    assert sys.argv == ["/from/the/host", "--flag"], "a host that gives arguments is believed"


def test_callers_can_be_matched() -> None:
    names = []
    for caller in (ComponentCaller(ID), ExternalCaller("x"), HostCaller()):
        match caller:
            case ComponentCaller(id):
                names.append(id.name)
            case ExternalCaller(name):
                names.append(name)
            case HostCaller():
                names.append("host")
    assert names == ["hello", "x", "host"]


def test_two_operations_of_one_name_are_refused(export: Export) -> None:
    class Twice(Component):
        @operation
        def a(self) -> None: ...

        @operation(name="a")
        def b(self) -> None: ...

    with pytest.raises(TypeError, match="two operations named a"):
        export(Twice)


def test_a_module_has_one_component(export: Export) -> None:
    export(Hello)
    with pytest.raises(TypeError, match="has a component already"):
        export(Recorder)


@pytest.mark.parametrize("name", ["hello", "/hello", "acme/", "acme/hello/x", "acme/hello@1.0.0"])
def test_a_name_has_a_namespace(export: Export, name: str) -> None:
    with pytest.raises(ValueError, match="namespace/name"):
        export(Hello, name=name)


def test_only_components_can_be_decorated() -> None:
    with pytest.raises(TypeError, match="subclass of Component"):
        component(object)  # type: ignore[type-var]
    with pytest.raises(TypeError, match="on a method"):
        operation(5)  # type: ignore[call-overload]


MANIFEST = """
[component]
name = "acme/hello"
version = "0.1.0"
description = "Says hello."
license = "MIT"
operations = ["greet"]

[build]
language = "python"
"""
APP = """
from airssys_wasm import Component, component, operation

@component
class App(Component):
    @operation
    def greet(self, name: str) -> str:
        return name
"""


def import_app(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports `app` from a folder, as the build does."""
    (folder / "app.py").write_text(APP)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "app", raising=False)
    app = importlib.import_module("app")
    monkeypatch.delitem(sys.modules, "app")
    return app.ComponentLifecycle


def test_without_arguments_the_manifest_beside_the_module_describes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Component.toml").write_text(MANIFEST)
    metadata = import_app(tmp_path, monkeypatch)().metadata()
    assert metadata == core_types.ComponentMetadata(HOST_ID, "Says hello.", [], "MIT", ["greet"])


@pytest.mark.parametrize(
    ("manifest", "message"),
    [(None, "needs name and version"), (MANIFEST.replace("greet", "meet"), "operations meet are listed")],
)
def test_a_manifest_that_is_missing_or_lists_other_operations_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manifest: str | None, message: str
) -> None:
    if manifest is not None:
        (tmp_path / "Component.toml").write_text(manifest)
    with pytest.raises(ValueError, match=message):
        import_app(tmp_path, monkeypatch)
