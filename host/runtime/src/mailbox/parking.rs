//! Where callers leave replicas while nothing waits: a place for each thread, so that a call which meets nobody takes no
//! lock that another thread takes.
//!
//! The places are closed at first. Who gives a replica back while nothing waits opens the place of the own thread and
//! leaves the replica there, and the next call of the thread takes it. Whoever brings something that waits closes the
//! places before, and puts what was in them back into the queue. Both are done under the lock of the queue, so that no
//! place is open while something waits. Only taking from an open place and leaving there need no other lock than its own.

use super::sync::{Mutex, MutexGuard, PoisonError, thread_number};

/// Places at most: the open ones are the bits of a number.
pub(super) const MAX_PLACES: usize = 64;

/// See the [module](self).
pub(super) struct Parking<R> {
    places: Box<[Place<R>]>,
}

/// Places that are open, a bit each: kept under the lock of the queue.
#[derive(Debug, Default)]
pub(super) struct Open(u64);

/// The place of one thread, or of a few. In a line of the processor's cache for itself.
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

    /// The number of the thread's place.
    fn own(&self) -> usize {
        thread_number() % self.places.len()
    }

    /// The replica that was left at the thread's place.
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

    /// Leaves a replica at the thread's place, if that is open and empty.
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

    /// Opens the thread's place and leaves a replica there, if there is none yet. Under the lock of the queue, while nothing
    /// waits.
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

    /// Closes all places and gives what was in them. Under the lock of the queue.
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
