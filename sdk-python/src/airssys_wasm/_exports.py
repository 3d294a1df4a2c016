"""The exported interface `component-lifecycle` over a component of this package."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from . import _arguments, _core, _host, _methods, _tracebacks, errors, host_services, types

if TYPE_CHECKING:
    from componentize_py_types import Result
    from wit_world.imports import core_types as _types

    from .component_lifecycle import Component
else:
    _types = _core._types

T = TypeVar("T")


class Lifecycle:
    """What the build looks for in the module of the author, made for one component by `of`."""

    EXPORT: ClassVar[str] = "ComponentLifecycle"
    """The name under which the build looks for it."""

    _class: ClassVar[type[Component]]

    # Here and not in the object: the exports are made anew for each call. And not before the first one, because what
    # exists when the component is built is kept as it was then, random numbers and times included.
    _instance: ClassVar[Component | None] = None

    @staticmethod
    def of(class_: type[Component]) -> type[Lifecycle]:
        """Gives the exports of one component."""
        return type(Lifecycle.EXPORT, (Lifecycle,), {"_class": class_})

    @property
    def _component(self) -> Component:
        exports = type(self)
        if exports._instance is None:
            # Programs look there for their name. A host that gives arguments has given them before the first call.
            if sys.platform == "wasi" and not sys.argv:
                sys.argv.append(f"{self._class._metadata.id.namespace}/{self._class._metadata.id.name}")
            exports._instance = self._class()
        return exports._instance

    def init(self, config: _types.ComponentConfig) -> None:
        given = _core.config_from_host(config)
        self._fallible("init", lambda: self._component.init(given), _types.ComponentError_InitializationFailed)

    def execute(self, operation: str, input: bytes, context: _types.ExecutionContext) -> bytes:
        def declared() -> bytes | _types.ExecutionError:
            try:
                result = self._component.execute(operation, input, _core.context_from_host(context))
            except (errors.ExecutionError, *_core.HOST_ERRORS) as error:
                return _core.execution_error(error)
            if not isinstance(result, bytes | bytearray | memoryview):
                raise self._wrong("execute", result, "bytes")
            return bytes(result)

        result = _guarded(operation, declared)
        if not isinstance(result, bytes):
            raise _host.Err(result)
        return result

    def handle_message(self, sender: _types.ComponentId, message: bytes) -> None:
        sender_id = _core.id_from_host(sender)
        self._fallible("handle_message", lambda: self._component.handle_message(sender_id, message))

    def handle_callback(self, request: str, outcome: Result[bytes, str]) -> None:
        result: types.Outcome
        result = types.Reply(outcome.value) if isinstance(outcome, _host.Ok) else types.Failure(outcome.value)
        self._fallible("handle_callback", lambda: self._component.handle_callback(request, result))

    def metadata(self) -> _types.ComponentMetadata:
        def told() -> _types.ComponentMetadata:
            metadata = self._component.metadata()
            if not isinstance(metadata, types.ComponentMetadata):
                raise self._wrong("metadata", metadata, "a ComponentMetadata")
            return _core.metadata_to_host(metadata)

        return _guarded("metadata", told)

    def health(self) -> _types.HealthStatus:
        def told() -> _types.HealthStatus:
            status = self._component.health()
            if not isinstance(status, types.HealthStatus):
                raise self._wrong("health", status, "a HealthStatus")
            return _core.health_to_host(status)

        return _guarded("health", told)

    def shutdown(self) -> None:
        self._fallible("shutdown", lambda: self._component.shutdown())

    def _fallible(
        self, method: str, run: Callable[[], object], failed: Callable[[str], _types.ComponentError] | None = None
    ) -> None:
        """Runs a method of the lifecycle that can fail with a `component-error`.

        Args:
            method: its name.
            run: calls it.
            failed: the case for an error of the host that it does not catch; `internal` if none is given.
        """

        def declared() -> _types.ComponentError | None:
            try:
                result = run()
            except errors.ComponentError as error:
                return _core.component_error(error)
            except _core.HOST_ERRORS as error:
                return (failed or _types.ComponentError_Internal)(_arguments.printable(error))
            if result is not None:
                raise self._wrong(method, result, "None")
            return None

        failure = _guarded(method.replace("_", "-"), declared)
        if failure is not None:
            raise _host.Err(failure)

    def _wrong(self, method: str, result: object, expected: str) -> TypeError:
        return _methods.wrong_result(f"{self._class.__name__}.{method}", result, expected)


def _guarded(function: str, run: Callable[[], T]) -> T:
    """Runs a lifecycle function; an exception that comes out of it ends the instance."""
    try:
        return run()
    except BaseException as error:
        _end(function, error)
        raise


def _end(function: str, error: BaseException) -> None:
    """Logs an exception that nobody declared and ends the instance: what it left behind is not to be trusted."""
    fields = {"kind": "exception", "function": function}
    try:
        fields["exception"] = type(error).__qualname__
        fields["stack"] = _tracebacks.stack(error)
        fields["traceback"] = _tracebacks.text(error)
        message = str(error) or type(error).__qualname__
    except BaseException as failure:
        message = f"an exception that cannot be shown: {type(failure).__qualname__}"
    printable = _arguments.printable
    host_services.log(
        types.LogLevel.ERROR, printable(message), {name: printable(value) for name, value in fields.items()}
    )
    _host.trap()


def _warm_up() -> None:
    """Formats an exception once while the component is built: what that imports cannot be imported later."""
    try:
        raise NameError("warm up", name="warm_up")
    except NameError as error:
        _tracebacks.text(error)


_warm_up()
