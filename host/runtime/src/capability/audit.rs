//! Where decisions of the policy go: to the embedder's sink or `tracing`, and into the error of the call that was refused
//! something.

use std::sync::{Arc, Mutex, PoisonError};

use airssys_wasm_policy::{AuditRecord, AuditSink, Decision};

/// Writes every decision to `tracing`, target `airssys_wasm::audit`: a refusal as a warning, a permission as debug.
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingAudit;

impl AuditSink for TracingAudit {
    fn record(&self, record: AuditRecord) {
        let AuditRecord { component, operation, resource, action, decision, missing, layer } = record;
        match decision {
            Decision::Allowed => tracing::debug!(
                target: "airssys_wasm::audit", component, operation, resource, action, decision = "allowed"
            ),
            Decision::Denied => tracing::warn!(
                target: "airssys_wasm::audit",
                component, operation, resource, action, decision = "denied", missing, ?layer
            ),
        }
    }
}

/// Refusals kept of one call: a guest that tries a thousand files is refused a thousand times.
const MAX_KEPT_REFUSALS: usize = 8;

/// Passes decisions on, and keeps the refusals of the running call for its error.
pub(crate) struct Refusals {
    next: Arc<dyn AuditSink>,
    kept: Mutex<Vec<AuditRecord>>,
}

impl Refusals {
    pub(crate) fn new(next: Arc<dyn AuditSink>) -> Self {
        Self { next, kept: Mutex::default() }
    }

    /// A call begins.
    pub(crate) fn forget(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The refusals since this was last asked, oldest first.
    pub(crate) fn take(&self) -> Vec<AuditRecord> {
        std::mem::take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl AuditSink for Refusals {
    fn record(&self, record: AuditRecord) {
        if record.decision == Decision::Denied {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() == MAX_KEPT_REFUSALS {
                kept.remove(0);
            }
            kept.push(record.clone());
        }
        self.next.record(record);
    }
}
