//! A started component: its mailbox, its replicas, and what they share. Handles lead to it, and so does the directory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, Weak};
use std::time::{Duration, Instant};

use airssys_wasm_policy::{Access, ComponentId, Permit};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use wasmtime::component::ResourceAny;

use crate::caller::Caller;
use crate::capability::host_memory::{HostMemory, Room};
use crate::capability::host_services::directory::{Addressee, Delivery, NotDelivered};
use crate::capability::host_services::log::Log;
use crate::capability::host_services::outbox::{Callbacks, Outbox};
use crate::compiled::CompiledComponent;
use crate::error::{CallerError, Error, Limit, LimitExceeded, Result};
use crate::instance::budget::Stop;
use crate::instance::factory::Factory;
use crate::job::{JOB_BYTES, Job, MAX_MAILBOX_BYTES, Request, made_to_fit};
use crate::locked::locked;
use crate::mailbox::{Bounds, Lane, Mailbox, NotTaken, Parcel, Revision, Sender, Taken, Workers};
use crate::metadata::ComponentMetadata;
use crate::replica::{Execution, Replica};
use crate::stats::{Counters, Stats};

/// Calls of the embedder that may wait in the mailbox of one component; the next one waits before it enters.
const MAX_WAITING_CALLS: usize = 256;
/// Places of one mailbox where threads park replicas: two per processor, so that two threads seldom share a place. Computed
/// once, because the standard library reads the number of processors from files.
static PLACES: LazyLock<usize> = LazyLock::new(|| 2 * std::thread::available_parallelism().map_or(1, usize::from));
/// The operation that a request calls.
const REQUEST_OPERATION: &str = "handle-request";
/// How long a task goes on with the jobs of a replica before it lets others have the thread. A guest is interrupted while
/// it runs; this is for many calls that are short, such as the callbacks of requests that all time out together.
const TURN: Duration = Duration::from_millis(5);

/// See the module.
pub(crate) struct RunningComponent {
    pub(crate) factory: Arc<Factory>,
    pub(crate) compiled: CompiledComponent,
    pub(crate) mailbox: Mailbox<Tasks>,
    pub(crate) log: Arc<Log>,
    pub(crate) memory: HostMemory,
    pub(crate) metadata: OnceLock<ComponentMetadata>,
    pub(crate) stop: Arc<Stop>,
    /// Counts of what is not done by one replica, and then of each replica.
    pub(crate) counters: Mutex<Vec<Arc<Counters>>>,
    outboxes: Mutex<Vec<Arc<Outbox>>>,
    /// Which replica has which of the resources that the embedder holds.
    lent: Mutex<Vec<(usize, ResourceAny)>>,
    waiting_calls: Semaphore,
    /// `init` succeeded once in each replica.
    started: AtomicBool,
    /// Removes it from its registry.
    unregister: Box<dyn Fn(&RunningComponent) + Send + Sync>,
    tokio: Handle,
}

/// Runs the jobs of the mailbox in tasks of Tokio.
pub(crate) struct Tasks {
    component: Weak<RunningComponent>,
    tokio: Handle,
}

impl Workers for Tasks {
    type Replica = Box<Replica>;
    type Job = Job;

    fn start(&self, index: usize, replica: Box<Replica>) {
        let Some(component) = self.component.upgrade() else { return };
        let work = Work { component, index, replica: Some(replica), lane: None, is_in_job: false };
        self.tokio.spawn(work.run());
    }
}

/// A replica that runs jobs.
struct Work {
    component: Arc<RunningComponent>,
    index: usize,
    replica: Option<Box<Replica>>,
    /// The one of the job that runs.
    lane: Option<Lane>,
    is_in_job: bool,
}

impl Work {
    async fn run(mut self) {
        let mut turn = Instant::now();
        loop {
            let Some(replica) = self.replica.take() else { return };
            let next = self.component.mailbox.next(self.index, replica, self.lane.take());
            let Some((replica, Taken { job, lane })) = next else { return };
            self.lane = lane;
            let replica = self.replica.insert(replica);
            self.is_in_job = true;
            self.component.handle(replica, job).await;
            self.is_in_job = false;
            if replica.is_to_be_recycled() {
                replica.recycle().await;
            }
            if turn.elapsed() >= TURN {
                tokio::task::yield_now().await;
                turn = Instant::now();
            }
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let Some(mut replica) = self.replica.take() else { return };
        if self.is_in_job && std::thread::panicking() {
            // The host failed in the middle of a job: the instance goes, and another one does the next job.
            replica.leave();
            self.component.mailbox.free_lane(self.lane.take());
            self.component.mailbox.give_back(self.index, replica);
        } else {
            // Tokio ends, and with it everything.
            self.component.mailbox.lose(self.index, self.lane.take());
        }
    }
}

/// A replica in the hands of a caller, who gives it back by dropping this.
pub(crate) struct Lease<'a> {
    component: &'a Arc<RunningComponent>,
    pub(crate) index: usize,
    replica: Option<Box<Replica>>,
}

