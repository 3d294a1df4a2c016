//! `host-services`, forwarded.

use airssys_wasm_sdk::host_services as sdk;

use crate::Exports;
use crate::bindings::airssys::core::capabilities::PermissionDenial;
use crate::bindings::airssys::core::types as wit;
use crate::bindings::exports::airssys::core::host_services::Guest;

fn to_sdk(id: wit::ComponentId) -> airssys_wasm_sdk::ComponentId {
    airssys_wasm_sdk::ComponentId { namespace: id.namespace, name: id.name, version: id.version }
}

fn to_wit(id: airssys_wasm_sdk::ComponentId) -> wit::ComponentId {
    wit::ComponentId { namespace: id.namespace, name: id.name, version: id.version }
}

pub(crate) fn denial(denial: airssys_wasm_sdk::PermissionDenial) -> PermissionDenial {
    PermissionDenial { operation: denial.operation, resource: denial.resource, missing: denial.missing }
}

fn error(error: sdk::MessagingError) -> wit::MessagingError {
    match error {
        sdk::MessagingError::ComponentNotFound(id) => wit::MessagingError::ComponentNotFound(to_wit(id)),
        sdk::MessagingError::PermissionDenied(reason) => wit::MessagingError::PermissionDenied(denial(reason)),
        sdk::MessagingError::MailboxFull(id) => wit::MessagingError::MailboxFull(to_wit(id)),
        sdk::MessagingError::PayloadTooLarge(limit) => wit::MessagingError::PayloadTooLarge(limit),
        sdk::MessagingError::Timeout(text) => wit::MessagingError::Timeout(text),
        sdk::MessagingError::UnknownRequest(id) => wit::MessagingError::UnknownRequest(id),
        sdk::MessagingError::DeliveryFailed(text) => wit::MessagingError::DeliveryFailed(text),
        other => unreachable!("the contract has no such case: {other}"),
    }
}

impl Guest for Exports {
    fn log(level: wit::LogLevel, message: String, fields: Vec<(String, String)>) {
        let level = match level {
            wit::LogLevel::Trace => airssys_wasm_sdk::LogLevel::Trace,
            wit::LogLevel::Debug => airssys_wasm_sdk::LogLevel::Debug,
            wit::LogLevel::Info => airssys_wasm_sdk::LogLevel::Info,
            wit::LogLevel::Warn => airssys_wasm_sdk::LogLevel::Warn,
            wit::LogLevel::Error => airssys_wasm_sdk::LogLevel::Error,
        };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        sdk::log(level, &message, &fields);
    }

    fn send_message(target: wit::ComponentId, message: Vec<u8>) -> Result<(), wit::MessagingError> {
        sdk::send_message(&to_sdk(target), &message).map_err(error)
    }

    fn send_request(
        target: wit::ComponentId,
        request: Vec<u8>,
        timeout_ms: u32,
    ) -> Result<wit::RequestId, wit::MessagingError> {
        sdk::send_request(&to_sdk(target), &request, timeout_ms).map_err(error)
    }

    fn cancel_request(request: wit::RequestId) -> Result<(), wit::MessagingError> {
        sdk::cancel_request(&request).map_err(error)
    }

    fn current_time() -> wit::Timestamp {
        let now = sdk::current_time();
        wit::Timestamp { seconds: now.seconds, nanoseconds: now.nanoseconds }
    }

    fn sleep(duration_ms: u32) {
        sdk::sleep(duration_ms);
    }

    fn list_components() -> Vec<wit::ComponentId> {
        sdk::list_components().into_iter().map(to_wit).collect()
    }

    fn get_component_metadata(id: wit::ComponentId) -> Result<wit::ComponentMetadata, wit::MessagingError> {
        let metadata = sdk::get_component_metadata(&to_sdk(id)).map_err(error)?;
        Ok(wit::ComponentMetadata {
            id: to_wit(metadata.id),
            description: metadata.description,
            authors: metadata.authors,
            license: metadata.license,
            operations: metadata.operations,
        })
    }
}
