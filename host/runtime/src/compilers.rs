//! Whose turn it is to compile.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::load_error::LoadError;
use crate::runtime_config::DEFAULT_MAX_INSTANCES;

/// Components that wait to be compiled. Each holds its file in memory meanwhile. As many as a runtime can run by default
/// may be loaded at once, all of them for the first time.
const MAX_WAITING_COMPILATIONS: usize = DEFAULT_MAX_INSTANCES as usize;

/// Who may compile. Compiling takes all processors for seconds and cannot be interrupted, so all runtimes of the process
/// share this.
pub(crate) struct Compilers {
    slots: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
}

impl Compilers {
    pub(crate) fn of_this_machine() -> Arc<Self> {
        static SHARED: OnceLock<Arc<Compilers>> = OnceLock::new();
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        Arc::clone(SHARED.get_or_init(|| Arc::new(Self::new(processors(), MAX_WAITING_COMPILATIONS))))
    }

    pub(crate) fn new(slots: usize, most_waiting: usize) -> Self {
        Self { slots: Arc::new(Semaphore::new(slots)), waiting: AtomicUsize::new(0), most_waiting }
    }

    /// Waits for its turn. Who stops waiting gives up the place.
    pub(crate) async fn slot(&self) -> Result<OwnedSemaphorePermit, LoadError> {
        struct Place<'a>(&'a AtomicUsize);
        impl Drop for Place<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::AcqRel);
            }
        }
        let one_more = |waiting| (waiting < self.most_waiting).then_some(waiting + 1);
        let place = match self.waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more) {
            Ok(_) => Place(&self.waiting),
            Err(waiting) => return Err(LoadError::TooManyCompilations { waiting }),
        };
        let slot = Arc::clone(&self.slots).acquire_owned().await;
        drop(place);
        slot.map_err(|closed| LoadError::invalid(wasmtime::Error::new(closed)))
    }

    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    #[cfg(test)]
    pub(crate) fn free(&self) -> usize {
        self.slots.available_permits()
    }
}
