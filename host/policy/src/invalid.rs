//! The one error for a text that does not have the form it should have.

use std::borrow::Cow;
use std::fmt;

use crate::printable_line;

/// A problem or a help. They quote what was written, which may be anything of any length.
const MAX_TEXT_BYTES: usize = 1 << 10;

/// A text that does not have the form it should have: a bad name, pattern, port or keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidValue {
    /// What is wrong, in lower case and without a full stop.
    pub problem: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
}

impl InvalidValue {
    /// What is wrong, without a way out.
    pub fn new(problem: impl Into<String>) -> Self {
        InvalidValue { problem: shortened(problem.into()), help: None }
    }

    /// What is wrong, and what to write instead.
    pub fn with_help(problem: impl Into<String>, help: impl Into<String>) -> Self {
        InvalidValue { problem: shortened(problem.into()), help: Some(shortened(help.into())) }
    }
}

/// As much of a text as a person reads, on one line and in the order in which it stands there.
pub(crate) fn shortened(mut text: String) -> String {
    if text.len() > MAX_TEXT_BYTES {
        text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES));
        text.push('…');
    }
    match printable_line(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(shown) => shown,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_fits_on_a_line_of_any_terminal() {
        assert_eq!(shortened("größe 🦀 \"x\"".to_owned()), "größe 🦀 \"x\"");
        assert_eq!(shortened("a\u{1b}[2K\u{202e}b\n".to_owned()), "a\\u{1b}[2K\\u{202e}b\\n");
        let long = InvalidValue::with_help("é".repeat(10_000), "x".repeat(10_000));
        assert!(long.to_string().len() < 2 * MAX_TEXT_BYTES + 40, "{}", long.to_string().len());
    }
}
