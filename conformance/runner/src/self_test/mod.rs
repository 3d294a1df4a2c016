//! The suite tried on mutants: guests and hosts that are wrong in one way each. One that no case fails is a gap of the
//! suite.

mod guests;
mod hosts;
mod mutant;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use airssys_wasm_toolchain::{BuildRequest, Cache, Event, Progress};
use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::expect::star_matches;
use crate::join::join_all;
use crate::report::{Cell, Outcome, Report};
use crate::suite::milliseconds;
use crate::{RunOptions, Suite};

pub use mutant::{Mutant, Side};

/// The schema of a [`SelfTest`] as JSON.
pub const SCHEMA: &str = "airssys-conformance-self-test/1";
/// Mutants tried at a time, each on one host: most of their time is waiting.
const AT_ONCE: usize = 8;
/// The SDK whose driver the mutated guests are made of.
const SDK: &str = "rust";

/// Every mutant, those of the guest first.
pub fn mutants() -> impl Iterator<Item = Mutant> {
    guests::MUTANTS.iter().chain(hosts::MUTANTS).copied()
}

/// What to try, and how.
#[derive(Debug, Clone, Default)]
pub struct SelfTestOptions {
    /// Only mutants whose names match, `*` for any text.
    pub mutant: Option<String>,
    /// Where the random values come from.
    pub seed: u64,
    /// The guest that lies when it is told to; built from the checkout when `None`.
    pub mutant_guest: Option<PathBuf>,
}

/// What the cases said about a mutant.
#[derive(Debug, Serialize)]
pub struct Tried {
    /// The mutant.
    #[serde(flatten)]
    pub mutant: Mutant,
    /// The first case that fails, and passes without the mutation; none if the mutant has survived.
    pub killed_by: Option<Killer>,
    /// How many cases fail that pass without the mutation.
    pub failed: usize,
    /// How many were run.
    pub cases: usize,
    /// Cases that say neither that it is right nor that it is wrong: the harness failed, or the guest lacks an operation.
    pub undecided: Vec<String>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

/// A case that fails as it should.
#[derive(Debug, Serialize)]
pub struct Killer {
    /// The operation's full name.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// Expected and got.
    pub difference: String,
}

/// What trying the mutants came to.
#[derive(Debug, Serialize)]
pub struct SelfTest {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// Where the random values came from.
    pub seed: u64,
    /// Cases that were run on a guest and a host without a mutation: all that a mutant is tried with.
    pub unmutated_cases: usize,
    /// Those of them that do not pass, with their differences.
    pub unmutated_failures: Vec<String>,
    /// How many mutants are killed.
    pub killed: usize,
    /// Every mutant that was tried.
    pub mutants: Vec<Tried>,
    /// How long all took, building the guest included.
    pub milliseconds: u64,
}

impl Tried {
    /// Whether a case fails, and nothing went wrong besides.
    pub fn is_killed(&self) -> bool {
        self.killed_by.is_some() && self.undecided.is_empty()
    }

    fn of(mutant: Mutant, report: &Report, unmutated: &Report) -> Self {
        let sound = |cell: &Cell| {
            let same = |other: &&Cell| (&other.operation, &other.case) == (&cell.operation, &cell.case);
            unmutated.cells.iter().find(same).is_some_and(|other| other.outcome == Outcome::Pass)
        };
        let failed = |cell: &&Cell| cell.outcome == Outcome::Fail && sound(cell);
        let undecided = |cell: &&Cell| matches!(cell.outcome, Outcome::HarnessError | Outcome::Missing);
        let killer = |cell: &Cell| Killer {
            operation: cell.operation.clone(),
            case: cell.case.clone(),
            difference: cell.detail.as_ref().map(|detail| detail.difference.clone()).unwrap_or_default(),
        };
        Self {
            mutant,
            killed_by: report.cells.iter().find(failed).map(killer),
            failed: report.cells.iter().filter(failed).count(),
            cases: report.cells.len(),
            undecided: report.cells.iter().filter(undecided).map(sentence).collect(),
            milliseconds: report.times.milliseconds,
        }
    }

    /// One line.
    pub fn human(&self) -> String {
        let Self { mutant: Mutant { name, operations, wrong, .. }, failed, cases, .. } = self;
        match &self.killed_by {
            _ if !self.undecided.is_empty() => format!("UNDECIDED {name}: {}", self.undecided.join("; ")),
            Some(Killer { operation, case, .. }) => {
                format!("killed {name} by {operation} {case} ({failed} of {cases} cases)")
            }
            None => format!("SURVIVED {name}: {wrong} (none of {cases} cases of {operations})"),
        }
    }
}

impl SelfTest {
    /// Whether every mutant is killed, and what has no mutation passes.
    pub fn is_green(&self) -> bool {
        self.killed == self.mutants.len() && self.unmutated_failures.is_empty()
    }

