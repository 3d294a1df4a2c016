//! Name resolution, and connections that are kept open for use again.

use std::net::IpAddr;
use std::ops::Deref;
use std::time::Duration;

use crate::bindings::airssys::ext_network::types as generated;
pub use crate::bindings::airssys::ext_network::types::{IpFamily, PoolStats};
pub use crate::endpoint::{Endpoint, NotAnEndpoint};
use crate::endpoint::{ip_from_host, ip_to_host};
use crate::host::connections as host;
use crate::tcp::TcpStream;
use crate::{NetworkError, milliseconds};

type Result<T> = std::result::Result<T, NetworkError>;

/// The limits of a pool. The default is 8 connections, each kept for a minute without use, and 10 seconds to get one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolOptions {
    /// Most connections open at once, over all endpoints, in use and idle. At least 1.
    pub max_connections: u32,
    /// After how long without use a connection is closed.
    pub max_idle: Duration,
    /// How long [`ConnectionPool::acquire`] may take, be it to wait for a connection or to make one.
    pub connect_timeout: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self { max_connections: 8, max_idle: Duration::from_secs(60), connect_timeout: Duration::from_secs(10) }
    }
}

/// Keeps TCP connections open for use again. Dropping it closes those that are idle.
#[derive(Debug)]
pub struct ConnectionPool {
    handle: host::ConnectionPool,
}

impl ConnectionPool {
    /// Makes an empty pool. Needs no permission. Parts of a millisecond count as one.
    ///
    /// # Panics
    /// When `max_connections` is 0.
    pub fn new(options: PoolOptions) -> Self {
        let options = generated::PoolOptions {
            max_connections: options.max_connections,
            max_idle_ms: milliseconds::short(options.max_idle),
            connect_timeout_ms: milliseconds::short(options.connect_timeout),
        };
        Self { handle: host::ConnectionPool::new(options) }
    }

    /// Gives a connection: an idle one that is still alive, else a new one. In a full pool it closes an idle one to
    /// another endpoint, or waits. It goes back to the pool when it is dropped.
    ///
    /// Needs `network = [{ action = "outbound", host = "<host>", port = <port> }]`, checked each time.
    ///
    /// # Errors
    /// `PoolExhausted` when none was released in time, `Timeout` when a new one took too long, and all that
    /// [`tcp::connect`](crate::tcp::connect) gives.
    pub fn acquire(&self, endpoint: impl Into<Endpoint>) -> Result<PooledConnection<'_>> {
        let stream = self.handle.acquire(&endpoint.into().into_host())?;
        Ok(PooledConnection { pool: self, stream: Some(TcpStream::from_host(stream)) })
    }

    /// Takes a connection back that was [detached](PooledConnection::detach). It is closed if it is broken, was shut
    /// down, holds bytes that nobody has read, or did not come from this pool.
    pub fn release(&self, connection: TcpStream) {
        self.handle.release(connection.into_host());
    }

    /// How many connections are open, idle and waited for.
    pub fn stats(&self) -> PoolStats {
        self.handle.stats()
    }
}

/// A connection of a pool: a [`TcpStream`] that goes back when it is dropped.
///
/// The pool cannot know where a conversation stands: [`close`](Self::close) the connection when it is given up half way.
#[derive(Debug)]
pub struct PooledConnection<'a> {
    pool: &'a ConnectionPool,
    stream: Option<TcpStream>,
}

impl PooledConnection<'_> {
    /// Closes the connection and makes room in the pool.
    pub fn close(self) {
        drop(self.detach());
    }

    /// Takes the connection out of this guard: dropping it closes it, [`ConnectionPool::release`] gives it back.
    pub fn detach(mut self) -> TcpStream {
        self.stream.take().expect("taken only here and when dropped")
    }
}

impl Deref for PooledConnection<'_> {
    type Target = TcpStream;

    fn deref(&self) -> &TcpStream {
        self.stream.as_ref().expect("taken only when the guard ends")
    }
}

impl Drop for PooledConnection<'_> {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.take() {
            self.pool.release(stream);
        }
    }
}

/// The addresses of a name, at least one. An IP literal of the family gives itself.
///
/// Needs `network = [{ action = "resolve", host = "<host>" }]`.
///
/// # Errors
/// `NameNotFound`, also for a name without an address of the family, `TemporaryResolverFailure`, `InvalidArgument`
/// (no host name), `Timeout`.
pub fn resolve_host(host: &str, family: IpFamily) -> Result<Vec<IpAddr>> {
    Ok(host::resolve_host(host, family)?.into_iter().map(ip_from_host).collect())
}

/// The name of an address.
///
/// Needs `network = [{ action = "resolve", host = "<address>" }]`.
///
/// # Errors
/// `NameNotFound` when it has none, `TemporaryResolverFailure`, `Timeout`.
pub fn reverse_lookup(address: impl Into<IpAddr>) -> Result<String> {
    Ok(host::reverse_lookup(ip_to_host(address.into()))?)
}
