//! Files, lines and inlined functions of a component's instructions, by the debug information that its compiler left.
//!
//! A few bytes of DWARF can stand for any amount of work, and its readers trust it: they call themselves at each level of
//! nesting, and make room for as many files as a number says. Whoever wrote the component wrote that number, so that
//! reading is for a process that may come to nothing. The engine of this crate never does it.

use std::collections::BTreeMap;

use addr2line::Context;
use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian};
use wasmparser::{BinaryReaderError, Encoding, Parser, Payload, TypeRef};

use crate::names::{Bounded, MAX_NAME_BYTES, MAX_RUST_SYMBOL_BYTES};
use crate::trap_frame::{Instruction, MAX_FRAMES, SourceFunction};

/// What a reader says of what it could not read.
const MAX_REASON_BYTES: usize = 256;

/// Debug information that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the component's debug information is damaged: {0}")]
pub struct DamagedDebugInformation(String);

impl DamagedDebugInformation {
    fn new(reason: impl std::fmt::Display) -> Self {
        Self(Bounded::of(reason, MAX_REASON_BYTES))
    }
}

/// Whether a component has debug information that [`locate`] would read. This looks at the names of sections only.
pub fn has_debug_information(component: &[u8]) -> bool {
    // What follows a mistake is not read by anybody.
    let payloads = Parser::new(0).parse_all(component).map_while(Result::ok);
    payloads.into_iter().any(|payload| match payload {
        Payload::CustomSection(section) => debug_section(section.name()) == Some(".debug_info"),
        _ => false,
    })
}

/// The functions to which instructions of a component belong: for each instruction itself last, before it what was
/// inlined into it, innermost first; none where nothing is known. At most as many altogether as a
/// [`GuestTrap`](crate::error::GuestTrap) shows.
///
/// For a component of a stranger this belongs into a process of its own, in which the system limits memory and time:
/// crafted debug information can make it take all there is of both, and end its process. The `airssys-wasm` command does
/// so when a guest has died, and gives the answer to [`GuestTrap::locate`](crate::error::GuestTrap::locate).
///
/// # Errors
///
/// [`DamagedDebugInformation`] when there is some, and it cannot be read.
pub fn locate(
    component: &[u8],
    instructions: &[Instruction],
) -> Result<Vec<Vec<SourceFunction>>, DamagedDebugInformation> {
    let modules = modules(component, instructions).map_err(DamagedDebugInformation::new)?;
    let mut found = vec![Vec::new(); instructions.len()];
    let mut damage = None;
    let mut left = MAX_FRAMES;
    for module in &modules {
        let context = match module.context() {
            Ok(context) => context,
            Err(error) => {
                damage = Some(error);
                continue;
            }
        };
        for place in &module.instructions {
            // The readers know addresses as offsets in the code section.
            let Some(address) = (instructions[*place].offset as u64).checked_sub(module.code_start) else { continue };
            match functions(&context, address, left) {
                Ok(functions) => {
                    left -= functions.len();
                    found[*place] = functions;
                }
                Err(error) => damage = Some(error),
            }
        }
    }
    match damage {
        Some(error) if found.iter().all(Vec::is_empty) => Err(DamagedDebugInformation::new(error)),
        _ => Ok(found),
    }
}

type Slice<'a> = EndianSlice<'a, LittleEndian>;

fn functions(
    context: &Context<Slice<'_>>,
    address: u64,
    most: usize,
) -> Result<Vec<SourceFunction>, addr2line::gimli::Error> {
    let mut functions = Vec::new();
    // Debug information in further files, which a component has no way to bring along.
    let mut frames = context.find_frames(address).skip_all_loads()?;
    // What is known before a mistake counts.
    while let (true, Ok(Some(frame))) = (functions.len() < most, frames.next()) {
        let name = frame.function.as_ref().and_then(|function| function.raw_name().ok());
        let location = frame.location.as_ref();
        functions.push(SourceFunction {
            // One byte more than is unfolded, so that what is cut is not unfolded.
            name: name.map(|name| Bounded::of(name, MAX_RUST_SYMBOL_BYTES + 1)),
            file: location.and_then(|location| location.file).map(|file| Bounded::of(file, MAX_NAME_BYTES)),
            line: location.and_then(|location| location.line),
            column: location.and_then(|location| location.column),
        });
    }
    Ok(functions)
}

/// A core module with instructions that are asked for.
#[derive(Default)]
struct Module<'a> {
    /// Where the content of its code section begins in the component.
    code_start: u64,
    /// Functions that it imports, which come before its own, and its own as far as they have been seen.
    functions: u32,
    /// Which of the instructions are in it.
    instructions: Vec<usize>,
    /// Its sections with debug information, by name.
    sections: BTreeMap<&'a str, &'a [u8]>,
}

impl<'a> Module<'a> {
    fn context(&self) -> Result<Context<Slice<'a>>, addr2line::gimli::Error> {
        let section = |name| EndianSlice::new(self.sections.get(name).copied().unwrap_or_default(), LittleEndian);
        Context::from_dwarf(Dwarf::load(|id| Ok::<_, addr2line::gimli::Error>(section(id.name())))?)
    }
}

/// The core modules of a component that have debug information and any of the instructions. The engine makes modules
/// too, whose offsets are their own: an instruction of the component lies in the function whose index it has.
fn modules<'a>(component: &'a [u8], instructions: &[Instruction]) -> Result<Vec<Module<'a>>, BinaryReaderError> {
    let mut done = Vec::new();
    // The modules and components around what is read, a component as none.
    let mut around: Vec<Option<Module<'_>>> = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        match payload {
            Payload::Version { encoding, .. } => {
                around.push((encoding == Encoding::Module).then(Module::default));
                continue;
            }
            Payload::End(_) => {
                let ended = around.pop().flatten();
                done.extend(ended.filter(|module| !module.instructions.is_empty() && !module.sections.is_empty()));
                continue;
            }
            _ => {}
        }
        let Some(Some(module)) = around.last_mut() else { continue };
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    module.functions += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionStart { unchecked_range, .. } => module.code_start = unchecked_range.start,
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                let here = instructions.iter().enumerate().filter(|(_, instruction)| {
                    instruction.function == module.functions && range.contains(&(instruction.offset as u64))
                });
                module.instructions.extend(here.map(|(place, _)| place));
                module.functions += 1;
            }
            Payload::CustomSection(section) => {
                if let Some(name) = debug_section(section.name()) {
                    module.sections.insert(name, section.data());
                }
            }
            _ => {}
        }
    }
    Ok(done)
}

/// The name of a section with debug information.
fn debug_section(name: &str) -> Option<&str> {
    let name = name.trim_end_matches(".dwo");
    name.starts_with(".debug_").then_some(name)
}
