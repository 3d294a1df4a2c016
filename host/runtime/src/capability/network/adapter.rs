//! `airssys:ext-network`: converts, lets [`network`](super::network) do the work, and converts back. Nothing is decided
//! here.
//!
//! A handle is taken out of the table before anything waits, so that nothing of the state is needed meanwhile. The
//! deadline of a call drops what waits, and the instance with it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wasmtime::component::Resource;

use crate::bindings::{connections, network_types as wit, tcp, types, udp};
use crate::capability::adapter::{same_cases, timestamp};
use crate::capability::network::{self as net, ConnectionPool, TcpListener, TcpStream, UdpSocket};
use crate::host_state::HostState;

/// What an operation gives: the engine's trap outside, the contract's error inside.
type Answer<T> = wasmtime::Result<Result<T, wit::NetworkError>>;

fn answer<T, U: From<T>>(result: net::Result<T>) -> Answer<U> {
    Ok(result.map(U::from).map_err(Into::into))
}

impl HostState {
    /// Hands a new socket to the guest.
    fn hand_out<T: Send + 'static>(&mut self, made: net::Result<T>) -> Answer<Resource<T>> {
        match made {
            Ok(made) => Ok(Ok(self.table.push(made)?)),
            Err(error) => Ok(Err(error.into())),
        }
    }
}

impl wit::Host for HostState {}

impl tcp::Host for HostState {
    async fn connect(&mut self, endpoint: wit::Endpoint, timeout_ms: Option<u32>) -> Answer<Resource<TcpStream>> {
        let network = self.capabilities.network.clone();
        let made = network.connect(&endpoint.into(), timeout_ms.map(milliseconds)).await;
        self.hand_out(made)
    }

    async fn listen(
        &mut self,
        address: wit::SocketAddress,
        options: wit::ListenOptions,
    ) -> Answer<Resource<TcpListener>> {
        let made = self.capabilities.network.listen(address.into(), options.into());
        self.hand_out(made)
    }
}

impl tcp::HostTcpStream for HostState {
    async fn read(&mut self, stream: Resource<TcpStream>, max_bytes: u32) -> Answer<Vec<u8>> {
        let stream = self.table.get(&stream)?.clone();
        answer(stream.read(max_bytes).await)
    }

    async fn read_exact(&mut self, stream: Resource<TcpStream>, length: u32) -> Answer<Vec<u8>> {
        let stream = self.table.get(&stream)?.clone();
        answer(stream.read_exact(length).await)
    }

    async fn write(&mut self, stream: Resource<TcpStream>, data: Vec<u8>) -> Answer<u32> {
        let stream = self.table.get(&stream)?.clone();
        answer(stream.write(&data).await)
    }

    async fn write_all(&mut self, stream: Resource<TcpStream>, data: Vec<u8>) -> Answer<()> {
        let stream = self.table.get(&stream)?.clone();
        answer(stream.write_all(&data).await)
    }

    async fn shutdown(&mut self, stream: Resource<TcpStream>, direction: wit::ShutdownDirection) -> Answer<()> {
        let stream = self.table.get(&stream)?.clone();
        answer(stream.shutdown(direction.into()).await)
    }

    async fn local_address(&mut self, stream: Resource<TcpStream>) -> Answer<wit::SocketAddress> {
        let stream = self.table.get(&stream)?.clone();
        answer(stream.local_address().await)
    }

    async fn remote_address(&mut self, stream: Resource<TcpStream>) -> Answer<wit::SocketAddress> {
        let stream = self.table.get(&stream)?.clone();
        answer(stream.remote_address().await)
    }

    async fn options(&mut self, stream: Resource<TcpStream>) -> Answer<wit::TcpOptions> {
        let stream = self.table.get(&stream)?.clone();
        answer(Ok(stream.options().await))
    }

    async fn set_options(&mut self, stream: Resource<TcpStream>, options: wit::TcpOptions) -> Answer<()> {
        let stream = self.table.get(&stream)?.clone();
        answer(stream.set_options(options.into()).await)
    }

    async fn stats(&mut self, stream: Resource<TcpStream>) -> wasmtime::Result<wit::ConnectionStats> {
        let stream = self.table.get(&stream)?.clone();
        Ok(stream.stats().await.into())
    }

