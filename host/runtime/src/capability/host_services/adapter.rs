//! `airssys:core/host-services`: converts, lets the other modules do the work, and converts back.

use std::time::Duration;

use airssys_wasm_policy::ComponentId;

use super::messaging::NotSent;
use super::record::LogLevel;
use crate::bindings::{capabilities, host_services, types};
use crate::capability::adapter::{same_cases, timestamp};
use crate::host_state::HostState;
use crate::job::MAX_MESSAGE_BYTES;

impl capabilities::Host for HostState {}
impl types::Host for HostState {}

impl host_services::Host for HostState {
    async fn log(
        &mut self,
        level: types::LogLevel,
        message: String,
        fields: Vec<(String, String)>,
    ) -> wasmtime::Result<()> {
        // What Go and C write to standard output and error comes this way, in small pieces.
        let passed_on = match self.output.take(&message, &fields) {
            Some(passed_on) => passed_on,
            None => self.observations.log.write(&self.observations.recent_output, level.into(), message, fields),
        };
        if !passed_on {
            // Who writes more than is read does nothing else for a while, and lets others have the thread.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    async fn send_message(
        &mut self,
        target: types::ComponentId,
        message: Vec<u8>,
    ) -> wasmtime::Result<Result<(), types::MessagingError>> {
        let sent = self.capabilities.messaging.send_message(parse_id(&target), message);
        Ok(sent.map_err(|reason| messaging_error(reason, target)))
    }

    async fn send_request(
        &mut self,
        target: types::ComponentId,
        request: Vec<u8>,
        timeout_ms: u32,
    ) -> wasmtime::Result<Result<String, types::MessagingError>> {
        let timeout = Duration::from_millis(timeout_ms.into());
        let sent = self.capabilities.messaging.send_request(parse_id(&target), request, timeout);
        Ok(sent.map_err(|reason| messaging_error(reason, target)))
    }

    async fn cancel_request(&mut self, request: String) -> wasmtime::Result<Result<(), types::MessagingError>> {
        let cancelled = self.capabilities.messaging.cancel_request(&request);
        Ok(if cancelled { Ok(()) } else { Err(types::MessagingError::UnknownRequest(request)) })
    }

    async fn current_time(&mut self) -> wasmtime::Result<types::Timestamp> {
        Ok(timestamp(self.capabilities.clock.now()))
    }

    async fn sleep(&mut self, duration_ms: u32) -> wasmtime::Result<()> {
        // The deadline of the call drops this future with the call.
        tokio::time::sleep(Duration::from_millis(duration_ms.into())).await;
        Ok(())
    }

    async fn list_components(&mut self) -> wasmtime::Result<Vec<types::ComponentId>> {
        Ok(self.capabilities.messaging.visible().iter().map(Into::into).collect())
    }

    async fn get_component_metadata(
        &mut self,
        id: types::ComponentId,
    ) -> wasmtime::Result<Result<types::ComponentMetadata, types::MessagingError>> {
        let found = parse_id(&id).and_then(|id| self.capabilities.messaging.find_visible(&id));
        Ok(match found.as_ref().and_then(|component| component.metadata()) {
            Some(metadata) => Ok(types::ComponentMetadata {
                // The id it runs under, which is the one it can be messaged by.
                id,
                description: metadata.description.clone(),
                authors: metadata.authors.clone(),
                license: metadata.license.clone(),
                operations: metadata.operations.clone(),
            }),
            None => Err(types::MessagingError::ComponentNotFound(id)),
        })
    }
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

fn messaging_error(reason: NotSent, target: types::ComponentId) -> types::MessagingError {
    match reason {
        NotSent::NotFound => types::MessagingError::ComponentNotFound(target),
        NotSent::Denied(denial) => types::MessagingError::PermissionDenied(denial.into()),
        NotSent::MailboxFull => types::MessagingError::MailboxFull(target),
        NotSent::TooLarge => types::MessagingError::PayloadTooLarge(MAX_MESSAGE_BYTES as u64),
        NotSent::TooManyRequests => types::MessagingError::DeliveryFailed(NotSent::too_many_requests()),
    }
}

impl From<&ComponentId> for types::ComponentId {
    fn from(id: &ComponentId) -> Self {
        Self { namespace: id.namespace.clone(), name: id.name.clone(), version: id.version.to_string() }
    }
}

same_cases!(types::LogLevel => LogLevel { Trace, Debug, Info, Warn, Error });
