//! `airssys-wasm conformance`.

use airssys_wasm_conformance::{RunOptions, Suite};
use airssys_wasm_toolchain::Cache;
use anyhow::{Context, Result};

use crate::arguments::{Conformance, ConformanceCommand, ConformanceRun};
use crate::exit_code::ExitCode;
use crate::output::Output;

/// Runs a subcommand of `conformance`.
pub fn run(arguments: &Conformance, output: &Output) -> Result<ExitCode> {
    match &arguments.command {
        ConformanceCommand::Run(run) => run_suite(run, output),
    }
}

fn run_suite(arguments: &ConformanceRun, output: &Output) -> Result<ExitCode> {
    let root = match &arguments.suite {
        Some(root) => root.clone(),
        None => Suite::find_root(&std::env::current_dir()?)?,
    };
    let suite = Suite::read(&root)?;
    let options = RunOptions {
        sdks: arguments.sdk.clone(),
        operation: arguments.operation.clone(),
        case: arguments.case.clone(),
        seed: arguments.seed.unwrap_or_else(random_seed),
        ..RunOptions::default()
    };
    let report = tokio_runtime()?.block_on(suite.run(&options, &Cache::open(None)?, output))?;
    match &arguments.output {
        Some(file) => {
            let text = if output.is_json() { serde_json::to_string_pretty(&report)? } else { report.human() };
            std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))?;
        }
        None => output.result(&report, || report.human())?,
    }
    Ok(if report.is_green() { ExitCode::Success } else { ExitCode::Check })
}

/// Any number will do; it is printed so that the run can be repeated.
fn random_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id()) >> 12
}

/// The executor that hosts run on.
pub(super) fn tokio_runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("failed to start threads")
}
