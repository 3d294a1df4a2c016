//! TCP in memory.

use std::cell::{Cell, RefCell};
use std::net::Ipv4Addr;
use std::rc::Rc;

pub use super::memory::TcpStream;
use super::memory::{Backlog, Direction, Peer};
use super::permission::{Result, allowed, bound};
use crate::bindings::airssys::ext_network::types::{
    ConnectionStats, Endpoint, ListenOptions, NetworkError, ShutdownDirection, SocketAddress, TcpOptions, TlsInfo,
    TlsOptions, TlsVersion,
};
use crate::endpoint::{ip_from_host, ip_to_host};
use crate::testing::host_services::current_time;
use crate::testing::state::State;

#[derive(Debug)]
pub struct TcpListener {
    waiting: Rc<Backlog>,
    local: SocketAddress,
}

impl TcpStream {
    fn new(incoming: Rc<RefCell<Direction>>, peer: Peer, local: SocketAddress, remote: SocketAddress) -> Self {
        let none = TcpOptions {
            no_delay: false,
            keep_alive_ms: None,
            read_timeout_ms: None,
            write_timeout_ms: None,
            receive_buffer_bytes: None,
            send_buffer_bytes: None,
        };
        let stats = ConnectionStats { established: current_time(), bytes_sent: 0, bytes_received: 0 };
        Self {
            incoming,
            peer,
            local,
            remote,
            options: Cell::new(none),
            stats: Cell::new(stats),
            tls: RefCell::default(),
            ended: Cell::new(false),
            lease: None,
        }
    }

    /// Whether the pool may give it to somebody else.
    pub(super) fn is_reusable(&self) -> bool {
        let incoming = self.incoming.borrow();
        !self.ended.get() && !incoming.ended && incoming.bytes.is_empty() && self.tls.borrow().is_none()
    }

    fn take(&self, length: usize) -> Vec<u8> {
        let data: Vec<u8> = self.incoming.borrow_mut().bytes.drain(..length).collect();
        let mut stats = self.stats.get();
        stats.bytes_received += data.len() as u64;
        self.stats.set(stats);
        data
    }

    /// How much there is to read, and whether more can come.
    fn pending(&self) -> (usize, bool) {
        let incoming = self.incoming.borrow();
        // A server has said all that it has to say.
        let ended = incoming.ended || matches!(self.peer, Peer::Server(_));
        (incoming.bytes.len(), !ended)
    }

    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        match self.pending() {
            (0, true) if max_bytes > 0 => Err(NetworkError::Timeout),
            (pending, _) => Ok(self.take(pending.min(max_bytes as usize))),
        }
    }

    pub fn read_exact(&self, length: u32) -> Result<Vec<u8>> {
        let length = length as usize;
        match self.pending() {
            (pending, _) if pending >= length => Ok(self.take(length)),
            (_, true) => Err(NetworkError::Timeout),
            (pending, false) => Err(NetworkError::EndOfStream(self.take(pending).len() as u64)),
        }
    }

    pub fn write(&self, data: &[u8]) -> Result<u32> {
        if self.ended.get() {
            return Err(NetworkError::NotConnected);
        }
        match &self.peer {
            Peer::Server(server) => {
                let answer = (server.answer.borrow_mut())(data);
                self.incoming.borrow_mut().bytes.extend(answer);
            }
            Peer::Socket(outgoing) => {
                // Its only other holder is the other end.
                if Rc::strong_count(outgoing) == 1 {
                    return Err(NetworkError::ConnectionReset);
                }
                outgoing.borrow_mut().bytes.extend(data);
            }
        }
        let mut stats = self.stats.get();
        stats.bytes_sent += data.len() as u64;
        self.stats.set(stats);
        Ok(u32::try_from(data.len()).expect("the caller bounds it"))
    }

    pub fn write_all(&self, data: &[u8]) -> Result<()> {
        self.write(data).map(drop)
    }

    pub fn shutdown(&self, direction: ShutdownDirection) -> Result<()> {
        if direction != ShutdownDirection::Write {
            let mut incoming = self.incoming.borrow_mut();
            incoming.bytes.clear();
            incoming.ended = true;
        }
        if direction != ShutdownDirection::Read {
            self.end();
        }
        Ok(())
    }

    pub fn local_address(&self) -> Result<SocketAddress> {
        Ok(self.local)
    }

    pub fn remote_address(&self) -> Result<SocketAddress> {
        Ok(self.remote)
    }

    pub fn options(&self) -> Result<TcpOptions> {
        Ok(self.options.get())
    }

    pub fn set_options(&self, options: TcpOptions) -> Result<()> {
        self.options.set(options);
        Ok(())
    }

    pub fn stats(&self) -> ConnectionStats {
        self.stats.get()
    }

    /// A server has a good certificate for its own name, and speaks what the component prefers.
    pub fn start_tls(&self, options: &TlsOptions) -> Result<TlsInfo> {
        let Peer::Server(server) = &self.peer else {
            return Err(NetworkError::TlsHandshake("the peer does not speak TLS".to_owned()));
        };
        if self.tls.borrow().is_some() {
            return Err(NetworkError::InvalidArgument("TLS was started before".to_owned()));
        }
        if server.endpoint.host != options.server_name {
            return Err(NetworkError::CertificateInvalid(format!("it is for {}", server.endpoint.host)));
        }
        let info = TlsInfo {
            version: TlsVersion::Tls13,
            cipher_suite: "TLS_AES_128_GCM_SHA256".to_owned(),
            alpn: options.alpn.first().cloned(),
            peer_certificate: Vec::new(),
        };
        *self.tls.borrow_mut() = Some(info.clone());
        Ok(info)
    }

    pub fn tls_info(&self) -> Option<TlsInfo> {
        self.tls.borrow().clone()
    }
}

