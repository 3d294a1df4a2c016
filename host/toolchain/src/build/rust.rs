//! Rust: cargo, for the target that knows no WASI, or for the one whose standard library is made of it.

use std::path::PathBuf;

use serde_json::Value;

use super::{BuildError, Job};
use crate::error::Error;
use crate::install;
use crate::pins::Pins;
use crate::progress::Event;
use crate::tool::Tool;

pub(super) fn build(job: &Job<'_>) -> Result<Vec<u8>, Error> {
    let project = job.project;
    let pins = &Pins::get().rust;
    let target = if project.wasi { &pins.wasi_target } else { &pins.target };
    install::rust_target(&project.source, target, job.progress)?;
    // Guests with the same name have the same file in the shared folder: it is read before the next one is built.
    let _lock = job.cache.lock("cargo")?;
    job.progress.report(Event::Step("compiling Rust"));
    let mut cargo = Tool::new("cargo", "cargo")
        .args(["build", "--lib", "--target", target, "--message-format=json-render-diagnostics"])
        .folder(&project.source)
        // One folder for all guests: what they have in common is compiled once.
        .env("CARGO_TARGET_DIR", job.cache.room("cargo")?)
        .data_on_stdout();
    if !project.debug {
        cargo = cargo.arg("--release");
    }
    // What an outer cargo says about itself is not meant for this one.
    for variable in ["CARGO", "RUSTC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_ENCODED_RUSTFLAGS"] {
        cargo = cargo.env_remove(variable);
    }
    let messages = cargo.run(job.progress)?;
    let core = artifact(&messages, &project.source.join("Cargo.toml")).ok_or_else(|| BuildError::NoResult {
        tool: "cargo",
        expected: "module",
        fix: "add crate-type = [\"cdylib\"] to [lib] of Cargo.toml".to_owned(),
    })?;
    // The linker of this target makes a component by itself.
    if project.wasi { Ok(super::read(&core)?) } else { job.encode(&core) }
}

/// The module of the crate with this Cargo.toml, among what cargo says it made.
fn artifact(messages: &str, manifest: &std::path::Path) -> Option<PathBuf> {
    let manifest = manifest.canonicalize().ok()?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| {
            message["reason"] == "compiler-artifact"
                && message["manifest_path"].as_str().and_then(|path| std::fs::canonicalize(path).ok()).as_ref()
                    == Some(&manifest)
        })
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_of_the_right_crate_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("Cargo.toml");
        std::fs::write(&manifest, "").unwrap();
        let other = folder.path().join("other.toml");
        std::fs::write(&other, "").unwrap();
        let line = |manifest: &std::path::Path, files: &[&str]| {
            serde_json::json!({"reason": "compiler-artifact", "manifest_path": manifest, "filenames": files})
                .to_string()
        };
        let messages = [
            line(&other, &["/t/other.wasm"]),
            "not json".to_owned(),
            line(&manifest, &["/t/hello.rlib", "/t/hello.wasm"]),
        ];
        assert_eq!(artifact(&messages.join("\n"), &manifest), Some("/t/hello.wasm".into()));
        assert_eq!(artifact(&line(&manifest, &["/t/hello.rlib"]), &manifest), None);
    }
}
