//! The functions on the stack of a guest that died: what they are called, where they are, and whose they are.

use std::fmt;

use airssys_wasm_policy::printable_line;
use serde::{Deserialize, Serialize};
use wasmtime::FrameInfo;

use crate::names::{Bounded, MAX_NAME_BYTES, demangled};

/// Frames of a stack, inlined functions counted one by one: more than this is a recursion, whose end is what matters.
pub(crate) const MAX_FRAMES: usize = 64;

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
    /// The file, where the guest's language tells it, or debug information did: see [`GuestTrap::locate`](crate::error::GuestTrap).
    pub file: Option<String>,
    /// The line in the file, counted from 1.
    pub line: Option<u32>,
    /// The column in the line, counted from 1.
    pub column: Option<u32>,
    /// Index of the function in the core module, inlined functions with that of the one they are in.
    pub index: Option<u32>,
    /// Offset of the instruction in the component, in bytes.
    pub offset: Option<usize>,
    /// Whose function it is.
    pub origin: FrameOrigin,
}

/// Where a guest stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Instruction {
    /// The index of its function in the core module.
    pub function: u32,
    /// Its offset in the component, in bytes.
    pub offset: usize,
}

/// A function to which an instruction belongs in the source, and where in it. Every text is the guest's own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SourceFunction {
    /// Its name, as compilers write it: with its path and its types in one name of letters and digits.
    pub name: Option<String>,
    /// The file.
    pub file: Option<String>,
    /// The line in the file, counted from 1.
    pub line: Option<u32>,
    /// The column in the line, counted from 1.
    pub column: Option<u32>,
}

/// Whose a function is: what is not the program's own is rarely where the mistake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
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
        let function = Bounded::of(function, MAX_NAME_BYTES);
        let file = file.map(|file| Bounded::of(file, MAX_NAME_BYTES));
        let origin = FrameOrigin::of(&function, file.as_deref());
        Self { function, named: true, file, line, column, origin, ..Self::default() }
    }

    /// A frame as the engine knows it.
    pub(crate) fn of(frame: &FrameInfo) -> Self {
        let module = frame.module().name().map(|name| Bounded::of(name, MAX_NAME_BYTES));
        let (index, offset) = (Some(frame.func_index()), frame.module_offset());
        Self { module, index, offset, ..Self::default() }.named(frame.func_name())
    }

    /// Where it stands in the component.
    pub(crate) fn instruction(&self) -> Option<Instruction> {
        Some(Instruction { function: self.index?, offset: self.offset? })
    }

    /// What a frame of the engine is in the source: the function itself last, before it what was inlined into it.
    pub(crate) fn located(self, functions: &[SourceFunction]) -> Vec<Self> {
        if functions.is_empty() {
            return vec![self];
        }
        let functions = functions.iter().enumerate().take(MAX_FRAMES).map(|(depth, source)| {
            let is_outer = depth + 1 == functions.len();
            let file = source.file.as_deref().map(|file| Bounded::of(file, MAX_NAME_BYTES));
            // Compilers write line 0 where no line is to blame.
            let line = source.line.filter(|line| *line > 0);
            let column = source.column.filter(|column| *column > 0);
            let place = Self { file, line, column, ..self.clone() };
            match &source.name {
                // The engine knows what the outermost one is called.
                None if is_outer => place.attributed(),
                name => place.named(name.as_deref()),
            }
        });
        functions.collect()
    }

    fn named(mut self, name: Option<&str>) -> Self {
        self.named = name.is_some();
        self.function = match (name, self.index) {
            (Some(name), _) => demangled(name),
            (None, Some(index)) => format!("function[{index}]"),
            (None, None) => String::new(),
        };
        self.attributed()
    }

    fn attributed(mut self) -> Self {
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

    fn source(name: Option<&str>, file: &str, line: u32) -> SourceFunction {
        SourceFunction { name: name.map(str::to_owned), file: Some(file.to_owned()), line: Some(line), column: Some(0) }
    }

    #[test]
    fn a_frame_of_the_engine_becomes_the_functions_of_the_source() {
        let frame =
            TrapFrame { index: Some(7), offset: Some(0x99), ..TrapFrame::default() }.named(Some("_RNvC5crash4pick"));
        let shown = |functions: &[SourceFunction]| -> Vec<String> {
            frame.clone().located(functions).iter().map(ToString::to_string).collect()
        };
        assert_eq!(shown(&[]), ["crash::pick at 0x99"]);
        assert_eq!(
            shown(&[source(Some("_RNvC4core5panic"), "core.rs", 0), source(None, "a.rs", 2), source(None, "b.rs", 3)]),
            ["core::panic at core.rs", "function[7] at a.rs:2", "crash::pick at b.rs:3"]
        );
        let origins: Vec<FrameOrigin> = frame
            .clone()
            .located(&[source(Some("abort"), "a.c", 1), source(None, "/1/airssys_wasm/x.py", 1)])
            .iter()
            .map(|frame| frame.origin)
            .collect();
        assert_eq!(origins, [FrameOrigin::Runtime, FrameOrigin::Sdk]);
    }

    #[test]
    fn what_debug_information_says_is_bounded() {
        let frame = TrapFrame::default().named(Some("f"));
        let long = source(Some(&"x".repeat(9999)), &"y".repeat(9999), 1);
        let located = frame.located(&vec![long; 9999]);
        assert_eq!(located.len(), MAX_FRAMES);
        let is_bounded = |frame: &TrapFrame| {
            frame.function.len() == MAX_NAME_BYTES
                && frame.file.as_ref().is_some_and(|file| file.len() == MAX_NAME_BYTES)
        };
        assert!(located.iter().all(is_bounded));
    }
}
