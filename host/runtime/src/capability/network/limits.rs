//! What a component can use at most.

use std::time::Duration;

/// Each socket is a descriptor of the host process, which many components share, and memory of the kernel.
const MAX_SOCKETS: u32 = 64;
/// One read allocates on the host before it reaches the guest.
const MAX_READ_BYTES: u64 = 16 * 1024 * 1024;
/// Connections that wait for a guest hold memory of the kernel and are not counted as its sockets.
const MAX_BACKLOG: u32 = 128;
/// Memory of the kernel, for each direction of each connection.
const MAX_BUFFER_BYTES: u32 = 8 * 1024 * 1024;
/// Addresses of one name that are looked at. Whoever controls a name decides how many it has, and a connection may be
/// tried to each.
const MAX_ADDRESSES: usize = 32;
/// Each has sockets to name servers, and a guest of WASI may begin as many as it likes without waiting for one.
const MAX_LOOKUPS: u32 = 16;
/// A name server that does not answer in this time does not answer.
const RESOLVER_TIMEOUT: Duration = Duration::from_secs(10);
/// A peer that does not answer in this time while another address could be tried.
const CONNECT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// A handshake is a few messages; a peer that sends them one byte at a time shall not take for ever.
const TLS_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);

/// What a component can use of the network at most.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkLimits {
    /// How many sockets are open at once: connections, listeners and UDP sockets, those that lie in pools included.
    pub max_sockets: u32,
    /// How many bytes one `read` or `read-exact` gives.
    pub max_read_bytes: u64,
    /// How many connections may wait to be accepted; a larger `backlog` is lowered to it.
    pub max_backlog: u32,
    /// How large a receive or send buffer can be asked for, in bytes.
    pub max_buffer_bytes: u32,
    /// How many addresses of a name are given and tried, IPv4 and IPv6 together.
    pub max_addresses: usize,
    /// How many names are looked up at once.
    pub max_lookups: u32,
    /// How long name servers may take to answer one question, all attempts together.
    pub resolver_timeout: Duration,
    /// How long a connection to one address of several may take to be made.
    pub connect_attempt_timeout: Duration,
    /// How long a TLS handshake may take.
    pub tls_handshake_timeout: Duration,
}

impl Default for NetworkLimits {
    fn default() -> Self {
        NetworkLimits {
            max_sockets: MAX_SOCKETS,
            max_read_bytes: MAX_READ_BYTES,
            max_backlog: MAX_BACKLOG,
            max_buffer_bytes: MAX_BUFFER_BYTES,
            max_addresses: MAX_ADDRESSES,
            max_lookups: MAX_LOOKUPS,
            resolver_timeout: RESOLVER_TIMEOUT,
            connect_attempt_timeout: CONNECT_ATTEMPT_TIMEOUT,
            tls_handshake_timeout: TLS_HANDSHAKE_TIMEOUT,
        }
    }
}
