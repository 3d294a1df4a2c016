//! A guest that died: how, what it said, and where it stood.
//!
//! Three witnesses tell of a death. The engine knows the instruction and the WebAssembly functions on the stack. The
//! guest's SDK logs a panic or an uncaught exception before it ends the instance, with the stack of its own language. And
//! a guest may have written to its standard error before, which is all that is left of a failed assertion or of a
//! runtime that gave up.

use std::fmt;

use airssys_wasm_policy::{AuditRecord, ComponentId, Language, printable, printable_line};
use wasmtime::{FrameInfo, Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use crate::capability::host_services::last_words::{LastWords, bounded};
use crate::capability::host_services::log::Stream;
use crate::names::{Bounded, MAX_NAME_BYTES, demangled};

/// Frames of a stack, inlined functions counted one by one: more than this is a recursion, whose end is what matters.
pub(crate) const MAX_FRAMES: usize = 64;
/// What the engine says of a trap. It names what the guest did, and may quote it.
const MAX_REASON_BYTES: usize = 1 << 10;

/// A guest that died while it was called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("component {component}{} trapped in {operation}: {}", in_language(*.language), self.message())]
#[non_exhaustive]
pub struct GuestTrap {
    /// The component.
    pub component: ComponentId,
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
    pub last_words: Vec<LastWord>,
    /// The WebAssembly functions on the stack, innermost first.
    pub backtrace: Vec<TrapFrame>,
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
    /// [`GuestTrap::backtrace`] may have them then.
    pub stack: Vec<TrapFrame>,
    /// The language's own account of it, e.g. a traceback of Python, with source lines and with what caused what.
    pub traceback: Option<String>,
}

/// What ended a guest, in the terms of its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
pub struct LastWord {
    /// [`Stream::Stderr`], or [`Stream::Component`] for a log record at error level.
    pub stream: Stream,
    /// The line.
    pub text: String,
}

/// One function on the stack of a guest that died.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TrapFrame {
    /// The core module, where it has a name.
    pub module: Option<String>,
    /// The function's name as its author knows it; without one its index, as `function[7]`.
    pub function: String,
    /// Whether `function` is a name.
    pub named: bool,
    /// The file, where the guest has debug information and [`RuntimeConfig::debug_info`](crate::RuntimeConfig) is set.
    pub file: Option<String>,
    /// The line in the file, counted from 1.
    pub line: Option<u32>,
    /// The column in the line, counted from 1.
    pub column: Option<u32>,
    /// Offset of the instruction in the core module, in bytes.
    pub offset: Option<usize>,
    /// Whose function it is.
    pub origin: FrameOrigin,
}

/// Whose a function is: what is not the program's own is rarely where the mistake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FrameOrigin {
    /// The program's, as far as one can tell.
    #[default]
    Program,
    /// The SDK's, or of the bindings that it is built on.
    Sdk,
    /// The language's runtime or standard library.
    Runtime,
}

impl FrameOrigin {
    /// A stable name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Sdk => "sdk",
            Self::Runtime => "runtime",
        }
    }

    /// By the names that toolchains and SDKs give their own functions, and where their files are.
    fn of(function: &str, file: Option<&str>) -> Self {
        // `<T as Trait>::method` belongs to whom T belongs.
        let path = function.trim_start_matches(['<', '&', '*', '(']);
        let starts = |with: &&str| path.starts_with(*with);
        if SDK_FUNCTIONS.iter().any(starts)
            || function.contains(SDK_TRAIT)
            || file.is_some_and(|file| SDK_FILES.iter().any(|part| file.contains(part)))
        {
            Self::Sdk
        } else if RUNTIME_FUNCTIONS.iter().any(starts) || file == Some("native") {
            Self::Runtime
        } else {
            Self::Program
        }
    }
}

