"""The cases of `network-error`."""

from __future__ import annotations

import errno
from typing import Any, ClassVar

from ._payload import PlainError, TextError
from ._permission import PermissionDenied


class NetworkError(OSError):
    """Why a network operation failed. As every `OSError` it has `errno` and `strerror`."""

    code: ClassVar[str]
    """The name of the case in the contract, such as `connection-refused`."""


class _PlainError(PlainError, NetworkError):
    pass


class _TextError(TextError, NetworkError):
    def __str__(self) -> str:
        # The text of the host tells the details and not always of what: "UnknownIssuer".
        return f"[Errno {self.errno}] {self.code}: {self.strerror}"


class NetworkPermissionDenied(PermissionDenied, NetworkError):
    """The component lacks a permission for a host or an address. No packet was sent and no address bound."""


class ConnectionRefused(_PlainError, ConnectionRefusedError):
    """Nothing listens at the address."""

    code = "connection-refused"
    _errno, _text = errno.ECONNREFUSED, "connection refused"


class ConnectionReset(_PlainError, ConnectionResetError):
    """The peer has reset the connection."""

    code = "connection-reset"
    _errno, _text = errno.ECONNRESET, "connection reset by the peer"


class ConnectionAborted(_PlainError, ConnectionAbortedError):
    """The connection was ended on this side of the network, for example by the host."""

    code = "connection-aborted"
    _errno, _text = errno.ECONNABORTED, "connection aborted"


class NotConnected(_PlainError):
    """The socket has no peer, or the direction was shut down."""

    code = "not-connected"
    _errno, _text = errno.ENOTCONN, "not connected"


class NetworkTimeout(_PlainError, TimeoutError):
    """The time for the operation has passed."""

    code = "timeout"
    _errno, _text = errno.ETIMEDOUT, "timed out"


class HostUnreachable(_PlainError):
    """There is no way to the host of the address."""

    code = "host-unreachable"
    _errno, _text = errno.EHOSTUNREACH, "host unreachable"


class NetworkUnreachable(_PlainError):
    """There is no way to the network of the address."""

    code = "network-unreachable"
    _errno, _text = errno.ENETUNREACH, "network unreachable"


class AddressInUse(_PlainError):
    """Another socket has this address and port."""

    code = "address-in-use"
    _errno, _text = errno.EADDRINUSE, "address in use"


class AddressNotAvailable(_PlainError):
    """The address is not one of this machine."""

    code = "address-not-available"
    _errno, _text = errno.EADDRNOTAVAIL, "address not available"


class NameNotFound(NetworkError):
    """There is no such name, or it has no address of the family asked for."""

    code = "name-not-found"

    name: str
    """The name or the address that was looked up."""

    def __init__(self, name: str) -> None:
        super().__init__(errno.ENXIO, f"name not found: {name}")
        self.name = name

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.name,)


class TemporaryResolverFailure(_TextError):
    """The resolver gives no answer now. Trying again may help."""

    code = "temporary-resolver-failure"
    _errno = errno.EAGAIN


class NetworkInvalidArgument(_TextError):
    """An argument makes no sense."""

    code = "invalid-argument"
    _errno = errno.EINVAL


class NetworkUnsupported(_TextError):
    """The host cannot do this."""

    code = "unsupported"
    _errno = errno.EOPNOTSUPP


class TlsHandshake(_TextError):
    """The peer does not speak TLS, or the two sides have no version, suite or protocol in common."""

    code = "tls-handshake"
    _errno = errno.EPROTO


class CertificateInvalid(_TextError):
    """The host's trust store does not accept the peer's certificate.

    Its issuer is unknown, it is for another name, or it is not valid at this time.
    """

    code = "certificate-invalid"
    _errno = errno.EPROTO


class DatagramTooLarge(_PlainError):
    """The datagram is longer than 65,507 bytes."""

    code = "datagram-too-large"
    _errno, _text = errno.EMSGSIZE, "datagram too large"


class EndOfStream(NetworkError, EOFError):
    """The peer closed the connection before all bytes were received."""

    code = "end-of-stream"

    received: int
    """How many bytes came. They are lost."""

    def __init__(self, received: int) -> None:
        super().__init__(errno.EPIPE, f"the peer closed the connection after {received} bytes")
        self.received = received

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.received,)


class PoolExhausted(_PlainError):
    """All connections of the pool were in use, and the time to wait for one has passed."""

    code = "pool-exhausted"
    _errno, _text = errno.EAGAIN, "all connections of the pool are in use"


class TooManySockets(_PlainError):
    """The component has as many sockets open as the host's limit allows."""

    code = "too-many-sockets"
    _errno, _text = errno.EMFILE, "too many sockets"


class NetworkIo(_TextError):
    """The host's operating system failed in another way."""

    code = "io"
    _errno = errno.EIO
