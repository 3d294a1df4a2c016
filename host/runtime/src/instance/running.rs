//! A running instance.

use wasmtime::Store;
use wasmtime::component::{self, ResourceAny};

use super::budget::Budget;
use super::entrance::Entrance;
use super::operation::Operation;
use super::watermark::Watermark;
use crate::bindings::Full;
use crate::error::Result;
use crate::host_state::HostState;
use crate::stats::Counters;

/// A running instance. After a trap or an interruption it is dropped, never called again.
pub(crate) struct Instance {
    pub(crate) store: Store<HostState>,
    pub(crate) bindings: Full,
    pub(crate) raw: component::Instance,
    pub(crate) initialized: bool,
    /// Resources in the embedder's hands.
    pub(crate) lent: Vec<ResourceAny>,
    pub(crate) recycling: Watermark,
}

impl Instance {
    /// Calls something of the guest. All calls come this way.
    pub(crate) async fn enter<T>(
        &mut self,
        entrance: &Entrance,
        budget: Budget,
        operation: Operation<'_>,
        call: impl AsyncFnOnce(&mut Store<HostState>, &Full) -> wasmtime::Result<T>,
    ) -> Result<T> {
        let bindings = &self.bindings;
        let result = entrance.run(&mut self.store, budget, operation, async |store| call(store, bindings).await).await;
        Counters::add(&entrance.counters.calls);
        result
    }
}
