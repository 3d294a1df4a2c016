"""TCP connections, with and without TLS, and listening for them.

Every error is a `NetworkError` and with that an `OSError`, such as `ConnectionRefusedError` and `TimeoutError`; a
denial is a `PermissionDenied`. Times are in milliseconds, 0 to 2**32 - 1; `None` waits as long as the call may take.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, SupportsIndex

from . import _arguments, _host, _network
from ._arguments import BytesLike
from .network_types import (
    ConnectionStats,
    ShutdownDirection,
    SocketAddress,
    SocketAddressLike,
    TcpOptions,
    TlsInfo,
    TlsVersion,
)

if TYPE_CHECKING:
    from wit_world.imports import network_types as _types
    from wit_world.imports import tcp as _tcp
else:
    _tcp = _host.interface("tcp")
    _types = _host.interface("network_types")

__all__ = [
    "ConnectionStats",
    "ShutdownDirection",
    "SocketAddress",
    "SocketAddressLike",
    "TcpListener",
    "TcpOptions",
    "TcpStream",
    "TlsInfo",
    "TlsVersion",
    "connect",
    "listen",
]

_READ_ALL_CHUNK = 1 << 20
"""How much `TcpStream.readall` asks for at once: enough that calls do not matter, little enough to have twice."""

_BACKLOG = 128
"""How many connections wait at most, if `listen` is not told: what most systems lower anything larger to."""


class TcpStream(io.RawIOBase):
    """A TCP connection, made by `connect`, `TcpListener.accept` or a pool. Close it, or use it in a `with` statement.

    It is a raw binary stream of Python: `io.BufferedRWPair(stream, stream)`, `io.BufferedReader` and everything that
    reads or writes such a stream takes it. Beside that it has the operations of the contract as they are.

    No method needs a permission: the connection keeps the one that was checked when it was made. Every method can raise
    `ConnectionReset`, `ConnectionAborted`, `NotConnected` and `NetworkIo`, and `ValueError` when the stream is closed.
    """

    def __init__(self, handle: _tcp.TcpStream) -> None:
        self._handle: _tcp.TcpStream | None = handle

    def _open_handle(self) -> _tcp.TcpStream:
        if self._handle is None:
            raise ValueError("I/O operation on closed connection")
        return self._handle

    def _take_handle(self) -> _tcp.TcpStream:
        """Gives the handle away, and with it the duty to close it."""
        handle = self._open_handle()
        self._handle = None
        super().close()
        return handle

    def close(self) -> None:
        """Closes the connection. Closing it again does nothing."""
        handle = getattr(self, "_handle", None)
        self._handle = None
        super().close()
        if handle is not None:
            handle.__exit__(None, None, None)

    def readable(self) -> bool:
        """Every connection is readable."""
        self._open_handle()
        return True

    def writable(self) -> bool:
        """Every connection is writable."""
        self._open_handle()
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Receives up to `size` bytes, or everything until the peer closes its side if it is negative or `None`.

        One call to the host: there may be less than `size` before the end. No bytes are the end, or a `size` of 0.

        Raises:
            NetworkTimeout: nothing came within the read timeout of the options.
        """
        if size is None or size < 0:
            return self.readall()
        return self.read_chunk(min(size, _arguments.U32_MAX))

    def readall(self) -> bytes:
        """Receives everything until the peer closes its side.

        Raises:
            NetworkTimeout: nothing came within the read timeout of the options.
        """
        content = bytearray()
        while chunk := self.read_chunk(_READ_ALL_CHUNK):
            content += chunk
        return bytes(content)

    def readinto(self, buffer: Any) -> int:
        """Receives into a writable buffer and returns how many bytes came; 0 is the end.

        Raises:
            NetworkTimeout: nothing came within the read timeout of the options.
        """
        with memoryview(buffer).cast("B") as view:
            chunk = self.read_chunk(min(len(view), _arguments.U32_MAX))
            view[: len(chunk)] = chunk
        return len(chunk)

    def read_chunk(self, max_bytes: SupportsIndex) -> bytes:
        """Waits until there are bytes and gives those that are there.

        It gives at most `max_bytes` and at most the host's limit, default 16 MiB. No bytes mean that the peer has
        closed its side, that reading was shut down, or that `max_bytes` is 0.

        Raises:
            NetworkTimeout: nothing came within the read timeout of the options.
            ValueError: `max_bytes` is not between 0 and 2**32 - 1.
        """
        return _network.call(self._open_handle().read, _arguments.u32("max_bytes", max_bytes))

    def read_exact(self, length: SupportsIndex) -> bytes:
        """Receives this many bytes, and waits until all are there.

        Raises:
            EndOfStream: the peer closed its side before. Its `received` is how many bytes came; they are lost.
            NetworkInvalidArgument: `length` is larger than the host's limit, default 16 MiB.
            NetworkTimeout: nothing came within the read timeout of the options.
            ValueError: `length` is not between 0 and 2**32 - 1.
        """
        return _network.call(self._open_handle().read_exact, _arguments.u32("length", length))

    def write(self, data: Any) -> int:
        """Sends bytes and returns how many were taken, which may be less than given. It waits until at least one is.

        Taken does not mean received by the peer. `write_all` and `io.BufferedWriter` send the rest.

        Raises:
            NotConnected: writing was shut down.
            NetworkTimeout: nothing was taken within the write timeout of the options.
        """
        return _network.call(self._open_handle().write, _arguments.data(data))

    def write_all(self, data: BytesLike) -> None:
        """Sends all bytes. After an error, some of them may have been sent.

        Raises:
            NotConnected: writing was shut down.
            NetworkTimeout: nothing was taken within the write timeout of the options.
        """
        _network.call(self._open_handle().write_all, _arguments.data(data))

    def shutdown(self, direction: ShutdownDirection = ShutdownDirection.BOTH) -> None:
        """Ends one direction or both. After `WRITE` the peer sees the end of the stream, and it can still send.

        The handle stays open until it is closed.

        Raises:
            NotConnected: the connection has ended already.
        """
        _network.call(self._open_handle().shutdown, _types.ShutdownDirection[direction.name])

    def local_address(self) -> SocketAddress:
        """Gives the address and port on this side.

        Raises:
            NotConnected: the connection has ended.
        """
        return _network.address_from_host(_network.call(self._open_handle().local_address))

    def remote_address(self) -> SocketAddress:
        """Gives the address and port on the peer's side.

        Raises:
            NotConnected: the connection has ended.
        """
        return _network.address_from_host(_network.call(self._open_handle().remote_address))

    def options(self) -> TcpOptions:
        """Gives the options of the connection. What `set_options` has set reads back."""
        return _network.tcp_options_from_host(_network.call(self._open_handle().options))

    def set_options(self, options: TcpOptions) -> None:
        """Sets the options of the connection, all at once. Timeouts hold from the next read or write on.

        To change some of them: `stream.set_options(dataclasses.replace(stream.options(), no_delay=True))`.

        Raises:
            NetworkInvalidArgument: a value is one that the host cannot set.
            ValueError: a number is not between 0 and 2**32 - 1.
        """
        _network.call(self._open_handle().set_options, _network.tcp_options_to_host(options))

    def stats(self) -> ConnectionStats:
        """Gives the exact number of bytes that have gone over the connection each way."""
        return _network.stats_from_host(self._open_handle().stats())

    def start_tls(self, server_name: str, *, alpn: Iterable[str] = ()) -> TlsInfo:
        """Starts TLS 1.2 or 1.3 on the connection, as the client. From then on, everything is encrypted.

        The host's trust store decides whether the peer's certificate is good; a component cannot turn that off. After
        an error the connection is of no more use.

        Args:
            server_name: the name that the peer's certificate must be for. It is also sent to the peer (SNI).
            alpn: the application protocols to offer, the preferred one first, for example `h2`. Empty offers none.

        Raises:
            CertificateInvalid: its issuer is unknown, it is for another name, or it is not valid at this time.
            TlsHandshake: the peer does not speak TLS, or there is nothing that both sides support.
            NetworkInvalidArgument: `server_name` is not a name or an IP address, or TLS was started before.
            NetworkTimeout: the peer did not answer within the timeouts of the options.
            TypeError: `alpn` is a text and not several.
        """
        if isinstance(alpn, str):
            raise TypeError(f"alpn must be a list of texts, not {alpn!r}")
        text = _arguments.text
        options = _types.TlsOptions(text(server_name), [text(protocol) for protocol in alpn])
        return _network.tls_info_from_host(_network.call(self._open_handle().start_tls, options))

    def tls_info(self) -> TlsInfo | None:
        """Gives what `start_tls` has agreed on; `None` before it has succeeded."""
        info = self._open_handle().tls_info()
        return None if info is None else _network.tls_info_from_host(info)


