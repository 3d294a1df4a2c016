//! `tcp.tcp-stream`: a connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use socket2::SockRef;
use tokio::net::TcpStream as Socket;
use tokio::sync::{Mutex, MutexGuard};

use super::error::invalid;
use super::membership::Membership;
use super::options::OptionsInForce;
use super::timeout::within;
use super::transport::{Encrypted, Received, Transport};
use super::view::Slot;
use super::{ConnectionStats, Network, NetworkError, Result, ShutdownDirection, TcpOptions, TlsInfo, TlsOptions};

/// A TCP connection, with TLS or without. Clones are the same handle, and one operation goes on at a time; with the last
/// clone the connection is closed.
#[derive(Clone)]
pub struct TcpStream(Arc<Mutex<Connection>>);

pub(super) struct Connection {
    pub(super) network: Network,
    /// Gone when a handshake has failed halfway.
    transport: Option<Transport>,
    /// What a `read-exact` received before its time was over. It is the next to be read.
    unread: Vec<u8>,
    options: OptionsInForce,
    read_shut: bool,
    write_shut: bool,
    /// What ended the connection. The operating system says it once and then speaks of a regular end.
    broken: Option<NetworkError>,
    established: SystemTime,
    bytes_sent: u64,
    bytes_received: u64,
    tls: Option<TlsInfo>,
    /// After the transport: a pool and a limit count the socket until it is closed.
    pub(super) membership: Option<Membership>,
    _slot: Slot,
}

impl TcpStream {
    pub(super) fn new(connection: Connection) -> Self {
        TcpStream(Arc::new(Mutex::new(connection)))
    }

    /// The connection, if nothing else goes on with it.
    pub(super) fn into_connection(self) -> Option<Connection> {
        Arc::into_inner(self.0).map(Mutex::into_inner)
    }

    async fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().await
    }

    /// Receives what is there, at most `max_bytes`; nothing means the end.
    ///
    /// # Errors
    /// As `tcp.tcp-stream.read`.
    pub async fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        let mut connection = self.connection().await;
        let max = connection.network.limits().max_read_bytes.min(max_bytes.into());
        connection.read(usize::try_from(max).unwrap_or(usize::MAX)).await
    }

    /// Receives this many bytes.
    ///
    /// # Errors
    /// As `tcp.tcp-stream.read-exact`.
    pub async fn read_exact(&self, length: u32) -> Result<Vec<u8>> {
        let mut connection = self.connection().await;
        let max = connection.network.limits().max_read_bytes;
        if u64::from(length) > max {
            return Err(invalid(format!("{length} bytes are more than one read gives, which is {max}")));
        }
        connection.read_exact(length as usize).await
    }

    /// Sends some of the bytes and says how many.
    ///
    /// # Errors
    /// As `tcp.tcp-stream.write`.
    pub async fn write(&self, data: &[u8]) -> Result<u32> {
        let mut connection = self.connection().await;
        let _room = connection.network.room(data.len())?;
        let written = connection.write(data).await?;
        // What TLS has taken is taken, even if the peer does not take it in time.
        match connection.flush().await {
            Ok(()) | Err(NetworkError::Timeout) => Ok(u32::try_from(written).unwrap_or(u32::MAX)),
            Err(error) => Err(error),
        }
    }

    /// Sends all bytes.
    ///
    /// # Errors
    /// As `tcp.tcp-stream.write-all`.
    pub async fn write_all(&self, data: &[u8]) -> Result<()> {
        let mut connection = self.connection().await;
        let _room = connection.network.room(data.len())?;
        let mut written = 0;
        loop {
            written += connection.write(&data[written..]).await?;
            if written == data.len() {
                return connection.flush().await;
            }
        }
    }

    /// Ends one direction or both.
    ///
    /// # Errors
    /// As `tcp.tcp-stream.shutdown`.
    pub async fn shutdown(&self, direction: ShutdownDirection) -> Result<()> {
        self.connection().await.shutdown(direction).await
    }

    /// The address on this side.
    ///
    /// # Errors
    /// As `tcp.tcp-stream.local-address`.
    pub async fn local_address(&self) -> Result<SocketAddr> {
        Ok(canonical(self.connection().await.transport()?.socket().local_addr()?))
    }

    /// The address on the peer's side.
    ///
    /// # Errors
    /// As `tcp.tcp-stream.remote-address`.
    pub async fn remote_address(&self) -> Result<SocketAddr> {
        Ok(canonical(self.connection().await.transport()?.socket().peer_addr()?))
    }

    /// The options that were set last.
    pub async fn options(&self) -> TcpOptions {
        self.connection().await.options.set
    }

    /// Sets all options.
    ///
    /// # Errors
    /// As `tcp.tcp-stream.set-options`.
    pub async fn set_options(&self, options: TcpOptions) -> Result<()> {
        self.connection().await.set_options(options)
    }

    /// What has gone over the connection.
    pub async fn stats(&self) -> ConnectionStats {
        let connection = self.connection().await;
        let Connection { established, bytes_sent, bytes_received, .. } = *connection;
        ConnectionStats { established, bytes_sent, bytes_received }
    }

    /// Starts TLS.
    ///
    /// # Errors
    /// As `tcp.tcp-stream.start-tls`.
    pub async fn start_tls(&self, options: &TlsOptions) -> Result<TlsInfo> {
        self.connection().await.start_tls(options).await
    }

    /// What TLS has agreed on.
    pub async fn tls_info(&self) -> Option<TlsInfo> {
        self.connection().await.tls.clone()
    }
}

