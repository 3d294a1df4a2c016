//! The measuring of one guest, in two processes of its own: what compiling leaves in a process would be taken for
//! memory that instances do not need.

use std::path::Path;
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use airssys_wasm::Component;
use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;

use crate::bare::Bare;
use crate::guest::Guest;
use crate::host::Host;
use crate::leaks;
use crate::memory::resident_bytes;
use crate::plan::{Plan, SIZES};
use crate::report::{Calls, Measured, Running};
use crate::summary::Summary;

/// The payload of calls that are about something else.
const SMALL: [u8; 16] = [0x5a; 16];

/// What one process measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// First loads.
    Compile,
    /// Everything else.
    Run,
}

impl FromStr for Part {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "compile" => Ok(Self::Compile),
            "run" => Ok(Self::Run),
            _ => bail!("{text} is no part of a measurement"),
        }
    }
}

/// Measures one guest.
///
/// # Errors
/// Fails when the guest or the host does.
pub fn measure(guest: &Guest, quick: bool) -> Result<Measured> {
    eprintln!("== measuring {}", guest.name);
    let cache = tempfile::tempdir().context("failed to make a folder for compiled components")?;
    let component_bytes = std::fs::metadata(&guest.component)?.len();
    let first_load_ms = in_another_process("compile", &guest.component, cache.path(), quick)?;
    let running = in_another_process("run", &guest.component, cache.path(), quick)?;
    Ok(Measured { guest: guest.name.clone(), component_bytes, first_load_ms, running })
}

fn in_another_process<T: DeserializeOwned>(part: &str, component: &Path, cache: &Path, quick: bool) -> Result<T> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--part", part]).arg(component).arg(cache).stderr(Stdio::inherit());
    if quick {
        command.arg("--quick");
    }
    let output = command.output().context("failed to start another process")?;
    if !output.status.success() {
        bail!("the part {part} ended with {}", output.status);
    }
    serde_json::from_slice(&output.stdout).context("another process gave no results")
}

/// Measures a part and prints the results as JSON.
///
/// # Errors
/// Fails when the guest or the host does.
pub fn in_this_process(part: Part, file: &Path, cache: &Path, plan: &Plan) -> Result<()> {
    let results = match part {
        Part::Compile => serde_json::to_string(&compile(file, cache, plan)?)?,
        Part::Run => serde_json::to_string(&run(file, cache, plan)?)?,
    };
    println!("{results}");
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// First loads, each with an empty folder of compiled components; the last one is `cache`, for the other part.
fn compile(file: &Path, cache: &Path, plan: &Plan) -> Result<Summary> {
    let mut times = Vec::new();
    for repetition in 1..=plan.compilations {
        let spare = tempfile::tempdir()?;
        let host = Host::new(if repetition == plan.compilations { cache } else { spare.path() })?;
        let started = Instant::now();
        let component = host.load(file)?;
        times.push(milliseconds(started.elapsed()));
        host.shut_down(component)?;
    }
    Ok(Summary::of(times))
}

fn run(file: &Path, cache: &Path, plan: &Plan) -> Result<Running> {
    // First, while this process is small.
    let (linear_memory_bytes, resident_memory_bytes) = memory(file, cache, plan)?;

    let mut starts = Vec::new();
    for _ in 0..plan.starts {
        let host = Host::new(cache)?;
        let started = Instant::now();
        let component = host.load(file)?;
        host.check(&component, &SMALL)?;
        starts.push(milliseconds(started.elapsed()));
        host.shut_down(component)?;
    }

    let host = Host::new(cache)?;
    let component = host.load(file)?;
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for number in 0..plan.instances {
        let (further, [made, initialised, answered]) = host.further_instance(&component, number)?;
        host.shut_down(further)?;
        times[0].push(milliseconds(made));
        times[1].push(milliseconds(initialised));
        times[2].push(milliseconds(answered - initialised));
    }
    let [instantiate, instantiate_and_init, first_call] = times.map(Summary::of);

    // Before anything is bare: nobody replaces a bare instance when it leaks.
    let leaks = leaks::check(&host, &component, plan.leak_calls)?;
    let mut bare = Bare::new(file).context("failed to make a bare instance")?;
    let mut calls = Vec::new();
    for size in SIZES {
        calls.push(rate(&host, &component, &mut bare, size, plan)?);
    }
    Ok(Running {
        start_from_cache_ms: Summary::of(starts),
        instantiate_ms: instantiate,
        instantiate_and_init_ms: instantiate_and_init,
        first_call_ms: first_call,
        calls,
        linear_memory_bytes,
        resident_memory_bytes,
        leaks,
    })
}

/// Linear memory of one instance, and what the process grows by for each further one.
fn memory(file: &Path, cache: &Path, plan: &Plan) -> Result<(u64, Summary)> {
    let mut linear = 0;
    let mut resident = Vec::new();
    for _ in 0..plan.memory {
        // In a new runtime, whose pool is untouched.
        let host = Host::new(cache)?;
        let component = host.load(file)?;
        host.check(&component, &SMALL)?;
        linear = component.stats().memory_bytes;
        let before = resident_bytes()?;
        let mut together = Vec::new();
        for number in 0..plan.instances_together {
            together.push(host.further_instance(&component, number)?.0);
        }
        let grown = resident_bytes()?.saturating_sub(before);
        resident.push(grown as f64 / together.len() as f64);
        for further in together {
            host.shut_down(further)?;
        }
        host.shut_down(component)?;
    }
    Ok((linear, Summary::of(resident)))
}

/// Calls per second of one size. The host and the bare engine take turns, so that both see the same machine.
fn rate(host: &Host, component: &Component, bare: &mut Bare, size: usize, plan: &Plan) -> Result<Calls> {
    let payload = Arc::new((0..size).map(|index| (index % 251) as u8).collect::<Vec<_>>());
    host.check(component, &payload)?;
    let ours = calls_in(plan.batch(), |calls| host.calls(component, &payload, calls))?;
    let outside = calls_in(plan.batch(), |calls| host.calls_from_outside(component, &payload, calls))?;
    let theirs = calls_in(plan.batch(), |calls| bare.calls(&payload, calls))?;
    let (mut per_second, mut from_outside, mut bare_per_second) = (Vec::new(), Vec::new(), Vec::new());
    let mut overhead = Vec::new();
    for _ in 0..plan.batches {
        let bare = theirs as f64 / bare.calls(&payload, theirs)?.as_secs_f64();
        let through = ours as f64 / host.calls(component, &payload, ours)?.as_secs_f64();
        let through_outside = host.calls_from_outside(component, &payload, outside)?;
        per_second.push(through);
        bare_per_second.push(bare);
        overhead.push(bare / through);
        from_outside.push(outside as f64 / through_outside.as_secs_f64());
    }
    Ok(Calls {
        bytes: size,
        per_second: Summary::of(per_second),
        per_second_from_outside: Summary::of(from_outside),
        bare_per_second: Summary::of(bare_per_second),
        overhead: Summary::of(overhead),
    })
}

/// How many calls fill the time, found by doubling; they warm up what is measured as well.
fn calls_in(time: Duration, mut batch: impl FnMut(usize) -> Result<Duration>) -> Result<usize> {
    let mut calls = 1;
    loop {
        let took = batch(calls)?;
        if took * 2 >= time {
            return Ok(calls);
        }
        calls *= 2;
    }
}
