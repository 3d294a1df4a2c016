//! Patterns over names that an embedder's interface gives to what it has: databases, tables, models.

use std::fmt;
use std::str::FromStr;

use super::glob;
use crate::InvalidValue;
use crate::keyword::serde_as_string;

/// The longest name and the longest pattern. Matching costs at most the product of the two, and a component may have as
/// many bytes of patterns as fit into `[permissions]`, so that this keeps a decision as short as one about paths.
const MAX_NAME_BYTES: usize = 256;

/// A pattern over names: `*` is any number of characters, and `?` is one. Upper and lower case differ, and nothing can be
/// escaped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamePattern(String);

impl NamePattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `name` is covered. An empty name never is, nor one of more than 256 bytes.
    pub fn matches(&self, name: &str) -> bool {
        (1..=MAX_NAME_BYTES).contains(&name.len()) && glob::matches_segment(&self.0, name)
    }

    /// The narrowest pattern that covers `name`, if any can: characters with a meaning in patterns become `?`.
    pub(crate) fn covering(name: &str) -> Option<NamePattern> {
        let literal: String = name.chars().map(|c| if matches!(c, '*' | '[' | '{') { '?' } else { c }).collect();
        literal.parse::<NamePattern>().ok().filter(|pattern| pattern.matches(name))
    }
}

impl FromStr for NamePattern {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(InvalidValue::with_help("empty name pattern", "write \"*\" for every name"));
        }
        if text.len() > MAX_NAME_BYTES {
            return Err(InvalidValue::new(format!("name pattern of more than {MAX_NAME_BYTES} bytes")));
        }
        if let Some(sign) = text.chars().find(|c| matches!(c, '[' | '{')) {
            return Err(InvalidValue::with_help(
                format!("`{sign}` in name pattern {text:?}"),
                "only `*` and `?` are special; write `?` for that one character",
            ));
        }
        Ok(NamePattern(text.to_owned()))
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_string!(NamePattern);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_part_of_a_name_and_a_question_mark_one_character() {
        for (pattern, name, expected) in [
            ("orders", "orders", true),
            ("orders", "Orders", false),
            ("orders", "orders2", false),
            ("orders*", "orders-2027", true),
            ("*", "a/b c", true),
            ("*", "", false),
            ("order?", "orders", true),
            ("order?", "order", false),
            ("*-?", "log-é", true),
        ] {
            assert_eq!(pattern.parse::<NamePattern>().unwrap().matches(name), expected, "{pattern} {name}");
        }
        let longest = "a".repeat(MAX_NAME_BYTES);
        let all: NamePattern = "*".parse().unwrap();
        assert!(all.matches(&longest) && !all.matches(&format!("{longest}a")));
        assert!(longest.parse::<NamePattern>().is_ok() && format!("{longest}a").parse::<NamePattern>().is_err());
    }

    #[test]
    fn the_covering_pattern_covers_the_name_and_little_else() {
        for (name, pattern) in [("orders", Some("orders")), ("a*b[c", Some("a?b?c")), ("", None)] {
            assert_eq!(NamePattern::covering(name).as_ref().map(NamePattern::as_str), pattern);
        }
        assert_eq!(NamePattern::covering(&"é".repeat(129)), None);
    }
}
