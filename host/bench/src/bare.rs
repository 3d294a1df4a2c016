//! The base of the ratios: the same component called through the engine's typed API alone, with nothing around it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Instance, InstancePre, Lift, Linker, Lower, ResourceTable, TypedFunc, Val};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, ResourceLimiter, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use self::contract::airssys::core::types::{
    Caller, ComponentConfig, ComponentError, ComponentId, ExecutionContext, ExecutionError, ResourceLimits,
};
use crate::host::Host;

mod contract {
    wasmtime::component::bindgen!({ path: "../../wit", world: "airssys:worlds/minimal" });
}

/// The interface that every component exports.
const LIFECYCLE: &str = "airssys:core/component-lifecycle@1.0.0";
/// Stack of a guest's WebAssembly code: as much as the host gives.
const MAX_WASM_STACK_BYTES: usize = 1 << 20;
/// Stack of guest and host together: as much as the host gives.
const ASYNC_STACK_BYTES: usize = 2 << 20;
/// Linear memory at which an instance is replaced between two batches: a guest that never frees would fill the machine.
const MOST_MEMORY_BYTES: usize = 512 << 20;

/// The operation, its input and the context. What is shared is lowered from where it is.
type Arguments = (&'static str, Arc<Vec<u8>>, Arc<ExecutionContext>);
type Execute = TypedFunc<Arguments, (Result<Vec<u8>, ExecutionError>,)>;
type Init = TypedFunc<(Arc<ComponentConfig>,), (Result<(), ComponentError>,)>;

/// How the engine runs a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// On the caller's stack, in memory of its own, and until it returns: as little as can be.
    Synchronous,
    /// With the settings of the host: on a stack of its own, in memory of a pool, interruptible, called from a task.
    Asynchronous,
}

/// An instance without a host.
pub struct Bare {
    mode: Mode,
    pre: InstancePre<State>,
    live: Option<Live>,
}

struct Live {
    store: Store<State>,
    execute: Execute,
    context: Arc<ExecutionContext>,
}

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
    memory: Memory,
}

/// Counts and allows all.
#[derive(Default)]
struct Memory {
    used: usize,
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.used += desired - current;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// Compiles the component and links it, for so many instances at a time.
fn linked(file: &Path, mode: Mode, instances: u32) -> Result<InstancePre<State>> {
    let engine = Engine::new(&settings(mode, instances))?;
    let component = Component::from_file(&engine, file)?;
    let mut linker = Linker::new(&engine);
    match mode {
        Mode::Synchronous => wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?,
        Mode::Asynchronous => wasmtime_wasi::p2::add_to_linker_async(&mut linker)?,
    }
    link_contract(&mut linker, &engine, &component)?;
    Ok(linker.instantiate_pre(&component)?)
}

impl Bare {
    /// Compiles the component.
    ///
    /// # Errors
    /// Fails as the engine does.
    pub fn new(file: &Path, mode: Mode) -> Result<Self> {
        Ok(Self { mode, pre: linked(file, mode, 1)?, live: None })
    }

    /// Calls one after the other, and says how long they took together. The first time, and when an instance has grown
    /// large, there is a new one, which takes none of that time.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls(&mut self, host: &Host, payload: &Arc<Vec<u8>>, calls: usize) -> Result<Duration> {
        let live = self.live.take().filter(|live| live.store.data().memory.used <= MOST_MEMORY_BYTES);
        let (pre, payload) = (self.pre.clone(), Arc::clone(payload));
        let (live, took) = match self.mode {
            Mode::Synchronous => {
                let mut live = live.map_or_else(|| start(&pre), Ok)?;
                let took = live.calls(&payload, calls)?;
                (live, took)
            }
            Mode::Asynchronous => host.in_a_task(async move {
                let mut live = match live {
                    Some(live) => live,
                    None => start_async(&pre).await?,
                };
                let took = live.calls_async(&payload, calls).await?;
                anyhow::Ok((live, took))
            })?,
        };
        self.live = Some(live);
        Ok(took)
    }
}

