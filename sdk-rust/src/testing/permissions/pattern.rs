//! Patterns over paths, ports and components.

use std::fmt;

use crate::ComponentId;

/// Matches a sequence, of which an item that is `many` stands for any number of items. Only the last one of these is ever
/// retried: what an earlier one could take, the later one can take as well.
fn matches<P, T>(
    mut pattern: impl Iterator<Item = P> + Clone,
    mut text: impl Iterator<Item = T> + Clone,
    many: impl Fn(&P) -> bool,
    one: impl Fn(&P, &T) -> bool,
) -> bool {
    let mut retry = None;
    loop {
        match pattern.next() {
            Some(item) if many(&item) => {
                retry = Some((pattern.clone(), text.clone()));
                continue;
            }
            Some(item) => match text.next() {
                Some(found) if one(&item, &found) => continue,
                Some(_) => {}
                None => return false,
            },
            None if text.next().is_none() => return true,
            None => {}
        }
        let Some((after, from)) = &mut retry else { return false };
        if from.next().is_none() {
            return false;
        }
        pattern = after.clone();
        text = from.clone();
    }
}

/// Matches one segment: `*` is any number of characters, `?` is one.
fn matches_segment(pattern: &str, text: &str) -> bool {
    matches(pattern.chars(), text.chars(), |item| *item == '*', |item, found| *item == '?' || item == found)
}

fn segments(path: &str) -> impl Iterator<Item = &str> + Clone {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// A pattern over absolute paths, where a segment `**` is any number of segments.
#[derive(Debug)]
pub(super) struct PathPattern(String);

impl PathPattern {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let refuse = |problem: &str| Err(format!("{problem} in path pattern {text:?}"));
        let Some(rest) = text.strip_prefix('/') else { return Err(format!("path pattern {text:?} is not absolute")) };
        if text.contains(['\0', '[', '{']) {
            return refuse("NUL, `[` or `{`");
        }
        for segment in rest.split('/').filter(|_| !rest.is_empty()) {
            match segment {
                "" => return refuse("empty segment"),
                "." | ".." => return refuse("`.` or `..`"),
                "**" => {}
                _ if segment.contains("**") => return refuse("`**` that is not a whole segment"),
                _ => {}
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether the path is covered, which only one can be that has no empty segment, `.`, `..` or NUL.
    pub(super) fn matches(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix('/') else { return false };
        let odd = |segment| matches!(segment, "" | "." | "..");
        if path.contains('\0') || (!rest.is_empty() && rest.split('/').any(odd)) {
            return false;
        }
        matches(
            segments(&self.0),
            segments(path),
            |segment| *segment == "**",
            |pattern, segment| matches_segment(pattern, segment),
        )
    }

    /// The narrowest pattern that covers the path, if any can: what has a meaning in patterns becomes `?`.
    pub(super) fn covering(path: &str) -> Option<Self> {
        let literal: String = path.chars().map(|c| if matches!(c, '*' | '[' | '{') { '?' } else { c }).collect();
        Self::parse(&literal).ok().filter(|pattern| pattern.matches(path))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// One port, or all from the first to the last.
#[derive(Debug, Clone, Copy)]
pub(super) struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    /// Reads a port as an integer, or a range as a text.
    pub(super) fn read(value: &toml::Value) -> Result<Self, String> {
        let refused = || format!("{value} is neither a port nor a range of ports");
        match value {
            toml::Value::Integer(port) => {
                let port = u16::try_from(*port).map_err(|_| refused())?;
                Ok(Self { first: port, last: port })
            }
            toml::Value::String(text) => {
                let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?;
                let (first, last) = text.split_once('-').ok_or_else(refused)?;
                let (first, last) = number(first).zip(number(last)).ok_or_else(refused)?;
                if first <= last { Ok(Self { first, last }) } else { Err(refused()) }
            }
            _ => Err(refused()),
        }
    }

    pub(super) fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }
}

/// A pattern over components, `namespace/name` or `namespace/name@version`.
#[derive(Debug)]
pub(super) struct TargetPattern {
    namespace: String,
    name: String,
    version: Option<String>,
}

impl TargetPattern {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let refused = || format!("target pattern {text:?} is not namespace/name or namespace/name@version");
        let (names, version) = match text.split_once('@') {
            Some((names, version)) => (names, Some(version)),
            None => (text, None),
        };
        let (namespace, name) = names.split_once('/').ok_or_else(refused)?;
        let in_name = |c: char| is_name_character(c) || matches!(c, '*' | '?');
        let in_version = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '*' | '?');
        let names = [namespace, name].iter().all(|part| !part.is_empty() && part.chars().all(in_name));
        if !names || version.is_some_and(|version| version.is_empty() || !version.chars().all(in_version)) {
            return Err(refused());
        }
        let (namespace, name) = (namespace.to_owned(), name.to_owned());
        Ok(Self { namespace, name, version: version.map(str::to_owned) })
    }

    pub(super) fn matches(&self, target: &ComponentId) -> bool {
        matches_segment(&self.namespace, &target.namespace)
            && matches_segment(&self.name, &target.name)
            && self.version.as_ref().is_none_or(|version| matches_segment(version, &target.version))
    }

    /// The narrowest pattern that covers the component in every version, if any can.
    pub(super) fn covering(target: &ComponentId) -> Option<Self> {
        let literal = |part: &str| part.chars().map(|c| if is_name_character(c) { c } else { '?' }).collect::<String>();
        let text = format!("{}/{}", literal(&target.namespace), literal(&target.name));
        Self::parse(&text).ok().filter(|pattern| pattern.matches(target))
    }
}

impl fmt::Display for TargetPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.namespace, self.name)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(formatter, "@{version}"))
    }
}

fn is_name_character(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '-')
}
