//! The guests' log: bounded in size and rate, told which component wrote it, and passed on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use airssys_wasm_policy::{ComponentId, printable_line};

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
/// Bytes of messages and fields that a component may write at once after a rest: 8 MiB, enough for the records of a burst
/// to be long ones.
pub const LOG_BURST_BYTES: u32 = 8 << 20;
/// Bytes of messages and fields that a component may write in one second in the long run: 1 MiB, which fills no disk in
/// an hour.
pub const LOG_BYTES_PER_SECOND: u32 = 1 << 20;

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

/// The log of one component.
pub(crate) struct Log {
    sink: Option<Arc<dyn LogSink>>,
    rate: Mutex<Rate>,
}

impl Log {
    pub(crate) fn new(sink: Option<Arc<dyn LogSink>>) -> Self {
        let rate = Rate::new(LOG_BURST_RECORDS, LOG_RECORDS_PER_SECOND);
        Self { sink, rate: Mutex::new(rate.with_bytes(LOG_BURST_BYTES, LOG_BYTES_PER_SECOND)) }
    }

    /// Passes a record of the guest's on, cut to size, unless there are too many. Says whether it was passed on.
    ///
    /// However much the guest gives, no more of it is looked at than a record may hold.
    pub(crate) fn write(
        &self,
        core: &Core,
        level: LogLevel,
        mut message: String,
        mut fields: Vec<(String, String)>,
    ) -> bool {
        let stream = Stream::Component;
        let mut truncated = cut(&mut message, MAX_LOG_MESSAGE_BYTES) | (fields.len() > MAX_LOG_FIELDS);
        fields.truncate(MAX_LOG_FIELDS);
        // Before records are dropped: what explains a death must not be lost among too many others.
        let is_panic = core.last_words.hear(level, stream, &message, &fields);
        for (name, value) in &mut fields {
            truncated |= cut(name, MAX_LOG_FIELD_BYTES) | cut(value, MAX_LOG_FIELD_BYTES);
        }
        let record =
            LogRecord { component: core.id.clone(), level, stream, message, fields, truncated, dropped_before: 0 };
        self.pass_on(core, record, is_panic)
    }

    /// Passes a line of output on, `truncated` if it is the beginning of a longer one. Says whether it was passed on.
    pub(crate) fn write_line(
        &self,
        core: &Core,
        level: LogLevel,
        stream: Stream,
        mut message: String,
        mut truncated: bool,
    ) -> bool {
        truncated |= cut(&mut message, MAX_LOG_MESSAGE_BYTES);
        core.last_words.hear(level, stream, &message, &[]);
        let component = core.id.clone();
        let record = LogRecord { component, level, stream, message, fields: Vec::new(), truncated, dropped_before: 0 };
        self.pass_on(core, record, false)
    }

    /// Counts records that were not made, because too many came before them.
    pub(crate) fn lose(&self, core: &Core, records: u64) {
        Counters::add_many(&core.counters.log_records_dropped, records);
        self.rate().lose(records);
    }

    fn pass_on(&self, core: &Core, mut record: LogRecord, is_panic: bool) -> bool {
        let fields = record.fields.iter().map(|(name, value)| name.len() + value.len());
        let bytes = record.message.len() + fields.sum::<usize>();
        let mut rate = self.rate();
        if !rate.take(bytes) {
            Counters::add(&core.counters.log_records_dropped);
            return false;
        }
        record.dropped_before = rate.take_dropped();
        drop(rate);
        Counters::add(&core.counters.log_records);
        trace(&record, is_panic);
        if let Some(sink) = &self.sink {
            sink.record(&record);
        }
        true
    }

    /// What the host has to say about a failure that the guest can cause as often as it likes: `None` when it has caused
    /// too many, else the text, cut, on one line.
    pub(crate) fn note(&self, core: &Core, error: &crate::Error) -> Option<String> {
        if !self.rate().take(MAX_LOG_FIELD_BYTES) {
            Counters::add(&core.counters.log_records_dropped);
            return None;
        }
        let mut text = error.to_string();
        cut(&mut text, MAX_LOG_FIELD_BYTES);
        Some(printable_line(&text).into_owned())
    }

