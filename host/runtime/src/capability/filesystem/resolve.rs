//! From a guest path to a place on the host, and the only way to it.
//!
//! The walk goes one segment at a time: each is opened without following it, relative to the directory reached so far,
//! so that it is under the mount however the tree changes meanwhile. A link is read, and its text taken as guest path.
//! `..` goes back to the directory that the walk came through.
//!
//! A [`Resolved`] tells nothing about what was found, not even whether there was anything. That is in the [`Target`],
//! which takes a permit for the resolved path to make.

use std::collections::VecDeque;
use std::sync::Arc;

use airssys_wasm_policy::{Access, Denial, FilesystemAction, Operation, Permissions, Permit};
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::stat::Stat;
use super::{FileType, Filesystem, FilesystemError, Result, path};

/// As many links as Linux follows.
const MAX_LINKS: u32 = 40;

/// Each level on the way is an open descriptor of the host process while the walk lasts.
pub(super) const MAX_DEPTH: usize = 128;

/// What to do with a link at the very end of the path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FinalLink {
    Follow,
    Keep,
}

/// A place under the mounts.
pub(super) enum Place {
    /// A name in a directory of the host.
    Entry(Entry),
    /// The root of a mount.
    MountRoot(Arc<OwnedFd>),
    /// A directory that is there because there are mounts below it.
    Synthetic,
}

/// A name in a directory of the host.
pub(super) struct Entry {
    pub(super) parent: Arc<OwnedFd>,
    pub(super) name: String,
    /// What was found under the name, if anything.
    pub(super) found: Option<Found>,
}

/// A file, directory or link, opened for nothing but being pointed at.
pub(super) struct Found {
    pub(super) fd: Arc<OwnedFd>,
    pub(super) stat: Stat,
}

/// Why the walk did not reach a place.
#[derive(Debug)]
enum Obstacle {
    Missing,
    NotADirectory,
    TooManyLinks,
    NameTooLong,
    Unmounted,
    LinkNotText,
    System(Errno),
}

/// The end of a walk, whose outcome nobody has been permitted to know yet.
pub(super) struct Resolved {
    path: String,
    mount: Option<usize>,
    outcome: std::result::Result<Place, Obstacle>,
    given: String,
    /// If the way led through a link that the component may know nothing about: what the path would have been, had the
    /// link been none.
    veil: Option<String>,
}

/// The end of a walk, and the permits to do something there.
pub(super) struct Target {
    /// Held as long as the place can be reached: there is no target without them.
    _permits: Vec<Permit>,
    path: String,
    mount: Option<usize>,
    outcome: std::result::Result<Place, Obstacle>,
    given: String,
}

impl Target {
    /// The resolved guest path, the one that is permitted.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The mount it is in; none for a directory above all mounts.
    pub(super) fn mount(&self) -> Option<usize> {
        self.mount
    }

    /// The place, or why there is none.
    pub(super) fn place(&self) -> Result<&Place> {
        let given = || self.given.clone();
        self.outcome.as_ref().map_err(|obstacle| match obstacle {
            Obstacle::Missing | Obstacle::Unmounted => FilesystemError::NotFound(given()),
            Obstacle::NotADirectory => FilesystemError::NotADirectory(given()),
            Obstacle::TooManyLinks => FilesystemError::TooManyLinks(given()),
            Obstacle::NameTooLong => FilesystemError::NameTooLong(given()),
            Obstacle::LinkNotText => FilesystemError::Io("a link on the way is not UTF-8".to_owned()),
            Obstacle::System(errno) => FilesystemError::from_errno(*errno, &self.given),
        })
    }

    /// The name in a directory that the path ends with.
    ///
    /// # Errors
    /// There is no place; or it is the root of the guest's tree or of a mount, which is a directory without a name.
    pub(super) fn entry(&self) -> Result<&Entry> {
        match self.place()? {
            Place::Entry(entry) => Ok(entry),
            Place::MountRoot(_) | Place::Synthetic => Err(FilesystemError::IsADirectory(self.given.clone())),
        }
    }

    /// What is there.
    pub(super) fn found(&self) -> Result<Existing<'_>> {
        match self.place()? {
            Place::Entry(Entry { found: Some(found), parent, name }) => Ok(Existing::Entry { parent, name, found }),
            Place::Entry(_) => Err(FilesystemError::NotFound(self.given.clone())),
            Place::MountRoot(root) => Ok(Existing::MountRoot(root)),
            Place::Synthetic => Ok(Existing::Synthetic),
        }
    }

    /// The error for a system call that failed there.
    pub(super) fn failed(&self, errno: Errno) -> FilesystemError {
        FilesystemError::from_errno(errno, &self.given)
    }

    /// The path as the guest gave it, for errors.
    pub(super) fn given(&self) -> String {
        self.given.clone()
    }
}

