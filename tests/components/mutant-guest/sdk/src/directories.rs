//! Lies about directories.

use truth::FilesystemError;
use truth::directories as truth_of;
pub use truth::directories::*;

use crate::lies;

type Result<T> = std::result::Result<T, FilesystemError>;

pub fn list_directory(path: &str) -> Result<Vec<DirectoryEntry>> {
    let mut entries = truth_of::list_directory(path)?;
    if lies("list-order-reversed") {
        entries.reverse();
    }
    Ok(entries)
}

pub fn find(root: &str, options: &FindOptions) -> Result<Vec<String>> {
    let mut options = options.clone();
    if lies("option-lost") {
        options.max_depth = None;
    }
    truth_of::find(root, &options)
}

pub fn measure(root: &str) -> Result<DiskUsage> {
    let mut usage = truth_of::measure(root)?;
    if lies("fields-swapped") {
        std::mem::swap(&mut usage.files, &mut usage.directories);
    }
    Ok(usage)
}