impl Connection {
    pub(super) fn new(network: &Network, socket: Socket, slot: Slot) -> Self {
        Connection {
            network: network.clone(),
            transport: Some(Transport::Plain(socket)),
            unread: Vec::new(),
            options: OptionsInForce::new(),
            read_shut: false,
            write_shut: false,
            broken: None,
            established: SystemTime::now(),
            bytes_sent: 0,
            bytes_received: 0,
            tls: None,
            membership: None,
            _slot: slot,
        }
    }

    fn transport(&mut self) -> Result<&mut Transport> {
        self.transport.as_mut().ok_or(NetworkError::NotConnected)
    }

    pub(super) fn set_options(&mut self, options: TcpOptions) -> Result<()> {
        let transport = self.transport.as_ref().ok_or(NetworkError::NotConnected)?;
        self.options.apply(transport.socket(), options, self.network.limits())
    }

    pub(super) fn remote_address(&self) -> Option<SocketAddr> {
        self.transport.as_ref()?.socket().peer_addr().ok().map(canonical)
    }

    /// Whether somebody else can use it as if it were new: nothing has ended, nothing is left over, and the peer is
    /// there. One that speaks TLS is none: it was started for one name and its protocols, and cannot be stopped.
    pub(super) fn is_reusable(&self) -> bool {
        let whole = !self.read_shut && !self.write_shut && self.broken.is_none() && self.unread.is_empty();
        let plain = self.transport.as_ref().filter(|transport| matches!(transport, Transport::Plain(_)));
        whole && plain.is_some_and(Transport::is_quiet)
    }

    async fn read(&mut self, max: usize) -> Result<Vec<u8>> {
        if max == 0 || self.read_shut {
            return Ok(Vec::new());
        }
        if !self.unread.is_empty() {
            let rest = self.unread.split_off(max.min(self.unread.len()));
            return Ok(std::mem::replace(&mut self.unread, rest));
        }
        let timeout = self.options.set.read_timeout;
        let received = within(timeout, self.transport()?.receive(max)).await?;
        match (received, &self.broken) {
            (Ok(Received::Bytes(data)), _) => {
                self.bytes_received += data.len() as u64;
                Ok(data)
            }
            (Ok(Received::End) | Err(_), Some(broken)) => Err(broken.clone()),
            (Ok(Received::End), None) => Ok(Vec::new()),
            (Err(error), None) => Err(self.broke(error)),
        }
    }

