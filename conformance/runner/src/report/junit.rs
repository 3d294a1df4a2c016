//! JUnit XML, as CI systems read it: a suite an SDK, a test case a cell.

use std::fmt::Write as _;

use super::{Cell, Outcome, Report};

impl Report {
    /// The run as JUnit XML. An expected failure is skipped, with its reason.
    pub fn junit(&self) -> String {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let all: Vec<&Cell> = self.cells.iter().collect();
        let _ = writeln!(text, "<testsuites name=\"airssys-wasm conformance\"{}>", attributes(&all));
        for sdk in &self.sdks {
            let cells: Vec<&Cell> = self.cells.iter().filter(|cell| cell.sdk == *sdk).collect();
            let _ = writeln!(text, "  <testsuite name=\"{}\"{}>", escaped(sdk), attributes(&cells));
            let _ = writeln!(text, "    <properties><property name=\"seed\" value=\"{}\"/></properties>", self.seed);
            for cell in cells {
                test_case(&mut text, cell);
            }
            text.push_str("  </testsuite>\n");
        }
        text.push_str("</testsuites>\n");
        text
    }
}

fn attributes(cells: &[&Cell]) -> String {
    let count = |of: &[Outcome]| cells.iter().filter(|cell| of.contains(&cell.outcome)).count();
    let milliseconds: u64 = cells.iter().map(|cell| cell.milliseconds).sum();
    format!(
        " tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\"",
        cells.len(),
        count(&[Outcome::Fail, Outcome::UnexpectedPass, Outcome::Missing]),
        count(&[Outcome::HarnessError]),
        count(&[Outcome::ExpectedFailure]),
        seconds(milliseconds),
    )
}

fn test_case(text: &mut String, cell: &Cell) {
    let (class, name, time) = (escaped(&cell.operation), escaped(&cell.title()), seconds(cell.milliseconds));
    let _ = write!(text, "    <testcase classname=\"{class}\" name=\"{name}\" time=\"{time}\"");
    let tag = match cell.outcome {
        Outcome::Pass => {
            text.push_str("/>\n");
            return;
        }
        Outcome::ExpectedFailure => "skipped",
        Outcome::HarnessError => "error",
        Outcome::Fail | Outcome::UnexpectedPass | Outcome::Missing => "failure",
    };
    let detail = cell.detail.clone().unwrap_or_default();
    let message = match &detail.reason {
        Some(reason) if cell.outcome == Outcome::ExpectedFailure => reason,
        _ => &detail.difference,
    };
    let _ = write!(text, ">\n      <{tag} message=\"{}\"", escaped(message));
    if tag == "skipped" {
        text.push_str("/>\n    </testcase>\n");
        return;
    }
    let _ = write!(text, " type=\"{}\">", cell.outcome.name());
    for (key, value) in [("at", &detail.place), ("arguments", &detail.arguments), ("difference", &detail.difference)] {
        let _ = write!(text, "\n{key}: {}", escaped(value));
    }
    for decision in &detail.decisions {
        let _ = write!(text, "\ndecision: {}", escaped(decision));
    }
    let _ = write!(text, "\nrepeat: {}\n</{tag}>\n    </testcase>\n", escaped(&detail.repeat));
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

/// Text for XML. What XML 1.0 cannot hold at all is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
