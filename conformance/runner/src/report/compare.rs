//! What has changed from one run to another.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::cell::title;
use super::{Cell, Outcome, Report};

/// Name and version of the JSON form.
pub const SCHEMA: &str = "airssys-conformance-comparison/1";

/// The differences between two runs.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// Cells that were green and are not any more.
    pub regressions: Vec<Change>,
    /// Cells that were not green and are now.
    pub mended: Vec<Change>,
    /// Cells whose outcome changed otherwise, such as from `pass` to `expected-failure`.
    pub changed: Vec<Change>,
    /// Cells that only the later run has.
    pub added: Vec<Change>,
    /// Cells that only the earlier run has. What is not checked any more may hide a regression, so it counts as one.
    pub removed: Vec<Change>,
}

/// One cell in two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The column.
    pub sdk: String,
    /// The operation's full name.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// Whose driver was the peer, where the case is run with each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// Its outcome in the earlier run.
    pub old: Option<Outcome>,
    /// Its outcome in the later run.
    pub new: Option<Outcome>,
}

impl Comparison {
    /// Compares two runs cell by cell.
    pub fn of(old: &Report, new: &Report) -> Self {
        type Place<'a> = (&'a str, &'a str, &'a str, Option<&'a str>);
        fn by_place(report: &Report) -> BTreeMap<Place<'_>, &Cell> {
            report
                .cells
                .iter()
                .map(|cell| {
                    ((cell.operation.as_str(), cell.case.as_str(), cell.sdk.as_str(), cell.peer.as_deref()), cell)
                })
                .collect()
        }
        let (before, after) = (by_place(old), by_place(new));
        let mut comparison = Self {
            schema: SCHEMA,
            regressions: Vec::new(),
            mended: Vec::new(),
            changed: Vec::new(),
            added: Vec::new(),
            removed: Vec::new(),
        };
        let places: std::collections::BTreeSet<Place<'_>> = before.keys().chain(after.keys()).copied().collect();
        for place in places {
            let outcome = |cells: &BTreeMap<Place<'_>, &Cell>| cells.get(&place).map(|cell| cell.outcome);
            let (old, new) = (outcome(&before), outcome(&after));
            let list = match (old, new) {
                (Some(old), Some(new)) if old == new => continue,
                (Some(old), Some(new)) => match (old.is_green(), new.is_green()) {
                    (true, false) => &mut comparison.regressions,
                    (false, true) => &mut comparison.mended,
                    _ => &mut comparison.changed,
                },
                (None, Some(_)) => &mut comparison.added,
                _ => &mut comparison.removed,
            };
            let (operation, case, sdk, peer) = place;
            let [operation, case, sdk] = [operation, case, sdk].map(str::to_owned);
            list.push(Change { sdk, operation, case, peer: peer.map(str::to_owned), old, new });
        }
        comparison
    }

    /// Whether nothing is worse: no regression, nothing that is not checked any more, no new cell that is not green.
    pub fn is_no_worse(&self) -> bool {
        let green = |change: &Change| change.new.is_none_or(Outcome::is_green);
        self.regressions.is_empty() && self.removed.is_empty() && self.added.iter().all(green)
    }

    /// For people.
    pub fn human(&self) -> String {
        let mut text = String::new();
        let lists = [
            ("regressions", &self.regressions),
            ("no longer there", &self.removed),
            ("mended", &self.mended),
            ("changed", &self.changed),
            ("new", &self.added),
        ];
        for (heading, changes) in lists {
            if changes.is_empty() {
                continue;
            }
            let _ = writeln!(text, "{heading}: {}", changes.len());
            for change in changes {
                let name = |outcome: Option<Outcome>| outcome.map_or("-", Outcome::name);
                let Change { sdk, operation, case, peer, old, new } = change;
                let case = title(case, peer.as_deref());
                let _ = writeln!(text, "  {sdk:<12} {operation} {case}: {} -> {}", name(*old), name(*new));
            }
        }
        if text.is_empty() {
            text.push_str("the same outcome in every cell\n");
        }
        text
    }
}
