//! `airssys:ext-network`, as the fake host gives it: servers that a test scripts, and sockets of the component itself,
//! all in memory. Nothing waits: what would have to is a `Timeout` at once.

pub mod connections;
mod memory;
mod permission;
pub mod tcp;
pub mod udp;

pub(super) use memory::Network;
