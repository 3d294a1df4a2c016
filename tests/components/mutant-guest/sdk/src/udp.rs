//! Lies about UDP sockets.

use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;

use truth::NetworkError;
use truth::udp as truth_of;
pub use truth::udp::*;

use crate::lies;

type Result<T> = std::result::Result<T, NetworkError>;

#[derive(Debug)]
pub struct UdpSocket(truth_of::UdpSocket);

impl Deref for UdpSocket {
    type Target = truth_of::UdpSocket;

    fn deref(&self) -> &truth_of::UdpSocket {
        &self.0
    }
}

impl UdpSocket {
    pub fn send_to(&self, data: &[u8], remote: impl Into<SocketAddr>) -> Result<u32> {
        let sent = self.0.send_to(data, remote)?;
        Ok(if lies("sent-miscounted") { sent + 1 } else { sent })
    }

    pub fn receive(&self, max_bytes: u32) -> Result<Datagram> {
        let mut datagram = self.0.receive(max_bytes)?;
        if lies("truncation-hidden") {
            datagram.truncated = false;
        }
        if lies("source-changed") {
            datagram.source.set_port(datagram.source.port() ^ 1);
        }
        Ok(datagram)
    }

    pub fn set_options(&self, options: &UdpOptions) -> Result<()> {
        let mut options = *options;
        if lies("udp-option-lost") {
            options.broadcast = false;
        }
        self.0.set_options(&options)
    }

    pub fn join_multicast(&self, group: impl Into<IpAddr>) -> Result<()> {
        if lies("group-not-joined") {
            return Ok(());
        }
        self.0.join_multicast(group)
    }
}

pub fn bind(address: impl Into<SocketAddr>) -> Result<UdpSocket> {
    truth_of::bind(address).map(UdpSocket)
}
