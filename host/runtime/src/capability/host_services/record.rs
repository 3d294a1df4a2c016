//! Records of the guests' log, and who takes them.

use airssys_wasm_policy::ComponentId;

/// One message. What a person reads fits in; what does not is data, and belongs into a file.
pub const MAX_LOG_MESSAGE_BYTES: usize = 64 << 10;
/// Fields of one record.
pub const MAX_LOG_FIELDS: usize = 64;
/// The name or the value of one field.
pub const MAX_LOG_FIELD_BYTES: usize = 4 << 10;

/// How important a record is.
// Exhaustive: every logger has these levels, and who maps them wants each to be thought of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// For following single steps.
    Trace,
    /// For finding mistakes.
    Debug,
    /// What happens.
    Info,
    /// What should not happen.
    Warn,
    /// What went wrong.
    Error,
}

/// Which way a record took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Stream {
    /// `host-services.log`.
    Component,
    /// A line on the guest's standard output.
    Stdout,
    /// A line on the guest's standard error.
    Stderr,
}

/// One record of a guest's log.
///
/// The texts are the guest's own, as it gave them: they may hold ends of lines and what a terminal obeys. Whoever shows
/// them to people or writes them into a log of lines takes [`printable`](airssys_wasm_policy::printable) or
/// [`printable_line`](airssys_wasm_policy::printable_line) for it, as the host does for `tracing`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct LogRecord {
    /// Who wrote it, as the host knows it.
    pub component: ComponentId,
    /// How important it is.
    pub level: LogLevel,
    /// Which way it took.
    pub stream: Stream,
    /// The text, cut at [`MAX_LOG_MESSAGE_BYTES`].
    pub message: String,
    /// Names and values, [`MAX_LOG_FIELDS`] at most, cut at [`MAX_LOG_FIELD_BYTES`] each.
    pub fields: Vec<(String, String)>,
    /// Something was cut or left out.
    pub truncated: bool,
    /// Records of this component that were dropped since the last one because there were too many.
    pub dropped_before: u64,
}

/// Takes the guests' records, in the order in which each component wrote them.
pub trait LogSink: Send + Sync {
    /// Takes one record. It is called while the guest waits, so it must not block.
    fn record(&self, record: &LogRecord);
}
