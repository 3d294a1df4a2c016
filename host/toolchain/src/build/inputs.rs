//! What a component is made of, as a hash: all files that can make a difference, the pins, the contract, the options and
//! the version of the user's own tools.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::Language;
use blake3::{Hash, Hasher};

use super::project::Project;
use super::{BuildError, local};
use crate::error::Error;
use crate::progress::Silent;
use crate::tool::Tool;
use crate::{clang, contract, install, pins};

/// Folders that hold results, never sources.
const IGNORED: &[&str] =
    &["target", "node_modules", ".git", ".venv", "venv", "__pycache__", ".mypy_cache", ".pytest_cache"];

/// Raised whenever a route makes something else of the same inputs, so that what was built before is not taken for it.
const RECIPE: &str = "4";

/// The hash of every input.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inputs {
    /// Everything but files.
    settings: Hash,
    files: BTreeMap<PathBuf, Hash>,
}

impl Inputs {
    /// The inputs as they are now.
    pub(super) fn of(project: &Project) -> Result<Inputs, Error> {
        let mut files = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for path in local::dependencies(project)?.into_iter().chain([project.folder.clone()]) {
            add(&path, &mut seen, &mut files)?;
        }
        Ok(Inputs { settings: settings(project)?, files })
    }

    /// The name of these inputs.
    pub(super) fn key(&self) -> String {
        let mut hasher = Hasher::new();
        hasher.update(self.settings.as_bytes());
        for (path, hash) in &self.files {
            field(&mut hasher, path.as_os_str().as_encoded_bytes());
            hasher.update(hash.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Whether all of `earlier` is still there, unchanged.
    pub(super) fn only_adds_to(&self, earlier: &Inputs) -> bool {
        self.settings == earlier.settings && earlier.files.iter().all(|(path, hash)| self.files.get(path) == Some(hash))
    }
}

fn settings(project: &Project) -> Result<Hash, Error> {
    let mut hasher = Hasher::new();
    let script = super::javascript::SCRIPT;
    for text in [RECIPE, script, env!("CARGO_PKG_VERSION"), pins::TOOLCHAINS, pins::PACKAGE_JSON, pins::PACKAGE_LOCK] {
        field(&mut hasher, text.as_bytes());
    }
    for script in super::python::scripts() {
        field(&mut hasher, script.as_bytes());
    }
    for (path, text) in contract::files() {
        field(&mut hasher, path.as_bytes());
        field(&mut hasher, text.as_bytes());
    }
    let Project { text, language, world, engine, debug, .. } = project;
    for text in [text, &language.to_string(), world, &engine.to_string(), &debug.to_string()] {
        field(&mut hasher, text.as_bytes());
    }
    field(&mut hasher, users_tool(project)?.as_bytes());
    Ok(hasher.finalize())
}

/// The version of the tool that the user brings, where it makes a difference to the result, and the variables it heeds.
fn users_tool(project: &Project) -> Result<String, Error> {
    let variable = |name| env::var(name).unwrap_or_default();
    Ok(match project.language {
        Language::Rust => {
            format!("{} {}", install::rustc_says(&project.folder, &["-vV"])?, variable("RUSTFLAGS"))
        }
        Language::Go => {
            let (go, _) = install::go()?;
            let version = Tool::new("go", go).arg("version").folder(&project.folder).run(&Silent)?;
            format!("{version} {}", variable("GOFLAGS"))
        }
        Language::C => clang::users_own().map(|clang| format!("{:?}", clang)).unwrap_or_default(),
        Language::Js | Language::Python => String::new(),
    })
}

/// Adds a piece so that it cannot run together with the next one.
fn field(hasher: &mut Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// Adds a file, or all files of a folder. Links are followed, each folder is visited once.
fn add(path: &Path, seen: &mut BTreeSet<PathBuf>, files: &mut BTreeMap<PathBuf, Hash>) -> Result<(), BuildError> {
    let error = |path: &Path| {
        let path = path.to_owned();
        move |source| BuildError::Read { path, source }
    };
    let path = path.canonicalize().map_err(error(path))?;
    if !seen.insert(path.clone()) {
        return Ok(());
    }
    if path.is_file() {
        let bytes = fs::read(&path).map_err(error(&path))?;
        files.insert(path, blake3::hash(&bytes));
        return Ok(());
    }
    if !path.is_dir() {
        // Sockets and pipes have no content, and reading one may never end.
        return Ok(());
    }
    for entry in fs::read_dir(&path).map_err(error(&path))? {
        let entry = entry.map_err(error(&path))?;
        let ignored = IGNORED.iter().any(|ignored| entry.file_name() == *ignored);
        // A dangling link is no input; whatever needs it will say so.
        if !ignored && entry.path().exists() {
            add(&entry.path(), seen, files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::BuildRequest;

    const MANIFEST: &str = "[component]\nname = \"a/b\"\nversion = \"1.0.0\"\n[build]\nlanguage = \"python\"\n";

    fn project(folder: &Path) -> Project {
        Project::read(&BuildRequest::new(folder.join("Component.toml"))).unwrap()
    }

    fn start() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Component.toml"), MANIFEST).unwrap();
        fs::write(folder.path().join("app.py"), "x = 1\n").unwrap();
        folder
    }

    #[test]
    fn a_changed_file_changes_the_key_and_changing_it_back_does_too() {
        let folder = start();
        let project = project(folder.path());
        let first = Inputs::of(&project).unwrap();
        fs::write(folder.path().join("app.py"), "x = 2\n").unwrap();
        let second = Inputs::of(&project).unwrap();
        assert_ne!(first.key(), second.key());
        assert!(!second.only_adds_to(&first));
        fs::write(folder.path().join("app.py"), "x = 1\n").unwrap();
        assert_eq!(Inputs::of(&project).unwrap(), first);
    }

    #[test]
    fn a_new_file_changes_the_key_and_results_do_not() {
        let folder = start();
        let project = project(folder.path());
        let first = Inputs::of(&project).unwrap();
        for ignored in ["target", "__pycache__", "node_modules"] {
            fs::create_dir(folder.path().join(ignored)).unwrap();
            fs::write(folder.path().join(ignored).join("file"), "result").unwrap();
        }
        assert_eq!(Inputs::of(&project).unwrap(), first);
        fs::write(folder.path().join("more.py"), "").unwrap();
        let more = Inputs::of(&project).unwrap();
        assert_ne!(more.key(), first.key());
        assert!(more.only_adds_to(&first));
    }

    #[test]
    fn the_manifest_and_the_options_are_inputs() {
        let folder = start();
        let plain = Inputs::of(&project(folder.path())).unwrap();
        let mut request = BuildRequest::new(folder.path().join("Component.toml"));
        request.debug = true;
        assert_ne!(Inputs::of(&Project::read(&request).unwrap()).unwrap().key(), plain.key());
        fs::write(folder.path().join("Component.toml"), MANIFEST.replace("1.0.0", "1.0.1")).unwrap();
        assert_ne!(Inputs::of(&project(folder.path())).unwrap().key(), plain.key());
    }
}
