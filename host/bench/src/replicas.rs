//! Calls of several callers at once, by replicas and cores.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use airssys_wasm::Component;
use anyhow::Result;

use crate::bare::Several;
use crate::comparison::{Batch, Comparison, in_turns};
use crate::family::Family;
use crate::host::Host;
use crate::numbers::bytes;
use crate::plan::{CALLERS, CORES, Plan, REPLICAS, SIZES};
use crate::process::Served;
use crate::task::{Code, Task};

/// A component with replicas, in a process of its own.
pub struct Replicated {
    host: Host,
    component: Component,
}

impl Replicated {
    /// Loads it.
    ///
    /// # Errors
    /// Fails when there can be no such component.
    pub fn load(code: &Code, replicas: usize) -> Result<Self> {
        let host = Host::new(&code.cache)?;
        let component = host.replicas(&code.component, replicas)?;
        Ok(Self { host, component })
    }

    /// So many calls of all callers together.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls(&self, bytes: usize, calls: usize) -> Result<Duration> {
        self.host.calls_of(&self.component, &Arc::new(vec![0x5a; bytes]), CALLERS, calls)
    }
}

/// Instances of the engine alone, in a process of their own: what there is to be had.
pub struct Instances {
    host: Host,
    instances: Several,
}

impl Instances {
    /// Compiles the component.
    ///
    /// # Errors
    /// Fails as the engine does.
    pub fn load(code: &Code, instances: usize) -> Result<Self> {
        Ok(Self { host: Host::new(&code.cache)?, instances: Several::new(&code.component, instances)? })
    }

    /// So many calls, the same number of each at once.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls(&mut self, bytes: usize, calls: usize) -> Result<Duration> {
        self.instances.calls(&self.host, &Arc::new(vec![0x5a; bytes]), calls)
    }
}

/// Measures processes on few and on many cores with few and with many replicas, in turns.
///
/// # Errors
/// Fails when a process does.
pub fn measure(component: &Path, cache: &Path, plan: &Plan, quick: bool) -> Result<Vec<Comparison>> {
    let code = || Code { component: component.to_owned(), cache: cache.to_owned() };
    let mut ways = Vec::new();
    for cores in CORES {
        for replicas in REPLICAS {
            ways.push((counted(replicas, "replica"), cores, Task::Replicas { code: code(), replicas }));
        }
    }
    for cores in CORES {
        let name = format!("engine alone, {}", counted(cores, "instance"));
        ways.push((name, cores, Task::Engine { code: code(), instances: cores }));
    }
    let here = std::thread::available_parallelism()?.get();
    let mut served = Vec::new();
    for (name, cores, task) in ways {
        let process = match cores <= here {
            true => Ok(Served::own::<()>(&task, quick, Some(cores))?.0),
            false => Err(format!("this machine has no {cores} cores")),
        };
        served.push((format!("{name}, {}", counted(cores, "core")), process));
    }
    let mut comparisons = Vec::new();
    for size in SIZES {
        let ways = served.iter_mut().map(|(name, process)| {
            let process = process.as_mut().map_err(|reason| reason.clone());
            let batch = process.map(|process| -> Batch<'_> { Box::new(move |calls| process.calls(size, calls)) });
            (name.clone(), batch)
        });
        let ways = in_turns(ways.collect(), plan)?;
        let (subject, what) = ("rust".to_owned(), bytes(size as f64));
        comparisons.push(Comparison { family: Family::Replicas, subject, what, ways });
    }
    Ok(comparisons)
}

fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
