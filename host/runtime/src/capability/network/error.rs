//! Why an operation failed, case by case as the contract has it.

use std::io;

use airssys_wasm_policy::Denial;
use rustix::io::Errno;

/// Why an operation failed; each case is the one of `network-error` of the same name.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NetworkError {
    #[error(transparent)]
    PermissionDenied(Box<Denial>),
    #[error("connection refused")]
    ConnectionRefused,
    #[error("connection reset by the peer")]
    ConnectionReset,
    #[error("connection aborted")]
    ConnectionAborted,
    #[error("not connected")]
    NotConnected,
    #[error("the time has passed")]
    Timeout,
    #[error("there is no way to the host")]
    HostUnreachable,
    #[error("there is no way to the network")]
    NetworkUnreachable,
    #[error("the address is in use")]
    AddressInUse,
    #[error("the address is not one of this machine")]
    AddressNotAvailable,
    #[error("there is no such name: {0:?}")]
    NameNotFound(String),
    #[error("the resolver gives no answer: {0}")]
    TemporaryResolverFailure(String),
    #[error("invalid argument: {0}")]
    InvalidArgument(String),
    #[error("unsupported: {0}")]
    Unsupported(String),
    #[error("tls handshake: {0}")]
    TlsHandshake(String),
    #[error("invalid certificate: {0}")]
    CertificateInvalid(String),
    #[error("the datagram is too large")]
    DatagramTooLarge,
    #[error("the stream ended after {0} bytes")]
    EndOfStream(u64),
    #[error("all connections of the pool are in use")]
    PoolExhausted,
    #[error("too many sockets")]
    TooManySockets,
    #[error("the operating system failed: {0}")]
    Io(String),
}

/// What every operation gives.
pub type Result<T> = std::result::Result<T, NetworkError>;

impl From<Denial> for NetworkError {
    fn from(denial: Denial) -> Self {
        NetworkError::PermissionDenied(Box::new(denial))
    }
}

/// The case for a failure of the operating system.
impl From<io::Error> for NetworkError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match (error.kind(), Errno::from_io_error(&error)) {
            (Kind::ConnectionRefused, _) => NetworkError::ConnectionRefused,
            // A peer that has closed takes nothing more: to the writer that is the same as a reset.
            (Kind::ConnectionReset | Kind::BrokenPipe, _) => NetworkError::ConnectionReset,
            // TLS ends with a message that says so. Without it, anybody on the way may have cut the stream.
            (Kind::UnexpectedEof, _) => NetworkError::ConnectionReset,
            (Kind::ConnectionAborted, _) => NetworkError::ConnectionAborted,
            (Kind::NotConnected, _) => NetworkError::NotConnected,
            (Kind::TimedOut, _) => NetworkError::Timeout,
            (Kind::HostUnreachable, _) => NetworkError::HostUnreachable,
            (Kind::NetworkUnreachable | Kind::NetworkDown, _) => NetworkError::NetworkUnreachable,
            (Kind::AddrInUse, _) => NetworkError::AddressInUse,
            // A machine without IPv6 has no IPv6 address.
            (Kind::AddrNotAvailable, _) | (_, Some(Errno::AFNOSUPPORT)) => NetworkError::AddressNotAvailable,
            (_, Some(Errno::MFILE | Errno::NFILE)) => NetworkError::TooManySockets,
            (_, Some(Errno::MSGSIZE)) => NetworkError::DatagramTooLarge,
            (_, Some(Errno::OPNOTSUPP | Errno::NOPROTOOPT | Errno::NOSYS)) => {
                NetworkError::Unsupported("the operating system of the host cannot do this".to_owned())
            }
            _ => NetworkError::Io(error.to_string()),
        }
    }
}

pub(super) fn invalid(what: impl Into<String>) -> NetworkError {
    NetworkError::InvalidArgument(what.into())
}