/// How functions of the SDKs and of generated bindings begin: exports by their WIT names, then Rust, Go, C.
const SDK_FUNCTIONS: &[&str] = &[
    "airssys:",
    "cabi_",
    "airssys_wasm_sdk::",
    "wit_bindgen",
    "github.com/airssys/airssys-wasm/sdk-go",
    "github.com_airssys_airssys_wasm_sdk_go",
    "go.bytecodealliance.org/",
    "wasm_export_",
    "airssys_",
    "exports_airssys_",
    "__wasm_export_",
];
/// A trait of the Rust SDK that its macro implements.
const SDK_TRAIT: &str = " airssys_wasm_sdk::component_lifecycle::Exported for ";
/// Where the SDKs of JavaScript and Python keep their files.
const SDK_FILES: &[&str] = &["airssys_wasm/", "@airssys/wasm/", "/sources/initializer.js"];
/// How functions of runtimes and standard libraries begin: Rust, Go.
const RUNTIME_FUNCTIONS: &[&str] =
    &["core::", "std::", "alloc::", "__rustc", "runtime.", "runtime/", "internal/", "syscall.", "os.", "_rt0_"];
/// Single functions of theirs, as the engine names them.
const RUNTIME_NAMES: &[&str] =
    &["rust_begin_unwind", "abort", "_Exit", "__assert_fail", "wasm_pc_f_loop_export", "__wasm_call_ctors"];

impl TrapFrame {
    /// Reads a frame as SDKs write it: `function at file:line:column`, from the right as far as it is there.
    pub(crate) fn parse(line: &str) -> Self {
        let (function, place) = match line.rsplit_once(" at ") {
            Some((function, place)) => (function, Some(place)),
            None => (line, None),
        };
        let (file, line, column) = place.map_or((None, None, None), place_of);
        let function = bounded(function.to_owned(), MAX_NAME_BYTES);
        let file = file.map(|file| bounded(file.to_owned(), MAX_NAME_BYTES));
        let origin = FrameOrigin::of(&function, file.as_deref());
        Self { function, named: true, file, line, column, origin, ..Self::default() }
    }

    /// The functions of one frame of the engine: itself last, before it what was inlined into it.
    fn of(frame: &FrameInfo) -> Vec<Self> {
        let module = frame.module().name().map(|name| Bounded::of(name, MAX_NAME_BYTES));
        let whole = Self { module, offset: frame.module_offset(), ..Self::default() };
        let outer = frame.func_name();
        if frame.symbols().is_empty() {
            return vec![whole.named(outer, frame)];
        }
        let symbols = frame.symbols().iter().enumerate().take(MAX_FRAMES).map(|(depth, symbol)| {
            let is_outer = depth + 1 == frame.symbols().len();
            let file = symbol.file().map(|file| Bounded::of(file, MAX_NAME_BYTES));
            // Compilers write line 0 where no line is to blame.
            let line = symbol.line().filter(|line| *line > 0);
            let column = symbol.column().filter(|column| *column > 0);
            let place = Self { file, line, column, ..whole.clone() };
            place.named(symbol.name().or(outer.filter(|_| is_outer)), frame)
        });
        symbols.collect()
    }

    fn named(mut self, name: Option<&str>, frame: &FrameInfo) -> Self {
        self.named = name.is_some();
        self.function = match name {
            Some(name) => demangled(name),
            None => format!("function[{}]", frame.func_index()),
        };
        self.origin = match FrameOrigin::of(&self.function, self.file.as_deref()) {
            FrameOrigin::Program if RUNTIME_NAMES.contains(&self.function.as_str()) => FrameOrigin::Runtime,
            origin => origin,
        };
        self
    }
}

/// File, line and column of `file:line:column`.
fn place_of(place: &str) -> (Option<&str>, Option<u32>, Option<u32>) {
    let number = |text: &str| text.parse::<u32>().ok();
    let Some((rest, last)) = place.rsplit_once(':').and_then(|(rest, last)| Some((rest, number(last)?))) else {
        return (Some(place), None, None);
    };
    match rest.rsplit_once(':').and_then(|(file, line)| Some((file, number(line)?))) {
        Some((file, line)) => (Some(file), Some(line), Some(last)),
        None => (Some(rest), Some(last), None),
    }
}

