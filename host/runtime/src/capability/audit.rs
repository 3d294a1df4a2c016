//! Where decisions of the policy go: to the embedder's sink or `tracing`, and into the error of the call that was refused
//! something.

use std::sync::{Arc, Mutex, PoisonError};

use airssys_wasm_policy::{AuditRecord, AuditSink, Decision};

use crate::capability::rate::Rate;
use crate::core::Counters;

/// Refusals of one component that are recorded at once after a rest: more than any mistake makes.
pub const AUDIT_BURST_REFUSALS: u32 = 1000;
/// Refusals of one component that are recorded in one second in the long run. A guest is refused a million times in a
/// second if it likes; the first ones say all there is to say.
pub const AUDIT_REFUSALS_PER_SECOND: u32 = 500;

/// Writes every decision to `tracing`, target `airssys_wasm::audit`: a refusal as a warning, a permission as debug.
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingAudit;

impl AuditSink for TracingAudit {
    fn record(&self, record: AuditRecord) {
        let AuditRecord { component, operation, resource, action, decision, missing, layer, dropped_before } = record;
        match decision {
            Decision::Allowed => tracing::debug!(
                target: "airssys_wasm::audit", component, operation, resource, action, decision = "allowed"
            ),
            Decision::Denied => tracing::warn!(
                target: "airssys_wasm::audit",
                component, operation, resource, action, decision = "denied", missing, ?layer, dropped_before
            ),
        }
    }
}

/// Refusals kept of one call: a guest that tries a thousand files is refused a thousand times.
const MAX_KEPT_REFUSALS: usize = 8;

/// Passes decisions on, refusals no faster than somebody could read them, and keeps the refusals of the running call for its error.
pub(crate) struct Refusals {
    next: Arc<dyn AuditSink>,
    kept: Mutex<Vec<AuditRecord>>,
    rate: Mutex<Rate>,
    counters: Arc<Counters>,
}

impl Refusals {
    pub(crate) fn new(next: Arc<dyn AuditSink>) -> Self {
        let rate = Mutex::new(Rate::new(AUDIT_BURST_REFUSALS, AUDIT_REFUSALS_PER_SECOND));
        Self { next, kept: Mutex::default(), rate, counters: Arc::default() }
    }

    /// Where refusals are counted, and everything else that happens to the component.
    pub(crate) fn counters(&self) -> &Arc<Counters> {
        &self.counters
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
    fn record(&self, mut record: AuditRecord) {
        if record.decision == Decision::Denied {
            Counters::add(&self.counters.refusals);
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() == MAX_KEPT_REFUSALS {
                kept.remove(0);
            }
            kept.push(record.clone());
            drop(kept);
            let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
            if !rate.take() {
                Counters::add(&self.counters.refusals_dropped);
                return;
            }
            record.dropped_before = rate.take_dropped();
        }
        self.next.record(record);
    }
}
