//! What one loaded component is apart from its instance: identity, permissions, limits, counters, requests in flight.
//!
//! Instances come and go; this stays. Host functions, the worker that owns the instance and the handles all share it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use airssys_wasm_policy::{Access, ComponentId, Gate, Language, Limits, Permit};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;

use crate::bindings::types;
use crate::capability::audit::Refusals;
use crate::capability::filesystem::Filesystem;
use crate::capability::host_memory::{HostMemory, Room};
use crate::capability::host_services::last_words::Listener;
use crate::capability::host_services::log::Log;
use crate::capability::network::Network;
use crate::capability::process::Processes;
use crate::config::ResolvedLimits;
use crate::instance::queue::{Job, MAX_QUEUED_CALLS};
use crate::metadata::ComponentMetadata;
use crate::registry::Registry;
use crate::source_map::SourceMap;

/// Requests that a component may have waiting for their callbacks.
pub(crate) const MAX_PENDING_REQUESTS: usize = 256;
/// One message or request. Larger data goes through a file.
pub const MAX_MESSAGE_BYTES: usize = 1 << 20;
/// All messages, requests and replies that wait for one component, with what the host takes to keep each.
pub const MAX_MAILBOX_BYTES: u64 = 64 << 20;

/// What a message takes besides its bytes, for which a mailbox of empty messages must have room too: its place in the
/// queue, the sender's id at its longest, a request's own id and the way back to who sent it.
const JOB_BYTES: u64 = size_of::<Job>() as u64 + MAX_ID_BYTES + 256;
/// Two parts of a name and a version, as long as they may be.
const MAX_ID_BYTES: u64 = 64 + 64 + 128;

/// Threads that a component may occupy with work that blocks. A guest waits for one thing at a time; the others are for
/// what goes on after a guest was interrupted. All components together have a few hundred.
const MAX_BLOCKING: usize = 4;

/// The shared part of one loaded component.
pub(crate) struct Core {
    pub(crate) id: ComponentId,
    /// The hash of its file.
    pub(crate) content: [u8; 32],
    /// What Component.toml says it is written in.
    pub(crate) language: Option<Language>,
    /// Where the lines of its stacks come from, if it is a bundle.
    pub(crate) source_map: Option<Arc<SourceMap>>,
    pub(crate) gate: Gate,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) limits: ResolvedLimits,
    pub(crate) filesystem: Filesystem,
    pub(crate) network: Network,
    pub(crate) processes: Processes,
    pub(crate) blocking: Arc<Semaphore>,
    /// What `init` gets, with the limits as they were declared.
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) data: Option<Vec<u8>>,
    pub(crate) declared_limits: Limits,
    pub(crate) metadata: OnceLock<ComponentMetadata>,
    pub(crate) log: Log,
    pub(crate) last_words: Listener,
    pub(crate) counters: Arc<Counters>,
    pub(crate) call_slots: Arc<Semaphore>,
    /// What all components of the runtime share.
    pub(crate) memory: HostMemory,
    /// Nothing new is taken on.
    pub(crate) closing: AtomicBool,
    pub(crate) registry: Weak<Registry>,
    queue: mpsc::WeakUnboundedSender<Job>,
    last_time: Mutex<Duration>,
    requests: Mutex<Requests>,
    waiting_messages: AtomicU32,
    waiting_bytes: AtomicU64,
}

/// Requests that the component has sent.
#[derive(Default)]
struct Requests {
    /// Without an outcome so far: what waits for it.
    open: HashMap<String, AbortHandle>,
    /// With an outcome, whose callback the worker has not taken yet. They count too: a guest that sends and cancels
    /// without end would fill the queue otherwise.
    ended: usize,
}

/// What [`Core::new`] is made from.
pub(crate) struct CoreParts {
    pub(crate) id: ComponentId,
    pub(crate) content: [u8; 32],
    pub(crate) language: Option<Language>,
    pub(crate) source_map: Option<Arc<SourceMap>>,
    pub(crate) gate: Gate,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) limits: ResolvedLimits,
    pub(crate) filesystem: Filesystem,
    pub(crate) network: Network,
    pub(crate) processes: Processes,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) data: Option<Vec<u8>>,
    pub(crate) declared_limits: Limits,
    pub(crate) log: Log,
    pub(crate) memory: HostMemory,
    pub(crate) registry: Weak<Registry>,
    pub(crate) queue: mpsc::WeakUnboundedSender<Job>,
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotDelivered {
    MailboxFull,
    Gone,
}

