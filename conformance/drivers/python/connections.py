"""The exported resource `connection-pool`. The build wants it in a module named as the interface."""

from airssys_wasm import connections
from wit_world.imports import network_types

from forward import forward
from tcp import TcpStream


class ConnectionPool:
    """Forwards to a pool of the SDK, which the host closes by dropping this."""

    def __init__(self, options: network_types.PoolOptions) -> None:
        self._pool = connections.ConnectionPool(
            max_connections=options.max_connections,
            max_idle_ms=options.max_idle_ms,
            connect_timeout_ms=options.connect_timeout_ms,
        )

    def acquire(self, endpoint: network_types.Endpoint) -> TcpStream:
        """Forwards `acquire`."""
        return TcpStream(forward(self._pool.acquire, endpoint.host, endpoint.port))

    def release(self, connection: TcpStream) -> None:
        """Forwards `release`."""
        self._pool.release(connection.stream)

    def stats(self) -> network_types.PoolStats:
        """Forwards `stats`."""
        stats = self._pool.stats()
        return network_types.PoolStats(stats.open, stats.idle, stats.waiting)