class TcpListener(Iterator[TcpStream]):
    """A socket that accepts TCP connections, made by `listen`. Close it, or use it in a `with` statement.

    Iterate over it to accept one connection after the other. Closing it stops the listening and closes the connections
    that nobody has accepted; those that were accepted go on. It needs no permission: it keeps the one that `listen`
    checked.
    """

    def __init__(self, handle: _tcp.TcpListener) -> None:
        self._handle: _tcp.TcpListener | None = handle

    def _open_handle(self) -> _tcp.TcpListener:
        if self._handle is None:
            raise ValueError("operation on closed listener")
        return self._handle

    def accept(self, timeout_ms: SupportsIndex | None = None) -> TcpStream:
        """Waits for a connection and accepts it. `TcpStream.remote_address` says who it is.

        Connections that came in before are accepted one a call.

        Raises:
            NetworkTimeout: no connection came within `timeout_ms` milliseconds.
            TooManySockets: the limit on open sockets is reached.
            NetworkIo: the host's operating system failed.
            ValueError: `timeout_ms` is not between 0 and 2**32 - 1, or the listener is closed.
        """
        timeout = _arguments.optional_u32("timeout_ms", timeout_ms)
        return TcpStream(_network.call(self._open_handle().accept, timeout))

    def __next__(self) -> TcpStream:
        return self.accept()

    def local_address(self) -> SocketAddress:
        """Gives the address and port that it listens on. If port 0 was asked for, this is the one that the host chose.

        Raises:
            NetworkIo: the host's operating system failed.
        """
        return _network.address_from_host(_network.call(self._open_handle().local_address))

    def close(self) -> None:
        """Stops the listening. Closing it again does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def connect(host: str, port: SupportsIndex, *, timeout_ms: SupportsIndex | None = None) -> TcpStream:
    """Makes a connection. If a name has several addresses, IPv4 and IPv6, it tries each in turn.

    Permission: `network = [{ action = "outbound", host = "<host>", port = <port> }]`. A permission for a name includes
    its resolution and the addresses that it has at this moment, except loopback, link-local, private and metadata
    addresses and those of the host's own machine and networks: these need an IP literal or a CIDR range of their own.

    Args:
        host: a host name, or an IPv4 or IPv6 literal without brackets.
        port: the port, 1 to 65,535.
        timeout_ms: how many milliseconds it takes at most, resolution included.

    Raises:
        PermissionDenied: the permission is missing for the host or an address that it leads to.
        ConnectionRefused: nothing listens there.
        NetworkTimeout: the time has passed.
        NameNotFound: there is no such name.
        TemporaryResolverFailure: the name cannot be resolved now.
        HostUnreachable, NetworkUnreachable: there is no way there.
        NetworkInvalidArgument: the host is empty, contains NUL or is not a name, or the port is 0.
        TooManySockets: the limit on open sockets is reached.
        ConnectionReset, ConnectionAborted, NetworkIo: the connection failed in another way.
        ValueError: a number is negative or too large.

    If there are several addresses, the error is that of the last one tried.
    """
    endpoint = _network.endpoint_to_host(host, port)
    return TcpStream(_network.call(_tcp.connect, endpoint, _arguments.optional_u32("timeout_ms", timeout_ms)))


def listen(
    address: SocketAddressLike,
    *,
    backlog: SupportsIndex = _BACKLOG,
    reuse_address: bool = True,
    ipv6_only: bool = False,
) -> TcpListener:
    """Listens for connections on an address of this machine.

    Permission: `network = [{ action = "inbound", host = "<address>", port = <port> }]`.

    Args:
        address: where to listen, such as `("127.0.0.1", 0)`. Port 0 lets the host choose a free port, which
            `TcpListener.local_address` then gives.
        backlog: how many connections may wait to be accepted. The host's operating system may lower it.
        reuse_address: whether to take an address that an earlier listener has left a short time ago.
        ipv6_only: whether a listener on an IPv6 address refuses IPv4 connections. Without effect on an IPv4 address.

    Raises:
        PermissionDenied: the permission is missing.
        AddressInUse: another socket has this address and port.
        AddressNotAvailable: the address is not one of this machine.
        TooManySockets: the limit on open sockets is reached.
        NetworkIo: the host's operating system failed.
        ValueError: the address is not an IP address, or a number is negative or too large.
    """
    options = _types.ListenOptions(
        backlog=_arguments.u32("backlog", backlog), reuse_address=bool(reuse_address), ipv6_only=bool(ipv6_only)
    )
    return TcpListener(_network.call(_tcp.listen, _network.address_to_host(address), options))
