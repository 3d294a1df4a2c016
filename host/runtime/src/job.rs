//! What waits in a mailbox and has nobody who waits for it with a task of their own: messages, requests, callbacks.

use std::sync::Arc;
use std::time::SystemTime;

use airssys_wasm_policy::ComponentId;
use tokio::sync::oneshot;

use crate::capability::host_memory::{HostMemory, Room};

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

/// An outcome with the room that it takes in the mailbox, or one that says that there is none.
pub(crate) fn made_to_fit(
    outcome: Result<Vec<u8>, String>,
    memory: &HostMemory,
    reserve: impl FnOnce(u64) -> bool,
) -> (Result<Vec<u8>, String>, u64, Option<Room>) {
    if outcome.as_ref().is_ok_and(|reply| reply.len() > MAX_MESSAGE_BYTES) {
        return (Err(format!("failed: the reply has more than {MAX_MESSAGE_BYTES} bytes")), 0, None);
    }
    let bytes = JOB_BYTES + outcome.as_ref().map_or_else(String::len, Vec::len) as u64;
    match memory.room_now(bytes).filter(|_| reserve(bytes)) {
        Some(room) => (outcome, bytes, Some(room)),
        None => (Err("failed: the mailbox has no room for the reply".to_owned()), 0, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_take_room_and_callbacks_come_without_them_if_there_is_none() {
        let memory = HostMemory::at_most(u64::from(u32::MAX));
        let (outcome, bytes, room) = made_to_fit(Ok(vec![0; MAX_MESSAGE_BYTES + 1]), &memory, |_| true);
        assert!(outcome.unwrap_err().starts_with("failed: ") && bytes == 0 && room.is_none());
        let (outcome, bytes, room) = made_to_fit(Ok(vec![0; MAX_MESSAGE_BYTES]), &memory, |_| true);
        assert_eq!(
            (outcome.map(|reply| reply.len()), bytes),
            (Ok(MAX_MESSAGE_BYTES), MAX_MESSAGE_BYTES as u64 + JOB_BYTES)
        );
        assert!(memory.taken_bytes() >= bytes);
        drop(room);
        let (outcome, bytes, room) = made_to_fit(Ok(vec![0; MAX_MESSAGE_BYTES]), &memory, |_| false);
        assert!(outcome.is_err() && bytes == 0 && room.is_none(), "the mailbox is full");
        assert_eq!(memory.taken_bytes(), 0);
        let small = HostMemory::at_most(0);
        let _all = small.room_now(crate::contract::MAX_COMPONENT_BYTES + 1).unwrap();
        let (outcome, ..) = made_to_fit(Ok(Vec::new()), &small, |_| panic!("nothing is reserved"));
        assert!(outcome.is_err(), "the host has no memory left");
    }
}
