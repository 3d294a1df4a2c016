//! Whether the component may do something on the network.

use std::rc::Rc;

use super::memory::Network;
use crate::bindings::airssys::ext_network::types::{NetworkError, SocketAddress};
use crate::testing::permissions::Access;
use crate::testing::state::State;

pub(super) type Result<T> = std::result::Result<T, NetworkError>;

/// The state, if the component may do this.
pub(super) fn allowed(operation: &str, action: &'static str, host: &str, port: Option<u16>) -> Result<Rc<State>> {
    let state = State::current();
    let access = Access::Network { action, host, port, address: None };
    let resource = access.resource();
    let denied = state.rest.borrow().denied.iter().any(|denied| *denied == resource || denied == host);
    state.decide(&format!("ext-network/{operation}"), &access, denied).map_err(NetworkError::PermissionDenied)?;
    Ok(state)
}

/// The address of a socket that is to be bound.
pub(super) fn bound(
    state: &State,
    address: SocketAddress,
    taken: impl Fn(&Network, u16) -> bool,
) -> Result<SocketAddress> {
    let mut network = state.network.borrow_mut();
    if address.port == 0 {
        return Ok(SocketAddress { port: network.free_port(), ..address });
    }
    if taken(&network, address.port) { Err(NetworkError::AddressInUse) } else { Ok(address) }
}
