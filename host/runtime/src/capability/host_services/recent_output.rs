//! What a guest said last in the running call: for the error, should the call end in a trap.
//!
//! A guest that ends its process logs it at error level with the field `kind` = `exit` and the `status`, for what WASI has
//! for it knows only success and failure.
//!
//! An SDK that catches a panic or an exception logs it at error level with the field `kind` = `panic` or `exception`
//! before it ends the instance. Fields that say more:
//!
//! | field | value |
//! |---|---|
//! | `exception` | the exception's type |
//! | `location` | `file:line:column` |
//! | `stack` | a line a frame, innermost first: `function at file:line:column` |
//! | `traceback` | the language's own account |

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::record::{LogLevel, Stream};
use crate::guest_panic::{GuestPanic, OutputLine, PanicKind};
use crate::trap_frame::{MAX_FRAMES, TrapFrame};

/// Lines kept of what a guest wrote: a stack trace of a runtime that gave up has some fifty.
const MAX_LINES: usize = 64;
/// One of these lines, in bytes.
const MAX_LINE_BYTES: usize = 1 << 10;
/// Each of the texts of a panic, in bytes. Longer ones are data.
const MAX_TEXT_BYTES: usize = 16 << 10;
/// The stack of a panic, in bytes: all of its frames, with the longest names that are kept.
const MAX_STACK_BYTES: usize = MAX_FRAMES << 10;
/// Lines that are worth hearing of what comes at once: what comes later takes the place of what came before.
pub(crate) const MAX_HEARD_LINES: usize = MAX_LINES;

/// What a guest has said.
#[derive(Default)]
pub(crate) struct Said {
    /// A panic or an exception. The last one: what comes after it is what it led to.
    pub(crate) panic: Option<Box<GuestPanic>>,
    /// The status with which it says that it exits.
    pub(crate) exit: Option<i32>,
    /// Anything else, oldest first.
    pub(crate) lines: VecDeque<OutputLine>,
}

/// What the guest of one instance said in the running call.
#[derive(Default)]
pub(crate) struct RecentOutput {
    said: Mutex<Said>,
    /// Whether it said anything, for calls in which it does not, which is most.
    is_something: AtomicBool,
}

impl RecentOutput {
    /// A call begins.
    pub(crate) fn forget(&self) {
        if self.is_something.load(Ordering::Relaxed) {
            drop(self.take());
        }
    }

