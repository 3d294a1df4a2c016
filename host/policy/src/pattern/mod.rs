//! What permissions are written in: patterns over guest paths, network hosts and components.

mod address;
mod automaton;
mod glob;
mod host;
mod path;
mod port;
mod target;

pub use address::{AddressBlock, is_guarded_address};
pub use host::{Host, HostPattern};
pub use path::PathPattern;
pub use port::PortRange;
pub use target::TargetPattern;

/// The longest pattern: as long as the longest path that Linux takes in one call, so that every path a component can
/// name there can be granted.
const MAX_PATTERN_BYTES: usize = 4096;
