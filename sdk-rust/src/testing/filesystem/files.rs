//! Whole files, and handles.

use std::fs;
use std::io::{Read, Seek, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::place::{Ending, FinalLink, Place};
use super::{Open, Result, allowed, allowed_below, failed, invalid};
use crate::bindings::airssys::ext_filesystem::types::{
    FileMetadata, FilesystemError, LockKind, OnExisting, OpenFlags, SeekFrom, SyncKind,
};

/// An open file. The standard library checks at each use what it was opened for.
#[derive(Debug)]
pub struct File {
    path: String,
    file: fs::File,
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
    Ok(File { path: path.to_owned(), file, _open: open })
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
    /// The error of a handle that was not opened for what it is used for.
    fn failed(&self) -> impl Fn(std::io::Error) -> FilesystemError + '_ {
        |error| match error.raw_os_error() {
            // EBADF
            Some(9) => FilesystemError::InvalidArgument("the handle was not opened for this".to_owned()),
            _ => failed(&self.path)(error),
        }
    }

    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        let mut data = Vec::new();
        (&self.file).take(max_bytes.into()).read_to_end(&mut data).map_err(self.failed())?;
        Ok(data)
    }

    pub fn read_at(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
        let size = self.file.metadata().map_err(self.failed())?.len();
        let length = size.saturating_sub(offset).min(max_bytes.into());
        let mut data = vec![0; usize::try_from(length).expect("a u32 fits")];
        self.file.read_exact_at(&mut data, offset).map_err(self.failed())?;
        Ok(data)
    }

    pub fn write(&self, data: &[u8]) -> Result<u32> {
        (&self.file).write_all(data).map_err(self.failed())?;
        Ok(u32::try_from(data.len()).expect("the caller bounds it"))
    }

    pub fn write_at(&self, offset: u64, data: &[u8]) -> Result<u32> {
        self.file.write_all_at(data, offset).map_err(self.failed())?;
        Ok(u32::try_from(data.len()).expect("the caller bounds it"))
    }

    pub fn seek(&self, position: SeekFrom) -> Result<u64> {
        let far = |offset: u64| {
            i64::try_from(offset).map_err(|_| FilesystemError::InvalidArgument(format!("{offset} is too far")))
        };
        let position = match position {
            SeekFrom::Start(offset) => std::io::SeekFrom::Start(offset),
            SeekFrom::Forward(offset) => std::io::SeekFrom::Current(far(offset)?),
            SeekFrom::Backward(offset) => std::io::SeekFrom::Current(-far(offset)?),
            SeekFrom::BeforeEnd(offset) => std::io::SeekFrom::End(-far(offset)?),
        };
        (&self.file).seek(position).map_err(self.failed())
    }

    pub fn sync(&self, kind: SyncKind) -> Result<()> {
        match kind {
            SyncKind::Data => self.file.sync_data(),
            SyncKind::All => self.file.sync_all(),
        }
        .map_err(self.failed())
    }

    pub fn set_size(&self, size: u64) -> Result<()> {
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
        locked.map_err(|error| self.failed()(error.into()))
    }

    pub fn unlock(&self) -> Result<()> {
        self.file.unlock().map_err(self.failed())
    }
}
