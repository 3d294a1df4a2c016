//! Finds what a component depends on in other folders of the same disk, as its language's own files tell.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::Language;

use super::BuildError;
use super::project::Project;
use crate::error::Error;

/// Files and folders outside of the project, or inside it, that the component is made of.
pub(super) fn dependencies(project: &Project) -> Result<BTreeSet<PathBuf>, Error> {
    let mut found = BTreeSet::new();
    match project.language {
        Language::Rust => crates(&project.source, &mut found)?,
        Language::Go => modules(&project.source, &mut found)?,
        Language::Js => packages(&project.folder, &mut found)?,
        Language::Python => {
            found.extend(super::python::own_environment(&project.folder));
            found.extend(super::python::sources(project)?);
        }
        Language::C => {}
    }
    found.extend(project.sdk.clone());
    Ok(found)
}

fn read(path: &Path) -> Result<String, BuildError> {
    fs::read_to_string(path).map_err(|source| BuildError::Read { path: path.to_owned(), source })
}

/// A crate, and the crates it depends on by path. A file that is not TOML is left for cargo to complain about.
fn crates(folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), BuildError> {
    let folder = folder.canonicalize().map_err(|source| BuildError::Read { path: folder.to_owned(), source })?;
    if !found.insert(folder.clone()) {
        return Ok(());
    }
    let Ok(manifest) = read(&folder.join("Cargo.toml"))?.parse::<toml::Table>() else { return Ok(()) };
    let workspace = if manifest.contains_key("workspace") { None } else { workspace(&folder) };
    if let Some((root, _)) = &workspace {
        found.insert(root.join("Cargo.toml"));
    }
    let mut paths = BTreeSet::new();
    path_dependencies(&manifest, &folder, workspace.as_ref(), &mut paths);
    for path in paths {
        crates(&path, found)?;
    }
    Ok(())
}

/// The workspace that a crate is in, and its Cargo.toml.
fn workspace(folder: &Path) -> Option<(PathBuf, toml::Table)> {
    folder.ancestors().skip(1).find_map(|root| {
        let manifest = fs::read_to_string(root.join("Cargo.toml")).ok()?.parse::<toml::Table>().ok()?;
        manifest.contains_key("workspace").then(|| (root.to_owned(), manifest))
    })
}

/// The folders named in a table's dependencies, those for some targets only included.
fn path_dependencies(
    table: &toml::Table,
    folder: &Path,
    workspace: Option<&(PathBuf, toml::Table)>,
    paths: &mut BTreeSet<PathBuf>,
) {
    for (key, value) in table {
        let Some(value) = value.as_table() else { continue };
        match key.as_str() {
            "dependencies" | "build-dependencies" => {
                for (name, dependency) in value {
                    if let Some(path) = dependency.get("path").and_then(toml::Value::as_str) {
                        paths.insert(folder.join(path));
                    } else if dependency.get("workspace").and_then(toml::Value::as_bool) == Some(true) {
                        paths.extend(workspace.and_then(|(root, manifest)| {
                            let path =
                                manifest.get("workspace")?.get("dependencies")?.get(name)?.get("path")?.as_str()?;
                            Some(root.join(path))
                        }));
                    }
                }
            }
            "target" | "patch" => {
                for inner in value.values().filter_map(toml::Value::as_table) {
                    if key == "target" {
                        path_dependencies(inner, folder, workspace, paths);
                    } else {
                        let path = |patch: &toml::Value| patch.get("path")?.as_str().map(|path| folder.join(path));
                        paths.extend(inner.values().filter_map(path));
                    }
                }
            }
            _ => {}
        }
    }
}

/// A Go module, and the modules that stand in for others by path.
fn modules(folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), BuildError> {
    let Some(root) = folder.ancestors().find(|folder| folder.join("go.mod").is_file()) else { return Ok(()) };
    if !found.insert(root.to_owned()) {
        return Ok(());
    }
    for line in read(&root.join("go.mod"))?.lines() {
        let line = line.split("//").next().unwrap_or_default();
        let Some((_, replacement)) = line.split_once("=>") else { continue };
        let path = replacement.trim().trim_matches('"');
        if path.starts_with("./") || path.starts_with("../") || path.starts_with('/') {
            found.insert(root.join(path));
        }
    }
    Ok(())
}

/// The packages that package.json takes from folders.
fn packages(folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), BuildError> {
    let file = folder.join("package.json");
    if !file.is_file() {
        return Ok(());
    }
    // A file that is not JSON is left for the bundler to complain about.
    let Ok(package) = serde_json::from_str::<serde_json::Value>(&read(&file)?) else { return Ok(()) };
    for group in ["dependencies", "devDependencies", "optionalDependencies"] {
        for version in package[group].as_object().into_iter().flat_map(serde_json::Map::values) {
            if let Some(path) = version.as_str().and_then(|version| version.strip_prefix("file:")) {
                let path = folder.join(path);
                if path.exists() {
                    found.insert(path);
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    fn below(root: &Path, found: &BTreeSet<PathBuf>) -> Vec<String> {
        let root = root.canonicalize().unwrap();
        let name = |path: &PathBuf| path.canonicalize().unwrap().strip_prefix(&root).unwrap().display().to_string();
        found.iter().map(name).collect()
    }

    #[test]
    fn crates_are_found_through_paths_and_workspaces() {
        let root = tempfile::tempdir().unwrap();
        write(
            root.path(),
            &[
                (
                    "guest/Cargo.toml",
                    "[dependencies]\nsdk = { path = \"../workspace/sdk\" }\nserde = \"1\"\n[workspace]",
                ),
                (
                    "workspace/Cargo.toml",
                    "[workspace.dependencies]\nmacros = { path = \"macros\" }\nother = { path = \"other\" }",
                ),
                ("workspace/sdk/Cargo.toml", "[dependencies]\nmacros.workspace = true"),
                ("workspace/macros/Cargo.toml", "[target.'cfg(unix)'.dependencies]\ndeep = { path = \"../deep\" }"),
                ("workspace/deep/Cargo.toml", ""),
                ("workspace/other/Cargo.toml", ""),
            ],
        );
        let mut found = BTreeSet::new();
        crates(&root.path().join("guest"), &mut found).unwrap();
        assert_eq!(
            below(root.path(), &found),
            ["guest", "workspace/Cargo.toml", "workspace/deep", "workspace/macros", "workspace/sdk"]
        );
    }

    #[test]
    fn modules_are_found_through_replacements() {
        let root = tempfile::tempdir().unwrap();
        write(
            root.path(),
            &[
                (
                    "guest/go.mod",
                    "module m\nreplace (\n\texample.org/sdk => ../sdk // here\n\tb => example.org/c v1.0.0\n)",
                ),
                ("guest/cmd/main.go", ""),
                ("sdk/go.mod", "module example.org/sdk"),
            ],
        );
        let mut found = BTreeSet::new();
        modules(&root.path().join("guest/cmd"), &mut found).unwrap();
        assert_eq!(below(root.path(), &found), ["guest", "sdk"]);
    }

    #[test]
    fn packages_are_found_in_package_json() {
        let root = tempfile::tempdir().unwrap();
        write(
            root.path(),
            &[
                ("guest/package.json", r#"{"dependencies": {"a": "file:../a", "b": "^1.0.0"}}"#),
                ("a/package.json", "{}"),
            ],
        );
        let mut found = BTreeSet::new();
        packages(&root.path().join("guest"), &mut found).unwrap();
        assert_eq!(below(root.path(), &found), ["a"]);
    }
}
