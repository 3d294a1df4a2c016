//! `tcp`, `udp` and `connections`, forwarded.

use std::net::{IpAddr, Shutdown, SocketAddr};
use std::time::Duration;

use airssys_wasm_sdk::NetworkError as SdkError;
use airssys_wasm_sdk::{connections, tcp, udp};

use crate::Exports;
use crate::bindings::airssys::core::types::Timestamp;
use crate::bindings::airssys::ext_network::types as wit;
use crate::bindings::exports::airssys::ext_network as exports;
use crate::host_services::denial;
use crate::milliseconds;

type Result<T> = std::result::Result<T, wit::NetworkError>;

fn error(error: SdkError) -> wit::NetworkError {
    use wit::NetworkError as Wit;
    match error {
        SdkError::PermissionDenied(reason) => Wit::PermissionDenied(denial(reason)),
        SdkError::ConnectionRefused => Wit::ConnectionRefused,
        SdkError::ConnectionReset => Wit::ConnectionReset,
        SdkError::ConnectionAborted => Wit::ConnectionAborted,
        SdkError::NotConnected => Wit::NotConnected,
        SdkError::Timeout => Wit::Timeout,
        SdkError::HostUnreachable => Wit::HostUnreachable,
        SdkError::NetworkUnreachable => Wit::NetworkUnreachable,
        SdkError::AddressInUse => Wit::AddressInUse,
        SdkError::AddressNotAvailable => Wit::AddressNotAvailable,
        SdkError::NameNotFound(name) => Wit::NameNotFound(name),
        SdkError::TemporaryResolverFailure(text) => Wit::TemporaryResolverFailure(text),
        SdkError::InvalidArgument(text) => Wit::InvalidArgument(text),
        SdkError::Unsupported(text) => Wit::Unsupported(text),
        SdkError::TlsHandshake(text) => Wit::TlsHandshake(text),
        SdkError::CertificateInvalid(text) => Wit::CertificateInvalid(text),
        SdkError::DatagramTooLarge => Wit::DatagramTooLarge,
        SdkError::EndOfStream(received) => Wit::EndOfStream(received),
        SdkError::PoolExhausted => Wit::PoolExhausted,
        SdkError::TooManySockets => Wit::TooManySockets,
        SdkError::Io(text) => Wit::Io(text),
        other => unreachable!("the contract has no such case: {other}"),
    }
}

fn ip_to_sdk(ip: wit::IpAddress) -> IpAddr {
    match ip {
        wit::IpAddress::Ipv4(octets) => <[u8; 4]>::from(octets).into(),
        wit::IpAddress::Ipv6(segments) => <[u16; 8]>::from(segments).into(),
    }
}

fn ip_to_wit(ip: IpAddr) -> wit::IpAddress {
    match ip {
        IpAddr::V4(ip) => wit::IpAddress::Ipv4(ip.octets().into()),
        IpAddr::V6(ip) => wit::IpAddress::Ipv6(ip.segments().into()),
    }
}

fn address_to_sdk(address: wit::SocketAddress) -> SocketAddr {
    SocketAddr::new(ip_to_sdk(address.ip), address.port)
}

fn address_to_wit(address: SocketAddr) -> wit::SocketAddress {
    wit::SocketAddress { ip: ip_to_wit(address.ip()), port: address.port() }
}

fn time(time: Option<u32>) -> Option<Duration> {
    time.map(milliseconds::duration)
}

pub struct TcpStream(tcp::TcpStream);

