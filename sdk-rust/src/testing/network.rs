//! `airssys:ext-network`, as the fake host gives it: servers that a test scripts, and sockets of the component itself,
//! all in memory. Nothing waits: what would have to is a `Timeout` at once.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

use super::State;
use super::permissions::Access;
use crate::bindings::airssys::ext_network::types::{Datagram, NetworkError, SocketAddress};
use crate::endpoint::{Endpoint, ip_from_host, ip_to_host};

pub mod connections;
pub mod tcp;
pub mod udp;

type Result<T> = std::result::Result<T, NetworkError>;

/// Where free ports begin, as on most machines.
const FIRST_FREE_PORT: u16 = 49_152;

/// What a server makes of the bytes of a write.
type Answer = dyn FnMut(&[u8]) -> Vec<u8>;

/// A server that a test has scripted.
pub(super) struct Server {
    endpoint: Endpoint,
    answer: RefCell<Box<Answer>>,
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "server {}", self.endpoint)
    }
}

/// What there is to connect to.
#[derive(Debug, Default)]
pub(super) struct Network {
    servers: Vec<Rc<Server>>,
    addresses: Vec<(String, IpAddr)>,
    listeners: HashMap<u16, Rc<tcp::Backlog>>,
    datagrams: HashMap<u16, Rc<RefCell<VecDeque<Datagram>>>>,
    ports: u16,
}

impl Network {
    pub(super) fn add_server(&mut self, endpoint: Endpoint, answer: Box<Answer>) {
        if !self.addresses.iter().any(|(name, _)| *name == endpoint.host) {
            // Of the addresses that are kept for documentation.
            let last = u8::try_from(self.addresses.len() + 1).expect("a test has less than 255 servers");
            let address = endpoint.host.parse().unwrap_or(Ipv4Addr::new(192, 0, 2, last).into());
            self.addresses.push((endpoint.host.clone(), address));
        }
        self.servers.push(Rc::new(Server { endpoint, answer: RefCell::new(answer) }));
    }

    /// The addresses of a name: itself if it is one.
    fn resolve(&self, host: &str) -> Result<Vec<IpAddr>> {
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
    fn free_port(&mut self) -> u16 {
        self.ports += 1;
        FIRST_FREE_PORT + self.ports
    }
}

/// The state, if the component may do this.
fn allowed(operation: &str, action: &'static str, host: &str, port: Option<u16>) -> Result<Rc<State>> {
    let state = State::current();
    let access = Access::Network { action, host, port, address: None };
    let resource = access.resource();
    let denied = state.rest.borrow().denied.iter().any(|denied| *denied == resource || denied == host);
    state.decide(&format!("ext-network/{operation}"), &access, denied).map_err(NetworkError::PermissionDenied)?;
    Ok(state)
}

/// The address of a socket that is to be bound.
fn bound(state: &State, address: SocketAddress, taken: impl Fn(&Network, u16) -> bool) -> Result<SocketAddress> {
    let mut network = state.network.borrow_mut();
    if address.port == 0 {
        return Ok(SocketAddress { port: network.free_port(), ..address });
    }
    if taken(&network, address.port) { Err(NetworkError::AddressInUse) } else { Ok(address) }
}
