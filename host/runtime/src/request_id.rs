//! Ids of calls and requests: unique on this host, opaque to guests.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Keeps the ids of two processes apart.
static PREFIX: LazyLock<u64> = LazyLock::new(rand::random);
static NEXT: AtomicU64 = AtomicU64::new(1);

pub(crate) fn fresh() -> String {
    format!("{:016x}-{}", *PREFIX, NEXT.fetch_add(1, Ordering::Relaxed))
}
