//! UDP in memory: datagrams between the sockets of one fake host. Others get lost.

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};
use std::net::IpAddr;
use std::rc::Rc;

use super::permission::{Result, allowed, bound};
use crate::bindings::airssys::ext_network::types::{Datagram, IpAddress, NetworkError, SocketAddress, UdpOptions};
use crate::endpoint::ip_from_host;
use crate::testing::state::State;

/// The longest datagram that IPv4 carries.
const MAX_DATAGRAM_BYTES: usize = 65_507;

#[derive(Debug)]
pub struct UdpSocket {
    waiting: Rc<RefCell<VecDeque<Datagram>>>,
    local: SocketAddress,
    peer: Cell<Option<SocketAddress>>,
    options: Cell<UdpOptions>,
    groups: RefCell<HashSet<IpAddr>>,
}

pub fn bind(address: SocketAddress) -> Result<UdpSocket> {
    let host = ip_from_host(address.ip).to_string();
    let state = allowed("udp.bind", "inbound", &host, Some(address.port))?;
    let local = bound(&state, address, |network, port| network.datagrams.contains_key(&port))?;
    let waiting = Rc::<RefCell<VecDeque<Datagram>>>::default();
    state.network.borrow_mut().datagrams.insert(local.port, Rc::clone(&waiting));
    let options = UdpOptions { broadcast: false, time_to_live: None, receive_timeout_ms: None, multicast_loop: true };
    Ok(UdpSocket { waiting, local, peer: Cell::new(None), options: Cell::new(options), groups: RefCell::default() })
}

impl UdpSocket {
    pub fn connect(&self, remote: SocketAddress) -> Result<()> {
        self.check("udp.udp-socket.connect", remote)?;
        self.peer.set(Some(remote));
        Ok(())
    }

    pub fn send(&self, data: &[u8]) -> Result<u32> {
        let peer = self.peer.get().ok_or(NetworkError::NotConnected)?;
        self.deliver("udp.udp-socket.send", data, peer)
    }

    pub fn send_to(&self, data: &[u8], remote: SocketAddress) -> Result<u32> {
        self.deliver("udp.udp-socket.send-to", data, remote)
    }

    fn check(&self, operation: &str, remote: SocketAddress) -> Result<Rc<State>> {
        let host = ip_from_host(remote.ip);
        let state = allowed(operation, "outbound", &host.to_string(), Some(remote.port))?;
        let same_family = host.is_ipv4() == ip_from_host(self.local.ip).is_ipv4();
        if remote.port == 0 || !same_family {
            return Err(NetworkError::InvalidArgument("no address to send to".to_owned()));
        }
        Ok(state)
    }

    fn deliver(&self, operation: &str, data: &[u8], remote: SocketAddress) -> Result<u32> {
        let state = self.check(operation, remote)?;
        if data.len() > MAX_DATAGRAM_BYTES {
            return Err(NetworkError::DatagramTooLarge);
        }
        if let Some(waiting) = state.network.borrow().datagrams.get(&remote.port) {
            let datagram = Datagram { data: data.to_vec(), source: self.local, truncated: false };
            waiting.borrow_mut().push_back(datagram);
        }
        Ok(u32::try_from(data.len()).expect("bounded above"))
    }

    pub fn receive(&self, max_bytes: u32) -> Result<Datagram> {
        let mut waiting = self.waiting.borrow_mut();
        let peer = self.peer.get();
        waiting.retain(|datagram| peer.is_none_or(|peer| peer == datagram.source));
        let mut datagram = waiting.pop_front().ok_or(NetworkError::Timeout)?;
        datagram.truncated = datagram.data.len() > max_bytes as usize;
        datagram.data.truncate(max_bytes as usize);
        Ok(datagram)
    }

    pub fn local_address(&self) -> Result<SocketAddress> {
        Ok(self.local)
    }

    pub fn options(&self) -> Result<UdpOptions> {
        Ok(self.options.get())
    }

    pub fn set_options(&self, options: UdpOptions) -> Result<()> {
        self.options.set(options);
        Ok(())
    }

    pub fn join_multicast(&self, group: IpAddress) -> Result<()> {
        let group = multicast("udp.udp-socket.join-multicast", group)?;
        if self.groups.borrow_mut().insert(group) { Ok(()) } else { Err(NetworkError::AddressInUse) }
    }

    pub fn leave_multicast(&self, group: IpAddress) -> Result<()> {
        let group = multicast("udp.udp-socket.leave-multicast", group)?;
        if self.groups.borrow_mut().remove(&group) { Ok(()) } else { Err(NetworkError::AddressNotAvailable) }
    }
}

fn multicast(operation: &str, group: IpAddress) -> Result<IpAddr> {
    let group = ip_from_host(group);
    allowed(operation, "inbound", &group.to_string(), None)?;
    if group.is_multicast() { Ok(group) } else { Err(NetworkError::InvalidArgument(format!("{group} is no group"))) }
}

impl Drop for UdpSocket {
    fn drop(&mut self) {
        // After the host, there is nothing to leave.
        if let Some(state) = State::still() {
            state.network.borrow_mut().datagrams.remove(&self.local.port);
        }
    }
}
