//! TCP connections, with and without TLS: streams that read and write as the standard library's do, and listeners.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::time::Duration;

use crate::bindings::airssys::ext_network::types::{self as generated, ShutdownDirection};
pub use crate::bindings::airssys::ext_network::types::{ConnectionStats, TlsInfo, TlsOptions, TlsVersion};
pub use crate::endpoint::{Endpoint, NotAnEndpoint};
use crate::endpoint::{address_from_host, address_to_host};
use crate::host::tcp as host;
use crate::{NetworkError, milliseconds};

type Result<T> = std::result::Result<T, NetworkError>;

/// How many connections may wait to be accepted unless told otherwise: what the standard library asks for.
const DEFAULT_BACKLOG: u32 = 128;

/// A TCP connection. Closed when dropped.
///
/// It implements [`io::Read`] and [`io::Write`], as does a reference to it; the methods here are the operations of the
/// contract themselves, with its errors; a buffer of one's own is filled with `Read::read(&mut &stream, buffer)`. What
/// was granted when the connection was made holds for as long as it is open.
#[derive(Debug)]
pub struct TcpStream {
    handle: host::TcpStream,
}

/// The options of a connection. The default sets no timeouts and leaves the rest to the host's operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TcpOptions {
    /// Whether small pieces are sent at once (`TCP_NODELAY`).
    pub no_delay: bool,
    /// After how long without traffic to probe whether the peer is still there; `None` means never.
    pub keep_alive: Option<Duration>,
    /// How long a read waits before it gives `Timeout`; `None` means as long as the call may take.
    pub read_timeout: Option<Duration>,
    /// How long a write waits before it gives `Timeout`; `None` means as long as the call may take.
    pub write_timeout: Option<Duration>,
    /// The size of the receive buffer in bytes; `None` means what the host's operating system chooses.
    pub receive_buffer_bytes: Option<u32>,
    /// The size of the send buffer in bytes; `None` means what the host's operating system chooses.
    pub send_buffer_bytes: Option<u32>,
}

/// How to set up a listener. The default is a backlog of 128 that takes an address left a short time ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenOptions {
    /// How many connections may wait to be accepted. The host's operating system may lower it.
    pub backlog: u32,
    /// Whether to take an address that an earlier listener has left a short time ago.
    pub reuse_address: bool,
    /// Whether a listener on an IPv6 address refuses IPv4 connections. Without effect on an IPv4 address.
    pub ipv6_only: bool,
}

impl Default for ListenOptions {
    fn default() -> Self {
        Self { backlog: DEFAULT_BACKLOG, reuse_address: true, ipv6_only: false }
    }
}

/// Makes a connection, trying each address of a name in turn, for at most `timeout`, resolution included. Parts of a
/// millisecond count as one; `None` means as long as the call may take.
///
/// Needs `network = [{ action = "outbound", host = "<host>", port = <port> }]`. A permission for a name covers the
/// addresses that it has at this moment, except loopback, link-local, private and metadata addresses and those of the
/// host's own machine and networks: these need an IP literal or a range of their own.
///
/// # Errors
/// `ConnectionRefused`, `Timeout`, `NameNotFound`, `TemporaryResolverFailure`, `HostUnreachable`,
/// `NetworkUnreachable`, `InvalidArgument` (no host name, port 0), `TooManySockets`. Of several addresses, the error is
/// that of the last one tried.
pub fn connect(endpoint: impl Into<Endpoint>, timeout: Option<Duration>) -> Result<TcpStream> {
    let endpoint = endpoint.into().into_host();
    let handle = host::connect(&endpoint, timeout.map(milliseconds::short))?;
    Ok(TcpStream { handle })
}

