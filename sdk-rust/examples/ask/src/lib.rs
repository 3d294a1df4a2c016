//! Asks other components, and answers them.

use std::collections::VecDeque;

use airssys_wasm_sdk::{ComponentError, ComponentId, ExecutionError, RequestId, component, host_services};

/// How long another component may take to answer, in milliseconds.
const TIMEOUT_MS: u32 = 10_000;

/// Outcomes that nobody asks for must not pile up.
const MAX_OUTCOMES: usize = 100;

#[derive(Default)]
struct Ask {
    outcomes: VecDeque<(RequestId, Result<Vec<u8>, String>)>,
}

#[component]
impl Ask {
    /// The input is a line `namespace/name@version` and the text to send; the output is the id of the request.
    #[operation]
    fn ask(&mut self, input: String) -> Result<String, ExecutionError> {
        let malformed =
            || ExecutionError::InvalidInput("expected namespace/name@version and a text, a line each".to_owned());
        let (target, text) = input.split_once('\n').ok_or_else(malformed)?;
        let target: ComponentId = target.parse().map_err(|_| malformed())?;
        // It does not wait: the outcome comes to `keep`, when this operation has returned.
        Ok(host_services::send_request(&target, text.as_bytes(), TIMEOUT_MS)?)
    }

    /// The input is the id of a request; the output is the reply to it.
    #[operation]
    fn answer(&mut self, request: String) -> Result<Vec<u8>, ExecutionError> {
        match self.outcomes.iter().find(|(id, _)| *id == request) {
            Some((_, Ok(reply))) => Ok(reply.clone()),
            Some((_, Err(failure))) => Err(ExecutionError::ProcessingFailed(failure.clone())),
            None => Err(ExecutionError::ProcessingFailed("no answer yet".to_owned())),
        }
    }

    /// A request of another component arrives as this operation; what it returns is the reply.
    #[operation]
    fn handle_request(&mut self, text: String) -> String {
        format!("rust says: {text}")
    }

    /// Called exactly once a request: with the reply, or with why there is none.
    #[handle_callback]
    fn keep(&mut self, request: RequestId, outcome: Result<Vec<u8>, String>) -> Result<(), ComponentError> {
        if self.outcomes.len() == MAX_OUTCOMES {
            self.outcomes.pop_front();
        }
        self.outcomes.push_back((request, outcome));
        Ok(())
    }
}
