"""The exported resources `tcp-stream` and `tcp-listener`. The build wants them in a module named as the interface."""

from airssys_wasm import tcp
from wit_world.imports import network_types

import convert_network as convert
from convert import from_timestamp
from forward import forward


class TcpStream:
    """Forwards to a connection of the SDK, which the host closes by dropping this."""

    def __init__(self, stream: tcp.TcpStream) -> None:
        self.stream = stream

    def read(self, max_bytes: int) -> bytes:
        """Forwards `read`."""
        return forward(self.stream.read_chunk, max_bytes)

    def read_exact(self, length: int) -> bytes:
        """Forwards `read-exact`."""
        return forward(self.stream.read_exact, length)

    def write(self, data: bytes) -> int:
        """Forwards `write`."""
        return forward(self.stream.write, data)

    def write_all(self, data: bytes) -> None:
        """Forwards `write-all`."""
        forward(self.stream.write_all, data)

    def shutdown(self, direction: network_types.ShutdownDirection) -> None:
        """Forwards `shutdown`."""
        forward(self.stream.shutdown, tcp.ShutdownDirection[direction.name])

    def local_address(self) -> network_types.SocketAddress:
        """Forwards `local-address`."""
        return convert.from_address(forward(self.stream.local_address))

    def remote_address(self) -> network_types.SocketAddress:
        """Forwards `remote-address`."""
        return convert.from_address(forward(self.stream.remote_address))

    def options(self) -> network_types.TcpOptions:
        """Forwards `options`."""
        return convert.from_tcp_options(forward(self.stream.options))

    def set_options(self, options: network_types.TcpOptions) -> None:
        """Forwards `set-options`."""
        forward(self.stream.set_options, convert.to_tcp_options(options))

    def stats(self) -> network_types.ConnectionStats:
        """Forwards `stats`."""
        stats = self.stream.stats()
        return network_types.ConnectionStats(from_timestamp(stats.established), stats.bytes_sent, stats.bytes_received)

    def start_tls(self, options: network_types.TlsOptions) -> network_types.TlsInfo:
        """Forwards `start-tls`."""
        return convert.from_tls_info(forward(self.stream.start_tls, options.server_name, alpn=options.alpn))

    def tls_info(self) -> network_types.TlsInfo | None:
        """Forwards `tls-info`."""
        info = self.stream.tls_info()
        return None if info is None else convert.from_tls_info(info)


class TcpListener:
    """Forwards to a listener of the SDK, which the host closes by dropping this."""

    def __init__(self, listener: tcp.TcpListener) -> None:
        self._listener = listener

    def accept(self, timeout_ms: int | None) -> TcpStream:
        """Forwards `accept`."""
        return TcpStream(forward(self._listener.accept, timeout_ms))

    def local_address(self) -> network_types.SocketAddress:
        """Forwards `local-address`."""
        return convert.from_address(forward(self._listener.local_address))
