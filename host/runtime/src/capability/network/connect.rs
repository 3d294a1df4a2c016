//! `tcp.connect`: from a name to a connection.

use std::time::Duration;

use airssys_wasm_policy::{Operation, Permit};
use tokio::time::Instant;

use super::gate::{Target, destination};
use super::stream::Connection;
use super::timeout::within;
use super::{Endpoint, IpFamily, Network, NetworkError, Result, TcpStream};

const CONNECT: Operation = Operation("ext-network/tcp.connect");

impl Network {
    /// Makes a connection, within `timeout` if there is one, resolution included.
    ///
    /// # Errors
    /// As `tcp.connect`.
    pub async fn connect(&self, endpoint: &Endpoint, timeout: Option<Duration>) -> Result<TcpStream> {
        let target = Target::parse(endpoint)?;
        let permit = self.ask_for_target(CONNECT, &target)?;
        let deadline = timeout.map(|timeout| Instant::now() + timeout);
        self.connect_to(CONNECT, &target, permit, deadline).await.map(TcpStream::new)
    }

    /// Makes a connection to a target that may be looked up, or is an address and may be connected to.
    pub(super) async fn connect_to(
        &self,
        operation: Operation,
        target: &Target,
        permit: Permit,
        deadline: Option<Instant>,
    ) -> Result<Connection> {
        let slot = self.take_slot()?;
        if target.host.name().is_none() {
            let limit = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let socket = within(limit, open(permit)).await??;
            return Ok(Connection::new(self, socket, slot));
        }
        let remaining = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let addresses = within(remaining, self.look_up(&permit, IpFamily::Any)).await??;
        let (mut denied, mut failed) = (None, None);
        for (tried, address) in addresses.iter().enumerate() {
            let permit = match self.ask_for_address(operation, target, *address) {
                Ok(permit) => permit,
                Err(denial) => {
                    denied.get_or_insert(denial);
                    continue;
                }
            };
            let limit = self.share_of(deadline, addresses.len() - tried);
            match within(limit, open(permit)).await.and_then(|opened| opened) {
                Ok(socket) => return Ok(Connection::new(self, socket, slot)),
                Err(error) => failed = Some(error),
            }
        }
        Err(failed.or(denied).unwrap_or(NetworkError::Timeout))
    }

    /// How long one address may take when so many are left: one that does not answer leaves time for the others.
    fn share_of(&self, deadline: Option<Instant>, left: usize) -> Option<Duration> {
        let attempt = self.limits().connect_attempt_timeout;
        match deadline {
            Some(deadline) => {
                let remaining = deadline.saturating_duration_since(Instant::now());
                Some(remaining / u32::try_from(left).unwrap_or(u32::MAX).max(1))
            }
            None => (left > 1).then_some(attempt),
        }
    }
}

/// Opens a connection to the address that is permitted. There is no other way to one.
async fn open(permit: Permit) -> Result<tokio::net::TcpStream> {
    let address = destination(&permit).ok_or_else(|| NetworkError::Io("no address is permitted".to_owned()))?;
    Ok(tokio::net::TcpStream::connect(address).await?)
}