impl Core {
    pub(crate) fn new(parts: CoreParts) -> Self {
        Self {
            id: parts.id,
            content: parts.content,
            language: parts.language,
            source_map: parts.source_map,
            gate: parts.gate,
            counters: Arc::clone(parts.refusals.counters()),
            refusals: parts.refusals,
            limits: parts.limits,
            filesystem: parts.filesystem,
            network: parts.network,
            processes: parts.processes,
            blocking: Arc::new(Semaphore::new(MAX_BLOCKING)),
            environment: parts.environment,
            data: parts.data,
            declared_limits: parts.declared_limits,
            metadata: OnceLock::new(),
            log: parts.log,
            last_words: Listener::default(),
            call_slots: Arc::new(Semaphore::new(MAX_QUEUED_CALLS)),
            memory: parts.memory,
            closing: AtomicBool::new(false),
            registry: parts.registry,
            queue: parts.queue,
            last_time: Mutex::default(),
            requests: Mutex::default(),
            waiting_messages: AtomicU32::new(0),
            waiting_bytes: AtomicU64::new(0),
        }
    }

    /// What is kept for the error of a call is that of this call alone.
    pub(crate) fn call_begins(&self) {
        self.refusals.forget();
        self.last_words.forget();
    }

    /// Wall-clock time that never goes back within this component, whatever happens to the machine's clock.
    pub(crate) fn now(&self) -> types::Timestamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut last = self.last_time.lock().unwrap_or_else(PoisonError::into_inner);
        *last = now.max(*last);
        timestamp(*last)
    }

    /// Puts another component's message or request into the mailbox, or says at once that it cannot be done. The permit
    /// is the sender's, for this component.
    pub(crate) fn deliver(
        &self,
        permit: Permit,
        bytes: usize,
        job: impl FnOnce(Waiting) -> Job,
    ) -> Result<(), NotDelivered> {
        match permit.access() {
            Access::Messaging { target } if *target == self.id => self.enqueue(bytes, job),
            _ => Err(NotDelivered::Gone),
        }
    }

    /// Puts a message of the embedder into the mailbox, which needs nobody's permission.
    pub(crate) fn deliver_from_host(&self, bytes: usize, job: impl FnOnce(Waiting) -> Job) -> Result<(), NotDelivered> {
        self.enqueue(bytes, job)
    }

    fn enqueue(&self, bytes: usize, job: impl FnOnce(Waiting) -> Job) -> Result<(), NotDelivered> {
        let queue = self.queue.upgrade().ok_or(NotDelivered::Gone)?;
        if self.closing.load(Ordering::Acquire) {
            return Err(NotDelivered::Gone);
        }
        let bytes = (bytes as u64).saturating_add(JOB_BYTES);
        let reserved = self
            .waiting_messages
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |waiting| {
                (waiting < self.limits.mailbox_messages).then_some(waiting + 1)
            })
            .is_ok();
        if !reserved {
            return Err(NotDelivered::MailboxFull);
        }
        let before = self.waiting_bytes.fetch_add(bytes, Ordering::AcqRel);
        let fits = before.saturating_add(bytes) <= MAX_MAILBOX_BYTES;
        let Some(room) = self.memory.room_now(bytes).filter(|_| fits) else {
            self.took(bytes);
            return Err(NotDelivered::MailboxFull);
        };
        queue.send(job(Waiting { bytes, _room: room })).map_err(|_| NotDelivered::Gone)
    }

    /// The worker has taken a message out of the mailbox.
    pub(crate) fn took_message(&self, waiting: Waiting) {
        self.took(waiting.bytes);
    }

    fn took(&self, bytes: u64) {
        self.waiting_messages.fetch_sub(1, Ordering::AcqRel);
        self.waiting_bytes.fetch_sub(bytes, Ordering::AcqRel);
    }

    pub(crate) fn waiting_messages(&self) -> u32 {
        self.waiting_messages.load(Ordering::Acquire)
    }

    /// Keeps a request until its outcome is known. `watch` starts what waits for it and ends in [`Core::finish`].
    pub(crate) fn keep_request(&self, id: String, watch: impl FnOnce() -> AbortHandle) {
        // The lock is held until the entry is there, so that an outcome that comes at once finds it.
        let mut requests = self.requests();
        requests.open.insert(id, watch());
    }

    /// Whether another request may be sent. Only the one instance sends requests, so nothing comes in between.
    pub(crate) fn has_room_for_request(&self) -> bool {
        let requests = self.requests();
        requests.open.len() + requests.ended < MAX_PENDING_REQUESTS
    }

    /// Ends a request. Whoever takes the entry out delivers the one callback; everybody else comes too late.
    pub(crate) fn finish(&self, request: &str, outcome: Result<Vec<u8>, String>) -> bool {
        let watch = {
            let mut requests = self.requests();
            let Some(watch) = requests.open.remove(request) else {
                return false;
            };
            requests.ended += 1;
            watch
        };
        watch.abort();
        // A component that has gone needs no callback.
        if let Some(queue) = self.queue.upgrade() {
            let (bytes, outcome) = self.make_room_for(outcome);
            let _ = queue.send(Job::Callback { request: request.to_owned(), outcome, bytes });
        }
        true
    }

    /// Takes the outcome's bytes out of what the mailbox may hold. The callback comes in any case, if need be without
    /// them.
    fn make_room_for(&self, outcome: Result<Vec<u8>, String>) -> (ReplyBytes, Result<Vec<u8>, String>) {
        let bytes = match &outcome {
            Ok(reply) if reply.len() > MAX_MESSAGE_BYTES => {
                return (
                    ReplyBytes::default(),
                    Err(format!("failed: the reply has more than {MAX_MESSAGE_BYTES} bytes")),
                );
            }
            Ok(reply) => JOB_BYTES + reply.len() as u64,
            Err(text) => JOB_BYTES + text.len() as u64,
        };
        let fits = self.waiting_bytes.fetch_add(bytes, Ordering::AcqRel).saturating_add(bytes) <= MAX_MAILBOX_BYTES;
        match self.memory.room_now(bytes).filter(|_| fits) {
            Some(room) => (ReplyBytes { bytes, _room: Some(room) }, outcome),
            None => {
                self.waiting_bytes.fetch_sub(bytes, Ordering::AcqRel);
                (ReplyBytes::default(), Err("failed: the mailbox has no room for the reply".to_owned()))
            }
        }
    }

    /// The worker has taken a callback out of the queue.
    pub(crate) fn took_callback(&self, bytes: ReplyBytes) {
        self.requests().ended -= 1;
        self.waiting_bytes.fetch_sub(bytes.bytes, Ordering::AcqRel);
    }

    fn requests(&self) -> std::sync::MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all requests in flight: the component is going, and nothing calls it any more.
    pub(crate) fn forget_requests(&self) {
        for (_, watch) in self.requests().open.drain() {
            watch.abort();
        }
    }
}

