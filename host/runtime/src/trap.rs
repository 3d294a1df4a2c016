//! A guest that died: how, what it said, and where it stood.
//!
//! Three witnesses tell of a death. The engine knows the instruction and the WebAssembly functions on the stack. The
//! guest's SDK logs a panic or an uncaught exception before it ends the instance, with the stack of its own language. And
//! a guest may have written to its standard error before, which is all that is left of a failed assertion or of a
//! runtime that gave up.

use airssys_wasm_policy::{AuditRecord, ComponentId, Language};
use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use crate::capability::host_services::recent_output::Said;
use crate::guest_panic::{GuestPanic, OutputLine};
use crate::names::Bounded;
use crate::trap_frame::{FrameOrigin, Instruction, MAX_FRAMES, SourceFunction, TrapFrame};

/// What the engine says of a trap. It names what the guest did, and may quote it.
const MAX_REASON_BYTES: usize = 1 << 10;

/// A guest that died while it was called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("component {component}{} trapped in {operation}: {}", in_language(*.language), self.message())]
#[non_exhaustive]
pub struct GuestTrap {
    /// The component.
    pub component: ComponentId,
    /// The BLAKE3 hash of its file, which says which of several builds it was.
    pub content: [u8; 32],
    /// What its Component.toml says it is written in, if that says so.
    pub language: Option<Language>,
    /// What was called, e.g. `init` or `execute greet`.
    pub operation: String,
    /// How the engine saw it end.
    pub kind: TrapKind,
    /// The same in the engine's words, e.g. that `unreachable` was executed.
    pub reason: String,
    /// What the guest's SDK said of it, where the language gets to say something.
    pub panic: Option<Box<GuestPanic>>,
    /// What the guest wrote during this call to standard error, or logged as an error, oldest first; the last few lines.
    /// The report in `panic` is not among them.
    pub recent_output: Vec<OutputLine>,
    /// The WebAssembly functions on the stack, innermost first; with files, lines and inlined functions after
    /// [`GuestTrap::locate`].
    pub backtrace: Vec<TrapFrame>,
    /// Why `backtrace` has no files and lines although the component may have debug information. For who looks for them
    /// to set, and to show.
    pub unlocated: Option<String>,
    /// What the policy refused to the guest during this call, the last few only.
    pub refusals: Vec<AuditRecord>,
}

/// How the engine saw a guest end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TrapKind {
    /// It executed `unreachable`: what panics and aborts of most languages come to.
    Unreachable,
    /// It used memory that it does not have.
    OutOfBounds,
    /// It called itself too deeply.
    StackOverflow,
    /// It divided by zero.
    DivisionByZero,
    /// A division or conversion had a result that does not fit.
    IntegerOverflow,
    /// It called through a pointer to no function, or to one of another type.
    BadCall,
    /// It ended its process with this status.
    Exit(i32),
    /// Anything else; `reason` says what.
    Other,
}

impl TrapKind {
    /// A stable name of the kind, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::OutOfBounds => "out-of-bounds",
            Self::StackOverflow => "stack-overflow",
            Self::DivisionByZero => "division-by-zero",
            Self::IntegerOverflow => "integer-overflow",
            Self::BadCall => "bad-call",
            Self::Exit(_) => "exit",
            Self::Other => "other",
        }
    }

    fn of(error: &wasmtime::Error) -> Self {
        if let Some(exit) = error.downcast_ref::<I32Exit>() {
            return Self::Exit(exit.0);
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::UnreachableCodeReached) => Self::Unreachable,
            Some(Trap::MemoryOutOfBounds | Trap::HeapMisaligned) => Self::OutOfBounds,
            Some(Trap::StackOverflow) => Self::StackOverflow,
            Some(Trap::IntegerDivisionByZero) => Self::DivisionByZero,
            Some(Trap::IntegerOverflow | Trap::BadConversionToInteger) => Self::IntegerOverflow,
            Some(Trap::TableOutOfBounds | Trap::IndirectCallToNull | Trap::BadSignature) => Self::BadCall,
            _ => Self::Other,
        }
    }
}

impl GuestTrap {
    pub(crate) fn new(
        (component, content): (ComponentId, [u8; 32]),
        language: Option<Language>,
        operation: &str,
        error: &wasmtime::Error,
        words: Said,
        refusals: Vec<AuditRecord>,
    ) -> Self {
        let kind = match (TrapKind::of(error), words.exit) {
            // How a guest exits that has said so.
            (TrapKind::Unreachable | TrapKind::Exit(_), Some(status)) => TrapKind::Exit(status),
            (kind, _) => kind,
        };
        let reason = match kind {
            TrapKind::Exit(status) => format!("it exited with status {status}"),
            _ => Bounded::of(error.root_cause(), MAX_REASON_BYTES),
        };
        let frames = error.downcast_ref::<WasmBacktrace>().map_or(&[][..], WasmBacktrace::frames);
        let backtrace = frames.iter().map(TrapFrame::of).take(MAX_FRAMES).collect();
        let Said { panic, lines, .. } = words;
        let (operation, recent_output) = (operation.to_owned(), lines.into());
        let unlocated = None;
        Self {
            component,
            content,
            language,
            operation,
            kind,
            reason,
            panic,
            recent_output,
            backtrace,
            unlocated,
            refusals,
        }
    }

    /// Whether these are the bytes of the component that died.
    pub fn is_of(&self, component: &[u8]) -> bool {
        *blake3::hash(component).as_bytes() == self.content
    }

    /// Where the functions of `backtrace` stood, for [`locate`](crate::inspect::locate).
    pub fn instructions(&self) -> Vec<Instruction> {
        self.backtrace.iter().filter_map(TrapFrame::instruction).collect()
    }

    /// Says where `backtrace` is in the source: for each of [`GuestTrap::instructions`] what [`locate`](crate::inspect::locate)
    /// found. All of it is the guest's: names are unfolded, and texts and frames are cut, as those of the engine are.
    pub fn locate(&mut self, found: &[Vec<SourceFunction>]) {
        let mut found = found.iter();
        let frames = std::mem::take(&mut self.backtrace).into_iter().flat_map(|frame| {
            let functions = frame.instruction().and_then(|_| found.next());
            frame.located(functions.map_or(&[], Vec::as_slice))
        });
        self.backtrace = frames.take(MAX_FRAMES).collect();
    }

    /// Why, in the guest's own words if it had any, as [`GuestPanic`] displays them; else in the engine's.
    pub fn message(&self) -> String {
        self.panic.as_ref().map_or_else(|| self.reason.clone(), |panic| panic.to_string())
    }

    /// The stack that says most: the one of the guest's own language, else the one of WebAssembly. Innermost first.
    pub fn stack(&self) -> &[TrapFrame] {
        match &self.panic {
            Some(panic) if !panic.stack.is_empty() => &panic.stack,
            _ => &self.backtrace,
        }
    }

    /// How to see more of it the next time, if there is a way: the program's functions have no names in the component,
    /// or were inlined.
    pub(crate) fn hint(&self) -> Option<String> {
        let compiled = matches!(self.language, None | Some(Language::Rust | Language::Go | Language::C));
        let named = self.stack().iter().any(|frame| frame.named && frame.origin == FrameOrigin::Program);
        (compiled && !named).then(|| "build it with --debug to see in which of its functions it was".to_owned())
    }
}

/// ` (rust)`, or nothing.
pub(crate) fn in_language(language: Option<Language>) -> String {
    language.map_or_else(String::new, |language| format!(" ({language})"))
}
