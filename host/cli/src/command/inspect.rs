//! `airssys-wasm inspect`.

use std::error::Error as _;
use std::fmt::Write as _;

use airssys_wasm::{Error, LoadError};
use airssys_wasm_toolchain::component;
use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::arguments::Inspect;
use crate::exit_code::ExitCode;
use crate::output::Output;

/// Prints what a component is, without running it.
pub fn run(arguments: &Inspect, output: &Output) -> Result<ExitCode> {
    let file = &arguments.file;
    let bytes = airssys_wasm::read_component(file)?;
    let problem = match airssys_wasm::examine(&bytes) {
        // What is in it can be told all the same.
        Err(problem) if is_inspectable(&problem) => Some(problem),
        Err(problem) => {
            return Err(Error::Load { subject: file.display().to_string(), source: Box::new(problem) }.into());
        }
        Ok(()) => None,
    };
    let inspection = component::inspect(&bytes).with_context(|| format!("failed to inspect {}", file.display()))?;
    let mut value = serde_json::to_value(&inspection)?;
    value["schema"] = "airssys-inspect/1".into();
    value["problem"] = problem.as_ref().map(problem_json).into();
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
        if let Some(problem) = &problem {
            let causes: String = std::iter::successors(problem.source(), |cause| (*cause).source())
                .map(|cause| format!("\n{cause}"))
                .collect();
            let _ = writeln!(text, "this host cannot run it: {}", format!("{problem}{causes}").replace('\n', "\n  "));
            if let Some(help) = problem.help() {
                let _ = writeln!(text, "  help: {help}");
            }
        }
        text
    })?;
    Ok(ExitCode::Success)
}

/// Whether a file that cannot be loaded still is something to look into.
fn is_inspectable(problem: &LoadError) -> bool {
    matches!(
        problem,
        LoadError::CoreModule
            | LoadError::NoManifest
            | LoadError::ManifestNotText { .. }
            | LoadError::SeveralManifests { .. }
            | LoadError::Manifest(_)
            | LoadError::UnknownImports(_)
            | LoadError::OtherContract { .. }
            | LoadError::NoLifecycle { .. }
    )
}

fn problem_json(problem: &LoadError) -> Value {
    json!({ "code": problem.code(), "message": problem.to_string(), "help": problem.help() })
}
