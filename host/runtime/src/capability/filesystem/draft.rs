//! Files that are complete before they get their name.

use std::sync::Arc;

use rand::Rng as _;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::handle::write_all;
use super::stat::Stat;
use super::{Filesystem, FilesystemError, OnExisting};

const PREFIX: &[u8] = b".airssys-";
const SUFFIX: &[u8] = b".draft";
const RANDOM_DIGITS: usize = 32;

/// A file under a name of its own in the directory it is for; gone when it is dropped, unless it was put in its place.
pub(super) struct Draft {
    filesystem: Filesystem,
    directory: Arc<OwnedFd>,
    name: String,
    file: OwnedFd,
    is_put: bool,
}

/// Whether this is the name of a draft: one being written, or one that a crash left. Guests do not see them.
pub(super) fn is_draft(name: &[u8]) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| random.len() == RANDOM_DIGITS && random.iter().all(u8::is_ascii_hexdigit))
}

/// A name for something that gets its own name later.
pub(super) fn draft_name() -> String {
    let random: u128 = rand::rng().random();
    format!(".airssys-{random:032x}.draft")
}

impl Draft {
    /// With the permissions of any new file, less what the process masks out; or, until they are set, for nobody but the
    /// host's user: what it takes the place of may be readable by few.
    pub(super) fn create(filesystem: &Filesystem, directory: &Arc<OwnedFd>, is_private: bool) -> Result<Self, Errno> {
        let name = draft_name();
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_bits_truncate(if is_private { 0o600 } else { 0o666 });
        let file = rustix::fs::openat(&**directory, name.as_str(), flags, mode)?;
        Ok(Draft { filesystem: filesystem.clone(), directory: directory.clone(), name, file, is_put: false })
    }

    pub(super) fn file(&self) -> &OwnedFd {
        &self.file
    }

    /// Writes the content, all of it; `path` is for errors.
    pub(super) fn fill(&self, data: &[u8], path: &str) -> Result<(), FilesystemError> {
        let full = || FilesystemError::QuotaExceeded("the device is full".to_owned());
        self.filesystem.resizing(&self.file, data.len() as u64, || {
            match write_all(data, |rest, _| rustix::io::write(&self.file, rest)) {
                Ok(written) if written == data.len() => Ok(()),
                Ok(_) => Err(full()),
                Err(errno) => Err(FilesystemError::from_errno(errno, path)),
            }
        })
    }

    /// Gives it its name.
    pub(super) fn put(mut self, directory: &OwnedFd, name: &str, on_existing: OnExisting) -> Result<(), Errno> {
        put(&self.directory, &self.name, directory, name, on_existing)?;
        self.is_put = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.is_put {
            return;
        }
        let stat = Stat::of(&self.file);
        let _ = rustix::fs::unlinkat(&*self.directory, self.name.as_str(), AtFlags::empty());
        if let Ok(stat) = stat {
            self.filesystem.note_removed(&stat);
        }
    }
}

/// Moves what is under one name to another.
pub(super) fn put(
    from: &OwnedFd,
    name: &str,
    to: &OwnedFd,
    new_name: &str,
    on_existing: OnExisting,
) -> Result<(), Errno> {
    match on_existing {
        OnExisting::Replace => rustix::fs::renameat(from, name, to, new_name),
        OnExisting::Fail => match rustix::fs::renameat_with(from, name, to, new_name, RenameFlags::NOREPLACE) {
            // Some network filesystems cannot; a hard link fails where there is something, too, but is no way for
            // directories.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) if !Stat::at(from, name)?.is_directory() => {
                rustix::fs::linkat(from, name, to, new_name, AtFlags::empty())?;
                rustix::fs::unlinkat(from, name, AtFlags::empty())
            }
            done => done,
        },
    }
}
