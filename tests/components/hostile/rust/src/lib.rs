//! Does what no component should, one attack an operation. `INIT`, `MESSAGE`, `CALLBACK`, `REQUEST`, `HEALTH` and
//! `SHUTDOWN` in its environment, and the file `/data/metadata`, do one elsewhere: an operation, a blank, its input.

mod attacks;

use airssys_wasm_sdk::{
    Component, ComponentConfig, ComponentError, ComponentId, ComponentMetadata, ExecutionContext, ExecutionError,
    HealthStatus, RequestId, component, files,
};

/// What it has not given back, and what it was told.
struct Hostile {
    environment: Vec<(String, String)>,
    files: Vec<files::File>,
    cursors: Vec<airssys_wasm_sdk::directories::DirectoryCursor>,
    outcomes: Vec<String>,
}

impl Hostile {
    /// Does what the environment says for this occasion; nothing otherwise.
    fn occasion(&mut self, name: &str) -> Result<(), ComponentError> {
        match self.environment.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()) {
            Some(attack) => self.line(&attack).map(drop).map_err(|error| ComponentError::Internal(error.to_string())),
            None => Ok(()),
        }
    }

    fn line(&mut self, line: &str) -> Result<Vec<u8>, ExecutionError> {
        let (operation, input) = line.split_once(' ').unwrap_or((line, ""));
        self.attack(operation, input.as_bytes().to_vec())
    }
}

#[component]
impl Component for Hostile {
    fn init(config: ComponentConfig) -> Result<Self, ComponentError> {
        let mut hostile = Self { environment: config.environment, files: vec![], cursors: vec![], outcomes: vec![] };
        hostile.occasion("INIT")?;
        Ok(hostile)
    }

    fn execute(
        &mut self,
        operation: &str,
        input: Vec<u8>,
        _context: ExecutionContext,
    ) -> Result<Vec<u8>, ExecutionError> {
        if operation == "handle-request" {
            self.occasion("REQUEST").map_err(|error| ExecutionError::ProcessingFailed(error.to_string()))?;
            return Ok(input);
        }
        self.attack(operation, input)
    }

    fn handle_message(&mut self, _sender: ComponentId, _message: Vec<u8>) -> Result<(), ComponentError> {
        self.occasion("MESSAGE")
    }

    fn handle_callback(&mut self, _request: RequestId, outcome: Result<Vec<u8>, String>) -> Result<(), ComponentError> {
        self.outcomes.push(outcome.map_or_else(|failure| failure, |_| "ok".to_owned()));
        self.occasion("CALLBACK")
    }

    fn metadata() -> ComponentMetadata {
        let mut metadata = ComponentMetadata {
            id: attacks::id("tests/hostile-rust@1.0.0"),
            description: "Does what no component should.".to_owned(),
            authors: vec![],
            license: None,
            operations: vec![],
        };
        if let Ok(attack) = files::read_file("/data/metadata") {
            let mut hostile = Self { environment: vec![], files: vec![], cursors: vec![], outcomes: vec![] };
            let text = hostile.line(&String::from_utf8_lossy(&attack)).unwrap_or_default();
            metadata.description = String::from_utf8_lossy(&text).into_owned();
        }
        metadata
    }

    fn health(&self) -> HealthStatus {
        let mut hostile =
            Self { environment: self.environment.clone(), files: vec![], cursors: vec![], outcomes: vec![] };
        match hostile.occasion("HEALTH") {
            Ok(()) => HealthStatus::Healthy,
            Err(_) => HealthStatus::Unhealthy,
        }
    }

    fn shutdown(&mut self) -> Result<(), ComponentError> {
        self.occasion("SHUTDOWN")
    }
}
