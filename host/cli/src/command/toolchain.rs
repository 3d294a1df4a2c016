//! `airssys-wasm toolchain`.

use airssys_wasm_policy::Language;
use airssys_wasm_toolchain::Cache;
use anyhow::Result;
use serde_json::json;

use crate::arguments::{Toolchain, ToolchainCommand};
use crate::exit_code::ExitCode;
use crate::output::{Output, set_path};

/// Installs toolchains into the cache folder.
pub fn run(arguments: &Toolchain, output: &Output) -> Result<ExitCode> {
    let ToolchainCommand::Install(install) = &arguments.command;
    let languages = if install.all { Language::ALL.to_vec() } else { install.languages.clone() };
    let cache = Cache::open(None)?;
    airssys_wasm_toolchain::install(&languages, &cache, output)?;
    let names: Vec<String> = languages.iter().map(ToString::to_string).collect();
    let mut value = json!({ "schema": "airssys-toolchain/1", "installed": names });
    set_path(&mut value, "folder", cache.folder());
    output.result(&value, || format!("ready: {}", names.join(", ")))?;
    Ok(ExitCode::Success)
}
