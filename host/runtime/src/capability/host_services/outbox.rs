//! The requests that one replica has sent, until their callbacks come.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use tokio::task::AbortHandle;

use crate::locked::locked;

/// Requests that a replica may have waiting for their callbacks.
pub(crate) const MAX_PENDING_REQUESTS: usize = 256;

/// Where the outcome of a request goes: the replica that sent it.
pub(crate) trait Callbacks: Send + Sync {
    /// Brings an outcome to the replica, in any case.
    fn call_back(&self, request: String, outcome: Result<Vec<u8>, String>);
}

/// See the module.
pub(crate) struct Outbox {
    requests: Mutex<Requests>,
    callbacks: Box<dyn Callbacks>,
}

#[derive(Default)]
struct Requests {
    /// Without an outcome so far: what waits for it.
    open: HashMap<String, AbortHandle>,
    /// With an outcome, whose callback has not been taken yet. They count too: a guest that sends and cancels without
    /// end would fill the inbox otherwise.
    ended: usize,
}

impl Outbox {
    pub(crate) fn new(callbacks: Box<dyn Callbacks>) -> Self {
        Self { requests: Mutex::default(), callbacks }
    }

    /// Whether another request may be sent. Only the one guest sends requests, so nothing comes in between.
    pub(crate) fn has_room(&self) -> bool {
        let requests = self.requests();
        requests.open.len() + requests.ended < MAX_PENDING_REQUESTS
    }

    /// Keeps a request until its outcome is known. `watch` starts what waits for it and ends in [`Outbox::finish`].
    pub(crate) fn keep(&self, id: String, watch: impl FnOnce() -> AbortHandle) {
        // The lock is held until the entry is there, so that an outcome that comes at once finds it.
        let mut requests = self.requests();
        requests.open.insert(id, watch());
    }

    /// Ends a request. Whoever takes the entry out delivers the one callback; everybody else comes too late.
    pub(crate) fn finish(&self, request: &str, outcome: Result<Vec<u8>, String>) -> bool {
        let watch = {
            let mut requests = self.requests();
            let Some(watch) = requests.open.remove(request) else {
                return false;
            };
            requests.ended += 1;
            watch
        };
        watch.abort();
        self.callbacks.call_back(request.to_owned(), outcome);
        true
    }

    /// A callback has been taken out of the inbox.
    pub(crate) fn took_callback(&self) {
        self.requests().ended -= 1;
    }

    /// Forgets all requests: the component is going, and nothing calls it any more.
    pub(crate) fn forget(&self) {
        for (_, watch) in self.requests().open.drain() {
            watch.abort();
        }
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        locked(&self.requests)
    }
}
