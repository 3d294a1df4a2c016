//! Test Anything Protocol, version 14: one line a cell.

use std::fmt::Write as _;

use super::{Outcome, Report};

impl Report {
    /// The run as TAP. An expected failure is a `TODO`, which TAP's readers do not count as one.
    pub fn tap(&self) -> String {
        let mut text = format!("TAP version 14\n1..{}\n", self.cells.len());
        for (number, cell) in self.cells.iter().enumerate() {
            let passed = cell.outcome == Outcome::Pass;
            let ok = if passed { "ok" } else { "not ok" };
            let name = escaped(&format!("{} {} {}", cell.sdk, cell.operation, cell.title()));
            let _ = write!(text, "{ok} {} - {name}", number + 1);
            let detail = cell.detail.as_ref();
            if cell.outcome == Outcome::ExpectedFailure {
                let reason = detail.and_then(|detail| detail.reason.as_deref()).unwrap_or("expected");
                let _ = write!(text, " # TODO {}", escaped(reason));
            }
            text.push('\n');
            if let Some(detail) = detail.filter(|_| !passed) {
                text.push_str("  ---\n");
                let lines = [
                    ("outcome", cell.outcome.name()),
                    ("at", &detail.place),
                    ("arguments", &detail.arguments),
                    ("difference", &detail.difference),
                    ("repeat", &detail.repeat),
                ];
                for (key, value) in lines.into_iter().filter(|(_, value)| !value.is_empty()) {
                    // A JSON string is a YAML string.
                    let _ = writeln!(text, "  {key}: {}", serde_json::Value::from(value));
                }
                text.push_str("  ...\n");
            }
        }
        text
    }
}

/// A description in which nothing is taken for a directive.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#").replace(['\n', '\r'], " ")
}
