//! `paths`.

use super::{FilePermissions, FileTimes, Filesystem, Metadata, Result};

impl Filesystem {
    /// `paths.get-metadata`.
    pub fn get_metadata(&self, path: &str) -> Result<Metadata> {
        let _ = path;
        self.unavailable()
    }
    /// `paths.get-link-metadata`.
    pub fn get_link_metadata(&self, path: &str) -> Result<Metadata> {
        let _ = path;
        self.unavailable()
    }
    /// `paths.exists`.
    pub fn exists(&self, path: &str) -> Result<bool> {
        let _ = path;
        self.unavailable()
    }
    /// `paths.set-permissions`.
    pub fn set_permissions(&self, path: &str, permissions: FilePermissions) -> Result<()> {
        let _ = (path, permissions);
        self.unavailable()
    }
    /// `paths.set-times`.
    pub fn set_times(&self, path: &str, times: FileTimes) -> Result<()> {
        let _ = (path, times);
        self.unavailable()
    }
    /// `paths.create-symlink`.
    pub fn create_symlink(&self, target: &str, link: &str) -> Result<()> {
        let _ = (target, link);
        self.unavailable()
    }
    /// `paths.read-symlink`.
    pub fn read_symlink(&self, link: &str) -> Result<String> {
        let _ = link;
        self.unavailable()
    }
    /// `paths.canonicalize`.
    pub fn canonicalize(&self, path: &str) -> Result<String> {
        let _ = path;
        self.unavailable()
    }
    /// `paths.normalize`.
    pub fn normalize(&self, path: &str) -> Result<String> {
        let _ = path;
        self.unavailable()
    }
    /// `paths.relative-to`.
    pub fn relative_to(&self, path: &str, base: &str) -> Result<String> {
        let _ = (path, base);
        self.unavailable()
    }
}
