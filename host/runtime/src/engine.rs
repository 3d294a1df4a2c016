//! The engine: what guests may be made of, how much room they get, and the clock that interrupts them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;
use std::time::Duration;

use wasmtime::{
    Config, Enabled, Engine, EngineWeak, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails,
};

use crate::error::HostFault;
use crate::runtime_config::{MAX_INSTANCES, RuntimeConfig};

/// How long a guest may compute before it yields to the executor: short enough that a spinning guest delays nobody
/// noticeably and a deadline is met within a tick, long enough to cost nothing.
const EPOCH_TICK: Duration = Duration::from_millis(10);

/// Core instances in one component: a Python component has 38.
const MAX_CORE_INSTANCES_PER_COMPONENT: u32 = 100;
/// Memories in one component: a QuickJS component has 3.
const MAX_MEMORIES_PER_COMPONENT: u32 = 8;
/// Tables in one component; the fused adapters of a large component bring several.
const MAX_TABLES_PER_COMPONENT: u32 = 64;
/// Tables in one core module: the one of its function pointers, and a few that its language has a use for.
const MAX_TABLES_PER_MODULE: u32 = 8;
/// Elements of one table: 7,702 is the largest seen, in a Python component.
pub(crate) const MAX_TABLE_ELEMENTS: usize = 20_000;
/// Bytes of the host's own structures for one component, all of its core instances together.
const MAX_COMPONENT_INSTANCE_BYTES: usize = 8 << 20;
/// Bytes of the host's own structures for one core instance: StarlingMonkey's has thousands of functions.
const MAX_CORE_INSTANCE_BYTES: usize = 1 << 20;
/// Memory of a finished instance that stays mapped for the next one. With PAGEMAP_SCAN only the dirty part of it is
/// cleared, which more than halves the time to the next StarlingMonkey instance; without it, keeping costs more than it saves.
const KEEP_RESIDENT_BYTES: usize = 16 << 20;
/// Stack of a guest's WebAssembly code. Python's interpreter recurses deeply.
pub(crate) const MAX_WASM_STACK_BYTES: usize = 1 << 20;
/// Stack on which guest and host functions run: the guest's and as much again for the host.
const ASYNC_STACK_BYTES: usize = 2 << 20;
/// Frames kept of a trap's backtrace.
const MAX_BACKTRACE_FRAMES: usize = 32;

/// Memories and tables that an average component needs: a few have many, most have one. The pool is shared.
const AVERAGE_MEMORIES: u32 = 3;
/// As [`AVERAGE_MEMORIES`].
const AVERAGE_TABLES: u32 = 8;
/// As [`AVERAGE_MEMORIES`].
const AVERAGE_CORE_INSTANCES: u32 = 40;

/// Makes the engine and starts its ticker.
pub(crate) fn build(config: &RuntimeConfig) -> Result<(Engine, Ticker), HostFault> {
    // Kernels before 6.7 have no PAGEMAP_SCAN, and then the engine refuses to be made with it.
    let engine = Engine::new(&settings(config, true))
        .or_else(|_| Engine::new(&settings(config, false)))
        .map_err(|error| HostFault::new("set up the WebAssembly engine", error))?;
    let ticker = Ticker::start(&engine)?;
    Ok((engine, ticker))
}

