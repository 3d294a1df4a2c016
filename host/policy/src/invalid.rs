//! The one error for a text that does not have the form it should have.

use std::fmt;

/// A text that does not have the form it should have: a bad name, pattern, port or keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidValue {
    /// What is wrong, in lower case and without a full stop.
    pub problem: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
}

impl InvalidValue {
    /// What is wrong, without a way out.
    pub fn new(problem: impl Into<String>) -> Self {
        InvalidValue { problem: problem.into(), help: None }
    }

    /// What is wrong, and what to write instead.
    pub fn with_help(problem: impl Into<String>, help: impl Into<String>) -> Self {
        InvalidValue { problem: problem.into(), help: Some(help.into()) }
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)?;
        match &self.help {
            Some(help) => write!(f, " (help: {help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for InvalidValue {}
