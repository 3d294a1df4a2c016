//! The handle of a loaded component.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use airssys_wasm_policy::ComponentId;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{ResourceAny, Val};

use crate::bindings::types;
use crate::core::{Core, MAX_MESSAGE_BYTES, NotDelivered, Stats};
use crate::error::{CallerError, Limit, LimitExceeded, Result};
use crate::instance::Template;
use crate::instance::queue::{Call, CallKind, Execution, Job, Reply};
use crate::instance::task::HEALTH_DEADLINE;
use crate::metadata::{ComponentMetadata, Health, HealthStatus, wit_id};
use crate::request_id;

/// The lifecycle's interface, which has methods of its own here.
const LIFECYCLE: &str = "airssys:core/component-lifecycle";

/// A loaded component. Clones are cheap and mean the same component.
///
/// Everything goes through one queue to the one task that owns the instance, in the order in which it was sent, one at a
/// time. An instance that traps or runs out of time is dropped; the next call gets a fresh one, made and initialised
/// like the first, so what the guest kept in memory is gone then. The same happens when the instance holds too much
/// memory: see [`Stats::recycled`].
#[derive(Clone)]
pub struct Component {
    template: Arc<Template>,
    queue: mpsc::UnboundedSender<Job>,
    worker: AbortHandle,
    ended: watch::Receiver<()>,
}

/// Who asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Another component.
    Component(ComponentId),
    /// Somebody outside, by a name that means something to the embedder.
    External(String),
    /// The host itself.
    Host,
}

impl From<Caller> for types::Caller {
    fn from(caller: Caller) -> Self {
        match caller {
            Caller::Component(id) => Self::Component(wit_id(&id)),
            Caller::External(name) => Self::External(name),
            Caller::Host => Self::Host,
        }
    }
}

/// How one operation is called.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// Who asks. The host, if nobody is named.
    pub caller: Option<Caller>,
    /// When the call must be over, queue included. Like `timeout`, as a point in time.
    pub deadline: Option<SystemTime>,
    /// A W3C trace parent for the guest.
    pub trace_parent: Option<String>,
    /// The request's id. A fresh one, if there is none.
    pub request_id: Option<String>,
    /// How long the caller waits, queue included. A call that has begun by then is interrupted and its instance dropped;
    /// one that has not is left out.
    pub timeout: Option<Duration>,
}

impl Component {
    pub(crate) fn new(
        template: Arc<Template>,
        queue: mpsc::UnboundedSender<Job>,
        worker: AbortHandle,
        ended: watch::Receiver<()>,
    ) -> Self {
        Self { template, queue, worker, ended }
    }

    pub(crate) fn template(&self) -> &Arc<Template> {
        &self.template
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.template.core
    }

    /// The id it runs under.
    pub fn id(&self) -> &ComponentId {
        &self.template.core.id
    }

    /// Calls `init`, for a component loaded without starting it.
    ///
    /// # Errors
    ///
    /// The guest's own error, a trap, a limit; [`CallerError::AlreadyInitialised`] when it has been called before.
    pub async fn initialise(&self) -> Result<()> {
        self.ask(None, CallKind::Initialise).await
    }

    /// Calls an operation: `execute` with a fresh request id, in the host's name.
    ///
    /// # Errors
    ///
    /// What the guest answers, a trap, a limit, or that the component is gone or not initialised.
    pub async fn call(&self, operation: &str, input: impl Into<Vec<u8>>) -> Result<Vec<u8>> {
        self.call_with(operation, input, CallOptions::default()).await
    }

    /// Calls an operation and says who asks and how long it may take.
    ///
    /// # Errors
    ///
    /// As [`Component::call`]; [`CallerError::NotReached`] when the timeout passed before the call began.
    pub async fn call_with(&self, operation: &str, input: impl Into<Vec<u8>>, options: CallOptions) -> Result<Vec<u8>> {
        let now = SystemTime::now();
        let timeout = [options.timeout, options.deadline.map(|at| at.duration_since(now).unwrap_or_default())];
        let timeout = timeout.into_iter().flatten().min();
        let execution = Execution {
            operation: operation.to_owned(),
            input: input.into(),
            request_id: options.request_id.unwrap_or_else(request_id::fresh),
            caller: options.caller.unwrap_or(Caller::Host),
            deadline: timeout.and_then(|timeout| now.checked_add(timeout)),
            trace_parent: options.trace_parent,
        };
        let until = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        self.ask(until, |reply| CallKind::Execute { execution, reply }).await
    }

