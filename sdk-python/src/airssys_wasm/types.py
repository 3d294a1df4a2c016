"""Types that all interfaces share: the WIT interface `types` of the package `airssys:core`."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

__all__ = [
    "Caller",
    "ComponentCaller",
    "ComponentConfig",
    "ComponentId",
    "ComponentMetadata",
    "ExecutionContext",
    "ExternalCaller",
    "Failure",
    "HealthStatus",
    "HostCaller",
    "LogLevel",
    "Outcome",
    "PermissionDenial",
    "Reply",
    "ResourceLimits",
    "Timestamp",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ComponentId:
    """Names one version of one component. As text it is `namespace/name@version`."""

    namespace: str
    """The namespace, for example `acme`."""

    name: str
    """The name within the namespace, for example `resizer`."""

    version: str
    """The semantic version, for example `1.2.0`."""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}@{self.version}"

    @classmethod
    def parse(cls, text: str) -> ComponentId:
        """Reads `namespace/name@version`.

        Raises:
            ValueError: the text does not have this form.
        """
        namespace, slash, rest = text.partition("/")
        name, at, version = rest.partition("@")
        if not (slash and at and namespace and name and version):
            raise ValueError(f"not a component id of the form namespace/name@version: {text!r}")
        return cls(namespace, name, version)


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """A point in time since the Unix epoch, UTC, exact to the nanosecond. Nothing before 1970 can be expressed."""

    seconds: int
    """Whole seconds since 1970-01-01T00:00:00Z, up to 2**64 - 1."""

    nanoseconds: int = 0
    """Nanoseconds within the second, 0 to 999,999,999."""

    def to_datetime(self) -> datetime:
        """Gives the time as a `datetime` in UTC, cut to whole microseconds.

        Raises:
            OverflowError: the time is after the year 9999.
        """
        return _EPOCH + timedelta(seconds=self.seconds, microseconds=self.nanoseconds // 1000)

    @classmethod
    def from_datetime(cls, time: datetime) -> Timestamp:
        """Makes a timestamp of a `datetime` that has a time zone.

        Raises:
            ValueError: the time has no time zone, or is before 1970.
        """
        if time.tzinfo is None:
            raise ValueError("the time has no time zone")
        microseconds = (time - _EPOCH) // timedelta(microseconds=1)
        if microseconds < 0:
            raise ValueError(f"the time is before 1970: {time}")
        return cls(microseconds // 1_000_000, microseconds % 1_000_000 * 1000)


@dataclass(frozen=True, slots=True)
class PermissionDenial:
    """What was denied, and what would have allowed it."""

    operation: str
    """The operation, for example `ext-filesystem/files.open`."""

    resource: str
    """What it was about: a guest path, or the id of a component."""

    missing: str
    """The line of Component.toml that would have allowed it."""


class HealthStatus(enum.Enum):
    """What a component says of its own condition."""

    HEALTHY = "healthy"
    """Everything works."""
    DEGRADED = "degraded"
    """It works, but not as well as it should."""
    UNHEALTHY = "unhealthy"
    """It does not work."""
    UNKNOWN = "unknown"
    """It cannot tell."""


class LogLevel(enum.Enum):
    """How important a log record is, from the least to the most."""

    TRACE = "trace"
    """Step by step detail."""
    DEBUG = "debug"
    """For those who look for a fault."""
    INFO = "info"
    """The normal course of events."""
    WARN = "warn"
    """Unexpected, but dealt with."""
    ERROR = "error"
    """Something failed."""


@dataclass(frozen=True, slots=True)
class ResourceLimits:
    """The limits that a component runs under. `None` means that the host's default applies."""

    max_memory_bytes: int | None = None
    """Most linear memory, in bytes."""

    max_cpu_time_ms: int | None = None
    """Most CPU time of one call, in milliseconds."""

    max_execution_time_ms: int | None = None
    """Longest duration of one call, in milliseconds of wall-clock time."""


@dataclass(frozen=True, slots=True)
class ComponentConfig:
    """What a component is started with, unchanged from Component.toml and the operator."""

    id: ComponentId
    """The id under which the component runs."""

    environment: tuple[tuple[str, str], ...] = ()
    """Name and value of each entry of `environment`, in order. Not the environment variables of the host."""

    data: bytes | None = None
    """The bytes of `data`; `None` if there is no such key."""

    limits: ResourceLimits = ResourceLimits()
    """The limits that the component asked for."""

    def get(self, name: str, default: str | None = None) -> str | None:
        """Gives the value of the first entry of `environment` with this name, or `default`."""
        return next((value for key, value in self.environment if key == name), default)


@dataclass(frozen=True, slots=True)
class ComponentCaller:
    """Another component asked for the call, by a request."""

    id: ComponentId
    """Who it is. Set by the host; it cannot be forged."""


@dataclass(frozen=True, slots=True)
class ExternalCaller:
    """Someone outside of the host asked for the call."""

    name: str
    """The name that the embedder gave them."""


@dataclass(frozen=True, slots=True)
class HostCaller:
    """The host itself asked for the call."""


Caller: TypeAlias = ComponentCaller | ExternalCaller | HostCaller
"""Who asked for a call. Set by the host; a component cannot forge it."""


@dataclass(frozen=True, slots=True)
class ExecutionContext:
    """The circumstances of one call of an operation."""

    request_id: str
    """Identifies this call. Unique within one host; its form means nothing."""

    caller: Caller
    """Who asked for the call."""

    deadline: Timestamp | None = None
    """When the host ends the call; `None` if there is no deadline."""

    trace_parent: str | None = None
    """The W3C `traceparent` that this call belongs to, if it is traced."""


@dataclass(frozen=True, slots=True)
class ComponentMetadata:
    """What a component says of itself."""

    id: ComponentId
    """Its id. Name and version are the same as in Component.toml."""

    description: str = ""
    """What it is for, in a sentence. May be empty."""

    authors: tuple[str, ...] = ()
    """Its authors, each as `Name <address>`. May be empty."""

    license: str | None = None
    """Its license as an SPDX expression, if it states one."""

    operations: tuple[str, ...] = ()
    """The names of the operations that it has."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A request was answered."""

    data: bytes
    """The bytes of the answer."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A request was not answered."""

    reason: str
    """`timeout`, `cancelled`, `component-gone`, or `failed: ` followed by the error."""


Outcome: TypeAlias = Reply | Failure
"""What became of a request."""
