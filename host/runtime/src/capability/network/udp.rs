//! `udp.bind` and `udp.udp-socket`.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use airssys_wasm_policy::{Operation, Permit};
#[cfg(target_os = "linux")]
use rustix::io::Errno;
use socket2::{Domain, Protocol, SockRef, Socket, Type};

use super::error::invalid;
use super::gate::{destination, own_address};
use super::stream::canonical;
use super::timeout::within;
use super::view::Slot;
use super::{Datagram, Network, NetworkError, Result, UdpOptions};

const BIND: Operation = Operation("ext-network/udp.bind");
const CONNECT: Operation = Operation("ext-network/udp.udp-socket.connect");
const SEND: Operation = Operation("ext-network/udp.udp-socket.send");
const SEND_TO: Operation = Operation("ext-network/udp.udp-socket.send-to");
const JOIN_MULTICAST: Operation = Operation("ext-network/udp.udp-socket.join-multicast");
const LEAVE_MULTICAST: Operation = Operation("ext-network/udp.udp-socket.leave-multicast");

/// The largest payload of a datagram over IPv4, and for simplicity over IPv6 as well.
const MAX_DATAGRAM_BYTES: usize = 65_507;
/// No datagram that is received is longer than its 16-bit length says.
const MAX_RECEIVED_BYTES: usize = 65_535;

/// A UDP socket. Clones are the same handle; with the last one it is closed.
#[derive(Clone)]
pub struct UdpSocket(Arc<Bound>);

struct Bound {
    network: Network,
    socket: tokio::net::UdpSocket,
    family: Family,
    settings: Mutex<Settings>,
    _slot: Slot,
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    peer: Option<SocketAddr>,
    options: UdpOptions,
    /// How far unicast and multicast go if nothing is said.
    chosen: (u32, u32),
}

impl Network {
    /// Makes a socket with an address of this machine; port 0 lets the operating system choose one.
    ///
    /// # Errors
    /// As `udp.bind`.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn bind(&self, address: SocketAddr) -> Result<UdpSocket> {
        let permit = self.ask_to_bind(BIND, address)?;
        let slot = self.take_slot()?;
        let socket = open(permit)?;
        let family = Family::of(socket.local_addr()?.ip());
        let chosen = family.hops(SockRef::from(&socket))?;
        let options = UdpOptions { broadcast: false, time_to_live: None, receive_timeout: None, multicast_loop: true };
        let settings = Mutex::new(Settings { peer: None, options, chosen });
        Ok(UdpSocket(Arc::new(Bound { network: self.clone(), socket, family, settings, _slot: slot })))
    }
}

/// Opens a socket on the address that is permitted. There is no other way to one.
fn open(permit: Permit) -> Result<tokio::net::UdpSocket> {
    let address = own_address(&permit).ok_or_else(|| NetworkError::Io("no address is permitted".to_owned()))?;
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    if address.is_ipv6() {
        // IPv4 has sockets of its own: an address has one form, and the gate is asked about that one.
        socket.set_only_v6(true)?;
    }
    Family::of(address.ip()).only_own_groups(&socket)?;
    socket.bind(&address.into())?;
    Ok(tokio::net::UdpSocket::from_std(socket.into())?)
}

impl UdpSocket {
    /// Sets the peer.
    ///
    /// # Errors
    /// As `udp.udp-socket.connect`.
    pub async fn connect(&self, remote: SocketAddr) -> Result<()> {
        let remote = permitted(self.0.network.ask_to_send(CONNECT, self.checked(remote)?)?)?;
        self.0.socket.connect(remote).await?;
        self.settings().peer = Some(remote);
        Ok(())
    }

    /// Sends one datagram to the peer.
    ///
    /// # Errors
    /// As `udp.udp-socket.send`.
    pub async fn send(&self, data: &[u8]) -> Result<u32> {
        let peer = self.settings().peer.ok_or(NetworkError::NotConnected)?;
        let permit = self.0.network.ask_to_send(SEND, peer)?;
        self.send_where(permit, data).await
    }

