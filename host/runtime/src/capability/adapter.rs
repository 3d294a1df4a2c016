//! What the adapters between the contract and the capabilities share.

use std::time::Duration;

use airssys_wasm_policy::Denial;

use crate::bindings::{capabilities, types};

/// A refusal of the gate, as guests are told of it.
pub(crate) fn permission_denial(denial: &Denial) -> capabilities::PermissionDenial {
    capabilities::PermissionDenial {
        operation: denial.operation.to_string(),
        resource: denial.resource.clone(),
        missing: denial.missing.clone(),
    }
}

impl From<Denial> for capabilities::PermissionDenial {
    fn from(denial: Denial) -> Self {
        permission_denial(&denial)
    }
}

/// A time since 1970.
pub(crate) fn timestamp(since_epoch: Duration) -> types::Timestamp {
    types::Timestamp { seconds: since_epoch.as_secs(), nanoseconds: since_epoch.subsec_nanos() }
}
