//! Ids of calls and requests: unique on this host, opaque to guests.

use std::cell::Cell;
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Keeps the ids of two processes apart.
static PREFIX: LazyLock<String> = LazyLock::new(|| format!("{:016x}-", rand::random::<u64>()));
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Numbers that a thread takes at a time, so that threads seldom wait for each other.
const TAKEN_AT_A_TIME: u64 = 1024;

thread_local! {
    static TAKEN: Cell<Range<u64>> = const { Cell::new(0..0) };
}

/// A fresh one.
pub(crate) fn fresh() -> String {
    let mut id = String::new();
    write(&mut id);
    id
}

/// Adds a fresh one to a text.
pub(crate) fn write(text: &mut String) {
    let number = TAKEN.with(|taken| {
        let mut numbers = taken.take();
        let number = numbers.next().unwrap_or_else(|| {
            let first = NEXT.fetch_add(TAKEN_AT_A_TIME, Ordering::Relaxed);
            numbers = first + 1..first + TAKEN_AT_A_TIME;
            first
        });
        taken.set(numbers);
        number
    });
    text.push_str(&PREFIX);
    text.push_str(itoa::Buffer::new().format(number));
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_are_the_same_whoever_takes_them() {
        let each = 3 * TAKEN_AT_A_TIME;
        let threads: Vec<_> =
            (0..4).map(|_| std::thread::spawn(move || (0..each).map(|_| fresh()).collect::<Vec<_>>())).collect();
        let ids: HashSet<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        assert_eq!(ids.len() as u64, 4 * each);
    }
}
