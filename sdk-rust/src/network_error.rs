//! The one error of [`tcp`](crate::tcp), [`udp`](crate::udp) and [`connections`](crate::connections).

use std::io;

use crate::bindings::airssys::ext_network::types::NetworkError as Host;
use crate::{ExecutionError, PermissionDenial};

/// Why a network operation failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// A permission is missing; the denial names the line of `Component.toml` that would give it. Nothing was sent.
    #[error("{0}")]
    PermissionDenied(PermissionDenial),
    /// Nothing listens there.
    #[error("connection refused")]
    ConnectionRefused,
    /// The peer has reset the connection.
    #[error("connection reset by the peer")]
    ConnectionReset,
    /// The connection was ended on this side.
    #[error("connection aborted")]
    ConnectionAborted,
    /// The socket has no peer, or the direction was shut down.
    #[error("not connected")]
    NotConnected,
    /// The time for the operation has passed.
    #[error("timed out")]
    Timeout,
    /// There is no way to the host.
    #[error("host unreachable")]
    HostUnreachable,
    /// There is no way to the network.
    #[error("network unreachable")]
    NetworkUnreachable,
    /// Another socket has this address and port.
    #[error("address in use")]
    AddressInUse,
    /// The address is not one of this machine.
    #[error("address not available")]
    AddressNotAvailable,
    /// There is no such name, or it has no address of the family asked for.
    #[error("{0}: name not found")]
    NameNotFound(String),
    /// The resolver gives no answer at present; trying again may help.
    #[error("name resolution failed for the moment: {0}")]
    TemporaryResolverFailure(String),
    /// An argument makes no sense.
    #[error("invalid argument: {0}")]
    InvalidArgument(String),
    /// The host cannot do this.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// The peer does not speak TLS, or there is nothing that both sides support.
    #[error("tls handshake failed: {0}")]
    TlsHandshake(String),
    /// The host's trust store does not accept the peer's certificate.
    #[error("invalid certificate: {0}")]
    CertificateInvalid(String),
    /// The datagram is longer than 65,507 bytes.
    #[error("datagram too large")]
    DatagramTooLarge,
    /// The peer closed the connection early; so many bytes had come.
    #[error("end of stream after {0} bytes")]
    EndOfStream(u64),
    /// All connections of the pool were in use for as long as could be waited.
    #[error("all connections of the pool are in use")]
    PoolExhausted,
    /// This component has as many sockets open as it may have.
    #[error("too many sockets")]
    TooManySockets,
    /// The host's operating system failed.
    #[error("input/output error: {0}")]
    Io(String),
}

impl From<Host> for NetworkError {
    fn from(error: Host) -> Self {
        match error {
            Host::PermissionDenied(denial) => Self::PermissionDenied(denial),
            Host::ConnectionRefused => Self::ConnectionRefused,
            Host::ConnectionReset => Self::ConnectionReset,
            Host::ConnectionAborted => Self::ConnectionAborted,
            Host::NotConnected => Self::NotConnected,
            Host::Timeout => Self::Timeout,
            Host::HostUnreachable => Self::HostUnreachable,
            Host::NetworkUnreachable => Self::NetworkUnreachable,
            Host::AddressInUse => Self::AddressInUse,
            Host::AddressNotAvailable => Self::AddressNotAvailable,
            Host::NameNotFound(name) => Self::NameNotFound(name),
            Host::TemporaryResolverFailure(text) => Self::TemporaryResolverFailure(text),
            Host::InvalidArgument(text) => Self::InvalidArgument(text),
            Host::Unsupported(text) => Self::Unsupported(text),
            Host::TlsHandshake(text) => Self::TlsHandshake(text),
            Host::CertificateInvalid(text) => Self::CertificateInvalid(text),
            Host::DatagramTooLarge => Self::DatagramTooLarge,
            Host::EndOfStream(received) => Self::EndOfStream(received),
            Host::PoolExhausted => Self::PoolExhausted,
            Host::TooManySockets => Self::TooManySockets,
            Host::Io(text) => Self::Io(text),
        }
    }
}

impl From<NetworkError> for io::Error {
    fn from(error: NetworkError) -> Self {
        use NetworkError as Error;
        let kind = match &error {
            Error::PermissionDenied(_) => io::ErrorKind::PermissionDenied,
            Error::ConnectionRefused => io::ErrorKind::ConnectionRefused,
            Error::ConnectionReset => io::ErrorKind::ConnectionReset,
            Error::ConnectionAborted => io::ErrorKind::ConnectionAborted,
            Error::NotConnected => io::ErrorKind::NotConnected,
            Error::Timeout | Error::PoolExhausted => io::ErrorKind::TimedOut,
            Error::HostUnreachable => io::ErrorKind::HostUnreachable,
            Error::NetworkUnreachable => io::ErrorKind::NetworkUnreachable,
            Error::AddressInUse => io::ErrorKind::AddrInUse,
            Error::AddressNotAvailable => io::ErrorKind::AddrNotAvailable,
            Error::NameNotFound(_) => io::ErrorKind::NotFound,
            Error::InvalidArgument(_) | Error::DatagramTooLarge => io::ErrorKind::InvalidInput,
            Error::Unsupported(_) => io::ErrorKind::Unsupported,
            Error::TlsHandshake(_) | Error::CertificateInvalid(_) => io::ErrorKind::InvalidData,
            Error::EndOfStream(_) => io::ErrorKind::UnexpectedEof,
            Error::TemporaryResolverFailure(_) | Error::TooManySockets | Error::Io(_) => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

impl From<NetworkError> for ExecutionError {
    /// For `?` in operations: a refusal stays one, a timeout too, what ran out is said to have, anything else failed.
    fn from(error: NetworkError) -> Self {
        let text = error.to_string();
        match error {
            NetworkError::PermissionDenied(_) => Self::PermissionDenied(text),
            NetworkError::Timeout => Self::Timeout(text),
            NetworkError::PoolExhausted | NetworkError::TooManySockets => Self::ResourceExhausted(text),
            _ => Self::ProcessingFailed(text),
        }
    }
}