/// Listens on an address of this machine. Port 0 lets the host choose a free port, which
/// [`TcpListener::local_address`] then gives.
///
/// Needs `network = [{ action = "inbound", host = "<address>", port = <port> }]`.
///
/// # Errors
/// `AddressInUse`, `AddressNotAvailable`, `TooManySockets`.
pub fn listen(address: impl Into<SocketAddr>, options: ListenOptions) -> Result<TcpListener> {
    let ListenOptions { backlog, reuse_address, ipv6_only } = options;
    let options = generated::ListenOptions { backlog, reuse_address, ipv6_only };
    Ok(TcpListener { handle: host::listen(address_to_host(address.into()), options)? })
}

impl TcpStream {
    pub(crate) fn from_host(handle: host::TcpStream) -> Self {
        Self { handle }
    }

    pub(crate) fn into_host(self) -> host::TcpStream {
        self.handle
    }

    /// Receives what is there, at most `max_bytes` and at most the host's limit (by default 16 MiB), waiting until
    /// there is something. Empty means that the peer has closed its side.
    ///
    /// # Errors
    /// `Timeout` after the read timeout of the options, `ConnectionReset`, `ConnectionAborted`.
    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        Ok(self.handle.read(max_bytes)?)
    }

    /// Receives this many bytes, waiting until all are there.
    ///
    /// # Errors
    /// `EndOfStream` with how many bytes came before the peer closed its side; they are lost. `InvalidArgument` when
    /// it is more than the host's limit, by default 16 MiB; otherwise as [`read`](Self::read).
    pub fn read_exact(&self, length: u32) -> Result<Vec<u8>> {
        Ok(self.handle.read_exact(length)?)
    }

    /// Sends bytes and returns how many were taken, at least one if any were given.
    ///
    /// # Errors
    /// `NotConnected` when writing was shut down, `Timeout` after the write timeout of the options, `ConnectionReset`,
    /// `ConnectionAborted`.
    pub fn write(&self, data: &[u8]) -> Result<u32> {
        Ok(self.handle.write(data)?)
    }

    /// Sends all bytes. After an error, some of them may have been sent.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_all(&self, data: &[u8]) -> Result<()> {
        Ok(self.handle.write_all(data)?)
    }

    /// Ends one direction or both. After `Write` the peer sees the end of the stream and can still send.
    ///
    /// # Errors
    /// `NotConnected` when the connection has ended already.
    pub fn shutdown(&self, direction: Shutdown) -> Result<()> {
        let direction = match direction {
            Shutdown::Read => ShutdownDirection::Read,
            Shutdown::Write => ShutdownDirection::Write,
            Shutdown::Both => ShutdownDirection::Both,
        };
        Ok(self.handle.shutdown(direction)?)
    }

    /// The address and port on this side.
    ///
    /// # Errors
    /// `NotConnected` when the connection has ended.
    pub fn local_address(&self) -> Result<SocketAddr> {
        Ok(address_from_host(self.handle.local_address()?))
    }

    /// The address and port on the peer's side.
    ///
    /// # Errors
    /// `NotConnected` when the connection has ended.
    pub fn remote_address(&self) -> Result<SocketAddr> {
        Ok(address_from_host(self.handle.remote_address()?))
    }

    /// The options of the connection. What [`set_options`](Self::set_options) has set reads back.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn options(&self) -> Result<TcpOptions> {
        let options = self.handle.options()?;
        Ok(TcpOptions {
            no_delay: options.no_delay,
            keep_alive: options.keep_alive_ms.map(milliseconds::duration),
            read_timeout: options.read_timeout_ms.map(milliseconds::duration),
            write_timeout: options.write_timeout_ms.map(milliseconds::duration),
            receive_buffer_bytes: options.receive_buffer_bytes,
            send_buffer_bytes: options.send_buffer_bytes,
        })
    }

    /// Sets the options of the connection, all at once. Timeouts hold from the next read or write on; parts of a
    /// millisecond count as one.
    ///
    /// # Errors
    /// `InvalidArgument` for a value that the host cannot set.
    pub fn set_options(&self, options: &TcpOptions) -> Result<()> {
        let options = generated::TcpOptions {
            no_delay: options.no_delay,
            keep_alive_ms: options.keep_alive.map(milliseconds::short),
            read_timeout_ms: options.read_timeout.map(milliseconds::short),
            write_timeout_ms: options.write_timeout.map(milliseconds::short),
            receive_buffer_bytes: options.receive_buffer_bytes,
            send_buffer_bytes: options.send_buffer_bytes,
        };
        Ok(self.handle.set_options(options)?)
    }

    /// When the connection was made, and exactly how many bytes have gone over it each way, not counting what TLS adds.
    pub fn stats(&self) -> ConnectionStats {
        self.handle.stats()
    }

    /// Starts TLS 1.2 or 1.3, as the client. From then on everything goes over the encrypted connection.
    ///
    /// The host's trust store decides whether the peer's certificate is good; a component cannot turn that off. After
    /// an error the connection is of no more use.
    ///
    /// # Errors
    /// `CertificateInvalid`, `TlsHandshake`, `InvalidArgument` (no server name; TLS was started before), `Timeout`,
    /// `ConnectionReset`, `ConnectionAborted`, `NotConnected`.
    pub fn start_tls(&self, options: &TlsOptions) -> Result<TlsInfo> {
        Ok(self.handle.start_tls(options)?)
    }

    /// What [`start_tls`](Self::start_tls) has agreed on; `None` before it has succeeded.
    pub fn tls_info(&self) -> Option<TlsInfo> {
        self.handle.tls_info()
    }
}