fn settings(config: &RuntimeConfig, pagemap_scan: bool) -> Config {
    let instances = config.max_instances.clamp(1, MAX_INSTANCES);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_core_instances((instances * AVERAGE_CORE_INSTANCES).max(MAX_CORE_INSTANCES_PER_COMPONENT))
        .total_memories((instances * AVERAGE_MEMORIES).max(MAX_MEMORIES_PER_COMPONENT))
        .total_tables((instances * AVERAGE_TABLES).max(MAX_TABLES_PER_COMPONENT))
        .total_stacks(instances)
        .max_core_instances_per_component(MAX_CORE_INSTANCES_PER_COMPONENT)
        .max_memories_per_component(MAX_MEMORIES_PER_COMPONENT)
        .max_tables_per_component(MAX_TABLES_PER_COMPONENT)
        .max_tables_per_module(MAX_TABLES_PER_MODULE)
        .max_component_instance_size(MAX_COMPONENT_INSTANCE_BYTES)
        .max_core_instance_size(MAX_CORE_INSTANCE_BYTES)
        .table_elements(MAX_TABLE_ELEMENTS)
        .max_memory_size(usize::try_from(config.limit_ceilings.memory_bytes).unwrap_or(usize::MAX));
    if pagemap_scan {
        pool.pagemap_scan(Enabled::Yes).linear_memory_keep_resident(KEEP_RESIDENT_BYTES);
    }

    let mut engine = Config::new();
    engine
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .epoch_interruption(true)
        // The contract is synchronous; without the machinery for concurrent guests a call costs less.
        .concurrency_support(false)
        .wasm_component_model(true)
        .max_wasm_stack(MAX_WASM_STACK_BYTES)
        .async_stack_size(ASYNC_STACK_BYTES)
        // Whoever wrote the component wrote its debug information, and reading that has no bounds: see `locate`.
        .wasm_backtrace_details(WasmBacktraceDetails::Disable)
        .wasm_backtrace_max_frames(std::num::NonZeroUsize::new(MAX_BACKTRACE_FRAMES));
    engine
}

/// Ticks without a guest after which the ticker rests. Waking it costs a call more than all else together, so it must
/// not fall asleep between two calls; and a guest that computes comes back more often than that.
const TICKS_BEFORE_REST: u32 = 100;

/// Advances the engine's epoch while guests run, and rests when none has run for a while.
#[derive(Clone)]
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Thread,
}

/// In a line of the processor's cache that calls read and hardly ever write: guests on all processors share it.
#[derive(Default)]
#[repr(align(128))]
struct Shared {
    /// A guest has run since the last tick.
    ran: AtomicBool,
    /// The thread sleeps until it is woken.
    resting: AtomicBool,
}

impl Ticker {
    fn start(engine: &Engine) -> Result<Self, HostFault> {
        let shared = Arc::new(Shared::default());
        let seen = Arc::clone(&shared);
        let engine = engine.weak();
        let thread = std::thread::Builder::new()
            .name("airssys-wasm-epoch".into())
            .spawn(move || Self::tick(&engine, &seen))
            .map_err(|error| HostFault::new("start the epoch thread", error))?;
        Ok(Self { shared, thread: thread.thread().clone() })
    }

    fn tick(engine: &EngineWeak, shared: &Shared) {
        let mut idle = 0;
        loop {
            if shared.ran.swap(false, Ordering::SeqCst) {
                idle = 0;
            } else {
                idle += 1;
            }
            if idle <= TICKS_BEFORE_REST {
                std::thread::sleep(EPOCH_TICK);
            } else {
                // Said before the last look at `ran`, as a guest says that it runs before it looks at `resting`: one of
                // the two sees the other.
                shared.resting.store(true, Ordering::SeqCst);
                if !shared.ran.load(Ordering::SeqCst) {
                    // An engine without guests is looked at now and then, so that the thread ends with it.
                    std::thread::park_timeout(Duration::from_secs(1));
                }
                shared.resting.store(false, Ordering::SeqCst);
            }
            match engine.upgrade() {
                Some(engine) => engine.increment_epoch(),
                None => return,
            }
        }
    }

    /// Called whenever a guest goes on. The epoch advances for [`TICKS_BEFORE_REST`] from now on at least, and a guest
    /// that computes for two of them comes back.
    pub(crate) fn guest_runs(&self) {
        if self.shared.ran.load(Ordering::Relaxed) {
            return;
        }
        self.shared.ran.store(true, Ordering::SeqCst);
        if self.shared.resting.load(Ordering::SeqCst) {
            self.thread.unpark();
        }
    }
}
