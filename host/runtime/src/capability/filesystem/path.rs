//! Guest paths as text: what is refused before the host is touched, and what needs no host at all.

use super::{FilesystemError, Result};

/// As long as Linux allows for one path.
pub(crate) const MAX_PATH_BYTES: usize = 4096;
/// As long as Linux allows for one name.
pub(super) const MAX_NAME_BYTES: usize = 255;

/// The segments of a guest path, without those that say nothing (`.` and empty ones), but with each `..`.
///
/// # Errors
/// The path is empty, too long, relative, has a NUL, or a name in it is too long.
pub(super) fn segments(path: &str) -> Result<Vec<&str>> {
    if path.is_empty() {
        return Err(FilesystemError::InvalidPath("the path is empty".to_owned()));
    }
    if path.len() > MAX_PATH_BYTES {
        return Err(FilesystemError::InvalidPath(format!("the path has more than {MAX_PATH_BYTES} bytes")));
    }
    if path.contains('\0') {
        return Err(FilesystemError::InvalidPath("the path contains NUL".to_owned()));
    }
    if !path.starts_with('/') {
        return Err(FilesystemError::InvalidPath("the path is not absolute".to_owned()));
    }
    let segments: Vec<&str> = path.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
    if segments.iter().any(|segment| segment.len() > MAX_NAME_BYTES) {
        return Err(FilesystemError::NameTooLong(path.to_owned()));
    }
    Ok(segments)
}

/// Whether the `..` of a relative text all come before its names. Only then do they mean the same to somebody who follows
/// links on the way and to somebody who does not.
pub(super) fn climbs_first(text: &str) -> bool {
    let mut names = text.split('/').skip_while(|name| matches!(*name, "" | "." | ".."));
    names.all(|name| name != "..")
}

/// What the end of a path says of what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Nothing: it ends with a name or with `..`.
    Plain,
    /// A `/`: a directory, which may have to be made.
    Slash,
    /// A `.`: a directory that is there.
    Dot,
}

impl Ending {
    pub(super) fn of(path: &str) -> Self {
        let trimmed = path.trim_end_matches('/');
        match trimmed.rsplit('/').next() {
            Some(".") => Ending::Dot,
            _ if trimmed.len() < path.len() => Ending::Slash,
            _ => Ending::Plain,
        }
    }
}

/// Applies each `..` to the text before it. Above the root there is only the root.
pub(super) fn fold<'a>(segments: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut folded = Vec::new();
    for segment in segments {
        if segment == ".." {
            folded.pop();
        } else {
            folded.push(segment);
        }
    }
    folded
}

/// The absolute path of these segments.
pub(super) fn absolute(segments: &[&str]) -> String {
    format!("/{}", segments.join("/"))
}

/// The path of `name` in the directory `parent`.
pub(super) fn join(parent: &str, name: &str) -> String {
    if parent == "/" { format!("/{name}") } else { format!("{parent}/{name}") }
}

/// The directory that an absolute, normal path is in; of the root, the root.
pub(super) fn parent(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(end) => &path[..end],
    }
}

/// Whether `path` is `base` or below it, both absolute and normal.
pub(super) fn is_within(path: &str, base: &str) -> bool {
    base == "/" || path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path without `.`, `..`, repeated and trailing `/`.
pub(super) fn normalize(path: &str) -> Result<String> {
    Ok(absolute(&fold(segments(path)?)))
}

/// What comes after `base`, without a `/` before it.
pub(super) fn relative_to(path: &str, base: &str) -> Result<String> {
    let (path, base) = (fold(segments(path)?), fold(segments(base)?));
    match path.strip_prefix(base.as_slice()) {
        Some(rest) => Ok(rest.join("/")),
        None => Err(FilesystemError::InvalidArgument("the path is not under the base".to_owned())),
    }
}

/// The text of a link in the directory `from` that leads to `target`, both absolute and normal: relative, so that it means
/// the same to the host, who knows the mounts under other names.
pub(super) fn link_text(from: &str, target: &str) -> String {
    let names = |path: &'_ str| path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, target) = (names(from), names(target));
    let common = from.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let mut parts = vec!["..".to_owned(); from.len() - common];
    parts.extend_from_slice(&target[common..]);
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// Where a link in the directory `from` leads to, as an absolute path: the opposite of [`link_text`]. Only the `..` that
/// the text starts with can be applied without looking at what is there.
pub(super) fn link_target(from: &str, text: &str) -> String {
    if text.starts_with('/') {
        return text.to_owned();
    }
    let mut base = from;
    let mut rest = text;
    loop {
        let (first, after) = rest.split_once('/').unwrap_or((rest, ""));
        match first {
            "" | "." if !rest.is_empty() => {}
            ".." => base = parent(base),
            _ => break,
        }
        rest = after;
    }
    if rest.is_empty() { base.to_owned() } else { join(base, rest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_path_tells_whether_a_directory_is_meant() {
        for (path, ending) in [
            ("/a", Ending::Plain),
            ("/a/..", Ending::Plain),
            ("/a/.b", Ending::Plain),
            ("/a/b.", Ending::Plain),
            ("/", Ending::Slash),
            ("/a/", Ending::Slash),
            ("/a//", Ending::Slash),
            ("/a/../", Ending::Slash),
            ("/a/.", Ending::Dot),
            ("/a/./", Ending::Dot),
            ("/a/.//./", Ending::Dot),
            ("a", Ending::Plain),
            (".", Ending::Dot),
            ("", Ending::Plain),
        ] {
            assert_eq!(Ending::of(path), ending, "{path}");
        }
    }
}
