//! `files`: whole files, and opening them.

use std::io::Read as _;

use airssys_wasm_policy::FilesystemAction::{Delete, Read, Write};
use airssys_wasm_policy::Operation;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;

use super::atomic_file::AtomicFile;
use super::attempt::{Attempt, Interrupted};
use super::handle::{FileMode, read_up_to};
use super::path::Ending;
use super::resolve::{Existing, Target};
use super::stat::Stat;
use super::walk::{Entry, FinalLink, Found};
use super::{File, FileType, Filesystem, FilesystemError, OnExisting, OpenFlags, Result};

const OPEN: Operation = Operation("ext-filesystem/files.open");
const READ_FILE: Operation = Operation("ext-filesystem/files.read-file");
const WRITE_FILE: Operation = Operation("ext-filesystem/files.write-file");
const APPEND_FILE: Operation = Operation("ext-filesystem/files.append-file");
const DELETE_FILE: Operation = Operation("ext-filesystem/files.delete-file");
const COPY_FILE: Operation = Operation("ext-filesystem/files.copy-file");

/// For each file that is opened: no link is followed, and nothing waits for whatever is behind a pipe or a device.
const SAFELY: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// Copied at a time, before it is asked whether anybody still waits for it.
const COPY_STEP_BYTES: u64 = 64 << 20;

/// Of a file that is created, less what the process masks out.
const NEW_FILE: Mode = Mode::from_bits_truncate(0o666);