    fn rate(&self) -> MutexGuard<'_, Rate> {
        self.rate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Cuts `text` to at most `limit` bytes, between two characters, and gives back the room that the rest took.
fn cut(text: &mut String, limit: usize) -> bool {
    if text.len() <= limit {
        return false;
    }
    *text = text[..text.floor_char_boundary(limit)].to_owned();
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
                // A subscriber may write a line an event.
                "{}",
                printable_line(&record.message)
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

#[cfg(test)]
mod tests {
    use std::fmt;

    use airssys_wasm_policy::{AuditRecord, AuditSink as _, Decision, Layer};
    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use super::*;
    use crate::capability::audit::TracingAudit;
    use crate::core::tests::core_with_log;

    /// Keeps what a log of lines would write of each event: its fields, as they come.
    #[derive(Default, Clone)]
    struct Lines(Arc<Mutex<Vec<String>>>);

    impl Visit for &Lines {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            self.0.lock().unwrap().push(format!("{field}={value:?}"));
        }

        fn record_str(&mut self, field: &Field, value: &str) {
            self.0.lock().unwrap().push(format!("{field}={value}"));
        }
    }

    impl Subscriber for Lines {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            event.record(&mut &*self);
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    #[derive(Default)]
    struct Kept(Mutex<Vec<LogRecord>>);

    impl LogSink for Kept {
        fn record(&self, record: &LogRecord) {
            self.0.lock().unwrap().push(record.clone());
        }
    }

    const FORGED: &str = "done\r\n\u{1b}[2K2026 ERROR host: all is lost\u{202e}";

    #[test]
    fn no_text_of_a_guest_begins_a_line_of_the_hosts_log() {
        let kept = Arc::new(Kept::default());
        let core = core_with_log(kept.clone());
        let lines = Lines::default();
        tracing::subscriber::with_default(lines.clone(), || {
            for level in [LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error] {
                let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
                core.log.write(&core, level, FORGED.to_owned(), vec![field(FORGED, FORGED), field("kind", "panic")]);
            }
            TracingAudit.record(AuditRecord {
                component: "acme/hello@1.0.0".to_owned(),
                operation: "ext-filesystem/files.open".to_owned(),
                resource: format!("/data/{FORGED}"),
                action: "filesystem.read".to_owned(),
                decision: Decision::Denied,
                missing: None,
                layer: Some(Layer::Host),
                mount: None,
                count: 1,
                dropped_before: 0,
            });
        });
        let lines = lines.0.lock().unwrap();
        let escaped = r"done\r\n\u{1b}[2K2026 ERROR host: all is lost\u{202e}";
        assert_eq!(lines.iter().filter(|line| line.contains(escaped)).count(), 2 * 5 + 1, "{lines:#?}");
        assert!(!lines.iter().any(|line| line.contains(['\r', '\n', '\u{1b}', '\u{202e}'])), "{lines:#?}");
        let records = kept.0.lock().unwrap();
        assert!(
            records.iter().all(|record| record.message == FORGED && record.fields[0].1 == FORGED),
            "sinks get it raw"
        );
    }

    #[test]
    fn a_record_of_any_size_is_cut_and_its_bytes_are_bounded_in_the_long_run() {
        let kept = Arc::new(Kept::default());
        let core = core_with_log(kept.clone());
        let long = "x".repeat(2 * MAX_LOG_MESSAGE_BYTES);
        let mut written = 0_u64;
        while core.counters.snapshot().log_records_dropped == 0 {
            let fields = (0..2 * MAX_LOG_FIELDS).map(|_| (long.clone(), long.clone())).collect();
            core.log.write(&core, LogLevel::Info, long.clone(), fields);
            written += 1;
        }
        assert!(written < LOG_BURST_RECORDS.into(), "its bytes were too many before its records were");
        let record = MAX_LOG_MESSAGE_BYTES + MAX_LOG_FIELDS * 2 * MAX_LOG_FIELD_BYTES;
        let bytes: usize = kept
            .0
            .lock()
            .unwrap()
            .iter()
            .map(|record| {
                record.message.len() + record.fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
            })
            .sum();
        assert_eq!(bytes, kept.0.lock().unwrap().len() * record);
        assert!(
            kept.0
                .lock()
                .unwrap()
                .iter()
                .all(|record| record.truncated && record.message.capacity() <= MAX_LOG_MESSAGE_BYTES)
        );
    }
}
