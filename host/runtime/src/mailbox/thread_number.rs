//! Numbers of threads.

use std::sync::atomic::{AtomicUsize, Ordering};

static NEXT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
}

/// Number of the current thread, counted from 0 in the order in which threads first call this function.
pub(super) fn thread_number() -> usize {
    NUMBER.with(|number| *number)
}
