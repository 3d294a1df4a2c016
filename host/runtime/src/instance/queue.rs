//! What waits for an instance. One queue for everything, so that what was sent first is handled first.

use std::time::SystemTime;

use airssys_wasm_policy::ComponentId;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::Instant;
use wasmtime::component::{ResourceAny, Val};

use crate::component::Caller;
use crate::core::{ReplyBytes, Waiting};
use crate::error::Result;
use crate::metadata::{ComponentMetadata, Health};

/// Calls of the embedder that may wait for one component; the next one waits before it enters the queue.
pub(crate) const MAX_QUEUED_CALLS: usize = 256;

/// Where an answer goes. Dropped unanswered, it tells the caller that the component is gone.
pub(crate) type Reply<T> = oneshot::Sender<Result<T>>;

/// One thing to do with an instance.
pub(crate) enum Job {
    /// From the embedder.
    Call(Call),
    /// From a component's `send-message`, or from the embedder in a component's name.
    Message { sender: ComponentId, bytes: Vec<u8>, waiting: Waiting, reply: Option<Reply<()>> },
    /// From a component's `send-request`.
    Request { request: Request, waiting: Waiting },
    /// The outcome of this component's own `send-request`.
    Callback { request: String, outcome: Result<Vec<u8>, String>, bytes: ReplyBytes },
}

impl Job {
    /// Whether it can wait until the component is initialised. What the embedder waits for cannot.
    pub(crate) fn waits_for_init(&self) -> bool {
        match self {
            Self::Message { reply, .. } => reply.is_none(),
            Self::Request { .. } | Self::Callback { .. } => true,
            Self::Call(_) => false,
        }
    }
}

/// A request of another component.
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) sender: ComponentId,
    pub(crate) bytes: Vec<u8>,
    pub(crate) deadline: SystemTime,
    pub(crate) reply: oneshot::Sender<Result<Vec<u8>, String>>,
}

/// A call of the embedder.
pub(crate) struct Call {
    pub(crate) kind: CallKind,
    /// When the embedder gives up. Passed before the call begins, nothing is called.
    pub(crate) until: Option<Instant>,
    /// Its place among the [`MAX_QUEUED_CALLS`].
    pub(crate) _slot: Option<OwnedSemaphorePermit>,
}

/// What the embedder calls.
pub(crate) enum CallKind {
    Initialise(Reply<()>),
    Execute { execution: Execution, reply: Reply<Vec<u8>> },
    Metadata(Reply<ComponentMetadata>),
    Health(Reply<Health>),
    Invoke { interface: String, function: String, arguments: Vec<Val>, reply: Reply<Vec<Val>> },
    DropResource { resource: ResourceAny, reply: Reply<()> },
    Shutdown(Reply<()>),
}

/// One `execute`.
pub(crate) struct Execution {
    pub(crate) operation: String,
    pub(crate) input: Vec<u8>,
    pub(crate) request_id: String,
    pub(crate) caller: Caller,
    pub(crate) deadline: Option<SystemTime>,
    pub(crate) trace_parent: Option<String>,
}