impl fmt::Display for TrapFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.module {
            Some(module) if !self.named => write!(f, "{}!{}", printable_line(module), printable_line(&self.function))?,
            _ => f.write_str(&printable_line(&self.function))?,
        }
        match (self.place(), self.offset) {
            (Some(place), _) => write!(f, " at {}", printable_line(&place)),
            (None, Some(offset)) => write!(f, " at {offset:#x}"),
            (None, None) => Ok(()),
        }
    }
}

impl TrapFrame {
    /// Says where the author wrote what was found elsewhere.
    pub(crate) fn moved_to(&mut self, file: &str, line: u32, column: u32) {
        let file = file[..file.floor_char_boundary(MAX_NAME_BYTES)].to_owned();
        self.origin = FrameOrigin::of(&self.function, Some(&file));
        (self.file, self.line, self.column) = (Some(file), Some(line), Some(column));
    }

    /// The place in the source, as `file:line:column` as far as it is known.
    pub fn place(&self) -> Option<String> {
        let mut place = self.file.clone()?;
        for number in [self.line, self.column].into_iter().map_while(|number| number) {
            place = format!("{place}:{number}");
        }
        Some(place)
    }
}

impl GuestTrap {
    pub(crate) fn new(
        component: ComponentId,
        language: Option<Language>,
        operation: &str,
        error: &wasmtime::Error,
        words: LastWords,
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
        let backtrace = frames.iter().flat_map(TrapFrame::of).take(MAX_FRAMES).collect();
        let LastWords { panic, lines, .. } = words;
        let (operation, last_words) = (operation.to_owned(), lines.into());
        Self { component, language, operation, kind, reason, panic, last_words, backtrace, refusals }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_sdks_write_them() {
        let read = |line: &str| {
            let frame = TrapFrame::parse(line);
            (frame.function, frame.file, frame.line, frame.column)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(read("main.pick at main.go:38"), ("main.pick".to_owned(), text("main.go"), Some(38), None));
        assert_eq!(read("f at a at b:c:1:2"), ("f at a".to_owned(), text("b:c"), Some(1), Some(2)));
        assert_eq!(read("f at native"), ("f".to_owned(), text("native"), None, None));
        assert_eq!(read("whatever else"), ("whatever else".to_owned(), None, None, None));
        assert_eq!(read(""), (String::new(), None, None, None));
        assert_eq!(TrapFrame::parse("f at a:b:9").place(), text("a:b:9"));
        assert_eq!(TrapFrame::parse(&"x".repeat(9999)).function.len(), MAX_NAME_BYTES);
    }

    #[test]
    fn functions_of_the_sdk_and_of_runtimes_are_told_apart_from_the_programs_own() {
        for (function, file, origin) in [
            ("crash::pick", None, FrameOrigin::Program),
            ("<crash::Crash as airssys_wasm_sdk::Component>::execute", None, FrameOrigin::Program),
            ("<airssys_wasm_sdk::Adapter<T> as bindings::Guest>::execute", None, FrameOrigin::Sdk),
            ("airssys:core/component-lifecycle@1.0.0#execute", None, FrameOrigin::Sdk),
            ("core::panicking::panic_fmt", None, FrameOrigin::Runtime),
            ("main.pick", None, FrameOrigin::Program),
            ("github.com/airssys/airssys-wasm/sdk-go.run[...]", None, FrameOrigin::Sdk),
            ("runtime.goPanicIndex", None, FrameOrigin::Runtime),
            ("_component_call", Some("/1/airssys_wasm/_exports.py"), FrameOrigin::Sdk),
            ("price", Some("/0/app.py"), FrameOrigin::Program),
            ("call", Some("native"), FrameOrigin::Runtime),
            ("osprey.dive", None, FrameOrigin::Program),
        ] {
            assert_eq!(FrameOrigin::of(function, file), origin, "{function}");
        }
    }
}