impl std::ops::Deref for Lease<'_> {
    type Target = Replica;

    fn deref(&self) -> &Replica {
        self.replica.as_ref().expect("it is there until it is given back")
    }
}

impl std::ops::DerefMut for Lease<'_> {
    fn deref_mut(&mut self) -> &mut Replica {
        self.replica.as_mut().expect("it is there until it is given back")
    }
}

impl Lease<'_> {
    /// Gives the replica back, with a fresh instance if the old one holds too much. The caller does not wait for that.
    pub(crate) async fn recycled(mut self) {
        if !self.is_to_be_recycled() {
            return;
        }
        let Some(replica) = self.replica.take() else { return };
        let (component, index) = (Arc::clone(self.component), self.index);
        self.component.tokio.spawn(async move {
            let mut lease = Lease { component: &component, index, replica: Some(replica) };
            lease.recycle().await;
        });
        // Usually it is there at once.
        tokio::task::yield_now().await;
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(mut replica) = self.replica.take() {
            replica.leave();
            self.component.mailbox.give_back(self.index, replica);
        }
    }
}

/// What a component is started from.
pub(crate) struct Parts {
    pub(crate) factory: Arc<Factory>,
    pub(crate) compiled: CompiledComponent,
    pub(crate) log: Arc<Log>,
    pub(crate) memory: HostMemory,
    pub(crate) counters: Arc<Counters>,
    pub(crate) stop: Arc<Stop>,
    pub(crate) unregister: Box<dyn Fn(&RunningComponent) + Send + Sync>,
}

impl RunningComponent {
    /// A component without replicas. Must be called within a Tokio runtime.
    pub(crate) fn new(parts: Parts) -> Arc<Self> {
        let tokio = Handle::current();
        let bounds = Bounds { messages: parts.factory.subject.limits.mailbox_messages, bytes: MAX_MAILBOX_BYTES };
        Arc::new_cyclic(|component| Self {
            mailbox: Mailbox::new(bounds, *PLACES, Tasks { component: Weak::clone(component), tokio: tokio.clone() }),
            factory: parts.factory,
            compiled: parts.compiled,
            log: parts.log,
            memory: parts.memory,
            metadata: OnceLock::new(),
            stop: parts.stop,
            counters: Mutex::new(vec![parts.counters]),
            outboxes: Mutex::default(),
            lent: Mutex::default(),
            waiting_calls: Semaphore::new(MAX_WAITING_CALLS),
            started: AtomicBool::new(false),
            unregister: parts.unregister,
            tokio,
        })
    }

    /// Adds a replica, made by `make` from the outbox of its requests and its counters.
    pub(crate) fn add_replica(self: &Arc<Self>, make: impl FnOnce(Arc<Outbox>, Arc<Counters>) -> Replica) {
        let index = self.mailbox.replicas();
        let callbacks = Box::new(ReplicaCallbacks { component: Arc::downgrade(self), index });
        let (outbox, counters) = (Arc::new(Outbox::new(callbacks)), Arc::<Counters>::default());
        locked(&self.outboxes).push(Arc::clone(&outbox));
        locked(&self.counters).push(Arc::clone(&counters));
        self.mailbox.add(Revision::default(), Box::new(make(outbox, counters)));
    }

    pub(crate) fn id(&self) -> &Arc<ComponentId> {
        &self.factory.subject.id
    }

    pub(crate) fn tokio(&self) -> &Handle {
        &self.tokio
    }

    pub(crate) fn gone(&self) -> Error {
        CallerError::ComponentGone((**self.id()).clone()).into()
    }

    pub(crate) fn not_reached(&self) -> Error {
        CallerError::NotReached((**self.id()).clone()).into()
    }

    pub(crate) fn stats(&self) -> Stats {
        let mut all = Stats::default();
        locked(&self.counters).iter().for_each(|counters| all.add(&counters.snapshot()));
        all
    }

