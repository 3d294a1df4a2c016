//! For a badge, in the JSON of shields.io's endpoint badges.

use serde_json::{Value, json};

use super::{Outcome, Report};

impl Report {
    /// The badge: operations that are green in every SDK, of all.
    pub fn badge(&self) -> Value {
        let mut red: Vec<&str> =
            self.cells.iter().filter(|cell| !cell.outcome.is_green()).map(|cell| cell.operation.as_str()).collect();
        red.dedup();
        let red = red.iter().filter(|operation| **operation != super::SUITE).count();
        let (all, sdks) = (self.operations.len(), self.sdks.len());
        let colour = if !self.is_green() {
            "red"
        } else if self.total(Outcome::ExpectedFailure) > 0 {
            "green"
        } else {
            "brightgreen"
        };
        json!({
            "schemaVersion": 1,
            "label": "conformance",
            "message": format!("{} of {all} operations, {sdks} SDKs", all - red),
            "color": colour,
        })
    }
}