impl Filesystem {
    /// `files.open`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn open(&self, path: &str, flags: OpenFlags) -> Result<File> {
        self.open_for(OPEN, path, flags)
    }

    /// Opens a file on behalf of any operation.
    pub(super) fn open_for(&self, operation: Operation, path: &str, flags: OpenFlags) -> Result<File> {
        if !(flags.read || flags.write || flags.append) {
            return Err(FilesystemError::InvalidArgument("one of read, write and append must be set".to_owned()));
        }
        if flags.truncate && !flags.write {
            return Err(FilesystemError::InvalidArgument("truncate needs write".to_owned()));
        }
        let writes = flags.write || flags.append;
        let mode = FileMode { read: flags.read, write: writes, append: flags.append };
        let mut actions = Vec::with_capacity(2);
        if flags.read {
            actions.push(Read);
        }
        if writes || flags.create || flags.create_new {
            actions.push(Write);
        }
        let mut access = match (flags.read, writes) {
            (true, true) => OFlags::RDWR,
            (false, true) => OFlags::WRONLY,
            _ => OFlags::RDONLY,
        };
        access.set(OFlags::APPEND, flags.append);
        let create = flags.create || flags.create_new;
        let final_link = match (flags.no_follow || flags.create_new, create) {
            (true, true) => FinalLink::Keep,
            (true, false) => FinalLink::KeepUnlessSlash,
            (false, _) => FinalLink::Follow,
        };

        self.attempt(|| {
            let target = self.resolve(path, final_link)?.authorize(self, operation, &actions)?;
            if flags.create_new && target.ending() != Ending::Slash && target.found().is_ok() {
                return Err(FilesystemError::AlreadyExists(path.to_owned()).into());
            }
            let entry = if create { target.file_entry()? } else { target.entry()? };
            let slot = self.take_slot()?;
            let (file, stat) = match &entry.found {
                Some(found) => open_found(&target, entry, found, access)?,
                None if create => self.create(&target, entry, access)?,
                None => return Err(target.failed(Errno::NOENT).into()),
            };
            if flags.truncate {
                self.resizing(&file, 0, || rustix::fs::ftruncate(&file, 0).map_err(|errno| target.failed(errno)))?;
            }
            Ok(File::new(self, file, &stat, mode, path, slot))
        })
    }

    /// `files.read-file`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn read_file(&self, path: &str) -> Result<Vec<u8>> {
        let limit = self.shared.limits.max_read_file_bytes;
        self.attempt(|| {
            let target = self.resolve(path, FinalLink::Follow)?.authorize(self, READ_FILE, &[Read])?;
            let (file, stat) = open_existing(&target, OFlags::RDONLY)?;
            let too_large = || FilesystemError::QuotaExceeded(format!("a file of more than {limit} bytes"));
            if stat.size() > limit {
                return Err(too_large().into());
            }
            // One byte more: the file may grow, and some files do not know their size.
            let data = read_up_to(&file, 0, limit.saturating_add(1)).map_err(|errno| target.failed(errno))?;
            if data.len() as u64 > limit { Err(too_large().into()) } else { Ok(data) }
        })
    }

    /// `files.write-file`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn write_file(&self, path: &str, data: &[u8]) -> Result<()> {
        self.attempt(|| {
            let target = self.resolve(path, FinalLink::Follow)?.authorize(self, WRITE_FILE, &[Write])?;
            let entry = target.file_entry()?;
            let old =
                entry.found.as_ref().map(|found| regular(&target, &found.stat).map(|()| &found.stat)).transpose()?;
            let new = AtomicFile::create(self, &entry.parent, old.is_some()).map_err(|errno| target.failed(errno))?;
            new.fill(data, path)?;
            if let Some(old) = old {
                keep_owner_and_permissions(new.file(), old).map_err(|errno| target.failed(errno))?;
            }
            // Otherwise the name could reach the device before the content, and a crash would leave an empty file.
            rustix::fs::fsync(new.file()).map_err(|errno| target.failed(errno))?;
            new.persist(&entry.parent, &entry.name, OnExisting::Replace).map_err(|errno| match errno {
                Errno::NOTEMPTY | Errno::EXIST => Interrupted::Moved,
                other => target.failed(other).into(),
            })?;
            if let Some(old) = old {
                self.note_removed(old);
            }
            Ok(())
        })
    }

    /// `files.append-file`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn append_file(&self, path: &str, data: &[u8]) -> Result<()> {
        self.attempt(|| {
            let target = self.resolve(path, FinalLink::Follow)?.authorize(self, APPEND_FILE, &[Write])?;
            let entry = target.file_entry()?;
            let access = OFlags::WRONLY | OFlags::APPEND;
            let (file, _) = match &entry.found {
                Some(found) => open_found(&target, entry, found, access)?,
                None => self.create(&target, entry, access)?,
            };
            let appended = self.append(&file, data, path)?;
            if appended.written < data.len() {
                return Err(FilesystemError::QuotaExceeded("the device is full".to_owned()).into());
            }
            Ok(())
        })
    }

    /// `files.delete-file`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn delete_file(&self, path: &str) -> Result<()> {
        self.attempt(|| {
            let target = self.resolve(path, FinalLink::Keep)?.authorize(self, DELETE_FILE, &[Delete])?;
            let Existing::Entry { parent, name, found } = target.found()? else {
                return Err(target.failed(Errno::ISDIR).into());
            };
            if found.stat.is_directory() {
                return Err(target.failed(Errno::ISDIR).into());
            }
            rustix::fs::unlinkat(parent, name, AtFlags::empty()).map_err(|errno| target.failed(errno))?;
            self.note_removed(&found.stat);
            Ok(())
        })
    }

    /// `files.copy-file`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn copy_file(&self, source: &str, destination: &str, on_existing: OnExisting) -> Result<u64> {
        self.attempt(|| {
            let from = self.resolve(source, FinalLink::Follow)?.authorize(self, COPY_FILE, &[Read])?;
            let to = self.resolve(destination, FinalLink::Follow)?.authorize(self, COPY_FILE, &[Write])?;
            let (file, stat) = open_existing(&from, OFlags::RDONLY)?;
            let entry = to.file_entry()?;
            if from.path() == to.path() {
                let problem = "source and destination are the same file";
                return Err(FilesystemError::InvalidArgument(problem.to_owned()).into());
            }
            let old = entry.found.as_ref().map(|found| regular(&to, &found.stat).map(|()| &found.stat)).transpose();
            if entry.found.is_some() && on_existing == OnExisting::Fail {
                return Err(to.failed(Errno::EXIST).into());
            }
            let old = old?;
            // It gets the permissions of the source, which may be few.
            let new = AtomicFile::create(self, &entry.parent, true).map_err(|errno| to.failed(errno))?;
            let copied = self.copy_content(file, stat.size(), &new, &to)?;
            let mode = Mode::from_bits_truncate(stat.mode() & 0o777);
            rustix::fs::fchmod(new.file(), mode).map_err(|errno| to.failed(errno))?;
            new.persist(&entry.parent, &entry.name, on_existing).map_err(|errno| to.failed(errno))?;
            if let Some(old) = old {
                self.note_removed(old);
            }
            Ok(copied)
        })
    }

    fn copy_content(&self, source: OwnedFd, size: u64, new: &AtomicFile, to: &Target) -> Result<u64> {
        let failed =
            |error: std::io::Error| to.failed(error.raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error));
        let mut writer = std::fs::File::from(new.file().try_clone().map_err(failed)?);
        // No more than was counted, should the source grow meanwhile.
        let mut reader = std::fs::File::from(source).take(size);
        self.resizing(new.file(), size, || {
            let mut copied = 0;
            loop {
                self.check_awaited()?;
                match std::io::copy(&mut reader.by_ref().take(COPY_STEP_BYTES), &mut writer).map_err(failed)? {
                    0 => return Ok(copied),
                    step => copied += step,
                }
            }
        })
    }

    /// Creates a file where nothing was found.
    fn create(&self, target: &Target, entry: &Entry, access: OFlags) -> Attempt<(OwnedFd, Stat)> {
        let flags = access | OFlags::CREATE | OFlags::EXCL | SAFELY;
        let file = match rustix::fs::openat(&*entry.parent, entry.name.as_str(), flags, NEW_FILE) {
            Ok(file) => file,
            Err(Errno::EXIST) => return Err(Interrupted::Moved),
            Err(errno) => return Err(target.failed(errno).into()),
        };
        let stat = Stat::of(&file).map_err(|errno| target.failed(errno))?;
        Ok((file, stat))
    }
}

