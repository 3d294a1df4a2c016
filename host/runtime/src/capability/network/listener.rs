//! `tcp.listen` and `tcp.tcp-listener`.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use airssys_wasm_policy::{Operation, Permit};
use socket2::{Domain, Protocol, Socket, Type};

use super::gate::own_address;
use super::stream::{Connection, canonical};
use super::timeout::within;
use super::view::Slot;
use super::{ListenOptions, Network, NetworkError, Result, TcpStream};

const LISTEN: Operation = Operation("ext-network/tcp.listen");

/// A socket that accepts TCP connections. Clones are the same handle; with the last one it is closed.
#[derive(Clone)]
pub struct TcpListener(Arc<Listening>);

struct Listening {
    network: Network,
    socket: tokio::net::TcpListener,
    _slot: Slot,
}

impl Network {
    /// Listens on an address of this machine; port 0 lets the operating system choose one.
    ///
    /// # Errors
    /// As `tcp.listen`.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn listen(&self, address: SocketAddr, options: ListenOptions) -> Result<TcpListener> {
        let permit = self.ask_to_bind(LISTEN, address)?;
        let slot = self.take_slot()?;
        let backlog = options.backlog.clamp(1, self.limits().max_backlog);
        let socket = open(permit, ListenOptions { backlog, ..options })?;
        Ok(TcpListener(Arc::new(Listening { network: self.clone(), socket, _slot: slot })))
    }
}

/// Opens a listener on the address that is permitted. There is no other way to one.
fn open(permit: Permit, options: ListenOptions) -> Result<tokio::net::TcpListener> {
    let address = own_address(&permit).ok_or_else(|| NetworkError::Io("no address is permitted".to_owned()))?;
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_reuse_address(options.reuse_address)?;
    if address.is_ipv6() {
        socket.set_only_v6(options.ipv6_only)?;
    }
    socket.bind(&address.into())?;
    socket.listen(i32::try_from(options.backlog).unwrap_or(i32::MAX))?;
    Ok(tokio::net::TcpListener::from_std(socket.into())?)
}

impl TcpListener {
    /// Waits for a connection and accepts it.
    ///
    /// # Errors
    /// As `tcp.tcp-listener.accept`.
    pub async fn accept(&self, timeout: Option<Duration>) -> Result<TcpStream> {
        // Before anything is taken: a connection that finds no room goes on waiting.
        let slot = self.0.network.take_slot()?;
        let accepted = within(timeout, async {
            loop {
                match self.0.socket.accept().await {
                    // One that has gone before it was accepted.
                    Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                    accepted => return accepted,
                }
            }
        });
        let (socket, _) = accepted.await??;
        Ok(TcpStream::new(Connection::new(&self.0.network, socket, slot)))
    }

    /// The address that it listens on.
    ///
    /// # Errors
    /// As `tcp.tcp-listener.local-address`.
    pub fn local_address(&self) -> Result<SocketAddr> {
        Ok(canonical(self.0.socket.local_addr()?))
    }
}
