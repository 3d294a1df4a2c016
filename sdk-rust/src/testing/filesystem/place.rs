//! From a guest path to a place below the fake host's folder. The way goes one segment at a time, as hosts go it. A path
//! that ends in `/` or `/.` means a directory: it leads to nothing else, and a file is not made there.

use std::collections::VecDeque;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::errors::Result;
use crate::bindings::airssys::ext_filesystem::types::FilesystemError;
use crate::testing::permissions::Access;
use crate::testing::state::State;

// As hosts limit them.
const MAX_PATH_BYTES: usize = 4096;
const MAX_NAME_BYTES: usize = 255;
const MAX_LINKS: u32 = 40;
const MAX_DEPTH: usize = 128;

/// What to do with a link at the very end of the path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FinalLink {
    Follow,
    /// It is the link that is meant, which is no directory.
    Keep,
    /// It is the link that is meant, unless the path ends in `/` and asks for the directory that the link leads to.
    KeepUnlessSlash,
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

/// What is to be made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Makes {
    Directory,
    Link,
}

/// Why the way ended early.
enum Obstacle {
    Missing,
    NotADirectory,
    /// The path ends in `/`, and what is there is no directory.
    SlashBehindFile,
    TooManyLinks,
    NameTooLong,
}

/// The end of a path. Nothing of it is for the component before it may do something with [`path`](Place::path).
pub(super) struct Place {
    path: String,
    given: String,
    ending: Ending,
    at: PathBuf,
    /// What is there, if anything.
    outcome: std::result::Result<Option<FileType>, Obstacle>,
}

impl Place {
    /// Goes to the end of a path.
    ///
    /// # Errors
    /// Only those that the text of the path alone shows.
    pub(super) fn of(given: &str, link: FinalLink) -> Result<Self> {
        let mut pending: VecDeque<String> = segments(given)?.into_iter().map(str::to_owned).collect();
        if pending.iter().any(|segment| is_draft(segment)) {
            return Err(FilesystemError::InvalidPath("a name in it is one of the host's own".to_owned()));
        }
        let state = State::current();
        let ending = Ending::of(given);
        let mut names: Vec<String> = Vec::new();
        let mut links = 0;
        let mut outcome = None;
        while let Some(segment) = pending.pop_front() {
            if segment == ".." {
                names.pop();
                continue;
            }
            let path = absolute(&[names.as_slice(), std::slice::from_ref(&segment)].concat());
            // A directory that is left again: whether it exists is nobody's business who may do nothing with it.
            if let Some(left) = leaves_again(&pending)
                && !may_know(&state, &path)
            {
                pending.drain(..=left);
                continue;
            }
            let at = state.root.join(&path[1..]);
            let is_last = pending.is_empty();
            let found = fs::symlink_metadata(&at).ok().map(|found| found.file_type());
            let end = match found {
                Some(found) if found.is_dir() && names.len() >= MAX_DEPTH => Err(Obstacle::NameTooLong),
                Some(found) if found.is_dir() => {
                    names.push(segment);
                    continue;
                }
                Some(found) if found.is_symlink() => match (is_last, ending) {
                    (true, Ending::Plain) if link != FinalLink::Follow => Ok(Some(found)),
                    (true, Ending::Slash) if link == FinalLink::Keep => Err(Obstacle::SlashBehindFile),
                    _ if links == MAX_LINKS => Err(Obstacle::TooManyLinks),
                    _ => {
                        links += 1;
                        names.clear();
                        let target = target(&at).unwrap_or_default();
                        target.rsplit('/').filter(|name| !name.is_empty()).for_each(|name| {
                            pending.push_front(name.to_owned());
                        });
                        continue;
                    }
                },
                Some(found) if is_last && ending == Ending::Plain => Ok(Some(found)),
                Some(_) if is_last && ending == Ending::Slash => Err(Obstacle::SlashBehindFile),
                Some(_) => Err(Obstacle::NotADirectory),
                None if is_last && ending != Ending::Dot => Ok(None),
                None => Err(Obstacle::Missing),
            };
            names.push(segment);
            outcome = Some(end);
            break;
        }
        let rest = names.iter().map(String::as_str).chain(pending.iter().map(String::as_str));
        let path = absolute(&fold(rest));
        let at = state.root.join(&path[1..]);
        let outcome = match outcome {
            Some(outcome) => outcome,
            // A directory was reached.
            None => Ok(fs::symlink_metadata(&at).ok().map(|found| found.file_type())),
        };
        Ok(Self { path, given: given.to_owned(), ending, at, outcome })
    }

    /// The path with all links and `..` resolved. Where the way ended early, the rest is taken by its text.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The path as the component gave it, for errors.
    pub(super) fn given(&self) -> &str {
        &self.given
    }

    pub(super) fn ending(&self) -> Ending {
        self.ending
    }

    /// Where it lies on the machine.
    pub(super) fn at(&self) -> &Path {
        &self.at
    }

    pub(super) fn is_there(&self) -> bool {
        matches!(self.outcome, Ok(Some(_)))
    }

    /// What is there, unless something is in the way.
    pub(super) fn reached(&self) -> Result<Option<FileType>> {
        let given = || self.given.clone();
        self.outcome.as_ref().copied().map_err(|obstacle| match obstacle {
            Obstacle::Missing => FilesystemError::NotFound(given()),
            Obstacle::NotADirectory | Obstacle::SlashBehindFile => FilesystemError::NotADirectory(given()),
            Obstacle::TooManyLinks => FilesystemError::TooManyLinks(given()),
            Obstacle::NameTooLong => FilesystemError::NameTooLong(given()),
        })
    }

