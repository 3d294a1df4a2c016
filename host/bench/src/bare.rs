//! The base of the ratios: the same component called through the engine's typed API alone, with nothing around it.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, ResourceTable, Val};
use wasmtime::{Config, Engine, ResourceLimiter, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use self::contract::airssys::core::types::{Caller, ComponentConfig, ComponentId, ExecutionContext, ResourceLimits};

mod contract {
    wasmtime::component::bindgen!({ path: "../../wit", world: "airssys:worlds/minimal" });
}

/// Stack of a guest's WebAssembly code: as much as the host gives.
const MAX_WASM_STACK_BYTES: usize = 1 << 20;

/// Linear memory at which an instance is replaced between two batches: a guest that never frees would fill the machine.
const MOST_MEMORY_BYTES: usize = 512 << 20;

/// An instance without a host.
pub struct Bare {
    pre: contract::MinimalPre<State>,
    store: Store<State>,
    guest: contract::Minimal,
    context: ExecutionContext,
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

impl Bare {
    /// Compiles, instantiates and initialises.
    ///
    /// # Errors
    /// Fails as the engine and the guest do.
    pub fn new(file: &Path) -> Result<Self> {
        let mut config = Config::new();
        config.concurrency_support(false).max_wasm_stack(MAX_WASM_STACK_BYTES);
        let engine = Engine::new(&config)?;
        let component = Component::from_file(&engine, file)?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        link_contract(&mut linker, &engine, &component)?;
        let pre = contract::MinimalPre::new(linker.instantiate_pre(&component)?)?;
        let (store, guest) = start(&pre)?;
        let context = ExecutionContext {
            request_id: "0123456789abcdef-1".into(),
            caller: Caller::Host,
            deadline: None,
            trace_parent: None,
        };
        Ok(Self { pre, store, guest, context })
    }

    /// Calls one after the other, and says how long they took together.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls(&mut self, payload: &[u8], calls: usize) -> Result<Duration> {
        if self.store.data().memory.used > MOST_MEMORY_BYTES {
            (self.store, self.guest) = start(&self.pre)?;
        }
        let lifecycle = self.guest.airssys_core_component_lifecycle();
        let started = Instant::now();
        for _ in 0..calls {
            let output = lifecycle.call_execute(&mut self.store, "echo", payload, &self.context)?;
            if output.context("the guest does not echo")?.len() != payload.len() {
                bail!("the guest gives back another number of bytes than it was given");
            }
        }
        Ok(started.elapsed())
    }
}

/// An instance after `init`.
fn start(pre: &contract::MinimalPre<State>) -> Result<(Store<State>, contract::Minimal)> {
    let state = State { wasi: WasiCtx::builder().build(), table: ResourceTable::new(), memory: Memory::default() };
    let mut store = Store::new(pre.engine(), state);
    store.limiter(|state| &mut state.memory);
    let guest = pre.instantiate(&mut store)?;
    let config = ComponentConfig {
        id: ComponentId { namespace: "airssys".into(), name: "bare".into(), version: "1.0.0".into() },
        environment: Vec::new(),
        data: None,
        limits: ResourceLimits { max_memory_bytes: None, max_cpu_time_ms: None, max_execution_time_ms: None },
    };
    let lifecycle = guest.airssys_core_component_lifecycle();
    lifecycle.call_init(&mut store, &config)?.context("the guest does not start")?;
    Ok((store, guest))
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
