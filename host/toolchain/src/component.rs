//! What a component is made of: from a core module to a component, its manifest, its type, and a look inside.

use std::borrow::Cow;
use std::collections::BTreeSet;

use wasi_preview1_component_adapter_provider::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER;
use wasm_encoder::{ComponentSection, CustomSection};
use wasmparser::{Parser, Payload, Validator, WasmFeatures};
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId, WorldKey};

use crate::adapter;
use crate::contract::{self, UnknownWorld};

pub use crate::inspect::{Inspection, Interface, Kind, inspect};

/// The custom section that holds the text of Component.toml.
pub const MANIFEST_SECTION: &str = "airssys:manifest";

/// The custom section that says which line of a bundled program came from which file: the name of the bundle, those of the
/// files, a line each, an empty line, and the mappings of a source map of version 3.
pub const SOURCE_MAP_SECTION: &str = "airssys:source-map";

/// A module or component that is not as it should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentError {
    /// There is no such world.
    #[error(transparent)]
    UnknownWorld(#[from] UnknownWorld),
    /// It is not WebAssembly, or not valid.
    #[error("not a valid component: {0}")]
    Invalid(String),
    /// It cannot be made a component.
    #[error("failed to make a component of the module: {0}")]
    Encode(String),
    /// It imports what its world does not have.
    #[error("the component imports {}, which world {world} does not have", .imports.join(", "))]
    Imports {
        /// The world.
        world: String,
        /// The interfaces, by their whole names.
        imports: Vec<String>,
    },
    /// It does not export what its world demands.
    #[error("the component does not export {}, which world {world} demands", .exports.join(", "))]
    Exports {
        /// The world.
        world: String,
        /// The interfaces, by their whole names.
        exports: Vec<String>,
    },
    /// An interface is of another type than in its world.
    #[error("the component does not fit world {world}: {problem}")]
    Type {
        /// The world.
        world: String,
        /// Where they differ.
        problem: String,
    },
}

impl ComponentError {
    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            ComponentError::Imports { imports, .. } => return missing_permission(imports),
            ComponentError::Type { .. } => "its SDK was made for another version of the contract",
            ComponentError::Invalid(_) => "build it again; `wasm-tools validate` says more about files of other tools",
            _ => return None,
        };
        Some(help.to_owned())
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            ComponentError::UnknownWorld(_) => "unknown-world",
            ComponentError::Invalid(_) => "invalid-component",
            ComponentError::Encode(_) => "encode-failed",
            ComponentError::Imports { .. } => "unexpected-imports",
            ComponentError::Exports { .. } => "missing-exports",
            ComponentError::Type { .. } => "wrong-types",
        }
    }
}

/// The line of Component.toml that brings the first of these interfaces, if they are of an extension of the contract.
fn missing_permission(imports: &[String]) -> Option<String> {
    imports.iter().find_map(|import| {
        let (extension, rest) = import.strip_prefix("airssys:ext-")?.split_once('/')?;
        let interface = rest.split('@').next().unwrap_or(rest);
        let example = match extension {
            "filesystem" => r#"filesystem = [{ action = "read", path = "/data/**" }]"#,
            "network" => r#"network = [{ action = "outbound", host = "example.com", port = 443 }]"#,
            "process" => r#"process = [{ action = "spawn", program = "/usr/bin/git" }]"#,
            _ => return None,
        };
        Some(format!(
            "{interface} comes with permissions for {extension}: write what the component needs into [permissions] of \
             Component.toml, as in {example}"
        ))
    })
}

/// Which imports a component may have beside those of its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// None.
    Refused,
    /// Those from WASI: for languages whose runtimes do not come without.
    Wasi,
}

/// Who answers a core module's calls of WASI preview 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preview1 {
    /// Nobody: they are an error.
    Refused,
    /// The adapter of [`crate::adapter`], from the services of the host, and without files.
    HostServices,
    /// The usual adapter, from WASI. Not for Go, whose runtime looks at the clock where a guest must not call anybody.
    Wasi,
}

/// Makes a component of a core module that was compiled for `world`.
///
/// A module without the type of its world gets it. Calls of WASI preview 1 are answered as `preview1` says, as far as
/// there are any.
///
/// # Errors
/// If the world is unknown, or the module is not one for it.
pub fn encode(core: &[u8], world: &str, preview1: Preview1) -> Result<Vec<u8>, ComponentError> {
    encode_as(core, world, preview1, None)
}

