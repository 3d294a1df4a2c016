"""Values of `airssys:ext-network` in the form of this package and in the form of the boundary."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, ParamSpec, SupportsIndex, TypeVar, assert_never

from . import _arguments, _core, _host, errors
from . import network_types as types

if TYPE_CHECKING:
    from wit_world.imports import network_types as _types
else:
    _types = _host.interface("network_types")

P = ParamSpec("P")
T = TypeVar("T")


def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls the host; a `network-error` is raised as a `NetworkError`."""
    return _host.call(error, function, *args, **kwargs)


def error(error: _types.NetworkError) -> errors.NetworkError:
    match error:
        case _types.NetworkError_PermissionDenied(denial):
            return errors.NetworkPermissionDenied(_core.denial_from_host(denial))
        case _types.NetworkError_ConnectionRefused():
            return errors.ConnectionRefused()
        case _types.NetworkError_ConnectionReset():
            return errors.ConnectionReset()
        case _types.NetworkError_ConnectionAborted():
            return errors.ConnectionAborted()
        case _types.NetworkError_NotConnected():
            return errors.NotConnected()
        case _types.NetworkError_Timeout():
            return errors.NetworkTimeout()
        case _types.NetworkError_HostUnreachable():
            return errors.HostUnreachable()
        case _types.NetworkError_NetworkUnreachable():
            return errors.NetworkUnreachable()
        case _types.NetworkError_AddressInUse():
            return errors.AddressInUse()
        case _types.NetworkError_AddressNotAvailable():
            return errors.AddressNotAvailable()
        case _types.NetworkError_NameNotFound(name):
            return errors.NameNotFound(name)
        case _types.NetworkError_TemporaryResolverFailure(text):
            return errors.TemporaryResolverFailure(text)
        case _types.NetworkError_InvalidArgument(text):
            return errors.NetworkInvalidArgument(text)
        case _types.NetworkError_Unsupported(text):
            return errors.NetworkUnsupported(text)
        case _types.NetworkError_TlsHandshake(text):
            return errors.TlsHandshake(text)
        case _types.NetworkError_CertificateInvalid(text):
            return errors.CertificateInvalid(text)
        case _types.NetworkError_DatagramTooLarge():
            return errors.DatagramTooLarge()
        case _types.NetworkError_EndOfStream(received):
            return errors.EndOfStream(received)
        case _types.NetworkError_PoolExhausted():
            return errors.PoolExhausted()
        case _types.NetworkError_TooManySockets():
            return errors.TooManySockets()
        case _types.NetworkError_Io(text):
            return errors.NetworkIo(text)
    assert_never(error)


def ip_from_host(ip: _types.IpAddress) -> types.IpAddress:
    match ip:
        case _types.IpAddress_Ipv4(octets):
            return IPv4Address(bytes(octets))
        case _types.IpAddress_Ipv6(groups):
            return IPv6Address(b"".join(group.to_bytes(2, "big") for group in groups))
    assert_never(ip)


def ip_to_host(ip: types.IpAddressLike) -> _types.IpAddress:
    address = ip_address(ip)
    packed = address.packed
    if isinstance(address, IPv4Address):
        return _types.IpAddress_Ipv4((packed[0], packed[1], packed[2], packed[3]))
    if address.scope_id is not None:
        raise ValueError(f"an address with a zone: {address}")
    a, b, c, d, e, f, g, h = (int.from_bytes(packed[at : at + 2], "big") for at in range(0, 16, 2))
    return _types.IpAddress_Ipv6((a, b, c, d, e, f, g, h))


def address_from_host(address: _types.SocketAddress) -> types.SocketAddress:
    return types.SocketAddress(ip_from_host(address.ip), address.port)


def address_to_host(address: types.SocketAddressLike) -> _types.SocketAddress:
    ip, port = address
    return _types.SocketAddress(ip_to_host(ip), _arguments.u16("port", port))


def endpoint_to_host(host: str, port: SupportsIndex) -> _types.Endpoint:
    return _types.Endpoint(_arguments.text(host), _arguments.u16("port", port))


def tcp_options_from_host(options: _types.TcpOptions) -> types.TcpOptions:
    return types.TcpOptions(
        no_delay=options.no_delay,
        keep_alive_ms=options.keep_alive_ms,
        read_timeout_ms=options.read_timeout_ms,
        write_timeout_ms=options.write_timeout_ms,
        receive_buffer_bytes=options.receive_buffer_bytes,
        send_buffer_bytes=options.send_buffer_bytes,
    )


def tcp_options_to_host(options: types.TcpOptions) -> _types.TcpOptions:
    number = _arguments.optional_u32
    return _types.TcpOptions(
        no_delay=bool(options.no_delay),
        keep_alive_ms=number("keep_alive_ms", options.keep_alive_ms),
        read_timeout_ms=number("read_timeout_ms", options.read_timeout_ms),
        write_timeout_ms=number("write_timeout_ms", options.write_timeout_ms),
        receive_buffer_bytes=number("receive_buffer_bytes", options.receive_buffer_bytes),
        send_buffer_bytes=number("send_buffer_bytes", options.send_buffer_bytes),
    )


def udp_options_from_host(options: _types.UdpOptions) -> types.UdpOptions:
    return types.UdpOptions(
        broadcast=options.broadcast,
        time_to_live=options.time_to_live,
        receive_timeout_ms=options.receive_timeout_ms,
        multicast_loop=options.multicast_loop,
    )


def udp_options_to_host(options: types.UdpOptions) -> _types.UdpOptions:
    hops = options.time_to_live
    return _types.UdpOptions(
        broadcast=bool(options.broadcast),
        time_to_live=None if hops is None else _arguments.u8("time_to_live", hops),
        receive_timeout_ms=_arguments.optional_u32("receive_timeout_ms", options.receive_timeout_ms),
        multicast_loop=bool(options.multicast_loop),
    )


def tls_info_from_host(info: _types.TlsInfo) -> types.TlsInfo:
    return types.TlsInfo(types.TlsVersion[info.version.name], info.cipher_suite, info.alpn, info.peer_certificate)


def stats_from_host(stats: _types.ConnectionStats) -> types.ConnectionStats:
    established = _core.timestamp_from_host(stats.established)
    return types.ConnectionStats(established, stats.bytes_sent, stats.bytes_received)
