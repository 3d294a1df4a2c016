//! The network of one component: which hosts it reaches, on which addresses it listens, what names it looks up.
//!
//! The gate is asked before anything leaves the machine: first about the host as the guest wrote it, before its name is
//! looked up, and then about each address that the name leads to. A socket is opened only to the very address that the
//! [permit](airssys_wasm_policy::Permit) is for, which the code that opens it takes by value: nobody looks the name up a
//! second time in between, so that it makes no difference if it leads elsewhere by then. See [`gate`].
//!
//! Sockets are counted, and each is closed when its handle goes: with the guest's drop, a trap, or the end of the
//! component.

mod config;
mod connect;
mod error;
mod gate;
mod hosts;
mod limits;
mod listener;
mod options;
mod pool;
mod resolve;
mod stream;
mod surroundings;
mod tls;
mod transport;
mod types;
mod udp;
mod wasi;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use airssys_wasm_policy::Gate;

use crate::capability::descriptors::Taken;
use crate::capability::host_memory::{NONE_LEFT, Room};

pub use config::{Dns, InvalidCertificate, NetworkConfig, NetworkServices, TrustStore};
pub use error::{NetworkError, Result};
pub use limits::NetworkLimits;
pub use listener::TcpListener;
pub use pool::ConnectionPool;
pub use stream::TcpStream;
pub use types::{
    ConnectionStats, Datagram, Endpoint, IpFamily, ListenOptions, PoolOptions, PoolStats, ShutdownDirection,
    TcpOptions, TlsInfo, TlsOptions, TlsVersion, UdpOptions,
};
pub use udp::UdpSocket;
pub(crate) use wasi::SocketSlot;

/// The network as one component sees it. Clones share everything.
#[derive(Clone)]
pub struct Network(Arc<Inner>);

struct Inner {
    gate: Gate,
    services: Arc<NetworkServices>,
    sockets: AtomicU32,
    lookups: AtomicU32,
}

impl Network {
    /// The network behind a component's gate.
    pub fn new(gate: Gate, services: Arc<NetworkServices>) -> Self {
        Network(Arc::new(Inner { gate, services, sockets: AtomicU32::new(0), lookups: AtomicU32::new(0) }))
    }

    /// How many sockets the component has open.
    #[cfg(test)]
    fn open_sockets(&self) -> u32 {
        self.0.sockets.load(Ordering::Relaxed)
    }

    fn limits(&self) -> &NetworkLimits {
        &self.0.services.limits
    }

    /// Room for data that waits for a peer.
    fn room(&self, bytes: usize) -> Result<Room> {
        self.0.services.memory.room_now(bytes as u64).ok_or_else(|| NetworkError::Io(NONE_LEFT.to_owned()))
    }

    /// Counts one open socket more.
    fn take_slot(&self) -> Result<Slot> {
        let limit = self.limits().max_sockets;
        let descriptor = self.0.services.descriptors.take(1).ok_or(NetworkError::TooManySockets)?;
        self.0
            .sockets
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |open| (open < limit).then_some(open + 1))
            .map(|_| Slot(self.clone(), descriptor))
            .map_err(|_| NetworkError::TooManySockets)
    }

    /// Counts one name more that is being looked up.
    fn take_lookup(&self) -> Result<LookupSlot> {
        let too_many = |of: &str| NetworkError::TemporaryResolverFailure(format!("too many names are looked up {of}"));
        let limit = self.limits().max_lookups;
        let descriptors = self.0.services.descriptors.take(LOOKUP_DESCRIPTORS).ok_or_else(|| too_many("by all"))?;
        self.0
            .lookups
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |now| (now < limit).then_some(now + 1))
            .map(|_| LookupSlot(self.clone(), descriptors))
            .map_err(|_| too_many("at once"))
    }
}

/// Descriptors that looking up one name takes: a question for each family, each over UDP and then over TCP.
const LOOKUP_DESCRIPTORS: u32 = 4;

/// One of the sockets that may be open at once. It goes with the socket.
struct Slot(Network, #[allow(dead_code, reason = "held for what its end does")] Taken);

/// One of the names that may be looked up at once.
struct LookupSlot(Network, #[allow(dead_code, reason = "held for what its end does")] Taken);

impl Drop for LookupSlot {
    fn drop(&mut self) {
        self.0.0.lookups.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.0.sockets.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits for `work`, no longer than `limit` if there is one. What is ready at once counts even if there is no time.
async fn within<T>(limit: Option<Duration>, work: impl Future<Output = T>) -> Result<T> {
    match limit {
        None => Ok(work.await),
        Some(limit) => tokio::time::timeout(limit, work).await.map_err(|_| NetworkError::Timeout),
    }
}

#[cfg(test)]
mod tests;