/// A place in the mailbox, given back with [`Core::took_message`].
#[derive(Debug)]
pub(crate) struct Waiting {
    bytes: u64,
    _room: Room,
}

/// Room for a reply, given back with [`Core::took_callback`].
#[derive(Debug, Default)]
pub(crate) struct ReplyBytes {
    bytes: u64,
    _room: Option<Room>,
}

pub(crate) fn timestamp(since_epoch: Duration) -> types::Timestamp {
    types::Timestamp { seconds: since_epoch.as_secs(), nanoseconds: since_epoch.subsec_nanos() }
}

macro_rules! counters {
    ($($(#[$docs:meta])* $name:ident,)*) => {
        #[derive(Debug, Default)]
        pub(crate) struct Counters { $(pub(crate) $name: AtomicU64,)* }

        /// What has happened to one component since it was loaded.
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
        #[non_exhaustive]
        pub struct Stats { $($(#[$docs])* pub $name: u64,)* }

        impl Counters {
            pub(crate) fn snapshot(&self) -> Stats {
                Stats { $($name: self.$name.load(Ordering::Relaxed),)* }
            }
        }
    };
}

counters! {
    /// Calls that reached the guest, of every kind.
    calls,
    /// Calls that ended in a trap.
    traps,
    /// Calls that were stopped by a limit.
    limits_exceeded,
    /// Instances made, the first one included.
    instances,
    /// Instances replaced because of the memory they held; each time the guest's state began anew.
    recycled,
    /// Replacements that failed; the next call made another attempt.
    recycling_failed,
    /// Messages and requests taken from the mailbox.
    messages,
    /// Log records that were passed on.
    log_records,
    /// Log records dropped because there were too many.
    log_records_dropped,
    /// Decisions of the policy that were permissions.
    allowed,
    /// Permissions that no audit record stands for, because they were too many and too different.
    allowed_dropped,
    /// Decisions of the policy that were refusals.
    refusals,
    /// Refusals that no audit record stands for, because they were too many and too different.
    refusals_dropped,
    /// Linear memory of the running instance after its last call, in bytes.
    memory_bytes,
    /// The most linear memory that an instance has had, in bytes.
    peak_memory_bytes,
}

impl Counters {
    pub(crate) fn saw_memory(&self, used: u64, peak: u64) {
        self.memory_bytes.store(used, Ordering::Relaxed);
        self.peak_memory_bytes.fetch_max(peak, Ordering::Relaxed);
    }

    pub(crate) fn add(counter: &AtomicU64) {
        Self::add_many(counter, 1);
    }

    pub(crate) fn add_many(counter: &AtomicU64, many: u64) {
        counter.fetch_add(many, Ordering::Relaxed);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use airssys_wasm_policy::Permissions;

    use super::*;
    use crate::capability::audit::TracingAudit;
    use crate::capability::filesystem::FilesystemLimits;
    use crate::capability::host_services::log::LogSink;
    use crate::capability::network::NetworkServices;
    use crate::capability::process::ProcessServices;

    /// A component that has no instance and may do nothing.
    pub(crate) fn core_with_log(sink: Arc<dyn LogSink>) -> Arc<Core> {
        let id: ComponentId = "test/core@1.0.0".parse().unwrap();
        let refusals = Arc::new(Refusals::new(Arc::new(TracingAudit)));
        let gate = Gate::new(id.clone(), Permissions::none(), Permissions::none(), refusals.clone());
        let filesystem = Filesystem::new(gate.clone(), &[], FilesystemLimits::default()).unwrap();
        let config = crate::RuntimeConfig::default();
        let network = Network::new(gate.clone(), Arc::new(NetworkServices::new(&config.network).unwrap()));
        let processes = Processes::new(
            gate.clone(),
            filesystem.clone(),
            Vec::new(),
            Arc::new(ProcessServices::new(config.processes)),
        );
        let (queue, _) = mpsc::unbounded_channel();
        Arc::new(Core::new(CoreParts {
            id,
            content: [0; 32],
            language: None,
            source_map: None,
            gate,
            refusals,
            limits: config.default_limits,
            filesystem,
            network,
            processes,
            environment: Vec::new(),
            data: None,
            declared_limits: Limits::default(),
            log: Log::new(Some(sink)),
            memory: HostMemory::at_most(config.max_host_memory_bytes),
            registry: Weak::new(),
            queue: queue.downgrade(),
        }))
    }

    struct Nowhere;
    impl LogSink for Nowhere {
        fn record(&self, _: &crate::LogRecord) {}
    }

    #[test]
    fn time_never_goes_back() {
        let core = core_with_log(Arc::new(Nowhere));
        let ahead = Duration::from_secs(u64::from(u32::MAX));
        *core.last_time.lock().unwrap() = ahead;
        let now = core.now();
        assert_eq!((now.seconds, now.nanoseconds), (ahead.as_secs(), 0), "the clock was set back, or so it looks");
    }

    #[test]
    fn replies_take_room_in_the_mailbox_and_callbacks_come_without_them_if_there_is_none() {
        let core = core_with_log(Arc::new(Nowhere));
        let (_, outcome) = core.make_room_for(Ok(vec![0; MAX_MESSAGE_BYTES + 1]));
        assert!(outcome.unwrap_err().starts_with("failed: "));
        let mut taken = Vec::new();
        for _ in 0..MAX_MAILBOX_BYTES / (MAX_MESSAGE_BYTES as u64 + JOB_BYTES) {
            let (bytes, outcome) = core.make_room_for(Ok(vec![0; MAX_MESSAGE_BYTES]));
            assert!(outcome.is_ok());
            taken.push(bytes);
        }
        assert!(core.make_room_for(Ok(vec![0; MAX_MESSAGE_BYTES])).1.is_err());
        core.requests().ended = 1;
        core.took_callback(taken.pop().unwrap());
        assert!(core.make_room_for(Ok(vec![0; MAX_MESSAGE_BYTES])).1.is_ok());
    }

    #[test]
    fn a_message_takes_room_for_its_sender_and_its_place_too() {
        let mut core = core_with_log(Arc::new(Nowhere));
        let (queue, mut waiting) = mpsc::unbounded_channel();
        let own = Arc::get_mut(&mut core).unwrap();
        own.queue = queue.downgrade();
        own.limits.mailbox_messages = u32::MAX;
        let sender: ComponentId = format!("{0}/{0}@1.0.0+{1}", "a".repeat(64), "b".repeat(122)).parse().unwrap();
        let deliver = || {
            let sender = sender.clone();
            core.deliver_from_host(0, |waiting| Job::Message { sender, bytes: Vec::new(), waiting, reply: None })
        };
        let mut delivered = 0_u64;
        while deliver().is_ok() {
            delivered += 1;
        }
        assert_eq!(deliver(), Err(NotDelivered::MailboxFull));
        let each = size_of::<Job>() + sender.to_string().len();
        assert!(delivered * each as u64 <= MAX_MAILBOX_BYTES, "{delivered} messages");
        let Ok(Job::Message { waiting, .. }) = waiting.try_recv() else { panic!("a message waits") };
        core.took_message(waiting);
        assert_eq!(deliver(), Ok(()));
    }
}
