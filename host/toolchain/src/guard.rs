//! Brackets the exports during which a guest must not leave its instance.

use std::ops::Range;

use wasm_encoder::{CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, RawSection};
use wasmparser::{CompositeInnerType, ExternalKind, Parser, Payload, TypeRef};

use crate::adapter::{MODULE, PAUSE};

/// A function to be bracketed.
struct Guarded {
    /// Its index.
    function: u32,
    /// The index of its type.
    ty: u32,
    /// How many parameters it has.
    parameters: u32,
}

/// `core` with its allocator and the clean-up of its results bracketed by calls that tell the adapter.
///
/// A module that does not import [`PAUSE`] is returned as it is: it has nothing that looks at the clock by itself.
///
/// # Errors
/// If `core` is not a module.
pub(crate) fn guarded(core: &[u8]) -> Result<Vec<u8>, wasmparser::BinaryReaderError> {
    let mut parameters_of_type = Vec::new();
    let mut type_of_function = Vec::new();
    let mut pause = None;
    let mut guarded: Vec<Guarded> = Vec::new();
    for payload in Parser::new(0).parse_all(core) {
        match payload? {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        parameters_of_type.push(match ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => ty.params().len() as u32,
                            _ => 0,
                        });
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if let TypeRef::Func(ty) = import.ty {
                        if (import.module, import.name) == (MODULE, PAUSE) {
                            pause = Some(type_of_function.len() as u32);
                        }
                        type_of_function.push(ty);
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    type_of_function.push(ty?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if must_stay(export.name) && export.kind == ExternalKind::Func {
                        let ty = type_of_function[export.index as usize];
                        let parameters = parameters_of_type[ty as usize];
                        guarded.push(Guarded { function: export.index, ty, parameters });
                    }
                }
            }
            _ => {}
        }
    }
    match pause {
        Some(pause) => rewrite(core, pause, type_of_function.len() as u32, &guarded),
        None => Ok(core.to_vec()),
    }
}

/// Whether the component model forbids calling imports from the export with this name.
fn must_stay(name: &str) -> bool {
    name == "cabi_realloc" || name.starts_with("cabi_post_")
}

/// Adds a function around each of `guarded`, behind the `functions` there are, and exports that instead.
fn rewrite(
    core: &[u8],
    pause: u32,
    functions: u32,
    guarded: &[Guarded],
) -> Result<Vec<u8>, wasmparser::BinaryReaderError> {
    let mut module = Module::new();
    let mut bodies = CodeSection::new();
    let mut bodies_left = 0;
    for payload in Parser::new(0).parse_all(core) {
        match payload? {
            Payload::FunctionSection(section) => {
                let mut types = FunctionSection::new();
                for ty in section {
                    types.function(ty?);
                }
                for function in guarded {
                    types.function(function.ty);
                }
                module.section(&types);
            }
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                for export in section {
                    let export = export?;
                    let at =
                        guarded.iter().position(|function| must_stay(export.name) && function.function == export.index);
                    let index = at.map_or(export.index, |at| functions + at as u32);
                    exports.export(export.name, kind(export.kind), index);
                }
                module.section(&exports);
            }
            Payload::CodeSectionStart { count, .. } => bodies_left = count,
            Payload::CodeSectionEntry(body) => {
                bodies.raw(&core[slice(body.range())]);
                bodies_left -= 1;
                if bodies_left == 0 {
                    for function in guarded {
                        bodies.function(&bracket(function, pause));
                    }
                    module.section(&bodies);
                }
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    module.section(&RawSection { id, data: &core[slice(range)] });
                }
            }
        }
    }
    Ok(module.finish())
}

/// Where in the bytes at hand a range of the parser is: what is in memory has no larger offsets than usize.
pub(crate) fn slice(range: Range<u64>) -> Range<usize> {
    range.start as usize..range.end as usize
}

fn bracket(function: &Guarded, pause: u32) -> Function {
    let mut body = Function::new([]);
    let mut code = body.instructions();
    code.i32_const(1).call(pause);
    for parameter in 0..function.parameters {
        code.local_get(parameter);
    }
    code.call(function.function);
    code.i32_const(0).call(pause).end();
    body
}

/// The same kind in the words of the encoder.
pub(crate) fn kind(kind: ExternalKind) -> ExportKind {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
        ExternalKind::Table => ExportKind::Table,
        ExternalKind::Memory => ExportKind::Memory,
        ExternalKind::Global => ExportKind::Global,
        ExternalKind::Tag => ExportKind::Tag,
    }
}

#[cfg(test)]
mod tests {
    use wasmparser::{Validator, WasmFeatures};

    use super::*;

    fn exports(module: &[u8]) -> Vec<(String, u32)> {
        let mut exports = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::ExportSection(section) = payload.unwrap() {
                exports.extend(section.into_iter().map(|export| {
                    let export = export.unwrap();
                    (export.name.to_owned(), export.index)
                }));
            }
        }
        exports
    }

    #[test]
    fn allocation_and_clean_up_are_bracketed_and_nothing_else() {
        let core = wat::parse_str(format!(
            r#"(module
              (import "{MODULE}" "{PAUSE}" (func (param i32)))
              (memory (export "memory") 1)
              (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
              (func (export "run") (result i32) (i32.const 0))
              (func (export "cabi_post_run") (param i32)))"#
        ))
        .unwrap();
        let rewritten = guarded(&core).unwrap();
        Validator::new_with_features(WasmFeatures::all()).validate_all(&rewritten).unwrap();
        let expected = [("memory", 0), ("cabi_realloc", 4), ("run", 2), ("cabi_post_run", 5)];
        assert_eq!(exports(&rewritten), expected.map(|(name, index)| (name.to_owned(), index)));
    }

    #[test]
    fn a_module_that_never_pauses_is_left_alone() {
        let core = wat::parse_str(
            r#"(module (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8)))"#,
        )
        .unwrap();
        assert_eq!(guarded(&core).unwrap(), core);
    }
}
