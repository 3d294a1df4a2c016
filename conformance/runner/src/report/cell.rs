//! One case on one SDK, and what it came to.

use serde::{Deserialize, Serialize};

use crate::case::Kind;

/// Stands for the suite as a whole where a cell belongs to no operation.
pub(crate) const SUITE: &str = "suite";

/// What one case on one SDK came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Where in the case.
    pub place: String,
    /// The step as it stands in the case.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub arguments: String,
    /// Expected and got.
    pub difference: String,
    /// The host's last decisions, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<String>,
    /// The guest's last log messages, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// Why it is expected, for an expected failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The command that runs this case again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cell {
    /// `rust`, `go`, `js`, `python` or `c`, a second engine as a variant such as `js@quickjs`.
    pub sdk: String,
    /// The operation's full name.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// Whose driver was the peer, where the case is run with each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// What the case shows.
    pub kind: Kind,
    /// What it came to.
    pub outcome: Outcome,
    /// More, where it did not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Failure>,
    /// What the host's policy decided, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<String>,
    /// How long it took.
    pub milliseconds: u64,
}

impl Cell {
    /// The case, and whose driver was the peer: `gets-the-reply@go`.
    pub fn title(&self) -> String {
        title(&self.case, self.peer.as_deref())
    }
}

pub(super) fn title(case: &str, peer: Option<&str>) -> String {
    peer.map_or_else(|| case.to_owned(), |peer| format!("{case}@{peer}"))
}
