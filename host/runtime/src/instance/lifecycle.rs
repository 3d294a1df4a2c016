//! `airssys:core/component-lifecycle`: the contract's types of the functions that guests export, and ours.

use airssys_wasm_policy::Limits;

use crate::bindings::types;
use crate::caller::Caller;
use crate::capability::adapter::same_cases;
use crate::error::{ComponentError, ExecutionError};
use crate::metadata::{ComponentMetadata, HealthStatus};
use crate::milliseconds::milliseconds;

/// The configuration that `init` gets: with the limits as they were written, not as they were resolved.
pub(crate) fn component_config(
    id: types::ComponentId,
    environment: Vec<(String, String)>,
    data: Option<Vec<u8>>,
    declared: &Limits,
) -> types::ComponentConfig {
    let limits = types::ResourceLimits {
        max_memory_bytes: declared.max_memory_bytes,
        max_cpu_time_ms: declared.max_cpu_time.map(milliseconds),
        max_execution_time_ms: declared.max_execution_time.map(milliseconds),
    };
    types::ComponentConfig { id, environment, data, limits }
}

impl From<&Caller> for types::Caller {
    fn from(caller: &Caller) -> Self {
        match caller {
            Caller::Component(id) => Self::Component(id.into()),
            Caller::External(name) => Self::External(name.clone()),
            Caller::Host => Self::Host,
        }
    }
}

impl From<types::ExecutionError> for ExecutionError {
    fn from(error: types::ExecutionError) -> Self {
        match error {
            types::ExecutionError::UnknownOperation(text) => Self::UnknownOperation(text),
            types::ExecutionError::InvalidInput(text) => Self::InvalidInput(text),
            types::ExecutionError::ProcessingFailed(text) => Self::ProcessingFailed(text),
            types::ExecutionError::PermissionDenied(text) => Self::PermissionDenied(text),
            types::ExecutionError::Timeout(text) => Self::Timeout(text),
            types::ExecutionError::ResourceExhausted(text) => Self::ResourceExhausted(text),
        }
    }
}

impl From<types::ComponentError> for ComponentError {
    fn from(error: types::ComponentError) -> Self {
        match error {
            types::ComponentError::InitializationFailed(text) => Self::InitializationFailed(text),
            types::ComponentError::ConfigurationInvalid(text) => Self::ConfigurationInvalid(text),
            types::ComponentError::InvalidMessage(text) => Self::InvalidMessage(text),
            types::ComponentError::ResourceExhausted(text) => Self::ResourceExhausted(text),
            types::ComponentError::Internal(text) => Self::Internal(text),
        }
    }
}

impl From<types::ComponentMetadata> for ComponentMetadata {
    fn from(metadata: types::ComponentMetadata) -> Self {
        Self {
            namespace: metadata.id.namespace,
            name: metadata.id.name,
            version: metadata.id.version,
            description: metadata.description,
            authors: metadata.authors,
            license: metadata.license,
            operations: metadata.operations,
        }
    }
}

same_cases!(types::HealthStatus => HealthStatus { Healthy, Degraded, Unhealthy, Unknown });
