//! Work that takes its time: on a thread of its own, and only as long as somebody waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;

use crate::error::HostFault;

/// Whether the result of some work is still wanted. Work of a length that a stranger decides asks now and then.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted(Arc<AtomicBool>);

impl Wanted {
    /// Work whose result is wanted as long as the waiter lives.
    pub(crate) fn by_a_waiter() -> (Self, Waiter) {
        let wanted = Self::default();
        (wanted.clone(), Waiter(wanted))
    }

    pub(crate) fn still(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }
}

/// Tells the work when nobody waits any more.
pub(crate) struct Waiter(Wanted);

impl Drop for Waiter {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Does `work` where it keeps nothing else from running.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce(&Wanted) -> T + Send + 'static) -> T {
    let (wanted, _waiter) = Wanted::by_a_waiter();
    match tokio::task::spawn_blocking(move || work(&wanted)).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Work that has begun is not cancelled, and what has not only when Tokio's runtime ends, this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}

/// Does `work` in one of the places that somebody has for it. The place is free again when the work is done, also when
/// nobody waits for it any more.
///
/// # Errors
/// The work panicked while it did `action`.
pub(crate) async fn in_place<T: Send + 'static>(
    places: Arc<Semaphore>,
    action: impl Into<String>,
    work: impl FnOnce(&Wanted) -> T + Send + 'static,
) -> Result<T, HostFault> {
    let (wanted, _waiter) = Wanted::by_a_waiter();
    let place = places.acquire_owned().await.expect("nobody closes it");
    let placed = move || {
        let _place = place;
        work(&wanted)
    };
    tokio::task::spawn_blocking(placed).await.map_err(|error| HostFault::new(action, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_nobody_waits_for_hears_of_it() {
        assert!(blocking(Wanted::still).await);
        let (tell, told) = std::sync::mpsc::channel();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let work = tokio::spawn(blocking(move |wanted| {
            begun.send(()).unwrap();
            while wanted.still() {
                std::thread::yield_now();
            }
            tell.send(()).unwrap();
        }));
        begins.await.unwrap();
        work.abort();
        tokio::task::spawn_blocking(move || told.recv().unwrap()).await.unwrap();
    }
}