impl TcpListener {
    pub fn accept(&self, _timeout_ms: Option<u32>) -> Result<TcpStream> {
        self.waiting.borrow_mut().pop_front().ok_or(NetworkError::Timeout)
    }

    pub fn local_address(&self) -> Result<SocketAddress> {
        Ok(self.local)
    }
}

impl Drop for TcpListener {
    fn drop(&mut self) {
        // After the host, there is nothing to leave.
        if let Some(state) = State::still() {
            state.network.borrow_mut().listeners.remove(&self.local.port);
        }
    }
}

pub fn connect(endpoint: &Endpoint, _timeout_ms: Option<u32>) -> Result<TcpStream> {
    connect_for("tcp.connect", endpoint)
}

pub(super) fn connect_for(operation: &str, endpoint: &Endpoint) -> Result<TcpStream> {
    let Endpoint { host, port } = endpoint;
    let state = allowed(operation, "outbound", host, Some(*port))?;
    if *port == 0 {
        return Err(NetworkError::InvalidArgument("the port is 0".to_owned()));
    }
    let mut network = state.network.borrow_mut();
    let remote = SocketAddress { ip: ip_to_host(network.resolve(host)?[0]), port: *port };
    let local = SocketAddress { ip: ip_to_host(Ipv4Addr::LOCALHOST.into()), port: network.free_port() };
    let incoming = Rc::<RefCell<Direction>>::default();
    let server = network.servers.iter().find(|server| server.endpoint.host == *host && server.endpoint.port == *port);
    if let Some(server) = server {
        return Ok(TcpStream::new(incoming, Peer::Server(Rc::clone(server)), local, remote));
    }
    let own = ip_from_host(remote.ip).is_loopback().then(|| network.listeners.get(port)).flatten();
    let waiting = own.ok_or(NetworkError::ConnectionRefused)?;
    let outgoing = Rc::<RefCell<Direction>>::default();
    let accepted = TcpStream::new(Rc::clone(&outgoing), Peer::Socket(Rc::clone(&incoming)), remote, local);
    waiting.borrow_mut().push_back(accepted);
    Ok(TcpStream::new(incoming, Peer::Socket(outgoing), local, remote))
}

pub fn listen(address: SocketAddress, _options: ListenOptions) -> Result<TcpListener> {
    let host = ip_from_host(address.ip).to_string();
    let state = allowed("tcp.listen", "inbound", &host, Some(address.port))?;
    let local = bound(&state, address, |network, port| network.listeners.contains_key(&port))?;
    let waiting = Rc::<Backlog>::default();
    state.network.borrow_mut().listeners.insert(local.port, Rc::clone(&waiting));
    Ok(TcpListener { waiting, local })
}