/// Several instances without a host, in one engine as those of a host are.
pub struct Several {
    pre: InstancePre<State>,
    instances: usize,
    live: Vec<Live>,
}

impl Several {
    /// Compiles the component.
    ///
    /// # Errors
    /// Fails as the engine does.
    pub fn new(file: &Path, instances: usize) -> Result<Self> {
        let pre = linked(file, Mode::Asynchronous, u32::try_from(instances)?)?;
        Ok(Self { pre, instances, live: Vec::new() })
    }

    /// Calls all of them at once, each from a task of its own, and says how long their calls took together.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls(&mut self, host: &Host, payload: &Arc<Vec<u8>>, calls: usize) -> Result<Duration> {
        let (pre, payload, instances) = (self.pre.clone(), Arc::clone(payload), self.instances);
        let mut live = std::mem::take(&mut self.live);
        live.retain(|live| live.store.data().memory.used <= MOST_MEMORY_BYTES);
        let (live, took) = host.in_a_task(async move {
            while live.len() < instances {
                live.push(start_async(&pre).await?);
            }
            let started = Instant::now();
            let mut callers = tokio::task::JoinSet::new();
            for (number, mut live) in live.into_iter().enumerate() {
                let (payload, share) = (Arc::clone(&payload), (calls + number) / instances);
                callers.spawn(async move { live.calls_async(&payload, share).await.map(|_| live) });
            }
            let live = callers.join_all().await.into_iter().collect::<Result<Vec<_>>>()?;
            anyhow::Ok((live, started.elapsed()))
        })?;
        self.live = live;
        Ok(took)
    }
}

impl Live {
    fn calls(&mut self, payload: &Arc<Vec<u8>>, calls: usize) -> Result<Duration> {
        let started = Instant::now();
        for _ in 0..calls {
            let arguments = ("echo", Arc::clone(payload), Arc::clone(&self.context));
            let (output,) = self.execute.call(&mut self.store, arguments)?;
            check(output, payload)?;
        }
        Ok(started.elapsed())
    }

    async fn calls_async(&mut self, payload: &Arc<Vec<u8>>, calls: usize) -> Result<Duration> {
        let started = Instant::now();
        for _ in 0..calls {
            let arguments = ("echo", Arc::clone(payload), Arc::clone(&self.context));
            let (output,) = self.execute.call_async(&mut self.store, arguments).await?;
            check(output, payload)?;
        }
        Ok(started.elapsed())
    }
}

fn check(output: Result<Vec<u8>, ExecutionError>, payload: &[u8]) -> Result<()> {
    if output.context("the guest does not echo")?.len() != payload.len() {
        bail!("the guest gives back another number of bytes than it was given");
    }
    Ok(())
}

fn settings(mode: Mode, instances: u32) -> Config {
    let mut config = Config::new();
    config.concurrency_support(false).max_wasm_stack(MAX_WASM_STACK_BYTES);
    if mode == Mode::Asynchronous {
        // One more for the time in which one is being replaced; room for each as the host has it.
        let instances = instances + 1;
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(instances)
            .total_core_instances(instances * 100)
            .total_memories(instances * 8)
            .total_tables(instances * 64)
            .total_stacks(instances)
            .max_core_instances_per_component(100)
            .max_memories_per_component(8)
            .max_tables_per_component(64)
            .max_tables_per_module(8)
            .max_component_instance_size(8 << 20)
            .max_core_instance_size(1 << 20)
            .table_elements(20_000)
            .max_memory_size(1 << 30);
        config
            .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
            .epoch_interruption(true)
            .async_stack_size(ASYNC_STACK_BYTES);
    }
    config
}

fn state() -> State {
    State { wasi: WasiCtx::builder().build(), table: ResourceTable::new(), memory: Memory::default() }
}

