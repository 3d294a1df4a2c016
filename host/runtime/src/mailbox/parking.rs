//! Free replicas parked at a place per thread, so that a call without contention skips the mailbox lock.
//!
//! Each place is closed at first. While nothing waits in the queue, a caller that returns its replica opens the place of its
//! thread and parks the replica there, and the next call of the same thread takes it. A task that enqueues work closes all
//! places first and moves their replicas back to the queue. Opening and closing happen under the mailbox lock, so no place is
//! open while work waits. Taking a replica from an open place, and parking one there, need only the lock of that place.

use super::sync::{Mutex, MutexGuard, PoisonError, thread_number};

/// Maximum number of places: [`Open`] has a bit for each.
pub(super) const MAX_PLACES: usize = 64;

/// See the [module](self).
pub(super) struct Parking<R> {
    places: Box<[Place<R>]>,
}

/// The set of open places, one bit per place. Guarded by the mailbox lock.
#[derive(Debug, Default)]
pub(super) struct Open(u64);

/// The place of one thread, or of a few threads. Aligned to cache lines of its own, against false sharing.
#[repr(align(128))]
struct Place<R>(Mutex<Content<R>>);

enum Content<R> {
    Closed,
    Empty,
    Parked(usize, R),
}

impl<R> Place<R> {
    fn content(&self) -> MutexGuard<'_, Content<R>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R> Parking<R> {
    pub(super) fn new(places: usize) -> Self {
        let places = (0..places.clamp(1, MAX_PLACES)).map(|_| Place(Mutex::new(Content::Closed)));
        Self { places: places.collect() }
    }

    /// Index of the current thread's place.
    fn own(&self) -> usize {
        thread_number() % self.places.len()
    }

    /// Takes the replica parked at the current thread's place.
    pub(super) fn take(&self) -> Option<(usize, R)> {
        let mut content = self.places[self.own()].content();
        match std::mem::replace(&mut *content, Content::Empty) {
            Content::Parked(index, replica) => Some((index, replica)),
            other => {
                *content = other;
                None
            }
        }
    }

    /// Parks a replica at the current thread's place, if that place is open and empty.
    pub(super) fn leave(&self, index: usize, replica: R) -> Result<(), R> {
        let mut content = self.places[self.own()].content();
        match *content {
            Content::Empty => {
                *content = Content::Parked(index, replica);
                Ok(())
            }
            _ => Err(replica),
        }
    }

    /// Opens the current thread's place and parks a replica there, if none is parked yet. The caller holds the mailbox lock,
    /// and nothing waits.
    pub(super) fn open(&self, open: &mut Open, index: usize, replica: R) -> Result<(), R> {
        let own = self.own();
        let mut content = self.places[own].content();
        if let Content::Parked(..) = *content {
            return Err(replica);
        }
        *content = Content::Parked(index, replica);
        open.0 |= 1 << own;
        Ok(())
    }

    /// Closes all places and returns the parked replicas. The caller holds the mailbox lock.
    pub(super) fn close(&self, open: &mut Open) -> impl Iterator<Item = (usize, R)> {
        let mut left = std::mem::take(open).0;
        std::iter::from_fn(move || {
            let lowest = left.trailing_zeros();
            left &= left.checked_sub(1)?;
            Some(std::mem::replace(&mut *self.places[lowest as usize].content(), Content::Closed))
        })
        .filter_map(|content| match content {
            Content::Parked(index, replica) => Some((index, replica)),
            Content::Closed | Content::Empty => None,
        })
    }
}
