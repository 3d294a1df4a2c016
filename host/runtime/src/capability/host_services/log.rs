//! The guests' log: bounded in size and rate, told which component wrote it, and passed on.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use airssys_wasm_policy::{ComponentId, printable_line};

use super::recent_output::RecentOutput;
use super::record::{LogLevel, LogRecord, LogSink, MAX_LOG_FIELD_BYTES, MAX_LOG_FIELDS, MAX_LOG_MESSAGE_BYTES, Stream};
use crate::capability::rate::Rate;
use crate::stats::Counters;

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

/// The log of one component.
pub(crate) struct Log {
    component: ComponentId,
    counters: Arc<Counters>,
    sink: Option<Arc<dyn LogSink>>,
    rate: Mutex<Rate>,
}

impl Log {
    pub(crate) fn new(component: ComponentId, counters: Arc<Counters>, sink: Option<Arc<dyn LogSink>>) -> Self {
        let rate = Rate::new(LOG_BURST_RECORDS, LOG_RECORDS_PER_SECOND);
        Self { component, counters, sink, rate: Mutex::new(rate.with_bytes(LOG_BURST_BYTES, LOG_BYTES_PER_SECOND)) }
    }

    /// Passes a record of the guest's on, cut to size, unless there are too many. Says whether it was passed on.
    ///
    /// However much the guest gives, no more of it is looked at than a record may hold.
    pub(crate) fn write(
        &self,
        recent: &RecentOutput,
        level: LogLevel,
        mut message: String,
        mut fields: Vec<(String, String)>,
    ) -> bool {
        let stream = Stream::Component;
        let mut truncated = cut(&mut message, MAX_LOG_MESSAGE_BYTES) | (fields.len() > MAX_LOG_FIELDS);
        fields.truncate(MAX_LOG_FIELDS);
        // Before records are dropped: what explains a death must not be lost among too many others.
        let is_panic = recent.hear(level, stream, &message, &fields);
        for (name, value) in &mut fields {
            truncated |= cut(name, MAX_LOG_FIELD_BYTES) | cut(value, MAX_LOG_FIELD_BYTES);
        }
        let record = LogRecord {
            component: self.component.clone(),
            level,
            stream,
            message,
            fields,
            truncated,
            dropped_before: 0,
        };
        self.pass_on(record, is_panic)
    }

    /// Passes a line of output on, `truncated` if it is the beginning of a longer one. Says whether it was passed on.
    pub(crate) fn write_line(
        &self,
        recent: &RecentOutput,
        level: LogLevel,
        stream: Stream,
        mut message: String,
        mut truncated: bool,
    ) -> bool {
        truncated |= cut(&mut message, MAX_LOG_MESSAGE_BYTES);
        recent.hear(level, stream, &message, &[]);
        let component = self.component.clone();
        let record = LogRecord { component, level, stream, message, fields: Vec::new(), truncated, dropped_before: 0 };
        self.pass_on(record, false)
    }

    /// Counts records that were not made, because too many came before them.
    pub(crate) fn lose(&self, records: u64) {
        Counters::add_many(&self.counters.log_records_dropped, records);
        self.rate().lose(records);
    }

    fn pass_on(&self, mut record: LogRecord, is_panic: bool) -> bool {
        let fields = record.fields.iter().map(|(name, value)| name.len() + value.len());
        let bytes = record.message.len() + fields.sum::<usize>();
        let mut rate = self.rate();
        if !rate.take(bytes) {
            Counters::add(&self.counters.log_records_dropped);
            return false;
        }
        record.dropped_before = rate.take_dropped();
        drop(rate);
        Counters::add(&self.counters.log_records);
        trace(&record, is_panic);
        if let Some(sink) = &self.sink {
            sink.record(&record);
        }
        true
    }

    /// What the host has to say about a failure that the guest can cause as often as it likes: `None` when it has caused
    /// too many, else the text, cut, on one line.
    pub(crate) fn note(&self, error: &dyn fmt::Display) -> Option<String> {
        if !self.rate().take(MAX_LOG_FIELD_BYTES) {
            Counters::add(&self.counters.log_records_dropped);
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
    use airssys_wasm_policy::{AuditRecord, AuditSink as _, Decision, Layer};
    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use super::*;
    use crate::capability::audit::TracingAudit;

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

    fn log_to(sink: Arc<dyn LogSink>) -> (Log, RecentOutput) {
        let log = Log::new("test/log@1.0.0".parse().unwrap(), Arc::default(), Some(sink));
        (log, RecentOutput::default())
    }

    const FORGED: &str = "done\r\n\u{1b}[2K2026 ERROR host: all is lost\u{202e}";

    #[test]
    fn no_text_of_a_guest_begins_a_line_of_the_hosts_log() {
        let kept = Arc::new(Kept::default());
        let (log, recent) = log_to(kept.clone());
        let lines = Lines::default();
        tracing::subscriber::with_default(lines.clone(), || {
            for level in [LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error] {
                let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
                log.write(&recent, level, FORGED.to_owned(), vec![field(FORGED, FORGED), field("kind", "panic")]);
            }
            let (operation, resource) = ("ext-filesystem/files.open", format!("/data/{FORGED}"));
            let action = "filesystem.read";
            let mut record = AuditRecord::new("acme/hello@1.0.0", operation, resource, action, Decision::Denied);
            record.layer = Some(Layer::Host);
            TracingAudit.record(record);
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
        let (log, recent) = log_to(kept.clone());
        let long = "x".repeat(2 * MAX_LOG_MESSAGE_BYTES);
        let mut written = 0_u64;
        while log.counters.snapshot().log_records_dropped == 0 {
            let fields = (0..2 * MAX_LOG_FIELDS).map(|_| (long.clone(), long.clone())).collect();
            log.write(&recent, LogLevel::Info, long.clone(), fields);
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