/// [`encode`], and the component finds this name as the first of its arguments where the adapter gives them. The usual
/// adapter leaves them to the host.
///
/// # Errors
/// If the world is unknown, or the module is not one for it.
pub fn encode_as(core: &[u8], world: &str, preview1: Preview1, name: Option<&str>) -> Result<Vec<u8>, ComponentError> {
    let id = contract::world(world)?;
    let failed = |error: anyhow::Error| ComponentError::Encode(format!("{error:#}"));
    let Survey { calls, typed, modules } = survey(core)?;
    check_imports(modules.iter().map(String::as_str), world)?;
    let preview1 = if calls { preview1 } else { Preview1::Refused };
    let mut core = Cow::Borrowed(core);
    if preview1 == Preview1::HostServices {
        core = Cow::Owned(adapter::guarded(&core).map_err(|error| ComponentError::Invalid(error.to_string()))?);
    }
    if !typed {
        embed_component_metadata(core.to_mut(), &contract::resolve().0, id, StringEncoding::UTF8, false)
            .map_err(failed)?;
    }
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(&core).map_err(failed)?;
    let adapter = match preview1 {
        Preview1::Refused => None,
        Preview1::HostServices => Some(Cow::Owned(adapter::adapter(name))),
        Preview1::Wasi => Some(Cow::Borrowed(WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER)),
    };
    if let Some(adapter) = adapter {
        encoder.adapter(adapter::MODULE, &adapter).map_err(failed)?;
    }
    encoder.encode().map_err(failed)
}

/// Whether a core module calls the function of WASI preview 1 that writes to a file.
pub(crate) fn writes_output(core: &[u8]) -> Result<bool, ComponentError> {
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid(error.to_string());
    for payload in Parser::new(0).parse_all(core) {
        if let Payload::ImportSection(section) = payload.map_err(invalid)? {
            for import in section.into_imports() {
                let import = import.map_err(invalid)?;
                if import.module == adapter::MODULE && import.name == "fd_write" {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

/// What is known of a core module from its outside.
struct Survey {
    /// Whether it imports from WASI preview 1.
    calls: bool,
    /// Whether it carries the type of a world.
    typed: bool,
    /// What it imports functions from.
    modules: BTreeSet<String>,
}

fn survey(core: &[u8]) -> Result<Survey, ComponentError> {
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid(error.to_string());
    let mut survey = Survey { calls: false, typed: false, modules: BTreeSet::new() };
    for payload in Parser::new(0).parse_all(core) {
        match payload.map_err(invalid)? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let module = import.map_err(invalid)?.module;
                    survey.calls |= module == adapter::MODULE;
                    if !survey.modules.contains(module) {
                        survey.modules.insert(module.to_owned());
                    }
                }
            }
            Payload::CustomSection(section) => survey.typed |= section.name().starts_with("component-type"),
            _ => {}
        }
    }
    Ok(survey)
}

/// The functions that a core module imports from something that is no interface, a name each with that of the module:
/// `env.now`. Who compiled it expects another program around it than a host of components.
pub(crate) fn foreign_imports(core: &[u8]) -> Result<Vec<String>, ComponentError> {
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid(error.to_string());
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(core) {
        let Payload::ImportSection(section) = payload.map_err(invalid)? else { continue };
        for import in section.into_imports() {
            let import = import.map_err(invalid)?;
            // Interfaces have a colon; what generators write for themselves begins with a sign.
            let foreign = !import.module.contains(':')
                && import.module != adapter::MODULE
                && !import.module.starts_with(['$', '[']);
            if foreign && found.len() < MAX_LISTED {
                found.push(format!("{}.{}", import.module, import.name));
            }
        }
    }
    Ok(found)
}

/// How many imports are listed: the first ones tell what it is about.
const MAX_LISTED: usize = 8;

/// Checks that interfaces of the contract which something imports are in its world, whatever their version.
///
/// # Errors
/// With all that are not.
pub(crate) fn check_imports<'a>(imports: impl Iterator<Item = &'a str>, world: &str) -> Result<(), ComponentError> {
    let id = contract::world(world)?;
    let missing: Vec<String> = imports
        .filter(|name| name.starts_with("airssys:"))
        .filter(|name| !contract::imports(id, &format!("{}@", name.split('@').next().unwrap_or(name))))
        .map(str::to_owned)
        .collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(ComponentError::Imports { world: world.to_owned(), imports: missing }),
    }
}

/// `component` with this text as its manifest, instead of the one it may have had.
///
/// # Errors
/// If `component` is not a component.
pub fn embed_manifest(component: &[u8], manifest: &str) -> Result<Vec<u8>, ComponentError> {
    let mut bytes = Vec::with_capacity(component.len() + manifest.len() + 32);
    let mut copied = 0;
    for (start, end, _) in manifest_sections(component)? {
        bytes.extend_from_slice(&component[copied..start]);
        copied = end;
    }
    bytes.extend_from_slice(&component[copied..]);
    append_section(&mut bytes, MANIFEST_SECTION, manifest.as_bytes());
    Ok(bytes)
}

/// A core module without its debug information, and with the names of its functions.
pub(crate) fn without_debug_information(core: &[u8]) -> Result<Vec<u8>, ComponentError> {
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid(error.to_string());
    let mut module = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(core) {
        let payload = payload.map_err(invalid)?;
        if matches!(&payload, Payload::CustomSection(section) if section.name().starts_with(".debug_")) {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            let data = &core[range.start as usize..range.end as usize];
            module.section(&wasm_encoder::RawSection { id, data });
        }
    }
    Ok(module.finish())
}

