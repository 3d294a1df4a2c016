//! For people at a terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::document::Count;
use super::{Cell, Outcome, Report};

impl Report {
    /// The matrix, then each failure.
    pub fn human(&self) -> String {
        let mut text = self.matrix() + &self.pairs();
        for cell in self.cells.iter().filter(|cell| !cell.outcome.is_green()) {
            let _ = write!(text, "\n{} {} {} {}\n", cell.outcome.name(), cell.sdk, cell.operation, cell.title());
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
        let _ = write!(text, "\n{}\nseed {}\n", self.summary(), self.seed);
        text
    }

    /// One row an operation, one column an SDK: cases passed of cases run, and a mark where one failed.
    fn matrix(&self) -> String {
        let counts = self.counts();
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
                    Some(Count { passed, cells, green: true }) => format!("{passed}/{cells}"),
                    Some(Count { passed, cells, .. }) => format!("{passed}/{cells} FAIL"),
                    None => "-".to_owned(),
                };
                let _ = write!(text, "  {shown:>10}");
            }
            text.push('\n');
        }
        text
    }
}
