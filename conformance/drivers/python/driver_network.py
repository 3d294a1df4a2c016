"""The exported functions of the network, each forwarded to the SDK."""

from airssys_wasm import connections, tcp, udp
from airssys_wasm.connections import IpFamily
from wit_world.imports import network_types

import convert_network as convert
from forward import forward
from tcp import TcpListener, TcpStream
from udp import UdpSocket


class Tcp:
    """`tcp`, forwarded."""

    def connect(self, endpoint: network_types.Endpoint, timeout_ms: int | None) -> TcpStream:
        """Forwards `connect`."""
        return TcpStream(forward(tcp.connect, endpoint.host, endpoint.port, timeout_ms=timeout_ms))

    def listen(self, address: network_types.SocketAddress, options: network_types.ListenOptions) -> TcpListener:
        """Forwards `listen`."""
        listener = forward(
            tcp.listen,
            convert.to_address(address),
            backlog=options.backlog,
            reuse_address=options.reuse_address,
            ipv6_only=options.ipv6_only,
        )
        return TcpListener(listener)


class Udp:
    """`udp`, forwarded."""

    def bind(self, address: network_types.SocketAddress) -> UdpSocket:
        """Forwards `bind`."""
        return UdpSocket(forward(udp.bind, convert.to_address(address)))


class Connections:
    """`connections`, forwarded."""

    def resolve_host(self, host: str, family: network_types.IpFamily) -> list[network_types.IpAddress]:
        """Forwards `resolve-host`."""
        return [convert.from_ip(ip) for ip in forward(connections.resolve_host, host, IpFamily[family.name])]

    def reverse_lookup(self, address: network_types.IpAddress) -> str:
        """Forwards `reverse-lookup`."""
        return forward(connections.reverse_lookup, convert.to_ip(address))
