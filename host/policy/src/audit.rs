//! What is kept of every decision.

use serde::Serialize;

use crate::Layer;

/// Where decisions go. Called once per decision, on the thread that decides, before the operation happens.
pub trait AuditSink: Send + Sync {
    /// Takes one decision. Must not block for long: a guest waits. The host may leave out refusals that come too fast, and
    /// then counts them in the next one.
    fn record(&self, record: AuditRecord);
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The operation went ahead.
    Allowed,
    /// The operation was refused.
    Denied,
}

/// One decision, in the words of Component.toml and WIT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditRecord {
    /// Who asked, as in `acme/hello@1.2.0`.
    pub component: String,
    /// What was called, as in `ext-filesystem/files.open`.
    pub operation: String,
    /// On what: a guest path, a host and port, a program or a component.
    pub resource: String,
    /// The kind of permission that this takes, as in `filesystem.read`.
    pub action: String,
    /// The answer.
    pub decision: Decision,
    /// The Component.toml line that would have allowed it; only with a denial.
    pub missing: Option<String>,
    /// Who did not allow it; only with a denial.
    pub layer: Option<Layer>,
    /// Refusals of this component that were left out since the last one because there were too many; none in a record of
    /// the gate itself, which leaves out nothing.
    #[serde(skip_serializing_if = "is_zero")]
    pub dropped_before: u64,
}

fn is_zero(dropped: &u64) -> bool {
    *dropped == 0
}
