//! What a component is built for: a world of the contract, and the interfaces of the host's own that it imports besides.

mod error;
mod sources;
mod unsupported;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use airssys_wasm_policy::Import;
use wit_parser::{Resolve, WorldId};

use crate::contract::{self, UnknownWorld};
pub use error::WitError;
use sources::Package;

/// What the world is called that has all of it, and the one that has the imports of the host's own alone.
const JOINED: &str = "with-imports";
const IMPORTS: &str = "imports";

/// A world of the contract, and what a component for it imports besides.
#[derive(Debug, Clone)]
pub struct World {
    name: String,
    resolve: Cow<'static, Resolve>,
    id: WorldId,
    /// The world with the imports alone, if there are any.
    imports: Option<WorldId>,
    /// The imports as WIT.
    listed: String,
    /// The text of the two worlds.
    text: String,
    packages: Vec<Package>,
}

impl World {
    /// A world of the contract, and nothing else.
    ///
    /// # Errors
    /// If there is no such world.
    pub fn of_contract(name: &str) -> Result<World, UnknownWorld> {
        let id = contract::world(name)?;
        let resolve = Cow::Borrowed(&contract::resolve().0);
        let name = name.to_owned();
        Ok(World { name, resolve, id, imports: None, listed: String::new(), text: String::new(), packages: Vec::new() })
    }

    /// A world of the contract with these interfaces, whose WIT is in folders of the project.
    ///
    /// # Errors
    /// If there is no such world, the WIT is not there or wrong, or has what a language cannot take.
    pub fn with_imports(name: &str, imports: &[Import], project: &Path) -> Result<World, WitError> {
        if imports.is_empty() {
            return Ok(World::of_contract(name)?);
        }
        let mut listed = String::new();
        for import in imports {
            write!(listed, " import {};", import.name).expect("a string takes it");
        }
        World::joined(name, listed, sources::read(imports, project)?)
    }

    /// The same imports with another world of the contract.
    pub(crate) fn in_place_of(&self, name: &str) -> Result<World, WitError> {
        match self.imports {
            Some(_) => World::joined(name, self.listed.clone(), self.packages.clone()),
            None => Ok(World::of_contract(name)?),
        }
    }

    fn joined(name: &str, listed: String, packages: Vec<Package>) -> Result<World, WitError> {
        let plain = World::of_contract(name)?;
        let text = format!(
            "package {};\nworld {JOINED} {{ include {name};{listed} }}\nworld {IMPORTS} {{{listed} }}\n",
            contract::package()
        );
        let (resolve, package) = contract::resolve_with(&text, packages.iter().map(|package| package.files.as_slice()))
            .map_err(WitError::Invalid)?;
        let world = |name: &str| resolve.packages[package].worlds[name];
        let (id, only) = (world(JOINED), world(IMPORTS));
        unsupported::check(&resolve, only)?;
        Ok(World { id, imports: Some(only), listed, text, packages, resolve: Cow::Owned(resolve), ..plain })
    }

    /// What the contract calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What generators have to be told, which find it in the folder that [`write`](World::write) fills.
    pub fn generated_name(&self) -> &str {
        if self.imports.is_some() { JOINED } else { &self.name }
    }

    /// All packages, resolved, and the world in them.
    pub(crate) fn resolved(&self) -> (&Resolve, WorldId) {
        (&self.resolve, self.id)
    }

    /// The world with the imports of the host's own alone, if there are any.
    pub(crate) fn imports_alone(&self) -> Option<WorldId> {
        self.imports
    }

    /// The packages of the host's own whose interfaces are imported, without versions, none twice.
    pub(crate) fn imported_packages(&self) -> Vec<String> {
        let Some(imports) = self.imports else { return Vec::new() };
        let keys = self.resolve.worlds[imports].imports.keys();
        let names = keys.map(|key| self.resolve.name_world_key(key));
        let mut packages: Vec<String> = names
            .filter(|name| !name.starts_with("airssys:"))
            .filter_map(|name| name.split_once('/').map(|(package, _)| package.to_owned()))
            .collect();
        packages.sort();
        packages.dedup();
        packages
    }

    /// What Python calls the modules of imported interfaces whose names the contract has too, or another import: by the
    /// package as well. The SDK counts on the names of the contract's.
    pub(crate) fn python_names(&self) -> Vec<(String, String)> {
        let Some(imports) = self.imports else { return Vec::new() };
        let resolve = &self.resolve;
        let interface = |name: &str| {
            let (_, rest) = name.split_once('/')?;
            rest.split('@').next().map(str::to_owned)
        };
        let whole = |id: WorldId| resolve.worlds[id].imports.keys().map(|key| resolve.name_world_key(key));
        let taken: Vec<String> = contract::interfaces().filter_map(|name| interface(&name)).collect();
        let own: Vec<String> = whole(imports).filter(|name| !name.starts_with("airssys:")).collect();
        let count = |wanted: &str| own.iter().filter(|name| interface(name).as_deref() == Some(wanted)).count();
        let clashing = own.iter().filter_map(|name| {
            let short = interface(name)?;
            let package = name.split_once('/')?.0.split_once(':')?.1;
            let clashes = taken.contains(&short) || count(&short) > 1;
            clashes.then(|| (name.clone(), format!("{package}-{short}").replace('-', "_")))
        });
        clashing.collect()
    }

    /// Every file that is not the contract's: by its path below the folder that is written, and its text.
    pub(crate) fn files(&self) -> impl Iterator<Item = (String, &str)> {
        let worlds = self.imports.map(|_| (format!("{JOINED}.wit"), self.text.as_str()));
        let of_packages = self.packages.iter().enumerate().flat_map(|(index, package)| {
            let files = package.files.iter().enumerate();
            files.map(move |(at, (_, text))| (format!("deps/host-{index}/{at}.wit"), text.as_str()))
        });
        worlds.into_iter().chain(of_packages)
    }

    /// Writes all of it into `folder`, laid out as generators expect it.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        contract::write(folder)?;
        for (path, text) in self.files() {
            let target = folder.join(path);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(target, text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
