//! A look inside a component.

use std::collections::BTreeMap;

use serde::Serialize;
use wasmparser::{KnownCustom, Parser, Payload};
use wit_component::DecodedWasm;
use wit_parser::{Resolve, WorldItem, WorldKey};

use crate::component_error::ComponentError;
use crate::sections::manifest;

/// Languages, and tools, that are told of: real components name two or three, and each is compared with all before.
const MAX_PRODUCERS: usize = 64;

/// What was found inside a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Inspection {
    /// What it is.
    pub kind: Kind,
    /// Its size.
    pub bytes: u64,
    /// The sizes of the core modules in it, the largest first.
    pub modules: Vec<u64>,
    /// What it imports from the contract, or from elsewhere, but not from WASI.
    pub imports: Vec<Interface>,
    /// The interfaces that it imports from WASI.
    pub wasi_imports: Vec<String>,
    /// What it exports.
    pub exports: Vec<Interface>,
    /// The text of its Component.toml.
    pub manifest: Option<String>,
    /// The languages it says it was written in.
    pub languages: Vec<String>,
    /// The tools it says it was made with.
    pub tools: Vec<String>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// A component.
    Component,
    /// A core module, which a component could be made of.
    Module,
    /// A package of WIT.
    WitPackage,
}

/// An interface, or a function that belongs to none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interface {
    /// Its whole name, e.g. "airssys:core/host-services@1.0.0".
    pub name: String,
    /// The functions of it that are used or offered.
    pub functions: Vec<String>,
}

/// Looks inside a component, or at a core module.
///
/// # Errors
/// If `wasm` is neither.
pub fn inspect(wasm: &[u8]) -> Result<Inspection, ComponentError> {
    let mut inspection = Inspection {
        kind: Kind::Module,
        bytes: wasm.len() as u64,
        modules: Vec::new(),
        imports: Vec::new(),
        wasi_imports: Vec::new(),
        exports: Vec::new(),
        manifest: None,
        languages: Vec::new(),
        tools: Vec::new(),
    };
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid(error.to_string());
    let mut core_imports: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(invalid)? {
            Payload::ModuleSection { unchecked_range, .. } => {
                inspection.modules.push(unchecked_range.end - unchecked_range.start)
            }
            Payload::ImportSection(section) if Parser::is_core_wasm(wasm) => {
                for import in section.into_imports() {
                    let import = import.map_err(invalid)?;
                    core_imports.entry(import.module.to_owned()).or_default().push(import.name.to_owned());
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Producers(fields) = section.as_known() {
                    producers(fields, &mut inspection);
                }
            }
            _ => {}
        }
    }
    inspection.modules.sort_unstable_by(|a, b| b.cmp(a));
    if Parser::is_core_wasm(wasm) {
        inspection.imports = core_imports.into_iter().map(|(name, functions)| Interface { name, functions }).collect();
        return Ok(inspection);
    }
    match wit_component::decode(wasm) {
        Ok(DecodedWasm::Component(resolve, world)) => {
            inspection.kind = Kind::Component;
            let world = &resolve.worlds[world];
            let imports = interfaces(&resolve, world.imports.iter());
            let (wasi, others) = imports.into_iter().partition(|interface| interface.name.starts_with("wasi:"));
            inspection.imports = others;
            inspection.wasi_imports = Vec::into_iter(wasi).map(|interface| interface.name).collect();
            inspection.exports = interfaces(&resolve, world.exports.iter());
            inspection.manifest = manifest(wasm);
        }
        Ok(DecodedWasm::WitPackage(..)) => inspection.kind = Kind::WitPackage,
        Err(error) => return Err(ComponentError::Invalid(format!("{error:#}"))),
    }
    Ok(inspection)
}

fn interfaces<'a>(resolve: &Resolve, items: impl Iterator<Item = (&'a WorldKey, &'a WorldItem)>) -> Vec<Interface> {
    items
        .map(|(key, item)| Interface {
            name: resolve.name_world_key(key),
            functions: match item {
                WorldItem::Interface { id, .. } => resolve.interfaces[*id].functions.keys().cloned().collect(),
                WorldItem::Function(_) | WorldItem::Type { .. } => Vec::new(),
            },
        })
        .collect()
}

/// Takes over what a producers section says, as far as it can be read; it is talk, and nothing depends on it.
fn producers(fields: wasmparser::ProducersSectionReader<'_>, inspection: &mut Inspection) {
    for field in fields.into_iter().flatten() {
        let known = match field.name {
            "language" => &mut inspection.languages,
            "processed-by" | "sdk" => &mut inspection.tools,
            _ => continue,
        };
        for value in field.values.into_iter().flatten() {
            let text = format!("{} {}", value.name, value.version).trim().to_owned();
            if known.len() < MAX_PRODUCERS && !known.contains(&text) {
                known.push(text);
            }
        }
    }
}
