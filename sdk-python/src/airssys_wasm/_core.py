"""Values of `airssys:core` in the form of this package and in the form of the boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from . import _arguments, _host, errors, types

if TYPE_CHECKING:
    from wit_world.imports import capabilities as _capabilities
    from wit_world.imports import core_types as _types
else:
    _types = _host.interface("core_types")


def id_from_host(id: _types.ComponentId) -> types.ComponentId:
    return types.ComponentId(id.namespace, id.name, id.version)


def id_to_host(id: types.ComponentId) -> _types.ComponentId:
    text = _arguments.text
    return _types.ComponentId(text(id.namespace), text(id.name), text(id.version))


def timestamp_from_host(time: _types.Timestamp) -> types.Timestamp:
    return types.Timestamp(time.seconds, time.nanoseconds)


def timestamp_to_host(time: types.Timestamp) -> _types.Timestamp:
    return _types.Timestamp(_arguments.u64("seconds", time.seconds), _arguments.u32("nanoseconds", time.nanoseconds))


def denial_from_host(denial: _capabilities.PermissionDenial) -> types.PermissionDenial:
    return types.PermissionDenial(denial.operation, denial.resource, denial.missing)


def metadata_from_host(metadata: _types.ComponentMetadata) -> types.ComponentMetadata:
    return types.ComponentMetadata(
        id=id_from_host(metadata.id),
        description=metadata.description,
        authors=tuple(metadata.authors),
        license=metadata.license,
        operations=tuple(metadata.operations),
    )


def metadata_to_host(metadata: types.ComponentMetadata) -> _types.ComponentMetadata:
    text = _arguments.text
    return _types.ComponentMetadata(
        id=id_to_host(metadata.id),
        description=text(metadata.description),
        authors=[text(author) for author in metadata.authors],
        license=None if metadata.license is None else text(metadata.license),
        operations=[text(operation) for operation in metadata.operations],
    )


def config_from_host(config: _types.ComponentConfig) -> types.ComponentConfig:
    limits = config.limits
    return types.ComponentConfig(
        id=id_from_host(config.id),
        environment=tuple((name, value) for name, value in config.environment),
        data=config.data,
        limits=types.ResourceLimits(limits.max_memory_bytes, limits.max_cpu_time_ms, limits.max_execution_time_ms),
    )


def _caller_from_host(caller: _types.Caller) -> types.Caller:
    match caller:
        case _types.Caller_Component(id):
            return types.ComponentCaller(id_from_host(id))
        case _types.Caller_External(name):
            return types.ExternalCaller(name)
        case _types.Caller_Host():
            return types.HostCaller()
    assert_never(caller)


def context_from_host(context: _types.ExecutionContext) -> types.ExecutionContext:
    return types.ExecutionContext(
        request_id=context.request_id,
        caller=_caller_from_host(context.caller),
        deadline=None if context.deadline is None else timestamp_from_host(context.deadline),
        trace_parent=context.trace_parent,
    )


def level_to_host(level: types.LogLevel) -> _types.LogLevel:
    return _types.LogLevel[level.name]


def health_to_host(health: types.HealthStatus) -> _types.HealthStatus:
    return _types.HealthStatus[health.name]


def messaging_error(error: _types.MessagingError) -> Exception:
    match error:
        case _types.MessagingError_ComponentNotFound(id):
            return errors.ComponentNotFound(id_from_host(id))
        case _types.MessagingError_PermissionDenied(denial):
            return errors.MessagingPermissionDenied(denial_from_host(denial))
        case _types.MessagingError_MailboxFull(id):
            return errors.MailboxFull(id_from_host(id))
        case _types.MessagingError_PayloadTooLarge(limit):
            return errors.PayloadTooLarge(limit)
        case _types.MessagingError_Timeout(text):
            return errors.MessagingTimeout(text)
        case _types.MessagingError_UnknownRequest(request):
            return errors.UnknownRequest(request)
        case _types.MessagingError_DeliveryFailed(text):
            return errors.DeliveryFailed(text)
    assert_never(error)


HOST_ERRORS = (
    errors.PermissionDenied,
    errors.FilesystemError,
    errors.NetworkError,
    errors.ProcessError,
    errors.MessagingError,
)
"""What calls to the host raise, and what fails the function of a component that does not catch it."""

_EXHAUSTED = (
    errors.QuotaExceeded,
    errors.TooManyOpenFiles,
    errors.TooManySockets,
    errors.PoolExhausted,
    errors.TooManyProcesses,
    errors.OutputTooLarge,
)
_TIMEOUTS = (errors.MessagingTimeout, errors.NetworkTimeout, errors.ProcessTimeout)


def execution_error(error: Exception) -> _types.ExecutionError:
    if isinstance(error, errors.PermissionDenied):
        return _types.ExecutionError_PermissionDenied(error.missing)
    text = _arguments.printable(error)
    if isinstance(error, _EXHAUSTED):
        return _types.ExecutionError_ResourceExhausted(text)
    if isinstance(error, _TIMEOUTS):
        return _types.ExecutionError_Timeout(text)
    if not isinstance(error, errors.ExecutionError):
        return _types.ExecutionError_ProcessingFailed(text)
    match error.code:
        case "unknown-operation":
            return _types.ExecutionError_UnknownOperation(text)
        case "invalid-input":
            return _types.ExecutionError_InvalidInput(text)
        case "permission-denied":
            return _types.ExecutionError_PermissionDenied(text)
        case "timeout":
            return _types.ExecutionError_Timeout(text)
        case "resource-exhausted":
            return _types.ExecutionError_ResourceExhausted(text)
        case _:
            return _types.ExecutionError_ProcessingFailed(text)


def component_error(error: errors.ComponentError) -> _types.ComponentError:
    text = _arguments.printable(error)
    match error.code:
        case "initialization-failed":
            return _types.ComponentError_InitializationFailed(text)
        case "configuration-invalid":
            return _types.ComponentError_ConfigurationInvalid(text)
        case "invalid-message":
            return _types.ComponentError_InvalidMessage(text)
        case "resource-exhausted":
            return _types.ComponentError_ResourceExhausted(text)
        case _:
            return _types.ComponentError_Internal(text)
