//! Memory of the host that components make it use besides their own: files that wait to be compiled, messages that wait,
//! data on its way between a guest and a file, a peer or a program. One total holds for all components of a runtime, and
//! each part is taken out of it before there is anything to keep.
//!
//! What ends by itself waits for its turn: reading and writing files, loading components. What waits for somebody else,
//! who may be waiting for memory too, is refused instead: messages, sockets, programs.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::contract::MAX_COMPONENT_BYTES;

/// What the host keeps for all components together besides their linear memory, unless the embedder says otherwise: 1 GiB.
pub const DEFAULT_MAX_HOST_MEMORY_BYTES: u64 = 1 << 30;

/// What is counted in: small enough for messages, and large enough that a semaphore can count any memory there is.
const UNIT_BYTES: u64 = 256;
/// Why something was refused that could have waited for ever.
pub(crate) const NONE_LEFT: &str = "the host has no memory left for what all its components send and receive: max-host-memory-bytes of its configuration";

/// The memory that all components of a runtime share. Clones count together.
#[derive(Debug, Clone)]
pub(crate) struct HostMemory {
    free: Arc<Semaphore>,
    units: u32,
}

/// A part of the memory, until this is dropped.
#[derive(Debug)]
pub(crate) struct Room(#[allow(dead_code, reason = "held for what its end does")] OwnedSemaphorePermit);

impl HostMemory {
    /// So many bytes, and no fewer than it takes to load the largest component.
    pub(crate) fn at_most(bytes: u64) -> Self {
        let units = units(bytes.max(MAX_COMPONENT_BYTES + 1));
        Self { free: Arc::new(Semaphore::new(units as usize)), units }
    }

    /// Room for so many bytes, as soon as there is. What is larger than everything gets everything.
    ///
    /// Only for what ends without waiting for another component.
    pub(crate) async fn room(&self, bytes: u64) -> Room {
        let units = units(bytes).min(self.units);
        Room(Arc::clone(&self.free).acquire_many_owned(units).await.expect("nobody closes it"))
    }

    /// Room for so many bytes, if there is any now.
    pub(crate) fn room_now(&self, bytes: u64) -> Option<Room> {
        Arc::clone(&self.free).try_acquire_many_owned(units(bytes)).ok().map(Room)
    }

    /// How many bytes are taken.
    pub(crate) fn taken_bytes(&self) -> u64 {
        (u64::from(self.units) - self.free.available_permits() as u64) * UNIT_BYTES
    }
}

impl Room {
    /// Adds another part, which is given back together with this one.
    pub(crate) fn add(&mut self, other: Self) {
        self.0.merge(other.0);
    }
}

fn units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT_BYTES)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: u64 = MAX_COMPONENT_BYTES + 1;

    #[test]
    fn what_is_taken_counts_together_and_comes_back() {
        let memory = HostMemory::at_most(0);
        let half = memory.clone().room_now(ALL / 2).unwrap();
        assert!(memory.room_now(ALL).is_none());
        let mut most = memory.room_now(1).unwrap();
        assert_eq!(memory.taken_bytes(), units(ALL / 2) as u64 * UNIT_BYTES + UNIT_BYTES);
        most.add(half);
        drop(most);
        assert_eq!(memory.taken_bytes(), 0);
        assert!(memory.room_now(ALL).is_some());
    }

    #[tokio::test]
    async fn who_can_wait_gets_room_when_others_give_it_back() {
        let memory = HostMemory::at_most(0);
        let all = memory.room(u64::MAX).await;
        assert!(memory.room_now(1).is_none());
        let mut waiting = std::pin::pin!(memory.room(ALL));
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("there is no room"),
            () = std::future::ready(()) => {}
        }
        drop(all);
        tokio::select! {
            biased;
            _ = &mut waiting => {}
            () = std::future::ready(()) => panic!("there is room"),
        }
    }
}
