//! `files.file`: an open file.

use std::sync::Arc;
use std::time::Duration;

use super::{Filesystem, LockKind, Metadata, Result, SeekFrom, SyncKind};

/// An open file. Clones are the same handle; with the last one the file is closed and its lock released.
#[derive(Clone)]
pub struct File(Arc<Filesystem>);

impl File {
    /// `files.file.read`.
    pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        let _ = max_bytes;
        self.0.unavailable()
    }
    /// `files.file.read-at`.
    pub fn read_at(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
        let _ = (offset, max_bytes);
        self.0.unavailable()
    }
    /// `files.file.write`.
    pub fn write(&self, data: &[u8]) -> Result<u32> {
        let _ = data;
        self.0.unavailable()
    }
    /// `files.file.write-at`.
    pub fn write_at(&self, offset: u64, data: &[u8]) -> Result<u32> {
        let _ = (offset, data);
        self.0.unavailable()
    }
    /// `files.file.seek`.
    pub fn seek(&self, position: SeekFrom) -> Result<u64> {
        let _ = position;
        self.0.unavailable()
    }
    /// `files.file.sync`.
    pub fn sync(&self, kind: SyncKind) -> Result<()> {
        let _ = kind;
        self.0.unavailable()
    }
    /// `files.file.set-size`.
    pub fn set_size(&self, size: u64) -> Result<()> {
        let _ = size;
        self.0.unavailable()
    }
    /// `files.file.metadata`.
    pub fn metadata(&self) -> Result<Metadata> {
        self.0.unavailable()
    }
    /// `files.file.lock`. Does not block, and gives up waiting when it is dropped.
    pub async fn lock(&self, kind: LockKind, timeout: Option<Duration>) -> Result<()> {
        let _ = (kind, timeout);
        self.0.unavailable()
    }
    /// `files.file.unlock`.
    pub fn unlock(&self) -> Result<()> {
        self.0.unavailable()
    }
}
