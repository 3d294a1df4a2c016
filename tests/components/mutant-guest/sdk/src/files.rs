//! Lies about files.

use std::ops::Deref;

use truth::FilesystemError;
use truth::files as truth_of;
pub use truth::files::*;

use crate::lies;

type Result<T> = std::result::Result<T, FilesystemError>;

#[derive(Debug)]
pub struct File(Option<truth_of::File>);

impl Drop for File {
    fn drop(&mut self) {
        if lies("handle-leaked") {
            std::mem::forget(self.0.take());
        }
    }
}

impl Deref for File {
    type Target = truth_of::File;

    fn deref(&self) -> &truth_of::File {
        self.0.as_ref().expect("taken only when dropped")
    }
}

/// 53 bits are what a double carries.
fn cut(number: u64) -> u64 {
    if lies("u64-cut-to-53-bits") { number as f64 as u64 } else { number }
}

impl File {
    pub fn read_at(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
        let offset = if lies("offset-ignored") { 0 } else { cut(offset) };
        self.deref().read_at(offset, max_bytes)
    }

    pub fn write(&self, data: &[u8]) -> Result<u32> {
        if lies("write-pretended") {
            return Ok(data.len() as u32);
        }
        self.deref().write(data)
    }

    pub fn seek(&self, position: SeekFrom) -> Result<u64> {
        let position = match position {
            SeekFrom::Start(offset) => SeekFrom::Start(cut(offset)),
            SeekFrom::Forward(offset) if lies("variant-case-swapped") => SeekFrom::Backward(offset),
            other => other,
        };
        self.deref().seek(position).map(cut)
    }

    pub fn set_size(&self, size: u64) -> Result<()> {
        self.deref().set_size(cut(size))
    }
}

pub fn open(path: &str, flags: OpenFlags) -> Result<File> {
    Ok(File(Some(truth_of::open(path, flags)?)))
}

pub fn read_file(path: &str) -> Result<Vec<u8>> {
    if lies("constant-answer") {
        return Ok(b"constant".to_vec());
    }
    match truth_of::read_file(path) {
        Err(FilesystemError::NotFound(path)) if lies("error-code-changed") => Err(FilesystemError::Io(path)),
        other => other,
    }
}

pub fn write_file(path: &str, data: &[u8]) -> Result<()> {
    let kept = if lies("last-byte-dropped") { data.len().saturating_sub(1) } else { data.len() };
    truth_of::write_file(path, &data[..kept])
}

pub fn delete_file(path: &str) -> Result<()> {
    match truth_of::delete_file(path) {
        Err(FilesystemError::PermissionDenied(_)) if lies("denial-ignored") => Ok(()),
        Err(FilesystemError::PermissionDenied(mut denial)) if lies("denial-reworded") => {
            denial.missing.clear();
            Err(FilesystemError::PermissionDenied(denial))
        }
        other => other,
    }
}
