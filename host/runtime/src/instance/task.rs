//! The worker: one task that owns one component's instance and does one thing at a time with it.
//!
//! Nothing else ever touches the store, so there is nothing to lock. An instance that trapped or ran out of time is
//! dropped; the next job gets a fresh one, initialised like the first.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::time::Instant;
use wasmtime::Store;
use wasmtime::component::{ResourceAny, Val};

use crate::bindings::types;
use crate::component::Caller;
use crate::core::{Core, Counters, timestamp};
use crate::error::{CallerError, Error, GuestFailure, Limit, Result};
use crate::instance::arguments::{Resources, resources_in};
use crate::instance::limits::Budget;
use crate::instance::queue::{Call, CallKind, Execution, Job, Request};
use crate::instance::{Instance, State, Template, call_lifecycle};
use crate::metadata::{ComponentMetadata, Health, HealthStatus, wit_id};

/// How long `health` and `metadata` may take: they are questions, not work.
pub(crate) const HEALTH_DEADLINE: Duration = Duration::from_secs(5);
/// The operation that a request calls.
const REQUEST_OPERATION: &str = "handle-request";

/// Whichever way a worker ends, its component is gone then. What still waits is dropped with the queue, and the reply
/// channels with it: that tells who waits that nobody will answer.
struct Gone(Arc<Core>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.closing.store(true, Ordering::Release);
        self.0.forget_requests();
        if let Some(registry) = self.0.registry.upgrade() {
            registry.remove(&self.0);
        }
    }
}

/// How long a worker goes on with what waits for it before it lets others have the thread. A guest is interrupted while it
/// runs; this is for many calls that are short, such as the callbacks of requests that all time out together.
const TURN: Duration = Duration::from_millis(5);

/// The time since a worker let go of its thread.
struct Turn(Instant);

impl Turn {
    fn begins() -> Self {
        Self(Instant::now())
    }

    /// Lets others have the thread if it is their turn.
    async fn ends_in_time(&mut self) {
        if self.0.elapsed() >= TURN {
            tokio::task::yield_now().await;
            *self = Self::begins();
        }
    }
}

/// Owns the instance of one component.
pub(crate) struct Worker {
    pub(crate) template: Arc<Template>,
    pub(crate) queue: UnboundedReceiver<Job>,
    pub(crate) instance: Option<Instance>,
    /// `init` succeeded once, so a fresh instance is initialised too.
    pub(crate) started: bool,
    /// What came before `init`: others can reach a component as soon as it is registered. Bounded by the mailbox.
    held: VecDeque<Job>,
    /// Gone with the worker, after everything else of it.
    _ended: watch::Sender<()>,
}

impl Worker {
    pub(crate) fn new(template: Arc<Template>, queue: UnboundedReceiver<Job>, ended: watch::Sender<()>) -> Self {
        Self { template, queue, instance: None, started: false, held: VecDeque::new(), _ended: ended }
    }

    /// Works until the component is shut down or nobody can reach it any more.
    pub(crate) async fn run(mut self) {
        let _gone = Gone(Arc::clone(&self.template.core));
        let mut turn = Turn::begins();
        while let Some(job) = self.next().await {
            if !self.started && job.waits_for_init() {
                self.held.push_back(job);
                continue;
            }
            if self.handle(job).await.is_break() {
                return;
            }
            self.recycle().await;
            turn.ends_in_time().await;
        }
        if let Some(instance) = self.instance.take()
            && let Err(error) = self.template.shut_down(instance).await
            && let core = &self.template.core
            && let Some(error) = core.log.note(core, &error)
        {
            tracing::warn!(component = %core.id, error, "the component did not shut down");
        }
    }

    async fn next(&mut self) -> Option<Job> {
        if self.started
            && let Some(held) = self.held.pop_front()
        {
            return Some(held);
        }
        self.queue.recv().await
    }

    async fn handle(&mut self, job: Job) -> ControlFlow<()> {
        match job {
            Job::Call(call) => return self.handle_call(call).await,
            Job::Message { sender, bytes, waiting, reply } => {
                self.template.core.took_message(waiting);
                Counters::add(&self.template.core.counters.messages);
                let result = self.message(&wit_id(&sender), &bytes).await;
                match reply {
                    Some(reply) => drop(reply.send(result)),
                    None => self.note("handle-message", result),
                }
            }
            Job::Request { request, waiting } => {
                self.template.core.took_message(waiting);
                Counters::add(&self.template.core.counters.messages);
                // Cancelled or timed out while it waited: nobody wants it any more.
                if !request.reply.is_closed() {
                    let Request { id, sender, bytes, deadline, reply } = request;
                    let execution = Execution {
                        operation: REQUEST_OPERATION.to_owned(),
                        input: bytes,
                        request_id: id,
                        caller: Caller::Component(sender),
                        deadline: Some(deadline),
                        trace_parent: None,
                    };
                    let budget = self.template.core.budget();
                    let result = self.execute(execution, budget).await;
                    let _ = reply.send(result.map_err(|error| format!("failed: {}", self.told_to_others(&error))));
                }
            }
            Job::Callback { request, outcome, bytes } => {
                self.template.core.took_callback(bytes);
                let result = self.callback(&request, &outcome).await;
                self.note("handle-callback", result);
            }
        }
        ControlFlow::Continue(())
    }

