//! Standard output and error: lines in the log of the component.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use crate::capability::host_services::log::Log;
use crate::capability::host_services::recent_output::{MAX_HEARD_LINES, RecentOutput};
use crate::capability::host_services::record::{LogLevel, MAX_LOG_MESSAGE_BYTES, Stream};

/// The standard output and error of one instance, line by line into the log of its component.
pub(crate) struct Output {
    pub(super) stdout: Lines,
    pub(super) stderr: Lines,
}

/// The one field of a log record that is a piece of output: how guests without WASI pass it on.
const STREAM_FIELD: &str = "stream";

impl Output {
    pub(crate) fn new(log: &Arc<Log>, recent: &Arc<RecentOutput>) -> Self {
        Self {
            stdout: Lines::new(log, recent, LogLevel::Info, Stream::Stdout),
            stderr: Lines::new(log, recent, LogLevel::Warn, Stream::Stderr),
        }
    }

    /// Passes on the lines that have not ended: nothing more will come.
    pub(crate) fn end_lines(&self) {
        for lines in [&self.stdout, &self.stderr] {
            if lines.0.is_open.load(Ordering::Relaxed) {
                lines.line().end();
            }
        }
    }

    /// Takes a log record that is a piece of output, and says whether all of it was passed on; `None` for every other.
    pub(crate) fn take(&self, message: &str, fields: &[(String, String)]) -> Option<bool> {
        let [(name, stream)] = fields else { return None };
        let lines = match (name.as_str(), stream.as_str()) {
            (STREAM_FIELD, "stdout") => &self.stdout,
            (STREAM_FIELD, "stderr") => &self.stderr,
            _ => return None,
        };
        Some(lines.write(message.as_bytes()))
    }
}

/// What is looked at of one piece of output, however long the piece is: as much as one record holds. What comes after it
/// is dropped, and counts as one record.
const MAX_PIECE_BYTES: usize = MAX_LOG_MESSAGE_BYTES;

/// Cuts what a guest writes into lines. Panics come in many small writes, so a line is passed on when it is complete,
/// too long, or the instance ends.
#[derive(Clone)]
pub(super) struct Lines(Arc<Shared>);

struct Shared {
    line: Mutex<Line>,
    /// Whether the line may have begun, for calls that write nothing, which is most.
    is_open: AtomicBool,
}

struct Line {
    log: Arc<Log>,
    recent: Arc<RecentOutput>,
    level: LogLevel,
    stream: Stream,
    text: Vec<u8>,
    /// Something of the last piece was dropped: the component writes more than it may.
    is_behind: bool,
}

impl Lines {
    fn new(log: &Arc<Log>, recent: &Arc<RecentOutput>, level: LogLevel, stream: Stream) -> Self {
        let (log, recent) = (Arc::clone(log), Arc::clone(recent));
        let line = Line { log, recent, level, stream, text: Vec::new(), is_behind: false };
        Self(Arc::new(Shared { line: Mutex::new(line), is_open: AtomicBool::new(false) }))
    }

    /// Takes a piece of output. Says whether nothing of it had to be dropped.
    fn write(&self, bytes: &[u8]) -> bool {
        let mut line = self.line();
        let passed_on = line.write(bytes);
        self.0.is_open.store(!line.text.is_empty(), Ordering::Relaxed);
        passed_on
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn write(&mut self, bytes: &[u8]) -> bool {
        let (mut piece, rest) = bytes.split_at(bytes.len().min(MAX_PIECE_BYTES));
        self.is_behind = false;
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            self.add(&piece[..end]);
            self.pass_on(false);
            piece = &piece[end + 1..];
            if self.is_behind {
                piece = self.skip_lines(piece);
                break;
            }
        }
        self.add(piece);
        if !rest.is_empty() {
            self.pass_on(true);
            self.log.lose(1);
            self.hear_last(&rest[rest.len().saturating_sub(MAX_PIECE_BYTES)..]);
            self.is_behind = true;
        }
        !self.is_behind
    }

