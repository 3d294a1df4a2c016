//! What the host under test has written down, against what the case expects of it.

use anyhow::Result;

use crate::case::AuditExpectation;
use crate::expect::{ExpectedDenial, star_matches};
use crate::host::protocol::{Audited, Logged, Records};
use crate::scope::Scope;

/// How many of the newest records a failure shows.
const SHOWN_RECORDS: usize = 3;
/// Decisions that a report keeps of one instance: more than any case but those about their number makes.
const KEPT_DECISIONS: usize = 12;

/// The newest decisions about an instance, newest first.
pub(crate) fn newest_decisions(instance: &str, records: &Records) -> Vec<String> {
    let text = |record| decision_text(instance, record);
    records.audit.iter().rev().take(SHOWN_RECORDS).map(text).collect()
}

/// The newest messages of the log, newest first.
pub(crate) fn newest_messages(records: &Records) -> Vec<String> {
    records.log.iter().rev().take(SHOWN_RECORDS).map(|record| record.message.clone()).collect()
}

/// The decisions about an instance, oldest first, as many as a report keeps.
pub(crate) fn decisions(instance: &str, records: &Records) -> Vec<String> {
    let mut texts: Vec<String> =
        records.audit.iter().take(KEPT_DECISIONS).map(|record| decision_text(instance, record)).collect();
    if let Some(more) = records.audit.len().checked_sub(KEPT_DECISIONS).filter(|more| *more > 0) {
        texts.push(format!("{instance} and {more} more"));
    }
    texts
}

/// Whether the log has a record like this.
///
/// # Errors
/// What it has instead.
pub(crate) fn logged(
    records: &Records,
    level: Option<&str>,
    message: Option<&str>,
    fields: &[(String, String)],
) -> Result<(), String> {
    let found = records.log.iter().any(|record: &Logged| {
        level.is_none_or(|level| level == record.level)
            && message.is_none_or(|message| star_matches(message, &record.message))
            && fields.iter().all(|field| record.fields.contains(field))
    });
    if found {
        return Ok(());
    }
    Err(format!("the log has no such record; the newest are {:?}", newest_messages(records)))
}

/// Whether the audit log has every refusal that the steps saw, and in their order the records that the case names.
///
/// # Errors
/// The outer error is the harness's; the inner one says what is missing.
pub(crate) fn audited(
    records: &[Audited],
    denials: &[ExpectedDenial],
    expected: &[AuditExpectation],
    scope: &Scope,
) -> Result<Result<(), String>> {
    for denial in denials {
        let found = records.iter().any(|record| {
            record.operation == denial.operation
                && record.resource == denial.resource
                && record.decision == "denied"
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
            let texts: Vec<String> = records.iter().take(8).map(|record| decision_text("", record)).collect();
            let texts = texts.join("; ");
            return Ok(Err(format!("the audit log lacks, in this place, {expected:?}; it has [{texts}]")));
        }
    }
    Ok(Ok(()))
}

fn decision_text(instance: &str, record: &Audited) -> String {
    let Audited { operation, resource, decision, .. } = record;
    format!("{instance} {decision} {operation} on {resource}").trim_start().to_owned()
}

fn matches(record: &Audited, expected: &AuditExpectation, resource: Option<&str>) -> bool {
    record.operation == expected.operation
        && resource.is_none_or(|resource| resource == record.resource)
        && expected.action.as_ref().is_none_or(|action| *action == record.action)
        && expected.decision == record.decision
}
