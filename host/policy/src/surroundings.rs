//! What the policy cannot know by itself: where the host runs.

use std::net::IpAddr;

/// The machine that the host runs on, and the networks around it, as far as their addresses look like any other.
///
/// Whoever controls a name decides to which address it leads, and that may be the machine itself or its neighbours. To
/// connect there takes a permission for the address, or for a CIDR block that holds it, as with
/// [non-public addresses](crate::is_non_public_address).
pub trait Surroundings: Send + Sync {
    /// Whether an address is that of the machine, or of something that it reaches without leaving its own networks. Asked
    /// for each decision that depends on it: machines get addresses and lose them. What cannot be told is included.
    fn include(&self, address: IpAddr) -> bool;
}
