//! Names and pools in memory.

use std::cell::RefCell;
use std::rc::Rc;

use super::permission::{Result, allowed};
use super::tcp::{TcpStream, connect_for};
use crate::bindings::airssys::ext_network::types::{
    Endpoint, IpAddress, IpFamily, NetworkError, PoolOptions, PoolStats,
};
use crate::endpoint::{ip_from_host, ip_to_host};

#[derive(Debug)]
pub struct ConnectionPool {
    options: PoolOptions,
    /// Held once by the pool and once by each connection that is open.
    open: Rc<()>,
    idle: RefCell<Vec<TcpStream>>,
}

impl ConnectionPool {
    pub fn new(options: PoolOptions) -> Self {
        assert!(options.max_connections > 0, "a pool of 0 connections gives none");
        Self { options, open: Rc::default(), idle: RefCell::default() }
    }

    pub fn acquire(&self, endpoint: &Endpoint) -> Result<TcpStream> {
        const OPERATION: &str = "connections.connection-pool.acquire";
        allowed(OPERATION, "outbound", &endpoint.host, Some(endpoint.port))?;
        let mut idle = self.idle.borrow_mut();
        let to_endpoint = |stream: &TcpStream| stream.lease.as_ref().is_some_and(|(_, to)| to == endpoint);
        idle.retain(TcpStream::is_reusable);
        if let Some(at) = idle.iter().position(to_endpoint) {
            return Ok(idle.remove(at));
        }
        if self.count() >= self.options.max_connections {
            if idle.is_empty() {
                return Err(NetworkError::PoolExhausted);
            }
            drop(idle.remove(0));
        }
        let mut stream = connect_for(OPERATION, endpoint)?;
        stream.lease = Some((Rc::clone(&self.open), endpoint.clone()));
        Ok(stream)
    }

    pub fn release(&self, connection: TcpStream) {
        let own = connection.lease.as_ref().is_some_and(|(open, _)| Rc::ptr_eq(open, &self.open));
        if own && connection.is_reusable() {
            self.idle.borrow_mut().push(connection);
        }
    }

    pub fn stats(&self) -> PoolStats {
        let idle = u32::try_from(self.idle.borrow().len()).expect("bounded by the options");
        PoolStats { open: self.count(), idle, waiting: 0 }
    }

    fn count(&self) -> u32 {
        u32::try_from(Rc::strong_count(&self.open) - 1).expect("bounded by the options")
    }
}

pub fn resolve_host(host: &str, family: IpFamily) -> Result<Vec<IpAddress>> {
    let state = allowed("connections.resolve-host", "resolve", host, None)?;
    let mut addresses = state.network.borrow().resolve(host)?;
    addresses.retain(|address| match family {
        IpFamily::Ipv4 => address.is_ipv4(),
        IpFamily::Ipv6 => address.is_ipv6(),
        IpFamily::Any => true,
    });
    if addresses.is_empty() {
        return Err(NetworkError::NameNotFound(host.to_owned()));
    }
    Ok(addresses.into_iter().map(ip_to_host).collect())
}

pub fn reverse_lookup(address: IpAddress) -> Result<String> {
    let address = ip_from_host(address);
    let state = allowed("connections.reverse-lookup", "resolve", &address.to_string(), None)?;
    let network = state.network.borrow();
    let known = network.addresses.iter().find(|(_, known)| *known == address).map(|(name, _)| name.clone());
    known.ok_or_else(|| NetworkError::NameNotFound(address.to_string()))
}
