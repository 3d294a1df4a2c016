"""TCP, UDP and pools: streams and context managers of Python over the operations of the contract."""

from __future__ import annotations

import io
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from componentize_py_types import Err
from scripted_host import ScriptedHandle, ScriptedHost
from wit_world.imports import capabilities, core_types
from wit_world.imports import connections as imported_connections
from wit_world.imports import network_types as types
from wit_world.imports import tcp as imported_tcp
from wit_world.imports import udp as imported_udp

from airssys_wasm import connections, errors, tcp, udp
from airssys_wasm.network_types import (
    ConnectionStats,
    Datagram,
    IpFamily,
    PoolStats,
    ShutdownDirection,
    SocketAddress,
    TcpOptions,
    TlsInfo,
    TlsVersion,
    UdpOptions,
)
from airssys_wasm.types import Timestamp

V4 = types.SocketAddress(types.IpAddress_Ipv4((127, 0, 0, 1)), 80)
V6 = types.SocketAddress(types.IpAddress_Ipv6((0x2001, 0xDB8, 0, 0, 0, 0, 0, 0xFFFF)), 65535)
ANY = types.SocketAddress(types.IpAddress_Ipv4((0, 0, 0, 0)), 0)


def connected(host: ScriptedHost, **answers: Any) -> tuple[tcp.TcpStream, ScriptedHandle]:
    """A connection of the SDK and the fake behind it."""
    handle = ScriptedHandle(imported_tcp.TcpStream, **answers)
    host.on(imported_tcp, "connect", lambda *_: handle)
    return tcp.connect("example.com", 443), handle


def chunks(*content: bytes) -> Any:
    """What a connection gives, one piece a read, and then nothing."""
    left = list(content)
    return lambda max_bytes: left.pop(0)[:max_bytes] if left else b""


def test_connect_and_listen_pass_their_arguments_on(host: ScriptedHost) -> None:
    host.on(imported_tcp, "connect", lambda *_: ScriptedHandle(imported_tcp.TcpStream))
    host.on(imported_tcp, "listen", lambda *_: ScriptedHandle(imported_tcp.TcpListener))
    tcp.connect("höst\0", 65535)
    tcp.connect("::1", 1, timeout_ms=2**32 - 1)
    tcp.listen(("127.0.0.1", 80))
    tcp.listen(SocketAddress(IPv4Address(0), 0), backlog=2**32 - 1, reuse_address=False, ipv6_only=True)
    assert host.calls == [
        ("connect", types.Endpoint("höst\0", 65535), None),
        ("connect", types.Endpoint("::1", 1), 2**32 - 1),
        ("listen", V4, types.ListenOptions(128, True, False)),
        ("listen", ANY, types.ListenOptions(2**32 - 1, False, True)),
    ]


@pytest.mark.parametrize(
    "call",
    [
        lambda: tcp.connect("host", 65536),
        lambda: tcp.connect("host", 80, timeout_ms=-1),
        lambda: tcp.listen(("host", 80)),
        lambda: tcp.listen(("::1", -1)),
        lambda: tcp.listen(("fe80::1%1", 80)),
        lambda: tcp.listen(("::1", 80), backlog=2**32),
        lambda: udp.bind(("127.0.0.1", 65536)),
        lambda: connections.reverse_lookup("localhost"),
        lambda: connections.ConnectionPool(max_connections=2**32),
    ],
)
def test_what_does_not_fit_never_reaches_the_host(host: ScriptedHost, call: Any) -> None:
    for interface, name in ((imported_tcp, "connect"), (imported_tcp, "listen"), (imported_udp, "bind")):
        host.on(interface, name)
    with pytest.raises(ValueError, match=r"must be between|does not appear|with a zone"):
        call()
    assert host.calls == []


def test_a_stream_is_a_raw_stream_of_python(host: ScriptedHost) -> None:
    stream, handle = connected(host, read=chunks(b"one\ntw", b"o\nthree"), write=lambda data: min(len(data), 2))
    reader = io.BufferedReader(stream)
    assert list(reader) == [b"one\n", b"two\n", b"three"]
    writer = io.BufferedWriter(stream)
    writer.write(b"hello")
    writer.flush()
    assert [call[1] for call in handle.calls if call[0] == "write"] == [b"hello", b"llo", b"o"]
    assert stream.readable()
    assert stream.writable()


def test_reads_end_where_the_peer_does(host: ScriptedHost) -> None:
    stream, handle = connected(host, read=chunks(b"ab", b"c"), read_exact=b"xy")
    assert stream.read(1) == b"a"
    assert stream.read() == b"c"
    assert stream.read_chunk(2**32 - 1) == b""
    assert stream.read_exact(2) == b"xy"
    assert handle.calls[-1] == ("read_exact", 2)


def test_closing_a_stream_drops_the_handle_once(host: ScriptedHost) -> None:
    stream, handle = connected(host)
    with stream:
        stream.write_all(memoryview(b"x"))
    stream.close()
    assert handle.calls == [("write_all", b"x")]
    assert handle.drops == 1
    with pytest.raises(ValueError, match="closed"):
        stream.read_chunk(1)
    assert stream.closed


