//! What a component is made of: from a core module to a component, its manifest, its type, and a look inside.

use std::borrow::Cow;
use std::collections::BTreeSet;

use wasi_preview1_component_adapter_provider::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER;
use wasmparser::{Parser, Payload, Validator, WasmFeatures};
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId, WorldKey};

use crate::adapter;
use crate::contract;
use crate::guard::guarded;
use crate::world::World;

pub use crate::component_error::ComponentError;
pub use crate::inspect::{Inspection, Interface, Kind, inspect};
pub(crate) use crate::sections::append_section;
pub use crate::sections::{MANIFEST_SECTION, embed_manifest, manifest};

/// The custom section that says which line of a bundled program came from which file: the name of the bundle, those of the
/// files, a line each, an empty line, and the mappings of a source map of version 3.
pub const SOURCE_MAP_SECTION: &str = "airssys:source-map";

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
    encode_for(core, &World::of_contract(world)?, preview1, name)
}

/// The same, for a world that may have imports of a host's own.
pub(crate) fn encode_for(
    core: &[u8],
    world: &World,
    preview1: Preview1,
    name: Option<&str>,
) -> Result<Vec<u8>, ComponentError> {
    let (resolve, id) = world.resolved();
    let failed = |error: anyhow::Error| ComponentError::Encode(format!("{error:#}"));
    let CoreModule { calls, typed, modules } = inspect_core(core)?;
    check_imports(modules.iter().map(String::as_str), world.name())?;
    let preview1 = if calls { preview1 } else { Preview1::Refused };
    let mut core = Cow::Borrowed(core);
    if preview1 == Preview1::HostServices {
        core = Cow::Owned(guarded(&core).map_err(|error| ComponentError::Invalid(error.to_string()))?);
    }
    if !typed {
        embed_component_metadata(core.to_mut(), resolve, id, StringEncoding::UTF8, false).map_err(failed)?;
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
struct CoreModule {
    /// Whether it imports from WASI preview 1.
    calls: bool,
    /// Whether it carries the type of a world.
    typed: bool,
    /// What it imports functions from.
    modules: BTreeSet<String>,
}

fn inspect_core(core: &[u8]) -> Result<CoreModule, ComponentError> {
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid(error.to_string());
    let mut found = CoreModule { calls: false, typed: false, modules: BTreeSet::new() };
    for payload in Parser::new(0).parse_all(core) {
        match payload.map_err(invalid)? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let module = import.map_err(invalid)?.module;
                    found.calls |= module == adapter::MODULE;
                    if !found.modules.contains(module) {
                        found.modules.insert(module.to_owned());
                    }
                }
            }
            Payload::CustomSection(section) => found.typed |= section.name().starts_with("component-type"),
            _ => {}
        }
    }
    Ok(found)
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
    check_for(component, &World::of_contract(world)?, extra)
}

/// The same, for a world that may have imports of a host's own: these, and no others.
pub(crate) fn check_for(component: &[u8], world: &World, extra: Extra) -> Result<(), ComponentError> {
    let (contract, id) = world.resolved();
    let world = world.name();
    let (found, found_world) = match wit_component::decode(component) {
        Ok(DecodedWasm::Component(resolve, world)) => (resolve, world),
        Ok(DecodedWasm::WitPackage(..)) => return Err(ComponentError::Invalid("it is a package of WIT".to_owned())),
        Err(error) => return Err(ComponentError::Invalid(format!("{error:#}"))),
    };
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
    types_fit(component, contract, id, found, found_world)
        .map_err(|error| ComponentError::Type { world: world.to_owned(), problem: format!("{error:#}") })
}

/// Whether the component is a subtype of the world, WASI aside.
fn types_fit(
    component: &[u8],
    contract: &Resolve,
    world: WorldId,
    found: Resolve,
    found_world: WorldId,
) -> anyhow::Result<()> {
    let mut resolve = contract.clone();
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
