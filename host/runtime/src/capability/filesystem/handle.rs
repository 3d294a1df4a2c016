//! `files.file`: an open file.

use std::io::IoSlice;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::fd::{AsFd, OwnedFd};
use rustix::io::{Errno, ReadWriteFlags};

use crate::capability::descriptors::Taken;
use crate::locked::locked;

use super::lock::FileLock;
use super::stat::{Inode, Stat};
use super::times::{times_not_set, timestamps};
use super::view::Shared;
use super::{FileTimes, Filesystem, FilesystemError, LockKind, Metadata, Result, SeekFrom, SyncKind};

/// The first allocation of a read, before it is known that there is more.
const FIRST_READ_BYTES: usize = 64 * 1024;

/// Offsets are signed for the operating system.
const MAX_OFFSET: u64 = i64::MAX as u64;

/// Writers who append to the same file take turns, so that what one of them writes stays together even if the operating
/// system takes it in pieces. Other processes see one write at a time of what it takes at once.
static APPENDING: [Mutex<()>; 64] = [const { Mutex::new(()) }; 64];

/// An open file. Clones are the same handle; with the last one the file is closed and its lock released.
#[derive(Clone)]
pub struct File(Arc<Handle>);

struct Handle {
    filesystem: Filesystem,
    file: OwnedFd,
    mode: FileMode,
    /// As the guest gave it, for errors.
    path: String,
    position: Mutex<u64>,
    lock: FileLock,
    _slot: Slot,
}

/// What a handle can do.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileMode {
    pub(super) read: bool,
    pub(super) write: bool,
    pub(super) append: bool,
}

/// One of the files that may be open at once.
pub(super) struct Slot(Arc<Shared>, #[allow(dead_code, reason = "held for what its end does")] Taken);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.open_files.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Filesystem {
    /// Counts one open file more.
    pub(super) fn take_slot(&self) -> Result<Slot> {
        let count: &AtomicU32 = &self.shared.open_files;
        let limit = self.shared.max_open_files;
        let descriptor = self.shared.descriptors.take(1).ok_or(FilesystemError::TooManyOpenFiles)?;
        count
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |open| (open < limit).then_some(open + 1))
            .map(|_| Slot(Arc::clone(&self.shared), descriptor))
            .map_err(|_| FilesystemError::TooManyOpenFiles)
    }

    /// Appends all of it, or as much as it can; the size is that of the file before.
    pub(super) fn append(&self, file: &OwnedFd, data: &[u8], path: &str) -> Result<Appended> {
        self.append_by(file, data, path, |rest| rustix::io::write(file, rest))
    }

    /// The same, with `write` to put a piece at the end of the file.
    fn append_by(
        &self,
        file: &OwnedFd,
        data: &[u8],
        path: &str,
        write: impl Fn(&[u8]) -> std::result::Result<usize, Errno>,
    ) -> Result<Appended> {
        let failed = |errno| FilesystemError::from_errno(errno, path);
        let inode = Stat::of(file).map_err(failed)?.inode();
        let _turn = locked(&APPENDING[(inode.spread() % APPENDING.len() as u64) as usize]);
        let end = Stat::of(file).map_err(failed)?.size();
        let written = self.resizing(file, end.saturating_add(data.len() as u64), || {
            write_all(data, |rest, _| write(rest)).map_err(failed)
        })?;
        Ok(Appended { end, written })
    }
}

pub(super) struct Appended {
    /// Where it was appended.
    pub(super) end: u64,
    pub(super) written: usize,
}

impl File {
    pub(super) fn new(
        filesystem: &Filesystem,
        file: OwnedFd,
        stat: &Stat,
        mode: FileMode,
        path: &str,
        slot: Slot,
    ) -> Self {
        filesystem.note_opened(stat);
        File(Arc::new(Handle {
            filesystem: filesystem.clone(),
            file,
            mode,
            path: path.to_owned(),
            position: Mutex::new(0),
            lock: FileLock::new(stat.inode()),
            _slot: slot,
        }))
    }

