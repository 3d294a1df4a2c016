//! What every component may ask of its host: the log, messages, time, and who else is there.

use crate::bindings::airssys::core::types as generated;
use crate::host::host_services as host;
use crate::{ComponentId, ComponentMetadata, ExecutionError, LogLevel, PermissionDenial, RequestId, Timestamp};

/// Why a message or request could not be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessagingError {
    /// No such component, or none that the caller may know of.
    #[error("component {0} not found")]
    ComponentNotFound(ComponentId),
    /// The messaging permission for the target is missing.
    #[error("{0}")]
    PermissionDenied(PermissionDenial),
    /// The target has as many messages waiting as it may have.
    #[error("the mailbox of {0} is full")]
    MailboxFull(ComponentId),
    /// The payload is larger than the limit, given in bytes.
    #[error("payload larger than {0} bytes")]
    PayloadTooLarge(u64),
    /// The target did not take it in time.
    #[error("timed out: {0}")]
    Timeout(String),
    /// No open request of this component has the id.
    #[error("unknown request {0}")]
    UnknownRequest(RequestId),
    /// The host could not deliver it.
    #[error("delivery failed: {0}")]
    DeliveryFailed(String),
}

impl From<generated::MessagingError> for MessagingError {
    fn from(error: generated::MessagingError) -> Self {
        use generated::MessagingError as Host;
        match error {
            Host::ComponentNotFound(id) => Self::ComponentNotFound(id),
            Host::PermissionDenied(denial) => Self::PermissionDenied(denial),
            Host::MailboxFull(id) => Self::MailboxFull(id),
            Host::PayloadTooLarge(limit) => Self::PayloadTooLarge(limit),
            Host::Timeout(text) => Self::Timeout(text),
            Host::UnknownRequest(id) => Self::UnknownRequest(id),
            Host::DeliveryFailed(text) => Self::DeliveryFailed(text),
        }
    }
}

impl From<MessagingError> for ExecutionError {
    /// For `?` in operations: a refusal stays one, a timeout too, anything else failed.
    fn from(error: MessagingError) -> Self {
        let text = error.to_string();
        match error {
            MessagingError::PermissionDenied(_) => Self::PermissionDenied(text),
            MessagingError::Timeout(_) => Self::Timeout(text),
            _ => Self::ProcessingFailed(text),
        }
    }
}

/// Writes one record to the host's structured log. Needs no permission; size and rate are bounded by the host, which
/// counts what it drops.
pub fn log(level: LogLevel, message: &str, fields: &[(&str, &str)]) {
    let fields: Vec<(String, String)> =
        fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    host::log(level, message, &fields);
}

/// Sends a message, at most once, in order per sender and target. Needs the messaging permission for the target.
///
/// # Errors
/// See [`MessagingError`]; [`MailboxFull`](MessagingError::MailboxFull) at once, never by waiting.
pub fn send_message(target: &ComponentId, message: &[u8]) -> Result<(), MessagingError> {
    Ok(host::send_message(target, message)?)
}

/// Sends a request and returns its id at once; the outcome arrives through
/// [`Component::handle_callback`](crate::Component::handle_callback), after `timeout_ms` milliseconds at the latest.
/// Needs the messaging permission for the target.
///
/// # Errors
/// See [`MessagingError`].
pub fn send_request(target: &ComponentId, request: &[u8], timeout_ms: u32) -> Result<RequestId, MessagingError> {
    Ok(host::send_request(target, request, timeout_ms)?)
}

/// Cancels a request of this component; its callback then arrives with an error outcome.
///
/// # Errors
/// [`MessagingError::UnknownRequest`] for a finished request or another component's.
pub fn cancel_request(request: &str) -> Result<(), MessagingError> {
    Ok(host::cancel_request(request)?)
}

/// The time, UTC; never goes back within one component. Needs no permission.
pub fn current_time() -> Timestamp {
    host::current_time()
}

/// Waits for `duration_ms` milliseconds, or until the call's deadline ends it. Needs no permission.
pub fn sleep(duration_ms: u32) {
    host::sleep(duration_ms);
}

/// The components that this one may message, itself included. Needs no permission.
pub fn list_components() -> Vec<ComponentId> {
    host::list_components()
}

/// The metadata of a component that [`list_components`] shows.
///
/// # Errors
/// [`MessagingError::ComponentNotFound`] for every other id, whether it exists or not.
pub fn get_component_metadata(id: &ComponentId) -> Result<ComponentMetadata, MessagingError> {
    Ok(host::get_component_metadata(id)?)
}