impl exports::tcp::GuestTcpStream for TcpStream {
    fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        self.0.read(max_bytes).map_err(error)
    }

    fn read_exact(&self, length: u32) -> Result<Vec<u8>> {
        self.0.read_exact(length).map_err(error)
    }

    fn write(&self, data: Vec<u8>) -> Result<u32> {
        self.0.write(&data).map_err(error)
    }

    fn write_all(&self, data: Vec<u8>) -> Result<()> {
        self.0.write_all(&data).map_err(error)
    }

    fn shutdown(&self, direction: wit::ShutdownDirection) -> Result<()> {
        let direction = match direction {
            wit::ShutdownDirection::Read => Shutdown::Read,
            wit::ShutdownDirection::Write => Shutdown::Write,
            wit::ShutdownDirection::Both => Shutdown::Both,
        };
        self.0.shutdown(direction).map_err(error)
    }

    fn local_address(&self) -> Result<wit::SocketAddress> {
        self.0.local_address().map(address_to_wit).map_err(error)
    }

    fn remote_address(&self) -> Result<wit::SocketAddress> {
        self.0.remote_address().map(address_to_wit).map_err(error)
    }

    fn options(&self) -> Result<wit::TcpOptions> {
        let options = self.0.options().map_err(error)?;
        Ok(wit::TcpOptions {
            no_delay: options.no_delay,
            keep_alive_ms: options.keep_alive.map(milliseconds::short),
            read_timeout_ms: options.read_timeout.map(milliseconds::short),
            write_timeout_ms: options.write_timeout.map(milliseconds::short),
            receive_buffer_bytes: options.receive_buffer_bytes,
            send_buffer_bytes: options.send_buffer_bytes,
        })
    }

    fn set_options(&self, options: wit::TcpOptions) -> Result<()> {
        let options = tcp::TcpOptions {
            no_delay: options.no_delay,
            keep_alive: time(options.keep_alive_ms),
            read_timeout: time(options.read_timeout_ms),
            write_timeout: time(options.write_timeout_ms),
            receive_buffer_bytes: options.receive_buffer_bytes,
            send_buffer_bytes: options.send_buffer_bytes,
        };
        self.0.set_options(&options).map_err(error)
    }

    fn stats(&self) -> wit::ConnectionStats {
        let stats = self.0.stats();
        let established = Timestamp { seconds: stats.established.seconds, nanoseconds: stats.established.nanoseconds };
        wit::ConnectionStats { established, bytes_sent: stats.bytes_sent, bytes_received: stats.bytes_received }
    }

    fn start_tls(&self, options: wit::TlsOptions) -> Result<wit::TlsInfo> {
        let options = tcp::TlsOptions::new(options.server_name).with_alpn(options.alpn);
        self.0.start_tls(&options).map(tls_info).map_err(error)
    }

    fn tls_info(&self) -> Option<wit::TlsInfo> {
        self.0.tls_info().map(tls_info)
    }
}

fn tls_info(info: tcp::TlsInfo) -> wit::TlsInfo {
    wit::TlsInfo {
        version: match info.version {
            tcp::TlsVersion::Tls12 => wit::TlsVersion::Tls12,
            tcp::TlsVersion::Tls13 => wit::TlsVersion::Tls13,
        },
        cipher_suite: info.cipher_suite,
        alpn: info.alpn,
        peer_certificate: info.peer_certificate,
    }
}

pub struct TcpListener(tcp::TcpListener);

impl exports::tcp::GuestTcpListener for TcpListener {
    fn accept(&self, timeout_ms: Option<u32>) -> Result<exports::tcp::TcpStream> {
        let stream = self.0.accept(time(timeout_ms)).map_err(error)?;
        Ok(exports::tcp::TcpStream::new(TcpStream(stream)))
    }

    fn local_address(&self) -> Result<wit::SocketAddress> {
        self.0.local_address().map(address_to_wit).map_err(error)
    }
}

impl exports::tcp::Guest for Exports {
    type TcpStream = TcpStream;
    type TcpListener = TcpListener;

    fn connect(endpoint: wit::Endpoint, timeout_ms: Option<u32>) -> Result<exports::tcp::TcpStream> {
        let stream = tcp::connect((endpoint.host, endpoint.port), time(timeout_ms)).map_err(error)?;
        Ok(exports::tcp::TcpStream::new(TcpStream(stream)))
    }

    fn listen(address: wit::SocketAddress, options: wit::ListenOptions) -> Result<exports::tcp::TcpListener> {
        let options = tcp::ListenOptions {
            backlog: options.backlog,
            reuse_address: options.reuse_address,
            ipv6_only: options.ipv6_only,
        };
        let listener = tcp::listen(address_to_sdk(address), options).map_err(error)?;
        Ok(exports::tcp::TcpListener::new(TcpListener(listener)))
    }
}

pub struct UdpSocket(udp::UdpSocket);

