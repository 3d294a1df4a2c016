//! What happens in a Python component when the host drops a resource that it exports.
//!
//! The number of such a resource is the address of a Python object, to which one reference is kept. When the host drops
//! the resource, componentize-py 0.25 does nothing, so that the object and all that it has open stay until the instance
//! ends. Here the destructor gives that reference back to Python instead.

use std::ops::Range;

use wasm_encoder::{CodeSection, Component, ExportSection, Function, FunctionSection, Module, RawSection, ValType};
use wasmparser::{BinaryReaderError, ExternalKind, Parser, Payload, TypeRef};

use crate::guard::{kind, slice};

/// What the interpreter exports for the destructors of all resources: the number of the type, the address of the object.
const DESTRUCTOR: &str = "wit_dylib_resource_dtor";

/// How the exports of core modules are named that are destructors.
const OF_A_RESOURCE: &str = "#[dtor]";

/// The functions of Python that are needed: to take the interpreter's lock, to give a reference back, to release the lock.
const PYTHON: [&str; 3] = ["PyGILState_Ensure", "_Py_DecRef", "PyGILState_Release"];

const MODULE_SECTION: u8 = 1;

/// A component that componentize-py does not make in its pinned version.
#[derive(Debug, thiserror::Error)]
pub(super) enum UnknownInterpreter {
    #[error(transparent)]
    Invalid(#[from] BinaryReaderError),
    #[error("no module of it exports {DESTRUCTOR}")]
    NoDestructor,
    #[error("its interpreter does not use {0} of Python")]
    NoFunction(&'static str),
}

/// The component, with destructors that tell Python. One that exports no resources stays as it is.
pub(super) fn call_python(component: Vec<u8>) -> Result<Vec<u8>, UnknownInterpreter> {
    let mut modules = Vec::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(&component) {
        match payload? {
            Payload::ModuleSection { unchecked_range, .. } => {
                if depth == 0 {
                    modules.push(slice(unchecked_range));
                }
                depth += 1;
            }
            Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            _ => {}
        }
    }
    let exports = |module: &Range<usize>, is_wanted: fn(&str) -> bool| exports(&component[module.clone()], is_wanted);
    let mut owns = false;
    for module in &modules {
        owns |= exports(module, |name| name.contains(OF_A_RESOURCE))?;
    }
    if !owns {
        return Ok(component);
    }
    for module in modules {
        if exports(&module, |name| name == DESTRUCTOR)? {
            let changed = with_destructor(&component[module.clone()])?;
            return Ok(replaced(&component, &module, &changed)?);
        }
    }
    Err(UnknownInterpreter::NoDestructor)
}

/// Whether a module exports something of a name that is wanted.
fn exports(module: &[u8], is_wanted: fn(&str) -> bool) -> Result<bool, BinaryReaderError> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ExportSection(section) = payload? {
            for export in section {
                if is_wanted(export?.name) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

/// The component with another module in the place of one.
fn replaced(component: &[u8], module: &Range<usize>, changed: &[u8]) -> Result<Vec<u8>, BinaryReaderError> {
    let mut result = Component::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        if depth == 0
            && let Some((id, range)) = payload.as_section()
        {
            let range = slice(range);
            let is_meant = id == MODULE_SECTION && range == *module;
            result.section(&RawSection { id, data: if is_meant { changed } else { &component[range] } });
        }
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            _ => {}
        }
    }
    Ok(result.finish())
}

/// The interpreter with one function more, which it exports as its destructor. The old one stays, for it may be others',
/// too.
fn with_destructor(core: &[u8]) -> Result<Vec<u8>, UnknownInterpreter> {
    let mut functions = 0;
    let mut types = Vec::new();
    let mut python = [None; PYTHON.len()];
    let mut destructor = None;
    for payload in Parser::new(0).parse_all(core) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if let TypeRef::Func(ty) = import.ty {
                        if let Some(at) = PYTHON.iter().position(|name| *name == import.name) {
                            python[at] = Some(functions);
                        }
                        types.push(ty);
                        functions += 1;
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    types.push(ty?);
                    functions += 1;
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.name == DESTRUCTOR && export.kind == ExternalKind::Func {
                        destructor = types.get(export.index as usize).copied();
                    }
                }
            }
            _ => {}
        }
    }
    let ty = destructor.ok_or(UnknownInterpreter::NoDestructor)?;
    let mut found = [0; PYTHON.len()];
    for ((place, function), name) in found.iter_mut().zip(python).zip(PYTHON) {
        *place = function.ok_or(UnknownInterpreter::NoFunction(name))?;
    }
    let [ensure, give_back, release] = found;
    let mut body = Function::new([(1, ValType::I32)]);
    body.instructions().call(ensure).local_set(2).local_get(1).call(give_back).local_get(2).call(release).end();
    Ok(rewritten(core, functions, ty, &body)?)
}

