//! `airssys:core/host-services`: the adapter between the contract and what does the work.

pub(crate) mod last_words;
pub mod log;
pub(crate) mod messaging;

use std::time::Duration;

use crate::bindings::{capabilities, host_services, types};
use crate::instance::State;
use crate::metadata::wit_id;

impl capabilities::Host for State {}
impl types::Host for State {}

impl host_services::Host for State {
    async fn log(
        &mut self,
        level: types::LogLevel,
        message: String,
        fields: Vec<(String, String)>,
    ) -> wasmtime::Result<()> {
        // What Go and C write to standard output and error comes this way, in small pieces.
        let passed_on = match self.output.take(&message, &fields) {
            Some(passed_on) => passed_on,
            None => self.core.log.write(&self.core, level.into(), message, fields),
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
        Ok(messaging::send_message(&self.core, &target, message))
    }

    async fn send_request(
        &mut self,
        target: types::ComponentId,
        request: Vec<u8>,
        timeout_ms: u32,
    ) -> wasmtime::Result<Result<String, types::MessagingError>> {
        let timeout = Duration::from_millis(timeout_ms.into());
        Ok(messaging::send_request(&self.core, &target, request, timeout))
    }

    async fn cancel_request(&mut self, request: String) -> wasmtime::Result<Result<(), types::MessagingError>> {
        let cancelled = self.core.finish(&request, Err("cancelled".to_owned()));
        Ok(if cancelled { Ok(()) } else { Err(types::MessagingError::UnknownRequest(request)) })
    }

    async fn current_time(&mut self) -> wasmtime::Result<types::Timestamp> {
        Ok(self.core.now())
    }

    async fn sleep(&mut self, duration_ms: u32) -> wasmtime::Result<()> {
        // The deadline of the call drops this future with the call.
        tokio::time::sleep(Duration::from_millis(duration_ms.into())).await;
        Ok(())
    }

    async fn list_components(&mut self) -> wasmtime::Result<Vec<types::ComponentId>> {
        Ok(messaging::visible(&self.core).iter().map(|component| wit_id(component.id())).collect())
    }

    async fn get_component_metadata(
        &mut self,
        id: types::ComponentId,
    ) -> wasmtime::Result<Result<types::ComponentMetadata, types::MessagingError>> {
        Ok(messaging::metadata_of(&self.core, id))
    }
}
