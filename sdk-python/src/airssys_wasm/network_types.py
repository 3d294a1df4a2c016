"""Types that the network interfaces share: the WIT interface `types` of the package `airssys:ext-network`."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple, TypeAlias

from .types import Timestamp

__all__ = [
    "ConnectionStats",
    "Datagram",
    "IpAddress",
    "IpAddressLike",
    "IpFamily",
    "PoolStats",
    "ShutdownDirection",
    "SocketAddress",
    "SocketAddressLike",
    "TcpOptions",
    "TlsInfo",
    "TlsVersion",
    "UdpOptions",
]

IpAddress: TypeAlias = IPv4Address | IPv6Address
"""An IP address, as the module `ipaddress` has it. An IPv6 address has no zone: `fe80::1%1` is a `ValueError`."""

IpAddressLike: TypeAlias = IpAddress | str
"""An IP address, or its text such as `127.0.0.1` or `::1`."""


class SocketAddress(NamedTuple):
    """An IP address with a port. As text it is `127.0.0.1:80` or `[::1]:80`."""

    ip: IpAddress
    """The address."""

    port: int
    """The port. To listen or bind, 0 lets the host choose a free one."""

    def __str__(self) -> str:
        return f"[{self.ip}]:{self.port}" if self.ip.version == 6 else f"{self.ip}:{self.port}"


SocketAddressLike: TypeAlias = SocketAddress | tuple[IpAddressLike, int]
"""An IP address with a port: a `SocketAddress`, or a pair such as `("127.0.0.1", 0)`."""


class IpFamily(enum.Enum):
    """Which addresses `connections.resolve_host` gives."""

    IPV4 = "ipv4"
    """IPv4 addresses only."""
    IPV6 = "ipv6"
    """IPv6 addresses only."""
    ANY = "any"
    """Both."""


class ShutdownDirection(enum.Enum):
    """Which direction of a connection ends."""

    READ = "read"
    """Receiving."""
    WRITE = "write"
    """Sending. The peer sees the end of the stream."""
    BOTH = "both"
    """Both."""


@dataclass(frozen=True, slots=True)
class TcpOptions:
    """The options of a TCP connection. `dataclasses.replace` makes others of those that a connection has."""

    no_delay: bool = False
    """Whether to send small pieces at once (`TCP_NODELAY`)."""

    keep_alive_ms: int | None = None
    """After how many milliseconds without traffic to probe whether the peer is still there; `None` means never."""

    read_timeout_ms: int | None = None
    """How many milliseconds a read waits before it raises `NetworkTimeout`; `None` is as long as the call may take."""

    write_timeout_ms: int | None = None
    """How many milliseconds a write waits before it raises `NetworkTimeout`; `None` is as long as the call may take."""

    receive_buffer_bytes: int | None = None
    """The size of the receive buffer in bytes; `None` means what the host's operating system chooses."""

    send_buffer_bytes: int | None = None
    """The size of the send buffer in bytes; `None` means what the host's operating system chooses."""


@dataclass(frozen=True, slots=True)
class UdpOptions:
    """The options of a UDP socket. `dataclasses.replace` makes others of those that a socket has."""

    broadcast: bool = False
    """Whether the socket may send to broadcast addresses."""

    time_to_live: int | None = None
    """How many routers a datagram may pass, up to 255; `None` means what the host's operating system chooses."""

    receive_timeout_ms: int | None = None
    """How many milliseconds `receive` waits before it raises `NetworkTimeout`; `None` is as long as the call may take.
    """

    multicast_loop: bool = True
    """Whether the socket's own multicast datagrams come back to this machine."""


@dataclass(frozen=True, slots=True)
class Datagram:
    """A datagram that was received."""

    data: bytes
    """Its content, cut to the length that was asked for. May be empty: an empty datagram is data and not an end."""

    source: SocketAddress
    """Who has sent it."""

    truncated: bool = False
    """Whether it was longer than `data`. What was cut off is lost."""


@dataclass(frozen=True, slots=True)
class ConnectionStats:
    """What has gone over a connection."""

    established: Timestamp
    """When the connection was made."""

    bytes_sent: int
    """How many bytes the component has sent. With TLS, before they were encrypted."""

    bytes_received: int
    """How many bytes the component has received. With TLS, after they were decrypted."""


class TlsVersion(enum.Enum):
    """A version of TLS. Older ones are not offered."""

    TLS12 = "TLS 1.2"
    """TLS 1.2."""
    TLS13 = "TLS 1.3"
    """TLS 1.3."""


@dataclass(frozen=True, slots=True)
class TlsInfo:
    """What the two sides of a TLS connection have agreed on."""

    version: TlsVersion
    """The version."""

    cipher_suite: str
    """The cipher suite by its IANA name, for example `TLS_AES_128_GCM_SHA256`."""

    alpn: str | None
    """The application protocol that the peer chose, if any."""

    peer_certificate: bytes
    """The peer's certificate, in DER."""


@dataclass(frozen=True, slots=True)
class PoolStats:
    """The state of a connection pool."""

    open: int
    """How many connections are open, in use and idle."""

    idle: int
    """How many of them are idle."""

    waiting: int
    """How many calls of `acquire` wait for a connection."""
