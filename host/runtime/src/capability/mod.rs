//! What the host does for guests, one module a capability: the state and its limits in the middle, a thin adapter to
//! the contract at the rim.

pub(crate) mod audit;
pub(crate) mod descriptors;
pub mod filesystem;
pub(crate) mod filesystem_adapter;
pub(crate) mod host_memory;
pub(crate) mod host_services;
pub mod network;
pub(crate) mod network_adapter;
pub mod process;
pub(crate) mod process_adapter;
pub(crate) mod rate;
pub(crate) mod wasi;