/// What is at the end of a path.
pub(super) enum Existing<'a> {
    Entry { parent: &'a OwnedFd, name: &'a str, found: &'a Found },
    MountRoot(&'a OwnedFd),
    Synthetic,
}

impl Filesystem {
    /// Walks to the end of a guest path.
    ///
    /// # Errors
    /// Only those that the text of the path alone shows.
    pub(super) fn resolve(&self, given: &str, final_link: FinalLink) -> Result<Resolved> {
        let segments = path::segments(given)?;
        let mut walk = Walk::new(self, segments.iter().map(|segment| (*segment).to_owned()).collect());
        let outcome = walk.run(final_link);
        let veil = walk.veil.take();
        let (path, mount) = walk.end(&outcome);
        Ok(Resolved { path, mount, outcome, given: given.to_owned(), veil })
    }

    /// Whether the component may do this; for leaving out, never for letting happen.
    pub(super) fn allows(&self, action: FilesystemAction, path: &str) -> bool {
        self.0.gate.allows(&Access::Filesystem { action, path: path.to_owned() })
    }

    /// Asks for one path that was reached from a permitted one.
    pub(super) fn ask(&self, operation: Operation, action: FilesystemAction, path: &str) -> Result<Permit> {
        let access = Access::Filesystem { action, path: path.to_owned() };
        Ok(self.0.gate.authorize(self.asking(operation), access)?)
    }

    /// Whether there is anything that the component may do with this path, so that it may know what is there.
    pub(super) fn may_know(&self, path: &str) -> bool {
        use FilesystemAction::{Delete, List, Read, Write};
        [Read, List, Write, Delete].into_iter().any(|action| self.allows(action, path))
    }
}

impl Resolved {
    /// The resolved guest path.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// What is there, if anything. No guest may get to know it without a permit.
    pub(super) fn into_place(self) -> Option<Place> {
        self.outcome.ok()
    }

    /// Whether it is in a mount where nothing may be changed.
    pub(super) fn is_read_only(&self, filesystem: &Filesystem) -> bool {
        self.mount.is_some_and(|mount| filesystem.0.mounts.get(mount).read_only)
    }

    /// Whether there is nothing, for an operation that only what is missing has to be asked for. The guest must not learn
    /// it without a permit.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.outcome, Ok(Place::Entry(Entry { found: None, .. })) | Err(_))
    }

    /// Asks for all of these actions.
    pub(super) fn authorize(
        self,
        filesystem: &Filesystem,
        operation: Operation,
        actions: &[FilesystemAction],
    ) -> Result<Target> {
        let unmounted = self.mount.is_none() && matches!(self.outcome, Err(Obstacle::Unmounted));
        let read_only = self.is_read_only(filesystem);
        let operation = filesystem.asking(operation);
        let mut permits = Vec::with_capacity(actions.len());
        for action in actions {
            let access = Access::Filesystem { action: *action, path: self.path.clone() };
            let changes = matches!(action, FilesystemAction::Write | FilesystemAction::Delete);
            let decision = if unmounted || (changes && read_only) {
                Err(filesystem.0.gate.refuse(operation, &access))
            } else {
                filesystem.0.gate.authorize(operation, access)
            };
            permits.push(decision.map_err(|denial| self.veiled(filesystem, *action, denial))?);
        }
        Ok(Target { _permits: permits, path: self.path, mount: self.mount, outcome: self.outcome, given: self.given })
    }

    /// Asks for one of these actions; if none is allowed, the first is what is missing.
    pub(super) fn authorize_any(
        self,
        filesystem: &Filesystem,
        operation: Operation,
        actions: &[FilesystemAction],
    ) -> Result<Target> {
        let allowed = actions.iter().find(|action| filesystem.allows(**action, &self.path));
        let action = allowed.or(actions.first()).copied();
        self.authorize(filesystem, operation, action.as_slice())
    }

    /// A denial that does not tell where a link leads that the component may know nothing about. The audit log has the
    /// truth.
    fn veiled(&self, filesystem: &Filesystem, action: FilesystemAction, denial: Denial) -> Denial {
        match &self.veil {
            Some(veil) if !filesystem.allows(action, veil) => {
                let access = Access::Filesystem { action, path: veil.clone() };
                let missing = Permissions::covering(&access).map(|line| line.to_string()).unwrap_or_default();
                Denial { resource: veil.clone(), missing, ..denial }
            }
            _ => denial,
        }
    }
}