    async fn handle_call(&mut self, call: Call) -> ControlFlow<()> {
        let late = call.until.is_some_and(|until| until <= Instant::now());
        let budget = match call.until {
            Some(until) => {
                let budget = self.template.core.budget();
                Budget { wall: budget.wall.min(until.saturating_duration_since(Instant::now())), ..budget }
            }
            None => self.template.core.budget(),
        };
        macro_rules! answer {
            ($reply:expr, $result:expr) => {{
                // A caller that has gone before its call began wants no work done.
                if !$reply.is_closed() {
                    let result =
                        if late { Err(CallerError::NotReached(self.template.core.id.clone()).into()) } else { $result };
                    let _ = $reply.send(result);
                }
            }};
        }
        match call.kind {
            CallKind::Initialise(reply) => answer!(reply, self.initialise().await),
            CallKind::Execute { execution, reply } => answer!(reply, self.execute(execution, budget).await),
            CallKind::Metadata(reply) => answer!(reply, self.metadata().await),
            CallKind::Health(reply) => answer!(reply, self.health().await),
            CallKind::Invoke { interface, function, arguments, reply } => {
                answer!(reply, self.invoke(&interface, &function, arguments, budget).await);
            }
            CallKind::DropResource { resource, reply } => answer!(reply, self.drop_resource(resource).await),
            CallKind::Shutdown(reply) => {
                self.queue.close();
                let result = match self.instance.take() {
                    Some(instance) => self.template.shut_down(instance).await,
                    None => Ok(()),
                };
                let _ = reply.send(result);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    /// The instance for the next call, made and initialised if there is none.
    async fn running(&mut self) -> Result<&mut Instance> {
        if !self.started {
            return Err(CallerError::NotInitialised(self.template.core.id.clone()).into());
        }
        if self.instance.is_none() {
            self.instance = Some(self.template.start().await?);
        }
        Ok(self.instance.as_mut().expect("it has just been put there"))
    }

    async fn initialise(&mut self) -> Result<()> {
        if self.started {
            return Err(CallerError::AlreadyInitialised(self.template.core.id.clone()).into());
        }
        // An instance whose `init` failed is not called again; another attempt gets another instance.
        let mut instance = match self.instance.take() {
            Some(instance) => instance,
            None => self.template.instantiate().await?,
        };
        self.template.init(&mut instance).await?;
        self.instance = Some(instance);
        self.started = true;
        Ok(())
    }

    async fn execute(&mut self, execution: Execution, budget: Budget) -> Result<Vec<u8>> {
        let template = Arc::clone(&self.template);
        let instance = self.running().await?;
        let operation = format!("execute {}", execution.operation);
        let own = SystemTime::now() + budget.wall;
        let deadline = execution.deadline.map_or(own, |asked| asked.min(own));
        let context = types::ExecutionContext {
            request_id: execution.request_id,
            caller: execution.caller.into(),
            deadline: deadline.duration_since(UNIX_EPOCH).ok().map(timestamp),
            trace_parent: execution.trace_parent,
        };
        let result = call_lifecycle!(
            template,
            instance,
            budget,
            &operation,
            call_execute(&execution.operation, &execution.input, &context)
        );
        self.keep_or_drop(result)?
            .map_err(|error| self.template.guest_error(&operation, GuestFailure::Execution(error.into())))
    }

    async fn message(&mut self, sender: &types::ComponentId, bytes: &[u8]) -> Result<()> {
        let template = Arc::clone(&self.template);
        let budget = template.core.budget();
        let instance = self.running().await?;
        let result = call_lifecycle!(template, instance, budget, "handle-message", call_handle_message(sender, bytes));
        self.keep_or_drop(result)?
            .map_err(|error| self.template.guest_error("handle-message", GuestFailure::Component(error.into())))
    }

    async fn callback(&mut self, request: &String, outcome: &Result<Vec<u8>, String>) -> Result<()> {
        let template = Arc::clone(&self.template);
        let budget = template.core.budget();
        let instance = self.running().await?;
        let outcome = outcome.as_ref();
        let outcome = outcome.map(Vec::as_slice).map_err(String::as_str);
        let result =
            call_lifecycle!(template, instance, budget, "handle-callback", call_handle_callback(request, outcome));
        self.keep_or_drop(result)?
            .map_err(|error| self.template.guest_error("handle-callback", GuestFailure::Component(error.into())))
    }

    async fn metadata(&mut self) -> Result<ComponentMetadata> {
        let budget = self.question_budget();
        if self.started {
            self.running().await?;
        } else if self.instance.is_none() {
            self.instance = Some(self.template.instantiate().await?);
        }
        let instance = self.instance.as_mut().expect("it has just been put there");
        let result = call_lifecycle!(self.template, instance, budget, "metadata", call_metadata());
        self.keep_or_drop(result).map(ComponentMetadata::from)
    }

    async fn health(&mut self) -> Result<Health> {
        let budget = self.question_budget();
        let template = Arc::clone(&self.template);
        let unhealthy = |error: Error| Health { status: HealthStatus::Unhealthy, reason: Some(error.to_string()) };
        let instance = match self.running().await {
            Ok(instance) => instance,
            Err(Error::Caller(error)) => return Err(error.into()),
            Err(error) => return Ok(unhealthy(error)),
        };
        let result = call_lifecycle!(template, instance, budget, "health", call_health());
        Ok(match self.keep_or_drop(result) {
            Ok(status) => Health { status: status.into(), reason: None },
            Err(error) => unhealthy(error),
        })
    }

    async fn invoke(
        &mut self,
        interface: &str,
        function: &str,
        arguments: Vec<Val>,
        budget: Budget,
    ) -> Result<Vec<Val>> {
        let template = Arc::clone(&self.template);
        let core = &template.core;
        let instance = self.running().await?;
        let operation = format!("{interface}.{function}");
        let wrong = |reason| CallerError::WrongArguments { function: operation.clone(), reason };
        let function = instance
            .raw
            .get_export_index(&mut instance.store, None, interface)
            .and_then(|interface| instance.raw.get_export_index(&mut instance.store, Some(&interface), function))
            .and_then(|index| instance.raw.get_func(&mut instance.store, index))
            .ok_or_else(|| CallerError::UnknownFunction {
                interface: interface.to_owned(),
                function: function.to_owned(),
            })?;
        let signature = function.ty(&instance.store);
        if signature.params().len() != arguments.len() {
            let reason = format!("{} are needed, {} were given", signature.params().len(), arguments.len());
            return Err(wrong(reason).into());
        }
        let mut resources = Resources::default();
        for (value, (name, expected)) in arguments.iter().zip(signature.params()) {
            resources.check(value, &expected).map_err(|reason| wrong(format!("{name}: {reason}")))?;
        }
        if resources.used.iter().any(|resource| !instance.lent.contains(resource)) {
            return Err(CallerError::StaleResource(core.id.clone()).into());
        }
        let mut results = vec![Val::Bool(false); signature.results().len()];

        let call = async |store: &mut Store<State>| function.call_async(store, &arguments, &mut results).await;
        let result = template.enter(&mut instance.store, budget, &operation, call).await;
        instance.lent.retain(|resource| !resources.given.contains(resource));
        instance.lent.extend(resources_in(&results));
        self.keep_or_drop(result)?;
        Ok(results)
    }

    async fn drop_resource(&mut self, resource: ResourceAny) -> Result<()> {
        let stale = || CallerError::StaleResource(self.template.core.id.clone());
        let instance = self.instance.as_mut().ok_or_else(stale)?;
        let place = instance.lent.iter().position(|lent| *lent == resource).ok_or_else(stale)?;
        instance.lent.swap_remove(place);
        let budget = self.template.core.budget();
        let drop = async |store: &mut Store<State>| resource.resource_drop_async(store).await;
        let result = self.template.enter(&mut instance.store, budget, "dropping a resource", drop).await;
        self.keep_or_drop(result)
    }

    fn question_budget(&self) -> Budget {
        let budget = self.template.core.budget();
        Budget { wall: HEALTH_DEADLINE.min(budget.wall), ..budget }
    }

    /// A guest that did not come back from a call is not called again.
    fn keep_or_drop<T>(&mut self, result: Result<T>) -> Result<T> {
        if result.is_err() {
            self.instance = None;
        }
        result
    }

    /// Errors that no caller waits for end up in the host's own log.
    fn note(&self, operation: &str, result: Result<()>) {
        let core = &self.template.core;
        if let Err(error) = result
            && let Some(text) = core.log.note(core, &error)
        {
            tracing::warn!(component = %core.id, operation, code = error.code(), error = text, "a delivery failed");
        }
    }

    /// What another component may know about a failure here: the guest's own words, and no details of the host.
    fn told_to_others(&self, error: &Error) -> String {
        match error {
            Error::Guest(error) => format!("{}: {}", error.failure.case(), error.failure.text()),
            Error::Trap(_) => "the component trapped".to_owned(),
            Error::Limit(error) => match error.limit {
                Limit::ExecutionTime(_) | Limit::CpuTime(_) => "the component ran out of time".to_owned(),
                Limit::Memory(_) => "the component ran out of memory".to_owned(),
                _ => "the component reached a limit".to_owned(),
            },
            _ => "the component cannot be called".to_owned(),
        }
    }
}
