//! `airssys-wasm conformance`.

use std::path::Path;

use airssys_wasm_conformance::host::{Policy, serve};
use airssys_wasm_conformance::report::Comparison;
use airssys_wasm_conformance::self_test::SelfTestOptions;
use airssys_wasm_conformance::{Report, RunOptions, Suite};
use airssys_wasm_policy::printable;
use airssys_wasm_toolchain::Cache;
use anyhow::{Context, Result};

use crate::arguments::{
    Conformance, ConformanceCommand, ConformanceCompare, ConformanceReport, ConformanceRun, ConformanceSelfTest,
    ReportForm,
};
use crate::exit_code::ExitCode;
use crate::failure::Problem;
use crate::output::Output;

/// Runs a subcommand of `conformance`.
pub fn run(arguments: &Conformance, output: &Output) -> Result<ExitCode> {
    match &arguments.command {
        ConformanceCommand::Run(run) => run_suite(run, output),
        ConformanceCommand::Report(report) => write_report(report, output),
        ConformanceCommand::Compare(compare) => compare_reports(compare, output),
        ConformanceCommand::SelfTest(test) => test_suite(test, output),
        ConformanceCommand::Host(host) => {
            let policy = if host.without_policy { Policy::Absent } else { Policy::Enforced };
            let input = tokio::io::BufReader::new(tokio::io::stdin());
            tokio_runtime()?.block_on(serve::serve(input, tokio::io::stdout(), policy))?;
            Ok(ExitCode::Success)
        }
    }
}

fn run_suite(arguments: &ConformanceRun, output: &Output) -> Result<ExitCode> {
    if let Some(guest) = arguments.guest.as_ref().filter(|guest| !guest.is_file()) {
        let problem = format!("{} is no file", guest.display());
        return Err(Problem::input("unreadable", problem, "name the .wasm file of a driver component").into());
    }
    let suite = read_suite(arguments.suite.as_deref())?;
    let options = RunOptions {
        sdks: arguments.sdk.clone(),
        operation: arguments.operation.clone(),
        case: arguments.case.clone(),
        seed: arguments.seed.unwrap_or_else(random_seed),
        guest: arguments.guest.clone(),
        host: arguments.host.clone(),
        ..RunOptions::default()
    };
    let report = tokio_runtime()?.block_on(suite.run(&options, &Cache::open(None)?, output))?;
    match &arguments.output {
        Some(file) => {
            let text = if output.is_json() { serde_json::to_string_pretty(&report)? } else { report.human() };
            write(file, &text)?;
        }
        None => output.result(&report, || report.human())?,
    }
    Ok(if report.is_green() { ExitCode::Success } else { ExitCode::Check })
}

fn test_suite(arguments: &ConformanceSelfTest, output: &Output) -> Result<ExitCode> {
    let suite = read_suite(arguments.suite.as_deref())?;
    let seed = arguments.seed.unwrap_or_else(random_seed);
    let options = SelfTestOptions { mutant: arguments.mutant.clone(), seed, ..SelfTestOptions::default() };
    let tested = tokio_runtime()?.block_on(suite.test_itself(&options, &Cache::open(None)?, output))?;
    output.result(&tested, || tested.human())?;
    Ok(if tested.is_green() { ExitCode::Success } else { ExitCode::Check })
}

fn read_suite(root: Option<&Path>) -> Result<Suite> {
    match root {
        Some(root) => Suite::read(root),
        None => Suite::read(&Suite::find_root(&std::env::current_dir()?)?),
    }
}

fn write_report(arguments: &ConformanceReport, output: &Output) -> Result<ExitCode> {
    let report = read(&arguments.report)?;
    let text = match arguments.form {
        ReportForm::Junit => report.junit(),
        ReportForm::Tap => report.tap(),
        ReportForm::Markdown => report.markdown(),
        ReportForm::Summary => report.markdown_summary(),
        ReportForm::Html => report.html(),
        ReportForm::Badge => format!("{}\n", report.badge()),
        ReportForm::Text => printable(&report.human()).into_owned(),
    };
    match &arguments.output {
        Some(file) => write(file, &text)?,
        None => output.bytes(text.as_bytes())?,
    }
    Ok(ExitCode::Success)
}

fn compare_reports(arguments: &ConformanceCompare, output: &Output) -> Result<ExitCode> {
    let comparison = Comparison::of(&read(&arguments.old)?, &read(&arguments.new)?);
    output.result(&comparison, || comparison.human())?;
    Ok(if comparison.is_no_worse() { ExitCode::Success } else { ExitCode::Check })
}

fn read(file: &Path) -> Result<Report> {
    Report::read(file).map_err(|error| {
        let help = "name a report that `airssys-wasm conformance run --format json --output FILE` has written";
        Problem::input("bad-report", format!("{error:#}"), help).into()
    })
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
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
