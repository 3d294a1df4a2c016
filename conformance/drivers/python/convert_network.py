"""Values of the SDK's network modules in the form in which the driver's exports give them back."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

from airssys_wasm import errors
from airssys_wasm.errors import NetworkError
from airssys_wasm.network_types import IpAddress, SocketAddress, TcpOptions, TlsInfo, UdpOptions
from wit_world.imports import network_types

from convert import denial

PLAIN_ERRORS: dict[type[NetworkError], Callable[[], network_types.NetworkError]] = {
    errors.ConnectionRefused: network_types.NetworkError_ConnectionRefused,
    errors.ConnectionReset: network_types.NetworkError_ConnectionReset,
    errors.ConnectionAborted: network_types.NetworkError_ConnectionAborted,
    errors.NotConnected: network_types.NetworkError_NotConnected,
    errors.NetworkTimeout: network_types.NetworkError_Timeout,
    errors.HostUnreachable: network_types.NetworkError_HostUnreachable,
    errors.NetworkUnreachable: network_types.NetworkError_NetworkUnreachable,
    errors.AddressInUse: network_types.NetworkError_AddressInUse,
    errors.AddressNotAvailable: network_types.NetworkError_AddressNotAvailable,
    errors.DatagramTooLarge: network_types.NetworkError_DatagramTooLarge,
    errors.PoolExhausted: network_types.NetworkError_PoolExhausted,
    errors.TooManySockets: network_types.NetworkError_TooManySockets,
}
TEXT_ERRORS: dict[type[NetworkError], Callable[[str], network_types.NetworkError]] = {
    errors.TemporaryResolverFailure: network_types.NetworkError_TemporaryResolverFailure,
    errors.NetworkInvalidArgument: network_types.NetworkError_InvalidArgument,
    errors.NetworkUnsupported: network_types.NetworkError_Unsupported,
    errors.TlsHandshake: network_types.NetworkError_TlsHandshake,
    errors.CertificateInvalid: network_types.NetworkError_CertificateInvalid,
    errors.NetworkIo: network_types.NetworkError_Io,
}


def network_error(error: NetworkError) -> network_types.NetworkError:
    """Converts an error of the network interfaces."""
    match error:
        case errors.NetworkPermissionDenied():
            return network_types.NetworkError_PermissionDenied(denial(error))
        case errors.NameNotFound():
            return network_types.NetworkError_NameNotFound(error.name)
        case errors.EndOfStream():
            return network_types.NetworkError_EndOfStream(error.received)
    kind = type(error)
    if kind in PLAIN_ERRORS:
        return PLAIN_ERRORS[kind]()
    return TEXT_ERRORS[kind](str(error.strerror))


def to_ip(ip: network_types.IpAddress) -> IpAddress:
    """Converts an IP address for the SDK."""
    match ip:
        case network_types.IpAddress_Ipv4(octets):
            return IPv4Address(".".join(map(str, octets)))
        case network_types.IpAddress_Ipv6(groups):
            return IPv6Address(":".join(f"{group:x}" for group in groups))


def from_ip(ip: IpAddress) -> network_types.IpAddress:
    """Converts an IP address of the SDK."""
    if isinstance(ip, IPv4Address):
        a, b, c, d = ip.packed
        return network_types.IpAddress_Ipv4((a, b, c, d))
    groups = [int(group, 16) for group in ip.exploded.split(":")]
    return network_types.IpAddress_Ipv6(
        (groups[0], groups[1], groups[2], groups[3], groups[4], groups[5], groups[6], groups[7])
    )


def to_address(address: network_types.SocketAddress) -> SocketAddress:
    """Converts an address with a port for the SDK."""
    return SocketAddress(to_ip(address.ip), address.port)


def from_address(address: SocketAddress) -> network_types.SocketAddress:
    """Converts an address with a port of the SDK."""
    return network_types.SocketAddress(from_ip(address.ip), address.port)


def to_tcp_options(options: network_types.TcpOptions) -> TcpOptions:
    """Converts the options of a connection for the SDK."""
    return TcpOptions(
        no_delay=options.no_delay,
        keep_alive_ms=options.keep_alive_ms,
        read_timeout_ms=options.read_timeout_ms,
        write_timeout_ms=options.write_timeout_ms,
        receive_buffer_bytes=options.receive_buffer_bytes,
        send_buffer_bytes=options.send_buffer_bytes,
    )


def from_tcp_options(options: TcpOptions) -> network_types.TcpOptions:
    """Converts the options of a connection of the SDK."""
    return network_types.TcpOptions(
        no_delay=options.no_delay,
        keep_alive_ms=options.keep_alive_ms,
        read_timeout_ms=options.read_timeout_ms,
        write_timeout_ms=options.write_timeout_ms,
        receive_buffer_bytes=options.receive_buffer_bytes,
        send_buffer_bytes=options.send_buffer_bytes,
    )


def to_udp_options(options: network_types.UdpOptions) -> UdpOptions:
    """Converts the options of a UDP socket for the SDK."""
    return UdpOptions(
        broadcast=options.broadcast,
        time_to_live=options.time_to_live,
        receive_timeout_ms=options.receive_timeout_ms,
        multicast_loop=options.multicast_loop,
    )


def from_udp_options(options: UdpOptions) -> network_types.UdpOptions:
    """Converts the options of a UDP socket of the SDK."""
    return network_types.UdpOptions(
        broadcast=options.broadcast,
        time_to_live=options.time_to_live,
        receive_timeout_ms=options.receive_timeout_ms,
        multicast_loop=options.multicast_loop,
    )


def from_tls_info(info: TlsInfo) -> network_types.TlsInfo:
    """Converts what TLS has agreed on."""
    version = network_types.TlsVersion[info.version.name]
    return network_types.TlsInfo(version, info.cipher_suite, info.alpn, info.peer_certificate)