    /// Sends one datagram to an address.
    ///
    /// # Errors
    /// As `udp.udp-socket.send-to`.
    pub async fn send_to(&self, data: &[u8], remote: SocketAddr) -> Result<u32> {
        let permit = self.0.network.ask_to_send(SEND_TO, self.checked(remote)?)?;
        self.send_where(permit, data).await
    }

    /// Waits for one datagram.
    ///
    /// # Errors
    /// As `udp.udp-socket.receive`.
    pub async fn receive(&self, max_bytes: u32) -> Result<Datagram> {
        let Settings { peer, options, .. } = *self.settings();
        let max = (max_bytes as usize).min(MAX_RECEIVED_BYTES);
        // One byte more, to learn whether there was one.
        let mut data = vec![0; max + 1];
        let receiving = async {
            loop {
                let (length, source) = self.0.socket.recv_from(&mut data).await?;
                // Others may have sent before the peer was set.
                if peer.is_none_or(|peer| same(peer, source)) {
                    return io::Result::Ok((length, source));
                }
            }
        };
        let (length, source) = within(options.receive_timeout, receiving).await??;
        data.truncate(length.min(max));
        data.shrink_to_fit();
        Ok(Datagram { data, source: canonical(source), truncated: length > max })
    }

    /// The address of the socket.
    ///
    /// # Errors
    /// As `udp.udp-socket.local-address`.
    pub fn local_address(&self) -> Result<SocketAddr> {
        Ok(canonical(self.0.socket.local_addr()?))
    }

    /// The options that were set last.
    pub fn options(&self) -> UdpOptions {
        self.settings().options
    }

    /// Sets all options.
    ///
    /// # Errors
    /// As `udp.udp-socket.set-options`.
    pub fn set_options(&self, options: UdpOptions) -> Result<()> {
        if options.time_to_live == Some(0) {
            return Err(invalid("time-to-live is 0"));
        }
        let mut settings = self.settings();
        let socket = SockRef::from(&self.0.socket);
        socket.set_broadcast(options.broadcast)?;
        let hops = options.time_to_live.map_or(settings.chosen, |hops| (hops.into(), hops.into()));
        self.0.family.set_hops(&socket, hops)?;
        self.0.family.set_multicast_loop(&socket, options.multicast_loop)?;
        settings.options = options;
        Ok(())
    }

    /// Begins to receive what is sent to a group.
    ///
    /// # Errors
    /// As `udp.udp-socket.join-multicast`.
    pub fn join_multicast(&self, group: IpAddr) -> Result<()> {
        let group = self.group(group)?;
        let _permit = self.0.network.ask_for_group(JOIN_MULTICAST, group)?;
        match group {
            IpAddr::V4(group) => self.0.socket.join_multicast_v4(group, self.interface()?)?,
            IpAddr::V6(group) => self.0.socket.join_multicast_v6(&group, 0)?,
        }
        Ok(())
    }

    /// Stops to receive what is sent to a group.
    ///
    /// # Errors
    /// As `udp.udp-socket.leave-multicast`.
    pub fn leave_multicast(&self, group: IpAddr) -> Result<()> {
        let group = self.group(group)?;
        let _permit = self.0.network.ask_for_group(LEAVE_MULTICAST, group)?;
        match group {
            IpAddr::V4(group) => self.0.socket.leave_multicast_v4(group, self.interface()?)?,
            IpAddr::V6(group) => self.0.socket.leave_multicast_v6(&group, 0)?,
        }
        Ok(())
    }

    async fn send_where(&self, permit: Permit, data: &[u8]) -> Result<u32> {
        let to = permitted(permit)?;
        if data.len() > MAX_DATAGRAM_BYTES {
            return Err(NetworkError::DatagramTooLarge);
        }
        let peer = self.settings().peer;
        // Some systems want no address where there is a peer.
        let sent =
            if peer == Some(to) { self.0.socket.send(data).await } else { self.0.socket.send_to(data, to).await };
        Ok(u32::try_from(sent?).unwrap_or(u32::MAX))
    }

