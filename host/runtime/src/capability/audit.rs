//! Where decisions go when the embedder names no place: to `tracing`.

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
