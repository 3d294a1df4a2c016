//! What an instance has of the network through WASI.

use std::collections::HashMap;

use super::known_names::Names;
use crate::capability::network::SocketSlot;

/// What an instance has of the network through WASI.
#[derive(Default)]
pub(crate) struct Sockets {
    pub(super) names: Names,
    /// The room of connections that were accepted, by their places in the table.
    pub(super) accepted: HashMap<u32, SocketSlot>,
}