    /// The open file of the operating system, for a process to have as well.
    pub(super) fn descriptor(&self) -> std::io::Result<OwnedFd> {
        self.0.file.try_clone()
    }

    /// `files.file.read`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        let mut position = locked(&self.0.position);
        let data = self.read_bytes(*position, max_bytes)?;
        *position += data.len() as u64;
        Ok(data)
    }

    /// `files.file.read-at`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn read_at(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
        self.read_bytes(offset, max_bytes)
    }

    fn read_bytes(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
        if !self.0.mode.read {
            return Err(FilesystemError::InvalidArgument("the file is not open for reading".to_owned()));
        }
        let limit = u64::from(max_bytes).min(self.0.filesystem.shared.limits.max_read_bytes);
        if offset > MAX_OFFSET {
            return Ok(Vec::new());
        }
        read_up_to(&self.0.file, offset, limit).map_err(|errno| self.failed(errno))
    }

    /// `files.file.write`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn write(&self, data: &[u8]) -> Result<u32> {
        let data = self.writable(data)?;
        let mut position = locked(&self.0.position);
        if self.0.mode.append {
            let appended = self.0.filesystem.append(&self.0.file, data, &self.0.path)?;
            *position = appended.end + appended.written as u64;
            return Ok(appended.written as u32);
        }
        let written = self.write_bytes(*position, data)?;
        *position += u64::from(written);
        Ok(written)
    }

    /// `files.file.write-at`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn write_at(&self, offset: u64, data: &[u8]) -> Result<u32> {
        let data = self.writable(data)?;
        if self.0.mode.append {
            return Err(FilesystemError::InvalidArgument("the file is open for appending".to_owned()));
        }
        self.write_bytes(offset, data)
    }

    /// As much of the data as one call takes.
    fn writable<'a>(&self, data: &'a [u8]) -> Result<&'a [u8]> {
        if !self.0.mode.write {
            return Err(FilesystemError::InvalidArgument("the file is not open for writing".to_owned()));
        }
        // A count that the contract can carry.
        let limit = self.0.filesystem.shared.limits.max_write_bytes.min(u64::from(u32::MAX));
        Ok(&data[..data.len().min(limit as usize)])
    }

    fn write_bytes(&self, offset: u64, data: &[u8]) -> Result<u32> {
        if data.is_empty() {
            return Ok(0);
        }
        let written = self.0.filesystem.resizing(&self.0.file, offset.saturating_add(data.len() as u64), || {
            write_all(data, |rest, done| rustix::io::pwrite(&self.0.file, rest, offset + done))
                .map_err(|errno| self.failed(errno))
        })?;
        Ok(written as u32)
    }

    /// Writes at the end, whether or not the handle was opened for that.
    pub(crate) fn append(&self, data: &[u8]) -> Result<u32> {
        let data = self.writable(data)?;
        let (file, path) = (&self.0.file, &self.0.path);
        let appended = self.0.filesystem.append_by(file, data, path, |rest| {
            // Where the end is the operating system says, however the file was opened.
            rustix::io::pwritev2(file, &[IoSlice::new(rest)], 0, ReadWriteFlags::APPEND)
        })?;
        Ok(appended.written as u32)
    }

    /// Sets the times of the file, which takes a handle that can write.
    pub(crate) fn set_times(&self, times: FileTimes) -> Result<()> {
        self.writable(&[])?;
        rustix::fs::futimens(&self.0.file, &timestamps(times)?).map_err(|errno| times_not_set(errno, &self.0.path))
    }

    /// What tells the file from others.
    pub(super) fn inode(&self) -> Result<Inode> {
        Ok(self.stat()?.inode())
    }

    /// `files.file.seek`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn seek(&self, position: SeekFrom) -> Result<u64> {
        let mut current = locked(&self.0.position);
        let moved = match position {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Forward(distance) => current.checked_add(distance),
            SeekFrom::Backward(distance) => current.checked_sub(distance),
            SeekFrom::BeforeEnd(distance) => self.stat()?.size().checked_sub(distance),
        };
        match moved.filter(|moved| *moved <= MAX_OFFSET) {
            Some(moved) => {
                *current = moved;
                Ok(moved)
            }
            None => Err(FilesystemError::InvalidArgument(
                "the position would be before the start or beyond what a filesystem can express".to_owned(),
            )),
        }
    }

    /// `files.file.sync`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn sync(&self, kind: SyncKind) -> Result<()> {
        match kind {
            SyncKind::Data => rustix::fs::fdatasync(&self.0.file),
            SyncKind::All => rustix::fs::fsync(&self.0.file),
        }
        .map_err(|errno| self.failed(errno))
    }

    /// `files.file.set-size`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn set_size(&self, size: u64) -> Result<()> {
        self.writable(&[])?;
        if size > MAX_OFFSET {
            return Err(FilesystemError::QuotaExceeded("the size is beyond what a filesystem can express".to_owned()));
        }
        self.0.filesystem.resizing(&self.0.file, size, || {
            rustix::fs::ftruncate(&self.0.file, size).map_err(|errno| self.failed(errno))
        })
    }

    /// `files.file.metadata`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn metadata(&self) -> Result<Metadata> {
        Ok(self.stat()?.metadata())
    }

    /// `files.file.lock`. Does not block, and gives up waiting when it is dropped. It needs a runtime with a timer.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn lock(&self, kind: LockKind, timeout: Option<Duration>) -> Result<()> {
        self.0.lock.lock(&self.0.file, kind, timeout, &self.0.path).await
    }

    /// `files.file.unlock`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn unlock(&self) -> Result<()> {
        match self.0.lock.unlock(&self.0.file) {
            Ok(true) => Ok(()),
            Ok(false) => Err(FilesystemError::InvalidArgument("the file is not locked".to_owned())),
            Err(errno) => Err(self.failed(errno)),
        }
    }

    fn stat(&self) -> Result<Stat> {
        Stat::of(&self.0.file).map_err(|errno| self.failed(errno))
    }

    fn failed(&self, errno: Errno) -> FilesystemError {
        FilesystemError::from_errno(errno, &self.0.path)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // Closing the file releases it for other processes whatever happens here; this is for the handles of this one.
        let _ = self.lock.unlock(&self.file);
        self.filesystem.note_closed(&self.file);
    }
}

