//! One running instance: its store, and the calls that can be made into it.

pub(crate) mod arguments;
pub(crate) mod limits;
pub(crate) mod queue;
pub(crate) mod recycle;
pub(crate) mod task;

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::{self, InstancePre, ResourceAny, ResourceTable, ResourceTableError};
use wasmtime::{Engine, PoolConcurrencyLimitError, Store, Trap, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::bindings::{Full, types};
use crate::cache::Compiled;
use crate::capability::wasi::{Buffers, Output, Sockets};
use crate::config::DEFAULT_MEMORY_BYTES;
use crate::core::{Core, Counters};
use crate::engine::{MAX_WASM_STACK_BYTES, Ticker};
use crate::error::{CallerError, Error, GuestError, GuestFailure, GuestTrap, HostFault, Limit, LimitExceeded, Result};
use crate::instance::limits::{Budget, MemoryLimiter};
use crate::metadata::wit_id;
use crate::names::Bounded;

/// Data copied from the guest to the host in one call. A list of a million bytes that is called by name takes 40 MiB,
/// because every element is a value of its own there.
const MAX_COPY_BYTES: usize = 128 << 20;
/// Memory that one instruction may fill or copy while the guest keeps its thread: nothing interrupts it, and for so much it
/// takes some 50 ms where every page is touched for the first time.
const MAX_QUICK_MEMORY_BYTES: u64 = DEFAULT_MEMORY_BYTES;
/// Text of an error that a guest gives: what a person reads, and no way to fill the host's memory.
const MAX_ERROR_BYTES: usize = 1 << 20;
/// Handles of the component model in one instance, open files and WASI's streams together.
const MAX_HANDLES: usize = 4096;
/// What the engine says when [`MAX_COPY_BYTES`] are used up.
const TOO_MUCH_COPIED: &str =
    "too much data is being copied between the host and the guest: fuel allocated for hostcalls has been exhausted";
/// What the engine says when there are [`MAX_HANDLES`].
const TOO_MANY_HANDLES: &str = "cannot allocate another handle: store handle limit exceeded";
/// Epochs from the start of a call until the guest yields for the first time. The first may end at once, as the ticker
/// has no regard for calls; with the second a call has at least one whole tick to itself, which is all that most need.
pub(crate) const EPOCHS_BEFORE_YIELD: u64 = 2;
/// Epochs between two looks at whether a guest's time is over.
const EPOCHS_BETWEEN_YIELDS: u64 = 1;

/// What instances of one component are made from.
pub(crate) struct Template {
    pub(crate) core: Arc<Core>,
    pub(crate) engine: Engine,
    pub(crate) ticker: Ticker,
    pub(crate) shutdown_grace: Duration,
    pub(crate) compiled: Compiled,
    pub(crate) pre: InstancePre<State>,
    /// The text of Component.toml.
    pub(crate) manifest: Arc<str>,
}

/// What host functions work on.
pub(crate) struct State {
    pub(crate) core: Arc<Core>,
    pub(crate) memory: MemoryLimiter,
    pub(crate) table: ResourceTable,
    pub(crate) wasi: WasiCtx,
    pub(crate) sockets: Sockets,
    pub(crate) output: Output,
    pub(crate) buffers: Buffers,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// A running instance. After a trap or an interruption it is dropped, never called again.
pub(crate) struct Instance {
    pub(crate) store: Store<State>,
    pub(crate) bindings: Full,
    pub(crate) raw: component::Instance,
    pub(crate) initialised: bool,
    /// Resources in the embedder's hands.
    pub(crate) lent: Vec<ResourceAny>,
    pub(crate) recycling: recycle::Watermark,
}

/// Calls one function of the lifecycle: `call_lifecycle!(template, instance, budget, "name", call_name(arguments…))`.
macro_rules! call_lifecycle {
    ($template:expr, $instance:expr, $budget:expr, $operation:expr, $function:ident ( $($argument:expr),* )) => {{
        let lifecycle = $instance.bindings.airssys_core_component_lifecycle();
        $template
            .enter(&mut $instance.store, $budget, $operation, async |store: &mut wasmtime::Store<$crate::instance::State>| {
                lifecycle.$function(store, $($argument),*).await
            })
            .await
    }};
}
pub(crate) use call_lifecycle;

impl Template {
    /// Makes an instance; no function of the lifecycle is called yet.
    pub(crate) async fn instantiate(&self) -> Result<Instance> {
        let core = &self.core;
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_HANDLES);
        let output = Output::new(core);
        let state = State {
            core: Arc::clone(core),
            memory: MemoryLimiter::new(core.limits.memory_bytes),
            table,
            wasi: crate::capability::wasi::context(&core.id, &output),
            sockets: Sockets::default(),
            output,
            buffers: Buffers::new(core.memory.clone()),
        };
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(MAX_COPY_BYTES);
        store.set_max_component_handles(MAX_HANDLES);
        store.epoch_deadline_callback(|_| Ok(let_others_run()));

        let made = self.run(&mut store, core.budget(), "instantiation", async |store| {
            let raw = self.pre.instantiate_async(&mut *store).await?;
            let bindings = Full::new(&mut *store, &raw)?;
            Ok((raw, bindings))
        });
        let (raw, bindings) = made.await?;
        Counters::add(&core.counters.instances);
        Ok(Instance {
            store,
            bindings,
            raw,
            initialised: false,
            lent: Vec::new(),
            recycling: recycle::Watermark::new(core.limits.memory_bytes),
        })
    }

    /// Calls something of the guest. All calls come this way, whoever makes them and whatever they are of: each forgets
    /// what the one before recorded, is counted, and is interrupted when its time is over.
    pub(crate) async fn enter<T>(
        &self,
        store: &mut Store<State>,
        budget: Budget,
        operation: &str,
        call: impl AsyncFnOnce(&mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T> {
        let result = self.run(store, budget, operation, call).await;
        Counters::add(&self.core.counters.calls);
        result
    }

    /// Runs the guest, for a call or to make its instance.
    async fn run<T>(
        &self,
        store: &mut Store<State>,
        budget: Budget,
        operation: &str,
        guest: impl AsyncFnOnce(&mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T> {
        store.set_epoch_deadline(EPOCHS_BEFORE_YIELD);
        self.core.call_begins();
        let running = self.ticker.run();
        let outcome = budget.run(guest(store)).await;
        drop(running);
        settle(&self.core, store, operation, outcome).await
    }

    /// A fresh instance after `init`.
    pub(crate) async fn start(&self) -> Result<Instance> {
        let mut instance = self.instantiate().await?;
        self.init(&mut instance).await?;
        Ok(instance)
    }

    /// Calls `init`. After an error the instance must go.
    pub(crate) async fn init(&self, instance: &mut Instance) -> Result<()> {
        let config = component_config(&self.core);
        call_lifecycle!(self, instance, self.core.budget(), "init", call_init(&config))?
            .map_err(|error| self.guest_error("init", GuestFailure::Component(error.into())))?;
        instance.initialised = true;
        instance.recycling.begins_with(instance.store.data().memory.used_bytes());
        Ok(())
    }

    /// Calls `shutdown` on an instance that leaves, and drops it.
    pub(crate) async fn shut_down(&self, mut instance: Instance) -> Result<()> {
        if !instance.initialised {
            return Ok(());
        }
        let budget = Budget { wall: self.shutdown_grace, ..self.core.budget() };
        let outcome = call_lifecycle!(self, instance, budget, "shutdown", call_shutdown());
        drop(instance);
        self.core.processes.all_gone().await;
        outcome?.map_err(|error| self.guest_error("shutdown", GuestFailure::Component(error.into())))
    }

    pub(crate) fn guest_error(&self, operation: &str, mut failure: GuestFailure) -> Error {
        let text = failure.text_mut();
        text.truncate(text.floor_char_boundary(MAX_ERROR_BYTES));
        let (component, operation) = (self.core.id.clone(), operation.to_owned());
        let refusals = self.core.refusals.take();
        Box::new(GuestError { component, operation, failure, refusals }).into()
    }
}

/// A guest whose slice of time is over. It goes on when everybody else has had a turn and timers and sockets were looked
/// at, which Tokio does for those who yield to it. Who only wakes itself goes on at once: Tokio takes what other threads
/// have queued, and looks at its timers, after so many such turns that they take half a second.
fn let_others_run() -> UpdateDeadline {
    UpdateDeadline::YieldCustom(EPOCHS_BETWEEN_YIELDS, Box::pin(tokio::task::yield_now()))
}

/// What came of a call: its result, or whose fault it is that there is none. After an error the store must go.
async fn settle<T>(
    core: &Core,
    store: &mut Store<State>,
    operation: &str,
    outcome: Result<wasmtime::Result<T>, Limit>,
) -> Result<T> {
    core.refusals.pass_on_folded();
    let memory = &mut store.data_mut().memory;
    let refused = memory.take_refused();
    core.counters.saw_memory(memory.used_bytes(), memory.peak_bytes());
    let exceeded = |limit, trap| {
        Counters::add(&core.counters.limits_exceeded);
        let (component, operation) = (core.id.clone(), operation.to_owned());
        Error::from(Box::new(LimitExceeded { component, language: core.language, operation, limit, trap }))
    };
    let error = match outcome {
        Ok(Ok(value)) => {
            // What the guest wrote in this call is in the log when the call is over.
            store.data().output.end_lines();
            return Ok(value);
        }
        Err(limit) => return Err(exceeded(limit, None)),
        Ok(Err(error)) => error,
    };
    let error = match error.downcast::<HostFault>() {
        Ok(fault) => return Err(fault.into()),
        Err(error) => error,
    };
    if error.is::<PoolConcurrencyLimitError>() {
        return Err(CallerError::TooManyInstances(core.id.clone()).into());
    }
    // What the guest wrote without ending the line belongs to its last words.
    store.data().output.end_lines();
    // Guests answer a refused growth with an abort, each language in its own way: what counts is why.
    let limit = refused.or_else(|| reached(&error));
    let trap = died(core, operation, error).await?;
    if let Some(limit) = limit {
        return Err(exceeded(limit, Some(trap)));
    }
    Counters::add(&core.counters.traps);
    Err(trap.into())
}

/// All that can be said of a guest that died.
async fn died(core: &Core, operation: &str, error: wasmtime::Error) -> Result<Box<GuestTrap>> {
    let (mut words, refusals) = (core.last_words.take(), core.refusals.take());
    let (whose, language, operation) = ((core.id.clone(), core.content), core.language, operation.to_owned());
    let source_map = core.source_map.clone();
    // The names in it and the map are the guest's, and reading them takes longer than others have to wait for.
    let told = tokio::task::spawn_blocking(move || {
        if let (Some(map), Some(panic)) = (source_map, &mut words.panic) {
            map.resolve(&mut panic.stack);
        }
        Box::new(GuestTrap::new(whose, language, &operation, &error, words, refusals))
    });
    told.await.map_err(|error| HostFault::new("read the stack of a guest", error).into())
}

/// The limit that the engine enforced by itself, if it was one.
fn reached(error: &wasmtime::Error) -> Option<Limit> {
    if let Some(Trap::StackOverflow) = error.downcast_ref() {
        return Some(Limit::Stack(MAX_WASM_STACK_BYTES as u64));
    }
    if let Some(ResourceTableError::Full) = error.downcast_ref() {
        return Some(Limit::Handles(MAX_HANDLES as u64));
    }
    // The engine keeps the types of these errors to itself; its version is pinned, and tests cause each of them.
    match Bounded::of(error.root_cause(), TOO_MUCH_COPIED.len() + 1).as_str() {
        TOO_MUCH_COPIED => Some(Limit::CopiedBytes(MAX_COPY_BYTES as u64)),
        TOO_MANY_HANDLES => Some(Limit::Handles(MAX_HANDLES as u64)),
        _ => None,
    }
}

/// The configuration that `init` gets: as it was written, not as it was resolved.
fn component_config(core: &Core) -> types::ComponentConfig {
    types::ComponentConfig {
        id: wit_id(&core.id),
        environment: core.environment.clone(),
        data: core.data.clone(),
        limits: types::ResourceLimits {
            max_memory_bytes: core.declared_limits.max_memory_bytes,
            max_cpu_time_ms: core.declared_limits.max_cpu_time_ms,
            max_execution_time_ms: core.declared_limits.max_execution_time_ms,
        },
    }
}

impl Core {
    /// The time of an ordinary call.
    pub(crate) fn budget(&self) -> Budget {
        Budget {
            wall: Duration::from_millis(self.limits.execution_time_ms),
            cpu: self.limits.cpu_time_ms.map(Duration::from_millis),
            slow_instructions: self.limits.memory_bytes > MAX_QUICK_MEMORY_BYTES,
        }
    }
}
