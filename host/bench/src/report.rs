//! The report of a run: what is written as JSON, and read again for the README.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::comparison::{Comparison, Way};
use crate::family::Family;
use crate::machine::Machine;
use crate::plan::Plan;
use crate::results::Results;

/// The name and version of the format.
const SCHEMA: &str = "airssys-bench/2";

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
    /// What was measured.
    #[serde(flatten)]
    pub results: Results,
}

impl Report {
    /// A report of this moment.
    ///
    /// # Errors
    /// Fails when the clock cannot be asked.
    pub fn new(machine: Machine, plan: &Plan, results: Results) -> Result<Self> {
        let date = Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]).output().context("failed to run date")?;
        Ok(Self {
            schema: SCHEMA.to_owned(),
            date: String::from_utf8(date.stdout)?.trim().to_owned(),
            profile: if cfg!(debug_assertions) { "dev" } else { "release" }.to_owned(),
            machine,
            plan: plan.clone(),
            results,
        })
    }

    /// The comparisons of a family, in the order in which they were taken.
    pub fn of(&self, family: Family) -> impl Iterator<Item = &Comparison> {
        self.results.comparisons.iter().filter(move |comparison| comparison.family == family)
    }

    /// One way of calling a guest with a size.
    pub fn call(&self, guest: &str, size: &str, way: &str) -> Option<&Way> {
        let mut calls = self.of(Family::Calls);
        let comparison = calls.find(|comparison| comparison.subject == guest && comparison.what == size)?;
        comparison.ways.iter().find(|found| found.name == way)
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
    use crate::names::{ASYNCHRONOUS, SECURED};
    use crate::results::{Leaks, Loaded, Measured, Memory, Peaks, Starting, Verdict};
    use crate::summary::Summary;

    /// A report that keeps every promise.
    pub fn report() -> Report {
        let number = |median: f64| Summary::of(vec![median / 2.0, median, median * 1.5]);
        let calls = |size: &str, cost: f64| {
            let mut comparison = crate::comparison::tests::comparison(Family::Calls, "rust", size, cost);
            comparison.ways[0].name = SECURED.to_owned();
            comparison.ways[1].name = ASYNCHRONOUS.to_owned();
            comparison.ways[2].name = "Extism".to_owned();
            comparison
        };
        let half = Peaks { linear_bytes: 2 << 20, resident_bytes: 80 << 20 };
        let starting = Starting {
            start_from_cache_ms: number(4.5),
            instantiate_ms: number(0.5),
            instantiate_and_init_ms: number(0.625),
            first_call_ms: number(0.03),
        };
        let leaks = Leaks {
            calls: 100_000,
            failed: 0,
            recycled: 3,
            first_half: half,
            second_half: half,
            verdict: Verdict::Bounded,
        };
        let memory = Memory { linear_memory_bytes: 2 << 20, resident_memory_bytes: number(700_000.0), leaks };
        let loaded = Loaded {
            asked: 10_000,
            loaded: 8_000,
            stopped_by: Some("there is no room".to_owned()),
            each_ms: number(0.2),
            each_bytes: 40_000.0,
        };
        let guest = Measured {
            guest: "rust".to_owned(),
            component_bytes: 73 << 10,
            first_load_ms: Some(number(1_234.0)),
            starting: Some(starting),
            memory: Some(memory),
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
                peers: [("extism".to_owned(), "1.30.0".to_owned())].into(),
            },
            plan: Plan::FULL,
            results: Results {
                guests: vec![guest],
                loaded: vec![loaded],
                comparisons: vec![calls("16 B", 20_000.0), calls("64 KiB", 105_000.0)],
            },
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("results.json");
        std::fs::write(&file, serde_json::to_string(&report()).unwrap()).unwrap();
        assert_eq!(Report::read(&file).unwrap(), report());
        let other = Report { schema: "airssys-bench/3".to_owned(), ..report() };
        std::fs::write(&file, serde_json::to_string(&other).unwrap()).unwrap();
        assert!(Report::read(&file).unwrap_err().to_string().contains("this program reads airssys-bench/2"));
    }
}