/// A directory that the walk has come through.
struct Level {
    directory: Directory,
    /// Its name, empty for the root.
    name: String,
    is_mount_root: bool,
}

#[derive(Clone)]
enum Directory {
    Real { fd: Arc<OwnedFd>, mount: usize },
    Synthetic,
}

struct Walk<'a> {
    filesystem: &'a Filesystem,
    levels: Vec<Level>,
    pending: VecDeque<String>,
    links: u32,
    veil: Option<String>,
    /// The last segment, when the walk ends at something that is no directory.
    last: Option<String>,
}

impl<'a> Walk<'a> {
    fn new(filesystem: &'a Filesystem, pending: VecDeque<String>) -> Self {
        let root = match filesystem.0.mounts.at("/") {
            Some(mount) => {
                let fd = filesystem.0.mounts.get(mount).root.clone();
                Level { directory: Directory::Real { fd, mount }, name: String::new(), is_mount_root: true }
            }
            None => Level { directory: Directory::Synthetic, name: String::new(), is_mount_root: false },
        };
        Walk { filesystem, levels: vec![root], pending, links: 0, veil: None, last: None }
    }

    fn run(&mut self, final_link: FinalLink) -> std::result::Result<Place, Obstacle> {
        while let Some(segment) = self.pending.pop_front() {
            if segment == ".." {
                if self.levels.len() > 1 {
                    self.levels.pop();
                }
                continue;
            }
            let path = self.path_of(&segment);
            // A directory that is left again: whether it exists is nobody's business who may do nothing with it, and
            // the same path must then give the same answer whether it does or not.
            if let Some(left) = self.leaves_again()
                && !self.filesystem.may_know(&path)
            {
                self.pending.drain(..=left);
                continue;
            }
            if let Some(place) = self.step(segment, path, final_link)? {
                return Ok(place);
            }
        }
        self.directory_reached()
    }

