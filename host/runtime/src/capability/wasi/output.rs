//! Standard output and error: lines in the log of the component.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use crate::capability::host_services::log::{LogLevel, MAX_LOG_MESSAGE_BYTES, Stream};
use crate::core::Core;

/// The standard output and error of one instance, line by line into the log of its component.
pub(crate) struct Output {
    pub(super) stdout: Lines,
    pub(super) stderr: Lines,
}

/// The one field of a log record that is a piece of output: how guests without WASI pass it on.
const STREAM_FIELD: &str = "stream";

impl Output {
    pub(crate) fn new(core: &Arc<Core>) -> Self {
        Self {
            stdout: Lines::new(core, LogLevel::Info, Stream::Stdout),
            stderr: Lines::new(core, LogLevel::Warn, Stream::Stderr),
        }
    }

    /// Passes on the lines that have not ended: nothing more will come.
    pub(crate) fn end_lines(&self) {
        for lines in [&self.stdout, &self.stderr] {
            lines.0.lock().unwrap_or_else(PoisonError::into_inner).pass_on();
        }
    }

    /// Takes a log record that is a piece of output; says no to every other.
    pub(crate) fn take(&self, message: &str, fields: &[(String, String)]) -> bool {
        let lines = match fields {
            [(name, stream)] if name == STREAM_FIELD => match stream.as_str() {
                "stdout" => &self.stdout,
                "stderr" => &self.stderr,
                _ => return false,
            },
            _ => return false,
        };
        lines.write(message.as_bytes());
        true
    }
}

/// Cuts what a guest writes into lines. Panics come in many small writes, so a line is passed on when it is complete,
/// too long, or the instance ends.
#[derive(Clone)]
pub(super) struct Lines(Arc<Mutex<Line>>);

struct Line {
    core: Weak<Core>,
    level: LogLevel,
    stream: Stream,
    text: Vec<u8>,
}

impl Lines {
    fn new(core: &Arc<Core>, level: LogLevel, stream: Stream) -> Self {
        Self(Arc::new(Mutex::new(Line { core: Arc::downgrade(core), level, stream, text: Vec::new() })))
    }

    fn write(&self, bytes: &[u8]) {
        let mut line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (part, ends) = match part.split_last() {
                Some((b'\n', part)) => (part, true),
                _ => (part, false),
            };
            for chunk in part.chunks(MAX_LOG_MESSAGE_BYTES) {
                if line.text.len() + chunk.len() > MAX_LOG_MESSAGE_BYTES {
                    line.pass_on();
                }
                line.text.extend_from_slice(chunk);
            }
            if ends {
                line.pass_on();
            }
        }
    }
}

impl Line {
    fn pass_on(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.is_empty() {
            return;
        }
        if let Some(core) = self.core.upgrade() {
            let message = String::from_utf8_lossy(&text).into_owned();
            core.log.write(&core, self.level, self.stream, message, Vec::new());
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.pass_on();
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
    async fn ready(&mut self) {}
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
    use crate::capability::host_services::log::{LogRecord, LogSink};
    use crate::core::tests::core_with_log;

    #[derive(Default)]
    struct Kept(Mutex<Vec<LogRecord>>);

    impl LogSink for Kept {
        fn record(&self, record: &LogRecord) {
            self.0.lock().unwrap().push(record.clone());
        }
    }

    #[test]
    fn a_log_record_with_only_a_stream_is_a_piece_of_output() {
        let kept = Arc::new(Kept::default());
        let core = core_with_log(kept.clone());
        let output = Output::new(&core);
        let field = |value: &str| vec![("stream".to_owned(), value.to_owned())];
        assert!(output.take("panic: ", &field("stderr")));
        assert!(output.take("no luck\n", &field("stderr")));
        assert!(!output.take("a record", &field("river")));
        assert!(!output.take("a record", &[]));
        let records = kept.0.lock().unwrap();
        let [record] = records.as_slice() else { panic!("one record, not {records:?}") };
        assert_eq!((record.message.as_str(), record.stream), ("panic: no luck", Stream::Stderr));
    }

    #[test]
    fn output_becomes_one_record_a_line_however_it_was_written() {
        let kept = Arc::new(Kept::default());
        let core = core_with_log(kept.clone());
        let lines = Lines::new(&core, LogLevel::Warn, Stream::Stderr);
        for part in ["pa", "nic: no", " luck\nsecond\n\n", "\u{ff} rest"] {
            lines.write(part.as_bytes());
        }
        lines.write(&vec![b'x'; 2 * MAX_LOG_MESSAGE_BYTES]);
        drop(lines);
        let records = kept.0.lock().unwrap();
        let texts: Vec<_> = records.iter().map(|record| record.message.as_str()).collect();
        assert_eq!(texts[..3], ["panic: no luck", "second", "\u{ff} rest"]);
        assert_eq!(texts[3..].concat().len(), 2 * MAX_LOG_MESSAGE_BYTES);
        assert!(texts.iter().all(|text| text.len() <= MAX_LOG_MESSAGE_BYTES));
        assert!(records.iter().all(|record| record.stream == Stream::Stderr && !record.truncated));
    }
}
