//! `cargo dev bench`: what a component costs in each language, on this machine. Never published.
//!
//! The one place where time is measured. What matters most is a ratio: a call through the public API of the host against
//! another way to the same, measured in turns. Every number is a median of repetitions, with its spread.

mod bare;
mod calls;
mod chart;
mod comparison;
mod counts;
mod docs;
mod family;
mod floor;
mod guest;
mod host;
mod leaks;
mod loaded;
mod machine;
mod memory;
mod names;
mod numbers;
mod operations;
mod peers;
mod permission;
mod plan;
mod process;
mod replicas;
mod report;
mod resident;
mod results;
mod run_task;
mod starting;
mod subprocess;
mod summary;
mod table;
mod task;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;

use crate::family::Family;
use crate::guest::Guest;
use crate::peers::Peers;
use crate::plan::Plan;
use crate::report::Report;
use crate::results::{Measured, Results};
use crate::task::{Code, Task};

/// Measures what components cost in each language and prints tables.
#[derive(Debug, Parser)]
#[command(name = "cargo dev bench", bin_name = "cargo dev bench")]
struct Arguments {
    /// Only these families of measurements, with commas or several times; all of them if there is none.
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    part: Vec<Family>,
    /// Only this column: rust, go, js, js@quickjs, python or c. Then only families that have languages, unless others are named.
    #[arg(long, value_name = "LANGUAGE")]
    only: Option<String>,
    /// Few repetitions: for trying things out, not for numbers to quote.
    #[arg(long)]
    quick: bool,
    /// Measure nothing beside the host that has to be built for it: Extism and the dynamic library.
    #[arg(long)]
    without_peers: bool,
    /// Take the results of this file instead of measuring.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["part", "only", "quick", "without_peers"])]
    from: Option<PathBuf>,
    /// Write the results as JSON.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the tables as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Write the table into README.md, between its markers, and docs/bench with all tables and pictures.
    #[arg(long)]
    docs: bool,
    /// Fail when a language is slower than the host promises, or leaks.
    #[arg(long)]
    check: bool,
    /// Count instructions under valgrind instead of measuring time.
    #[arg(long, value_name = "ACTION", conflicts_with_all = ["part", "only", "quick", "from", "output", "markdown", "docs", "check"])]
    counts: Option<counts::Action>,
    /// Do one task in this process, as JSON; how the program calls itself.
    #[arg(long, hide = true, value_name = "TASK")]
    task: Option<String>,
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
    if let Some(task) = &arguments.task {
        let task: Task = serde_json::from_str(task).with_context(|| format!("{task} is no task"))?;
        return run_task::run(&task, &plan);
    }
    if let Some(action) = arguments.counts {
        return counts::run(&root(), action);
    }
    let families = families(arguments);
    if arguments.check && arguments.from.is_none() {
        for promised in [Family::Calls, Family::Starting, Family::Memory] {
            if !families.contains(&promised) {
                bail!("--check takes the family {}", promised.name());
            }
        }
    }
    let report = match &arguments.from {
        Some(file) => Report::read(file)?,
        None => take(arguments, &families, &plan)?,
    };
    print!("{}", table::markdown(&report, table::Detail::Spread));
    if let Some(file) = &arguments.output {
        write(file, &(serde_json::to_string_pretty(&report)? + "\n"))?;
    }
    if let Some(file) = &arguments.markdown {
        write(file, &table::markdown(&report, table::Detail::Spread))?;
    }
    if arguments.docs {
        docs::write(&root(), &report)?;
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

/// What is measured.
fn families(arguments: &Arguments) -> Vec<Family> {
    match (arguments.part.as_slice(), &arguments.only) {
        ([], None) => Family::ALL.to_vec(),
        ([], Some(_)) => vec![Family::Calls, Family::Starting, Family::Memory],
        (parts, _) => parts.to_vec(),
    }
}

/// Builds what is measured, and measures it, one after the other.
fn take(arguments: &Arguments, families: &[Family], plan: &Plan) -> Result<Report> {
    let (quick, wanted) = (arguments.quick, |family: Family| families.contains(&family));
    let (root, echoes) = (root(), root().join("tests/components/echo"));
    let languages = wanted(Family::Calls) || wanted(Family::Starting) || wanted(Family::Memory);
    let guests = if languages { Guest::build_all(&echoes, arguments.only.as_deref())? } else { Vec::new() };
    let echo = if wanted(Family::Replicas) || wanted(Family::Loaded) {
        Some(Guest::in_rust(&echoes.join("rust"))?)
    } else {
        None
    };
    let operations = if wanted(Family::Operations) {
        Some(Guest::in_rust(&root.join("tests/components/operations/rust"))?)
    } else {
        None
    };
    let beside = !arguments.without_peers && (wanted(Family::Calls) || wanted(Family::Starting));
    let peers = if beside { Peers::build(&root)? } else { Peers::left_out() };

    let machine = machine::describe(&root)?;
    let mut results = Results::default();
    for guest in &guests {
        eprintln!("== measuring {}", guest.name);
        language(&mut results, guest, &peers, families, quick)
            .with_context(|| format!("failed to measure {}", guest.name))?;
    }
    let cache = tempfile::tempdir().context("failed to make a folder for compiled components")?;
    if let Some(echo) = &echo {
        if wanted(Family::Replicas) {
            eprintln!("== measuring replicas");
            results.comparisons.extend(replicas::measure(&echo.component, cache.path(), plan, quick)?);
        }
        if wanted(Family::Loaded) {
            eprintln!("== measuring many components");
            let (loaded, comparison) = loaded::measure(&echo.component, cache.path(), plan, quick)?;
            results.loaded = loaded;
            results.comparisons.push(comparison);
        }
    }
    if let Some(operations) = operations {
        eprintln!("== measuring operations");
        let code = Code { component: operations.component, cache: cache.path().to_owned() };
        results.comparisons.extend(process::run::<Vec<_>>(&Task::Operations(code), quick)?);
    }
    if wanted(Family::Permission) {
        eprintln!("== measuring decisions");
        results.comparisons.extend(process::run::<Vec<_>>(&Task::Permission, quick)?);
    }
    Report::new(machine, plan, results)
}

/// Measures one guest.
fn language(results: &mut Results, guest: &Guest, peers: &Peers, families: &[Family], quick: bool) -> Result<()> {
    let cache = tempfile::tempdir().context("failed to make a folder for compiled components")?;
    let code = Code { component: guest.component.clone(), cache: cache.path().to_owned() };
    let component_bytes = std::fs::metadata(&guest.component)?.len();
    let guest = guest.name.clone();
    let mut measured = Measured { guest, component_bytes, first_load_ms: None, starting: None, memory: None };
    let mut comparisons: Vec<comparison::Comparison> = Vec::new();
    // In any case: nothing else shall compile in its own process.
    let first_load = process::run(&Task::Compile(code.clone()), quick)?;
    if families.contains(&Family::Starting) {
        measured.first_load_ms = Some(first_load);
        measured.starting = Some(process::run(&Task::Starting(code.clone()), quick)?);
        let beside = peers.extism(&measured.guest);
        comparisons.push(process::run(&Task::Instances { code: code.clone(), beside }, quick)?);
    }
    if families.contains(&Family::Memory) {
        measured.memory = Some(process::run(&Task::Memory(code.clone()), quick)?);
    }
    if families.contains(&Family::Calls) {
        let beside = peers.of_calls(&measured.guest);
        comparisons.extend(process::run::<Vec<_>>(&Task::Calls { code, beside }, quick)?);
    }
    for mut comparison in comparisons {
        comparison.subject.clone_from(&measured.guest);
        results.comparisons.push(comparison);
    }
    results.guests.push(measured);
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
}

/// The checkout that this program was compiled in.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("host/bench is two folders down").to_owned()
}
