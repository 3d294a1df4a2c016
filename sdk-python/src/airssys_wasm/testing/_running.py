"""A component under a fake host: called through what it exports, as a real host calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .. import _core, _host, errors
from .._exports import Lifecycle
from ..component_lifecycle import HANDLE_REQUEST, Component
from ..types import (
    Caller,
    ComponentCaller,
    ComponentConfig,
    ComponentId,
    ComponentMetadata,
    ExecutionContext,
    ExternalCaller,
    HealthStatus,
    HostCaller,
    Outcome,
    Reply,
)

if TYPE_CHECKING:
    from wit_world.imports import core_types as types
else:
    from .._core import _types as types

C = TypeVar("C", bound=Component)
T = TypeVar("T")


class RunningComponent(Generic[C]):
    """A component that `FakeHost.start` has started. Its methods are what a host does with it.

    What the component declares as an error is raised as the host gets it: an `ExecutionError` from operations, a
    `ComponentError` from everything else. Any other exception comes through as it is. In a real host it ends the
    instance, so that nothing can be called afterwards.
    """

    def __init__(
        self,
        class_: type[C],
        config: ComponentConfig,
        finish: Callable[[str], None],
        why_nothing: Callable[[], str | None],
    ) -> None:
        self._exports = Lifecycle.of(class_)()
        self._class = class_
        self._finish = finish
        self._why_nothing = why_nothing
        self._calls = 0
        self._ended: str | None = None
        self._call(self._exports.init, _config_to_host(config))

    @property
    def instance(self) -> C:
        """The object itself, to look at what it has become."""
        instance = self._exports._component
        assert isinstance(instance, self._class)
        return instance

    def execute(self, operation: str, input: bytes | str = b"", context: ExecutionContext | None = None) -> bytes:
        """Performs an operation. Text goes in as UTF-8; without a context the host itself asks, without a deadline.

        Raises:
            ExecutionError: the operation failed. A `PermissionDenied` that it let pass arrives as
                `ExecutionPermissionDenied` with the missing line.
        """
        self._calls += 1
        context = context or ExecutionContext(f"call-{self._calls}", HostCaller())
        return self._call(self._exports.execute, operation, _data(input), _context_to_host(context))

    def handle_request(self, sender: ComponentId | str, request: bytes | str = b"") -> bytes:
        """Hands over a request of another component, as the operation `handle-request`, and gives the answer.

        Raises:
            ExecutionError: the operation failed.
        """
        self._calls += 1
        context = ExecutionContext(f"call-{self._calls}", ComponentCaller(component_id(sender)))
        return self.execute(HANDLE_REQUEST, request, context)

    def handle_message(self, sender: ComponentId | str, message: bytes | str = b"") -> None:
        """Hands over a message of another component.

        Raises:
            ComponentError: the component refused the message. A real host logs that.
        """
        self._call(self._exports.handle_message, _core.id_to_host(component_id(sender)), _data(message))

    def handle_callback(self, request: str, outcome: Outcome) -> None:
        """Hands over the outcome of a request, by the id that `send_request` returned. Cancelling it is too late then.

        Raises:
            ComponentError: the component refused the outcome. A real host logs that.
        """
        self._finish(request)
        result = _host.Ok(outcome.data) if isinstance(outcome, Reply) else _host.Err(outcome.reason)
        self._call(self._exports.handle_callback, request, result)

    def metadata(self) -> ComponentMetadata:
        """Asks what the component is."""
        return _core.metadata_from_host(self._call(self._exports.metadata))

    def health(self) -> HealthStatus:
        """Asks how the component is."""
        return HealthStatus[self._call(self._exports.health).name]

    def shutdown(self) -> None:
        """Ends the component. Nothing can be called afterwards.

        Raises:
            ComponentError: the component could not end in order.
        """
        try:
            self._call(self._exports.shutdown)
        finally:
            self._ended = "it was shut down"

    def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        if self._ended is not None:
            raise RuntimeError(f"the instance of {self._class.__name__} has ended: {self._ended}")
        try:
            return function(*arguments)
        except _host.Err as failure:
            error = _declared(failure.value)
            reason = self._why_nothing()
            if reason is not None:
                error.add_note(reason)
        except BaseException as exception:
            self._ended = f"{type(exception).__name__} came out of it"
            raise
        # Out here, so that a failed test does not show what the exception was on its way through the boundary.
        raise error


def component_id(id: ComponentId | str) -> ComponentId:
    """Gives an id that may be text of the form `namespace/name@version`."""
    return ComponentId.parse(id) if isinstance(id, str) else id


def _data(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _config_to_host(config: ComponentConfig) -> types.ComponentConfig:
    limits = config.limits
    return types.ComponentConfig(
        id=_core.id_to_host(config.id),
        environment=list(config.environment),
        data=config.data,
        limits=types.ResourceLimits(limits.max_memory_bytes, limits.max_cpu_time_ms, limits.max_execution_time_ms),
    )


def _caller_to_host(caller: Caller) -> types.Caller:
    match caller:
        case ComponentCaller(id):
            return types.Caller_Component(_core.id_to_host(id))
        case ExternalCaller(name):
            return types.Caller_External(name)
        case HostCaller():
            return types.Caller_Host()


def _context_to_host(context: ExecutionContext) -> types.ExecutionContext:
    return types.ExecutionContext(
        request_id=context.request_id,
        caller=_caller_to_host(context.caller),
        deadline=None if context.deadline is None else _core.timestamp_to_host(context.deadline),
        trace_parent=context.trace_parent,
    )


def _declared(error: types.ExecutionError | types.ComponentError) -> Exception:
    """Makes the exception of an error that came over the boundary."""
    match error:
        case types.ExecutionError_UnknownOperation(text):
            return errors.UnknownOperation(text)
        case types.ExecutionError_InvalidInput(text):
            return errors.InvalidInput(text)
        case types.ExecutionError_ProcessingFailed(text):
            return errors.ProcessingFailed(text)
        case types.ExecutionError_PermissionDenied(text):
            return errors.ExecutionPermissionDenied(text)
        case types.ExecutionError_Timeout(text):
            return errors.ExecutionTimeout(text)
        case types.ExecutionError_ResourceExhausted(text) | types.ComponentError_ResourceExhausted(text):
            return errors.ResourceExhausted(text)
        case types.ComponentError_InitializationFailed(text):
            return errors.InitializationFailed(text)
        case types.ComponentError_ConfigurationInvalid(text):
            return errors.ConfigurationInvalid(text)
        case types.ComponentError_InvalidMessage(text):
            return errors.InvalidMessage(text)
        case types.ComponentError_Internal(text):
            return errors.Internal(text)
