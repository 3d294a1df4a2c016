//! UDP datagrams.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::bindings::airssys::ext_network::types as generated;
use crate::endpoint::{address_from_host, address_to_host, ip_to_host};
use crate::host::udp as host;
use crate::{NetworkError, milliseconds};

type Result<T> = std::result::Result<T, NetworkError>;

/// A UDP socket. Closed when dropped.
#[derive(Debug)]
pub struct UdpSocket {
    handle: host::UdpSocket,
}

/// The options of a UDP socket. The default is what operating systems give a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UdpOptions {
    /// Whether the socket may send to broadcast addresses.
    pub broadcast: bool,
    /// How many routers a datagram may pass; `None` means what the host's operating system chooses.
    pub time_to_live: Option<u8>,
    /// How long a receive waits before it gives `Timeout`; `None` means as long as the call may take.
    pub receive_timeout: Option<Duration>,
    /// Whether the socket's own multicast datagrams come back to this machine.
    pub multicast_loop: bool,
}

impl Default for UdpOptions {
    fn default() -> Self {
        Self { broadcast: false, time_to_live: None, receive_timeout: None, multicast_loop: true }
    }
}

/// A datagram that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// Its content, cut to the length that was asked for. An empty datagram is data and not an end.
    pub data: Vec<u8>,
    /// Who has sent it.
    pub source: SocketAddr,
    /// Whether it was longer than `data`. What was cut off is lost.
    pub truncated: bool,
}

/// Makes a socket with an address of this machine. Port 0 lets the host choose a free port, which
/// [`UdpSocket::local_address`] then gives.
///
/// Needs `network = [{ action = "inbound", host = "<address>", port = <port> }]`.
///
/// # Errors
/// `AddressInUse`, `AddressNotAvailable`, `TooManySockets`.
pub fn bind(address: impl Into<SocketAddr>) -> Result<UdpSocket> {
    Ok(UdpSocket { handle: host::bind(address_to_host(address.into()))? })
}

impl UdpSocket {
    /// Sets the peer that [`send`](Self::send) sends to; datagrams of others are no longer received. Nothing is sent.
    ///
    /// Needs `network = [{ action = "outbound", host = "<address>", port = <port> }]`.
    ///
    /// # Errors
    /// `InvalidArgument` (port 0, an address of the other family), `NetworkUnreachable`, `HostUnreachable`.
    pub fn connect(&self, remote: impl Into<SocketAddr>) -> Result<()> {
        Ok(self.handle.connect(address_to_host(remote.into()))?)
    }

    /// Sends one datagram of at most 65,507 bytes to the peer that [`connect`](Self::connect) has set, and returns its
    /// length. It may get lost.
    ///
    /// Needs `outbound` for the peer.
    ///
    /// # Errors
    /// `NotConnected` when no peer is set, `DatagramTooLarge`, `ConnectionRefused` when the peer has answered an
    /// earlier datagram so, `NetworkUnreachable`, `HostUnreachable`.
    pub fn send(&self, data: &[u8]) -> Result<u32> {
        Ok(self.handle.send(data)?)
    }

    /// Sends one datagram of at most 65,507 bytes to this address, and returns its length. It may get lost.
    ///
    /// Needs `network = [{ action = "outbound", host = "<address>", port = <port> }]`, checked for each datagram.
    ///
    /// # Errors
    /// `DatagramTooLarge`, `InvalidArgument` (port 0, an address of the other family), `NetworkUnreachable`,
    /// `HostUnreachable`.
    pub fn send_to(&self, data: &[u8], remote: impl Into<SocketAddr>) -> Result<u32> {
        Ok(self.handle.send_to(data, address_to_host(remote.into()))?)
    }

    /// Waits for one datagram. Of a longer one than `max_bytes`, the rest is lost.
    ///
    /// # Errors
    /// `Timeout` after the receive timeout of the options, `ConnectionRefused` when the peer has answered an earlier
    /// datagram so.
    pub fn receive(&self, max_bytes: u32) -> Result<Datagram> {
        let datagram = self.handle.receive(max_bytes)?;
        Ok(Datagram { data: datagram.data, source: address_from_host(datagram.source), truncated: datagram.truncated })
    }

    /// The address and port of the socket.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn local_address(&self) -> Result<SocketAddr> {
        Ok(address_from_host(self.handle.local_address()?))
    }

    /// The options of the socket. What [`set_options`](Self::set_options) has set reads back.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn options(&self) -> Result<UdpOptions> {
        let options = self.handle.options()?;
        Ok(UdpOptions {
            broadcast: options.broadcast,
            time_to_live: options.time_to_live,
            receive_timeout: options.receive_timeout_ms.map(milliseconds::duration),
            multicast_loop: options.multicast_loop,
        })
    }

    /// Sets the options of the socket, all at once. The timeout holds from the next receive on; parts of a millisecond
    /// count as one.
    ///
    /// # Errors
    /// `InvalidArgument` for a value that the host cannot set.
    pub fn set_options(&self, options: &UdpOptions) -> Result<()> {
        let options = generated::UdpOptions {
            broadcast: options.broadcast,
            time_to_live: options.time_to_live,
            receive_timeout_ms: options.receive_timeout.map(milliseconds::short),
            multicast_loop: options.multicast_loop,
        };
        Ok(self.handle.set_options(options)?)
    }

    /// Begins to receive what is sent to a multicast group.
    ///
    /// Needs `network = [{ action = "inbound", host = "<group>" }]`.
    ///
    /// # Errors
    /// `InvalidArgument` (no multicast address, or one of the other family), `AddressInUse` when it is in the group.
    pub fn join_multicast(&self, group: impl Into<IpAddr>) -> Result<()> {
        Ok(self.handle.join_multicast(ip_to_host(group.into()))?)
    }

    /// Stops to receive what is sent to a multicast group.
    ///
    /// Needs `network = [{ action = "inbound", host = "<group>" }]`.
    ///
    /// # Errors
    /// `InvalidArgument` (no multicast address, or one of the other family), `AddressNotAvailable` when it is not in
    /// the group.
    pub fn leave_multicast(&self, group: impl Into<IpAddr>) -> Result<()> {
        Ok(self.handle.leave_multicast(ip_to_host(group.into()))?)
    }
}