fn store(pre: &InstancePre<State>, mode: Mode) -> Store<State> {
    let mut store = Store::new(pre.engine(), state());
    store.limiter(|state| &mut state.memory);
    if mode == Mode::Asynchronous {
        // Nothing advances the epoch here: the guest looks at it, and goes on.
        store.set_epoch_deadline(1);
    }
    store
}

/// An instance after `init`.
fn start(pre: &InstancePre<State>) -> Result<Live> {
    let mut store = store(pre, Mode::Synchronous);
    let instance = pre.instantiate(&mut store)?;
    let init: Init = function(&instance, &mut store, "init")?;
    init.call(&mut store, (Arc::new(config()),))?.0.context("the guest does not start")?;
    let execute = function(&instance, &mut store, "execute")?;
    Ok(Live { store, execute, context: Arc::new(context()) })
}

/// The same.
async fn start_async(pre: &InstancePre<State>) -> Result<Live> {
    let mut store = store(pre, Mode::Asynchronous);
    let instance = pre.instantiate_async(&mut store).await?;
    let init: Init = function(&instance, &mut store, "init")?;
    init.call_async(&mut store, (Arc::new(config()),)).await?.0.context("the guest does not start")?;
    let execute = function(&instance, &mut store, "execute")?;
    Ok(Live { store, execute, context: Arc::new(context()) })
}

/// A function of the lifecycle.
fn function<P, R>(instance: &Instance, store: &mut Store<State>, name: &str) -> Result<TypedFunc<P, R>>
where
    P: wasmtime::component::ComponentNamedList + Lower,
    R: wasmtime::component::ComponentNamedList + Lift,
{
    let lifecycle = instance.get_export_index(&mut *store, None, LIFECYCLE).context("the guest has no lifecycle")?;
    let function = instance.get_export_index(&mut *store, Some(&lifecycle), name);
    Ok(instance.get_typed_func(&mut *store, function.with_context(|| format!("the guest has no {name}"))?)?)
}

fn config() -> ComponentConfig {
    ComponentConfig {
        id: ComponentId { namespace: "airssys".into(), name: "bare".into(), version: "1.0.0".into() },
        environment: Vec::new(),
        data: None,
        limits: ResourceLimits { max_memory_bytes: None, max_cpu_time_ms: None, max_execution_time_ms: None },
    }
}

fn context() -> ExecutionContext {
    ExecutionContext {
        request_id: "0123456789abcdef-1".into(),
        caller: Caller::Host,
        deadline: None,
        trace_parent: None,
    }
}

/// Gives the component what it imports of the contract: the clock, which Go's garbage collector reads; other functions
/// that return nothing do nothing, and all others fail. An echo needs none of them.
fn link_contract(linker: &mut Linker<State>, engine: &Engine, component: &Component) -> Result<()> {
    for (interface, import) in component.component_type().imports(engine) {
        let ComponentItem::ComponentInstance(instance) = import.ty else { continue };
        if !interface.starts_with("airssys:") {
            continue;
        }
        let mut linked = linker.instance(interface)?;
        for (function, export) in instance.exports(engine) {
            if matches!(export.ty, ComponentItem::ComponentFunc(_)) {
                let name = format!("{interface}.{function}");
                linked.func_new(function, move |_, _, _, results| match results {
                    [] => Ok(()),
                    [time] if name.ends_with(".current-time") => {
                        *time = now();
                        Ok(())
                    }
                    _ => Err(wasmtime::Error::msg(format!("{name} is not here"))),
                })?;
            }
        }
    }
    Ok(())
}

/// The contract's timestamp of this moment.
fn now() -> Val {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (seconds, nanoseconds) = (Val::U64(now.as_secs()), Val::U32(now.subsec_nanos()));
    Val::Record(vec![("seconds".to_owned(), seconds), ("nanoseconds".to_owned(), nanoseconds)])
}
