//! One replica of a component: an instance, and what is done with it. It does one thing at a time.
//!
//! An instance that trapped or ran out of time is dropped; the next call gets a fresh one, initialized like the first.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use airssys_wasm_policy::ComponentId;
use wasmtime::component::{ResourceAny, Val};

use crate::bindings::types;
use crate::caller::Caller;
use crate::capability::adapter::timestamp;
use crate::capability::host_services::outbox::Outbox;
use crate::error::{CallerError, Error, GuestFailure, Result};
use crate::host_state::Capabilities;
use crate::instance::Instance;
use crate::instance::arguments::{Resources, resources_in};
use crate::instance::budget::Budget;
use crate::instance::entrance::Entrance;
use crate::instance::factory::Factory;
use crate::instance::operation::Operation;
use crate::metadata::{ComponentMetadata, Health, HealthStatus};
use crate::request_id;
use crate::stats::Counters;

/// How long `health` and `metadata` may take: they are questions, not work.
pub(crate) const HEALTH_DEADLINE: Duration = Duration::from_secs(5);

/// See the module.
pub(crate) struct Replica {
    factory: Arc<Factory>,
    entrance: Entrance,
    capabilities: Capabilities,
    instance: Option<Instance>,
    /// `init` succeeded once, so a fresh instance is initialized too.
    started: bool,
    /// The guest runs. If that is so when nobody runs it any more, it was left in the middle of something.
    entered: bool,
    /// The context of the last `execute`. The next call overwrites it in place, without an allocation.
    context: types::ExecutionContext,
}

/// One `execute`.
pub(crate) struct Execution<'a> {
    pub(crate) operation: &'a str,
    pub(crate) input: &'a [u8],
    /// A fresh one, if there is none.
    pub(crate) request_id: Option<&'a str>,
    pub(crate) caller: &'a Caller,
    pub(crate) deadline: Option<SystemTime>,
    pub(crate) trace_parent: Option<String>,
}

/// Enters the guest: `enter!(replica, budget, operation, call)`. What does not return takes the instance along,
/// and so does a caller that goes away meanwhile.
macro_rules! enter {
    ($replica:ident, $budget:expr, $operation:expr, $call:expr) => {{
        let budget = $budget;
        let Instance { store, bindings, .. } = $replica.instance.as_mut().expect("the caller has made one");
        $replica.entered = true;
        let result = $replica.entrance.run(store, bindings, &budget, $operation, $call).await;
        $replica.entered = false;
        if result.is_err() {
            $replica.instance = None;
        }
        result
    }};
}

impl Replica {
    pub(crate) fn new(factory: Arc<Factory>, entrance: Entrance, capabilities: Capabilities) -> Self {
        Self {
            factory,
            entrance,
            capabilities,
            instance: None,
            started: false,
            entered: false,
            context: types::ExecutionContext {
                request_id: String::new(),
                caller: types::Caller::Host,
                deadline: None,
                trace_parent: None,
            },
        }
    }

    /// The requests that it has sent.
    pub(crate) fn outbox(&self) -> &Outbox {
        &self.capabilities.messaging.outbox
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.entrance.counters
    }

    /// The resources that the embedder holds of its instance.
    pub(crate) fn lent(&self) -> &[ResourceAny] {
        self.instance.as_ref().map_or(&[], |instance| &instance.lent)
    }

    fn id(&self) -> ComponentId {
        (*self.entrance.subject.id).clone()
    }

    /// The time of an ordinary call.
    pub(crate) fn budget(&self) -> Budget {
        self.entrance.budget()
    }

    fn question_budget(&self) -> Budget {
        let budget = self.budget();
        Budget { wall: HEALTH_DEADLINE.min(budget.wall), ..budget }
    }

    /// Nobody runs it any more: an instance that was left in the middle of a call is not called again.
    pub(crate) fn leave(&mut self) {
        if std::mem::take(&mut self.entered) {
            self.instance = None;
        }
    }

    async fn instantiate(&mut self) -> Result<()> {
        self.instance = Some(self.factory.instantiate(&self.capabilities, &self.entrance).await?);
        Ok(())
    }

    /// Whether the next call can run at once: the replica is started and has an instance.
    fn is_ready(&self) -> bool {
        self.started && self.instance.is_some()
    }

    /// Makes the instance for the next call, if there is none.
    async fn ready(&mut self) -> Result<()> {
        if !self.started {
            return Err(CallerError::NotInitialized(self.id()).into());
        }
        if self.instance.is_none() {
            self.instantiate().await?;
            self.init().await?;
        }
        Ok(())
    }

