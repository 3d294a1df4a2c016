//! The data of one instance's store: what host functions work on.

use std::any::{Any, TypeId};
use std::sync::Arc;

use airssys_wasm_policy::{ComponentId, Gate};
use tokio::sync::Semaphore;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::capability::filesystem::Filesystem;
use crate::capability::host_memory::HostMemory;
use crate::capability::host_services::log::Log;
use crate::capability::host_services::messaging::Messaging;
use crate::capability::host_services::recent_output::RecentOutput;
use crate::capability::network::Network;
use crate::capability::process::Processes;
use crate::capability::wasi::{Buffers, Output, Sockets, context};
use crate::clock::Clock;
use crate::memory_limiter::MemoryLimiter;

/// Handles of the component model in one instance, open files and WASI's streams together.
pub(crate) const MAX_HANDLES: usize = 4096;

/// The data of one instance's store. An interface of the embedder's own finds its state in it.
pub struct HostState {
    pub(crate) capabilities: Capabilities,
    pub(crate) observations: Observations,
    pub(crate) memory: MemoryLimiter,
    pub(crate) table: ResourceTable,
    pub(crate) wasi: WasiCtx,
    pub(crate) sockets: Sockets,
    pub(crate) output: Output,
    pub(crate) buffers: Buffers,
    /// The states of the embedder's own interfaces.
    pub(crate) interfaces: Vec<(TypeId, Box<dyn Any + Send>)>,
}

/// What the host does for one replica.
#[derive(Clone)]
pub(crate) struct Capabilities {
    pub(crate) gate: Gate,
    pub(crate) filesystem: Filesystem,
    pub(crate) network: Network,
    pub(crate) processes: Processes,
    pub(crate) messaging: Messaging,
    pub(crate) clock: Arc<Clock>,
    /// The threads that its work may block.
    pub(crate) blocking: Arc<Semaphore>,
    /// What all components of the runtime share.
    pub(crate) memory: HostMemory,
}

/// What the guest says.
#[derive(Clone)]
pub(crate) struct Observations {
    pub(crate) log: Arc<Log>,
    pub(crate) recent_output: Arc<RecentOutput>,
}

impl HostState {
    /// The state of an instance that has not begun.
    pub(crate) fn new(
        id: &Arc<ComponentId>,
        capabilities: &Capabilities,
        observations: &Observations,
        max_memory_bytes: u64,
    ) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_HANDLES);
        let output = Output::new(&observations.log, &observations.recent_output);
        Self {
            capabilities: capabilities.clone(),
            observations: observations.clone(),
            memory: MemoryLimiter::new(max_memory_bytes),
            table,
            wasi: context(id, &output),
            sockets: Sockets::default(),
            output,
            buffers: Buffers::new(capabilities.memory.clone()),
            interfaces: Vec::new(),
        }
    }
}

impl WasiView for HostState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}
