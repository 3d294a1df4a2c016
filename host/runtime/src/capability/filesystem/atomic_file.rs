//! Files that are complete before they get their name.

use std::sync::Arc;

use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::handle::write_all;
use super::stat::Stat;
use super::temporary_name::temporary_name;
use super::{Filesystem, FilesystemError, OnExisting};

/// A file under a temporary name in the directory it is for; gone when it is dropped, unless it was persisted.
pub(super) struct AtomicFile {
    filesystem: Filesystem,
    directory: Arc<OwnedFd>,
    name: String,
    file: OwnedFd,
    is_persisted: bool,
}

impl AtomicFile {
    /// With the permissions of any new file, less what the process masks out; or, until they are set, for nobody but the
    /// host's user: what it takes the place of may be readable by few.
    pub(super) fn create(filesystem: &Filesystem, directory: &Arc<OwnedFd>, is_private: bool) -> Result<Self, Errno> {
        let name = temporary_name();
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_bits_truncate(if is_private { 0o600 } else { 0o666 });
        let file = rustix::fs::openat(&**directory, name.as_str(), flags, mode)?;
        Ok(AtomicFile { filesystem: filesystem.clone(), directory: directory.clone(), name, file, is_persisted: false })
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
    pub(super) fn persist(mut self, directory: &OwnedFd, name: &str, on_existing: OnExisting) -> Result<(), Errno> {
        move_entry(&self.directory, &self.name, directory, name, on_existing)?;
        self.is_persisted = true;
        Ok(())
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if self.is_persisted {
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
pub(super) fn move_entry(
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