def test_a_stream_that_nobody_refers_to_is_closed(host: ScriptedHost) -> None:
    stream, handle = connected(host)
    del stream
    assert handle.drops == 1


@pytest.mark.parametrize("direction", ShutdownDirection)
def test_each_direction_can_be_shut_down(host: ScriptedHost, direction: ShutdownDirection) -> None:
    stream, handle = connected(host)
    stream.shutdown(direction)
    assert handle.calls == [("shutdown", types.ShutdownDirection[direction.name])]


@pytest.mark.parametrize("value", [None, 0, 2**32 - 1])
def test_options_of_a_stream_go_both_ways(host: ScriptedHost, value: int | None) -> None:
    there = types.TcpOptions(True, value, value, value, value, value)
    stream, handle = connected(host, options=there)
    here = TcpOptions(True, value, value, value, value, value)
    assert stream.options() == here
    stream.set_options(here)
    assert handle.calls[-1] == ("set_options", there)
    with pytest.raises(ValueError, match="read_timeout_ms"):
        stream.set_options(TcpOptions(read_timeout_ms=2**32))


def test_what_is_known_of_a_stream(host: ScriptedHost) -> None:
    stats = types.ConnectionStats(core_types.Timestamp(1, 2), 2**64 - 1, 2**53 + 1)
    stream, _ = connected(host, local_address=V4, remote_address=V6, stats=stats)
    assert stream.local_address() == (IPv4Address("127.0.0.1"), 80)
    assert stream.remote_address() == SocketAddress(IPv6Address("2001:db8::ffff"), 65535)
    assert (str(stream.local_address()), str(stream.remote_address())) == ("127.0.0.1:80", "[2001:db8::ffff]:65535")
    assert stream.stats() == ConnectionStats(Timestamp(1, 2), 2**64 - 1, 2**53 + 1)


@pytest.mark.parametrize("version", TlsVersion)
@pytest.mark.parametrize("alpn", [None, "h2"])
def test_tls(host: ScriptedHost, version: TlsVersion, alpn: str | None) -> None:
    info = types.TlsInfo(types.TlsVersion[version.name], "TLS_AES_128_GCM_SHA256", alpn, b"\0der")
    stream, handle = connected(host, start_tls=info, tls_info=info)
    wanted = TlsInfo(version, "TLS_AES_128_GCM_SHA256", alpn, b"\0der")
    assert stream.start_tls("example.com", alpn=("h2", "http/1.1")) == wanted
    assert stream.tls_info() == wanted
    assert handle.calls[0] == ("start_tls", types.TlsOptions("example.com", ["h2", "http/1.1"]))
    with pytest.raises(TypeError, match="alpn"):
        stream.start_tls("example.com", alpn="h2")


def test_before_tls_nothing_is_known_of_it(host: ScriptedHost) -> None:
    stream, _ = connected(host, tls_info=None)
    assert stream.tls_info() is None


def test_errors_of_a_stream_are_raised(host: ScriptedHost) -> None:
    stream, _ = connected(host, read_exact=Err(types.NetworkError_EndOfStream(3)))
    with pytest.raises(errors.EndOfStream) as raised:
        stream.read_exact(5)
    assert raised.value.received == 3


def test_a_listener_is_an_iterator_over_connections(host: ScriptedHost) -> None:
    accepted = [ScriptedHandle(imported_tcp.TcpStream, remote_address=V4) for _ in range(3)]
    left = list(accepted)
    handle = ScriptedHandle(imported_tcp.TcpListener, accept=lambda _: left.pop(0), local_address=V6)
    host.on(imported_tcp, "listen", lambda *_: handle)
    with tcp.listen(("::", 0)) as listener:
        assert listener.accept(timeout_ms=0).remote_address().port == 80
        assert [stream.remote_address().port for _, stream in zip(range(2), listener, strict=False)] == [80, 80]
        assert listener.local_address().port == 65535
    listener.close()
    assert handle.calls[:2] == [("accept", 0), ("accept", None)]
    assert handle.drops == 1
    with pytest.raises(ValueError, match="closed"):
        listener.accept()


def bound(host: ScriptedHost, **answers: Any) -> tuple[udp.UdpSocket, ScriptedHandle]:
    """A UDP socket of the SDK and the fake behind it."""
    handle = ScriptedHandle(imported_udp.UdpSocket, **answers)
    host.on(imported_udp, "bind", lambda _: handle)
    return udp.bind(("0.0.0.0", 0)), handle


