//! The guests' log: bounded in size and rate, told which component wrote it, and passed on.

use std::sync::{Arc, Mutex, PoisonError};

use airssys_wasm_policy::ComponentId;

use crate::bindings::types;
use crate::capability::rate::Rate;
use crate::core::{Core, Counters};

/// One message. What a person reads fits in; what does not is data, and belongs into a file.
pub const MAX_LOG_MESSAGE_BYTES: usize = 64 << 10;
/// Fields of one record.
pub const MAX_LOG_FIELDS: usize = 64;
/// The name or the value of one field.
pub const MAX_LOG_FIELD_BYTES: usize = 4 << 10;
/// Records that a component may write at once after a rest.
pub const LOG_BURST_RECORDS: u32 = 1000;
/// Records that a component may write in one second in the long run.
pub const LOG_RECORDS_PER_SECOND: u32 = 500;

/// How important a record is.
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

impl From<types::LogLevel> for LogLevel {
    fn from(level: types::LogLevel) -> Self {
        match level {
            types::LogLevel::Trace => Self::Trace,
            types::LogLevel::Debug => Self::Debug,
            types::LogLevel::Info => Self::Info,
            types::LogLevel::Warn => Self::Warn,
            types::LogLevel::Error => Self::Error,
        }
    }
}

/// Which way a record took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// `host-services.log`.
    Component,
    /// A line on the guest's standard output.
    Stdout,
    /// A line on the guest's standard error.
    Stderr,
}

/// One record of a guest's log.
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

/// The log of one component.
pub(crate) struct Log {
    sink: Option<Arc<dyn LogSink>>,
    rate: Mutex<Rate>,
}

impl Log {
    pub(crate) fn new(sink: Option<Arc<dyn LogSink>>) -> Self {
        Self { sink, rate: Mutex::new(Rate::new(LOG_BURST_RECORDS, LOG_RECORDS_PER_SECOND)) }
    }

    pub(crate) fn write(
        &self,
        core: &Core,
        level: LogLevel,
        stream: Stream,
        mut message: String,
        mut fields: Vec<(String, String)>,
    ) {
        // Before records are dropped: what explains a death must not be lost among too many others.
        let is_panic = core.last_words.hear(level, stream, &message, &fields);
        let Some(dropped_before) = self.take_one() else {
            Counters::add(&core.counters.log_records_dropped);
            return;
        };
        Counters::add(&core.counters.log_records);
        let mut truncated = cut(&mut message, MAX_LOG_MESSAGE_BYTES) | (fields.len() > MAX_LOG_FIELDS);
        fields.truncate(MAX_LOG_FIELDS);
        for (name, value) in &mut fields {
            truncated |= cut(name, MAX_LOG_FIELD_BYTES) | cut(value, MAX_LOG_FIELD_BYTES);
        }
        let record =
            LogRecord { component: core.id.clone(), level, stream, message, fields, truncated, dropped_before };
        trace(&record, is_panic);
        if let Some(sink) = &self.sink {
            sink.record(&record);
        }
    }

    /// What the host has to say about a failure that the guest can cause as often as it likes: `None` when it has caused
    /// too many, else the text, cut.
    pub(crate) fn note(&self, core: &Core, error: &crate::Error) -> Option<String> {
        if !self.rate.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Counters::add(&core.counters.log_records_dropped);
            return None;
        }
        let mut text = error.to_string();
        cut(&mut text, MAX_LOG_FIELD_BYTES);
        Some(text)
    }

    /// How many were dropped before this one, or `None` when this one is dropped too.
    fn take_one(&self) -> Option<u64> {
        let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        rate.take().then(|| rate.take_dropped())
    }
}

/// Cuts `text` to at most `limit` bytes, between two characters.
fn cut(text: &mut String, limit: usize) -> bool {
    if text.len() <= limit {
        return false;
    }
    text.truncate(text.floor_char_boundary(limit));
    true
}

/// A panic has a target of its own below that of the log: it comes with the error of the call as well, and who shows that
/// need not show it twice.
fn trace(record: &LogRecord, is_panic: bool) {
    macro_rules! event {
        ($level:ident) => { event!("airssys_wasm::guest", $level) };
        ($target:literal, $level:ident) => {
            tracing::event!(
                target: $target,
                tracing::Level::$level,
                component = %record.component,
                stream = ?record.stream,
                fields = ?record.fields,
                truncated = record.truncated,
                dropped_before = record.dropped_before,
                "{}",
                record.message
            )
        };
    }
    match record.level {
        LogLevel::Trace => event!(TRACE),
        LogLevel::Debug => event!(DEBUG),
        LogLevel::Info => event!(INFO),
        LogLevel::Warn => event!(WARN),
        LogLevel::Error if is_panic => event!("airssys_wasm::guest::panic", ERROR),
        LogLevel::Error => event!(ERROR),
    }
}