/// Reads from `offset` until the end of the file or the limit. Empty only at the end, or if the limit is 0.
pub(super) fn read_up_to(file: impl AsFd, offset: u64, limit: u64) -> std::result::Result<Vec<u8>, Errno> {
    // The kernel refuses a range that ends behind the last offset it can express; nothing can be there.
    let limit = limit.min(MAX_OFFSET.saturating_sub(offset));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut data = Vec::new();
    while data.len() < limit {
        let filled = data.len();
        let step = limit.min(filled.saturating_mul(2).max(FIRST_READ_BYTES)) - filled;
        data.resize(filled + step, 0);
        let read = rustix::io::retry_on_intr(|| rustix::io::pread(&file, &mut data[filled..], offset + filled as u64));
        match read {
            Ok(read) => data.truncate(filled + read),
            Err(errno) if filled == 0 => return Err(errno),
            Err(_) => data.truncate(filled),
        }
        if data.len() == filled {
            break;
        }
    }
    data.shrink_to_fit();
    Ok(data)
}

/// Writes with `write`, which is given what is left and how much is done, until all is written or it fails. An error counts
/// only if nothing was written.
pub(super) fn write_all(
    data: &[u8],
    mut write: impl FnMut(&[u8], u64) -> std::result::Result<usize, Errno>,
) -> std::result::Result<usize, Errno> {
    let mut done = 0;
    while done < data.len() {
        match write(&data[done..], done as u64) {
            Ok(0) => break,
            Ok(written) => done += written,
            Err(Errno::INTR) => {}
            Err(errno) if done == 0 => return Err(errno),
            Err(_) => break,
        }
    }
    Ok(done)
}
