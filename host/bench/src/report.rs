//! The results: what is written as JSON, and read again for the README.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::leaks::Leaks;
use crate::machine::Machine;
use crate::plan::Plan;
use crate::summary::Summary;

/// The name and version of the format.
const SCHEMA: &str = "airssys-bench/1";

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The format of this document.
    pub schema: String,
    /// When it was taken: UTC, as in RFC 3339.
    pub date: String,
    /// How the host was compiled: `dev` or `release`.
    pub profile: String,
    /// Where it was taken.
    pub machine: Machine,
    /// How often everything was measured.
    pub plan: Plan,
    /// One for each language, and for each engine of a language.
    pub guests: Vec<Measured>,
}

/// What one guest costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The language, and the engine where it is not the default one.
    pub guest: String,
    /// Size of the component.
    pub component_bytes: u64,
    /// The first load: compiling, and keeping the result on the disk.
    pub first_load_ms: Summary,
    /// What is measured in a process that compiles nothing for the host.
    #[serde(flatten)]
    pub running: Running,
}

/// What one guest costs once its compiled code is on the disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Running {
    /// A load in a new runtime, with the compiled code on the disk, until the first answer.
    pub start_from_cache_ms: Summary,
    /// A further instance of a component that is loaded already; it has said what it is, and `init` is not called.
    pub instantiate_ms: Summary,
    /// The same and `init`.
    pub instantiate_and_init_ms: Summary,
    /// The first call of such an instance.
    pub first_call_ms: Summary,
    /// Calls one after the other, for each size.
    pub calls: Vec<Calls>,
    /// Linear memory of an instance that has answered one call.
    pub linear_memory_bytes: u64,
    /// What the host process grows by for each further instance.
    pub resident_memory_bytes: Summary,
    /// What many calls leave behind.
    pub leaks: Leaks,
}

/// Calls of one size: the payload goes in and comes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calls {
    /// The payload.
    pub bytes: usize,
    /// `Component::call` from a task of the host's Tokio runtime.
    pub per_second: Summary,
    /// `Component::call` from a thread that is not one of Tokio's, as in `#[tokio::main]`.
    pub per_second_from_outside: Summary,
    /// A typed call with nothing of the host around it: no limits, no interruption, no queue.
    pub bare_per_second: Summary,
    /// How many times as long a call takes through the host: of batches taken in turns.
    pub overhead: Summary,
}

impl Report {
    /// A report of this moment.
    ///
    /// # Errors
    /// Fails when the clock cannot be asked.
    pub fn new(machine: Machine, plan: &Plan, guests: Vec<Measured>) -> Result<Self> {
        let date = Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]).output().context("failed to run date")?;
        Ok(Self {
            schema: SCHEMA.to_owned(),
            date: String::from_utf8(date.stdout)?.trim().to_owned(),
            profile: if cfg!(debug_assertions) { "dev" } else { "release" }.to_owned(),
            machine,
            plan: plan.clone(),
            guests,
        })
    }

    /// Reads what an earlier run has written.
    ///
    /// # Errors
    /// Fails when it is not there, or not of this format.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
        let report: Self =
            serde_json::from_str(&text).with_context(|| format!("{} holds no results", file.display()))?;
        if report.schema != SCHEMA {
            bail!("{} is {}, this program reads {SCHEMA}", file.display(), report.schema);
        }
        Ok(report)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::leaks::{Peaks, Verdict};

    /// A report that keeps every promise.
    pub fn report() -> Report {
        let number = |median: f64| Summary::of(vec![median / 2.0, median, median * 1.5]);
        let calls = |bytes, rate| Calls {
            bytes,
            per_second: number(rate),
            per_second_from_outside: number(rate / 2.0),
            bare_per_second: number(rate * 2.0),
            overhead: number(2.0),
        };
        let half = Peaks { linear_bytes: 2 << 20, resident_bytes: 80 << 20 };
        let running = Running {
            start_from_cache_ms: number(4.5),
            instantiate_ms: number(0.5),
            instantiate_and_init_ms: number(0.625),
            first_call_ms: number(0.03),
            calls: vec![calls(16, 50_000.0), calls(64 << 10, 9_500.0)],
            linear_memory_bytes: 2 << 20,
            resident_memory_bytes: number(700_000.0),
            leaks: Leaks {
                calls: 100_000,
                failed: 0,
                recycled: 3,
                first_half: half,
                second_half: half,
                verdict: Verdict::Bounded,
            },
        };
        Report {
            schema: SCHEMA.to_owned(),
            date: "2026-01-02T03:04:05Z".to_owned(),
            profile: "dev".to_owned(),
            machine: Machine {
                cores: 2,
                memory_bytes: 24 << 30,
                cpu: "A Processor".to_owned(),
                kernel: "Linux 6.1.0".to_owned(),
                load: 0.25,
                rustc: "rustc 1.95.0 (abcdef 2026-01-01)".to_owned(),
                wasmtime: "48.0.8".to_owned(),
                toolchains: [("go".to_owned(), "1.26.6".to_owned())].into(),
            },
            plan: Plan::FULL,
            guests: vec![Measured {
                guest: "rust".to_owned(),
                component_bytes: 73 << 10,
                first_load_ms: number(1_234.0),
                running,
            }],
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("results.json");
        std::fs::write(&file, serde_json::to_string(&report()).unwrap()).unwrap();
        assert_eq!(Report::read(&file).unwrap(), report());
        let other = Report { schema: "airssys-bench/2".to_owned(), ..report() };
        std::fs::write(&file, serde_json::to_string(&other).unwrap()).unwrap();
        assert!(Report::read(&file).unwrap_err().to_string().contains("this program reads airssys-bench/1"));
    }
}