def test_datagrams(host: ScriptedHost) -> None:
    socket, handle = bound(host, send=0, send_to=65507, receive=types.Datagram(b"", V6, True))
    with socket:
        socket.connect(("127.0.0.1", 80))
        assert socket.send(b"") == 0
        assert socket.send_to(bytearray(b"x"), SocketAddress(IPv4Address("127.0.0.1"), 80)) == 65507
        source = SocketAddress(IPv6Address("2001:db8::ffff"), 65535)
        assert socket.receive() == Datagram(b"", source, truncated=True)
        socket.receive(0)
        socket.join_multicast("ff02::1")
        socket.leave_multicast(IPv4Address("239.0.0.1"))
    assert host.calls == [("bind", ANY)]
    assert handle.calls == [
        ("connect", V4),
        ("send", b""),
        ("send_to", b"x", V4),
        ("receive", 65507),
        ("receive", 0),
        ("join_multicast", types.IpAddress_Ipv6((0xFF02, 0, 0, 0, 0, 0, 0, 1))),
        ("leave_multicast", types.IpAddress_Ipv4((239, 0, 0, 1))),
    ]
    assert handle.drops == 1
    with pytest.raises(ValueError, match="closed"):
        socket.receive()


@pytest.mark.parametrize(("hops", "timeout"), [(None, None), (0, 0), (255, 2**32 - 1)])
def test_options_of_a_socket_go_both_ways(host: ScriptedHost, hops: int | None, timeout: int | None) -> None:
    there = types.UdpOptions(True, hops, timeout, False)
    socket, handle = bound(host, options=there, local_address=V4)
    assert socket.local_address().port == 80
    assert socket.options() == UdpOptions(True, hops, timeout, False)
    socket.set_options(socket.options())
    assert handle.calls[-1] == ("set_options", there)
    with pytest.raises(ValueError, match="time_to_live"):
        socket.set_options(UdpOptions(time_to_live=256))


def pooled(host: ScriptedHost) -> tuple[connections.ConnectionPool, ScriptedHandle, ScriptedHandle]:
    """A pool of the SDK, the fake behind it, and the connection that it gives."""
    stream = ScriptedHandle(imported_tcp.TcpStream)
    handle = ScriptedHandle(
        imported_connections.ConnectionPool, acquire=lambda _: stream, stats=types.PoolStats(3, 2, 2**32 - 1)
    )
    host.on(imported_connections, "ConnectionPool", lambda _: handle)
    return connections.ConnectionPool(max_connections=3, max_idle_ms=0, connect_timeout_ms=2**32 - 1), handle, stream


def test_a_pool_gives_and_takes_connections(host: ScriptedHost) -> None:
    pool, handle, stream = pooled(host)
    with pool:
        connection = pool.acquire("example.com", 80)
        pool.release(connection)
        assert pool.stats() == PoolStats(open=3, idle=2, waiting=2**32 - 1)
        with pytest.raises(ValueError, match="closed"):
            pool.release(connection)
    assert host.calls == [("ConnectionPool", types.PoolOptions(3, 0, 2**32 - 1))]
    assert handle.calls == [("acquire", types.Endpoint("example.com", 80)), ("release", stream), ("stats",)]
    assert (handle.drops, stream.drops) == (1, 0)


def test_a_with_statement_gives_the_connection_back(host: ScriptedHost) -> None:
    pool, handle, stream = pooled(host)
    with pool.connection("example.com", 80) as connection:
        connection.write_all(b"x")
    assert handle.calls[-1] == ("release", stream)
    assert stream.drops == 0


def test_a_connection_that_was_in_the_middle_of_something_is_closed(host: ScriptedHost) -> None:
    pool, handle, stream = pooled(host)
    with pytest.raises(KeyError), pool.connection("example.com", 80):
        raise KeyError
    assert stream.drops == 1
    assert [call[0] for call in handle.calls] == ["acquire"]


@pytest.mark.parametrize("family", IpFamily)
def test_names_and_addresses(host: ScriptedHost, family: IpFamily) -> None:
    host.on(imported_connections, "resolve_host", [V4.ip, V6.ip])
    host.on(imported_connections, "reverse_lookup", "localhost")
    addresses = connections.resolve_host("example.com", family)
    assert addresses == [IPv4Address("127.0.0.1"), IPv6Address("2001:db8::ffff")]
    assert connections.reverse_lookup("127.0.0.1") == "localhost"
    assert host.calls == [
        ("resolve_host", "example.com", types.IpFamily[family.name]),
        ("reverse_lookup", types.IpAddress_Ipv4((127, 0, 0, 1))),
    ]


def test_a_denial_of_the_network_is_one_of_the_language(host: ScriptedHost) -> None:
    line = 'network = [{ action = "outbound", host = "example.com", port = 443 }]'
    denial = capabilities.PermissionDenial("ext-network/tcp.connect", "example.com:443", line)
    host.on(imported_tcp, "connect", Err(types.NetworkError_PermissionDenied(denial)))
    with pytest.raises(errors.PermissionDenied) as raised:
        tcp.connect("example.com", 443)
    assert (raised.value.missing, raised.value.resource) == (line, "example.com:443")
    assert isinstance(raised.value, (errors.NetworkError, PermissionError))


def test_an_error_of_details_says_of_what() -> None:
    failure = errors.CertificateInvalid("UnknownIssuer")
    assert failure.strerror == "UnknownIssuer"
    assert str(failure).endswith("certificate-invalid: UnknownIssuer")
