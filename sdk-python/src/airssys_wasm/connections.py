"""Name resolution and pooled connections.

Every error is a `NetworkError` and with that an `OSError`; a denial is a `PermissionDenied`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self, SupportsIndex

from . import _arguments, _host, _network
from .network_types import IpAddress, IpAddressLike, IpFamily, PoolStats
from .tcp import TcpStream

if TYPE_CHECKING:
    from wit_world.imports import connections as _connections
    from wit_world.imports import network_types as _types
else:
    _connections = _host.interface("connections")
    _types = _host.interface("network_types")

__all__ = [
    "ConnectionPool",
    "IpAddress",
    "IpAddressLike",
    "IpFamily",
    "PoolStats",
    "resolve_host",
    "reverse_lookup",
]

_MAX_CONNECTIONS = 8
"""How many connections a pool has, if it is not told: well below the host's limit on sockets."""

_MAX_IDLE_MS = 60_000
"""When an idle connection is closed, if the pool is not told: before most servers do it themselves."""

_CONNECT_TIMEOUT_MS = 10_000
"""How long `acquire` takes, if the pool is not told: less than the 30 seconds that a call has by default."""


class ConnectionPool:
    """Keeps TCP connections open for use again. Close it, or use it in a `with` statement.

        with ConnectionPool(max_connections=4) as pool, pool.connection("example.com", 80) as stream:
            stream.write_all(b"...")

    Closing it closes the connections that are idle; those in use belong to their users and go on.
    """

    def __init__(
        self,
        *,
        max_connections: SupportsIndex = _MAX_CONNECTIONS,
        max_idle_ms: SupportsIndex = _MAX_IDLE_MS,
        connect_timeout_ms: SupportsIndex = _CONNECT_TIMEOUT_MS,
    ) -> None:
        """Makes an empty pool.

        Permission: none.

        Args:
            max_connections: most connections open at once, over all endpoints, in use and idle. The host ends an
                instance that asks for 0.
            max_idle_ms: after how many milliseconds without use a connection is closed.
            connect_timeout_ms: how many milliseconds `acquire` may take, be it to wait for a free connection or to make
                a new one.

        Raises:
            ValueError: a number is not between 0 and 2**32 - 1.
        """
        options = _types.PoolOptions(
            max_connections=_arguments.u32("max_connections", max_connections),
            max_idle_ms=_arguments.u32("max_idle_ms", max_idle_ms),
            connect_timeout_ms=_arguments.u32("connect_timeout_ms", connect_timeout_ms),
        )
        self._handle: _connections.ConnectionPool | None = _connections.ConnectionPool(options)

    def _open_handle(self) -> _connections.ConnectionPool:
        if self._handle is None:
            raise ValueError("operation on closed pool")
        return self._handle

    @contextmanager
    def connection(self, host: str, port: SupportsIndex) -> Iterator[TcpStream]:
        """Gives a connection as `acquire` does for the length of a `with` statement, and then back.

        If the statement ends by an exception, the connection is closed: what was under way on it is not over.
        """
        with self.acquire(host, port) as stream:
            yield stream
            if not stream.closed:
                self.release(stream)

    def acquire(self, host: str, port: SupportsIndex) -> TcpStream:
        """Gives a connection: an idle one if there is one that is still alive, else a new one.

        If the pool has as many as it may, it closes an idle one to another endpoint, or waits for one to be released.
        The caller gives it back with `release`, or closes it, which makes room in the pool.

        Permission: `network = [{ action = "outbound", host = "<host>", port = <port> }]`, checked each time, as for
        `tcp.connect`.

        Raises:
            PermissionDenied: the permission is missing.
            PoolExhausted: no connection was released in time.
            NetworkTimeout: a new connection took too long.
            ConnectionRefused, NameNotFound, TemporaryResolverFailure, HostUnreachable, NetworkUnreachable,
            NetworkInvalidArgument, TooManySockets, ConnectionReset, ConnectionAborted, NetworkIo: as for `tcp.connect`.
            ValueError: the port is not between 0 and 65,535, or the pool is closed.
        """
        return TcpStream(_network.call(self._open_handle().acquire, _network.endpoint_to_host(host, port)))

    def release(self, connection: TcpStream) -> None:
        """Gives a connection back; the stream is closed for its user.

        It is kept for use again, unless it is broken, was shut down, has received bytes that nobody has read, or did
        not come from this pool: then the connection itself is closed.

        Permission: none; held by the handle.

        Raises:
            ValueError: the stream or the pool is closed.
        """
        pool = self._open_handle()
        pool.release(connection._take_handle())

    def stats(self) -> PoolStats:
        """Gives the state of the pool.

        Permission: none.
        """
        stats = self._open_handle().stats()
        return PoolStats(open=stats.open, idle=stats.idle, waiting=stats.waiting)

    def close(self) -> None:
        """Closes the pool. Closing it again does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def resolve_host(host: str, family: IpFamily = IpFamily.ANY) -> list[IpAddress]:
    """Gives the addresses of a name, at least one. An IP literal of the family gives itself.

    Permission: `network = [{ action = "resolve", host = "<host>" }]`.

    Raises:
        PermissionDenied: the permission is missing.
        NameNotFound: there is no such name, or it has no address of this family.
        TemporaryResolverFailure: the name cannot be resolved now.
        NetworkInvalidArgument: the host is empty, contains NUL or is not a name.
        NetworkTimeout, NetworkIo: the resolver failed in another way.
    """
    addresses = _network.call(_connections.resolve_host, _arguments.text(host), _types.IpFamily[family.name])
    return [_network.ip_from_host(address) for address in addresses]


def reverse_lookup(address: IpAddressLike) -> str:
    """Gives the name of an address.

    Permission: `network = [{ action = "resolve", host = "<address>" }]`.

    Raises:
        PermissionDenied: the permission is missing.
        NameNotFound: the address has no name.
        TemporaryResolverFailure: the address cannot be resolved now.
        NetworkTimeout, NetworkIo: the resolver failed in another way.
        ValueError: `address` is not an IP address.
    """
    return _network.call(_connections.reverse_lookup, _network.ip_to_host(address))
