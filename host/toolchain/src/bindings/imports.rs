//! Bindings of the interfaces of a host's own that a component imports: beside those of the contract, which are the SDK's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::Language;
use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::{Resolve, WorldId};

use super::{BindingsError, declarations, ended, go_package, write};
use crate::world::World;

/// What the bindings in C are called, without an extension.
pub(crate) const C_IMPORTS: &str = "imports";

/// Generates what a language needs for the imports of a host's own into `folder`: the bindings for C and Go, declarations
/// of the modules for JavaScript, and nothing for the others, whose tools make them.
///
/// # Errors
/// If the generator fails, or a file cannot be written.
pub(crate) fn generate(language: Language, world: &World, folder: &Path) -> Result<(), BindingsError> {
    let Some(imports) = world.imports_alone() else { return Ok(()) };
    let (resolve, _) = world.resolved();
    let files = match language {
        Language::C => c(resolve, imports)?,
        Language::Go => go(resolve, imports, folder)?,
        Language::Js => {
            let text = declarations::of(resolve, imports);
            BTreeMap::from([(PathBuf::from("imports.d.ts"), text.into_bytes())])
        }
        Language::Rust | Language::Python => return Ok(()),
    };
    write(&files, folder)
}

/// Two sets of bindings are linked into one module, and both have the types of the contract: here they go by other names,
/// so that no function is there twice.
fn c(resolve: &Resolve, imports: WorldId) -> Result<BTreeMap<PathBuf, Vec<u8>>, BindingsError> {
    let keys = resolve.worlds[imports].imports.keys();
    let of_contract = keys.map(|key| resolve.name_world_key(key)).filter(|name| name.starts_with("airssys:"));
    let rename = of_contract.map(|name| {
        let plain = name.trim_start_matches("airssys:").split('@').next().unwrap_or_default();
        let renamed = format!("{C_IMPORTS}_{}", plain.replace(['/', '-'], "_"));
        (name, renamed)
    });
    let options = wit_bindgen_c::Opts {
        no_object_file: true,
        rename_world: Some(C_IMPORTS.to_owned()),
        rename: rename.collect(),
        ..Default::default()
    };
    let files = generated(&mut *options.build(), resolve, imports)?;
    Ok(files.iter().map(|(path, bytes)| (PathBuf::from(path), ended(bytes))).collect())
}

/// A package for each interface, directly in the folder. What the generator adds for exports is left out, because there
/// are none.
fn go(resolve: &Resolve, imports: WorldId, folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, BindingsError> {
    const WITHIN: &str = "imports";
    let package = go_package(folder)?;
    let options = wit_bindgen_go::Opts { pkg_name: Some(package.clone()), quiet: true, ..Default::default() };
    let files = generated(&mut *options.build(), resolve, imports)?;
    let flat = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        ended(text.replace(&format!("\"{package}/{WITHIN}/"), &format!("\"{package}/")).as_bytes())
    };
    let of_imports = files.iter().filter_map(|(path, bytes)| {
        let path = Path::new(path).strip_prefix(WITHIN).ok()?;
        Some((path.to_owned(), flat(bytes)))
    });
    Ok(of_imports.collect())
}

fn generated(
    generator: &mut dyn wit_bindgen_core::WorldGenerator,
    resolve: &Resolve,
    imports: WorldId,
) -> Result<Files, BindingsError> {
    let mut files = Files::default();
    let mut resolve = resolve.clone();
    generator
        .generate(&mut resolve, imports, &mut files)
        .map_err(|error| BindingsError::Generator { world: C_IMPORTS.to_owned(), problem: format!("{error:#}") })?;
    Ok(files)
}
