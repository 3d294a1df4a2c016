//! Making instances of one component.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::InstancePre;
use wasmtime::{Engine, Store, UpdateDeadline};

use super::entrance::{Entrance, MAX_COPY_BYTES};
use super::running::Instance;
use super::subject::Subject;
use super::watermark::Watermark;
use crate::bindings::{FullIndices, types};
use crate::error::Result;
use crate::host_interfaces::HostInterfaces;
use crate::host_state::{Capabilities, HostState, MAX_HANDLES};
use crate::stats::Counters;

/// Epochs between two looks at whether a guest's time is over.
const EPOCHS_BETWEEN_YIELDS: u64 = 1;

/// What all instances of one component are made from.
pub(crate) struct Factory {
    pub(crate) subject: Arc<Subject>,
    /// What `init` gets.
    pub(crate) config: types::ComponentConfig,
    pub(crate) shutdown_grace: Duration,
    pub(crate) engine: Engine,
    pub(crate) pre: InstancePre<HostState>,
    pub(crate) indices: FullIndices,
    pub(crate) interfaces: HostInterfaces,
}

impl Factory {
    /// Makes an instance; no function of the lifecycle is called yet.
    pub(crate) async fn instantiate(&self, capabilities: &Capabilities, entrance: &Entrance) -> Result<Instance> {
        let limit = self.subject.limits.memory_bytes;
        let mut state = HostState::new(&self.subject.id, capabilities, &entrance.observations, limit);
        state.interfaces = self.interfaces.start(capabilities, &entrance.observations);
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(MAX_COPY_BYTES);
        store.set_max_component_handles(MAX_HANDLES);
        store.epoch_deadline_callback(|_| Ok(let_others_run()));

        let made = entrance.make(&mut store, async |store| {
            let raw = self.pre.instantiate_async(&mut *store).await?;
            let bindings = self.indices.load(&mut *store, &raw)?;
            Ok((raw, bindings))
        });
        let (raw, bindings) = made.await?;
        Counters::add(&entrance.counters.instances);
        let recycling = Watermark::new(limit);
        Ok(Instance { store, bindings, raw, initialized: false, lent: Vec::new(), recycling })
    }
}

/// A guest whose slice of time is over. It goes on when everybody else has had a turn and timers and sockets were looked
/// at, which Tokio does for those who yield to it. Who only wakes itself goes on at once: Tokio takes what other threads
/// have queued, and looks at its timers, after so many such turns that they take half a second.
fn let_others_run() -> UpdateDeadline {
    UpdateDeadline::YieldCustom(EPOCHS_BETWEEN_YIELDS, Box::pin(tokio::task::yield_now()))
}
