//! Patterns over absolute guest paths.

use std::fmt;
use std::str::FromStr;

use super::{MAX_PATTERN_BYTES, glob};
use crate::InvalidValue;
use crate::keyword::serde_as_string;

/// A pattern over absolute paths: `*` is any number of characters of one segment, `?` is one character, and a segment
/// `**` is any number of segments, none included: `/data/**` covers `/data` and everything below it.
///
/// Upper and lower case differ, nothing can be escaped, and names that start with a dot are names like others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathPattern(String);

impl PathPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `path` is covered. A path that is relative, or has a NUL or a segment that is empty, `.` or `..`, never is:
    /// it has not been resolved, so nobody knows yet what it names.
    pub fn matches(&self, path: &str) -> bool {
        is_resolved(path)
            && glob::matches(
                segments(&self.0),
                segments(path),
                |segment| *segment == "**",
                |pattern, segment| glob::matches_segment(pattern, segment),
            )
    }

    /// The narrowest pattern that covers `path`, if any can: characters with a meaning in patterns become `?`.
    pub(crate) fn covering(path: &str) -> Option<PathPattern> {
        let literal: String = path.chars().map(|c| if matches!(c, '*' | '[' | '{') { '?' } else { c }).collect();
        literal.parse::<PathPattern>().ok().filter(|pattern| pattern.matches(path))
    }
}

fn is_resolved(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else { return false };
    !path.contains('\0') && (rest.is_empty() || rest.split('/').all(|segment| !matches!(segment, "" | "." | "..")))
}

/// The segments of a checked pattern or path. Only `/` itself has an empty one, and it stands for no segment.
fn segments(path: &str) -> impl Iterator<Item = &str> + Clone {
    path.split('/').filter(|segment| !segment.is_empty())
}

impl FromStr for PathPattern {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_PATTERN_BYTES {
            return Err(InvalidValue::new(format!("path pattern of more than {MAX_PATTERN_BYTES} bytes")));
        }
        let refuse = |problem: &str, help: &str| {
            Err(InvalidValue::with_help(format!("{problem} in path pattern {text:?}"), help))
        };
        let Some(rest) = text.strip_prefix('/') else {
            return Err(InvalidValue::with_help(
                format!("path pattern {text:?} is not absolute"),
                "start it with `/`: guest paths are absolute",
            ));
        };
        if text.contains('\0') {
            return refuse("NUL", "no path can hold one");
        }
        if let Some(sign) = text.chars().find(|c| matches!(c, '[' | '{')) {
            return refuse(
                &format!("`{sign}`"),
                "only `*`, `**` and `?` are special; write `?` for that one character",
            );
        }
        if rest.is_empty() {
            return Ok(PathPattern(text.to_owned()));
        }
        for segment in rest.split('/') {
            match segment {
                "" => {
                    return refuse(
                        "empty segment",
                        "write single slashes and none at the end, or `/**` for all that is below",
                    );
                }
                "." | ".." => return refuse(&format!("`{segment}`"), "write the path it leads to"),
                "**" => {}
                _ if segment.contains("**") => {
                    return refuse(
                        "`**` that is not a whole segment",
                        "write `*` within a segment, or `/**/` for any segments",
                    );
                }
                _ => {}
            }
        }
        Ok(PathPattern(text.to_owned()))
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_string!(PathPattern);
