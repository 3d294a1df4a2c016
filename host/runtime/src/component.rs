//! The handle of a started component.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use airssys_wasm_policy::ComponentId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;
use wasmtime::component::types::ComponentFunc;
use wasmtime::component::{ResourceAny, Val};

use crate::background::blocking;
use crate::caller::Caller;
use crate::capability::host_services::directory::NotDelivered;
use crate::compiled::CompiledComponent;
use crate::error::{CallerError, Result};
use crate::instance::arguments::resources_in;
use crate::instance::budget::Budget;
use crate::job::MAX_MESSAGE_BYTES;
use crate::mailbox::Sender;
use crate::metadata::{ComponentMetadata, Health, HealthStatus};
use crate::replica::{Execution, HEALTH_DEADLINE};
use crate::running_component::RunningComponent;
use crate::source::Source;
use crate::stats::Stats;

/// JSON that is read on the thread of the caller: for so much it takes a few milliseconds.
const MAX_QUICK_JSON_BYTES: usize = 256 << 10;
/// The lifecycle's interface, which has methods of its own here.
const LIFECYCLE: &str = "airssys:core/component-lifecycle";

/// A started component. Clones are cheap and mean the same component. When the last one goes, and the runtime with it, the
/// component is shut down.
///
/// A component is one [replica](crate::Start::replicas) or several. Each does one thing at a time. A call that finds a free
/// replica runs in the caller's own task, and one that finds none waits for its turn; a caller that goes away in the middle
/// of a call interrupts the guest. An instance that traps, runs out of time or is interrupted is dropped; the next call
/// gets a fresh one, made and initialized like the first, so that everything the guest kept in memory is gone then. The
/// same happens when the instance holds too much memory: see [`Stats::recycled`].
///
/// A component that may have more than 128 MiB of memory holds its thread for long at times, and asks Tokio to move other
/// tasks away from it, which Tokio refuses in a `LocalSet`: call such a component from a spawned task.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
/// let component = runtime.start(support::guest()).await?;
/// assert_eq!(component.call("echo", "hello").await?, b"hello");
/// component.shutdown().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Component(Arc<Handle>);

/// Shared by all clones.
struct Handle(Arc<RunningComponent>);

impl Drop for Handle {
    fn drop(&mut self) {
        let component = Arc::clone(&self.0);
        if component.mailbox.close() {
            let tokio = component.tokio().clone();
            tokio.spawn(async move {
                if let Err(error) = component.shut_down().await
                    && let Some(error) = component.log.note(&error)
                {
                    tracing::warn!(component = %component.id(), error, "the component did not shut down");
                }
            });
        }
    }
}

