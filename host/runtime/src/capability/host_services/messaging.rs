//! Messages and requests between components.
//!
//! Whether a component may know of another is asked before whether there is one: a component that may not be messaged is
//! refused in the same words whether it exists or not.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime};

use airssys_wasm_policy::{Access, ComponentId, Denial, Gate, Operation, Permit};
use tokio::sync::oneshot;

use super::directory::{Addressee, Delivery, Directory, NotDelivered};
use super::outbox::{MAX_PENDING_REQUESTS, Outbox};
use crate::job::{MAX_MESSAGE_BYTES, Request};
use crate::request_id;

const SEND_MESSAGE: Operation = Operation("core/host-services.send-message");
const SEND_REQUEST: Operation = Operation("core/host-services.send-request");

/// Why a message or request was not sent.
pub(crate) enum NotSent {
    NotFound,
    Denied(Denial),
    MailboxFull,
    TooLarge,
    TooManyRequests,
}

impl NotSent {
    /// What no case of the contract says.
    pub(crate) fn too_many_requests() -> String {
        format!("{MAX_PENDING_REQUESTS} requests are waiting for their callbacks already")
    }
}

impl From<NotDelivered> for NotSent {
    fn from(reason: NotDelivered) -> Self {
        match reason {
            NotDelivered::MailboxFull => Self::MailboxFull,
            NotDelivered::Gone => Self::NotFound,
        }
    }
}

/// The way of one replica to other components.
#[derive(Clone)]
pub(crate) struct Messaging {
    pub(crate) id: Arc<ComponentId>,
    pub(crate) gate: Gate,
    pub(crate) directory: Weak<dyn Directory>,
    pub(crate) outbox: Arc<Outbox>,
}

impl Messaging {
    pub(crate) fn send_message(&self, target: Option<ComponentId>, bytes: Vec<u8>) -> Result<(), NotSent> {
        let (receiver, permit) = self.reach(SEND_MESSAGE, target, bytes.len())?;
        let message = Delivery::Message { sender: Arc::clone(&self.id), bytes };
        Ok(receiver.deliver(permit, message)?)
    }

    pub(crate) fn send_request(
        &self,
        target: Option<ComponentId>,
        bytes: Vec<u8>,
        timeout: Duration,
    ) -> Result<String, NotSent> {
        let (receiver, permit) = self.reach(SEND_REQUEST, target, bytes.len())?;
        if !self.outbox.has_room() {
            return Err(NotSent::TooManyRequests);
        }
        let id = request_id::fresh();
        let (reply, answer) = oneshot::channel();
        let (sender, deadline) = (Arc::clone(&self.id), SystemTime::now() + timeout);
        receiver.deliver(permit, Delivery::Request(Request { id: id.clone(), sender, bytes, deadline, reply }))?;
        let watch = watch(Arc::downgrade(&self.outbox), id.clone(), answer, timeout);
        self.outbox.keep(id.clone(), || tokio::spawn(watch).abort_handle());
        Ok(id)
    }

    /// Ends a request of this replica's own. Says whether it was open.
    pub(crate) fn cancel_request(&self, request: &str) -> bool {
        self.outbox.finish(request, Err("cancelled".to_owned()))
    }

    /// The component that `target` names, if this one may message it and the message is not too large.
    fn reach(
        &self,
        operation: Operation,
        target: Option<ComponentId>,
        size: usize,
    ) -> Result<(Arc<dyn Addressee>, Permit), NotSent> {
        let id = target.ok_or(NotSent::NotFound)?;
        let access = Access::Messaging { target: id.clone() };
        let permit = self.gate.authorize(operation, access).map_err(NotSent::Denied)?;
        if size > MAX_MESSAGE_BYTES {
            return Err(NotSent::TooLarge);
        }
        let receiver = self.directory.upgrade().and_then(|directory| directory.find(&id)).ok_or(NotSent::NotFound)?;
        Ok((receiver, permit))
    }

    /// The components that this one may know of: itself, and those it may message.
    pub(crate) fn visible(&self) -> Vec<ComponentId> {
        let mut ids = self.directory.upgrade().map(|directory| directory.ids()).unwrap_or_default();
        ids.retain(|id| self.sees(id));
        ids
    }

    fn sees(&self, id: &ComponentId) -> bool {
        *id == *self.id || self.gate.allows(&Access::Messaging { target: id.clone() })
    }

    /// A component that this one may know of.
    pub(crate) fn find_visible(&self, id: &ComponentId) -> Option<Arc<dyn Addressee>> {
        if self.sees(id) { self.directory.upgrade()?.find(id) } else { None }
    }
}

/// Waits for the outcome of a request and delivers it as a callback.
async fn watch(
    outbox: Weak<Outbox>,
    id: String,
    answer: oneshot::Receiver<Result<Vec<u8>, String>>,
    timeout: Duration,
) {
    let sent = Instant::now();
    let outcome = match tokio::time::timeout(timeout, answer).await {
        // Busy threads look at their timers late: what comes after the time is over is late all the same.
        Ok(_) if sent.elapsed() >= timeout => Err("timeout".to_owned()),
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err("component-gone".to_owned()),
        Err(_) => Err("timeout".to_owned()),
    };
    if let Some(outbox) = outbox.upgrade() {
        outbox.finish(&id, outcome);
    }
}
