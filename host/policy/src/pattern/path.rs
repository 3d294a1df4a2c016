//! Patterns over absolute guest paths.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use super::automaton::Automaton;
use crate::InvalidValue;
use crate::keyword::serde_as_string;

/// The longest pattern: as long as the longest path that Linux takes in one call, so that every path a component can
/// name there can be granted.
pub(crate) const MAX_PATH_BYTES: usize = 4096;

/// A pattern over absolute paths: `*` is any number of characters of one segment, `?` is one character, and a segment
/// `**` is any number of segments, none included: `/data/**` covers `/data` and everything below it.
///
/// Upper and lower case differ, nothing can be escaped, and names that start with a dot are names like others.
#[derive(Clone)]
pub struct PathPattern {
    text: String,
    matching: Matching,
}

/// How paths are compared with a pattern: most patterns need no automaton.
#[derive(Clone)]
enum Matching {
    /// Without a wildcard: the path is the text.
    Exact,
    /// With the one wildcard `/**` at the end: the path is the text before it, of so many bytes, or below that.
    Below(usize),
    /// Any other wildcards, after so many bytes without one.
    Wildcards(usize, Arc<Automaton>),
}

impl PathPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether `path` is covered. A path that is relative, or has a NUL or a segment that is empty, `.` or `..`, never is:
    /// it has not been resolved, so nobody knows yet what it names.
    pub fn matches(&self, path: &str) -> bool {
        is_resolved(path) && self.matches_resolved(path)
    }

    /// Whether a path is covered that [is resolved](is_resolved).
    pub(crate) fn matches_resolved(&self, path: &str) -> bool {
        let starts_with = |literal: usize| path.as_bytes().starts_with(&self.text.as_bytes()[..literal]);
        match &self.matching {
            Matching::Exact => path == self.text,
            Matching::Below(literal) => {
                starts_with(*literal) && matches!(path.as_bytes().get(*literal), None | Some(b'/'))
            }
            Matching::Wildcards(literal, automaton) => {
                // The root has no segment: its `/` is not the one before the first segment of a pattern.
                let is_below = path != "/" || *literal == 0;
                is_below && starts_with(*literal) && automaton.matches(path, *literal)
            }
        }
    }

    /// Steps that it takes at most to find out whether `path` is covered.
    #[cfg(test)]
    pub(crate) fn steps(&self, path: &str) -> usize {
        match &self.matching {
            Matching::Exact | Matching::Below(_) => path.len(),
            Matching::Wildcards(_, automaton) => automaton.steps(path),
        }
    }

    /// Whether `path` and everything that is or ever will be below it is covered.
    pub fn matches_below(&self, path: &str) -> bool {
        // The last `**` takes any number of segments more.
        self.text.ends_with("/**") && self.matches(path)
    }

    /// The path up to the first segment with a wildcard: all that is covered is this, or below it.
    pub fn literal_start(&self) -> String {
        let literal = segments(&self.text).take_while(|segment| !segment.contains(['*', '?']));
        let mut start: String = literal.flat_map(|segment| ["/", segment]).collect();
        if start.is_empty() {
            start.push('/');
        }
        start
    }

    fn of(checked: &str) -> Self {
        let before = checked.find(['*', '?']).map(|wildcard| &checked[..wildcard]);
        let matching = match before {
            None => Matching::Exact,
            // `**` stands for nothing as well, and then the `/` before it is not there.
            Some(before) if checked[before.len()..].starts_with("**") => {
                let literal = before.len() - 1;
                match checked.len() - before.len() {
                    2 => Matching::Below(literal),
                    _ => Matching::Wildcards(literal, Arc::new(Automaton::new(checked))),
                }
            }
            Some(before) => Matching::Wildcards(before.len(), Arc::new(Automaton::new(checked))),
        };
        PathPattern { text: checked.to_owned(), matching }
    }

    /// The narrowest pattern that covers `path`, if any can: characters with a meaning in patterns become `?`.
    pub(crate) fn covering(path: &str) -> Option<PathPattern> {
        let literal: String = path.chars().map(|c| if matches!(c, '*' | '[' | '{') { '?' } else { c }).collect();
        literal.parse::<PathPattern>().ok().filter(|pattern| pattern.matches(path))
    }
}

