//! The names and bounds that the host, builds and messages share.

/// The custom section that holds Component.toml, verbatim.
pub const MANIFEST_SECTION: &str = "airssys:manifest";

/// How large a component may be: 128 MiB. An SDK with an interpreter in it makes 25 MB. A stranger's file costs memory
/// and, while it is compiled, all processors for a time that grows with its size; the bound on one is the bound on all.
pub const MAX_COMPONENT_BYTES: u64 = 128 << 20;

/// What components have to export.
pub(crate) const LIFECYCLE: &str = "airssys:core/component-lifecycle";

/// The version of the contract that this host was made for.
pub(crate) const CONTRACT_VERSION: &str = "1.0.0";
