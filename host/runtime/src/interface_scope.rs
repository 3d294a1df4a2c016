//! What an interface of the embedder's own has of the component that calls it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use airssys_wasm_policy::{
    Access, ComponentId, Denial, FieldKind, Gate, InterfaceDescription, InterfaceField, Operation, Permit,
};
use tokio::sync::Semaphore;
use wasmtime::component::ResourceTable;

use crate::capability::host_services::log::Log;
use crate::capability::host_services::recent_output::RecentOutput;
use crate::capability::host_services::record::LogLevel;
use crate::error::HostFault;
use crate::host_state::{Capabilities, Observations};

/// Handles that an interface of the embedder's own may have in one instance.
const MAX_INTERFACE_HANDLES: usize = 1024;

/// What an interface of the embedder's own has of the instance that calls it. Clones mean the same.
#[derive(Clone)]
pub struct InterfaceScope {
    description: Arc<InterfaceDescription>,
    gate: Gate,
    blocking: Arc<Semaphore>,
    log: Arc<Log>,
    recent_output: Arc<RecentOutput>,
}

/// Whether the call for which some work is done is over. Work that takes its time asks now and then, and gives up.
#[derive(Debug, Clone, Default)]
pub struct Deadline(Arc<AtomicBool>);

impl Deadline {
    /// Whether nobody waits for the result any more.
    pub fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Tells the work when nobody waits any more.
struct Waiting(Deadline);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

impl InterfaceScope {
    pub(crate) fn new(
        description: Arc<InterfaceDescription>,
        capabilities: &Capabilities,
        observations: &Observations,
    ) -> Self {
        Self {
            description,
            gate: capabilities.gate.clone(),
            blocking: Arc::clone(&capabilities.blocking),
            log: Arc::clone(&observations.log),
            recent_output: Arc::clone(&observations.recent_output),
        }
    }

    /// The component, by the id that it runs under.
    pub fn component(&self) -> &ComponentId {
        self.gate.component()
    }

    /// A call of one function, which asks for what it needs: `acme:database/client.query`.
    pub fn asking(&self, operation: &'static str) -> Asking {
        Asking { scope: self.clone(), operation: Operation(operation), refusal: Arc::default() }
    }

    /// Room for handles: 1,024 at most.
    pub fn resources(&self) -> ResourceTable {
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_INTERFACE_HANDLES);
        table
    }

    /// Writes into the log of the component, which is bounded as the component's own records are.
    pub fn log(&self, level: LogLevel, message: impl Into<String>, fields: Vec<(String, String)>) {
        self.log.write(&self.recent_output, level, message.into(), fields);
    }

    /// Does work that may block, or takes longer than 10 ms, away from the executor's threads. A component has four places
    /// for such work, which it shares with its files; more waits. When the call is over before the work, the result is
    /// dropped, and the [`Deadline`] says so to the work.
    ///
    /// # Errors
    ///
    /// That the work panicked, which ends the call as a failure of the host.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Deadline) -> T + Send + 'static,
    ) -> wasmtime::Result<T> {
        let waiting = Waiting(Deadline::default());
        let deadline = waiting.0.clone();
        let place = Arc::clone(&self.blocking).acquire_owned().await?;
        let placed = move || {
            let _place = place;
            work(&deadline)
        };
        let package = &self.description.package;
        let done = tokio::task::spawn_blocking(placed).await;
        done.map_err(|error| wasmtime::Error::new(HostFault::new(format!("use {package}"), error)))
    }
}

/// One call of a function, at the gate. Clones mean the same call.
#[derive(Clone)]
pub struct Asking {
    scope: InterfaceScope,
    operation: Operation,
    refusal: Arc<Mutex<Option<Denial>>>,
}

impl Asking {
    /// Asks whether the component may do something, and records the decision. The fields are those that
    /// [`HostInterface::describe`](crate::HostInterface::describe) has for the action.
    ///
    /// # Errors
    ///
    /// The denial, with the line of Component.toml that would allow it. An action or a field that was not described is
    /// denied to everybody.
    pub fn authorize<'a>(
        &self,
        action: &str,
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Permit, Denial> {
        let described = self.scope.description.actions.iter().find(|described| described.name == action);
        let kind = |name: &str| {
            let field = described.and_then(|action| action.fields.iter().find(|field| field.name == name));
            field.map_or(FieldKind::Name, |field| field.kind)
        };
        let fields = fields.into_iter().map(|(name, value)| InterfaceField {
            name: name.to_owned(),
            kind: kind(name),
            value: value.to_owned(),
        });
        let access = Access::Interface {
            package: self.scope.description.package.to_string(),
            action: action.to_owned(),
            fields: fields.collect(),
        };
        let decision = self.scope.gate.authorize(self.operation, access);
        if let Err(denial) = &decision {
            self.refusal().get_or_insert_with(|| denial.clone());
        }
        decision
    }

    /// Puts the first refusal of this call in the place of its result: libraries that are told no say so in words of their
    /// own.
    ///
    /// # Errors
    ///
    /// The refusal, else the error of the result.
    pub fn or_refusal<T, E: From<Denial>>(&self, result: Result<T, E>) -> Result<T, E> {
        match self.refusal().take() {
            Some(denial) => Err(denial.into()),
            None => result,
        }
    }

    fn refusal(&self) -> std::sync::MutexGuard<'_, Option<Denial>> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