/// Whether a path is absolute and without a NUL and without segments that are empty, `.` or `..`.
pub(crate) fn is_resolved(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else { return false };
    if rest.is_empty() {
        return true;
    }
    // Of the segment so far: its length, and whether it has other bytes than dots.
    let (mut length, mut is_name) = (0_usize, false);
    for byte in rest.bytes().chain([b'/']) {
        match byte {
            0 => return false,
            b'/' if is_name || length > 2 => (length, is_name) = (0, false),
            b'/' => return false,
            _ => {
                length += 1;
                is_name |= byte != b'.';
            }
        }
    }
    true
}

/// The segments of a checked pattern or path. Only `/` itself has an empty one, and it stands for no segment.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

impl fmt::Debug for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PathPattern").field(&self.text).finish()
    }
}

/// Patterns are what they are written as.
impl PartialEq for PathPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PathPattern {}

impl PartialOrd for PathPattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PathPattern {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for PathPattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl FromStr for PathPattern {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_PATH_BYTES {
            return Err(InvalidValue::new(format!("path pattern of more than {MAX_PATH_BYTES} bytes")));
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
            return Ok(PathPattern::of(text));
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
        Ok(PathPattern::of(text))
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

serde_as_string!(PathPattern);

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> PathPattern {
        text.parse().unwrap()
    }

    #[test]
    fn a_subtree_covers_its_root_and_nothing_beside_it() {
        let data = pattern("/data/**");
        for path in
            ["/data", "/data/a", "/data/a/b/c", "/data/.hidden", "/data/..a", "/data/...", "/data/ ", "/data/\u{1f980}"]
        {
            assert!(data.matches(path), "{path:?}");
        }
        for path in [
            "/",
            "/database",
            "/dat",
            "/Data/x",
            "/DATA",
            "/etc/passwd",
            "/x/data/a",
            "data",
            "data/a",
            "",
            " /data/a",
            // Not resolved: nobody knows what these name.
            "/data/../etc/passwd",
            "/data/..",
            "/data/.",
            "/data/./a",
            "/data/a/..",
            "/data//x",
            "//data/x",
            "/data/x/",
            "/data/",
            "/data/x\0",
            "\0/data",
            "/data/\0/x",
            "./data",
            "../data",
            "/data/%2e%2e/../x",
        ] {
            assert!(!data.matches(path), "{path:?}");
        }
    }

    #[test]
    fn a_star_stays_within_its_segment() {
        for (text, path, expected) in [
            ("/data/*", "/data/a", true),
            ("/data/*", "/data/a/b", false),
            ("/data/*", "/data", false),
            ("/data/*.txt", "/data/a.txt", true),
            ("/data/*.txt", "/data/.txt", true),
            ("/data/*.txt", "/data/a/b.txt", false),
            ("/data/*.txt", "/data/a.TXT", false),
            ("/data/a*b*c", "/data/aXbYbZc", true),
            ("/data/a*b*c", "/data/aXc", false),
            ("/*", "/", false),
            ("/*", "/a", true),
            ("/*/a", "/x/a", true),
            ("/*/a", "/a", false),
            ("/?", "/a", true),
            ("/?", "/é", true),
            ("/?", "/ab", false),
            ("/?", "/", false),
            ("/a?b", "/a/b", false),
            ("/", "/", true),
            ("/", "/a", false),
            ("/a", "/a", true),
            ("/a", "/a/b", false),
            ("/a\\b", "/a\\b", true),
        ] {
            assert_eq!(pattern(text).matches(path), expected, "{text} {path}");
        }
    }