    fn settings(&self) -> std::sync::MutexGuard<'_, Settings> {
        self.0.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one form of a destination that makes sense for this socket.
    fn checked(&self, remote: SocketAddr) -> Result<SocketAddr> {
        let remote = canonical(remote);
        if remote.port() == 0 {
            return Err(invalid("the port is 0"));
        }
        if self.0.family != Family::of(remote.ip()) {
            return Err(invalid("the address is not of the family of the socket"));
        }
        Ok(remote)
    }

    fn group(&self, group: IpAddr) -> Result<IpAddr> {
        let group = group.to_canonical();
        if !group.is_multicast() {
            return Err(invalid("the group is not a multicast address"));
        }
        if self.0.family != Family::of(group) {
            return Err(invalid("the group is not of the family of the socket"));
        }
        Ok(group)
    }

    /// The network on which groups are joined: that of the socket's address, or the one the operating system chooses.
    fn interface(&self) -> Result<Ipv4Addr> {
        match self.0.socket.local_addr()?.ip() {
            IpAddr::V4(own) if !own.is_multicast() => Ok(own),
            _ => Ok(Ipv4Addr::UNSPECIFIED),
        }
    }
}

/// The destination that is permitted. There is no other way to one.
fn permitted(permit: Permit) -> Result<SocketAddr> {
    destination(&permit).ok_or_else(|| NetworkError::Io("no address is permitted".to_owned()))
}

/// Whether it is the same peer; a link-local source comes with its interface.
fn same(peer: SocketAddr, source: SocketAddr) -> bool {
    (peer.ip(), peer.port()) == (source.ip(), source.port())
}

/// What differs between IPv4 and IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    V4,
    V6,
}

impl Family {
    fn of(address: IpAddr) -> Family {
        if address.is_ipv4() { Family::V4 } else { Family::V6 }
    }

    /// How far unicast and multicast datagrams go.
    fn hops(self, socket: SockRef<'_>) -> io::Result<(u32, u32)> {
        match self {
            Family::V4 => Ok((socket.ttl_v4()?, socket.multicast_ttl_v4()?)),
            Family::V6 => Ok((socket.unicast_hops_v6()?, socket.multicast_hops_v6()?)),
        }
    }

    fn set_hops(self, socket: &SockRef<'_>, (unicast, multicast): (u32, u32)) -> io::Result<()> {
        match self {
            Family::V4 => socket.set_ttl_v4(unicast).and_then(|()| socket.set_multicast_ttl_v4(multicast)),
            Family::V6 => socket.set_unicast_hops_v6(unicast).and_then(|()| socket.set_multicast_hops_v6(multicast)),
        }
    }

    fn set_multicast_loop(self, socket: &SockRef<'_>, multicast_loop: bool) -> io::Result<()> {
        match self {
            Family::V4 => socket.set_multicast_loop_v4(multicast_loop),
            Family::V6 => socket.set_multicast_loop_v6(multicast_loop),
        }
    }

    /// Without this, Linux delivers to a socket on a wildcard address what is sent to groups that other programs of the
    /// machine have joined, which nobody has permitted. A kernel that does not know the option does not do so.
    #[cfg(target_os = "linux")]
    fn only_own_groups(self, socket: &Socket) -> io::Result<()> {
        let set = match self {
            Family::V4 => socket.set_multicast_all_v4(false),
            Family::V6 => socket.set_multicast_all_v6(false),
        };
        match set {
            Err(error) if Errno::from_io_error(&error) == Some(Errno::NOPROTOOPT) => Ok(()),
            set => set,
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn only_own_groups(self, _: &Socket) -> io::Result<()> {
        Ok(())
    }
}
