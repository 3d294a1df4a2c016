//! The base of the ratios: the same component called through the engine's typed API alone, with nothing around it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use self::contract::airssys::core::types::{Caller, ComponentConfig, ComponentId, ExecutionContext, ResourceLimits};

mod contract {
    wasmtime::component::bindgen!({ path: "../../wit", world: "airssys:worlds/minimal" });
}

/// Stack of a guest's WebAssembly code: as much as the host gives.
const MAX_WASM_STACK_BYTES: usize = 1 << 20;

/// An instance without a host.
pub struct Bare {
    store: Store<State>,
    guest: contract::Minimal,
    context: ExecutionContext,
}

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
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
        let state = State { wasi: WasiCtx::builder().build(), table: ResourceTable::new() };
        let mut store = Store::new(&engine, state);
        let guest = contract::Minimal::instantiate(&mut store, &component, &linker)?;
        let config = ComponentConfig {
            id: ComponentId { namespace: "airssys".into(), name: "bare".into(), version: "1.0.0".into() },
            environment: Vec::new(),
            data: None,
            limits: ResourceLimits { max_memory_bytes: None, max_cpu_time_ms: None, max_execution_time_ms: None },
        };
        guest.airssys_core_component_lifecycle().call_init(&mut store, &config)?.context("the guest does not start")?;
        let context = ExecutionContext {
            request_id: "0123456789abcdef-1".into(),
            caller: Caller::Host,
            deadline: None,
            trace_parent: None,
        };
        Ok(Self { store, guest, context })
    }

    /// Calls one after the other, and says how long they took together.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls(&mut self, payload: &[u8], calls: usize) -> Result<Duration> {
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

/// Gives the component what it imports of the contract: functions that return nothing do nothing, all others fail. An
/// echo needs none of them.
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
                linked.func_new(function, move |_, _, _, results| {
                    if results.is_empty() { Ok(()) } else { Err(wasmtime::Error::msg(format!("{name} is not here"))) }
                })?;
            }
        }
    }
    Ok(())
}
