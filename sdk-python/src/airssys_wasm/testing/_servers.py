"""`airssys:ext-network/tcp` to servers that the test writes: functions from what was sent to what comes back."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias

from .. import _core, errors
from ..types import Timestamp
from ._policy import Policy

if TYPE_CHECKING:
    from wit_world.imports import network_types as types
else:
    from .._network import _types as types

Answer: TypeAlias = Callable[[bytes], bytes]
"""What a server does: it gets what the component has sent since it last received, and gives what comes back."""

MAX_TRANSFER_BYTES = 16 << 20
"""What one `read` gives, by the host's default."""

_CLIENT_PORT = 49_152
"""The port on the component's side: the first of those that nobody can claim."""


class TcpStream:
    """A connection to a server."""

    def __init__(self, answer: Answer, port: int, established: Timestamp, begin: Callable[[str], None]) -> None:
        self._answer = answer
        self._port = port
        self._established = established
        self._begin_function = begin
        self._unanswered = b""
        self._received = b""
        self._stats = {"sent": 0, "received": 0}
        self._ended: set[str] = set()
        self._options = types.TcpOptions(False, None, None, None, None, None)
        self._tls: types.TlsInfo | None = None

    def _begin(self, method: str) -> None:
        self._begin_function(f"tcp_stream.{method}")

    def _take(self, length: int) -> bytes:
        if "read" in self._ended:
            return b""
        if not self._received and self._unanswered:
            sent, self._unanswered = self._unanswered, b""
            self._received = self._answer(sent)
        data, self._received = self._received[:length], self._received[length:]
        self._stats["received"] += len(data)
        return data

    def read(self, max_bytes: int) -> bytes:
        self._begin("read")
        return self._take(min(max_bytes, MAX_TRANSFER_BYTES)) if max_bytes else b""

    def read_exact(self, length: int) -> bytes:
        self._begin("read_exact")
        if length > MAX_TRANSFER_BYTES:
            raise errors.NetworkInvalidArgument(f"more than {MAX_TRANSFER_BYTES} bytes at once")
        data = b""
        while len(data) < length:
            piece = self._take(length - len(data))
            if not piece:
                raise errors.EndOfStream(len(data))
            data += piece
        return data

    def write(self, data: bytes) -> int:
        self._begin("write")
        self._send(data)
        return len(data)

    def write_all(self, data: bytes) -> None:
        self._begin("write_all")
        self._send(data)

    def _send(self, data: bytes) -> None:
        if "write" in self._ended:
            raise errors.NotConnected
        self._unanswered += data
        self._stats["sent"] += len(data)

    def shutdown(self, direction: types.ShutdownDirection) -> None:
        self._begin("shutdown")
        both = direction is types.ShutdownDirection.BOTH
        self._ended |= {"read", "write"} if both else {direction.name.lower()}

    def local_address(self) -> types.SocketAddress:
        self._begin("local_address")
        return types.SocketAddress(types.IpAddress_Ipv4((127, 0, 0, 1)), _CLIENT_PORT)

    def remote_address(self) -> types.SocketAddress:
        self._begin("remote_address")
        return types.SocketAddress(types.IpAddress_Ipv4((127, 0, 0, 1)), self._port)

    def options(self) -> types.TcpOptions:
        self._begin("options")
        return self._options

    def set_options(self, options: types.TcpOptions) -> None:
        self._begin("set_options")
        self._options = options

    def stats(self) -> types.ConnectionStats:
        self._begin("stats")
        established = _core.timestamp_to_host(self._established)
        return types.ConnectionStats(established, self._stats["sent"], self._stats["received"])

    def start_tls(self, options: types.TlsOptions) -> types.TlsInfo:
        self._begin("start_tls")
        if self._tls is not None:
            raise errors.NetworkInvalidArgument("TLS was started before")
        alpn = options.alpn[0] if options.alpn else None
        self._tls = types.TlsInfo(types.TlsVersion.TLS13, "TLS_AES_128_GCM_SHA256", alpn, b"")
        return self._tls

    def tls_info(self) -> types.TlsInfo | None:
        self._begin("tls_info")
        return self._tls

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended |= {"read", "write"}


class Servers:
    """The functions of the interface."""

    def __init__(self, policy: Policy, now: Callable[[], Timestamp], begin: Callable[[str], None]) -> None:
        self._policy = policy
        self._now = now
        self._begin = begin
        self.known: dict[tuple[str, int], Answer] = {}

    def connect(self, endpoint: types.Endpoint, timeout_ms: int | None) -> TcpStream:
        self._policy.authorize_host("ext-network/tcp.connect", "outbound", endpoint.host, endpoint.port)
        answer = self.known.get((endpoint.host, endpoint.port))
        if answer is None:
            where = f"{endpoint.host}:{endpoint.port}"
            raise errors.NetworkUnsupported(f"the fake host has no network, and add_server was not told of {where}")
        return TcpStream(answer, endpoint.port, self._now(), self._begin)
