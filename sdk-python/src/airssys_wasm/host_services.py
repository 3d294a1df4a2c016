"""What the host does for every component: its log, messages to other components, and time."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, SupportsIndex

from . import _arguments, _core, _host
from ._arguments import BytesLike
from .types import ComponentId, ComponentMetadata, LogLevel, Timestamp

if TYPE_CHECKING:
    from wit_world.imports import host_services as _services
else:
    _services = _host.interface("host_services")

__all__ = [
    "LogHandler",
    "cancel_request",
    "current_time",
    "get_component_metadata",
    "list_components",
    "log",
    "send_message",
    "send_request",
    "sleep",
]


def log(level: LogLevel, message: str, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
    """Writes a record to the host's structured log, which adds the component's id. It never waits.

    The host cuts off what is beyond its limits and drops records that come too fast; it counts both.

    Permission: none.

    Args:
        level: how important the record is.
        message: what happened.
        fields: names and values, as a mapping or as pairs. The order is kept.
    """
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    _services.log(
        _core.level_to_host(level),
        _arguments.text(message),
        [(_arguments.text(name), _arguments.text(value)) for name, value in pairs],
    )


def send_message(target: ComponentId, message: BytesLike) -> None:
    """Puts a message into the mailbox of another component, which gets it through `Component.handle_message`.

    It returns when the message is in the mailbox, not when it is handled. Each message is delivered at most once, and
    those of one sender to one target in order.

    Permission: `messaging = [{ target = "<namespace>/<name>" }]`.

    Raises:
        PermissionDenied: the permission is missing, whether or not there is such a component.
        ComponentNotFound: there is no such component.
        MailboxFull: the mailbox of the target is full.
        PayloadTooLarge: the message is larger than the host's limit, default 1 MiB.
        MessagingTimeout, DeliveryFailed: the host could not deliver the message.
    """
    target_id, data = _core.id_to_host(target), _arguments.data(message)
    _host.call(_core.messaging_error, _services.send_message, target_id, data)


def send_request(target: ComponentId, request: BytesLike, timeout_ms: SupportsIndex) -> str:
    """Sends a request to another component and returns its id at once.

    The outcome arrives through `Component.handle_callback`, exactly once, after the present call has returned. The
    target gets the request as the operation `handle-request`.

    Permission: `messaging = [{ target = "<namespace>/<name>" }]`.

    Args:
        target: who is asked.
        request: what the target gets as input.
        timeout_ms: milliseconds from now until the outcome is `Failure("timeout")`.

    Raises:
        PermissionDenied, ComponentNotFound, MailboxFull, PayloadTooLarge, MessagingTimeout, DeliveryFailed: as with
            `send_message`. There is no callback then.
        ValueError: `timeout_ms` is not between 0 and 2**32 - 1.
    """
    target_id, data = _core.id_to_host(target), _arguments.data(request)
    timeout = _arguments.u32("timeout_ms", timeout_ms)
    return _host.call(_core.messaging_error, _services.send_request, target_id, data, timeout)


def cancel_request(request: str) -> None:
    """Gives up a request of this component. Its outcome is then `Failure("cancelled")`.

    Permission: none, for the component's own requests.

    Raises:
        UnknownRequest: the id is not that of a request of this component, or the request has its outcome already.
    """
    _host.call(_core.messaging_error, _services.cancel_request, _arguments.text(request))


def current_time() -> Timestamp:
    """Gives the present time. Within one component it never goes back.

    Permission: none.
    """
    return _core.timestamp_from_host(_services.current_time())


def sleep(duration_ms: SupportsIndex) -> None:
    """Waits for this many milliseconds, or until the deadline of the present call ends it and the call with it.

    Permission: none.

    Raises:
        ValueError: `duration_ms` is not between 0 and 2**32 - 1.
    """
    _services.sleep(_arguments.u32("duration_ms", duration_ms))


def list_components() -> list[ComponentId]:
    """Lists the components that this component may send to, and the component itself.

    Permission: none. A component that no `messaging` permission covers is left out.
    """
    return [_core.id_from_host(id) for id in _services.list_components()]


def get_component_metadata(id: ComponentId) -> ComponentMetadata:
    """Gives the metadata of a component that `list_components` lists.

    Permission: `messaging = [{ target = "<namespace>/<name>" }]`, or none for the component itself.

    Raises:
        ComponentNotFound: there is no such component, or the permission is missing; which of the two does not show.
    """
    metadata = _host.call(_core.messaging_error, _services.get_component_metadata, _core.id_to_host(id))
    return _core.metadata_from_host(metadata)


class LogHandler(logging.Handler):
    """Passes the records of the standard module `logging` on to the host's log.

    `logging.getLogger().addHandler(LogHandler())` is all it takes. The fields of a record are `logger` and, if it has
    an exception, `traceback`.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one record. Levels below `logging.DEBUG` are `trace`, those above `logging.ERROR` are `error`."""
        try:
            fields = {"logger": _arguments.printable(record.name)}
            if record.exc_info:
                fields["traceback"] = _arguments.printable("".join(traceback.format_exception(*record.exc_info)))
            log(_level(record.levelno), _arguments.printable(record.getMessage()), fields)
        except Exception:
            self.handleError(record)


def _level(number: int) -> LogLevel:
    if number >= logging.ERROR:
        return LogLevel.ERROR
    if number >= logging.WARNING:
        return LogLevel.WARN
    if number >= logging.INFO:
        return LogLevel.INFO
    return LogLevel.DEBUG if number >= logging.DEBUG else LogLevel.TRACE