    async fn start_tls(&mut self, stream: Resource<TcpStream>, options: wit::TlsOptions) -> Answer<wit::TlsInfo> {
        let stream = self.table.get(&stream)?.clone();
        answer(stream.start_tls(&options.into()).await)
    }

    async fn tls_info(&mut self, stream: Resource<TcpStream>) -> wasmtime::Result<Option<wit::TlsInfo>> {
        let stream = self.table.get(&stream)?.clone();
        Ok(stream.tls_info().await.map(Into::into))
    }

    async fn drop(&mut self, stream: Resource<TcpStream>) -> wasmtime::Result<()> {
        self.table.delete(stream)?;
        Ok(())
    }
}

impl tcp::HostTcpListener for HostState {
    async fn accept(
        &mut self,
        listener: Resource<TcpListener>,
        timeout_ms: Option<u32>,
    ) -> Answer<Resource<TcpStream>> {
        let listener = self.table.get(&listener)?.clone();
        let made = listener.accept(timeout_ms.map(milliseconds)).await;
        self.hand_out(made)
    }

    async fn local_address(&mut self, listener: Resource<TcpListener>) -> Answer<wit::SocketAddress> {
        answer(self.table.get(&listener)?.local_address())
    }

    async fn drop(&mut self, listener: Resource<TcpListener>) -> wasmtime::Result<()> {
        self.table.delete(listener)?;
        Ok(())
    }
}

impl udp::Host for HostState {
    async fn bind(&mut self, address: wit::SocketAddress) -> Answer<Resource<UdpSocket>> {
        let made = self.capabilities.network.bind(address.into());
        self.hand_out(made)
    }
}

impl udp::HostUdpSocket for HostState {
    async fn connect(&mut self, socket: Resource<UdpSocket>, remote: wit::SocketAddress) -> Answer<()> {
        let socket = self.table.get(&socket)?.clone();
        answer(socket.connect(remote.into()).await)
    }

    async fn send(&mut self, socket: Resource<UdpSocket>, data: Vec<u8>) -> Answer<u32> {
        let socket = self.table.get(&socket)?.clone();
        answer(socket.send(&data).await)
    }

    async fn send_to(&mut self, socket: Resource<UdpSocket>, data: Vec<u8>, remote: wit::SocketAddress) -> Answer<u32> {
        let socket = self.table.get(&socket)?.clone();
        answer(socket.send_to(&data, remote.into()).await)
    }

    async fn receive(&mut self, socket: Resource<UdpSocket>, max_bytes: u32) -> Answer<wit::Datagram> {
        let socket = self.table.get(&socket)?.clone();
        answer(socket.receive(max_bytes).await)
    }

    async fn local_address(&mut self, socket: Resource<UdpSocket>) -> Answer<wit::SocketAddress> {
        answer(self.table.get(&socket)?.local_address())
    }

    async fn options(&mut self, socket: Resource<UdpSocket>) -> Answer<wit::UdpOptions> {
        answer(Ok(self.table.get(&socket)?.options()))
    }

    async fn set_options(&mut self, socket: Resource<UdpSocket>, options: wit::UdpOptions) -> Answer<()> {
        answer(self.table.get(&socket)?.set_options(options.into()))
    }

    async fn join_multicast(&mut self, socket: Resource<UdpSocket>, group: wit::IpAddress) -> Answer<()> {
        answer(self.table.get(&socket)?.join_multicast(group.into()))
    }

    async fn leave_multicast(&mut self, socket: Resource<UdpSocket>, group: wit::IpAddress) -> Answer<()> {
        answer(self.table.get(&socket)?.leave_multicast(group.into()))
    }

    async fn drop(&mut self, socket: Resource<UdpSocket>) -> wasmtime::Result<()> {
        self.table.delete(socket)?;
        Ok(())
    }
}

impl connections::Host for HostState {
    async fn resolve_host(&mut self, host: String, family: wit::IpFamily) -> Answer<Vec<wit::IpAddress>> {
        let network = self.capabilities.network.clone();
        let addresses = network.resolve_host(&host, family.into()).await;
        answer(addresses.map(|addresses| addresses.into_iter().map(wit::IpAddress::from).collect::<Vec<_>>()))
    }

