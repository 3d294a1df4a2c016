//! The values of `airssys:ext-network/types`, free of any binding.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

/// Where to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// A host name, or an IP address without brackets.
    pub host: String,
    /// The port, not 0.
    pub port: u16,
}

/// Which addresses of a name are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IpFamily {
    /// IPv4 addresses only.
    Ipv4,
    /// IPv6 addresses only.
    Ipv6,
    /// Both.
    Any,
}

/// How a listener is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenOptions {
    /// How many connections may wait to be accepted.
    pub backlog: u32,
    /// Whether to take an address that an earlier listener has left a short time ago.
    pub reuse_address: bool,
    /// Whether a listener on an IPv6 address refuses IPv4 connections.
    pub ipv6_only: bool,
}

/// Which direction of a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShutdownDirection {
    /// Receiving.
    Read,
    /// Sending.
    Write,
    /// Both.
    Both,
}

impl ShutdownDirection {
    pub(super) fn reads(self) -> bool {
        self != ShutdownDirection::Write
    }

    pub(super) fn writes(self) -> bool {
        self != ShutdownDirection::Read
    }
}

/// The options of a TCP connection; those of a new one are the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TcpOptions {
    /// Whether small pieces are sent at once.
    pub no_delay: bool,
    /// After which time without traffic to probe whether the peer is still there.
    pub keep_alive: Option<Duration>,
    /// How long a read waits.
    pub read_timeout: Option<Duration>,
    /// How long a write waits.
    pub write_timeout: Option<Duration>,
    /// The size of the receive buffer.
    pub receive_buffer_bytes: Option<u32>,
    /// The size of the send buffer.
    pub send_buffer_bytes: Option<u32>,
}

/// The options of a UDP socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UdpOptions {
    /// Whether the socket may send to broadcast addresses.
    pub broadcast: bool,
    /// How many routers a datagram may pass.
    pub time_to_live: Option<u8>,
    /// How long a receive waits.
    pub receive_timeout: Option<Duration>,
    /// Whether the socket's own multicast datagrams come back.
    pub multicast_loop: bool,
}

/// A datagram that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// Its content, cut to the length that was asked for.
    pub data: Vec<u8>,
    /// Who has sent it.
    pub source: SocketAddr,
    /// Whether it was longer than `data`.
    pub truncated: bool,
}

/// What has gone over a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionStats {
    /// When it was made.
    pub established: SystemTime,
    /// How many bytes were sent, before encryption.
    pub bytes_sent: u64,
    /// How many bytes were received, after decryption.
    pub bytes_received: u64,
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// How to start TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsOptions {
    /// The name that the peer's certificate must be for.
    pub server_name: String,
    /// The application protocols to offer, the preferred one first.
    pub alpn: Vec<String>,
}

/// What the two sides of a TLS connection have agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsInfo {
    /// The version.
    pub version: TlsVersion,
    /// The cipher suite by its IANA name.
    pub cipher_suite: String,
    /// The application protocol that the peer chose.
    pub alpn: Option<String>,
    /// The peer's certificate, in DER.
    pub peer_certificate: Vec<u8>,
}

/// The limits of a connection pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolOptions {
    /// Most connections open at once, in use and idle; not 0.
    pub max_connections: u32,
    /// After which time without use a connection is closed.
    pub max_idle: Duration,
    /// How long [`acquire`](super::ConnectionPool::acquire) may take.
    pub connect_timeout: Duration,
}

/// The state of a connection pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PoolStats {
    /// How many connections are open, in use and idle.
    pub open: u32,
    /// How many of them are idle.
    pub idle: u32,
    /// How many acquisitions wait.
    pub waiting: u32,
}
