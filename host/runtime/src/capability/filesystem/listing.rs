//! What is in a directory: the host's entries, and the mounts.

use std::collections::{BTreeSet, btree_set};
use std::ffi::{CStr, CString};

use rustix::fd::{AsFd, BorrowedFd};
use rustix::fs::{Dir, Mode, OFlags};
use rustix::io::Errno;

use crate::capability::descriptors::Taken;

use super::attempt::{Attempt, Interrupted};
use super::resolve::{Existing, Target};
use super::stat::{self, Stat};
use super::temporary_name::is_temporary;
use super::{DirectoryEntry, FileType, Filesystem};

/// A directory that is being read, entry by entry, in no particular order.
pub(super) struct Listing {
    /// None for a directory that is there only because mounts are below it.
    host: Option<Dir>,
    mounts: BTreeSet<String>,
    mounts_to_come: btree_set::IntoIter<String>,
    with_temporary: bool,
    /// Of the descriptor, where one operation may have many of them open.
    _taken: Option<Taken>,
}

/// One entry.
pub(super) struct ListedEntry {
    /// As the host has it.
    pub(super) raw: CString,
    /// As the guest sees it. A name that is no UTF-8 shows, so that the directory does not look empty, but leads nowhere.
    pub(super) name: String,
    pub(super) file_type: FileType,
}

impl ListedEntry {
    pub(super) fn is_directory(&self) -> bool {
        self.file_type == FileType::Directory
    }
}

impl From<ListedEntry> for DirectoryEntry {
    fn from(entry: ListedEntry) -> Self {
        DirectoryEntry { name: entry.name, file_type: entry.file_type }
    }
}

impl Listing {
    fn new(host: Option<Dir>, mounts: BTreeSet<String>) -> Self {
        Listing { host, mounts_to_come: mounts.clone().into_iter(), mounts, with_temporary: false, _taken: None }
    }

    /// Shows what is hidden from guests, for whoever removes it.
    pub(super) fn with_temporary(mut self) -> Self {
        self.with_temporary = true;
        self
    }

    /// The directory, to do something with an entry.
    pub(super) fn fd(&self) -> Result<BorrowedFd<'_>, Errno> {
        self.host.as_ref().ok_or(Errno::NOENT)?.fd()
    }

    /// More about an entry.
    pub(super) fn stat(&self, entry: &ListedEntry) -> Result<Stat, Errno> {
        Stat::at(self.fd()?, entry.raw.as_c_str())
    }

    /// The text of an entry that is a link.
    pub(super) fn read_link(&self, entry: &ListedEntry) -> Result<CString, Errno> {
        rustix::fs::readlinkat(self.fd()?, entry.raw.as_c_str(), Vec::new())
    }

    fn next_of_host(&mut self) -> Option<Result<ListedEntry, Errno>> {
        let host = self.host.as_mut()?;
        loop {
            let entry = match host.next()? {
                Ok(entry) => entry,
                Err(errno) => return Some(Err(errno)),
            };
            let raw = entry.file_name();
            let name = raw.to_string_lossy();
            let is_hidden = !self.with_temporary && is_temporary(raw.to_bytes());
            if matches!(raw.to_bytes(), b"." | b"..") || is_hidden || self.mounts.contains(&*name) {
                continue;
            }
            let file_type = match entry.file_type() {
                rustix::fs::FileType::Unknown => match host.fd().and_then(|directory| Stat::at(directory, raw)) {
                    Ok(stat) => stat.file_type(),
                    Err(Errno::NOENT) => continue,
                    Err(errno) => return Some(Err(errno)),
                },
                known => stat::file_type(known),
            };
            return Some(Ok(ListedEntry { raw: raw.to_owned(), name: name.into_owned(), file_type }));
        }
    }
}

impl Iterator for Listing {
    type Item = Result<ListedEntry, Errno>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(name) = self.mounts_to_come.next() {
            let raw = CString::new(name.as_str()).map_err(|_| Errno::INVAL);
            return Some(raw.map(|raw| ListedEntry { raw, name, file_type: FileType::Directory }));
        }
        self.next_of_host()
    }
}

fn open(parent: impl AsFd, name: &CStr) -> Result<Dir, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Dir::new(rustix::fs::openat(parent, name, flags, Mode::empty())?)
}

impl Filesystem {
    /// Starts reading the directory that a path leads to.
    pub(super) fn listing(&self, target: &Target) -> Attempt<Listing> {
        let host = match target.found()? {
            Existing::MountRoot(root) => Some(open(root, c".")),
            Existing::Entry { found, .. } if found.stat.is_directory() => Some(open(&*found.fd, c".")),
            Existing::Entry { .. } => return Err(target.failed(Errno::NOTDIR).into()),
            Existing::Synthetic => None,
        };
        let host = host.transpose().map_err(|errno| match errno {
            Errno::NOENT => Interrupted::Moved,
            other => target.failed(other).into(),
        })?;
        Ok(Listing::new(host, self.shared.mounts.names_in(target.path())))
    }

    /// Starts reading a directory in a directory, at whatever depth below `_root`, which is what was permitted; `path` is
    /// its guest path. None if it is gone or no directory any more.
    pub(super) fn listing_below(
        &self,
        _root: &Target,
        parent: &Listing,
        entry: &ListedEntry,
        path: &str,
    ) -> Result<Option<Listing>, Errno> {
        let mounts = self.shared.mounts.names_in(path);
        let taken = self.shared.descriptors.take(1).ok_or(Errno::MFILE)?;
        let host = match self.shared.mounts.at(path) {
            Some(mount) => open(&*self.shared.mounts.get(mount).root, c"."),
            None => parent.fd().and_then(|parent| open(parent, &entry.raw)),
        };
        match host {
            Ok(host) => Ok(Some(Listing { _taken: Some(taken), ..Listing::new(Some(host), mounts) })),
            Err(_) if !mounts.is_empty() => Ok(Some(Listing::new(None, mounts))),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(errno) => Err(errno),
        }
    }
}
