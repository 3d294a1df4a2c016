//! How many connections a pool has open, and how many callers wait for one.

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use crate::locked::locked;

/// Which connections can stand for each other: those to the same host and port.
pub(super) type Key = (String, u16);

/// The places of one pool.
#[derive(Default)]
pub(super) struct Places {
    counts: Mutex<Counts>,
    /// Told whenever a connection was released or closed.
    pub(super) freed: Notify,
}

/// What is counted of one pool.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) open: u32,
    pub(super) waiting: u32,
}

/// The place of one open connection in its pool. It goes with the connection.
pub(super) struct Membership {
    places: Arc<Places>,
    pub(super) key: Key,
}

impl Membership {
    /// Whether it is a place in this pool.
    pub(super) fn is_in(&self, places: &Arc<Places>) -> bool {
        Arc::ptr_eq(&self.places, places)
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        locked(&self.places.counts).open -= 1;
        self.places.freed.notify_waiters();
    }
}

/// One of the acquisitions that wait.
pub(super) struct Waiting<'a>(&'a Places);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        locked(&self.0.counts).waiting -= 1;
    }
}

impl Places {
    /// Takes a place, if fewer than `max` are taken.
    pub(super) fn take(self: &Arc<Self>, key: &Key, max: u32) -> Option<Membership> {
        let mut counts = locked(&self.counts);
        if counts.open >= max {
            return None;
        }
        counts.open += 1;
        Some(Membership { places: Arc::clone(self), key: key.clone() })
    }

    /// Counts one acquisition that waits.
    pub(super) fn wait(&self) -> Waiting<'_> {
        locked(&self.counts).waiting += 1;
        Waiting(self)
    }

    pub(super) fn counts(&self) -> Counts {
        *locked(&self.counts)
    }
}
