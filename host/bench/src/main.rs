//! `cargo dev bench`: what a component costs in each language, on this machine. Never published.
//!
//! The one place where time is measured. Every number is a median of repetitions, and what matters most is a ratio: a
//! call through the public API of the host against a bare typed call of the same component, taken in turns.

mod bare;
mod floor;
mod guest;
mod host;
mod leaks;
mod machine;
mod measure;
mod memory;
mod plan;
mod readme;
mod report;
mod summary;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;

use crate::guest::Guest;
use crate::plan::Plan;
use crate::report::Report;

/// Measures what components cost in each language and prints a table.
#[derive(Debug, Parser)]
#[command(name = "cargo dev bench", bin_name = "cargo dev bench")]
struct Arguments {
    /// Only this column: rust, go, js, js@quickjs, python or c.
    #[arg(long, value_name = "LANGUAGE")]
    only: Option<String>,
    /// Few repetitions: for trying things out, not for numbers to quote.
    #[arg(long)]
    quick: bool,
    /// Take the results of this file instead of measuring.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "quick"])]
    from: Option<PathBuf>,
    /// Write the results as JSON.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the table as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Write the table into README.md, between its markers.
    #[arg(long)]
    readme: bool,
    /// Fail when a language is slower than the host promises, or leaks.
    #[arg(long)]
    check: bool,
    /// Measure one part in this process and print its results; how the program calls itself.
    #[arg(long, hide = true, num_args = 3, value_names = ["PART", "COMPONENT", "CACHE"])]
    part: Option<Vec<String>>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let plan = if arguments.quick { Plan::QUICK } else { Plan::FULL };
    if let Some([part, component, cache]) = arguments.part.as_deref() {
        return measure::in_this_process(part.parse()?, Path::new(component), Path::new(cache), &plan);
    }
    let report = match &arguments.from {
        Some(file) => Report::read(file)?,
        None => take(arguments.only.as_deref(), arguments.quick, &plan)?,
    };
    print!("{}", table::markdown(&report, table::Detail::Spread));
    if let Some(file) = &arguments.output {
        write(file, &(serde_json::to_string_pretty(&report)? + "\n"))?;
    }
    if let Some(file) = &arguments.markdown {
        write(file, &table::markdown(&report, table::Detail::Spread))?;
    }
    if arguments.readme {
        readme::rewrite(&root().join("README.md"), &report)?;
    }
    let missed = floor::missed(&report);
    for line in &missed {
        eprintln!("missed: {line}");
    }
    if arguments.check && !missed.is_empty() {
        bail!("{} of the promises are not kept", missed.len());
    }
    Ok(())
}

/// Builds the guests and measures them, one after the other.
fn take(only: Option<&str>, quick: bool, plan: &Plan) -> Result<Report> {
    let mut guests = Vec::new();
    let built = Guest::build_all(&root().join("tests/components/echo"), only)?;
    let machine = machine::describe(&root())?;
    for guest in &built {
        guests.push(measure::measure(guest, quick).with_context(|| format!("failed to measure {}", guest.name))?);
    }
    Report::new(machine, plan, guests)
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
}

/// The checkout that this program was compiled in.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("host/bench is two folders down").to_owned()
}