/// The module with a function behind the `functions` there are, exported as its destructor.
fn rewritten(core: &[u8], functions: u32, ty: u32, body: &Function) -> Result<Vec<u8>, BinaryReaderError> {
    let mut module = Module::new();
    let mut bodies = CodeSection::new();
    let mut left = 0;
    for payload in Parser::new(0).parse_all(core) {
        let payload = payload?;
        match payload {
            Payload::FunctionSection(section) => {
                let mut types = FunctionSection::new();
                for ty in section {
                    types.function(ty?);
                }
                types.function(ty);
                module.section(&types);
            }
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                for export in section {
                    let export = export?;
                    let index = if export.name == DESTRUCTOR { functions } else { export.index };
                    exports.export(export.name, kind(export.kind), index);
                }
                module.section(&exports);
            }
            Payload::CodeSectionStart { count, .. } => left = count,
            Payload::CodeSectionEntry(entry) => {
                bodies.raw(&core[slice(entry.range())]);
                left -= 1;
                if left == 0 {
                    bodies.function(body);
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

#[cfg(test)]
mod tests {
    use super::*;

    const INTERPRETER: &str = r#"
        (core module $interpreter
            (import "env" "PyGILState_Ensure" (func $ensure (result i32)))
            (import "env" "PyGILState_Release" (func $release (param i32)))
            (import "env" "_Py_DecRef" (func $give-back (param i32)))
            (func $nothing (param i32 i32))
            (export "other" (func $nothing))
            (export "wit_dylib_resource_dtor" (func $nothing)))"#;

    const BINDINGS: &str = r#"
        (core module $bindings
            (import "env" "wit_dylib_resource_dtor" (func $end (param i32 i32)))
            (func (export "a:b/files#[dtor]file") (param i32) (call $end (i32.const 0) (local.get 0))))"#;

    fn component(modules: &[&str]) -> Vec<u8> {
        wat::parse_str(format!("(component {})", modules.join("\n"))).unwrap()
    }

    #[test]
    fn the_destructor_gives_the_reference_back_under_the_lock() {
        let changed = call_python(component(&[INTERPRETER, BINDINGS])).unwrap();
        wasmparser::validate(&changed).unwrap();
        let start = component(&[]).len();
        let Some(Ok(Payload::ModuleSection { unchecked_range, .. })) =
            Parser::new(0).parse_all(&changed).nth(1).filter(|_| changed.len() > start)
        else {
            panic!("the first module is there")
        };
        let mut calls = Vec::new();
        let mut exported = Vec::new();
        for payload in Parser::new(0).parse_all(&changed[slice(unchecked_range)]) {
            match payload.unwrap() {
                Payload::ExportSection(section) => {
                    exported.extend(section.into_iter().map(|export| export.unwrap()).map(|it| (it.name, it.index)));
                }
                Payload::CodeSectionEntry(body) => {
                    let operators = body.get_operators_reader().unwrap().into_iter().map(Result::unwrap);
                    calls.push(
                        operators
                            .filter_map(|operator| match operator {
                                wasmparser::Operator::Call { function_index } => Some(function_index),
                                _ => None,
                            })
                            .collect::<Vec<_>>(),
                    );
                }
                _ => {}
            }
        }
        assert_eq!(exported, [("other", 3), (DESTRUCTOR, 4)]);
        assert_eq!(calls, [vec![], vec![0, 2, 1]], "lock, give back, release");
    }

    #[test]
    fn a_component_without_resources_stays_as_it_is() {
        let plain = component(&[INTERPRETER]);
        assert_eq!(call_python(plain.clone()).unwrap(), plain);
    }

    #[test]
    fn another_interpreter_is_refused() {
        let without = INTERPRETER.replace("_Py_DecRef", "_Py_Other");
        let error = call_python(component(&[&without, BINDINGS])).unwrap_err();
        assert_eq!(error.to_string(), "its interpreter does not use _Py_DecRef of Python");
        let error = call_python(component(&[BINDINGS])).unwrap_err();
        assert!(matches!(error, UnknownInterpreter::NoDestructor));
    }
}