    /// Calls `init`. An instance whose `init` failed is not called again.
    async fn init(&mut self) -> Result<()> {
        let factory = Arc::clone(&self.factory);
        let result = enter!(self, self.budget(), Operation::Init, async |store, bindings| {
            bindings.airssys_core_component_lifecycle().call_init(store, &factory.config).await
        })?;
        if let Err(error) = result {
            self.instance = None;
            return Err(self.entrance.guest_error(Operation::Init, GuestFailure::Component(error.into())));
        }
        if let Some(instance) = &mut self.instance {
            instance.initialized = true;
            instance.recycling.begins_with(instance.store.data().memory.used_bytes());
        }
        Ok(())
    }

    /// Starts it: `init`, which comes once.
    pub(crate) async fn initialize(&mut self) -> Result<()> {
        if self.started {
            return Err(CallerError::AlreadyInitialized(self.id()).into());
        }
        if self.instance.is_none() {
            self.instantiate().await?;
        }
        self.init().await?;
        self.started = true;
        Ok(())
    }

    /// Calls an operation.
    pub(crate) async fn execute(&mut self, execution: &Execution<'_>, budget: Budget) -> Result<Vec<u8>> {
        if !self.is_ready() {
            // In a box: few calls have to wait for that.
            Box::pin(self.ready()).await?;
        }
        let own = SystemTime::now() + budget.wall;
        let deadline = execution.deadline.map_or(own, |asked| asked.min(own));
        // Moves are a measurable part of a short call: the context is written in place, and so is the answer.
        let context = &mut self.context;
        context.request_id.clear();
        match execution.request_id {
            Some(id) => context.request_id.push_str(id),
            None => request_id::write(&mut context.request_id),
        }
        context.caller = execution.caller.into();
        context.deadline = deadline.duration_since(UNIX_EPOCH).ok().map(timestamp);
        context.trace_parent.clone_from(&execution.trace_parent);
        let operation = Operation::Execute(execution.operation);
        let mut answer = Ok(Vec::new());
        enter!(self, budget, operation, async |store, bindings| {
            let lifecycle = bindings.airssys_core_component_lifecycle();
            answer = lifecycle.call_execute(store, execution.operation, execution.input, context).await?;
            Ok(())
        })?;
        answer.map_err(|error| self.entrance.guest_error(operation, GuestFailure::Execution(error.into())))
    }

    /// Delivers a message.
    pub(crate) async fn message(&mut self, sender: &ComponentId, bytes: &[u8]) -> Result<()> {
        self.ready().await?;
        let sender = sender.into();
        let result = enter!(self, self.budget(), Operation::HandleMessage, async |store, bindings| {
            bindings.airssys_core_component_lifecycle().call_handle_message(store, &sender, bytes).await
        })?;
        result.map_err(|error| self.component_error(Operation::HandleMessage, error))
    }

    /// Delivers the outcome of a request.
    pub(crate) async fn callback(&mut self, request: &str, outcome: &Result<Vec<u8>, String>) -> Result<()> {
        self.ready().await?;
        let outcome = outcome.as_ref().map(Vec::as_slice).map_err(String::as_str);
        let request = request.to_owned();
        let result = enter!(self, self.budget(), Operation::HandleCallback, async |store, bindings| {
            bindings.airssys_core_component_lifecycle().call_handle_callback(store, &request, outcome).await
        })?;
        result.map_err(|error| self.component_error(Operation::HandleCallback, error))
    }

    fn component_error(&self, operation: Operation<'_>, error: types::ComponentError) -> Error {
        self.entrance.guest_error(operation, GuestFailure::Component(error.into()))
    }

    /// Asks the guest what it is, which may be before `init`.
    pub(crate) async fn metadata(&mut self) -> Result<ComponentMetadata> {
        if self.started {
            self.ready().await?;
        } else if self.instance.is_none() {
            self.instantiate().await?;
        }
        let metadata = enter!(self, self.question_budget(), Operation::Metadata, async |store, bindings| {
            bindings.airssys_core_component_lifecycle().call_metadata(store).await
        });
        metadata.map(ComponentMetadata::from)
    }

    /// Asks the guest how it is.
    pub(crate) async fn health(&mut self) -> Result<Health> {
        let unhealthy = |error: Error| Health { status: HealthStatus::Unhealthy, reason: Some(error.to_string()) };
        match self.ready().await {
            Ok(()) => {}
            Err(Error::Caller(error)) => return Err(error.into()),
            Err(error) => return Ok(unhealthy(error)),
        }
        let health = enter!(self, self.question_budget(), Operation::Health, async |store, bindings| {
            bindings.airssys_core_component_lifecycle().call_health(store).await
        });
        match health {
            Ok(status) => Ok(Health { status: status.into(), reason: None }),
            Err(Error::Caller(error)) => Err(error.into()),
            Err(error) => Ok(unhealthy(error)),
        }
    }

