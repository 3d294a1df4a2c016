//! `airssys-wasm inspect`.

use std::error::Error as _;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use airssys_wasm::error::LoadError;
use airssys_wasm::{Error, Runtime, RuntimeConfig};
use airssys_wasm_policy::{Manifest, printable_line};
use airssys_wasm_toolchain::component::{self, Inspection};
use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::arguments::Inspect;
use crate::exit_code::ExitCode;
use crate::output::{Output, shown};

/// How long a component may take to say what its operations are.
const MAX_METADATA_TIME: Duration = Duration::from_secs(5);

/// Prints what a component is, without running it.
pub fn run(arguments: &Inspect, output: &Output) -> Result<ExitCode> {
    let file = &arguments.file;
    let bytes = airssys_wasm::inspect::read_component(file)?;
    let problem = match airssys_wasm::inspect::examine(&bytes) {
        // What is in it can be told all the same.
        Err(problem) if is_inspectable(&problem) => Some(problem),
        Err(problem) => {
            return Err(Error::Load { subject: file.display().to_string(), source: Box::new(problem) }.into());
        }
        Ok(()) => None,
    };
    let inspection = component::inspect(&bytes).with_context(|| format!("failed to inspect {}", file.display()))?;
    let operations = if arguments.operations {
        Some(asked(file, output)?)
    } else {
        let text = inspection.manifest.as_ref();
        let manifest = text.and_then(|text| Manifest::parse(text, "Component.toml").ok());
        manifest.map(|manifest| manifest.component.operations).filter(|operations| !operations.is_empty())
    };
    let mut value = serde_json::to_value(&inspection)?;
    value["schema"] = "airssys-inspect/1".into();
    value["operations"] = operations.clone().into();
    value["problem"] = problem.as_ref().map(problem_json).into();
    output.result(&value, || {
        let human = human(&inspection, operations.as_deref(), problem.as_ref());
        format!("{} ({} bytes)\n{human}", shown(file), bytes.len())
    })?;
    Ok(ExitCode::Success)
}

/// The operations by the component's own account. Nothing is granted to it, and it is not started.
fn asked(file: &Path, output: &Output) -> Result<Vec<String>> {
    super::conformance::tokio_runtime()?.block_on(async {
        let runtime = Runtime::new(RuntimeConfig::default())?;
        output.talk().loads(&shown(file));
        let component = runtime.start(file).uninitialized().max_execution_time(MAX_METADATA_TIME).await?;
        // It is gone with the runtime: `shutdown` is for what was started.
        Ok(component.metadata().await?.operations)
    })
}

fn human(inspection: &Inspection, operations: Option<&[String]>, problem: Option<&LoadError>) -> String {
    let mut text = String::new();
    let _ = match operations {
        Some(operations) => {
            text.push_str("operations\n");
            operations.iter().try_for_each(|operation| writeln!(text, "  {}", printable_line(operation)))
        }
        None if problem.is_some() => Ok(()),
        None => writeln!(text, "operations: its Component.toml lists none; --operations asks the component"),
    };
    for (title, interfaces) in [("imports", &inspection.imports), ("exports", &inspection.exports)] {
        let _ = writeln!(text, "{title}");
        for interface in interfaces {
            // Every name in the file is its author's.
            let _ = writeln!(text, "  {}", printable_line(&interface.name));
            for function in &interface.functions {
                let _ = writeln!(text, "    {}", printable_line(function));
            }
        }
    }
    let _ = writeln!(text, "wasi imports: {}", inspection.wasi_imports.len());
    match &inspection.manifest {
        Some(manifest) => {
            text.push_str("Component.toml\n");
            for line in manifest.lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        None => text.push_str("no Component.toml inside\n"),
    }
    if let Some(problem) = problem {
        let causes: String = std::iter::successors(problem.source(), |cause| (*cause).source())
            .map(|cause| format!("\n{cause}"))
            .collect();
        let _ = writeln!(text, "this host cannot run it: {}", format!("{problem}{causes}").replace('\n', "\n  "));
        if let Some(help) = problem.help() {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    text
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