    /// Delivers a message in the name of `sender` and waits until it is handled.
    ///
    /// # Errors
    ///
    /// [`CallerError::MailboxFull`], [`CallerError::PayloadTooLarge`], and what the guest answers.
    pub async fn send_message(&self, sender: &ComponentId, message: impl Into<Vec<u8>>) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.post(sender, message.into(), Some(reply))?;
        self.answer(answer).await
    }

    /// Puts a message in the name of `sender` into the mailbox and does not wait for it.
    ///
    /// # Errors
    ///
    /// [`CallerError::MailboxFull`], [`CallerError::PayloadTooLarge`], or that the component is gone.
    pub fn post_message(&self, sender: &ComponentId, message: impl Into<Vec<u8>>) -> Result<()> {
        self.post(sender, message.into(), None)
    }

    fn post(&self, sender: &ComponentId, bytes: Vec<u8>, reply: Option<Reply<()>>) -> Result<()> {
        let size = bytes.len();
        if size > MAX_MESSAGE_BYTES {
            return Err(CallerError::PayloadTooLarge { size, limit: MAX_MESSAGE_BYTES }.into());
        }
        let sender = sender.clone();
        // An embedder's id may be of any length.
        let size = size + sender.version.pre.len() + sender.version.build.len();
        let message = |waiting| Job::Message { sender, bytes, waiting, reply };
        let delivered = self.template.core.deliver_from_host(size, message);
        delivered.map_err(|reason| match reason {
            NotDelivered::MailboxFull => CallerError::MailboxFull(self.template.core.id.clone()).into(),
            NotDelivered::Gone => self.gone().into(),
        })
    }

    /// What the guest says of itself. May be called before `init`.
    ///
    /// # Errors
    ///
    /// A trap, a limit, or that the component is gone.
    pub async fn metadata(&self) -> Result<ComponentMetadata> {
        self.ask(None, CallKind::Metadata).await
    }

    /// How the component feels. A trap and a late answer count as unhealthy; a component that is busy for longer than
    /// the host waits is [`HealthStatus::Unknown`].
    ///
    /// # Errors
    ///
    /// That the component is gone or not initialised.
    pub async fn health(&self) -> Result<Health> {
        let until = Instant::now() + HEALTH_DEADLINE;
        // Twice the deadline: the guest may begin to answer at the end of the first.
        match tokio::time::timeout(HEALTH_DEADLINE * 2, self.ask(Some(until), CallKind::Health)).await {
            Ok(Err(crate::Error::Caller(CallerError::NotReached(_)))) | Err(_) => {
                Ok(Health { status: HealthStatus::Unknown, reason: Some("it is busy".to_owned()) })
            }
            Ok(answer) => answer,
        }
    }

    /// Lets the component finish what waits, calls `shutdown` and unloads it. What is not done when the grace period
    /// is over is not done at all. Afterwards nothing is called any more, and what it held is free: memory, files, locks.
    ///
    /// # Errors
    ///
    /// What the guest answers; a limit when the grace period passed; the component is gone all the same.
    pub async fn shutdown(&self) -> Result<()> {
        if self.template.core.closing.swap(true, Ordering::AcqRel) {
            return Err(self.gone().into());
        }
        // In a task of its own: a caller that stops waiting must not leave it half done.
        let component = self.clone();
        tokio::spawn(async move { component.end().await }).await.unwrap_or_else(|_| Err(self.gone().into()))
    }

    async fn end(&self) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        let call = Call { kind: CallKind::Shutdown(reply), until: None, _slot: None };
        self.queue.send(Job::Call(call)).map_err(|_| self.gone())?;
        let grace = self.template.shutdown_grace;
        let result = tokio::time::timeout(grace, self.answer(answer)).await.unwrap_or_else(|_| {
            let milliseconds = u64::try_from(grace.as_millis()).unwrap_or(u64::MAX);
            Err(crate::Error::from(Box::new(LimitExceeded {
                component: self.id().clone(),
                language: self.core().language,
                operation: "shutdown".to_owned(),
                limit: Limit::ExecutionTime(milliseconds),
                trap: None,
            })))
        });
        self.discard().await;
        result
    }

    /// Ends it without a `shutdown` and waits until everything that its instance held is free: until the next tick of the
    /// epoch at the latest.
    pub(crate) async fn discard(&self) {
        self.stop();
        let _ = self.ended.clone().changed().await;
    }

    /// Ends it without a `shutdown`, soon.
    pub(crate) fn stop(&self) {
        self.template.core.closing.store(true, Ordering::Release);
        self.worker.abort();
        self.template.core.forget_requests();
        if let Some(registry) = self.template.core.registry.upgrade() {
            registry.remove(&self.template.core);
        }
    }

    /// Calls any function of any exported interface by name, e.g. `airssys:ext-filesystem/files@1.0.0` and
    /// `[method]file.read`. Resources that it returns stay valid until they are dropped with
    /// [`Component::drop_resource`], given back, or their instance ends; while there are any the instance is not
    /// replaced for its memory.
    ///
    /// # Errors
    ///
    /// As [`Component::call`], and [`CallerError`] for unknown functions, wrong arguments and stale resources.
    pub async fn invoke(&self, interface: &str, function: &str, arguments: Vec<Val>) -> Result<Vec<Val>> {
        if interface.split('@').next() == Some(LIFECYCLE) {
            return Err(CallerError::LifecycleByName.into());
        }
        let (interface, function) = (interface.to_owned(), function.to_owned());
        self.ask(None, |reply| CallKind::Invoke { interface, function, arguments, reply }).await
    }

    /// Drops a resource that [`Component::invoke`] returned.
    ///
    /// # Errors
    ///
    /// [`CallerError::StaleResource`], and what goes wrong in the guest's destructor.
    pub async fn drop_resource(&self, resource: ResourceAny) -> Result<()> {
        self.ask(None, |reply| CallKind::DropResource { resource, reply }).await
    }

    /// The parameters and results of an exported function.
    pub fn export_type(&self, interface: &str, function: &str) -> Option<ComponentFunc> {
        let engine = &self.template.engine;
        let component = self.template.compiled.component.component_type();
        let ComponentItem::ComponentInstance(instance) = component.get_export(engine, interface)?.ty else {
            return None;
        };
        let ComponentItem::ComponentFunc(function) = instance.get_export(engine, function)?.ty else {
            return None;
        };
        Some(function)
    }

    /// The names of everything it imports.
    pub fn imports(&self) -> Vec<String> {
        let component = self.template.compiled.component.component_type();
        component.imports(&self.template.engine).map(|(name, _)| name.to_owned()).collect()
    }

    /// The names of everything it exports.
    pub fn exports(&self) -> Vec<String> {
        let component = self.template.compiled.component.component_type();
        component.exports(&self.template.engine).map(|(name, _)| name.to_owned()).collect()
    }

    /// What has happened to it so far.
    pub fn stats(&self) -> Stats {
        self.template.core.counters.snapshot()
    }

    /// Messages and requests that wait in its mailbox.
    pub fn waiting_messages(&self) -> u32 {
        self.template.core.waiting_messages()
    }

    async fn ask<T>(&self, until: Option<Instant>, kind: impl FnOnce(Reply<T>) -> CallKind) -> Result<T> {
        if self.template.core.closing.load(Ordering::Acquire) {
            return Err(self.gone().into());
        }
        let slot = Arc::clone(&self.template.core.call_slots).acquire_owned().await.ok();
        let (reply, answer) = oneshot::channel();
        let call = Call { kind: kind(reply), until, _slot: slot };
        self.queue.send(Job::Call(call)).map_err(|_| self.gone())?;
        self.answer(answer).await
    }

    async fn answer<T>(&self, answer: oneshot::Receiver<Result<T>>) -> Result<T> {
        answer.await.unwrap_or_else(|_| Err(self.gone().into()))
    }

    fn gone(&self) -> CallerError {
        CallerError::ComponentGone(self.template.core.id.clone())
    }
}

impl fmt::Debug for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Component").field("id", &self.template.core.id).finish_non_exhaustive()
    }
}