    #[test]
    fn two_stars_are_any_segments_wherever_they_stand() {
        for (text, path, expected) in [
            ("/**", "/", true),
            ("/**", "/a/b", true),
            ("/**/a", "/a", true),
            ("/**/a", "/x/y/a", true),
            ("/**/a", "/x/y/ba", false),
            ("/a/**/z", "/a/z", true),
            ("/a/**/z", "/a/b/c/z", true),
            ("/a/**/z", "/a/b/c/z/y", false),
            ("/a/**/b/**/c", "/a/b/x/b/c", true),
            ("/a/**/b/**/c", "/a/c/b", false),
            ("/**/*.rs", "/src/a/lib.rs", true),
            ("/**/**", "/a", true),
        ] {
            assert_eq!(pattern(text).matches(path), expected, "{text} {path}");
        }
    }

    #[test]
    fn a_huge_path_is_answered() {
        let deep = "/a".repeat(32 * 1024);
        let wide = format!("/data/{}", "a".repeat(64 * 1024));
        assert!(pattern("/**").matches(&deep));
        assert!(!pattern("/data/**").matches(&deep));
        assert!(pattern("/data/*").matches(&wide));
        assert!(!pattern("/data/*a*a*a*b").matches(&wide));
        assert!(!pattern(&format!("/**{}/b", "/a/**".repeat(100))).matches(&deep));
        assert!(!pattern("/**").matches(&format!("{deep}/..")));
    }

    #[test]
    fn the_covering_pattern_covers_its_path_and_only_that_where_patterns_can_say_it() {
        for path in ["/", "/data/a.txt", "/data/a b\"\\\n", "/data/größe🦀", "/data/..."] {
            let covering = PathPattern::covering(path).unwrap();
            assert_eq!(covering.as_str(), path);
            assert!(covering.matches(path));
        }
        assert_eq!(PathPattern::covering("/a/**").unwrap().as_str(), "/a/??");
        assert_eq!(PathPattern::covering("/a/[x]{y}*?").unwrap().as_str(), "/a/?x]?y}??");
        for path in ["", "a", "/a/", "/a//b", "/a/../b", "/.", "/a\0", &format!("/{}", "a".repeat(4096))] {
            assert_eq!(PathPattern::covering(path), None, "{path:?}");
        }
    }

    #[test]
    fn patterns_outside_the_form_are_refused() {
        for text in [
            "", "data", "*", "**", "/data/", "//", "/a//b", "/a/./b", "/a/../b", "/..", "/a**", "/**a", "/***", "/[a]",
            "/{a,b}", "/a\0", "C:\\data", "~/data",
        ] {
            assert!(text.parse::<PathPattern>().is_err(), "{text:?}");
        }
        assert!(format!("/{}", "a".repeat(4095)).parse::<PathPattern>().is_ok());
        assert!(format!("/{}", "a".repeat(4096)).parse::<PathPattern>().is_err());
    }

    #[test]
    fn a_pattern_covers_what_is_below_only_if_it_ends_in_any_segments() {
        for (text, path, expected) in [
            ("/data/**", "/data", true),
            ("/data/**", "/data/a/b", true),
            ("/**", "/", true),
            ("/a/*/**", "/a/b", true),
            ("/a/*/**", "/a", false),
            ("/data/*", "/data/a", false),
            ("/data", "/data", false),
            ("/data/**/x", "/data/x", false),
            ("/data/**", "/database", false),
        ] {
            assert_eq!(pattern(text).matches_below(path), expected, "{text} {path}");
        }
    }

    #[test]
    fn the_literal_start_ends_before_the_first_wildcard() {
        for (text, expected) in
            [("/data/**", "/data"), ("/a/b", "/a/b"), ("/a/b*/c", "/a"), ("/**", "/"), ("/?", "/"), ("/", "/")]
        {
            assert_eq!(pattern(text).literal_start(), expected, "{text}");
        }
    }
}
