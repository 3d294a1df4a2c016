//! `files`: whole files, and opening them.

use super::{File, Filesystem, OnExisting, OpenFlags, Result};

impl Filesystem {
    /// `files.open`.
    pub fn open(&self, path: &str, flags: OpenFlags) -> Result<File> {
        let _ = (path, flags);
        self.unavailable()
    }
    /// `files.read-file`.
    pub fn read_file(&self, path: &str) -> Result<Vec<u8>> {
        let _ = path;
        self.unavailable()
    }
    /// `files.write-file`.
    pub fn write_file(&self, path: &str, data: &[u8]) -> Result<()> {
        let _ = (path, data);
        self.unavailable()
    }
    /// `files.append-file`.
    pub fn append_file(&self, path: &str, data: &[u8]) -> Result<()> {
        let _ = (path, data);
        self.unavailable()
    }
    /// `files.delete-file`.
    pub fn delete_file(&self, path: &str) -> Result<()> {
        let _ = path;
        self.unavailable()
    }
    /// `files.copy-file`.
    pub fn copy_file(&self, source: &str, destination: &str, on_existing: OnExisting) -> Result<u64> {
        let _ = (source, destination, on_existing);
        self.unavailable()
    }
    /// `files.rename`.
    pub fn rename(&self, source: &str, destination: &str, on_existing: OnExisting) -> Result<()> {
        let _ = (source, destination, on_existing);
        self.unavailable()
    }
}