    /// Adds to the line, which is passed on when it gets too long.
    fn add(&mut self, part: &[u8]) {
        if self.text.len() + part.len() > MAX_LOG_MESSAGE_BYTES {
            self.pass_on(false);
        }
        self.text.extend_from_slice(part);
    }

    fn pass_on(&mut self, truncated: bool) {
        if self.text.is_empty() {
            return;
        }
        let message = String::from_utf8_lossy(&self.text).into_owned();
        self.text.clear();
        self.is_behind |= !self.log.write_line(&self.recent, self.level, self.stream, message, truncated);
    }

    /// Counts the lines that end in what comes after one too many, and gives the beginning of the one that does not.
    fn skip_lines<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        let Some(end) = piece.iter().rposition(|byte| *byte == b'\n') else { return piece };
        let lines = &piece[..end];
        let mut before = b'\n';
        let mut skipped = 0;
        for byte in lines {
            skipped += u64::from(before == b'\n' && *byte != b'\n');
            before = *byte;
        }
        self.log.lose(skipped);
        self.hear_last(lines);
        &piece[end + 1..]
    }

    /// Hears the last lines of what nobody reads: they may be what explains a death.
    fn hear_last(&self, bytes: &[u8]) {
        if self.stream != Stream::Stderr {
            return;
        }
        let lines = bytes.rsplit(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let mut last: Vec<&[u8]> = lines.take(MAX_HEARD_LINES).collect();
        last.reverse();
        for line in last {
            self.recent.hear(self.level, self.stream, &String::from_utf8_lossy(line), &[]);
        }
    }

    /// Passes on what has not ended.
    fn end(&mut self) {
        self.pass_on(false);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.end();
    }
}

impl IsTerminal for Lines {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Lines {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn wasmtime_wasi::p2::OutputStream> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Lines {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What one write may hold; the same that WASI's own streams take, and as with them more than that is a trap.
const MAX_WRITE_BYTES: usize = 64 << 10;

#[wasmtime_wasi::async_trait]
impl wasmtime_wasi::p2::Pollable for Lines {
    async fn ready(&mut self) {
        let is_behind = self.line().is_behind;
        if is_behind {
            // Who writes more than is read does nothing else for a while, and lets others have the thread.
            tokio::task::yield_now().await;
        }
    }
}

impl wasmtime_wasi::p2::OutputStream for Lines {
    fn write(&mut self, bytes: bytes::Bytes) -> wasmtime_wasi::p2::StreamResult<()> {
        if bytes.len() > MAX_WRITE_BYTES {
            return Err(wasmtime_wasi::p2::StreamError::trap("a write of more than check-write allows"));
        }
        Self::write(self, &bytes);
        Ok(())
    }

