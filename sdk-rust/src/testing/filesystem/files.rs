//! Whole files, and handles.

use std::cell::Cell;
use std::fs;
use std::io::{Seek, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::errors::{Result, failed, invalid};
use super::open::Open;
use super::permission::{allowed, allowed_below};
use super::place::{Ending, FinalLink, Place};
use crate::bindings::airssys::ext_filesystem::types::{
    FileMetadata, FilesystemError, LockKind, OnExisting, OpenFlags, SeekFrom, SyncKind,
};

/// What one read gives and one write takes, as hosts limit it.
const MAX_TRANSFER_BYTES: u64 = 16 << 20;
/// How large a file can become, as hosts limit it.
const MAX_FILE_BYTES: u64 = 64 << 30;
/// Offsets are signed for the operating system.
const MAX_OFFSET: u64 = i64::MAX as u64;

/// An open file.
#[derive(Debug)]
pub struct File {
    path: String,
    file: fs::File,
    flags: OpenFlags,
    locked: Cell<bool>,
    _open: Open,
}

pub fn open(path: &str, flags: OpenFlags) -> Result<File> {
    if !flags.intersects(OpenFlags::READ | OpenFlags::WRITE | OpenFlags::APPEND) {
        return Err(invalid("one of read, write and append must be set"));
    }
    if flags.contains(OpenFlags::TRUNCATE) && !flags.contains(OpenFlags::WRITE) {
        return Err(invalid("truncate needs write"));
    }
    let changes = flags - OpenFlags::READ - OpenFlags::NO_FOLLOW;
    let asked = [(OpenFlags::READ, "read"), (changes, "write")];
    let actions: Vec<_> = asked.into_iter().filter(|(of, _)| flags.intersects(*of)).map(|(_, action)| action).collect();
    let creates = flags.intersects(OpenFlags::CREATE | OpenFlags::CREATE_NEW);
    let link = match (flags.intersects(OpenFlags::NO_FOLLOW | OpenFlags::CREATE_NEW), creates) {
        (true, true) => FinalLink::Keep,
        (true, false) => FinalLink::KeepUnlessSlash,
        (false, _) => FinalLink::Follow,
    };
    let place = allowed("files.open", &actions, path, link)?;
    if flags.contains(OpenFlags::CREATE_NEW) && place.is_there() && place.ending() != Ending::Slash {
        return Err(FilesystemError::AlreadyExists(path.to_owned()));
    }
    let at = if creates { place.new_file()? } else { place.file()? };
    let open = Open::count()?;
    let file = fs::OpenOptions::new()
        .read(flags.contains(OpenFlags::READ))
        .write(flags.contains(OpenFlags::WRITE))
        .append(flags.contains(OpenFlags::APPEND))
        .create(flags.contains(OpenFlags::CREATE))
        .create_new(flags.contains(OpenFlags::CREATE_NEW))
        .truncate(flags.contains(OpenFlags::TRUNCATE))
        .open(at)
        .map_err(failed(path))?;
    Ok(File { path: path.to_owned(), file, flags, locked: Cell::new(false), _open: open })
}

pub fn read_file(path: &str) -> Result<Vec<u8>> {
    fs::read(allowed("files.read-file", &["read"], path, FinalLink::Follow)?.file()?).map_err(failed(path))
}

pub fn write_file(path: &str, data: &[u8]) -> Result<()> {
    fs::write(allowed("files.write-file", &["write"], path, FinalLink::Follow)?.new_file()?, data).map_err(failed(path))
}

pub fn append_file(path: &str, data: &[u8]) -> Result<()> {
    let place = allowed("files.append-file", &["write"], path, FinalLink::Follow)?;
    let file = fs::OpenOptions::new().append(true).create(true).open(place.new_file()?);
    file.and_then(|mut file| file.write_all(data)).map_err(failed(path))
}

pub fn delete_file(path: &str) -> Result<()> {
    let place = allowed("files.delete-file", &["delete"], path, FinalLink::Keep)?;
    if place.found()?.is_dir() {
        return Err(FilesystemError::IsADirectory(path.to_owned()));
    }
    fs::remove_file(place.at()).map_err(failed(path))
}

pub fn copy_file(source: &str, destination: &str, on_existing: OnExisting) -> Result<u64> {
    let from = allowed("files.copy-file", &["read"], source, FinalLink::Follow)?;
    let to = allowed("files.copy-file", &["write"], destination, FinalLink::Follow)?;
    from.file()?;
    to.file_entry()?;
    if from.path() == to.path() {
        return Err(invalid("source and destination are the same file"));
    }
    if on_existing == OnExisting::Fail && to.is_there() {
        return Err(FilesystemError::AlreadyExists(destination.to_owned()));
    }
    fs::copy(from.file()?, to.new_file()?).map_err(failed(destination))
}

pub fn rename(source: &str, destination: &str, on_existing: OnExisting) -> Result<()> {
    let from = allowed("files.rename", &["delete"], source, FinalLink::Keep)?;
    let to = allowed("files.rename", &["write"], destination, FinalLink::Keep)?;
    let moved = from.removable()?;
    to.reached()?;
    if on_existing == OnExisting::Fail && to.is_there() {
        return Err(FilesystemError::AlreadyExists(destination.to_owned()));
    }
    if to.path() == "/" {
        return Err(invalid("the destination is the root of a mount"));
    }
    if to.ending() == Ending::Dot {
        return Err(invalid("the destination ends in `.`"));
    }
    if to.ending() == Ending::Slash && !moved.is_dir() {
        let error = if to.is_there() { FilesystemError::IsADirectory } else { FilesystemError::NotADirectory };
        return Err(error(destination.to_owned()));
    }
    if from.path() == to.path() {
        return Ok(());
    }
    if Path::new(to.path()).starts_with(from.path()) {
        return Err(invalid("the destination lies within the source"));
    }
    check_replaced(moved, &to)?;
    if moved.is_dir() {
        // Otherwise moving a directory would be a way to files that may not be touched where they are.
        allowed_below("files.rename", &[("delete", from.path()), ("write", to.path())], &from, |_| true)?;
    }
    fs::rename(from.at(), to.at()).map_err(failed(destination))
}

/// Whether a file may have so many bytes.
fn check_size(size: u64) -> Result<()> {
    match size > MAX_FILE_BYTES {
        true => Err(FilesystemError::QuotaExceeded(format!("a file may have {MAX_FILE_BYTES} bytes at most"))),
        false => Ok(()),
    }
}

/// Whether what is at the destination may be replaced by this.
fn check_replaced(moved: fs::FileType, to: &Place) -> Result<()> {
    let given = to.given().to_owned();
    match (moved.is_dir(), to.found().map(|replaced| replaced.is_dir())) {
        (false, Ok(true)) => Err(FilesystemError::IsADirectory(given)),
        (true, Ok(false)) => Err(FilesystemError::NotADirectory(given)),
        _ => Ok(()),
    }
}

impl File {
    fn failed(&self) -> impl Fn(std::io::Error) -> FilesystemError + '_ {
        failed(&self.path)
    }

    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        let position = (&self.file).stream_position().map_err(self.failed())?;
        let data = self.read_at(position, max_bytes)?;
        (&self.file).seek_relative(data.len() as i64).map_err(self.failed())?;
        Ok(data)
    }

    pub fn read_at(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
        if !self.flags.contains(OpenFlags::READ) {
            return Err(invalid("the file is not open for reading"));
        }
        let length = self.size()?.saturating_sub(offset).min(max_bytes.into()).min(MAX_TRANSFER_BYTES);
        let mut data = vec![0; usize::try_from(length).expect("a u32 fits")];
        if !data.is_empty() {
            self.file.read_exact_at(&mut data, offset).map_err(self.failed())?;
        }
        Ok(data)
    }

    pub fn write(&self, data: &[u8]) -> Result<u32> {
        let data = self.writable(data)?;
        let offset = match self.flags.contains(OpenFlags::APPEND) {
            true => self.size()?,
            false => (&self.file).stream_position().map_err(self.failed())?,
        };
        check_size(offset.saturating_add(data.len() as u64))?;
        (&self.file).write_all(data).map_err(self.failed())?;
        Ok(u32::try_from(data.len()).expect("it is bounded"))
    }

    pub fn write_at(&self, offset: u64, data: &[u8]) -> Result<u32> {
        let data = self.writable(data)?;
        if self.flags.contains(OpenFlags::APPEND) {
            return Err(invalid("the file is open for appending"));
        }
        if !data.is_empty() {
            check_size(offset.saturating_add(data.len() as u64))?;
            self.file.write_all_at(data, offset).map_err(self.failed())?;
        }
        Ok(u32::try_from(data.len()).expect("it is bounded"))
    }

    /// As much of the data as one call takes.
    fn writable<'a>(&self, data: &'a [u8]) -> Result<&'a [u8]> {
        if !self.flags.intersects(OpenFlags::WRITE | OpenFlags::APPEND) {
            return Err(invalid("the file is not open for writing"));
        }
        Ok(&data[..data.len().min(MAX_TRANSFER_BYTES as usize)])
    }

    fn size(&self) -> Result<u64> {
        Ok(self.file.metadata().map_err(self.failed())?.len())
    }

    pub fn seek(&self, position: SeekFrom) -> Result<u64> {
        let current = (&self.file).stream_position().map_err(self.failed())?;
        let moved = match position {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Forward(distance) => current.checked_add(distance),
            SeekFrom::Backward(distance) => current.checked_sub(distance),
            SeekFrom::BeforeEnd(distance) => self.size()?.checked_sub(distance),
        };
        let moved = moved
            .filter(|moved| *moved <= MAX_OFFSET)
            .ok_or_else(|| invalid("the position would be before the start or beyond what a filesystem can express"))?;
        (&self.file).seek(std::io::SeekFrom::Start(moved)).map_err(self.failed())
    }

    pub fn sync(&self, kind: SyncKind) -> Result<()> {
        match kind {
            SyncKind::Data => self.file.sync_data(),
            SyncKind::All => self.file.sync_all(),
        }
        .map_err(self.failed())
    }

    pub fn set_size(&self, size: u64) -> Result<()> {
        self.writable(&[])?;
        check_size(size)?;
        self.file.set_len(size).map_err(self.failed())
    }

    pub fn metadata(&self) -> Result<FileMetadata> {
        Ok(super::paths::metadata(&self.file.metadata().map_err(self.failed())?))
    }

    /// Does not wait: who holds the lock is the same test.
    pub fn lock(&self, kind: LockKind, _timeout_ms: Option<u32>) -> Result<()> {
        let locked = match kind {
            LockKind::Shared => self.file.try_lock_shared(),
            LockKind::Exclusive => self.file.try_lock(),
        };
        locked.map_err(|error| self.failed()(error.into()))?;
        self.locked.set(true);
        Ok(())
    }

    pub fn unlock(&self) -> Result<()> {
        if !self.locked.replace(false) {
            return Err(invalid("the file is not locked"));
        }
        self.file.unlock().map_err(self.failed())
    }
}
