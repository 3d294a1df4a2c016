//! What the host under test writes down: its audit records and the log of its guests.

use std::sync::Mutex;

use airssys_wasm::policy::{AuditRecord, AuditSink};
use airssys_wasm::{LogRecord, LogSink};
use anyhow::Result;

use crate::case::AuditExpectation;
use crate::expect::{ExpectedDenial, star_matches};
use crate::scope::Scope;

/// How many of the newest records a failure shows.
const SHOWN_RECORDS: usize = 3;

/// Keeps the records of one instance.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    audit: Mutex<Vec<AuditRecord>>,
    log: Mutex<Vec<LogRecord>>,
}

impl AuditSink for Recorder {
    fn record(&self, record: AuditRecord) {
        self.audit.lock().expect("no panic while recording").push(record);
    }
}

impl LogSink for Recorder {
    fn record(&self, record: &LogRecord) {
        self.log.lock().expect("no panic while recording").push(record.clone());
    }
}

impl Recorder {
    fn audit_records(&self) -> Vec<AuditRecord> {
        self.audit.lock().expect("no panic while recording").clone()
    }

    fn log_records(&self) -> Vec<LogRecord> {
        self.log.lock().expect("no panic while recording").clone()
    }

    /// The newest decisions, newest first.
    pub(crate) fn newest_decisions(&self) -> Vec<String> {
        self.audit_records().iter().rev().take(SHOWN_RECORDS).map(decision_text).collect()
    }

    /// The newest messages of the log, newest first.
    pub(crate) fn newest_messages(&self) -> Vec<String> {
        self.log_records().into_iter().rev().take(SHOWN_RECORDS).map(|record| record.message).collect()
    }

    /// Whether the log has a record like this.
    ///
    /// # Errors
    /// What it has instead.
    pub(crate) fn logged(
        &self,
        level: Option<&str>,
        message: Option<&str>,
        fields: &[(String, String)],
    ) -> Result<(), String> {
        let found = self.log_records().iter().any(|record| {
            level.is_none_or(|level| level == format!("{:?}", record.level).to_lowercase())
                && message.is_none_or(|message| star_matches(message, &record.message))
                && fields.iter().all(|field| record.fields.contains(field))
        });
        if found {
            return Ok(());
        }
        Err(format!("the log has no such record; the newest are {:?}", self.newest_messages()))
    }
}

/// Whether the audit log has every refusal that the steps saw, and in their order the records that the case names.
///
/// # Errors
/// The outer error is the harness's; the inner one says what is missing.
pub(crate) fn audited<'a>(
    recorders: impl Iterator<Item = &'a Recorder>,
    denials: &[ExpectedDenial],
    expected: &[AuditExpectation],
    scope: &Scope,
) -> Result<Result<(), String>> {
    let records: Vec<AuditRecord> = recorders.flat_map(Recorder::audit_records).collect();
    for denial in denials {
        let found = records.iter().any(|record| {
            record.operation == denial.operation
                && record.resource == denial.resource
                && decision(record) == "denied"
                && record.missing.as_deref() == Some(&denial.missing)
        });
        if !found {
            let ExpectedDenial { operation, resource, .. } = denial;
            return Ok(Err(format!("the audit log lacks the refusal of {operation} on {resource}")));
        }
    }
    let mut rest = records.iter();
    for expected in expected {
        let resource = expected.resource.as_deref().map(|resource| scope.fill(resource)).transpose()?;
        if !rest.any(|record| matches(record, expected, resource.as_deref())) {
            let texts: Vec<String> = records.iter().take(8).map(decision_text).collect();
            let texts = texts.join("; ");
            return Ok(Err(format!("the audit log lacks, in this place, {expected:?}; it has [{texts}]")));
        }
    }
    Ok(Ok(()))
}

fn decision(record: &AuditRecord) -> String {
    serde_json::to_value(record.decision).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

fn decision_text(record: &AuditRecord) -> String {
    format!("{} {} {} on {}", record.component, decision(record), record.operation, record.resource)
}

fn matches(record: &AuditRecord, expected: &AuditExpectation, resource: Option<&str>) -> bool {
    record.operation == expected.operation
        && resource.is_none_or(|resource| resource == record.resource)
        && expected.action.as_ref().is_none_or(|action| *action == record.action)
        && decision(record) == expected.decision
}