    fn flush(&mut self) -> wasmtime_wasi::p2::StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> wasmtime_wasi::p2::StreamResult<usize> {
        Ok(MAX_WRITE_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::host_services::record::{LogRecord, LogSink};
    use crate::stats::Counters;

    #[derive(Default)]
    struct Kept(Mutex<Vec<LogRecord>>);

    impl LogSink for Kept {
        fn record(&self, record: &LogRecord) {
            self.0.lock().unwrap().push(record.clone());
        }
    }

    fn log_to(sink: Arc<dyn LogSink>) -> (Arc<Log>, Arc<RecentOutput>, Arc<Counters>) {
        let counters = Arc::<Counters>::default();
        let log = Log::new("test/log@1.0.0".parse().unwrap(), Arc::clone(&counters), Some(sink));
        (Arc::new(log), Arc::default(), counters)
    }

    #[test]
    fn a_log_record_with_only_a_stream_is_a_piece_of_output() {
        let kept = Arc::new(Kept::default());
        let (log, recent, _) = log_to(kept.clone());
        let output = Output::new(&log, &recent);
        let field = |value: &str| vec![("stream".to_owned(), value.to_owned())];
        assert_eq!(output.take("panic: ", &field("stderr")), Some(true));
        assert_eq!(output.take("no luck\n", &field("stderr")), Some(true));
        assert_eq!(output.take("a record", &field("river")), None);
        assert_eq!(output.take("a record", &[]), None);
        let records = kept.0.lock().unwrap();
        let [record] = records.as_slice() else { panic!("one record, not {records:?}") };
        assert_eq!((record.message.as_str(), record.stream), ("panic: no luck", Stream::Stderr));
    }

    #[test]
    fn output_becomes_one_record_a_line_however_it_was_written() {
        let kept = Arc::new(Kept::default());
        let (log, recent, _) = log_to(kept.clone());
        let lines = Lines::new(&log, &recent, LogLevel::Warn, Stream::Stderr);
        for part in ["pa", "nic: no", " luck\nsecond\n\n", "\u{ff} rest"] {
            assert!(lines.write(part.as_bytes()));
        }
        for _ in 0..2 {
            assert!(lines.write(&vec![b'x'; MAX_LOG_MESSAGE_BYTES]));
        }
        drop(lines);
        let records = kept.0.lock().unwrap();
        let texts: Vec<_> = records.iter().map(|record| record.message.as_str()).collect();
        assert_eq!(texts[..3], ["panic: no luck", "second", "\u{ff} rest"]);
        assert_eq!(texts[3..].concat().len(), 2 * MAX_LOG_MESSAGE_BYTES);
        assert!(texts.iter().all(|text| text.len() <= MAX_LOG_MESSAGE_BYTES));
        assert!(records.iter().all(|record| record.stream == Stream::Stderr && !record.truncated));
    }

    #[test]
    fn a_piece_of_any_length_costs_no_more_than_one_record_may_hold() {
        for stream in ["stdout", "stderr"] {
            let kept = Arc::new(Kept::default());
            let (log, recent, counters) = log_to(kept.clone());
            let output = Output::new(&log, &recent);
            let mut piece = "a\n".repeat(4 << 20);
            piece += "the last words\n";
            assert_eq!(output.take(&piece, &[("stream".to_owned(), stream.to_owned())]), Some(false));
            let stats = counters.snapshot();
            // Two bytes a line in what is looked at, and the rest is one.
            let lines = (MAX_PIECE_BYTES / 2) as u64;
            assert_eq!(stats.log_records + stats.log_records_dropped, lines + 1);
            assert_eq!(stats.log_records, kept.0.lock().unwrap().len() as u64);
            let heard = recent.take().lines;
            assert_eq!(heard.back().map(|word| word.text.as_str()), (stream == "stderr").then_some("the last words"));
        }
    }

    #[test]
    fn a_line_that_is_cut_says_so_and_the_next_one_tells_what_was_dropped() {
        let kept = Arc::new(Kept::default());
        let (log, recent, _) = log_to(kept.clone());
        let lines = Lines::new(&log, &recent, LogLevel::Info, Stream::Stdout);
        assert!(!lines.write(&vec![b'x'; 3 * MAX_PIECE_BYTES]));
        assert!(lines.write(b"next\n"));
        let records = kept.0.lock().unwrap();
        let seen: Vec<_> =
            records.iter().map(|record| (record.message.len(), record.truncated, record.dropped_before)).collect();
        assert_eq!(seen, [(MAX_PIECE_BYTES, true, 0), (4, false, 1)]);
    }

    #[test]
    fn lines_that_are_too_many_are_counted_exactly() {
        let kept = Arc::new(Kept::default());
        let (log, recent, counters) = log_to(kept.clone());
        let lines = Lines::new(&log, &recent, LogLevel::Info, Stream::Stdout);
        let mut written = 0;
        while counters.snapshot().log_records_dropped == 0 {
            lines.write("a\n\nb\nc\n".repeat(100).as_bytes());
            written += 300;
        }
        lines.write(b"begun");
        lines.write(b" and ended\n");
        drop(lines);
        let stats = counters.snapshot();
        assert_eq!(stats.log_records + stats.log_records_dropped, written + 1);
    }
}
