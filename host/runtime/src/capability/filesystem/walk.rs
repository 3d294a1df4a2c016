//! The walk from the root of the guest's tree to the end of a path.
//!
//! The walk goes one segment at a time: each is opened without following it, relative to the directory reached so far,
//! so that it is under the mount however the tree changes meanwhile. A link is read, and its text taken as guest path.
//! `..` goes back to the directory that the walk came through. A path that ends in `/` or `/.` means a directory, as it
//! does for the operating system: it leads to nothing else, and a file is not made there.

use std::collections::VecDeque;
use std::sync::Arc;

use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::capability::descriptors::Taken;

use super::path::{self, Ending};
use super::stat::Stat;
use super::temporary_name::is_temporary;
use super::{FileType, Filesystem};

/// As many links as Linux follows.
const MAX_LINKS: u32 = 40;

/// Each level on the way is an open descriptor of the host process while the walk lasts.
pub(super) const MAX_DEPTH: usize = 128;

/// What to do with a link at the very end of the path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FinalLink {
    Follow,
    /// It is the link that is meant, which is no directory.
    Keep,
    /// It is the link that is meant, unless the path ends in `/` and asks for the directory that the link leads to.
    KeepUnlessSlash,
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
pub(super) enum Obstacle {
    Missing,
    NotADirectory,
    /// The path ends in `/`, and what is there is no directory.
    SlashBehindFile,
    TooManyLinks,
    NameTooLong,
    Unmounted,
    LinkNotText,
    System(Errno),
}

/// A directory that the walk has come through.
struct Level {
    directory: Directory,
    /// Its name, empty for the root.
    name: String,
    is_mount_root: bool,
    /// Of the descriptor, if it is the walk's own.
    _taken: Option<Taken>,
}

#[derive(Clone)]
enum Directory {
    Real { fd: Arc<OwnedFd>, mount: usize },
    Synthetic,
}

pub(super) struct Walk<'a> {
    filesystem: &'a Filesystem,
    levels: Vec<Level>,
    pending: VecDeque<String>,
    /// Of the path, or of the text of a link at its end.
    pub(super) ending: Ending,
    links: u32,
    pub(super) mask: Option<String>,
    /// The last segment, when the walk ends at something that is no directory.
    last: Option<String>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(filesystem: &'a Filesystem, pending: VecDeque<String>, ending: Ending) -> Self {
        let root = match filesystem.shared.mounts.at("/") {
            Some(mount) => {
                let fd = filesystem.shared.mounts.get(mount).root.clone();
                let directory = Directory::Real { fd, mount };
                Level { directory, name: String::new(), is_mount_root: true, _taken: None }
            }
            None => {
                let directory = Directory::Synthetic;
                Level { directory, name: String::new(), is_mount_root: false, _taken: None }
            }
        };
        Walk { filesystem, levels: vec![root], pending, ending, links: 0, mask: None, last: None }
    }

    pub(super) fn run(&mut self, final_link: FinalLink) -> std::result::Result<Place, Obstacle> {
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
        let mounts = &self.filesystem.shared.mounts;
        if let Some(mount) = mounts.at(&path) {
            let fd = mounts.get(mount).root.clone();
            let directory = Directory::Real { fd, mount };
            self.levels.push(Level { directory, name: segment, is_mount_root: true, _taken: None });
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
        if is_temporary(segment.as_bytes()) {
            // Only the text of a link can lead there.
            return self.obstacle(segment, Obstacle::Missing);
        }
        let opened = rustix::fs::openat(&*parent, segment.as_str(), flags, Mode::empty())
            .and_then(|fd| Stat::of(&fd).map(|stat| Found { fd: Arc::new(fd), stat }));
        match opened {
            Ok(found) if found.stat.is_directory() => {
                if self.levels.len() > MAX_DEPTH {
                    return self.obstacle(segment, Obstacle::NameTooLong);
                }
                let Some(taken) = self.filesystem.shared.descriptors.take(1) else {
                    return self.obstacle(segment, Obstacle::System(Errno::MFILE));
                };
                let directory = Directory::Real { fd: found.fd, mount };
                self.levels.push(Level { directory, name: segment, is_mount_root: false, _taken: Some(taken) });
                Ok(None)
            }
            _ if is_synthetic => self.enter_synthetic(segment),
            Err(Errno::NOENT) if self.pending.is_empty() && self.ending != Ending::Dot => {
                Ok(Some(self.entry(parent, segment, None)))
            }
            Err(Errno::NOENT) => self.obstacle(segment, Obstacle::Missing),
            Err(Errno::NAMETOOLONG) => self.obstacle(segment, Obstacle::NameTooLong),
            Err(errno) => self.obstacle(segment, Obstacle::System(errno)),
            Ok(found) => {
                let is_link = found.stat.file_type() == FileType::SymbolicLink;
                let is_last = self.pending.is_empty();
                match (is_link, is_last, self.ending) {
                    (true, true, Ending::Plain) if final_link != FinalLink::Follow => {
                        Ok(Some(self.entry(parent, segment, Some(found))))
                    }
                    (true, true, Ending::Slash) if final_link == FinalLink::Keep => {
                        self.obstacle(segment, Obstacle::SlashBehindFile)
                    }
                    (true, ..) => self.follow(&found, segment, path),
                    (false, true, Ending::Plain) => Ok(Some(self.entry(parent, segment, Some(found)))),
                    (false, true, Ending::Slash) => self.obstacle(segment, Obstacle::SlashBehindFile),
                    (false, ..) => self.obstacle(segment, Obstacle::NotADirectory),
                }
            }
        }
    }

    fn entry(&mut self, parent: Arc<OwnedFd>, name: String, found: Option<Found>) -> Place {
        self.last = Some(name.clone());
        Place::Entry(Entry { parent, name, found })
    }

    fn enter_synthetic(&mut self, name: String) -> std::result::Result<Option<Place>, Obstacle> {
        self.levels.push(Level { directory: Directory::Synthetic, name, is_mount_root: false, _taken: None });
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
        if self.mask.is_none() && !self.filesystem.may_know(&path) {
            let rest = self.pending.iter().map(String::as_str);
            let names = path.split('/').filter(|name| !name.is_empty());
            self.mask = Some(path::absolute(&path::fold(names.chain(rest))));
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
        if self.pending.is_empty() && self.ending == Ending::Plain {
            self.ending = Ending::of(text);
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
    pub(super) fn end(&self, outcome: &std::result::Result<Place, Obstacle>) -> (String, Option<usize>) {
        let names = self.levels.iter().skip(1).map(|level| level.name.as_str());
        let rest = self.pending.iter().map(String::as_str);
        let names: Vec<&str> = names.chain(self.last.as_deref()).collect();
        let mut path = path::absolute(&path::fold(names.iter().copied().chain(rest)));
        if path.len() > path::MAX_PATH_BYTES {
            // Only links can make it that long; what they lead to past this is not asked about.
            let here = self.pending.front().map(String::as_str);
            path = path::absolute(&names.into_iter().chain(here).collect::<Vec<_>>());
        }
        let mount = self.filesystem.shared.mounts.containing(&path);
        let is_directory_above = matches!(outcome, Ok(Place::Synthetic));
        (path, mount.filter(|_| !is_directory_above))
    }
}