    /// What is there.
    pub(super) fn found(&self) -> Result<FileType> {
        self.reached()?.ok_or_else(|| FilesystemError::NotFound(self.given.clone()))
    }

    /// The directory that is there.
    pub(super) fn directory(&self) -> Result<&Path> {
        match self.found()?.is_dir() {
            true => Ok(&self.at),
            false => Err(FilesystemError::NotADirectory(self.given.clone())),
        }
    }

    /// The file that is there.
    pub(super) fn file(&self) -> Result<&Path> {
        match self.found()? {
            found if found.is_dir() => Err(FilesystemError::IsADirectory(self.given.clone())),
            found if found.is_symlink() => Err(FilesystemError::TooManyLinks(self.given.clone())),
            _ => Ok(&self.at),
        }
    }

    /// Whether there can be a file: not behind a `/`, and not in place of the root.
    pub(super) fn file_entry(&self) -> Result<()> {
        match &self.outcome {
            Ok(_) if self.path == "/" || self.ending == Ending::Slash => {
                Err(FilesystemError::IsADirectory(self.given.clone()))
            }
            Err(Obstacle::SlashBehindFile) => Err(FilesystemError::IsADirectory(self.given.clone())),
            _ => self.reached().map(drop),
        }
    }

    /// The file that is there, or where one can be made.
    pub(super) fn new_file(&self) -> Result<&Path> {
        self.file_entry()?;
        if self.is_there() { self.file() } else { Ok(&self.at) }
    }

    /// Where something can be made, which behind a `/` is only a directory.
    pub(super) fn free(&self, makes: Makes) -> Result<&Path> {
        if self.is_there() || matches!(self.outcome, Err(Obstacle::SlashBehindFile)) {
            return Err(FilesystemError::AlreadyExists(self.given.clone()));
        }
        self.reached()?;
        match self.ending == Ending::Plain || makes == Makes::Directory {
            true => Ok(&self.at),
            false => Err(FilesystemError::NotFound(self.given.clone())),
        }
    }

    /// What can be removed or moved: not the root, and by no name but its own.
    pub(super) fn removable(&self) -> Result<FileType> {
        let found = self.found()?;
        let problem = match (self.ending, self.path.as_str()) {
            (Ending::Dot, _) => "ends in `.`",
            (_, "/") => "is the root of a mount, or above one",
            _ => return Ok(found),
        };
        Err(FilesystemError::InvalidArgument(format!("{:?} {problem}", self.given)))
    }
}

impl Ending {
    fn of(path: &str) -> Self {
        let trimmed = path.trim_end_matches('/');
        match trimmed.rsplit('/').next() {
            Some(".") => Ending::Dot,
            _ if trimmed.len() < path.len() => Ending::Slash,
            _ => Ending::Plain,
        }
    }
}

/// Where a link leads, as the component names it.
pub(super) fn target(link: &Path) -> io::Result<String> {
    let text = fs::read_link(link)?;
    let below = text.strip_prefix(&State::current().root).unwrap_or(&text);
    Ok(format!("/{}", below.display()))
}

/// The segments of a path, without those that say nothing, but with each `..`.
pub(super) fn segments(path: &str) -> Result<Vec<&str>> {
    let problem = match path {
        "" => "the path is empty".to_owned(),
        _ if path.len() > MAX_PATH_BYTES => format!("the path has more than {MAX_PATH_BYTES} bytes"),
        _ if path.contains('\0') => "the path contains NUL".to_owned(),
        _ if !path.starts_with('/') => "the path is not absolute".to_owned(),
        _ => {
            let segments: Vec<&str> = path.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
            return match segments.iter().any(|segment| segment.len() > MAX_NAME_BYTES) {
                true => Err(FilesystemError::NameTooLong(path.to_owned())),
                false => Ok(segments),
            };
        }
    };
    Err(FilesystemError::InvalidPath(problem))
}

/// Applies each `..` to the text before it. Above the root there is only the root.
pub(super) fn fold<'a>(segments: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut folded = Vec::new();
    for segment in segments {
        match segment {
            ".." => drop(folded.pop()),
            name => folded.push(name),
        }
    }
    folded
}

/// The absolute path of these segments.
pub(super) fn absolute(segments: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    format!("/{}", names.join("/"))
}

/// Whether this is a name under which a host keeps a file that it is still writing.
fn is_draft(name: &str) -> bool {
    let random = name.strip_prefix(".airssys-").and_then(|rest| rest.strip_suffix(".draft"));
    random.is_some_and(|random| random.len() == 32 && random.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Where in what is pending the segment before it is left again by a `..`, if it is.
fn leaves_again(pending: &VecDeque<String>) -> Option<usize> {
    let mut depth = 1_i32;
    pending.iter().position(|segment| {
        depth += if segment == ".." { -1 } else { 1 };
        depth == 0
    })
}

/// Whether there is anything that the component may do with a path.
fn may_know(state: &State, path: &str) -> bool {
    let denied = state.denies_path(path);
    ["read", "list", "write", "delete"]
        .into_iter()
        .any(|action| state.decide("", &Access::Filesystem { action, path }, denied).is_ok())
}
