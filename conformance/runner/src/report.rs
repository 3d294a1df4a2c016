//! What a run came to: JSON for programs, a matrix for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use crate::case::Kind;

/// Name and version of the JSON form.
pub const SCHEMA: &str = "airssys-conformance/1";

/// What one case on one SDK came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All as the case says.
    Pass,
    /// Something else happened.
    Fail,
    /// It fails, as the SDK's expectations say.
    ExpectedFailure,
    /// It passes, though the SDK's expectations say that it cannot. A failure.
    UnexpectedPass,
    /// There is no driver, no export or no case. A failure.
    Missing,
    /// The suite or the machine failed. A failure.
    HarnessError,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] =
        [Self::Pass, Self::Fail, Self::ExpectedFailure, Self::UnexpectedPass, Self::Missing, Self::HarnessError];

    /// Whether a run with it is green.
    pub fn is_green(self) -> bool {
        matches!(self, Self::Pass | Self::ExpectedFailure)
    }

    /// Its name in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::ExpectedFailure => "expected-failure",
            Self::UnexpectedPass => "unexpected-pass",
            Self::Missing => "missing",
            Self::HarnessError => "harness-error",
        }
    }
}

/// What a person needs to understand a failing case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Where in the case.
    pub place: String,
    /// The step as it stands in the case.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub arguments: String,
    /// Expected and got.
    pub difference: String,
    /// The host's last decisions, newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<String>,
    /// The guest's last log messages, newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// Why it is expected, for an expected failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The command that runs this case again.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub repeat: String,
}

impl Failure {
    /// A failure with the least that can be said.
    pub fn new(place: &str, difference: String) -> Self {
        Self { place: place.to_owned(), difference, ..Self::default() }
    }

    /// Rewrites every text that tells what happened.
    pub fn mask(&mut self, masked: impl Fn(&str) -> String) {
        for text in [&mut self.difference].into_iter().chain(&mut self.decisions).chain(&mut self.log) {
            *text = masked(text);
        }
    }
}

/// One case on one SDK.
#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    /// `rust`, `go`, `js`, `python` or `c`, a second engine as a variant such as `js@quickjs`.
    pub sdk: String,
    /// The operation's full name.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// What the case shows.
    pub kind: Kind,
    /// What it came to.
    pub outcome: Outcome,
    /// More, where it did not pass.
    pub detail: Option<Failure>,
}

/// A whole run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// What the random values were made from.
    pub seed: u64,
    /// The SDKs that were checked.
    pub sdks: Vec<String>,
    /// The operations that were checked.
    pub operations: Vec<String>,
    /// Every case on every SDK, sorted.
    pub cells: Vec<Cell>,
    /// Number of cells by outcome.
    pub totals: BTreeMap<&'static str, usize>,
}

impl Report {
    /// Counts the cells and sorts them.
    pub fn new(seed: u64, sdks: Vec<String>, operations: Vec<String>, mut cells: Vec<Cell>) -> Self {
        cells.sort_by(|a, b| (&a.operation, &a.case, &a.sdk).cmp(&(&b.operation, &b.case, &b.sdk)));
        let count = |outcome| cells.iter().filter(|cell| cell.outcome == outcome).count();
        let mut totals: BTreeMap<&'static str, usize> =
            Outcome::ALL.into_iter().map(|outcome| (outcome.name(), count(outcome))).collect();
        totals.insert("cells", cells.len());
        Self { schema: SCHEMA, seed, sdks, operations, cells, totals }
    }

    /// Whether nothing failed.
    pub fn is_green(&self) -> bool {
        self.cells.iter().all(|cell| cell.outcome.is_green())
    }

    /// The matrix, then each failure.
    pub fn human(&self) -> String {
        let mut text = self.matrix();
        for cell in self.cells.iter().filter(|cell| !cell.outcome.is_green()) {
            let _ = write!(text, "\n{} {} {} {}\n", cell.outcome.name(), cell.sdk, cell.operation, cell.case);
            if let Some(detail) = &cell.detail {
                let _ = writeln!(text, "  at         {}", detail.place);
                if !detail.arguments.is_empty() {
                    let _ = writeln!(text, "  arguments  {}", detail.arguments);
                }
                let _ = writeln!(text, "  difference {}", detail.difference);
                for decision in &detail.decisions {
                    let _ = writeln!(text, "  decision   {decision}");
                }
                for message in &detail.log {
                    let _ = writeln!(text, "  logged     {message}");
                }
                let _ = writeln!(text, "  repeat     {}", detail.repeat);
            }
        }
        let expected: Vec<&Cell> = self.cells.iter().filter(|cell| cell.outcome == Outcome::ExpectedFailure).collect();
        if !expected.is_empty() {
            let _ = writeln!(text, "\nexpected failures, by reason");
            let mut reasons: BTreeMap<(String, String), usize> = BTreeMap::new();
            for cell in expected {
                let reason = cell.detail.as_ref().and_then(|detail| detail.reason.clone()).unwrap_or_default();
                *reasons.entry((cell.sdk.clone(), reason)).or_default() += 1;
            }
            for ((sdk, reason), count) in reasons {
                let _ = writeln!(text, "  {count:>3} {sdk:<12} {reason}");
            }
        }
        let totals: Vec<String> =
            Outcome::ALL.iter().map(|outcome| format!("{} {}", self.totals[outcome.name()], outcome.name())).collect();
        let _ = write!(
            text,
            "\n{} operations x {} SDKs, {} cells: {}\nseed {}\n",
            self.operations.len(),
            self.sdks.len(),
            self.cells.len(),
            totals.join(", "),
            self.seed
        );
        text
    }

    /// One row an operation, one column an SDK: cases passed of cases run, and a mark where one failed.
    fn matrix(&self) -> String {
        let mut counts: BTreeMap<(&str, &str), (usize, usize, bool)> = BTreeMap::new();
        for cell in &self.cells {
            let entry = counts.entry((&cell.operation, &cell.sdk)).or_insert((0, 0, true));
            entry.0 += usize::from(cell.outcome == Outcome::Pass);
            entry.1 += 1;
            entry.2 &= cell.outcome.is_green();
        }
        let operations: BTreeSet<&str> = self.operations.iter().map(String::as_str).collect();
        let width = operations.iter().map(|name| name.len()).max().unwrap_or(0).max("operation".len());
        let mut text = format!("{:<width$}", "operation");
        for sdk in &self.sdks {
            let _ = write!(text, "  {sdk:>10}");
        }
        text.push('\n');
        for operation in operations {
            let _ = write!(text, "{operation:<width$}");
            for sdk in &self.sdks {
                let shown = match counts.get(&(operation, sdk.as_str())) {
                    Some((passed, run, true)) => format!("{passed}/{run}"),
                    Some((passed, run, false)) => format!("{passed}/{run} FAIL"),
                    None => "-".to_owned(),
                };
                let _ = write!(text, "  {shown:>10}");
            }
            text.push('\n');
        }
        text
    }
}
