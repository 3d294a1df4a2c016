//! Rust: cargo, for the target that knows no WASI, or for the one whose standard library is made of it.

use std::path::PathBuf;

use serde_json::Value;

use super::inputs::Key;
use super::job::{Job, Prepared};
use super::{BuildError, cargo_folder, cargo_settings, foreign, read};
use crate::component::Extra;
use crate::error::Error;
use crate::install;
use crate::pins::Pins;
use crate::progress::Event;
use crate::{cache, causes};

pub(super) fn prepare<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
    let project = job.project;
    let pins = &Pins::get().rust;
    let target = if project.wasi { &pins.wasi_target } else { &pins.target };
    install::rust_target(&project.source, target, job.progress)?;
    // Guests with the same name have the same file in the shared folder: it is read before the next one is built.
    let _lock = job.cache.lock("cargo")?;
    job.progress.report(Event::Step("compiling Rust"));
    let shared = job.cache.room("cargo")?;
    cargo_folder::claim(&shared, &project.source)?;
    let mut cargo = cargo_settings::cargo("cargo")
        .args(["build", "--lib", "--target", target, "--message-format=json-render-diagnostics"])
        .folder(&project.source)
        .env("CARGO_TARGET_DIR", &shared)
        .ear(causes::RUST)
        .data_on_stdout();
    let mut home = cargo_settings::home();
    if home.as_ref().is_none_or(|folder| !cache::can_be_used(folder)) {
        let own = job.cache.room("cargo-home")?;
        cargo = cargo.env("CARGO_HOME", &own);
        home = Some(own);
    }
    let mut remapped = Vec::new();
    if !project.debug {
        cargo = cargo.arg("--release");
        remapped.extend(home.clone().map(|home| (home, "cargo")));
        remapped.push((shared, "target"));
    }
    if let Some(flags) = cargo_settings::flags(&project.source, target, home.as_deref(), &remapped) {
        cargo = cargo.arg("--config").arg(flags);
    }
    let messages = cargo.run(job.progress)?;
    let core = artifact(&messages, &project.source.join("Cargo.toml")).ok_or_else(|| BuildError::NoResult {
        tool: "cargo",
        expected: "module",
        fix: "add crate-type = [\"cdylib\"] to [lib] of Cargo.toml".to_owned(),
    })?;
    let made = read::bytes(&core)?;
    if !project.wasi {
        foreign::check(job, &made)?;
        let warnings = without_wasi(&made);
        return Ok(Prepared { warnings, ..job.encoded(made) });
    }
    // The linker of this target makes a component by itself.
    let mut key = Key::new(project);
    key.bytes(&made);
    Ok(Prepared::new(key, Extra::Wasi, move || Ok(made)))
}

/// What of the standard library the module uses that fails where there is no operating system. The texts of these failures
/// are in a module only if something in it can fail so.
fn without_wasi(core: &[u8]) -> Vec<String> {
    let has = |text: &str| core.windows(text.len()).any(|window| window == text.as_bytes());
    let mut warnings = Vec::new();
    let way_out = "write wasi = true in [build] of Component.toml, or leave it out";
    if has("time not implemented on this platform") {
        warnings.push(format!("it asks std::time for the time, which panics in a component without WASI: {way_out}"));
    }
    if has("operation not supported on this platform") {
        warnings.push(format!(
            "it uses files, sockets, processes or threads of std, which fail in a component without WASI: {way_out} (threads and \
             processes fail with it too)"
        ));
    }
    warnings
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
