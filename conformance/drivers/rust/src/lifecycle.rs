//! The component itself: what a host sees of its life.

use std::cell::RefCell;

use airssys_wasm_sdk::{
    Component, ComponentConfig, ComponentError, ComponentId, ComponentMetadata, ExecutionContext, ExecutionError,
    HealthStatus, RequestId, component, files,
};

use crate::dump;

struct Driver {
    messages: String,
    callbacks: String,
    health: HealthStatus,
}

thread_local! {
    /// What `init` was given; also before the instance exists.
    static CONFIG: RefCell<Option<ComponentConfig>> = const { RefCell::new(None) };
}

/// A value of the environment that `init` was given.
pub fn environment(key: &str) -> Option<String> {
    CONFIG.with_borrow(|config| {
        let pairs = &config.as_ref()?.environment;
        pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
    })
}

#[component]
impl Component for Driver {
    fn init(config: ComponentConfig) -> Result<Self, ComponentError> {
        CONFIG.set(Some(config));
        if let Some(message) = environment("INIT_PANIC") {
            panic!("{message}");
        }
        if let Some(failure) = environment("INIT_FAIL") {
            return Err(component_error(&failure));
        }
        if let Some(path) = environment("INIT_READS") {
            files::read_file(&path)?;
        }
        Ok(Self { messages: String::new(), callbacks: String::new(), health: HealthStatus::Healthy })
    }

    fn execute(
        &mut self,
        operation: &str,
        input: Vec<u8>,
        context: ExecutionContext,
    ) -> Result<Vec<u8>, ExecutionError> {
        match operation {
            "echo" => Ok(input),
            "config" => {
                Ok(CONFIG.with_borrow(|config| config.as_ref().map(dump::config)).unwrap_or_default().into_bytes())
            }
            "context" => Ok(dump::context(&context).into_bytes()),
            "messages" => Ok(self.messages.clone().into_bytes()),
            "callbacks" => Ok(self.callbacks.clone().into_bytes()),
            "fail" => Err(execution_error(&text(&input))),
            "panic" => panic!("{}", text(&input)),
            "spin" => spin(),
            "handle-request" => handle_request(&input),
            unknown => Err(ExecutionError::UnknownOperation(unknown.to_owned())),
        }
    }

    fn handle_message(&mut self, sender: ComponentId, message: Vec<u8>) -> Result<(), ComponentError> {
        if let Some(reason) = message.strip_prefix(b"reject:") {
            return Err(ComponentError::InvalidMessage(text(reason)));
        }
        if let Some(health) = message.strip_prefix(b"health:") {
            self.health = match health {
                b"degraded" => HealthStatus::Degraded,
                b"unhealthy" => HealthStatus::Unhealthy,
                b"unknown" => HealthStatus::Unknown,
                _ => HealthStatus::Healthy,
            };
        }
        self.messages += &format!("message={}:{}\n", dump::id(&sender), dump::hex(message));
        Ok(())
    }

    fn handle_callback(&mut self, request: RequestId, outcome: Result<Vec<u8>, String>) -> Result<(), ComponentError> {
        let outcome = match outcome {
            Ok(reply) => format!("ok:{}", dump::hex(reply)),
            Err(failure) => format!("err:{}", dump::hex(failure)),
        };
        self.callbacks += &format!("callback={}:{outcome}\n", dump::hex(request));
        Ok(())
    }

    fn metadata() -> ComponentMetadata {
        ComponentMetadata {
            id: ComponentId {
                namespace: "airssys".to_owned(),
                name: "driver-rust".to_owned(),
                version: "1.0.0".to_owned(),
            },
            description: "Forwards every operation of the contract through the Rust SDK.".to_owned(),
            authors: vec!["The airssys-wasm authors".to_owned()],
            license: Some("MIT OR Apache-2.0".to_owned()),
            operations: [
                "echo",
                "config",
                "context",
                "messages",
                "callbacks",
                "fail",
                "panic",
                "spin",
                "handle-request",
            ]
            .map(str::to_owned)
            .to_vec(),
        }
    }

    fn health(&self) -> HealthStatus {
        self.health
    }

    fn shutdown(&mut self) -> Result<(), ComponentError> {
        if environment("SHUTDOWN_SPIN").is_some() {
            spin();
        }
        if let Some(path) = environment("SHUTDOWN_READS") {
            files::read_file(&path)?;
        }
        match environment("SHUTDOWN_FAIL") {
            Some(failure) => Err(component_error(&failure)),
            None => Ok(()),
        }
    }
}

fn handle_request(input: &[u8]) -> Result<Vec<u8>, ExecutionError> {
    if input == b"spin" {
        spin();
    }
    if let Some(reply) = input.strip_prefix(b"reply:") {
        return Ok(reply.to_vec());
    }
    if let Some(message) = input.strip_prefix(b"panic:") {
        panic!("{}", text(message));
    }
    let failure = match input.strip_prefix(b"fail:") {
        Some(failure) => text(failure),
        None => "unknown request".to_owned(),
    };
    Err(ExecutionError::ProcessingFailed(failure))
}

fn spin() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn component_error(failure: &str) -> ComponentError {
    let (case, text) = failure.split_once(':').unwrap_or((failure, ""));
    let text = text.to_owned();
    match case {
        "initialization-failed" => ComponentError::InitializationFailed(text),
        "configuration-invalid" => ComponentError::ConfigurationInvalid(text),
        "invalid-message" => ComponentError::InvalidMessage(text),
        "resource-exhausted" => ComponentError::ResourceExhausted(text),
        _ => ComponentError::Internal(text),
    }
}

fn execution_error(failure: &str) -> ExecutionError {
    let (case, text) = failure.split_once(':').unwrap_or((failure, ""));
    let text = text.to_owned();
    match case {
        "unknown-operation" => ExecutionError::UnknownOperation(text),
        "invalid-input" => ExecutionError::InvalidInput(text),
        "permission-denied" => ExecutionError::PermissionDenied(text),
        "timeout" => ExecutionError::Timeout(text),
        "resource-exhausted" => ExecutionError::ResourceExhausted(text),
        _ => ExecutionError::ProcessingFailed(text),
    }
}
