//! What is to be built: Component.toml with the request's wishes and every default filled in.

use std::io;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::{ComponentSection, Engine, Language, Manifest, Permissions};

use super::{BuildError, BuildRequest, diagnose, read};
use crate::contract;
use crate::error::Error;
use crate::world::World;

/// What is to be built; all paths are absolute.
#[derive(Debug)]
pub(super) struct Project {
    /// The Component.toml.
    pub(super) file: PathBuf,
    /// Its text, to go into the component as it is.
    pub(super) text: String,
    /// What it says of the component.
    pub(super) component: ComponentSection,
    /// The folder it is in.
    pub(super) folder: PathBuf,
    /// The name of the component, with its namespace.
    pub(super) name: String,
    pub(super) language: Language,
    /// The world it is built for, with what it imports of the host's own.
    pub(super) world: World,
    pub(super) engine: Engine,
    pub(super) source: PathBuf,
    pub(super) bindings: Option<PathBuf>,
    /// Where bindings or declarations of the imports of a host's own go.
    pub(super) imports: PathBuf,
    pub(super) sdk: Option<PathBuf>,
    pub(super) debug: bool,
    /// Whether its standard library is made of WASI.
    pub(super) wasi: bool,
    pub(super) out: PathBuf,
}

/// The folder of a project for bindings or declarations of the imports of a host's own.
const IMPORTS: &str = "bindings";

impl Project {
    pub(super) fn read(request: &BuildRequest) -> Result<Project, Error> {
        let given = &request.manifest_path;
        let text = match read::text(given) {
            Err(BuildError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Err(BuildError::NoManifest { file: given.clone(), fix: diagnose::where_to_build(given) }.into());
            }
            other => other?,
        };
        let manifest = Manifest::parse(&text, &given.display().to_string())?;
        let file = given.canonicalize().map_err(|source| BuildError::Read { path: given.clone(), source })?;
        let folder = file.parent().expect("a file is in a folder").to_owned();
        let section = &manifest.build;
        let Some(language) = section.language else {
            let fix = match diagnose::language(&folder) {
                Some(seen) => format!("add language = \"{}\" to [build]: there is {}", seen.language, seen.sign),
                None => "add language = \"…\" to [build]: rust, go, js, python or c".to_owned(),
            };
            return Err(unbuildable(given, "build.language is missing", &fix));
        };
        let world = section.world.clone().unwrap_or_else(|| world_for(&manifest.permissions).to_owned());
        check_world(&world, &manifest.permissions, given)?;
        let world = World::with_imports(&world, &manifest.imports, &folder)?;
        let below = |path: &String| folder.join(path);
        let source = below(&section.source.clone().unwrap_or_else(|| default_source(language).to_owned()));
        if let Some((problem, fix)) = diagnose::wrong_source(language, &source, &folder) {
            return Err(unbuildable(given, &problem, &fix));
        }
        let sdk = section.sdk.as_ref().map(below);
        let sdk = match sdk.map(|sdk| sdk.canonicalize().map_err(|_| sdk)).transpose() {
            Ok(sdk) => sdk,
            Err(sdk) => {
                let problem = format!("the SDK {} does not exist", sdk.display());
                return Err(unbuildable(given, &problem, "name its folder with sdk = \"…\" in [build]"));
            }
        };
        if let Some(sdk) = sdk.as_deref()
            && let Some(missing) = diagnose::not_an_sdk(language, sdk)
        {
            let problem = format!("{} is not the SDK for {language}: there is no {missing} in it", sdk.display());
            return Err(unbuildable(given, &problem, "name the folder of the SDK with sdk = \"…\" in [build]"));
        }
        let bindings = section.bindings.as_ref().map(below);
        let imports = folder.join(IMPORTS);
        let overlap = |own: &PathBuf| own.starts_with(&imports) || imports.starts_with(own);
        if !manifest.imports.is_empty() && bindings.as_ref().is_some_and(overlap) {
            let problem = format!("build.bindings is where the bindings of [imports] go, which is {IMPORTS}");
            return Err(unbuildable(given, &problem, "name another folder with bindings = \"…\" in [build]"));
        }
        let engine = request.engine.or(section.engine).unwrap_or(Engine::Starlingmonkey);
        let name = &manifest.component.name.name;
        let default_name = match request.engine {
            Some(engine) => format!("{name}@{engine}.wasm"),
            None => format!("{name}.wasm"),
        };
        Ok(Project {
            name: format!("{}/{name}", manifest.component.name.namespace),
            out: request.out.clone().unwrap_or_else(|| folder.join("target/airssys").join(default_name)),
            source,
            bindings,
            imports,
            sdk,
            file,
            text,
            component: manifest.component,
            folder,
            language,
            world,
            engine,
            debug: request.debug,
            wasi: section.wasi,
        })
    }

