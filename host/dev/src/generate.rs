//! The generated layer of the SDKs: written from wit/ by one verb, checked by the same.

use std::path::Path;

use airssys_wasm_policy::Language;
use airssys_wasm_toolchain::bindings;
use anyhow::{Context, Result, bail};

use crate::steps::{command, run as run_command};
use crate::tools;

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
    // These SDKs check their generated files among their own tests, with the generator that they pin.
    if !check {
        let sdk = tools::npm_packages(root)?;
        run_command(command(&sdk, "npm", &["run", "--silent", "generate"]))?;
        run_command(command(&sdk, "npm", &["run", "--silent", "build"]))?;
        let python = tools::python(root)?;
        run_command(command(&root.join("sdk-python"), &python, &["scripts/generate_typings.py"]))?;
    }
    if !stale.is_empty() {
        bail!("generated code is stale, run `cargo dev gen`: {}", stale.join(", "));
    }
    Ok(())
}