    async fn reverse_lookup(&mut self, address: wit::IpAddress) -> Answer<String> {
        let network = self.capabilities.network.clone();
        answer(network.reverse_lookup(address.into()).await)
    }
}

impl connections::HostConnectionPool for HostState {
    async fn new(&mut self, options: wit::PoolOptions) -> wasmtime::Result<Resource<ConnectionPool>> {
        // The constructor has no error to give: a pool without room is a mistake of the guest, and ends the call.
        let pool = self
            .capabilities
            .network
            .connection_pool(options.into())
            .map_err(|error| wasmtime::format_err!("{error}"))?;
        Ok(self.table.push(pool)?)
    }

    async fn acquire(
        &mut self,
        pool: Resource<ConnectionPool>,
        endpoint: wit::Endpoint,
    ) -> Answer<Resource<TcpStream>> {
        let pool = self.table.get(&pool)?.clone();
        let made = pool.acquire(&endpoint.into()).await;
        self.hand_out(made)
    }

    async fn release(&mut self, pool: Resource<ConnectionPool>, stream: Resource<TcpStream>) -> wasmtime::Result<()> {
        let stream = self.table.delete(stream)?;
        self.table.get(&pool)?.release(stream);
        Ok(())
    }

    async fn stats(&mut self, pool: Resource<ConnectionPool>) -> wasmtime::Result<wit::PoolStats> {
        Ok(self.table.get(&pool)?.stats().into())
    }

    async fn drop(&mut self, pool: Resource<ConnectionPool>) -> wasmtime::Result<()> {
        self.table.delete(pool)?;
        Ok(())
    }
}

impl From<net::NetworkError> for wit::NetworkError {
    fn from(error: net::NetworkError) -> Self {
        use net::NetworkError as E;
        match error {
            E::PermissionDenied(denial) => Self::PermissionDenied((*denial).into()),
            E::ConnectionRefused => Self::ConnectionRefused,
            E::ConnectionReset => Self::ConnectionReset,
            E::ConnectionAborted => Self::ConnectionAborted,
            E::NotConnected => Self::NotConnected,
            E::Timeout => Self::Timeout,
            E::HostUnreachable => Self::HostUnreachable,
            E::NetworkUnreachable => Self::NetworkUnreachable,
            E::AddressInUse => Self::AddressInUse,
            E::AddressNotAvailable => Self::AddressNotAvailable,
            E::NameNotFound(name) => Self::NameNotFound(name),
            E::TemporaryResolverFailure(reason) => Self::TemporaryResolverFailure(reason),
            E::InvalidArgument(reason) => Self::InvalidArgument(reason),
            E::Unsupported(reason) => Self::Unsupported(reason),
            E::TlsHandshake(reason) => Self::TlsHandshake(reason),
            E::CertificateInvalid(reason) => Self::CertificateInvalid(reason),
            E::DatagramTooLarge => Self::DatagramTooLarge,
            E::EndOfStream(received) => Self::EndOfStream(received),
            E::PoolExhausted => Self::PoolExhausted,
            E::TooManySockets => Self::TooManySockets,
            E::Io(reason) => Self::Io(reason),
        }
    }
}

same_cases!(wit::IpFamily => net::IpFamily { Ipv4, Ipv6, Any });
same_cases!(wit::ShutdownDirection => net::ShutdownDirection { Read, Write, Both });
same_cases!(net::TlsVersion => wit::TlsVersion { Tls12, Tls13 });

impl From<wit::IpAddress> for IpAddr {
    fn from(address: wit::IpAddress) -> Self {
        match address {
            wit::IpAddress::Ipv4((a, b, c, d)) => Ipv4Addr::new(a, b, c, d).into(),
            wit::IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => Ipv6Addr::new(a, b, c, d, e, f, g, h).into(),
        }
    }
}

impl From<IpAddr> for wit::IpAddress {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::Ipv4(address.octets().into()),
            IpAddr::V6(address) => Self::Ipv6(address.segments().into()),
        }
    }
}

impl From<wit::SocketAddress> for SocketAddr {
    fn from(address: wit::SocketAddress) -> Self {
        Self::new(address.ip.into(), address.port)
    }
}