    /// The error that says why this project cannot be built.
    pub(super) fn unbuildable(&self, problem: &str, fix: &str) -> Error {
        unbuildable(&self.file, problem, fix)
    }
}

fn unbuildable(file: &Path, problem: &str, fix: &str) -> Error {
    BuildError::Unbuildable { file: file.to_owned(), problem: problem.to_owned(), fix: fix.to_owned() }.into()
}

/// Whether there is such a world, and it has what the permissions are about.
fn check_world(world: &str, permissions: &Permissions, file: &Path) -> Result<(), Error> {
    let id = contract::world(world)?;
    let asked = [
        ("filesystem", permissions.filesystem.is_empty()),
        ("network", permissions.network.is_empty()),
        ("process", permissions.process.is_empty()),
    ];
    for (extension, unused) in asked {
        if !unused && !contract::imports(id, &format!("airssys:ext-{extension}/")) {
            let problem = format!(
                "build.world is \"{world}\", which does not have airssys:ext-{extension}, and [permissions] asks for {extension}"
            );
            let fits = world_for(permissions);
            let fix = format!("write world = \"{fits}\", leave world out, or leave out the {extension} permissions");
            return Err(unbuildable(file, &problem, &fix));
        }
    }
    Ok(())
}

/// The smallest world with all that the permissions speak of.
fn world_for(permissions: &Permissions) -> &'static str {
    let network = !permissions.network.is_empty();
    let process = !permissions.process.is_empty();
    match (!permissions.filesystem.is_empty(), network, process) {
        (false, false, false) => "minimal",
        (true, false, false) => "with-filesystem",
        (false, true, false) => "with-network",
        (false, false, true) => "with-process",
        _ => "full",
    }
}

fn default_source(language: Language) -> &'static str {
    match language {
        Language::Rust | Language::Go => ".",
        Language::Js => "src/index.ts",
        Language::Python => "app.py",
        Language::C => "src",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bindings_of_imports_have_a_folder_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let read = |bindings: &str| {
            let text = format!(
                "[component]\nname = \"a/b\"\nversion = \"1.0.0\"\n[build]\nlanguage = \"go\"\nbindings = \"{bindings}\"\n\
                 [imports]\n\"a:b/c\" = {{ wit = \"c.wit\" }}\n"
            );
            write("Component.toml", &text);
            Project::read(&BuildRequest::new(folder.path().join("Component.toml")))
        };
        write("c.wit", "package a:b;\ninterface c { g: func(); }\n");
        write("main.go", "package main\n");
        write("go.mod", "module example.org/x\n\ngo 1.26\n");
        for overlapping in ["bindings", "bindings/world", "."] {
            assert_eq!(read(overlapping).unwrap_err().code(), "unbuildable", "{overlapping}");
        }
        let project = read("internal").unwrap();
        assert_eq!(project.imports, project.folder.join("bindings"));
        assert!(project.world.imports_alone().is_some());
    }

    #[test]
    fn the_world_follows_from_the_permissions() {
        let world = |text| world_for(&Permissions::parse(text, "test").unwrap());
        assert_eq!(world(""), "minimal");
        assert_eq!(world("messaging = [{ target = \"a/*\" }]\nstorage = [{ namespace = \"n\" }]"), "minimal");
        assert_eq!(world("filesystem = [{ action = \"read\", path = \"/a\" }]"), "with-filesystem");
        assert_eq!(world("process = [{ action = \"spawn\", program = \"/bin/ls\" }]"), "with-process");
        assert_eq!(
            world(
                "filesystem = [{ action = \"read\", path = \"/a\" }]\nnetwork = [{ action = \"resolve\", host = \"*\" }]"
            ),
            "full"
        );
    }
}
