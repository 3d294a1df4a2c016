//! Messages and requests between components.
//!
//! Whether a component may know of another is asked before whether there is one: what a component may not message is
//! refused in the same words whether it exists or not.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime};

use airssys_wasm_policy::{Access, ComponentId, Denial, Operation, Permit};
use tokio::sync::oneshot;

use crate::bindings::{capabilities, types};
use crate::component::Component;
use crate::core::{Core, MAX_MESSAGE_BYTES, MAX_PENDING_REQUESTS, NotDelivered};
use crate::instance::queue::{Job, Request};
use crate::request_id;

const SEND_MESSAGE: Operation = Operation("core/host-services.send-message");
const SEND_REQUEST: Operation = Operation("core/host-services.send-request");

pub(crate) fn send_message(
    core: &Core,
    target: &types::ComponentId,
    bytes: Vec<u8>,
) -> Result<(), types::MessagingError> {
    let (receiver, permit) = reach(core, SEND_MESSAGE, target, bytes.len())?;
    let sender = core.id.clone();
    receiver
        .core()
        .deliver(permit, bytes.len(), |waiting| Job::Message { sender, bytes, waiting, reply: None })
        .map_err(|reason| not_delivered(reason, target))
}

pub(crate) fn send_request(
    core: &Arc<Core>,
    target: &types::ComponentId,
    bytes: Vec<u8>,
    timeout: Duration,
) -> Result<String, types::MessagingError> {
    let (receiver, permit) = reach(core, SEND_REQUEST, target, bytes.len())?;
    if !core.has_room_for_request() {
        let reason = format!("{MAX_PENDING_REQUESTS} requests are waiting for their callbacks already");
        return Err(types::MessagingError::DeliveryFailed(reason));
    }
    let id = request_id::fresh();
    let (reply, answer) = oneshot::channel();
    let size = bytes.len();
    let request =
        Request { id: id.clone(), sender: core.id.clone(), bytes, deadline: SystemTime::now() + timeout, reply };
    receiver
        .core()
        .deliver(permit, size, |waiting| Job::Request { request, waiting })
        .map_err(|reason| not_delivered(reason, target))?;
    let watch = watch(Arc::downgrade(core), id.clone(), answer, timeout);
    core.keep_request(id.clone(), || tokio::spawn(watch).abort_handle());
    Ok(id)
}

/// Waits for the outcome of a request and delivers it as a callback.
async fn watch(core: Weak<Core>, id: String, answer: oneshot::Receiver<Result<Vec<u8>, String>>, timeout: Duration) {
    let sent = Instant::now();
    let outcome = match tokio::time::timeout(timeout, answer).await {
        // Busy threads look at their timers late: what comes after the time is over is late all the same.
        Ok(_) if sent.elapsed() >= timeout => Err("timeout".to_owned()),
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err("component-gone".to_owned()),
        Err(_) => Err("timeout".to_owned()),
    };
    if let Some(core) = core.upgrade() {
        core.finish(&id, outcome);
    }
}

/// The component that `target` names, if this one may message it and the message is not too large.
fn reach(
    core: &Core,
    operation: Operation,
    target: &types::ComponentId,
    size: usize,
) -> Result<(Component, Permit), types::MessagingError> {
    let not_found = || types::MessagingError::ComponentNotFound(target.clone());
    let id = parse_id(target).ok_or_else(not_found)?;
    let permit = core
        .gate
        .authorize(operation, Access::Messaging { target: id.clone() })
        .map_err(|denial| types::MessagingError::PermissionDenied(permission_denial(&denial)))?;
    if size > MAX_MESSAGE_BYTES {
        return Err(types::MessagingError::PayloadTooLarge(MAX_MESSAGE_BYTES as u64));
    }
    let receiver = core.registry.upgrade().and_then(|registry| registry.get(&id)).ok_or_else(not_found)?;
    Ok((receiver, permit))
}

/// The namespace, name or version of an id: longer than any name can be and any version needs to be. What is longer is
/// not even looked at, because a guest can send a hundred megabytes of it.
const MAX_ID_PART_BYTES: usize = 256;

/// An id that is none names no component.
fn parse_id(id: &types::ComponentId) -> Option<ComponentId> {
    if [&id.namespace, &id.name, &id.version].into_iter().any(|part| part.len() > MAX_ID_PART_BYTES) {
        return None;
    }
    format!("{}/{}@{}", id.namespace, id.name, id.version).parse().ok()
}

fn not_delivered(reason: NotDelivered, target: &types::ComponentId) -> types::MessagingError {
    match reason {
        NotDelivered::MailboxFull => types::MessagingError::MailboxFull(target.clone()),
        NotDelivered::Gone => types::MessagingError::ComponentNotFound(target.clone()),
    }
}

pub(crate) fn permission_denial(denial: &Denial) -> capabilities::PermissionDenial {
    capabilities::PermissionDenial {
        operation: denial.operation.to_string(),
        resource: denial.resource.clone(),
        missing: denial.missing.clone(),
    }
}

/// The components that this one may know of: itself, and those it may message.
pub(crate) fn visible(core: &Core) -> Vec<Component> {
    let mut components = core.registry.upgrade().map(|registry| registry.list()).unwrap_or_default();
    components.retain(|component| is_visible(core, component.id()));
    components
}

fn is_visible(core: &Core, id: &ComponentId) -> bool {
    *id == core.id || core.gate.allows(&Access::Messaging { target: id.clone() })
}

pub(crate) fn metadata_of(
    core: &Core,
    id: types::ComponentId,
) -> Result<types::ComponentMetadata, types::MessagingError> {
    let component = parse_id(&id).filter(|id| is_visible(core, id)).and_then(|id| core.registry.upgrade()?.get(&id));
    let metadata = component.as_ref().and_then(|component| component.core().metadata.get());
    match metadata {
        Some(metadata) => Ok(types::ComponentMetadata {
            // The id it runs under, which is the one it can be messaged by.
            id,
            description: metadata.description.clone(),
            authors: metadata.authors.clone(),
            license: metadata.license.clone(),
            operations: metadata.operations.clone(),
        }),
        None => Err(types::MessagingError::ComponentNotFound(id)),
    }
}