impl From<SocketAddr> for wit::SocketAddress {
    fn from(address: SocketAddr) -> Self {
        Self { ip: address.ip().into(), port: address.port() }
    }
}

impl From<wit::Endpoint> for net::Endpoint {
    fn from(endpoint: wit::Endpoint) -> Self {
        Self { host: endpoint.host, port: endpoint.port }
    }
}

impl From<wit::ListenOptions> for net::ListenOptions {
    fn from(options: wit::ListenOptions) -> Self {
        Self { backlog: options.backlog, reuse_address: options.reuse_address, ipv6_only: options.ipv6_only }
    }
}

fn milliseconds(ms: u32) -> Duration {
    Duration::from_millis(ms.into())
}

/// What was set came from a number of 32 bits.
fn in_milliseconds(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

impl From<wit::TcpOptions> for net::TcpOptions {
    fn from(options: wit::TcpOptions) -> Self {
        Self {
            no_delay: options.no_delay,
            keep_alive: options.keep_alive_ms.map(milliseconds),
            read_timeout: options.read_timeout_ms.map(milliseconds),
            write_timeout: options.write_timeout_ms.map(milliseconds),
            receive_buffer_bytes: options.receive_buffer_bytes,
            send_buffer_bytes: options.send_buffer_bytes,
        }
    }
}

impl From<net::TcpOptions> for wit::TcpOptions {
    fn from(options: net::TcpOptions) -> Self {
        Self {
            no_delay: options.no_delay,
            keep_alive_ms: options.keep_alive.map(in_milliseconds),
            read_timeout_ms: options.read_timeout.map(in_milliseconds),
            write_timeout_ms: options.write_timeout.map(in_milliseconds),
            receive_buffer_bytes: options.receive_buffer_bytes,
            send_buffer_bytes: options.send_buffer_bytes,
        }
    }
}

impl From<wit::UdpOptions> for net::UdpOptions {
    fn from(options: wit::UdpOptions) -> Self {
        Self {
            broadcast: options.broadcast,
            time_to_live: options.time_to_live,
            receive_timeout: options.receive_timeout_ms.map(milliseconds),
            multicast_loop: options.multicast_loop,
        }
    }
}

impl From<net::UdpOptions> for wit::UdpOptions {
    fn from(options: net::UdpOptions) -> Self {
        Self {
            broadcast: options.broadcast,
            time_to_live: options.time_to_live,
            receive_timeout_ms: options.receive_timeout.map(in_milliseconds),
            multicast_loop: options.multicast_loop,
        }
    }
}

impl From<net::Datagram> for wit::Datagram {
    fn from(datagram: net::Datagram) -> Self {
        Self { data: datagram.data, source: datagram.source.into(), truncated: datagram.truncated }
    }
}

impl From<net::ConnectionStats> for wit::ConnectionStats {
    fn from(stats: net::ConnectionStats) -> Self {
        Self {
            established: since_epoch(stats.established),
            bytes_sent: stats.bytes_sent,
            bytes_received: stats.bytes_received,
        }
    }
}

fn since_epoch(time: SystemTime) -> types::Timestamp {
    timestamp(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}

impl From<wit::TlsOptions> for net::TlsOptions {
    fn from(options: wit::TlsOptions) -> Self {
        Self { server_name: options.server_name, alpn: options.alpn }
    }
}

impl From<net::TlsInfo> for wit::TlsInfo {
    fn from(info: net::TlsInfo) -> Self {
        Self {
            version: info.version.into(),
            cipher_suite: info.cipher_suite,
            alpn: info.alpn,
            peer_certificate: info.peer_certificate,
        }
    }
}

impl From<wit::PoolOptions> for net::PoolOptions {
    fn from(options: wit::PoolOptions) -> Self {
        Self {
            max_connections: options.max_connections,
            max_idle: milliseconds(options.max_idle_ms),
            connect_timeout: milliseconds(options.connect_timeout_ms),
        }
    }
}

impl From<net::PoolStats> for wit::PoolStats {
    fn from(stats: net::PoolStats) -> Self {
        Self { open: stats.open, idle: stats.idle, waiting: stats.waiting }
    }
}
