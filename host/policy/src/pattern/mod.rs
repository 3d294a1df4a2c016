//! What permissions are written in: patterns over guest paths, network hosts, components, and names of an embedder's own.

mod address;
mod automaton;
mod glob;
mod host;
mod name;
mod path;
mod port;
mod target;

pub use address::{AddressBlock, is_non_public_address};
pub use host::{Host, HostPattern};
pub use name::NamePattern;
pub(crate) use path::MAX_PATH_BYTES;
pub use path::PathPattern;
pub(crate) use path::is_resolved;
pub use port::PortRange;
pub use target::TargetPattern;
