//! Patterns over components that messages go to.

use std::fmt;
use std::str::FromStr;

use super::glob;
use crate::keyword::serde_as_string;
use crate::{ComponentId, InvalidValue};

/// The longest pattern: twice as long as the longest id, so that a wildcard may stand beside each of its characters.
/// Matching costs at most the product of the two lengths.
const MAX_PATTERN_BYTES: usize = 512;

/// A pattern over components, `namespace/name` or `namespace/name@version`, where each part may hold `*` and `?`.
/// Without a version it covers every version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetPattern {
    namespace: String,
    name: String,
    version: Option<String>,
}

impl TargetPattern {
    /// Whether `target` is covered.
    pub fn matches(&self, target: &ComponentId) -> bool {
        glob::matches_segment(&self.namespace, &target.namespace)
            && glob::matches_segment(&self.name, &target.name)
            && self.version.as_ref().is_none_or(|version| glob::matches_segment(version, &target.version.to_string()))
    }

    /// The narrowest pattern that covers `target` in every version, if any can: what no name can hold becomes `?`.
    pub(crate) fn covering(target: &ComponentId) -> Option<TargetPattern> {
        let literal =
            |part: &str| -> String { part.chars().map(|c| if is_name_character(c) { c } else { '?' }).collect() };
        format!("{}/{}", literal(&target.namespace), literal(&target.name))
            .parse::<TargetPattern>()
            .ok()
            .filter(|pattern| pattern.matches(target))
    }
}

fn is_name_character(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '-')
}

fn is_version_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')
}

impl FromStr for TargetPattern {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |problem: &str, help: &str| {
            Err(InvalidValue::with_help(format!("{problem} in target pattern {text:?}"), help))
        };
        if text.len() > MAX_PATTERN_BYTES {
            return Err(InvalidValue::new(format!("target pattern of more than {MAX_PATTERN_BYTES} bytes")));
        }
        let (names, version) = match text.split_once('@') {
            Some((names, version)) => (names, Some(version)),
            None => (text, None),
        };
        let Some((namespace, name)) = names.split_once('/') else {
            let help = if names == "*" || names == "**" {
                "write \"*/*\" for every component".to_owned()
            } else {
                "write `namespace/name`, as in \"acme/*\"".to_owned()
            };
            return refuse("no `/`", &help);
        };
        for part in [namespace, name] {
            if part.is_empty() {
                return refuse("empty part", "write `namespace/name`, as in \"acme/*\"");
            }
            if let Some(sign) = part.chars().find(|c| !is_name_character(*c) && !matches!(c, '*' | '?')) {
                return refuse(&format!("{sign:?}"), "names hold a-z, 0-9 and `-`; `*` and `?` stand for what varies");
            }
        }
        if let Some(version) = version {
            if version.is_empty() {
                return refuse("empty version", "leave out the `@` for every version");
            }
            if let Some(sign) = version.chars().find(|c| !is_version_character(*c) && !matches!(c, '*' | '?')) {
                return refuse(&format!("{sign:?}"), "write a version as in \"@1.2.0\" or a pattern as in \"@1.*\"");
            }
        }
        Ok(TargetPattern {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            version: version.map(str::to_owned),
        })
    }
}

impl fmt::Display for TargetPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)?;
        match &self.version {
            Some(version) => write!(f, "@{version}"),
            None => Ok(()),
        }
    }
}

serde_as_string!(TargetPattern);

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, target: &str) -> bool {
        pattern.parse::<TargetPattern>().unwrap().matches(&target.parse().unwrap())
    }

    #[test]
    fn each_part_is_matched_on_its_own() {
        for (pattern, target, expected) in [
            ("acme/other", "acme/other@1.2.0", true),
            ("acme/other", "acme/others@1.2.0", false),
            ("acme/*", "acme/other@1.2.0", true),
            ("acme/*", "acme-two/other@1.2.0", false),
            ("acme*/*", "acme-two/other@1.2.0", true),
            ("*/*", "a/b@0.0.1-rc.1", true),
            ("*/log", "acme/log@1.0.0", true),
            ("*/log", "acme/catalog@1.0.0", false),
            ("acme/log-?", "acme/log-a@1.0.0", true),
            ("acme/log-?", "acme/log-ab@1.0.0", false),
            ("acme/*@1.2.0", "acme/x@1.2.0", true),
            ("acme/*@1.2.0", "acme/x@1.2.1", false),
            ("acme/*@1.*", "acme/x@1.9.0", true),
            ("acme/*@1.*", "acme/x@10.0.0", false),
            ("acme/*@1.?.0", "acme/x@1.2.0", true),
            ("acme/x@1.2.0", "acme/x@1.2.0-rc.1", false),
        ] {
            assert_eq!(covers(pattern, target), expected, "{pattern} {target}");
        }
    }

    #[test]
    fn a_forged_id_does_not_slip_into_another_part() {
        let forged = |namespace: &str, name: &str| ComponentId {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            version: semver::Version::new(1, 0, 0),
        };
        let pattern: TargetPattern = "acme/*".parse().unwrap();
        for id in [
            forged("acme/x", "y"),
            forged("", "acme/x"),
            forged("acme ", "x"),
            forged("ACME", "x"),
            forged("acme\0", "x"),
        ] {
            assert!(!pattern.matches(&id), "{id:?}");
        }
        assert_eq!(TargetPattern::covering(&forged("", "x")), None);
        assert_eq!(TargetPattern::covering(&forged("a\"b", "c d*")).unwrap().to_string(), "a?b/c?d?");
    }

    #[test]
    fn patterns_outside_the_form_are_refused() {
        for text in [
            "",
            "*",
            "**",
            "/",
            "acme/",
            "/x",
            "acme",
            "acme/x/y",
            "acme/x@",
            "acme/x@1@2",
            "acme/X",
            "acme/x y",
            "acme/x@^1",
            "acme/x@1/2",
        ] {
            assert!(text.parse::<TargetPattern>().is_err(), "{text:?}");
        }
        assert!(format!("acme/{}", "*a".repeat(3000)).parse::<TargetPattern>().is_err());
    }
}