    /// What was said since this was last asked.
    pub(crate) fn take(&self) -> Said {
        let mut said = self.said();
        self.is_something.store(false, Ordering::Relaxed);
        std::mem::take(&mut said)
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hears one record, and keeps it if it may become important. Says whether it tells how the guest ends, by a panic or an exit.
    pub(crate) fn hear(&self, level: LogLevel, stream: Stream, message: &str, fields: &[(String, String)]) -> bool {
        if let Some(status) = exit(level, stream, fields) {
            self.is_something.store(true, Ordering::Relaxed);
            self.said().exit = Some(status);
            return true;
        }
        let panic = panic(level, stream, message, fields);
        if panic.is_none() && level != LogLevel::Error && stream != Stream::Stderr {
            return false;
        }
        self.is_something.store(true, Ordering::Relaxed);
        let mut words = self.said();
        if let Some(panic) = panic {
            words.panic = Some(Box::new(panic));
            return true;
        }
        if words.lines.len() == MAX_LINES {
            words.lines.pop_front();
        }
        words.lines.push_back(OutputLine { stream, text: part(message, MAX_LINE_BYTES) });
        false
    }
}

/// What a record tells of a panic, if it does.
fn panic(level: LogLevel, stream: Stream, message: &str, fields: &[(String, String)]) -> Option<GuestPanic> {
    if level != LogLevel::Error || stream != Stream::Component {
        return None;
    }
    let field = |name: &str| {
        let value = fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    };
    let text = |name: &str| field(name).map(|value| part(value, MAX_TEXT_BYTES));
    let kind = [PanicKind::Panic, PanicKind::Exception].into_iter().find(|kind| field("kind") == Some(kind.code()))?;
    let stack = field("stack").unwrap_or_default();
    let stack = &stack[..stack.floor_char_boundary(MAX_STACK_BYTES)];
    Some(GuestPanic {
        kind,
        message: part(message, MAX_TEXT_BYTES),
        exception: text("exception"),
        location: text("location"),
        stack: stack.lines().take(MAX_FRAMES).map(TrapFrame::parse).collect(),
        traceback: text("traceback"),
    })
}

/// The status that a record tells of, if it tells that the guest exits.
fn exit(level: LogLevel, stream: Stream, fields: &[(String, String)]) -> Option<i32> {
    let [(kind, exit), (name, status)] = fields else { return None };
    let tells = level == LogLevel::Error && stream == Stream::Component && kind == "kind" && exit == "exit";
    // Some guests write a negative status as the unsigned number of the same bits.
    let status = status.parse::<i64>().ok().filter(|_| tells && name == "status")?;
    i32::try_from(status).ok().or_else(|| Some(u32::try_from(status).ok()?.cast_signed()))
}

/// At most `limit` bytes of a text, without copying the rest.
fn part(text: &str, limit: usize) -> String {
    text[..text.floor_char_boundary(limit)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_panic_is_heard_with_all_that_is_said_of_it() {
        let listener = RecentOutput::default();
        let said =
            fields(&[("kind", "exception"), ("exception", "TypeError"), ("stack", "f at a.js:1:2\ng at a.js:9")]);
        assert!(listener.hear(LogLevel::Error, Stream::Component, "no price", &said));
        let words = listener.take();
        let panic = words.panic.expect("a panic");
        assert_eq!(panic.to_string(), "uncaught TypeError: no price");
        assert_eq!(panic.stack.iter().map(ToString::to_string).collect::<Vec<_>>(), ["f at a.js:1:2", "g at a.js:9"]);
        assert!(words.lines.is_empty() && listener.take().panic.is_none());
    }

    #[test]
    fn other_errors_and_standard_error_are_kept_line_by_line_and_nothing_else_is() {
        let listener = RecentOutput::default();
        assert!(!listener.hear(LogLevel::Warn, Stream::Stderr, "written", &[]));
        assert!(!listener.hear(LogLevel::Error, Stream::Component, "logged", &fields(&[("kind", "news")])));
        assert!(!listener.hear(LogLevel::Warn, Stream::Component, "warned", &fields(&[("kind", "panic")])));
        assert!(!listener.hear(LogLevel::Info, Stream::Stdout, "printed", &[]));
        let lines: Vec<_> = listener.take().lines.into_iter().map(|word| word.text).collect();
        assert_eq!(lines, ["written", "logged"]);
        listener.hear(LogLevel::Error, Stream::Component, "of the call before", &[]);
        listener.forget();
        assert!(listener.take().lines.is_empty());
    }

    #[test]
    fn a_status_is_heard_as_the_number_that_it_is() {
        let listener = RecentOutput::default();
        let heard = |status: &str| {
            let said = fields(&[("kind", "exit"), ("status", status)]);
            listener.hear(LogLevel::Error, Stream::Component, "exited", &said);
            listener.take().exit
        };
        for (status, expected) in [("3", Some(3)), ("-1", Some(-1)), ("4294967295", Some(-1)), ("0", Some(0))] {
            assert_eq!(heard(status), expected, "{status}");
        }
        for status in ["", "x", "4294967296", "-2147483649", "3 "] {
            assert_eq!(heard(status), None, "{status}");
        }
        let said = fields(&[("kind", "exit"), ("status", "3")]);
        listener.hear(LogLevel::Info, Stream::Component, "exited", &said);
        assert_eq!(listener.take().exit, None);
    }

    #[test]
    fn what_a_guest_says_is_bounded() {
        let listener = RecentOutput::default();
        for number in 0..10 * MAX_LINES {
            listener.hear(LogLevel::Warn, Stream::Stderr, &format!("{number} {}", "ü".repeat(MAX_LINE_BYTES)), &[]);
        }
        let long = "f at a.py:1\n".repeat(10 * MAX_FRAMES);
        let said = fields(&[("kind", "panic"), ("stack", &long), ("traceback", &"x".repeat(2 * MAX_TEXT_BYTES))]);
        listener.hear(LogLevel::Error, Stream::Component, &"x".repeat(2 * MAX_TEXT_BYTES), &said);
        let words = listener.take();
        assert_eq!(words.lines.len(), MAX_LINES);
        assert!(words.lines[0].text.starts_with(&format!("{} ", 9 * MAX_LINES)), "the last ones are kept");
        assert!(words.lines.iter().all(|word| word.text.len() <= MAX_LINE_BYTES));
        let panic = words.panic.expect("a panic");
        assert_eq!(panic.message.len(), MAX_TEXT_BYTES);
        assert_eq!(panic.traceback.expect("a traceback").len(), MAX_TEXT_BYTES);
        assert_eq!(panic.stack.len(), MAX_FRAMES);
    }
}
