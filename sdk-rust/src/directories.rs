//! Directories: list, make, remove, search and measure.

use crate::FilesystemError;
pub use crate::bindings::airssys::ext_filesystem::types::{DirectoryEntry, DiskUsage, FindOptions};
use crate::host::directories as host;

type Result<T> = std::result::Result<T, FilesystemError>;

/// How many entries the iterator over a directory asks for at a time.
const PAGE_ENTRIES: u32 = 256;

/// A cursor over one directory, so that a directory of any size is listed in bounded memory. Closed when dropped.
#[derive(Debug)]
pub struct DirectoryCursor {
    handle: host::DirectoryCursor,
}

impl DirectoryCursor {
    /// The next entries, at most `max_entries`; an empty list is the end.
    ///
    /// # Errors
    /// `InvalidArgument` when `max_entries` is 0, `Io` when the disk fails.
    pub fn next(&self, max_entries: u32) -> Result<Vec<DirectoryEntry>> {
        Ok(self.handle.next(max_entries)?)
    }
}

impl IntoIterator for DirectoryCursor {
    type Item = Result<DirectoryEntry>;
    type IntoIter = Entries;

    fn into_iter(self) -> Entries {
        Entries { cursor: Some(self), page: Vec::new().into_iter() }
    }
}

/// Iterates over the entries of a directory, a page at a time. Ends after the first error.
#[derive(Debug)]
pub struct Entries {
    cursor: Option<DirectoryCursor>,
    page: std::vec::IntoIter<DirectoryEntry>,
}

impl Iterator for Entries {
    type Item = Result<DirectoryEntry>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(entry) = self.page.next() {
            return Some(Ok(entry));
        }
        match self.cursor.as_ref()?.next(PAGE_ENTRIES) {
            Ok(page) => {
                self.page = page.into_iter();
                let entry = self.page.next();
                if entry.is_none() {
                    self.cursor = None;
                }
                entry.map(Ok)
            }
            Err(error) => {
                self.cursor = None;
                Some(Err(error))
            }
        }
    }
}

/// Opens a cursor over a directory. Needs `list`.
///
/// # Errors
/// `NotFound`, `NotADirectory`.
pub fn open_directory(path: &str) -> Result<DirectoryCursor> {
    Ok(DirectoryCursor { handle: host::open_directory(path)? })
}

/// The entries of a directory, sorted by the bytes of their names, without `.` and `..`. Needs `list`.
///
/// # Errors
/// `NotFound`, `NotADirectory`, `QuotaExceeded` when there are more than the host's limit.
pub fn list_directory(path: &str) -> Result<Vec<DirectoryEntry>> {
    Ok(host::list_directory(path)?)
}

/// Creates one directory. Needs `write`.
///
/// # Errors
/// `AlreadyExists`, `NotFound` (no such parent).
pub fn create_directory(path: &str) -> Result<()> {
    Ok(host::create_directory(path)?)
}

/// Creates a directory and its missing parents; an existing one is fine. Needs `write` on each that is created.
///
/// # Errors
/// `NotADirectory` when a file is in the way.
pub fn create_directory_all(path: &str) -> Result<()> {
    Ok(host::create_directory_all(path)?)
}

/// Removes an empty directory. Needs `delete`.
///
/// # Errors
/// `NotFound`, `NotADirectory`, `DirectoryNotEmpty`, `InvalidArgument` (the root of a mount).
pub fn remove_directory(path: &str) -> Result<()> {
    Ok(host::remove_directory(path)?)
}

/// Removes a directory and all in it; links are removed, not followed. Needs `delete` on everything in it: one
/// forbidden entry, and nothing is removed.
///
/// # Errors
/// `NotFound`, `NotADirectory`, `InvalidArgument` (the root of a mount).
pub fn remove_directory_all(path: &str) -> Result<()> {
    Ok(host::remove_directory_all(path)?)
}

/// The paths below `root` that match a glob. Needs `list` on each directory visited; others are passed over.
///
/// # Errors
/// `NotFound`, `NotADirectory`, `InvalidArgument` (a bad pattern), `QuotaExceeded`.
pub fn find(root: &str, options: &FindOptions) -> Result<Vec<String>> {
    Ok(host::find(root, options)?)
}

/// Counts files, directories and bytes below `root`; links are not followed. Needs `list`.
///
/// # Errors
/// `NotFound`, `NotADirectory`.
pub fn measure(root: &str) -> Result<DiskUsage> {
    Ok(host::measure(root)?)
}
