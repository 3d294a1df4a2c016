//! WASI for guests whose language brings it along, so that what a standard library does works where it is permitted:
//!
//! - clocks and randomness are real, output goes into the log, the one argument is the name of
//!   the component, and there is no environment;
//! - [files](descriptors) are those of [`filesystem`](super::filesystem), with every path asked for as in the contract;
//! - [sockets] are WASI's own, counted among those of [`network`](super::network), and every address is asked for;
//! - [names] are looked up by the host's resolver, each one asked for.
//!
//! Nothing is decided here: the component's gate says yes or no, and records it under the name of the WASI function.

mod context;
mod datagrams;
mod descriptor;
mod descriptors;
mod known_names;
mod linker;
mod names;
mod output;
mod socket_state;
mod sockets;
mod streams;
mod values;
mod work;

pub(crate) use context::context;
pub(crate) use linker::add_to_linker;
pub(crate) use output::Output;
pub(crate) use socket_state::Sockets;
pub(crate) use streams::Buffers;
