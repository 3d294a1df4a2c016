//! The matrix as Markdown: by interface for a README, by operation for a page of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::document::Count;
use super::{Outcome, Report};

impl Report {
    /// One row an interface, one column an SDK: operations of which every case passed, of all.
    pub fn markdown_summary(&self) -> String {
        let mut text = self.markdown_head("interface");
        let counts = self.counts();
        let mut interfaces: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for operation in &self.operations {
            let interface = operation.split_once('.').map_or(operation.as_str(), |(interface, _)| interface);
            interfaces.entry(interface).or_default().push(operation);
        }
        for (interface, operations) in interfaces {
            let _ = write!(text, "| `{interface}` |");
            for sdk in &self.sdks {
                let counts: Vec<Option<&Count>> =
                    operations.iter().map(|operation| counts.get(&(*operation, sdk.as_str()))).collect();
                let whole = |count: &Count| count.green && count.passed == count.cells;
                let passed = counts.iter().filter(|count| count.is_some_and(whole)).count();
                let red = counts.iter().any(|count| count.is_none_or(|count| !count.green));
                let mark = if red { " ✗" } else { "" };
                let _ = write!(text, " {passed}/{}{mark} |", operations.len());
            }
            text.push('\n');
        }
        text
    }

    /// One row an operation, one column an SDK: cases that passed, of all; then what is expected to fail, and why.
    pub fn markdown(&self) -> String {
        let mut text = format!("{}.\n\n{}", self.summary(), self.markdown_head("operation"));
        let counts = self.counts();
        for operation in &self.operations {
            let _ = write!(text, "| `{operation}` |");
            for sdk in &self.sdks {
                let _ = match counts.get(&(operation.as_str(), sdk.as_str())) {
                    Some(Count { passed, cells, green: true }) => write!(text, " {passed}/{cells} |"),
                    Some(Count { passed, cells, .. }) => write!(text, " {passed}/{cells} ✗ |"),
                    None => write!(text, " – |"),
                };
            }
            text.push('\n');
        }
        for (title, outcomes) in [
            ("Expected failures", &[Outcome::ExpectedFailure][..]),
            ("Failures", &[Outcome::Fail, Outcome::UnexpectedPass, Outcome::Missing, Outcome::HarnessError][..]),
        ] {
            let mut cells = self.cells.iter().filter(|cell| outcomes.contains(&cell.outcome)).peekable();
            if cells.peek().is_some() {
                let _ = write!(text, "\n## {title}\n\n| SDK | operation | case | why |\n|---|---|---|---|\n");
            }
            for cell in cells {
                let detail = cell.detail.clone().unwrap_or_default();
                let why = detail.reason.unwrap_or(detail.difference);
                let _ =
                    writeln!(text, "| {} | `{}` | {} | {} |", cell.sdk, cell.operation, cell.title(), escaped(&why));
            }
        }
        text
    }

    fn markdown_head(&self, first: &str) -> String {
        format!("| {first} | {} |\n|---|{}\n", self.sdks.join(" | "), "---:|".repeat(self.sdks.len()))
    }
}

/// Text for a cell of a table.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace(['\n', '\r'], " ")
}
