//! `directories`.

use std::sync::Arc;

use super::{DirectoryEntry, DiskUsage, Filesystem, FindOptions, Result};

/// A cursor over one directory. Clones are the same cursor.
#[derive(Clone)]
pub struct DirectoryCursor(Arc<Filesystem>);

impl DirectoryCursor {
    /// `directories.directory-cursor.next`.
    pub fn next(&self, max_entries: u32) -> Result<Vec<DirectoryEntry>> {
        let _ = max_entries;
        self.0.unavailable()
    }
}

impl Filesystem {
    /// `directories.open-directory`.
    pub fn open_directory(&self, path: &str) -> Result<DirectoryCursor> {
        let _ = path;
        self.unavailable()
    }
    /// `directories.list-directory`.
    pub fn list_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>> {
        let _ = path;
        self.unavailable()
    }
    /// `directories.create-directory`.
    pub fn create_directory(&self, path: &str) -> Result<()> {
        let _ = path;
        self.unavailable()
    }
    /// `directories.create-directory-all`.
    pub fn create_directory_all(&self, path: &str) -> Result<()> {
        let _ = path;
        self.unavailable()
    }
    /// `directories.remove-directory`.
    pub fn remove_directory(&self, path: &str) -> Result<()> {
        let _ = path;
        self.unavailable()
    }
    /// `directories.remove-directory-all`.
    pub fn remove_directory_all(&self, path: &str) -> Result<()> {
        let _ = path;
        self.unavailable()
    }
    /// `directories.find`.
    pub fn find(&self, root: &str, options: &FindOptions) -> Result<Vec<String>> {
        let _ = (root, options);
        self.unavailable()
    }
    /// `directories.measure`.
    pub fn measure(&self, root: &str) -> Result<DiskUsage> {
        let _ = root;
        self.unavailable()
    }
}