    /// One line a mutant, and the count.
    pub fn human(&self) -> String {
        let mut text = String::new();
        for failure in &self.unmutated_failures {
            let _ = writeln!(text, "UNMUTATED {failure}");
        }
        for tried in &self.mutants {
            let _ = writeln!(text, "{}", tried.human());
        }
        let (cases, failures) = (self.unmutated_cases, self.unmutated_failures.len());
        let _ = writeln!(text, "passed {}/{cases} cases without a mutation, seed {}", cases - failures, self.seed);
        let _ = writeln!(text, "killed {}/{}", self.killed, self.mutants.len());
        text
    }
}

impl Suite {
    /// Runs the cases on guest and host as they are, then on each mutant those that must notice.
    ///
    /// # Errors
    /// No mutant matches, the guest does not build, or a host does not start; a mutant that survives is no error.
    pub async fn test_itself(
        &self,
        options: &SelfTestOptions,
        cache: &Cache,
        progress: &dyn Progress,
    ) -> Result<SelfTest> {
        let began = Instant::now();
        let chosen = |mutant: &Mutant| options.mutant.as_deref().is_none_or(|glob| star_matches(glob, mutant.name));
        let mutants: Vec<Mutant> = mutants().filter(chosen).collect();
        if mutants.is_empty() {
            bail!("no mutant matches; `airssys-wasm conformance self-test --mutant '*'` tries all");
        }
        let mutant_guest = match &options.mutant_guest {
            Some(file) => file.clone(),
            None => build_mutant_guest(&self.root, cache, progress)?,
        };
        let run_options = RunOptions {
            sdks: vec![SDK.to_owned()],
            seed: options.seed,
            components: [(SDK.to_owned(), mutant_guest)].into(),
            ..RunOptions::default()
        };
        progress.report(Event::Step("the cases without a mutation"));
        let operations: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.operations).collect();
        let operations = operations.into_iter().collect::<Vec<_>>().join(",");
        let unmutated =
            self.run(&RunOptions { operation: Some(operations), ..run_options.clone() }, cache, progress).await?;
        let tried = self.try_all(&mutants, &run_options, &unmutated, cache, progress).await?;
        Ok(SelfTest {
            schema: SCHEMA,
            seed: options.seed,
            unmutated_cases: unmutated.cells.len(),
            unmutated_failures: unmutated.cells.iter().filter(|cell| !cell.outcome.is_green()).map(sentence).collect(),
            killed: tried.iter().filter(|tried| tried.is_killed()).count(),
            mutants: tried,
            milliseconds: milliseconds(began.elapsed()),
        })
    }

    async fn try_all(
        &self,
        mutants: &[Mutant],
        options: &RunOptions,
        unmutated: &Report,
        cache: &Cache,
        progress: &dyn Progress,
    ) -> Result<Vec<Tried>> {
        let queue = Mutex::new(mutants.iter().enumerate());
        let worker = || async {
            let mut tried = Vec::new();
            loop {
                let Some((place, mutant)) = queue.lock().expect("no panic while queueing").next() else { break };
                progress.report(Event::Step(&format!("{} ({} of {})", mutant.name, place + 1, mutants.len())));
                let lie = (mutant.side == Side::Guest).then(|| ("LIE".to_owned(), mutant.name.to_owned()));
                let options = RunOptions {
                    operation: Some(mutant.operations.to_owned()),
                    environment: lie.into_iter().collect(),
                    flaw: mutant.flaw,
                    jobs: Some(1),
                    ..options.clone()
                };
                let report = self.run(&options, cache, &airssys_wasm_toolchain::Silent).await;
                let report = report.with_context(|| format!("failed to try {}", mutant.name))?;
                tried.push((place, Tried::of(*mutant, &report, unmutated)));
            }
            Ok(tried)
        };
        let done: Result<Vec<Vec<_>>> = join_all((0..AT_ONCE).map(|_| worker()).collect()).await.into_iter().collect();
        let mut tried: Vec<_> = done?.into_iter().flatten().collect();
        tried.sort_by_key(|(place, _)| *place);
        Ok(tried.into_iter().map(|(_, tried)| tried).collect())
    }
}

/// Builds the guest that lies when it is told to, and returns its file.
///
/// # Errors
/// Fails as the toolchain does.
pub fn build_mutant_guest(root: &Path, cache: &Cache, progress: &dyn Progress) -> Result<PathBuf> {
    let request = BuildRequest::new(root.join("tests/components/mutant-guest/Component.toml"));
    let built =
        airssys_wasm_toolchain::build(&request, cache, progress).context("failed to build the guest that lies")?;
    Ok(built.component)
}

fn sentence(cell: &Cell) -> String {
    let difference = cell.detail.as_ref().map(|detail| detail.difference.as_str()).unwrap_or_default();
    format!("{} {} {}: {difference}", cell.outcome.name(), cell.operation, cell.case)
}
