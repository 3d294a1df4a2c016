//! What a guest says of its own death.

use std::fmt;

use airssys_wasm_policy::{printable, printable_line};

use crate::capability::host_services::record::Stream;
use crate::trap_frame::TrapFrame;

/// What the guest's SDK said of a panic or an exception that nobody caught. Every text is bounded, and the guest's own:
/// it may hold anything, control characters of a terminal included. Its `Display` is for people, and
/// [`printable`](airssys_wasm_policy::printable); it may have several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GuestPanic {
    /// Which of the two.
    pub kind: PanicKind,
    /// The guest's message.
    pub message: String,
    /// The exception's type, e.g. `ValueError`.
    pub exception: Option<String>,
    /// Where it happened, e.g. `src/lib.rs:12:9`.
    pub location: Option<String>,
    /// The functions of the guest's language on the stack, innermost first. Empty where the language cannot tell;
    /// [`GuestTrap::backtrace`](crate::error::GuestTrap::backtrace) may have them then.
    pub stack: Vec<TrapFrame>,
    /// The language's own account of it, e.g. a traceback of Python, with source lines and with what caused what.
    pub traceback: Option<String>,
}

/// What ended a guest, in the terms of its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PanicKind {
    /// A panic, or whatever the language calls a failure that is not meant to be caught.
    Panic,
    /// An exception that nobody caught.
    Exception,
}

impl PanicKind {
    /// The word that SDKs send, and a stable name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::Exception => "exception",
        }
    }
}

impl fmt::Display for GuestPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &self.exception) {
            (PanicKind::Panic, _) => f.write_str("panicked")?,
            (PanicKind::Exception, Some(exception)) => write!(f, "uncaught {}", printable_line(exception))?,
            (PanicKind::Exception, None) => f.write_str("uncaught exception")?,
        }
        if let Some(location) = &self.location {
            write!(f, " at {}", printable_line(location))?;
        }
        write!(f, ": {}", printable(&self.message))
    }
}

/// A line that a guest wrote before it died.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutputLine {
    /// [`Stream::Stderr`], or [`Stream::Component`] for a log record at error level.
    pub stream: Stream,
    /// The line.
    pub text: String,
}