/// How one operation is called.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// use std::time::Duration;
///
/// use airssys_wasm::CallOptions;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
/// let component = runtime.start(support::guest()).await?;
/// let mut options = CallOptions::default();
/// options.request_id = Some("request-7".to_owned());
/// options.timeout = Some(Duration::from_secs(5));
/// assert_eq!(component.call_with("context", "", options).await?, b"request-7");
/// # Ok(())
/// # }
/// ```
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
    pub(crate) fn new(running: Arc<RunningComponent>) -> Self {
        Self(Arc::new(Handle(running)))
    }

    pub(crate) fn running(&self) -> &Arc<RunningComponent> {
        &self.0.0
    }

    /// The id it runs under.
    pub fn id(&self) -> &ComponentId {
        self.running().id()
    }

    /// The code that it runs, which can be started once more under another id.
    pub fn compiled(&self) -> &CompiledComponent {
        &self.running().compiled
    }

    /// How many replicas it has.
    pub fn replicas(&self) -> usize {
        self.running().mailbox.replicas()
    }

    /// Calls `init`, for a component that was started [uninitialized](crate::Start::uninitialized).
    ///
    /// # Errors
    ///
    /// The guest's own error, a trap, a limit; [`CallerError::AlreadyInitialized`] when it has been called before.
    pub async fn initialize(&self) -> Result<()> {
        let running = self.running();
        self.check_open()?;
        for index in 0..running.mailbox.replicas() {
            running.enter_replica(index).await?.initialize().await?;
        }
        running.has_started();
        Ok(())
    }

    /// Calls an operation: `execute` with a fresh request id, in the host's name.
    ///
    /// Must be called within a Tokio runtime; [`blocking`](crate::blocking) is for those who have none.
    ///
    /// # Errors
    ///
    /// What the guest answers, a trap, a limit, or that the component is gone or not initialized.
    pub async fn call(&self, operation: &str, input: impl AsRef<[u8]>) -> Result<Vec<u8>> {
        let execution = Execution {
            operation,
            input: input.as_ref(),
            request_id: None,
            caller: &Caller::Host,
            deadline: None,
            trace_parent: None,
        };
        self.execute(&execution, None).await
    }

    /// Calls an operation with a value as JSON, and reads its output as JSON.
    ///
    /// # Errors
    ///
    /// As [`Component::call`]; [`CallerError::NotJson`] when the value cannot be written, or the output is no JSON of the
    /// expected shape.
    pub async fn call_json<O: DeserializeOwned + Send + 'static>(
        &self,
        operation: &str,
        input: &impl Serialize,
    ) -> Result<O> {
        let not_json = |error: serde_json::Error| CallerError::NotJson {
            operation: operation.to_owned(),
            reason: error.to_string(),
        };
        let input = serde_json::to_vec(input).map_err(not_json)?;
        let output = self.call(operation, input).await?;
        let read = match output.len() {
            // The guest decides how long it takes to read.
            MAX_QUICK_JSON_BYTES.. => blocking(move |_| serde_json::from_slice(&output)).await,
            _ => serde_json::from_slice(&output),
        };
        Ok(read.map_err(not_json)?)
    }

    /// Calls an operation and says who asks and how long it may take.
    ///
    /// # Errors
    ///
    /// As [`Component::call`]; [`CallerError::NotReached`] when the timeout passed before the call began.
    pub async fn call_with(&self, operation: &str, input: impl AsRef<[u8]>, options: CallOptions) -> Result<Vec<u8>> {
        let now = SystemTime::now();
        let timeout = [options.timeout, options.deadline.map(|at| at.duration_since(now).unwrap_or_default())];
        let timeout = timeout.into_iter().flatten().min();
        let execution = Execution {
            operation,
            input: input.as_ref(),
            request_id: options.request_id.as_deref(),
            caller: options.caller.as_ref().unwrap_or(&Caller::Host),
            deadline: timeout.and_then(|timeout| now.checked_add(timeout)),
            trace_parent: options.trace_parent,
        };
        let until = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        self.execute(&execution, until).await
    }

    async fn execute(&self, execution: &Execution<'_>, until: Option<Instant>) -> Result<Vec<u8>> {
        let running = self.running();
        let mut replica = match running.try_enter()? {
            Some(replica) => replica,
            // In a box: the future of a call that finds a free replica is the smaller.
            None => Box::pin(running.wait(turn_of(execution.caller), until)).await?,
        };
        let mut budget = replica.budget();
        if let Some(until) = until {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(running.not_reached());
            }
            budget = Budget { wall: budget.wall.min(left), ..budget };
        }
        let result = replica.execute(execution, budget).await;
        if replica.is_to_be_recycled() {
            Box::pin(replica.recycled()).await;
        }
        result
    }

    /// Delivers a message in the name of `sender` and waits until it is handled.
    ///
    /// # Errors
    ///
    /// [`CallerError::MailboxFull`], [`CallerError::PayloadTooLarge`], and what the guest answers.
    pub async fn deliver_message(&self, sender: &ComponentId, message: impl Into<Vec<u8>>) -> Result<()> {
        let running = self.running();
        if !running.is_started() && !running.mailbox.is_closed() {
            return Err(CallerError::NotInitialized(self.id().clone()).into());
        }
        let (reply, answer) = oneshot::channel();
        self.post(sender, message.into(), Some(reply))?;
        answer.await.unwrap_or_else(|_| Err(self.running().gone()))
    }

    /// Puts a message in the name of `sender` into the mailbox and does not wait for it.
    ///
    /// # Errors
    ///
    /// [`CallerError::MailboxFull`], [`CallerError::PayloadTooLarge`], or that the component is gone.
    pub fn send_message(&self, sender: &ComponentId, message: impl Into<Vec<u8>>) -> Result<()> {
        self.post(sender, message.into(), None)
    }

    fn post(&self, sender: &ComponentId, bytes: Vec<u8>, reply: Option<oneshot::Sender<Result<()>>>) -> Result<()> {
        let size = bytes.len();
        if size > MAX_MESSAGE_BYTES {
            return Err(CallerError::PayloadTooLarge { size, limit: MAX_MESSAGE_BYTES }.into());
        }
        self.running().send(sender, bytes, reply).map_err(|reason| match reason {
            NotDelivered::MailboxFull => CallerError::MailboxFull(self.id().clone()).into(),
            NotDelivered::Gone => self.running().gone(),
        })
    }

    /// What the guest says of itself. May be called before `init`.
    ///
    /// # Errors
    ///
    /// A trap, a limit, or that the component is gone.
    pub async fn metadata(&self) -> Result<ComponentMetadata> {
        self.check_open()?;
        self.running().enter_replica(0).await?.metadata().await
    }

    /// How the component is: of its replicas, the one that is worst. A trap and a late answer count as unhealthy; a
    /// component that is busy for longer than the host waits is [`HealthStatus::Unknown`].
    ///
    /// # Errors
    ///
    /// That the component is gone or not initialized.
    pub async fn health(&self) -> Result<Health> {
        self.check_open()?;
        let mut worst = Health { status: HealthStatus::Healthy, reason: None };
        for index in 0..self.replicas() {
            let health = self.health_of(index).await?;
            if health.status.badness() > worst.status.badness() {
                worst = health;
            }
        }
        Ok(worst)
    }

    async fn health_of(&self, index: usize) -> Result<Health> {
        let entered = tokio::time::timeout(HEALTH_DEADLINE, self.running().enter_replica(index)).await;
        match entered {
            Ok(replica) => replica?.health().await,
            Err(_) => Ok(Health { status: HealthStatus::Unknown, reason: Some("it is busy".to_owned()) }),
        }
    }

    /// Lets the component finish its waiting messages and calls, calls `shutdown` and unloads it. What is not done when the
    /// grace period is over is not done at all. Afterwards nothing is called any more, and everything that it held is free:
    /// memory, files, locks.
    ///
    /// # Errors
    ///
    /// What the guest answers; a limit when the grace period passed; the component is gone all the same.
    pub async fn shutdown(&self) -> Result<()> {
        let running = self.running();
        if !running.mailbox.close() {
            return Err(running.gone());
        }
        // In a task of its own: a caller that stops waiting must not leave it half done.
        let ending = Arc::clone(running);
        tokio::spawn(async move { ending.shut_down().await }).await.unwrap_or_else(|_| Err(running.gone()))
    }

    /// Calls any function of any exported interface by name, e.g. `airssys:ext-filesystem/files@1.0.0` and
    /// `[method]file.read`. Resources that it returns stay valid until they are dropped with
    /// [`Component::drop_resource`], given back, or their instance ends; while there are any the instance is not
    /// replaced for its memory. A call with a resource goes to the replica that it is of.
    ///
    /// # Errors
    ///
    /// As [`Component::call`], and [`CallerError`] for unknown functions, wrong arguments and stale resources.
    pub async fn invoke(&self, interface: &str, function: &str, arguments: Vec<Val>) -> Result<Vec<Val>> {
        if interface.split('@').next() == Some(LIFECYCLE) {
            return Err(CallerError::LifecycleByName.into());
        }
        let running = self.running();
        let holder = resources_in(&arguments).first().and_then(|resource| running.holder_of(resource));
        let mut replica = match holder {
            Some(index) if running.is_started() => {
                self.check_open()?;
                running.enter_replica(index).await?
            }
            _ => match running.try_enter()? {
                Some(replica) => replica,
                None => running.wait(Sender::Embedder, None).await?,
            },
        };
        let result = replica.invoke(interface, function, &arguments).await;
        running.note_lent(replica.index, replica.lent());
        replica.recycled().await;
        result
    }

    /// Drops a resource that [`Component::invoke`] returned.
    ///
    /// # Errors
    ///
    /// [`CallerError::StaleResource`], and what goes wrong in the guest's destructor.
    pub async fn drop_resource(&self, resource: ResourceAny) -> Result<()> {
        self.check_open()?;
        let running = self.running();
        let stale = || CallerError::StaleResource(self.id().clone());
        let index = running.holder_of(&resource).ok_or_else(stale)?;
        let mut replica = running.enter_replica(index).await?;
        let result = replica.drop_resource(resource).await;
        running.note_lent(index, replica.lent());
        replica.recycled().await;
        result
    }

    /// The parameters and results of an exported function.
    pub fn export_type(&self, interface: &str, function: &str) -> Option<ComponentFunc> {
        self.compiled().export_type(interface, function)
    }

    /// The names of everything it imports.
    pub fn imports(&self) -> Vec<String> {
        self.compiled().imports()
    }

    /// The names of everything it exports.
    pub fn exports(&self) -> Vec<String> {
        self.compiled().exports()
    }

    /// What has happened to it so far, in all its replicas.
    pub fn stats(&self) -> Stats {
        self.running().stats()
    }

    /// Messages and requests that wait in its mailbox.
    pub fn waiting_messages(&self) -> u32 {
        self.running().mailbox.waiting_messages()
    }

    fn check_open(&self) -> Result<()> {
        if self.running().mailbox.is_closed() { Err(self.running().gone()) } else { Ok(()) }
    }
}

/// Whose turn a call is.
fn turn_of(caller: &Caller) -> Sender {
    match caller {
        Caller::Host => Sender::Embedder,
        Caller::External(name) => Sender::External(name.as_str().into()),
        Caller::Component(id) => Sender::Component(Arc::new(id.clone())),
    }
}

impl From<&Component> for Source {
    /// The code of a component that is loaded, to be started once more: it needs an id of its own, and nothing else is
    /// taken over.
    fn from(component: &Component) -> Self {
        Self::Compiled(component.compiled().clone())
    }
}

impl fmt::Debug for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Component").field("id", self.id()).finish_non_exhaustive()
    }
}