    async fn read_exact(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut data = Vec::new();
        let mut room = self.network.room(0)?;
        while data.len() < length {
            match self.read(length - data.len()).await {
                Ok(part) if part.is_empty() => return Err(NetworkError::EndOfStream(data.len() as u64)),
                Ok(part) => {
                    let more = self.network.room(part.len());
                    data.extend(part);
                    match more {
                        Ok(more) => room.add(more),
                        Err(error) => {
                            self.unread = data;
                            return Err(error);
                        }
                    }
                }
                Err(NetworkError::Timeout) => {
                    self.unread = data;
                    return Err(NetworkError::Timeout);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(data)
    }

    async fn write(&mut self, data: &[u8]) -> Result<usize> {
        if self.write_shut {
            return Err(NetworkError::NotConnected);
        }
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let timeout = self.options.set.write_timeout;
        let transport = self.transport()?;
        if data.is_empty() {
            return Ok(0);
        }
        match within(timeout, transport.send(data)).await? {
            Ok(written) => {
                self.bytes_sent += written as u64;
                Ok(written)
            }
            Err(error) => Err(self.broke(error)),
        }
    }

    async fn flush(&mut self) -> Result<()> {
        let timeout = self.options.set.write_timeout;
        let flushed = within(timeout, self.transport()?.flush()).await?;
        flushed.map_err(|error| self.broke(error))
    }

    async fn shutdown(&mut self, direction: ShutdownDirection) -> Result<()> {
        if self.broken.is_some() || (self.read_shut && self.write_shut) {
            return Err(NetworkError::NotConnected);
        }
        let timeout = self.options.set.write_timeout;
        if direction.writes() && !self.write_shut {
            within(timeout, self.transport()?.end()).await??;
            self.write_shut = true;
        }
        if direction.reads() && !self.read_shut {
            match SockRef::from(self.transport()?.socket()).shutdown(std::net::Shutdown::Read) {
                // The peer had closed its side already, and ours is closed just above.
                Err(error) if error.kind() == std::io::ErrorKind::NotConnected && self.write_shut => {}
                shut => shut?,
            }
            self.read_shut = true;
            self.unread = Vec::new();
        }
        Ok(())
    }

    async fn start_tls(&mut self, options: &TlsOptions) -> Result<TlsInfo> {
        if self.tls.is_some() {
            return Err(invalid("TLS was started before"));
        }
        let hello = options.checked()?;
        if self.read_shut || self.write_shut {
            return Err(NetworkError::NotConnected);
        }
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let Some(transport) = self.transport.take() else { return Err(NetworkError::NotConnected) };
        // In TLS the client speaks first. What is there before was sent in the open, by the peer or by somebody on the
        // way who wants it to be taken for something that came over TLS.
        if !std::mem::take(&mut self.unread).is_empty() || transport.has_unread() {
            let problem = "the peer sent bytes before TLS was started, which were not read";
            return Err(NetworkError::TlsHandshake(problem.to_owned()));
        }
        let limit = self.network.limits().tls_handshake_timeout;
        let limit = self.options.set.read_timeout.map_or(limit, |timeout| timeout.min(limit));
        let trust = Arc::clone(&self.network.services.trust);
        let (stream, info) = within(Some(limit), trust.shake_hands(hello, transport)).await??;
        self.transport = Some(Transport::Tls(Encrypted::new(stream)));
        self.tls = Some(info.clone());
        Ok(info)
    }

    /// Keeps what has ended the connection, unless it was just the peer that has closed: then what it sent before is good.
    fn broke(&mut self, error: std::io::Error) -> NetworkError {
        let closed = error.kind() == std::io::ErrorKind::BrokenPipe;
        let error = NetworkError::from(error);
        if !closed {
            self.broken = Some(error.clone());
        }
        error
    }
}

/// IPv4 in its own form: a listener on `::` sees it as IPv6.
pub(super) fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
impl TcpStream {
    pub(super) async fn with_socket<T>(&self, look: impl FnOnce(&Socket) -> T) -> T {
        look(self.connection().await.transport().unwrap().socket())
    }

    /// Waits until there is something to be read.
    pub(super) async fn until_readable(&self) {
        self.connection().await.transport().unwrap().socket().peek(&mut [0]).await.unwrap();
    }
}
