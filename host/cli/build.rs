//! Embeds what `new` writes: every template, and the SDK of each language as a project carries it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What a project needs of each SDK. Not what the SDK is developed with: its tests, examples and scripts.
const SDKS: &[(&str, &[&str])] = &[
    ("rust", &["README.md", "src", "macros", "wit"]),
    ("go", &["."]),
    ("js", &["package.json", "README.md", "dist", "globals.d.ts"]),
    ("python", &["pyproject.toml", "README.md", "src", "typings"]),
    ("c", &["CMakeLists.txt", "README.md", "cmake", "include", "src"]),
];
/// What is passed over: examples, and what somebody may have built in place.
const PASSED_OVER: &[&str] =
    &["examples", "target", "node_modules", "__pycache__", "build", ".mypy_cache", ".pytest_cache", ".ruff_cache"];

fn main() -> io::Result<()> {
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let out = PathBuf::from(variable("OUT_DIR"));

    let mut templates = Files::default();
    templates.add(&root.join("templates"), "")?;
    let mut sdks = Files::default();
    for (language, parts) in SDKS {
        let folder = root.join(format!("sdk-{language}"));
        for part in *parts {
            let name = if *part == "." { language.to_string() } else { format!("{language}/{part}") };
            sdks.add(&folder.join(part), &name)?;
        }
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            sdks.add(&root.join(licence), &format!("{language}/{licence}"))?;
        }
    }
    // Whoever formats the project must not change the SDK.
    sdks.add(&root.join("rustfmt.toml"), "rust/rustfmt.toml")?;
    // Outside of the workspace nothing can be inherited from it.
    let workspace = root.join("Cargo.toml");
    println!("cargo::rerun-if-changed={}", workspace.display());
    let workspace: toml::Table = read_toml(&workspace)?;
    for (folder, name) in [("sdk-rust", "rust/Cargo.toml"), ("sdk-rust/macros", "rust/macros/Cargo.toml")] {
        let manifest = root.join(folder).join("Cargo.toml");
        println!("cargo::rerun-if-changed={}", manifest.display());
        let file = out.join(name.replace('/', "-"));
        fs::write(&file, alone(read_toml(&manifest)?, &workspace, folder).to_string())?;
        sdks.0.retain(|(known, _)| known != name);
        sdks.0.push((name.to_owned(), file));
    }
    sdks.0.retain(|(name, _)| !name.ends_with("_test.go"));
    sdks.0.sort();
    fs::write(out.join("embedded.rs"), templates.table("TEMPLATES") + &sdks.table("SDKS"))
}

fn variable(name: &str) -> String {
    env::var(name).expect("cargo sets it")
}

fn read_toml(path: &Path) -> io::Result<toml::Table> {
    fs::read_to_string(path)?.parse().map_err(io::Error::other)
}

/// Names, and the files they stand for.
#[derive(Default)]
struct Files(Vec<(String, PathBuf)>);

impl Files {
    /// A file, or all files of a folder.
    fn add(&mut self, path: &Path, name: &str) -> io::Result<()> {
        println!("cargo::rerun-if-changed={}", path.display());
        if path.is_file() {
            self.0.push((name.to_owned(), path.to_owned()));
            return Ok(());
        }
        let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let part = entry.file_name().into_string().map_err(|_| io::Error::other("a name that is not UTF-8"))?;
            if !PASSED_OVER.contains(&part.as_str()) {
                self.add(&entry.path(), &if name.is_empty() { part } else { format!("{name}/{part}") })?;
            }
        }
        Ok(())
    }

    fn table(&self, name: &str) -> String {
        let mut source = format!("static {name}: &[(&str, &[u8])] = &[\n");
        for (name, path) in &self.0 {
            writeln!(source, "    ({name:?}, include_bytes!({path:?})),").expect("a string takes it");
        }
        source + "];\n"
    }
}

/// A manifest with what it inherits from the workspace written out. `folder` is its place there.
fn alone(mut manifest: toml::Table, workspace: &toml::Table, folder: &str) -> toml::Table {
    let shared = &workspace["workspace"];
    manifest.remove("lints");
    manifest.remove("dev-dependencies");
    for (section, shared) in [("package", &shared["package"]), ("dependencies", &shared["dependencies"])] {
        let Some(table) = manifest.get_mut(section).and_then(toml::Value::as_table_mut) else { continue };
        for (key, value) in table.iter_mut() {
            if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                continue;
            }
            *value = shared[key].clone();
            if let Some(path) = value.get_mut("path") {
                let relative = path.as_str().and_then(|path| path.strip_prefix(folder)?.strip_prefix('/'));
                *path = toml::Value::from(relative.expect("the SDK depends only on what lies in its folder"));
            }
        }
    }
    manifest
}
