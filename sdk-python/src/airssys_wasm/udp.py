"""UDP datagrams.

Every error is a `NetworkError` and with that an `OSError`; a denial is a `PermissionDenied`.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self, SupportsIndex

from . import _arguments, _host, _network
from ._arguments import BytesLike
from .network_types import Datagram, IpAddressLike, SocketAddress, SocketAddressLike, UdpOptions

if TYPE_CHECKING:
    from wit_world.imports import udp as _udp
else:
    _udp = _host.interface("udp")

__all__ = ["MAX_DATAGRAM_BYTES", "Datagram", "SocketAddress", "SocketAddressLike", "UdpOptions", "UdpSocket", "bind"]

MAX_DATAGRAM_BYTES = 65_507
"""How long a datagram can be: what an IPv4 packet has room for."""


class UdpSocket:
    """A UDP socket, made by `bind`. Close it, or use it in a `with` statement.

    Every method can raise `NetworkIo`, and `ValueError` when the socket is closed.
    """

    def __init__(self, handle: _udp.UdpSocket) -> None:
        self._handle: _udp.UdpSocket | None = handle

    def _open_handle(self) -> _udp.UdpSocket:
        if self._handle is None:
            raise ValueError("operation on closed socket")
        return self._handle

    def connect(self, remote: SocketAddressLike) -> None:
        """Sets the peer that `send` sends to. From then on, datagrams of others are not received. Nothing is sent.

        Connecting again changes the peer.

        Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]`.

        Raises:
            PermissionDenied: the permission is missing.
            NetworkInvalidArgument: the port is 0, or the address is not of the family of the socket.
            NetworkUnreachable, HostUnreachable: there is no way there.
            ValueError: `remote` is not an IP address with a port.
        """
        _network.call(self._open_handle().connect, _network.address_to_host(remote))

    def send(self, data: BytesLike) -> int:
        """Sends one datagram to the peer that `connect` has set and returns its length. It may get lost.

        It may be empty, and at most 65,507 bytes long.

        Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]` for the peer.

        Raises:
            NotConnected: no peer is set.
            DatagramTooLarge: the datagram is longer.
            PermissionDenied: the permission is missing.
            ConnectionRefused: the peer has answered an earlier datagram by saying that nobody listens.
            NetworkUnreachable, HostUnreachable: there is no way there.
        """
        return _network.call(self._open_handle().send, _arguments.data(data))

    def send_to(self, data: BytesLike, remote: SocketAddressLike) -> int:
        """Sends one datagram to this address and returns its length. It may get lost.

        It may be empty, and at most 65,507 bytes long.

        Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]`, checked each time.

        Raises:
            PermissionDenied: the permission is missing.
            DatagramTooLarge: the datagram is longer.
            NetworkInvalidArgument: the port is 0, or the address is not of the family of the socket.
            NetworkUnreachable, HostUnreachable: there is no way there.
            ValueError: `remote` is not an IP address with a port.
        """
        return _network.call(self._open_handle().send_to, _arguments.data(data), _network.address_to_host(remote))

    def receive(self, max_bytes: SupportsIndex = MAX_DATAGRAM_BYTES) -> Datagram:
        """Waits for one datagram and gives it with its sender. An empty datagram is data and not an end.

        If it is longer than `max_bytes`, the rest is lost and `Datagram.truncated` is set.

        Permission: none; held by the handle.

        Raises:
            NetworkTimeout: nothing came within the receive timeout of the options.
            ConnectionRefused: the peer has answered an earlier datagram by saying that nobody listens.
            ValueError: `max_bytes` is not between 0 and 2**32 - 1.
        """
        datagram = _network.call(self._open_handle().receive, _arguments.u32("max_bytes", max_bytes))
        return Datagram(datagram.data, _network.address_from_host(datagram.source), datagram.truncated)

    def local_address(self) -> SocketAddress:
        """Gives the address and port of the socket. If port 0 was asked for, this is the port that the host chose.

        Permission: none; held by the handle.
        """
        return _network.address_from_host(_network.call(self._open_handle().local_address))

    def options(self) -> UdpOptions:
        """Gives the options of the socket. What `set_options` has set reads back.

        Permission: none; held by the handle.
        """
        return _network.udp_options_from_host(_network.call(self._open_handle().options))

    def set_options(self, options: UdpOptions) -> None:
        """Sets the options of the socket, all at once. The timeout holds from the next `receive` on.

        To change some of them: `socket.set_options(dataclasses.replace(socket.options(), broadcast=True))`.

        Permission: none; held by the handle.

        Raises:
            NetworkInvalidArgument: a value is one that the host cannot set.
            ValueError: a number is negative or too large.
        """
        _network.call(self._open_handle().set_options, _network.udp_options_to_host(options))

    def join_multicast(self, group: IpAddressLike) -> None:
        """Begins to receive what is sent to a multicast group.

        Permission: `network = [{ action = "inbound", host = "<group>" }]`.

        Raises:
            PermissionDenied: the permission is missing.
            NetworkInvalidArgument: the address is not a multicast address, or not of the family of the socket.
            AddressInUse: the socket is in the group already.
            ValueError: `group` is not an IP address.
        """
        _network.call(self._open_handle().join_multicast, _network.ip_to_host(group))

    def leave_multicast(self, group: IpAddressLike) -> None:
        """Stops to receive what is sent to a multicast group.

        Permission: `network = [{ action = "inbound", host = "<group>" }]`.

        Raises:
            PermissionDenied: the permission is missing.
            NetworkInvalidArgument: the address is not a multicast address, or not of the family of the socket.
            AddressNotAvailable: the socket is not in the group.
            ValueError: `group` is not an IP address.
        """
        _network.call(self._open_handle().leave_multicast, _network.ip_to_host(group))

    def close(self) -> None:
        """Closes the socket. Closing it again does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def bind(address: SocketAddressLike) -> UdpSocket:
    """Makes a socket with an address of this machine, such as `("127.0.0.1", 0)`.

    Port 0 lets the host choose a free port, which `UdpSocket.local_address` then gives.

    Permission: `network = [{ action = "inbound", host = "<address>", port = <port> }]`.

    Raises:
        PermissionDenied: the permission is missing.
        AddressInUse: another socket has this address and port.
        AddressNotAvailable: the address is not one of this machine.
        TooManySockets: the limit on open sockets is reached.
        NetworkIo: the host's operating system failed.
        ValueError: the address is not an IP address, or the port is not between 0 and 65,535.
    """
    return UdpSocket(_network.call(_udp.bind, _network.address_to_host(address)))