    pub(crate) fn is_started(&self) -> bool {
        self.started.load(Ordering::Acquire)
    }

    /// `init` has succeeded in each replica: what waits is taken.
    pub(crate) fn has_started(&self) {
        self.started.store(true, Ordering::Release);
        self.mailbox.open();
    }

    /// A free replica, if there is one and nobody has waited for longer.
    pub(crate) fn try_enter(self: &Arc<Self>) -> Result<Option<Lease<'_>>> {
        match self.mailbox.try_enter() {
            Ok(entered) => Ok(entered.map(|(index, replica)| Lease { component: self, index, replica: Some(replica) })),
            Err(_) => Err(self.gone()),
        }
    }

    /// A replica in the order of the senders' turns, until a certain time.
    pub(crate) async fn wait(self: &Arc<Self>, sender: Sender, until: Option<Instant>) -> Result<Lease<'_>> {
        if !self.is_started() {
            return Err(CallerError::NotInitialized((**self.id()).clone()).into());
        }
        let waiting = async {
            let _slot = self.waiting_calls.acquire().await;
            let entered = self.mailbox.enter(sender).map_err(|_| self.gone())?.await;
            self.lease(entered)
        };
        match until {
            None => waiting.await,
            Some(until) => {
                tokio::time::timeout_at(until.into(), waiting).await.unwrap_or_else(|_| Err(self.not_reached()))
            }
        }
    }

    /// A certain replica, ahead of all that any could do.
    pub(crate) async fn enter_replica(self: &Arc<Self>, index: usize) -> Result<Lease<'_>> {
        let entered = self.mailbox.enter_replica(index).map_err(|_| self.gone())?.await;
        self.lease(entered)
    }

    fn lease(self: &Arc<Self>, entered: Option<(usize, Box<Replica>)>) -> Result<Lease<'_>> {
        let (index, replica) = entered.ok_or_else(|| self.gone())?;
        Ok(Lease { component: self, index, replica: Some(replica) })
    }

    /// Puts a message of the embedder's into the mailbox, which needs nobody's permission.
    pub(crate) fn send(
        &self,
        sender: &ComponentId,
        bytes: Vec<u8>,
        reply: Option<oneshot::Sender<Result<()>>>,
    ) -> Result<(), NotDelivered> {
        // An embedder's id may be of any length.
        let size = bytes.len() + sender.version.pre.len() + sender.version.build.len();
        let lane = Arc::new(sender.clone());
        let sender = Arc::clone(&lane);
        self.post(Sender::Embedder, Lane(lane), size, |room| Job::Message { sender, bytes, reply, room })
    }

    fn post(
        &self,
        sender: Sender,
        lane: Lane,
        bytes: usize,
        job: impl FnOnce(Room) -> Job,
    ) -> Result<(), NotDelivered> {
        let bytes = (bytes as u64).saturating_add(JOB_BYTES);
        if self.mailbox.is_closed() {
            return Err(NotDelivered::Gone);
        }
        let room = self.memory.room_now(bytes).ok_or(NotDelivered::MailboxFull)?;
        let parcel = Parcel { sender, lane, place: rand::random(), bytes, job: job(room) };
        self.mailbox.post(parcel).map_err(|(reason, _)| match reason {
            NotTaken::Full => NotDelivered::MailboxFull,
            NotTaken::Closed => NotDelivered::Gone,
        })
    }

    async fn handle(&self, replica: &mut Replica, job: Job) {
        match job {
            Job::Message { sender, bytes, reply, room } => {
                drop(room);
                Counters::add(&replica.counters().messages);
                let result = replica.message(&sender, &bytes).await;
                match reply {
                    Some(reply) => drop(reply.send(result)),
                    None => note(replica, "a message was not handled", result),
                }
            }
            Job::Request { request, room } => {
                drop(room);
                Counters::add(&replica.counters().messages);
                self.handle_request(replica, request).await;
            }
            Job::Callback { request, outcome, room } => {
                drop(room);
                replica.outbox().took_callback();
                let result = replica.callback(&request, &outcome).await;
                note(replica, "a callback was not handled", result);
            }
        }
    }

    async fn handle_request(&self, replica: &mut Replica, request: Request) {
        let Request { id, sender, bytes, deadline, reply } = request;
        // Cancelled or timed out while it waited: nobody wants it any more.
        if reply.is_closed() {
            return;
        }
        let execution = Execution {
            operation: REQUEST_OPERATION,
            input: &bytes,
            request_id: Some(&id),
            caller: &Caller::Component((*sender).clone()),
            deadline: Some(deadline),
            trace_parent: None,
        };
        let result = replica.execute(&execution, replica.budget()).await;
        // Interrupted because the component ends: dropped without an outcome, the way back says so.
        if matches!(&result, Err(Error::Caller(error)) if matches!(**error, CallerError::ComponentGone(_))) {
            return;
        }
        let _ = reply.send(result.map_err(|error| format!("failed: {}", told_to_others(&error))));
    }

    /// Which replica has a resource that the embedder holds.
    pub(crate) fn holder_of(&self, resource: &ResourceAny) -> Option<usize> {
        locked(&self.lent).iter().find(|(_, lent)| lent == resource).map(|(index, _)| *index)
    }

    /// Notes which resources of a replica the embedder holds now.
    pub(crate) fn note_lent(&self, index: usize, lent: &[ResourceAny]) {
        let mut all = locked(&self.lent);
        all.retain(|(holder, _)| *holder != index);
        all.extend(lent.iter().map(|resource| (index, *resource)));
    }

    /// Lets it finish what waits, calls `shutdown` in each replica and ends it. What is not done when the grace period is
    /// over is not done at all.
    pub(crate) async fn shut_down(self: &Arc<Self>) -> Result<()> {
        let grace = self.factory.shutdown_grace;
        let orderly = async {
            self.mailbox.at_rest().await;
            let mut result = Ok(());
            for index in 0..self.mailbox.replicas() {
                let shut_down = self.enter_replica(index).await?.shut_down().await;
                result = result.and(shut_down);
            }
            result
        };
        let result = tokio::time::timeout(grace, orderly).await.unwrap_or_else(|_| {
            Err(Error::from(Box::new(LimitExceeded {
                component: (**self.id()).clone(),
                language: self.factory.subject.language,
                operation: "shutdown".to_owned(),
                limit: Limit::ExecutionTime(grace),
                trap: None,
            })))
        });
        self.discard().await;
        result
    }

    /// Ends it without a `shutdown` and waits until everything that its instances held is free: until the next tick of
    /// the epoch, if those who called it go on.
    pub(crate) async fn discard(&self) {
        self.end();
        self.mailbox.all_back().await;
    }

    /// Ends it without a `shutdown`, soon.
    pub(crate) fn end(&self) {
        self.stop.stop();
        self.mailbox.stop();
        locked(&self.outboxes).iter().for_each(|outbox| outbox.forget());
        (self.unregister)(self);
    }
}

