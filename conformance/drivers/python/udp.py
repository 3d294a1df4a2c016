"""The exported resource `udp-socket`. The build wants it in a module named as the interface."""

from airssys_wasm import udp
from wit_world.imports import network_types

import convert_network as convert
from forward import forward


class UdpSocket:
    """Forwards to a socket of the SDK, which the host closes by dropping this."""

    def __init__(self, socket: udp.UdpSocket) -> None:
        self._socket = socket

    def connect(self, remote: network_types.SocketAddress) -> None:
        """Forwards `connect`."""
        forward(self._socket.connect, convert.to_address(remote))

    def send(self, data: bytes) -> int:
        """Forwards `send`."""
        return forward(self._socket.send, data)

    def send_to(self, data: bytes, remote: network_types.SocketAddress) -> int:
        """Forwards `send-to`."""
        return forward(self._socket.send_to, data, convert.to_address(remote))

    def receive(self, max_bytes: int) -> network_types.Datagram:
        """Forwards `receive`."""
        datagram = forward(self._socket.receive, max_bytes)
        return network_types.Datagram(datagram.data, convert.from_address(datagram.source), datagram.truncated)

    def local_address(self) -> network_types.SocketAddress:
        """Forwards `local-address`."""
        return convert.from_address(forward(self._socket.local_address))

    def options(self) -> network_types.UdpOptions:
        """Forwards `options`."""
        return convert.from_udp_options(forward(self._socket.options))

    def set_options(self, options: network_types.UdpOptions) -> None:
        """Forwards `set-options`."""
        forward(self._socket.set_options, convert.to_udp_options(options))

    def join_multicast(self, group: network_types.IpAddress) -> None:
        """Forwards `join-multicast`."""
        forward(self._socket.join_multicast, convert.to_ip(group))

    def leave_multicast(self, group: network_types.IpAddress) -> None:
        """Forwards `leave-multicast`."""
        forward(self._socket.leave_multicast, convert.to_ip(group))