/// `component` with one more custom section.
pub(crate) fn append_section(component: &mut Vec<u8>, name: &str, data: &[u8]) {
    CustomSection { name: name.into(), data: data.into() }.append_to_component(component);
}

/// The text of the Component.toml in a component, if there is one, it is text, and it is the only one.
pub fn manifest(component: &[u8]) -> Option<String> {
    match manifest_sections(component).ok()?.as_slice() {
        [(_, _, data)] => String::from_utf8(data.to_vec()).ok(),
        _ => None,
    }
}

/// Where a section begins and ends, and what is in it.
type Section<'a> = (usize, usize, &'a [u8]);

/// Where the manifest sections of the component itself begin and end, and what is in them.
fn manifest_sections(component: &[u8]) -> Result<Vec<Section<'_>>, ComponentError> {
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid(error.to_string());
    if !Parser::is_component(component) {
        return Err(ComponentError::Invalid("it is not a component".to_owned()));
    }
    let mut found = Vec::new();
    let mut depth = 0_u32;
    // Where the section at hand starts, with the byte that says what it is: where the one before it ended.
    let mut start = 8;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload.map_err(invalid)?;
        match &payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(at) if depth > 0 => {
                depth -= 1;
                start = *at;
            }
            Payload::CustomSection(section) if depth == 0 && section.name() == MANIFEST_SECTION => {
                found.push((start as usize, section.range().end as usize, section.data()));
            }
            _ => {}
        }
        if depth == 0
            && let Some((_, range)) = payload.as_section()
        {
            start = range.end;
        }
    }
    Ok(found)
}

/// Checks that a component is valid.
///
/// # Errors
/// If it is not, or is not a component.
pub fn validate(component: &[u8]) -> Result<(), ComponentError> {
    if !Parser::is_component(component) {
        return Err(ComponentError::Invalid("it is not a component".to_owned()));
    }
    Validator::new_with_features(WasmFeatures::default() | WasmFeatures::COMPONENT_MODEL)
        .validate_all(component)
        .map(drop)
        .map_err(|error| ComponentError::Invalid(error.to_string()))
}

/// Checks that a component can run wherever `world` is offered: it imports nothing else, it exports all of it, and the
/// types are the same.
///
/// # Errors
/// At the first of these that does not hold.
pub fn check(component: &[u8], world: &str, extra: Extra) -> Result<(), ComponentError> {
    let id = contract::world(world)?;
    let (found, found_world) = match wit_component::decode(component) {
        Ok(DecodedWasm::Component(resolve, world)) => (resolve, world),
        Ok(DecodedWasm::WitPackage(..)) => return Err(ComponentError::Invalid("it is a package of WIT".to_owned())),
        Err(error) => return Err(ComponentError::Invalid(format!("{error:#}"))),
    };
    let (contract, _) = contract::resolve();
    let names = |resolve: &Resolve, keys: &mut dyn Iterator<Item = &WorldKey>| -> Vec<String> {
        keys.map(|key| resolve.name_world_key(key)).collect()
    };
    let offered = names(contract, &mut contract.worlds[id].imports.keys());
    let imports: Vec<String> = names(&found, &mut found.worlds[found_world].imports.keys())
        .into_iter()
        .filter(|name| !(offered.contains(name) || extra == Extra::Wasi && name.starts_with("wasi:")))
        .collect();
    if !imports.is_empty() {
        return Err(ComponentError::Imports { world: world.to_owned(), imports });
    }
    let given = names(&found, &mut found.worlds[found_world].exports.keys());
    let exports: Vec<String> = names(contract, &mut contract.worlds[id].exports.keys())
        .into_iter()
        .filter(|name| !given.contains(name))
        .collect();
    if !exports.is_empty() {
        return Err(ComponentError::Exports { world: world.to_owned(), exports });
    }
    types_fit(component, id, found, found_world)
        .map_err(|error| ComponentError::Type { world: world.to_owned(), problem: format!("{error:#}") })
}

/// Whether the component is a subtype of the world, WASI aside.
fn types_fit(component: &[u8], world: WorldId, found: Resolve, found_world: WorldId) -> anyhow::Result<()> {
    let mut resolve = contract::resolve().0.clone();
    let is_wasi = |(key, _): &(&WorldKey, &wit_parser::WorldItem)| found.name_world_key(key).starts_with("wasi:");
    if found.worlds[found_world].imports.iter().any(|import| is_wasi(&import)) {
        // The world as it is, and what the component imports from WASI, taken from the component itself.
        let remap = resolve.merge(found)?;
        let found_world = remap.map_world(found_world, Default::default())?;
        let wasi: Vec<_> = resolve.worlds[found_world]
            .imports
            .iter()
            .filter(|(key, _)| resolve.name_world_key(key).starts_with("wasi:"))
            .map(|(key, item)| (key.clone(), item.clone()))
            .collect();
        resolve.worlds[world].imports.extend(wasi);
    }
    // By the types that both are decoded to, not by the component as it is: written as a type, an exported interface that
    // uses a resource of another exported one names the imported resource. Versions are the same by now.
    wit_component::targets(&resolve, world, component, true)
}
