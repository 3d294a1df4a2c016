"""The exported interface `component-lifecycle` over a component of this package."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from . import _arguments, _core, _host, _tracebacks, errors, host_services, types

if TYPE_CHECKING:
    from componentize_py_types import Result
    from wit_world.imports import core_types as _types

    from .component_lifecycle import Component

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
            exports._instance = self._class()
        return exports._instance

    def init(self, config: _types.ComponentConfig) -> None:
        _component_call("init", lambda: self._component.init(_core.config_from_host(config)))

    def execute(self, operation: str, input: bytes, context: _types.ExecutionContext) -> bytes:
        def declared() -> bytes | _types.ExecutionError:
            try:
                return _arguments.data(self._component.execute(operation, input, _core.context_from_host(context)))
            except (errors.ExecutionError, *_core.HOST_ERRORS) as error:
                return _core.execution_error(error)

        result = _guarded(operation, declared)
        if not isinstance(result, bytes):
            raise _host.Err(result)
        return result

    def handle_message(self, sender: _types.ComponentId, message: bytes) -> None:
        sender_id = _core.id_from_host(sender)
        _component_call("handle-message", lambda: self._component.handle_message(sender_id, message))

    def handle_callback(self, request: str, outcome: Result[bytes, str]) -> None:
        result: types.Outcome
        result = types.Reply(outcome.value) if isinstance(outcome, _host.Ok) else types.Failure(outcome.value)
        _component_call("handle-callback", lambda: self._component.handle_callback(request, result))

    def metadata(self) -> _types.ComponentMetadata:
        return _guarded("metadata", lambda: _core.metadata_to_host(self._component.metadata()))

    def health(self) -> _types.HealthStatus:
        return _guarded("health", lambda: _core.health_to_host(self._component.health()))

    def shutdown(self) -> None:
        _component_call("shutdown", lambda: self._component.shutdown())


def _component_call(function: str, run: Callable[[], None]) -> None:
    """Runs a lifecycle function that can fail with a `component-error`."""

    def declared() -> _types.ComponentError | None:
        try:
            run()
        except errors.ComponentError as error:
            return _core.component_error(error)
        return None

    failure = _guarded(function, declared)
    if failure is not None:
        raise _host.Err(failure)


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
