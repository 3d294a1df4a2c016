//! `airssys:core/host-services`, as the fake host gives it.

use super::permissions::Access;
use super::state::State;
use super::{LogRecord, SentMessage, SentRequest};
use crate::bindings::airssys::core::types::MessagingError;
use crate::{ComponentId, ComponentMetadata, LogLevel, RequestId, Timestamp};

/// One message, as hosts limit it.
const MAX_MESSAGE_BYTES: usize = 1 << 20;
const NANOSECONDS: u64 = 1_000_000_000;

pub fn log(level: LogLevel, message: &str, fields: &[(String, String)]) {
    let record = LogRecord { level, message: message.to_owned(), fields: fields.to_vec() };
    State::current().rest.borrow_mut().log.push(record);
}

pub fn send_message(target: &ComponentId, message: &[u8]) -> Result<(), MessagingError> {
    let state = State::current();
    reachable(&state, "send-message", target, message)?;
    state.rest.borrow_mut().messages.push(SentMessage { target: target.clone(), message: message.to_vec() });
    Ok(())
}

pub fn send_request(target: &ComponentId, request: &[u8], timeout_ms: u32) -> Result<RequestId, MessagingError> {
    let state = State::current();
    reachable(&state, "send-request", target, request)?;
    let mut rest = state.rest.borrow_mut();
    let id = format!("request-{}", rest.requests.len() + 1);
    let (target, request) = (target.clone(), request.to_vec());
    rest.requests.push(SentRequest { id: id.clone(), target, request, timeout_ms, cancelled: false });
    Ok(id)
}

pub fn cancel_request(id: &str) -> Result<(), MessagingError> {
    let state = State::current();
    let mut rest = state.rest.borrow_mut();
    let open = rest.requests.iter_mut().find(|request| request.id == id && !request.cancelled);
    open.ok_or_else(|| MessagingError::UnknownRequest(id.to_owned()))?.cancelled = true;
    Ok(())
}

pub fn current_time() -> Timestamp {
    State::current().rest.borrow().time
}

pub fn sleep(duration_ms: u32) {
    let state = State::current();
    let mut rest = state.rest.borrow_mut();
    let nanoseconds = u64::from(rest.time.nanoseconds) + u64::from(duration_ms) * 1_000_000;
    rest.time = Timestamp {
        seconds: rest.time.seconds + nanoseconds / NANOSECONDS,
        nanoseconds: u32::try_from(nanoseconds % NANOSECONDS).expect("less than a second"),
    };
}

pub fn list_components() -> Vec<ComponentId> {
    let state = State::current();
    let listed = state.rest.borrow().components.iter().map(|component| component.id.clone()).collect::<Vec<_>>();
    listed.into_iter().filter(|id| state.may_send_to(id)).collect()
}

pub fn get_component_metadata(id: &ComponentId) -> Result<ComponentMetadata, MessagingError> {
    let state = State::current();
    let rest = state.rest.borrow();
    let found = rest.components.iter().find(|component| component.id == *id && state.may_send_to(id));
    found.cloned().ok_or_else(|| MessagingError::ComponentNotFound(id.clone()))
}

/// Whether something can be sent: allowed, small enough, and to somebody who is there.
fn reachable(state: &State, operation: &str, target: &ComponentId, message: &[u8]) -> Result<(), MessagingError> {
    let access = Access::Messaging { target };
    state
        .decide(&format!("core/host-services.{operation}"), &access, state.denies_component(target))
        .map_err(MessagingError::PermissionDenied)?;
    if message.len() > MAX_MESSAGE_BYTES {
        return Err(MessagingError::PayloadTooLarge(MAX_MESSAGE_BYTES as u64));
    }
    let rest = state.rest.borrow();
    if !rest.components.iter().any(|component| component.id == *target) {
        return Err(MessagingError::ComponentNotFound(target.clone()));
    }
    if rest.full.contains(target) {
        return Err(MessagingError::MailboxFull(target.clone()));
    }
    Ok(())
}
