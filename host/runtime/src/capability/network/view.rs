//! The network of one component, as one of its instances sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use airssys_wasm_policy::Gate;

use crate::capability::descriptors::Taken;
use crate::capability::host_memory::{NONE_LEFT, Room};

use super::config::NetworkServices;
use super::error::{NetworkError, Result};
use super::limits::NetworkLimits;

/// Descriptors that looking up one name takes: a question for each family, each over UDP and then over TCP.
const LOOKUP_DESCRIPTORS: u32 = 4;

/// The network as one instance of a component sees it. Clones share everything.
#[derive(Clone)]
pub struct Network {
    /// Who decides what this instance may do.
    pub(super) gate: Gate,
    pub(super) services: Arc<NetworkServices>,
    in_use: Arc<InUse>,
}

/// What all instances of one component use together.
#[derive(Default)]
struct InUse {
    sockets: AtomicU32,
    lookups: AtomicU32,
}

impl Network {
    /// The network behind a component's gate.
    pub fn new(gate: Gate, services: Arc<NetworkServices>) -> Self {
        Network { gate, services, in_use: Arc::default() }
    }

    /// The network of the same component for another of its instances: the same services, limits and counts of what is
    /// open, with the decisions of another gate.
    pub(crate) fn behind(&self, gate: Gate) -> Self {
        Network { gate, ..self.clone() }
    }

    /// How many sockets the component has open.
    #[cfg(test)]
    pub(super) fn open_sockets(&self) -> u32 {
        self.in_use.sockets.load(Ordering::Relaxed)
    }

    pub(super) fn limits(&self) -> &NetworkLimits {
        &self.services.limits
    }

    /// Room for data that waits for a peer.
    pub(super) fn room(&self, bytes: usize) -> Result<Room> {
        self.services.memory.room_now(bytes as u64).ok_or_else(|| NetworkError::Io(NONE_LEFT.to_owned()))
    }

    /// Counts one open socket more.
    pub(super) fn take_slot(&self) -> Result<Slot> {
        let limit = self.limits().max_sockets;
        let descriptor = self.services.descriptors.take(1).ok_or(NetworkError::TooManySockets)?;
        take(&self.in_use.sockets, limit).ok_or(NetworkError::TooManySockets)?;
        Ok(Slot(Arc::clone(&self.in_use), descriptor))
    }

    /// Counts one name more that is being looked up.
    pub(super) fn take_lookup(&self) -> Result<LookupSlot> {
        let too_many = |of: &str| NetworkError::TemporaryResolverFailure(format!("too many names are looked up {of}"));
        let limit = self.limits().max_lookups;
        let descriptors = self.services.descriptors.take(LOOKUP_DESCRIPTORS).ok_or_else(|| too_many("by all"))?;
        take(&self.in_use.lookups, limit).ok_or_else(|| too_many("at once"))?;
        Ok(LookupSlot(Arc::clone(&self.in_use), descriptors))
    }
}

/// Adds one to a count that is below its limit.
fn take(count: &AtomicU32, limit: u32) -> Option<u32> {
    count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |now| (now < limit).then_some(now + 1)).ok()
}

/// One of the sockets that may be open at once. It goes with the socket.
pub(super) struct Slot(Arc<InUse>, #[allow(dead_code, reason = "held for what its end does")] Taken);

/// One of the names that may be looked up at once.
pub(super) struct LookupSlot(Arc<InUse>, #[allow(dead_code, reason = "held for what its end does")] Taken);

impl Drop for LookupSlot {
    fn drop(&mut self) {
        self.0.lookups.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.sockets.fetch_sub(1, Ordering::Relaxed);
    }
}