impl exports::udp::GuestUdpSocket for UdpSocket {
    fn connect(&self, remote: wit::SocketAddress) -> Result<()> {
        self.0.connect(address_to_sdk(remote)).map_err(error)
    }

    fn send(&self, data: Vec<u8>) -> Result<u32> {
        self.0.send(&data).map_err(error)
    }

    fn send_to(&self, data: Vec<u8>, remote: wit::SocketAddress) -> Result<u32> {
        self.0.send_to(&data, address_to_sdk(remote)).map_err(error)
    }

    fn receive(&self, max_bytes: u32) -> Result<wit::Datagram> {
        let datagram = self.0.receive(max_bytes).map_err(error)?;
        Ok(wit::Datagram {
            data: datagram.data,
            source: address_to_wit(datagram.source),
            truncated: datagram.truncated,
        })
    }

    fn local_address(&self) -> Result<wit::SocketAddress> {
        self.0.local_address().map(address_to_wit).map_err(error)
    }

    fn options(&self) -> Result<wit::UdpOptions> {
        let options = self.0.options().map_err(error)?;
        Ok(wit::UdpOptions {
            broadcast: options.broadcast,
            time_to_live: options.time_to_live,
            receive_timeout_ms: options.receive_timeout.map(milliseconds::short),
            multicast_loop: options.multicast_loop,
        })
    }

    fn set_options(&self, options: wit::UdpOptions) -> Result<()> {
        let options = udp::UdpOptions {
            broadcast: options.broadcast,
            time_to_live: options.time_to_live,
            receive_timeout: time(options.receive_timeout_ms),
            multicast_loop: options.multicast_loop,
        };
        self.0.set_options(&options).map_err(error)
    }

    fn join_multicast(&self, group: wit::IpAddress) -> Result<()> {
        self.0.join_multicast(ip_to_sdk(group)).map_err(error)
    }

    fn leave_multicast(&self, group: wit::IpAddress) -> Result<()> {
        self.0.leave_multicast(ip_to_sdk(group)).map_err(error)
    }
}

impl exports::udp::Guest for Exports {
    type UdpSocket = UdpSocket;

    fn bind(address: wit::SocketAddress) -> Result<exports::udp::UdpSocket> {
        let socket = udp::bind(address_to_sdk(address)).map_err(error)?;
        Ok(exports::udp::UdpSocket::new(UdpSocket(socket)))
    }
}

pub struct ConnectionPool(connections::ConnectionPool);

impl exports::connections::GuestConnectionPool for ConnectionPool {
    fn new(options: wit::PoolOptions) -> Self {
        Self(connections::ConnectionPool::new(connections::PoolOptions {
            max_connections: options.max_connections,
            max_idle: milliseconds::duration(options.max_idle_ms),
            connect_timeout: milliseconds::duration(options.connect_timeout_ms),
        }))
    }

    fn acquire(&self, endpoint: wit::Endpoint) -> Result<exports::tcp::TcpStream> {
        let connection = self.0.acquire((endpoint.host, endpoint.port)).map_err(error)?;
        Ok(exports::tcp::TcpStream::new(TcpStream(connection.detach())))
    }

    fn release(&self, connection: exports::tcp::TcpStream) {
        self.0.release(connection.into_inner::<TcpStream>().0);
    }

    fn stats(&self) -> wit::PoolStats {
        let stats = self.0.stats();
        wit::PoolStats { open: stats.open, idle: stats.idle, waiting: stats.waiting }
    }
}

impl exports::connections::Guest for Exports {
    type ConnectionPool = ConnectionPool;

    fn resolve_host(host: String, family: wit::IpFamily) -> Result<Vec<wit::IpAddress>> {
        let family = match family {
            wit::IpFamily::Ipv4 => connections::IpFamily::Ipv4,
            wit::IpFamily::Ipv6 => connections::IpFamily::Ipv6,
            wit::IpFamily::Any => connections::IpFamily::Any,
        };
        let addresses = connections::resolve_host(&host, family).map_err(error)?;
        Ok(addresses.into_iter().map(ip_to_wit).collect())
    }

    fn reverse_lookup(address: wit::IpAddress) -> Result<String> {
        connections::reverse_lookup(ip_to_sdk(address)).map_err(error)
    }
}
