//! A whole run, as it is written and read.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cell::{Cell, Outcome, SUITE};
use crate::case::{Case, Kind};

/// Name and version of the JSON form.
pub const SCHEMA: &str = "airssys-conformance/1";

/// A case as a report tells of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseText {
    /// The operation's full name.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// What it shows.
    pub kind: Kind,
    /// A remark of its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// What the component declares.
    pub permissions: Value,
    /// The steps as they stand in the case: what is called, with what, and what is expected.
    pub steps: Vec<Value>,
}

/// When a run began and how long it took. Nothing else differs between two runs with the same seed.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Times {
    /// Seconds since 1970.
    pub started: u64,
    /// All of it, building the guests included.
    pub milliseconds: u64,
}

/// A whole run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The host that was checked: name and version.
    pub host: String,
    /// When, and how long.
    pub times: Times,
    /// What the random values were made from.
    pub seed: u64,
    /// The SDKs that were checked.
    pub sdks: Vec<String>,
    /// The operations that were checked.
    pub operations: Vec<String>,
    /// Number of cells by outcome.
    pub totals: BTreeMap<String, usize>,
    /// The cases that were run, sorted.
    pub cases: Vec<CaseText>,
    /// Every case on every SDK, sorted.
    pub cells: Vec<Cell>,
}

impl Report {
    /// Counts the cells and sorts them.
    pub fn new(seed: u64, host: String, times: Times, sdks: Vec<String>, mut cells: Vec<Cell>, cases: &[Case]) -> Self {
        cells.sort_by(|a, b| (&a.operation, &a.case, &a.sdk, &a.peer).cmp(&(&b.operation, &b.case, &b.sdk, &b.peer)));
        let count = |outcome| cells.iter().filter(|cell| cell.outcome == outcome).count();
        let mut totals: BTreeMap<String, usize> =
            Outcome::ALL.into_iter().map(|outcome| (outcome.name().to_owned(), count(outcome))).collect();
        totals.insert("cells".to_owned(), cells.len());
        let mut operations: Vec<String> =
            cells.iter().filter(|cell| cell.operation != SUITE).map(|cell| cell.operation.clone()).collect();
        operations.dedup();
        let ran = |case: &&Case| {
            let place = (case.operation.as_str(), case.name.as_str());
            cells.binary_search_by(|cell| (cell.operation.as_str(), cell.case.as_str()).cmp(&place)).is_ok()
        };
        let mut cases: Vec<CaseText> = cases.iter().filter(ran).map(CaseText::of).collect();
        cases.sort_by(|a, b| (&a.operation, &a.case).cmp(&(&b.operation, &b.case)));
        Self { schema: SCHEMA.to_owned(), host, times, seed, sdks, operations, totals, cases, cells }
    }

    /// Reads a report that was written as JSON.
    ///
    /// # Errors
    /// The file cannot be read, is no report, or is one of another version.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
        let json: Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
        match json.get("schema").and_then(Value::as_str) {
            Some(SCHEMA) => {}
            Some(other) => bail!("{} has the schema {other:?}, this reads {SCHEMA:?}", file.display()),
            None => bail!("{} is no report of the conformance suite: it has no schema", file.display()),
        }
        serde_json::from_value(json).with_context(|| format!("{} is no report of the schema {SCHEMA}", file.display()))
    }

    /// Whether nothing failed.
    pub fn is_green(&self) -> bool {
        self.cells.iter().all(|cell| cell.outcome.is_green())
    }

    /// The numbers in one line, the seed apart.
    pub fn summary(&self) -> String {
        let totals: Vec<String> =
            Outcome::ALL.iter().map(|outcome| format!("{} {}", self.total(*outcome), outcome.name())).collect();
        let (operations, sdks, cells) = (self.operations.len(), self.sdks.len(), self.cells.len());
        format!("{operations} operations x {sdks} SDKs, {cells} cells: {}", totals.join(", "))
    }

    pub(super) fn total(&self, outcome: Outcome) -> usize {
        self.totals.get(outcome.name()).copied().unwrap_or(0)
    }

    /// By operation and SDK: cells that passed, cells there are, and whether all are green.
    pub(super) fn counts(&self) -> BTreeMap<(&str, &str), Count> {
        let mut counts: BTreeMap<(&str, &str), Count> = BTreeMap::new();
        for cell in &self.cells {
            counts.entry((&cell.operation, &cell.sdk)).or_default().add(cell.outcome);
        }
        counts
    }
}

/// What the cells of one field of the matrix came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: usize,
    pub(super) cells: usize,
    pub(super) green: bool,
}

impl Default for Count {
    fn default() -> Self {
        Self { passed: 0, cells: 0, green: true }
    }
}

impl Count {
    pub(super) fn add(&mut self, outcome: Outcome) {
        self.passed += usize::from(outcome == Outcome::Pass);
        self.cells += 1;
        self.green &= outcome.is_green();
    }
}

impl CaseText {
    fn of(case: &Case) -> Self {
        Self {
            operation: case.operation.clone(),
            case: case.name.clone(),
            kind: case.body.kind,
            says: case.body.says.clone(),
            permissions: serde_json::to_value(&case.body.instance.permissions).unwrap_or_default(),
            steps: case.body.steps.clone(),
        }
    }
}