impl TlsOptions {
    /// TLS with a peer whose certificate must be for `server_name`; no application protocol is offered.
    pub fn new(server_name: impl Into<String>) -> Self {
        Self { server_name: server_name.into(), alpn: Vec::new() }
    }

    /// Offers application protocols (ALPN), the preferred one first.
    #[must_use]
    pub fn with_alpn(mut self, protocols: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.alpn = protocols.into_iter().map(Into::into).collect();
        self
    }
}

/// The largest part of a slice that one call can carry.
pub(crate) fn length(buffer: &[u8]) -> u32 {
    u32::try_from(buffer.len()).unwrap_or(u32::MAX)
}

impl io::Read for &TcpStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let data = TcpStream::read(self, length(buffer))?;
        buffer[..data.len()].copy_from_slice(&data);
        Ok(data.len())
    }
}

impl io::Write for &TcpStream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        Ok(TcpStream::write(self, &buffer[..length(buffer) as usize])? as usize)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl io::Read for TcpStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::Read::read(&mut &*self, buffer)
    }
}

impl io::Write for TcpStream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        io::Write::write(&mut &*self, buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A socket that accepts connections. Dropping it stops the listening; connections that were accepted go on.
#[derive(Debug)]
pub struct TcpListener {
    handle: host::TcpListener,
}

impl TcpListener {
    /// Waits for a connection, at most for `timeout`; `None` means as long as the call may take.
    /// [`TcpStream::remote_address`] says who it is.
    ///
    /// # Errors
    /// `Timeout`, `TooManySockets`.
    pub fn accept(&self, timeout: Option<Duration>) -> Result<TcpStream> {
        Ok(TcpStream { handle: self.handle.accept(timeout.map(milliseconds::short))? })
    }

    /// Connections as they come, each waited for as long as the call may take. It never ends.
    pub fn incoming(&self) -> Incoming<'_> {
        Incoming { listener: self }
    }

    /// The address and port that it listens on.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn local_address(&self) -> Result<SocketAddr> {
        Ok(address_from_host(self.handle.local_address()?))
    }
}

/// Iterates over the connections of a listener.
#[derive(Debug)]
pub struct Incoming<'a> {
    listener: &'a TcpListener,
}

impl Iterator for Incoming<'_> {
    type Item = Result<TcpStream>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.listener.accept(None))
    }
}
