//! Calls while many components are loaded.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use airssys_wasm::{Component, RuntimeConfig};
use anyhow::{Result, bail};

use crate::comparison::{Batch, Comparison, in_turns};
use crate::family::Family;
use crate::host::Host;
use crate::numbers::grouped;
use crate::plan::{LOADED, Plan};
use crate::process::Served;
use crate::resident::resident_bytes;
use crate::results::Loaded;
use crate::summary::Summary;
use crate::task::{Code, Task};

/// Many components of one runtime.
pub struct Many {
    host: Host,
    components: Arc<Vec<Component>>,
    /// The one that is called next.
    next: AtomicUsize,
    facts: Loaded,
}

impl Many {
    /// Loads as many as there shall be, or as there is room for.
    ///
    /// # Errors
    /// Fails when not even the first one can be loaded.
    pub fn load(code: &Code, count: usize) -> Result<Self> {
        let (host, room, mut stopped_by) = Self::host(code, count)?;
        let before = resident_bytes()?;
        let started = Instant::now();
        let mut components = vec![host.load(&code.component)?];
        let mut times = vec![started.elapsed().as_secs_f64() * 1e3];
        while components.len() < room {
            match host.further_instance(&components[0], components.len()) {
                Ok((further, [_, _, answered])) => {
                    components.push(further);
                    times.push(answered.as_secs_f64() * 1e3);
                }
                Err(error) => {
                    stopped_by = Some(format!("{error:#}"));
                    break;
                }
            }
        }
        let grown = resident_bytes()?.saturating_sub(before);
        let facts = Loaded {
            asked: count,
            loaded: components.len(),
            stopped_by,
            each_ms: Summary::of(times),
            each_bytes: grown as f64 / components.len() as f64,
        };
        Ok(Self { host, components: Arc::new(components), next: AtomicUsize::new(0), facts })
    }

    /// A host with room for so many instances, or for as many as one can have here, and why there is no room for more.
    fn host(code: &Code, count: usize) -> Result<(Host, usize, Option<String>)> {
        let (mut room, mut refused) = (count, None);
        loop {
            let mut config = RuntimeConfig::default();
            config.max_instances = u32::try_from(room)?;
            match Host::with_config(&code.cache, config) {
                Ok(host) => return Ok((host, room, refused)),
                Err(error) if room > 1 => {
                    refused.get_or_insert(format!("{error:#}"));
                    room = room * 9 / 10;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What it came to.
    pub fn facts(&self) -> Loaded {
        self.facts.clone()
    }

    /// Calls each in turn, and goes on where the calls before have ended.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls(&self, bytes: usize, calls: usize) -> Result<Duration> {
        let payload = Arc::new(vec![0x5a; bytes]);
        let first = self.next.fetch_add(calls, Ordering::Relaxed);
        self.host.calls_in_turn(&self.components, first, &payload, calls)
    }
}

/// Measures processes with few and with many components, in turns.
///
/// # Errors
/// Fails when a process does.
pub fn measure(component: &Path, cache: &Path, plan: &Plan, quick: bool) -> Result<(Vec<Loaded>, Comparison)> {
    let mut served = Vec::new();
    let mut facts = Vec::new();
    for count in LOADED {
        let code = Code { component: component.to_owned(), cache: cache.to_owned() };
        let (process, loaded) = Served::own::<Loaded>(&Task::Loaded { code, count }, quick, None)?;
        if loaded.loaded == 0 {
            bail!("no component was loaded");
        }
        served.push((format!("{} loaded", grouped(loaded.loaded as u64)), process));
        facts.push(loaded);
    }
    let ways = served.iter_mut().map(|(name, process)| {
        let batch: Batch<'_> = Box::new(|calls| process.calls(16, calls));
        (name.clone(), Ok(batch))
    });
    let ways = in_turns(ways.collect(), plan)?;
    let comparison = Comparison { family: Family::Loaded, subject: "rust".to_owned(), what: "16 B".to_owned(), ways };
    Ok((facts, comparison))
}
