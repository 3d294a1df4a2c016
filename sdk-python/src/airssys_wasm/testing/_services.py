"""`airssys:core/host-services`: what a component logs and sends is kept for the test to look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import _core, errors
from ..types import ComponentId, ComponentMetadata, LogLevel, Timestamp
from ._policy import Policy

if TYPE_CHECKING:
    from wit_world.imports import core_types as types
else:
    from .._core import _types as types

MAX_PAYLOAD_BYTES = 1 << 20
MAX_MAILBOX_MESSAGES = 1024

_ID = re.compile(r"[a-z0-9-]+/[a-z0-9-]+@\d+\.\d+\.\d+[0-9A-Za-z.+-]*")


@dataclass(frozen=True, slots=True)
class LogRecord:
    """A record that the component has logged."""

    level: LogLevel
    """How important it is."""

    message: str
    """What happened."""

    fields: tuple[tuple[str, str], ...] = ()
    """Names and values, in order."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that the component has sent and that is in the mailbox of its target."""

    target: ComponentId
    """Whom it is for."""

    data: bytes
    """What it says."""


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request that the component has sent and that is in the mailbox of its target."""

    id: str
    """What `send_request` returned, to hand to `RunningComponent.handle_callback`."""

    target: ComponentId
    """Whom it is for."""

    data: bytes
    """What it asks."""

    timeout_ms: int
    """Within how many milliseconds the component wants its outcome."""


@dataclass
class Peer:
    """Another component."""

    metadata: ComponentMetadata
    room: int
    """How many messages and requests its mailbox still takes."""


class Services:
    """The functions of the interface."""

    def __init__(self, policy: Policy, now: Timestamp) -> None:
        self._policy = policy
        self.now = now
        self.logs: list[LogRecord] = []
        self.messages: list[SentMessage] = []
        self.requests: list[SentRequest] = []
        self.cancelled: list[str] = []
        self.pending: set[str] = set()
        self.peers: dict[ComponentId, Peer] = {}
        self.own: dict[ComponentId, Peer] = {}

    def log(self, level: types.LogLevel, message: str, fields: list[tuple[str, str]]) -> None:
        self.logs.append(LogRecord(LogLevel[level.name], message, tuple(fields)))

    def send_message(self, target: types.ComponentId, message: bytes) -> None:
        id = self._reach("core/host-services.send-message", target, message)
        self.messages.append(SentMessage(id, message))

    def send_request(self, target: types.ComponentId, request: bytes, timeout_ms: int) -> str:
        id = self._reach("core/host-services.send-request", target, request)
        sent = SentRequest(f"request-{len(self.requests) + 1}", id, request, timeout_ms)
        self.requests.append(sent)
        self.pending.add(sent.id)
        return sent.id

    def cancel_request(self, request: str) -> None:
        if request not in self.pending:
            raise errors.UnknownRequest(request)
        self.pending.remove(request)
        self.cancelled.append(request)

    def current_time(self) -> types.Timestamp:
        return _core.timestamp_to_host(self.now)

    def sleep(self, duration_ms: int) -> None:
        self.advance(duration_ms)

    def list_components(self) -> list[types.ComponentId]:
        return [_core.id_to_host(id) for id in sorted(self.peers | self.own, key=str) if self._is_visible(id)]

    def get_component_metadata(self, id: types.ComponentId) -> types.ComponentMetadata:
        wanted = _core.id_from_host(id)
        peer = self._find(wanted)
        if peer is None or not self._is_visible(wanted):
            raise errors.ComponentNotFound(wanted)
        return _core.metadata_to_host(peer.metadata)

    def advance(self, duration_ms: int) -> None:
        """Sets the clock forward."""
        seconds, nanoseconds = divmod(self.now.nanoseconds + duration_ms * 1_000_000, 1_000_000_000)
        self.now = Timestamp(self.now.seconds + seconds, nanoseconds)

    def _find(self, id: ComponentId) -> Peer | None:
        return self.peers.get(id) or self.own.get(id)

    def _is_visible(self, id: ComponentId) -> bool:
        return id in self.own or self._policy.allows_target(id)

    def _reach(self, operation: str, target: types.ComponentId, data: bytes) -> ComponentId:
        id = _core.id_from_host(target)
        if not _ID.fullmatch(str(id)):
            raise errors.ComponentNotFound(id)
        self._policy.authorize_target(operation, id)
        if len(data) > MAX_PAYLOAD_BYTES:
            raise errors.PayloadTooLarge(MAX_PAYLOAD_BYTES)
        peer = self._find(id)
        if peer is None:
            raise errors.ComponentNotFound(id)
        if not peer.room:
            raise errors.MailboxFull(id)
        peer.room -= 1
        return id
