//! What there is to connect to, and the ends of connections: data, which calls nobody.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

use crate::bindings::airssys::ext_network::types::{
    ConnectionStats, Datagram, Endpoint as HostEndpoint, NetworkError, SocketAddress, TcpOptions, TlsInfo,
};
use crate::endpoint::Endpoint;

/// Where free ports begin, as on most machines.
const FIRST_FREE_PORT: u16 = 49_152;

/// What a server makes of the bytes of a write.
type Answer = dyn FnMut(&[u8]) -> Vec<u8>;

/// A server that a test has scripted.
pub(in crate::testing) struct Server {
    pub(super) endpoint: Endpoint,
    pub(super) answer: RefCell<Box<Answer>>,
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "server {}", self.endpoint)
    }
}

/// What there is to connect to.
#[derive(Debug, Default)]
pub(in crate::testing) struct Network {
    pub(super) servers: Vec<Rc<Server>>,
    pub(super) addresses: Vec<(String, IpAddr)>,
    pub(super) listeners: HashMap<u16, Rc<Backlog>>,
    pub(super) datagrams: HashMap<u16, Rc<RefCell<VecDeque<Datagram>>>>,
    ports: u16,
}

impl Network {
    pub(in crate::testing) fn add_server(&mut self, endpoint: Endpoint, answer: Box<Answer>) {
        if !self.addresses.iter().any(|(name, _)| *name == endpoint.host) {
            // Of the addresses that are kept for documentation.
            let last = u8::try_from(self.addresses.len() + 1).expect("a test has less than 255 servers");
            let address = endpoint.host.parse().unwrap_or(Ipv4Addr::new(192, 0, 2, last).into());
            self.addresses.push((endpoint.host.clone(), address));
        }
        self.servers.push(Rc::new(Server { endpoint, answer: RefCell::new(answer) }));
    }

    /// The addresses of a name: itself if it is one.
    pub(super) fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, NetworkError> {
        if host.is_empty() || host.contains('\0') {
            return Err(NetworkError::InvalidArgument("the host is no name".to_owned()));
        }
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let known = self.addresses.iter().filter(|(name, _)| name == host).map(|(_, address)| *address);
        let known: Vec<_> = known.collect();
        if known.is_empty() { Err(NetworkError::NameNotFound(host.to_owned())) } else { Ok(known) }
    }

    /// A port that nobody has had.
    pub(super) fn free_port(&mut self) -> u16 {
        self.ports += 1;
        FIRST_FREE_PORT + self.ports
    }
}

/// Connections that nobody has accepted.
pub(super) type Backlog = RefCell<VecDeque<TcpStream>>;

/// One direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Direction {
    pub(super) bytes: VecDeque<u8>,
    pub(super) ended: bool,
}

/// Who is at the other end.
#[derive(Debug)]
pub(super) enum Peer {
    Server(Rc<Server>),
    Socket(Rc<RefCell<Direction>>),
}

#[derive(Debug)]
pub struct TcpStream {
    pub(super) incoming: Rc<RefCell<Direction>>,
    pub(super) peer: Peer,
    pub(super) local: SocketAddress,
    pub(super) remote: SocketAddress,
    pub(super) options: Cell<TcpOptions>,
    pub(super) stats: Cell<ConnectionStats>,
    pub(super) tls: RefCell<Option<TlsInfo>>,
    pub(super) ended: Cell<bool>,
    /// What the pool that it came from counts, and the endpoint there.
    pub(super) lease: Option<(Rc<()>, HostEndpoint)>,
}

impl TcpStream {
    /// Tells the peer that nothing more comes.
    pub(super) fn end(&self) {
        self.ended.set(true);
        if let Peer::Socket(outgoing) = &self.peer {
            outgoing.borrow_mut().ended = true;
        }
    }
}

impl Drop for TcpStream {
    fn drop(&mut self) {
        self.end();
    }
}
