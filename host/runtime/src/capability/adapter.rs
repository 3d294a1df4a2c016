//! What the adapters between the contract and the capabilities share.

use std::time::Duration;

use airssys_wasm_policy::Denial;

use crate::bindings::{capabilities, types};

/// Two enums with the same cases.
macro_rules! same_cases {
    ($from:path => $to:path { $($case:ident),* }) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                match value { $(<$from>::$case => Self::$case,)* }
            }
        }
    };
}
pub(crate) use same_cases;

/// A refusal of the gate, as guests are told of it.
impl From<Denial> for capabilities::PermissionDenial {
    fn from(denial: Denial) -> Self {
        let Denial { operation, resource, missing, .. } = denial;
        Self { operation: operation.to_string(), resource, missing }
    }
}

/// A time since 1970.
pub(crate) fn timestamp(since_epoch: Duration) -> types::Timestamp {
    types::Timestamp { seconds: since_epoch.as_secs(), nanoseconds: since_epoch.subsec_nanos() }
}