/// Opens the file that a path leads to.
fn open_existing(target: &Target, access: OFlags) -> Attempt<(OwnedFd, Stat)> {
    let entry = target.entry()?;
    match &entry.found {
        Some(found) => open_found(target, entry, found, access),
        None => Err(target.failed(Errno::NOENT).into()),
    }
}

/// Opens the file that was found. Should something else be there by now, it is not opened, or closed unread.
fn open_found(target: &Target, entry: &Entry, found: &Found, access: OFlags) -> Attempt<(OwnedFd, Stat)> {
    regular(target, &found.stat)?;
    let file = match rustix::fs::openat(&*entry.parent, entry.name.as_str(), access | SAFELY, Mode::empty()) {
        Ok(file) => file,
        Err(Errno::LOOP | Errno::NOENT | Errno::NXIO | Errno::ISDIR) => return Err(Interrupted::Moved),
        Err(errno) => return Err(target.failed(errno).into()),
    };
    let stat = Stat::of(&file).map_err(|errno| target.failed(errno))?;
    if stat.is_regular() { Ok((file, stat)) } else { Err(Interrupted::Moved) }
}

/// Only regular files have content.
fn regular(target: &Target, stat: &Stat) -> Result<()> {
    match stat.file_type() {
        FileType::Regular => Ok(()),
        FileType::Directory => Err(target.failed(Errno::ISDIR)),
        FileType::SymbolicLink => Err(target.failed(Errno::LOOP)),
        FileType::Other => Err(FilesystemError::Unsupported("pipes, sockets and devices cannot be opened".to_owned())),
    }
}

/// A replaced file shall look as if only its content had changed. It is at no time readable by more than the old one.
fn keep_owner_and_permissions(file: &OwnedFd, old: &Stat) -> std::result::Result<(), Errno> {
    let (user, group) = old.owner();
    let (user, group) = (Some(Uid::from_raw(user)), Some(Gid::from_raw(group)));
    let mut mode = old.mode() & 0o777;
    if Stat::of(file)?.owner() != old.owner() && rustix::fs::fchown(file, user, group).is_err() {
        // Only a privileged host can; for any other the file becomes its own, as with every program that replaces files.
        // It may keep the group, if it is in that. Another group gets no more than everybody.
        let _ = rustix::fs::fchown(file, None, group);
        if Stat::of(file)?.owner().1 != old.owner().1 {
            mode &= !0o070 | (mode & 0o007) << 3;
        }
    }
    rustix::fs::fchmod(file, Mode::from_bits_truncate(mode))
}
