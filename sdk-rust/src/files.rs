//! Files: whole files in one call, or open handles that read, write and seek as the standard library's do.

use std::io;

pub use crate::bindings::airssys::ext_filesystem::types::{
    FileMetadata, FilePermissions, FileType, LockKind, OnExisting, OpenFlags, SeekFrom, SyncKind,
};
use crate::host::files as host;
use crate::{FilesystemError, Timestamp};

type Result<T> = std::result::Result<T, FilesystemError>;

/// An open file. Closed when dropped, which also releases its lock.
///
/// It implements [`io::Read`], [`io::Write`] and [`io::Seek`]; the methods here are the operations of the contract
/// themselves, with its errors. What was granted when the file was opened holds for as long as it is open.
#[derive(Debug)]
pub struct File {
    handle: host::File,
}

/// Opens a file. Needs `read` and/or `write` on the path, as the flags ask.
///
/// # Errors
/// `NotFound`, `AlreadyExists` (create-new), `IsADirectory`, `InvalidArgument` (neither read, write nor append;
/// truncate without write), `TooManyLinks` (no-follow on a link), `TooManyOpenFiles`.
pub fn open(path: &str, flags: OpenFlags) -> Result<File> {
    Ok(File { handle: host::open(path, flags)? })
}

/// Reads a whole file. Needs `read`.
///
/// # Errors
/// `NotFound`, `IsADirectory`, `QuotaExceeded` when it is larger than the host's limit.
pub fn read_file(path: &str) -> Result<Vec<u8>> {
    Ok(host::read_file(path)?)
}

/// Creates or replaces a file atomically: a reader never sees half of it. Needs `write`.
///
/// # Errors
/// `IsADirectory`, `NotFound` (no such parent), `QuotaExceeded`.
pub fn write_file(path: &str, data: &[u8]) -> Result<()> {
    Ok(host::write_file(path, data)?)
}

/// Appends to a file, creating it if need be; two writers do not interleave within one call. Needs `write`.
///
/// # Errors
/// `IsADirectory`, `NotFound` (no such parent), `QuotaExceeded`.
pub fn append_file(path: &str, data: &[u8]) -> Result<()> {
    Ok(host::append_file(path, data)?)
}

/// Deletes a file, or a symbolic link itself. Needs `delete`.
///
/// # Errors
/// `NotFound`, `IsADirectory`.
pub fn delete_file(path: &str) -> Result<()> {
    Ok(host::delete_file(path)?)
}

/// Copies a file and returns the bytes copied. Needs `read` on the source and `write` on the destination.
///
/// # Errors
/// `AlreadyExists` (with [`OnExisting::Fail`]), `InvalidArgument` (the same path), `NotFound`, `IsADirectory`.
pub fn copy_file(source: &str, destination: &str, on_existing: OnExisting) -> Result<u64> {
    Ok(host::copy_file(source, destination, on_existing)?)
}

/// Moves a file or directory. Needs `delete` on the source and `write` on the destination.
///
/// # Errors
/// `AlreadyExists` (with [`OnExisting::Fail`]), `DirectoryNotEmpty`, `CrossDevice`, `NotFound`.
pub fn rename(source: &str, destination: &str, on_existing: OnExisting) -> Result<()> {
    Ok(host::rename(source, destination, on_existing)?)
}

impl File {
    /// Reads at most `max_bytes` from the position; an empty list is the end of the file.
    ///
    /// # Errors
    /// `InvalidArgument` on a handle that may not read.
    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        Ok(self.handle.read(max_bytes)?)
    }

    /// Reads at most `max_bytes` at `offset`; the position stays. Empty past the end.
    ///
    /// # Errors
    /// `InvalidArgument` on a handle that may not read.
    pub fn read_at(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
        Ok(self.handle.read_at(offset, max_bytes)?)
    }

    /// Writes at the position and returns how many bytes were written.
    ///
    /// # Errors
    /// `InvalidArgument` on a read-only handle, `QuotaExceeded`.
    pub fn write(&self, data: &[u8]) -> Result<u32> {
        Ok(self.handle.write(data)?)
    }

    /// Writes at `offset`; the position stays. Past the end it leaves zeros between.
    ///
    /// # Errors
    /// `InvalidArgument` on a read-only or append handle, `QuotaExceeded`.
    pub fn write_at(&self, offset: u64, data: &[u8]) -> Result<u32> {
        Ok(self.handle.write_at(offset, data)?)
    }

    /// Moves the position and returns it, in bytes from the start. Past the end is allowed.
    ///
    /// # Errors
    /// `InvalidArgument` before the start.
    pub fn seek(&self, position: SeekFrom) -> Result<u64> {
        Ok(self.handle.seek(position)?)
    }

    /// Waits until the data, or data and metadata, are on the disk.
    ///
    /// # Errors
    /// `Io` when the disk fails.
    pub fn sync(&self, kind: SyncKind) -> Result<()> {
        Ok(self.handle.sync(kind)?)
    }

    /// Sets the size in bytes: grows with zeros or cuts off.
    ///
    /// # Errors
    /// `InvalidArgument` on a read-only handle, `QuotaExceeded`.
    pub fn set_size(&self, size: u64) -> Result<()> {
        Ok(self.handle.set_size(size)?)
    }

    /// Size, times, type and permissions.
    ///
    /// # Errors
    /// `Io` when the disk fails.
    pub fn metadata(&self) -> Result<FileMetadata> {
        Ok(self.handle.metadata()?)
    }

    /// Locks the file against other handles, waiting at most `timeout_ms` milliseconds (none: the host's limit).
    ///
    /// # Errors
    /// `Locked` when the time is over.
    pub fn lock(&self, kind: LockKind, timeout_ms: Option<u32>) -> Result<()> {
        Ok(self.handle.lock(kind, timeout_ms)?)
    }

    /// Releases the lock of this handle.
    ///
    /// # Errors
    /// `InvalidArgument` when it holds none.
    pub fn unlock(&self) -> Result<()> {
        Ok(self.handle.unlock()?)
    }
}

/// The largest part of a slice that one call can carry.
fn length(buffer: &[u8]) -> u32 {
    u32::try_from(buffer.len()).unwrap_or(u32::MAX)
}

impl io::Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let data = File::read(self, length(buffer))?;
        buffer[..data.len()].copy_from_slice(&data);
        Ok(data.len())
    }
}

impl io::Write for File {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        Ok(File::write(self, &buffer[..length(buffer) as usize])? as usize)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl io::Seek for File {
    fn seek(&mut self, position: io::SeekFrom) -> io::Result<u64> {
        let position = match position {
            io::SeekFrom::Start(offset) => SeekFrom::Start(offset),
            io::SeekFrom::Current(offset) if offset < 0 => SeekFrom::Backward(offset.unsigned_abs()),
            io::SeekFrom::Current(offset) => SeekFrom::Forward(offset.unsigned_abs()),
            io::SeekFrom::End(offset) if offset <= 0 => SeekFrom::BeforeEnd(offset.unsigned_abs()),
            // The contract counts only backwards from the end: go there, then forward.
            io::SeekFrom::End(offset) => {
                File::seek(self, SeekFrom::BeforeEnd(0))?;
                SeekFrom::Forward(offset.unsigned_abs())
            }
        };
        Ok(File::seek(self, position)?)
    }
}

impl FileMetadata {
    /// When it was last written, if the host knows.
    pub fn modified_time(&self) -> Option<std::time::SystemTime> {
        self.modified.map(|timestamp: Timestamp| timestamp.into())
    }
}
