//! The network of one component: which hosts it reaches, on which addresses it listens, what names it looks up.
//!
//! The gate is asked before anything leaves the machine: first about the host as the guest wrote it, before its name is
//! looked up, and then about each address that the name leads to. A socket is opened only to the very address that the
//! [permit](airssys_wasm_policy::Permit) is for, which the code that opens it takes by value: nobody looks the name up a
//! second time in between, so that it makes no difference if it leads elsewhere by then. See [`gate`].
//!
//! Sockets are counted, and each is closed when its handle goes: with the guest's drop, a trap, or the end of the
//! component.

mod adapter;
mod config;
mod connect;
mod error;
mod gate;
mod hosts;
mod limits;
mod listener;
mod membership;
mod options;
mod pool;
mod resolve;
mod stream;
mod surroundings;
mod timeout;
mod tls;
mod transport;
mod trust_store;
mod types;
mod udp;
mod view;
mod wasi;

pub use config::{Dns, NetworkConfig, NetworkServices};
pub use error::{NetworkError, Result};
pub use limits::NetworkLimits;
pub use listener::TcpListener;
pub use pool::ConnectionPool;
pub use stream::TcpStream;
pub use trust_store::{InvalidCertificate, TrustStore};
pub use types::{
    ConnectionStats, Datagram, Endpoint, IpFamily, ListenOptions, PoolOptions, PoolStats, ShutdownDirection,
    TcpOptions, TlsInfo, TlsOptions, TlsVersion, UdpOptions,
};
pub use udp::UdpSocket;
pub use view::Network;
pub(crate) use wasi::SocketSlot;

#[cfg(test)]
mod tests;
