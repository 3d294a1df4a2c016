//! What waits in a mailbox and has nobody who waits for it with a task of their own: messages, requests, callbacks.

use std::sync::Arc;
use std::time::SystemTime;

use airssys_wasm_policy::ComponentId;
use tokio::sync::oneshot;

use crate::capability::host_memory::Room;

/// One message or request. Larger data goes through a file.
pub const MAX_MESSAGE_BYTES: usize = 1 << 20;
/// All messages, requests and replies that wait for one component, with what the host takes to keep each.
pub const MAX_MAILBOX_BYTES: u64 = 64 << 20;

/// What a message takes besides its bytes, for which a mailbox of empty messages must have room too: its place in the
/// queue, the sender's id at its longest, a request's own id and the way back to who sent it.
pub(crate) const JOB_BYTES: u64 = size_of::<Job>() as u64 + MAX_ID_BYTES + 512;
/// Two parts of a name and a version, as long as they may be.
const MAX_ID_BYTES: u64 = 64 + 64 + 128;

/// Where the outcome of a request goes. Dropped without one, it says that the component is gone.
pub(crate) type Outcome = oneshot::Sender<Result<Vec<u8>, String>>;

/// One thing to do with a replica.
pub(crate) enum Job {
    /// From a component's `send-message`, or from the embedder in a component's name. Who waits is told how it went.
    Message {
        sender: Arc<ComponentId>,
        bytes: Vec<u8>,
        reply: Option<oneshot::Sender<crate::error::Result<()>>>,
        room: Room,
    },
    /// From a component's `send-request`.
    Request { request: Request, room: Room },
    /// The outcome of this replica's own `send-request`; without room if the outcome says that there is none.
    Callback { request: String, outcome: Result<Vec<u8>, String>, room: Option<Room> },
}

/// A request of another component.
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) sender: Arc<ComponentId>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) deadline: SystemTime,
    pub(crate) reply: Outcome,
}
