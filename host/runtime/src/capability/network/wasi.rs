//! What `wasi:sockets` needs of the network of a component: room for its sockets, and the questions to the gate. The
//! sockets themselves are the engine's, which asks about the very address that it uses next.

use std::net::{IpAddr, SocketAddr};

use airssys_wasm_policy::{Access, Operation};

use super::gate::{inbound, outbound, parse_host};
use super::view::Slot;
use super::{IpFamily, Network, Result};

/// One of the sockets that the component may have open. It goes with the socket.
pub(crate) struct SocketSlot(#[allow(dead_code, reason = "held for what its end does")] Slot);

impl Network {
    /// Counts one open socket more.
    ///
    /// # Errors
    /// That there are too many.
    pub(crate) fn count_socket(&self) -> Result<SocketSlot> {
        self.take_slot().map(SocketSlot)
    }

    /// How many connections may wait to be accepted; who asks for more gets so many.
    pub(crate) fn max_backlog(&self) -> u64 {
        self.limits().max_backlog.into()
    }

    /// How large the buffers of a socket may be, in bytes; who asks for more gets so much.
    pub(crate) fn max_buffer_bytes(&self) -> u64 {
        self.limits().max_buffer_bytes.into()
    }

    /// The addresses of a name, for who may look it up; those of an address are itself, which takes no looking.
    ///
    /// # Errors
    /// As `connections.resolve-host`.
    pub(crate) async fn resolve_for(&self, operation: Operation, name: &str) -> Result<Vec<IpAddr>> {
        if let Some(address) = parse_host(name)?.address() {
            return Ok(vec![address]);
        }
        let permit = self.ask_to_resolve(operation, name)?;
        self.look_up(&permit, IpFamily::Any).await
    }

    /// Whether the component may listen on an address, or receive there.
    pub(crate) fn may_bind(&self, operation: Operation, address: SocketAddr) -> bool {
        self.ask_to_bind(operation, address).is_ok()
    }

    /// As [`may_bind`](Self::may_bind), where a no is nothing to be recorded.
    pub(crate) fn allows_binding(&self, address: SocketAddr) -> bool {
        self.gate.allows(&inbound(address.ip(), Some(address.port())))
    }

    /// Whether the component may connect or send to an address, to which these names led: as one of them, or as the
    /// address that it is.
    pub(crate) fn may_reach(&self, operation: Operation, to: SocketAddr, names: &[String]) -> bool {
        let by_name = names.iter().map(|name| named(name, to)).find(|access| self.gate.allows(access));
        let by_address = self.gate.allows(&plain(to));
        match by_name {
            Some(access) => self.gate.authorize(operation, access).is_ok(),
            // What is missing is a permission for the name that the guest asked for, if it asked for one.
            None => match names.first().filter(|_| !by_address) {
                Some(name) => self.gate.authorize(operation, named(name, to)).is_ok(),
                None => self.ask_to_send(operation, to).is_ok(),
            },
        }
    }

    /// As [`may_reach`](Self::may_reach), where a no is nothing to be recorded.
    pub(crate) fn allows_reaching(&self, to: SocketAddr, names: &[String]) -> bool {
        self.gate.allows(&plain(to)) || names.iter().any(|name| self.gate.allows(&named(name, to)))
    }
}

fn plain(to: SocketAddr) -> Access {
    outbound(to.ip().to_string(), to.port(), None)
}

fn named(name: &str, to: SocketAddr) -> Access {
    outbound(name.to_owned(), to.port(), Some(to.ip()))
}