impl Addressee for RunningComponent {
    fn deliver(&self, permit: Permit, delivery: Delivery) -> Result<(), NotDelivered> {
        match permit.access() {
            Access::Messaging { target } if *target == **self.id() => {}
            _ => return Err(NotDelivered::Gone),
        }
        match delivery {
            Delivery::Message { sender, bytes } => {
                let (turn, lane) = (Sender::Component(Arc::clone(&sender)), Lane(Arc::clone(&sender)));
                self.post(turn, lane, bytes.len(), |room| Job::Message { sender, bytes, reply: None, room })
            }
            Delivery::Request(request) => {
                let sender = &request.sender;
                let (turn, lane) = (Sender::Component(Arc::clone(sender)), Lane(Arc::clone(sender)));
                self.post(turn, lane, request.bytes.len(), |room| Job::Request { request, room })
            }
        }
    }

    fn metadata(&self) -> Option<&ComponentMetadata> {
        self.metadata.get()
    }
}

/// The inbox of one replica, for the outcomes of its requests.
struct ReplicaCallbacks {
    component: Weak<RunningComponent>,
    index: usize,
}

impl Callbacks for ReplicaCallbacks {
    /// The callback comes in any case, if need be without the bytes for which the mailbox has no room.
    fn call_back(&self, request: String, outcome: Result<Vec<u8>, String>) {
        // A component that has gone needs no callback.
        let Some(component) = self.component.upgrade() else { return };
        let (outcome, bytes, room) = made_to_fit(outcome, &component.memory, |bytes| component.mailbox.reserve(bytes));
        component.mailbox.post_to(self.index, Job::Callback { request, outcome, room }, bytes);
    }
}

/// Errors that no caller waits for end up in the host's own log.
fn note(replica: &Replica, message: &str, result: Result<()>) {
    if let Err(error) = result {
        replica.warn(&error, message);
    }
}

/// What another component may know about a failure here: the guest's own words, and no details of the host.
fn told_to_others(error: &Error) -> String {
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