    /// Calls an exported function by name.
    pub(crate) async fn invoke(&mut self, interface: &str, function: &str, arguments: &[Val]) -> Result<Vec<Val>> {
        self.ready().await?;
        let budget = self.budget();
        let id = self.id();
        let operation = Operation::Function { interface, function };
        let wrong = |reason| CallerError::WrongArguments { function: operation.to_string(), reason };
        let instance = self.instance.as_mut().expect("it is ready");
        let called = instance
            .raw
            .get_export_index(&mut instance.store, None, interface)
            .and_then(|interface| instance.raw.get_export_index(&mut instance.store, Some(&interface), function))
            .and_then(|index| instance.raw.get_func(&mut instance.store, index))
            .ok_or_else(|| CallerError::UnknownFunction {
                interface: interface.to_owned(),
                function: function.to_owned(),
            })?;
        let signature = called.ty(&instance.store);
        if signature.params().len() != arguments.len() {
            let reason = format!("{} are needed, {} were given", signature.params().len(), arguments.len());
            return Err(wrong(reason).into());
        }
        let mut resources = Resources::default();
        for (value, (name, expected)) in arguments.iter().zip(signature.params()) {
            resources.check(value, &expected).map_err(|reason| wrong(format!("{name}: {reason}")))?;
        }
        if resources.used.iter().any(|resource| !instance.lent.contains(resource)) {
            return Err(CallerError::StaleResource(id).into());
        }
        let mut results = vec![Val::Bool(false); signature.results().len()];
        enter!(self, budget, operation, async |store, _| called.call_async(store, arguments, &mut results).await)?;
        if let Some(instance) = &mut self.instance {
            instance.lent.retain(|resource| !resources.given.contains(resource));
            instance.lent.extend(resources_in(&results));
        }
        Ok(results)
    }

    /// Drops a resource that the embedder holds.
    pub(crate) async fn drop_resource(&mut self, resource: ResourceAny) -> Result<()> {
        let stale = CallerError::StaleResource(self.id());
        let Some(instance) = &mut self.instance else { return Err(stale.into()) };
        let Some(place) = instance.lent.iter().position(|lent| *lent == resource) else { return Err(stale.into()) };
        instance.lent.swap_remove(place);
        let drop = async |store: &mut wasmtime::Store<_>, _: &_| resource.resource_drop_async(store).await;
        enter!(self, self.budget(), Operation::DropResource, drop)
    }

    /// Whether the instance holds too much memory, and nobody needs this very one.
    pub(crate) fn is_to_be_recycled(&self) -> bool {
        self.instance.as_ref().is_some_and(|instance| {
            let used = instance.store.data().memory.used_bytes();
            instance.initialized && instance.recycling.is_passed(used) && instance.lent.is_empty()
        })
    }

    /// Replaces the instance. The old one is shut down and dropped first, because the new one may need in its `init` a
    /// thing that the old one holds: a locked file, for example.
    pub(crate) async fn recycle(&mut self) {
        let used = self.instance.as_ref().map_or(0, |instance| instance.store.data().memory.used_bytes());
        if let Err(error) = self.shut_down().await {
            self.warn(&error, "the replaced instance did not shut down");
        }
        match self.ready().await {
            Ok(()) => {
                Counters::add(&self.entrance.counters.recycled);
                tracing::info!(component = %self.entrance.subject.id, memory_bytes = used, "instance replaced because of its memory");
            }
            Err(error) => {
                // As after a trap: the next call makes another attempt, and is told why if that fails too.
                Counters::add(&self.entrance.counters.recycling_failed);
                self.warn(&error, "no new instance");
            }
        }
    }

    /// Calls `shutdown` on the instance and drops it.
    pub(crate) async fn shut_down(&mut self) -> Result<()> {
        if !self.instance.as_ref().is_some_and(|instance| instance.initialized) {
            self.instance = None;
            return Ok(());
        }
        let budget = Budget { wall: self.factory.shutdown_grace, ..self.budget() };
        let outcome = enter!(self, budget, Operation::Shutdown, async |store, bindings| {
            bindings.airssys_core_component_lifecycle().call_shutdown(store).await
        });
        self.instance = None;
        self.capabilities.processes.all_gone().await;
        outcome?.map_err(|error| self.component_error(Operation::Shutdown, error))
    }

    /// Says in the host's own log that something went wrong for which no caller waits.
    pub(crate) fn warn(&self, error: &Error, message: &str) {
        if let Some(text) = self.entrance.observations.log.note(error) {
            tracing::warn!(component = %self.entrance.subject.id, code = error.code(), error = text, "{message}");
        }
    }
}
