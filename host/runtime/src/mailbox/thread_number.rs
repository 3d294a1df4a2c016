//! Which thread this is.

use std::sync::atomic::{AtomicUsize, Ordering};

static NEXT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
}

/// A number for the running thread. The first threads that ask have the lowest ones.
pub(super) fn thread_number() -> usize {
    NUMBER.with(|number| *number)
}