    /// Goes one segment on. Gives the place if the walk ends there.
    fn step(
        &mut self,
        segment: String,
        path: String,
        final_link: FinalLink,
    ) -> std::result::Result<Option<Place>, Obstacle> {
        let mounts = &self.filesystem.0.mounts;
        if let Some(mount) = mounts.at(&path) {
            let fd = mounts.get(mount).root.clone();
            self.levels.push(Level { directory: Directory::Real { fd, mount }, name: segment, is_mount_root: true });
            return Ok(None);
        }
        // Mounts below it make a directory of it, whatever the host has there.
        let is_synthetic = mounts.any_below(&path);
        let here = self.levels.last().map_or(Directory::Synthetic, |level| level.directory.clone());
        let Directory::Real { fd: parent, mount } = here else {
            return if is_synthetic {
                self.enter_synthetic(segment)
            } else {
                self.obstacle(segment, Obstacle::Unmounted)
            };
        };
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&*parent, segment.as_str(), flags, Mode::empty())
            .and_then(|fd| Stat::of(&fd).map(|stat| Found { fd: Arc::new(fd), stat }));
        match opened {
            Ok(found) if found.stat.is_directory() => {
                if self.levels.len() > MAX_DEPTH {
                    return self.obstacle(segment, Obstacle::NameTooLong);
                }
                let directory = Directory::Real { fd: found.fd, mount };
                self.levels.push(Level { directory, name: segment, is_mount_root: false });
                Ok(None)
            }
            _ if is_synthetic => self.enter_synthetic(segment),
            Err(Errno::NOENT) if self.pending.is_empty() => Ok(Some(self.entry(parent, segment, None))),
            Err(Errno::NOENT) => self.obstacle(segment, Obstacle::Missing),
            Err(Errno::NAMETOOLONG) => self.obstacle(segment, Obstacle::NameTooLong),
            Err(errno) => self.obstacle(segment, Obstacle::System(errno)),
            Ok(found) => {
                let is_link = found.stat.file_type() == FileType::SymbolicLink;
                let is_last = self.pending.is_empty();
                match (is_link, is_last) {
                    (true, true) if final_link == FinalLink::Keep => Ok(Some(self.entry(parent, segment, Some(found)))),
                    (true, _) => self.follow(&found, segment, path),
                    (false, true) => Ok(Some(self.entry(parent, segment, Some(found)))),
                    (false, false) => self.obstacle(segment, Obstacle::NotADirectory),
                }
            }
        }
    }

    fn entry(&mut self, parent: Arc<OwnedFd>, name: String, found: Option<Found>) -> Place {
        self.last = Some(name.clone());
        Place::Entry(Entry { parent, name, found })
    }

    fn enter_synthetic(&mut self, name: String) -> std::result::Result<Option<Place>, Obstacle> {
        self.levels.push(Level { directory: Directory::Synthetic, name, is_mount_root: false });
        Ok(None)
    }

    /// Ends the walk at this segment, which is still part of the path that was asked for.
    fn obstacle(&mut self, segment: String, obstacle: Obstacle) -> std::result::Result<Option<Place>, Obstacle> {
        self.pending.push_front(segment);
        Err(obstacle)
    }

    fn follow(&mut self, found: &Found, segment: String, path: String) -> std::result::Result<Option<Place>, Obstacle> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return self.obstacle(segment, Obstacle::TooManyLinks);
        }
        if self.veil.is_none() && !self.filesystem.may_know(&path) {
            let rest = self.pending.iter().map(String::as_str);
            let names = path.split('/').filter(|name| !name.is_empty());
            self.veil = Some(path::absolute(&path::fold(names.chain(rest))));
        }
        let text = match rustix::fs::readlinkat(&*found.fd, "", Vec::new()) {
            Ok(text) => text,
            Err(errno) => return self.obstacle(segment, Obstacle::System(errno)),
        };
        let Ok(text) = text.to_str() else {
            return self.obstacle(segment, Obstacle::LinkNotText);
        };
        if text.starts_with('/') {
            self.levels.truncate(1);
        }
        for name in text.rsplit('/').filter(|name| !matches!(*name, "" | ".")) {
            self.pending.push_front(name.to_owned());
        }
        Ok(None)
    }

    /// Where in what is pending the segment before it is left again by a `..`, if it is.
    fn leaves_again(&self) -> Option<usize> {
        let mut depth = 1_usize;
        for (index, segment) in self.pending.iter().enumerate() {
            if segment == ".." {
                depth -= 1
            } else {
                depth += 1
            }
            if depth == 0 {
                return Some(index);
            }
        }
        None
    }

    fn directory_reached(&self) -> std::result::Result<Place, Obstacle> {
        let Some((level, above)) = self.levels.split_last() else { return Ok(Place::Synthetic) };
        match (&level.directory, above.last().map(|parent| &parent.directory)) {
            (Directory::Real { fd, .. }, _) if level.is_mount_root => Ok(Place::MountRoot(fd.clone())),
            (Directory::Real { fd, .. }, Some(Directory::Real { fd: parent, .. })) => {
                let stat = Stat::of(&**fd).map_err(Obstacle::System)?;
                let found = Some(Found { fd: fd.clone(), stat });
                Ok(Place::Entry(Entry { parent: parent.clone(), name: level.name.clone(), found }))
            }
            _ => Ok(Place::Synthetic),
        }
    }

    fn path_of(&self, segment: &str) -> String {
        let names = self.levels.iter().skip(1).map(|level| level.name.as_str());
        path::absolute(&names.chain([segment]).collect::<Vec<_>>())
    }

    /// The path that the walk stands for, and its mount. Where the walk could not go on, the rest is taken by its text.
    fn end(&self, outcome: &std::result::Result<Place, Obstacle>) -> (String, Option<usize>) {
        let names = self.levels.iter().skip(1).map(|level| level.name.as_str());
        let rest = self.pending.iter().map(String::as_str);
        let names: Vec<&str> = names.chain(self.last.as_deref()).collect();
        let mut path = path::absolute(&path::fold(names.iter().copied().chain(rest)));
        if path.len() > path::MAX_PATH_BYTES {
            // Only links can make it that long; what they lead to past this is not asked about.
            let here = self.pending.front().map(String::as_str);
            path = path::absolute(&names.into_iter().chain(here).collect::<Vec<_>>());
        }
        let mount = self.filesystem.0.mounts.containing(&path);
        let is_directory_above = matches!(outcome, Ok(Place::Synthetic));
        (path, mount.filter(|_| !is_directory_above))
    }
}
