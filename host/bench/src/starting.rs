//! Loads and instances.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::comparison::{Batch, Comparison, in_turns};
use crate::family::Family;
use crate::host::{Host, SMALL};
use crate::plan::Plan;
use crate::process::Served;
use crate::results::Starting;
use crate::summary::Summary;
use crate::task::{Beside, Code};

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// First loads, each with an empty folder of compiled components; the last one is the code's, for what comes next.
///
/// # Errors
/// Fails when the guest or the host does.
pub fn compile(code: &Code, plan: &Plan) -> Result<Summary> {
    let mut times = Vec::new();
    for repetition in 1..=plan.compilations {
        let spare = tempfile::tempdir()?;
        let host = Host::new(if repetition == plan.compilations { &code.cache } else { spare.path() })?;
        let started = Instant::now();
        let component = host.load(&code.component)?;
        times.push(milliseconds(started.elapsed()));
        host.shut_down(component)?;
    }
    Ok(Summary::of(times))
}

/// Everything that compiles nothing.
///
/// # Errors
/// Fails when the guest or the host does.
pub fn start(code: &Code, plan: &Plan) -> Result<Starting> {
    let mut starts = Vec::new();
    for _ in 0..plan.starts {
        let host = Host::new(&code.cache)?;
        let started = Instant::now();
        let component = host.load(&code.component)?;
        host.check(&component, &SMALL)?;
        starts.push(milliseconds(started.elapsed()));
        host.shut_down(component)?;
    }

    let host = Host::new(&code.cache)?;
    let component = host.load(&code.component)?;
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for number in 0..plan.instances {
        let (further, [made, initialised, answered]) = host.further_instance(&component, number)?;
        host.shut_down(further)?;
        times[0].push(milliseconds(made));
        times[1].push(milliseconds(initialised));
        times[2].push(milliseconds(answered - initialised));
    }
    let [instantiate_ms, instantiate_and_init_ms, first_call_ms] = times.map(Summary::of);
    Ok(Starting { start_from_cache_ms: Summary::of(starts), instantiate_ms, instantiate_and_init_ms, first_call_ms })
}

/// Further instances beside those of another runtime, both until the first answer: what is put off until then counts too.
///
/// # Errors
/// Fails when the guest or the host does, or what is beside it.
pub fn beside(code: &Code, beside: &Beside, plan: &Plan) -> Result<Comparison> {
    let host = Host::new(&code.cache)?;
    let component = host.load(&code.component)?;
    let mut number = 0;
    let mut other = match &beside.program {
        Ok(program) => Ok(Served::peer(program)?),
        Err(reason) => Err(reason.clone()),
    };
    let ours = |instances: usize| {
        let mut took = Duration::ZERO;
        for _ in 0..instances {
            number += 1;
            let (further, [_, _, answered]) = host.further_instance(&component, number)?;
            host.shut_down(further)?;
            took += answered;
        }
        Ok(took)
    };
    let theirs = other.as_mut().map_err(|reason| reason.clone());
    let theirs = theirs.map(|other| -> Batch<'_> { Box::new(|count| other.instances(count)) });
    let ways = vec![("airssys-wasm".to_owned(), Ok(Box::new(ours) as _)), (beside.name.clone(), theirs)];
    let ways = in_turns(ways, plan)?;
    host.shut_down(component)?;
    Ok(Comparison {
        family: Family::Starting,
        subject: String::new(),
        what: "instance, `init` and first call".to_owned(),
        ways,
    })
}
