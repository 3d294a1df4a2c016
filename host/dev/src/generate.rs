//! The generated layer of the SDKs: written from wit/ by one verb, checked by the same.

use std::path::Path;

use airssys_wasm_policy::Language;
use airssys_wasm_toolchain::bindings;
use anyhow::{Context, Result, bail};

/// The world whose bindings every SDK carries: all operations.
const WORLD: &str = "full";

/// The SDKs whose bindings are checked in, because their users build without the generator.
const TARGETS: &[(Language, &str)] =
    &[(Language::Go, "sdk-go/internal/bindings"), (Language::C, "sdk-c/src/generated")];

/// Writes the generated files, or says which are stale.
///
/// # Errors
/// Fails when a generator does, or when `check` finds a difference.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let mut stale = Vec::new();
    for (language, folder) in TARGETS {
        let path = root.join(folder);
        if check {
            let found =
                bindings::check(*language, WORLD, &path).with_context(|| format!("failed to check {folder}"))?;
            stale.extend(found.into_iter().map(|file| format!("{folder}: {file:?}")));
        } else {
            bindings::generate(*language, WORLD, &path).with_context(|| format!("failed to generate {folder}"))?;
        }
    }
    if !stale.is_empty() {
        bail!("generated code is stale, run `cargo dev gen`: {}", stale.join(", "));
    }
    Ok(())
}
