//! What is kept of every decision.

use std::borrow::Cow;

use serde::Serialize;

use crate::{Layer, MountProblem};

/// Where decisions go.
///
/// A [`Gate`](crate::Gate) records each decision by itself, on the thread that decides, before the operation happens.
///
/// A host has guests that ask a million times in a second. Between the gate and the sink of its embedder it lets pass so
/// many decisions of a component at once and so many a second, and folds equal ones above that into one record, whose
/// [`count`](AuditRecord::count) says how many they were. Such a record comes with the next equal decision that is let
/// pass, or at the end of the call. Of refusals, one of each operation and action passes in each second whatever else is
/// refused, so that nobody hides one behind many others. What differs too much to be folded is counted in
/// [`dropped_before`](AuditRecord::dropped_before). Counts and drops together are exact.
pub trait AuditSink: Send + Sync {
    /// Takes one record. Must not block for long: a guest waits.
    fn record(&self, record: AuditRecord);
}

/// Yes or no.
// Exhaustive: there is no third answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The operation went ahead.
    Allowed,
    /// The operation was refused.
    Denied,
}

/// A decision, in the words of Component.toml and WIT.
///
/// What is named in it is what the guest asked for, as it is: a path may hold ends of lines and what a terminal obeys.
/// Whoever shows it to people takes [`printable_line`](crate::printable_line) for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditRecord {
    /// Who asked, as in `acme/hello@1.2.0`.
    pub component: String,
    /// What was called, as in `ext-filesystem/files.open` or `acme:database/client.query`.
    pub operation: Cow<'static, str>,
    /// On what: a guest path, a host and port, a program, a component, or the fields of an embedder's interface, as in
    /// `database=orders table=customers`.
    pub resource: String,
    /// The kind of permission that this takes, as in `filesystem.read` or `acme:database.query`.
    pub action: Cow<'static, str>,
    /// The answer.
    pub decision: Decision,
    /// The Component.toml line that would have allowed it; only with a denial.
    pub missing: Option<String>,
    /// Who did not allow it; only with a denial.
    pub layer: Option<Layer>,
    /// What the host's mounts lack, whoever else did not allow it either; only with a denial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount: Option<MountProblem>,
    /// How many equal decisions this record stands for, itself included: 1 in a record of the gate itself, which folds
    /// nothing.
    #[serde(skip_serializing_if = "is_one")]
    pub count: u64,
    /// Decisions of this component that no record stands for, since the last record, because they were too many and too
    /// different; none in a record of the gate itself, which leaves out nothing.
    #[serde(skip_serializing_if = "is_zero")]
    pub dropped_before: u64,
}

impl AuditRecord {
    /// A record of one decision, which nothing more is said about.
    pub fn new(
        component: impl Into<String>,
        operation: impl Into<Cow<'static, str>>,
        resource: impl Into<String>,
        action: impl Into<Cow<'static, str>>,
        decision: Decision,
    ) -> Self {
        Self {
            component: component.into(),
            operation: operation.into(),
            resource: resource.into(),
            action: action.into(),
            decision,
            missing: None,
            layer: None,
            mount: None,
            count: 1,
            dropped_before: 0,
        }
    }
}

fn is_one(count: &u64) -> bool {
    *count == 1
}

fn is_zero(dropped: &u64) -> bool {
    *dropped == 0
}
