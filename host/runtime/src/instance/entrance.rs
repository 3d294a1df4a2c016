//! The one way into a guest, whoever calls it and whatever of it is called.

use std::pin::pin;
use std::sync::Arc;

use wasmtime::component::ResourceTableError;
use wasmtime::{PoolConcurrencyLimitError, Store, Trap};

use super::budget::{Budget, Interrupted, Stop};
use super::operation::Operation;
use super::subject::Subject;
use crate::bindings::Full;
use crate::capability::audit::Refusals;
use crate::engine::MAX_WASM_STACK_BYTES;
use crate::error::{CallerError, Error, GuestError, GuestFailure, HostFault, Limit, LimitExceeded, Result};
use crate::host_state::{HostState, MAX_HANDLES, Observations};
use crate::names::Bounded;
use crate::runtime_config::DEFAULT_MEMORY_BYTES;
use crate::stats::Counters;
use crate::trap::GuestTrap;

/// Data copied from the guest to the host in one call. A list of a million bytes that is called by name takes 40 MiB,
/// because every element is a value of its own there.
pub(crate) const MAX_COPY_BYTES: usize = 128 << 20;
/// Epochs from the start of a call until the guest yields for the first time. The first may end at once, as the ticker
/// has no regard for calls; with the second a call has at least one whole tick to itself, which is all that most need.
const EPOCHS_BEFORE_YIELD: u64 = 2;
/// Memory that one instruction may fill or copy while the guest keeps its thread: nothing interrupts it, and for so much it
/// takes some 50 ms where every page is touched for the first time.
const MAX_QUICK_MEMORY_BYTES: u64 = DEFAULT_MEMORY_BYTES;
/// Text of an error that a guest gives: what a person reads, and no way to fill the host's memory.
const MAX_ERROR_BYTES: usize = 1 << 20;
/// What the engine says when [`MAX_COPY_BYTES`] are used up.
const TOO_MUCH_COPIED: &str =
    "too much data is being copied between the host and the guest: fuel allocated for hostcalls has been exhausted";
/// What the engine says when there are [`MAX_HANDLES`].
const TOO_MANY_HANDLES: &str = "cannot allocate another handle: store handle limit exceeded";

/// What the calls into the instances of one replica have in common.
pub(crate) struct Entrance {
    pub(crate) subject: Arc<Subject>,
    pub(crate) observations: Observations,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) stop: Arc<Stop>,
}

impl Entrance {
    /// The time of an ordinary call.
    pub(crate) fn budget(&self) -> Budget {
        let limits = &self.subject.limits;
        Budget {
            wall: limits.execution_time,
            cpu: limits.cpu_time,
            slow_instructions: limits.memory_bytes > MAX_QUICK_MEMORY_BYTES,
        }
    }

    /// Runs the guest: clears what the call before recorded for errors, interrupts the guest when its time is over, and says
    /// whose fault it is if nothing comes of it. After an error the store must go.
    ///
    /// Futures are copied when they are passed on, and a call is so short that this counts: the guest's stays where it is
    /// made, and the ones that are seldom needed are in boxes.
    pub(crate) async fn run<T>(
        &self,
        store: &mut Store<HostState>,
        exports: &Full,
        budget: &Budget,
        operation: Operation<'_>,
        guest: impl AsyncFnOnce(&mut Store<HostState>, &Full) -> wasmtime::Result<T>,
    ) -> Result<T> {
        self.begin(store);
        let outcome = {
            let guest = pin!(guest(store, exports));
            budget.run(&self.subject.ticker, &self.stop, guest).await
        };
        Counters::add(&self.counters.calls);
        match self.end(store, outcome) {
            Ok(value) => Ok(value),
            Err(unfinished) => Err(Box::pin(self.error(operation, unfinished)).await),
        }
    }

    /// The same for making the instance.
    pub(crate) async fn make<T>(
        &self,
        store: &mut Store<HostState>,
        guest: impl AsyncFnOnce(&mut Store<HostState>) -> wasmtime::Result<T>,
    ) -> Result<T> {
        self.begin(store);
        let budget = self.budget();
        let outcome = {
            let guest = pin!(guest(store));
            budget.run(&self.subject.ticker, &self.stop, guest).await
        };
        match self.end(store, outcome) {
            Ok(value) => Ok(value),
            Err(unfinished) => Err(Box::pin(self.error(Operation::Instantiation, unfinished)).await),
        }
    }

