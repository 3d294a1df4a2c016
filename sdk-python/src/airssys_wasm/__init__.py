"""Write airssys-wasm components in Python.

    from airssys_wasm import Component, component, operation

    @component(name="acme/hello", version="0.1.0", description="Says hello.")
    class Hello(Component):
        @operation
        def greet(self, name: str) -> str:
            return f"Hello, {name}!"

The modules are named as the interfaces of the contract. `component_lifecycle` is what the host calls; `host_services`,
`files`, `directories`, `paths`, `tcp`, `udp`, `connections`, `processes`, `stdio` and `signals` are what a component
may call. `types` and `errors` are what they share. All but `host_services` need a world that has the filesystem, the
network or processes, and so are imported by who uses them: `from airssys_wasm import files`.
"""

from . import errors, host_services, types
from .component_lifecycle import HANDLE_REQUEST, Component, component, operation
from .errors import (
    ComponentError,
    ExecutionError,
    FilesystemError,
    MessagingError,
    NetworkError,
    PermissionDenied,
    ProcessError,
)
from .types import (
    Caller,
    ComponentCaller,
    ComponentConfig,
    ComponentId,
    ComponentMetadata,
    ExecutionContext,
    ExternalCaller,
    Failure,
    HealthStatus,
    HostCaller,
    LogLevel,
    Outcome,
    PermissionDenial,
    Reply,
    ResourceLimits,
    Timestamp,
)

__all__ = [
    "HANDLE_REQUEST",
    "Caller",
    "Component",
    "ComponentCaller",
    "ComponentConfig",
    "ComponentError",
    "ComponentId",
    "ComponentMetadata",
    "ExecutionContext",
    "ExecutionError",
    "ExternalCaller",
    "Failure",
    "FilesystemError",
    "HealthStatus",
    "HostCaller",
    "LogLevel",
    "MessagingError",
    "NetworkError",
    "Outcome",
    "PermissionDenial",
    "PermissionDenied",
    "ProcessError",
    "Reply",
    "ResourceLimits",
    "Timestamp",
    "component",
    "errors",
    "host_services",
    "operation",
    "types",
]
