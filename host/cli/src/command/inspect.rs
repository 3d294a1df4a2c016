//! `airssys-wasm inspect`.

use std::fmt::Write as _;

use airssys_wasm_toolchain::component;
use anyhow::{Context, Result};

use crate::arguments::Inspect;
use crate::exit_code::ExitCode;
use crate::output::Output;

/// Prints what a component is, without running it.
pub fn run(arguments: &Inspect, output: &Output) -> Result<ExitCode> {
    let file = &arguments.file;
    let bytes = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    let inspection = component::inspect(&bytes).with_context(|| format!("failed to inspect {}", file.display()))?;
    let mut value = serde_json::to_value(&inspection)?;
    value["schema"] = "airssys-inspect/1".into();
    output.result(&value, || {
        let mut text = format!("{} ({} bytes)\n", file.display(), bytes.len());
        for (title, interfaces) in [("imports", &inspection.imports), ("exports", &inspection.exports)] {
            let _ = writeln!(text, "{title}");
            for interface in interfaces {
                let _ = writeln!(text, "  {}", interface.name);
                for function in &interface.functions {
                    let _ = writeln!(text, "    {function}");
                }
            }
        }
        let _ = writeln!(text, "wasi imports: {}", inspection.wasi_imports.len());
        match &inspection.manifest {
            Some(manifest) => {
                let _ = writeln!(text, "Component.toml");
                for line in manifest.lines() {
                    let _ = writeln!(text, "  {line}");
                }
            }
            None => text.push_str("no Component.toml inside\n"),
        }
        text
    })?;
    Ok(ExitCode::Success)
}
