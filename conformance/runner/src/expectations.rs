//! What an SDK is known not to carry: `expectations/<sdk>.toml`. Listed cases run anyway, and passing is a failure.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::expect::star_matches;

/// The known gaps of one SDK.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectations {
    /// One entry a gap.
    #[serde(default)]
    pub expected: Vec<Expected>,
}

/// One known gap.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The operation's full name.
    pub operation: String,
    /// The case, `*` for any text.
    pub case: String,
    /// Why it fails.
    pub reason: String,
    /// Where the cause is followed up.
    pub link: String,
}

impl Expectations {
    /// Reads the file of an SDK; a missing file expects nothing.
    ///
    /// # Errors
    /// Fails on a file of another shape, or on an entry without a reason or link.
    pub fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
        let read: Self = toml::from_str(&text).with_context(|| format!("failed to parse {}", path.display()))?;
        for entry in &read.expected {
            if entry.reason.trim().is_empty() || !entry.link.starts_with("https://") {
                bail!("{}: {} {} needs a reason and a link", path.display(), entry.operation, entry.case);
            }
        }
        Ok(read)
    }

    /// The entry for a case.
    pub fn of(&self, operation: &str, case: &str) -> Option<&Expected> {
        self.expected.iter().find(|entry| entry.is_for(operation, case))
    }
}

impl Expected {
    /// Whether the entry is for a case.
    pub fn is_for(&self, operation: &str, case: &str) -> bool {
        self.operation == operation && star_matches(&self.case, case)
    }
}
