//! What the host does for guests, one module a capability: the state and its limits in the middle, a thin adapter to
//! the contract at the edge.

pub(crate) mod adapter;
pub(crate) mod audit;
pub(crate) mod descriptors;
pub mod filesystem;
pub(crate) mod host_memory;
pub(crate) mod host_services;
pub mod network;
pub mod process;
pub(crate) mod rate;
pub(crate) mod wasi;
