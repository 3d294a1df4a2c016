//! The contract this crate was built with: the WIT files, embedded and resolved.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use std::{fs, io};

use airssys_wasm_policy::suggest;
use wit_parser::{PackageId, Resolve, SourceMap, WorldId};

include!(concat!(env!("OUT_DIR"), "/contract.rs"));

/// The package whose worlds a component can be built for.
pub const PACKAGE: &str = "airssys:worlds";

/// A world that the contract does not have.
#[derive(Debug, thiserror::Error)]
#[error("no world {name:?} in {PACKAGE}, which has {}", .known.join(", "))]
pub struct UnknownWorld {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub known: Vec<String>,
}

impl UnknownWorld {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match suggest(&self.name, self.known.iter().map(String::as_str)) {
            Some(near) => {
                format!("write world = \"{near}\" in [build], or leave it out: it follows from [permissions]")
            }
            None => "leave world out of [build]: it follows from [permissions]".to_owned(),
        })
    }
}

/// Every file: its path below the WIT folder, with `/`, and its text.
pub fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

/// All packages, resolved, and the one with the worlds.
pub(crate) fn resolve() -> &'static (Resolve, PackageId) {
    static RESOLVED: OnceLock<(Resolve, PackageId)> = OnceLock::new();
    RESOLVED.get_or_init(|| resolve_with("", [].into_iter()).expect("the embedded contract resolves"))
}

/// The contract with more worlds, given as the text of a file, and with other packages, each given by the names and the
/// texts of its files; resolved, and the package with the worlds.
///
/// # Errors
/// What is wrong, with the file and the line.
pub(crate) fn resolve_with<'a>(
    worlds: &str,
    packages: impl Iterator<Item = &'a [(String, String)]>,
) -> Result<(Resolve, PackageId), String> {
    let mut folders: BTreeMap<&str, SourceMap> = BTreeMap::new();
    for (path, text) in FILES {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push_str(path, *text);
    }
    let mut main = folders.remove("").expect("the contract has worlds");
    if !worlds.is_empty() {
        main.push_str("[imports]", worlds);
    }
    let others = packages.map(|files| {
        let mut map = SourceMap::default();
        files.iter().for_each(|(name, text)| map.push_str(name, text));
        map
    });
    let parse = |map: SourceMap| map.parse().map_err(|(map, error)| error.render(&map));
    let dependencies = folders.into_values().chain(others).map(parse).collect::<Result<_, String>>()?;
    let main = parse(main)?;
    let mut resolve = Resolve::default();
    match resolve.push_groups(main, dependencies) {
        Ok(package) => Ok((resolve, package)),
        Err(error) => Err(error.render(&resolve.source_map)),
    }
}

/// The package with the worlds, with its version.
pub(crate) fn package() -> String {
    let (resolve, package) = resolve();
    resolve.packages[*package].name.to_string()
}

/// The names of the worlds, in the order of the contract.
pub fn worlds() -> Vec<String> {
    let (resolve, package) = resolve();
    resolve.packages[*package].worlds.keys().cloned().collect()
}

/// One world by its name.
///
/// # Errors
/// If there is no such world.
pub(crate) fn world(name: &str) -> Result<WorldId, UnknownWorld> {
    let (resolve, package) = resolve();
    resolve.packages[*package]
        .worlds
        .get(name)
        .copied()
        .ok_or_else(|| UnknownWorld { name: name.to_owned(), known: worlds() })
}

/// The whole names of all interfaces.
pub(crate) fn interfaces() -> impl Iterator<Item = String> {
    let (resolve, _) = resolve();
    resolve.interfaces.iter().filter_map(move |(id, _)| resolve.id_of(id))
}

/// Whether a world imports an interface whose name begins so.
pub(crate) fn imports(world: WorldId, prefix: &str) -> bool {
    let (resolve, _) = resolve();
    resolve.worlds[world].imports.keys().any(|key| resolve.name_world_key(key).starts_with(prefix))
}

/// Writes the contract into `folder`, laid out as generators expect it: the worlds, and `deps/` with the rest.
///
/// # Errors
/// If a file cannot be written.
pub fn write(folder: &Path) -> io::Result<()> {
    for (path, text) in FILES {
        let target = folder.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(target, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_world_can_be_selected() {
        let names = worlds();
        assert!(names.iter().any(|name| name == "minimal"), "{names:?}");
        for name in names {
            world(&name).unwrap();
        }
    }

    #[test]
    fn an_unknown_world_is_answered_with_the_known_ones() {
        let error = world("maximal").unwrap_err();
        assert!(error.known.contains(&"full".to_owned()));
        assert!(error.to_string().contains("with-filesystem"));
    }
}