    fn begin(&self, store: &mut Store<HostState>) {
        store.set_epoch_deadline(EPOCHS_BEFORE_YIELD);
        self.refusals.forget();
        self.observations.recent_output.forget();
    }

    fn end<T>(
        &self,
        store: &mut Store<HostState>,
        outcome: Result<wasmtime::Result<T>, Interrupted>,
    ) -> Result<T, Unfinished> {
        self.refusals.pass_on_folded();
        let state = store.data_mut();
        let refused = state.memory.take_refused();
        self.counters.saw_memory(state.memory.used_bytes(), state.memory.peak_bytes());
        // What the guest wrote in this call is in the log when the call is over; of one that died, it is what it said last.
        if outcome.is_ok() {
            state.output.end_lines();
        }
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(Unfinished::Failed(error, refused)),
            Err(interrupted) => Err(Unfinished::Interrupted(interrupted)),
        }
    }

    async fn error(&self, operation: Operation<'_>, unfinished: Unfinished) -> Error {
        match unfinished {
            Unfinished::Failed(error, refused) => self.failed(operation, refused, error).await,
            Unfinished::Interrupted(Interrupted::Limit(limit)) => self.exceeded(operation, *limit, None),
            Unfinished::Interrupted(Interrupted::Stopped) => {
                CallerError::ComponentGone((*self.subject.id).clone()).into()
            }
        }
    }

    fn exceeded(&self, operation: Operation<'_>, limit: Limit, trap: Option<Box<GuestTrap>>) -> Error {
        Counters::add(&self.counters.limits_exceeded);
        let (component, operation) = ((*self.subject.id).clone(), operation.to_string());
        Box::new(LimitExceeded { component, language: self.subject.language, operation, limit, trap }).into()
    }

    /// Whose fault it is that a guest did not return.
    async fn failed(&self, operation: Operation<'_>, refused: Option<Limit>, error: wasmtime::Error) -> Error {
        let error = match error.downcast::<HostFault>() {
            Ok(fault) => return fault.into(),
            Err(error) => error,
        };
        if error.is::<PoolConcurrencyLimitError>() {
            return CallerError::TooManyInstances((*self.subject.id).clone()).into();
        }
        // Guests answer a refused growth with an abort, each language in its own way: what counts is why.
        let limit = refused.or_else(|| reached(&error));
        let trap = match self.died(operation, error).await {
            Ok(trap) => trap,
            Err(error) => return error,
        };
        if let Some(limit) = limit {
            return self.exceeded(operation, limit, Some(trap));
        }
        Counters::add(&self.counters.traps);
        trap.into()
    }

    /// All that can be said of a guest that died.
    async fn died(&self, operation: Operation<'_>, error: wasmtime::Error) -> Result<Box<GuestTrap>> {
        let (mut said, refusals) = (self.observations.recent_output.take(), self.refusals.take());
        let Subject { id, content, language, source_map, .. } = &*self.subject;
        let (whose, language, operation) = (((**id).clone(), *content), *language, operation.to_string());
        let source_map = source_map.clone();
        // The names in it and the map are the guest's, and reading them takes longer than others have to wait for.
        let told = tokio::task::spawn_blocking(move || {
            if let (Some(map), Some(panic)) = (source_map, &mut said.panic) {
                map.resolve(&mut panic.stack);
            }
            Box::new(GuestTrap::new(whose, language, &operation, &error, said, refusals))
        });
        told.await.map_err(|error| HostFault::new("read the stack of a guest", error).into())
    }

    /// An error that the guest returned.
    pub(crate) fn guest_error(&self, operation: Operation<'_>, mut failure: GuestFailure) -> Error {
        let text = failure.text_mut();
        text.truncate(text.floor_char_boundary(MAX_ERROR_BYTES));
        let (component, operation) = ((*self.subject.id).clone(), operation.to_string());
        Box::new(GuestError { component, operation, failure, refusals: self.refusals.take() }).into()
    }
}

/// Why a guest did not return.
enum Unfinished {
    /// The engine says so; and the limit, if the guest was refused more memory.
    Failed(wasmtime::Error, Option<Limit>),
    Interrupted(Interrupted),
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
