//! Listing, making, removing and measuring directories.

use std::cell::RefCell;
use std::fs;

use super::errors::{Result, failed, not_offered};
use super::open::Open;
use super::permission::{allowed, allowed_below};
use super::place::{FinalLink, Makes, Place};
use crate::bindings::airssys::ext_filesystem::types::{DirectoryEntry, DiskUsage, FilesystemError, FindOptions};

/// One page of a cursor, as hosts limit it.
const MAX_PAGE_ENTRIES: usize = 10_000;

/// What has not been given yet.
#[derive(Debug)]
pub struct DirectoryCursor {
    left: RefCell<Vec<DirectoryEntry>>,
    _open: Open,
}

impl DirectoryCursor {
    pub fn next(&self, max_entries: u32) -> Result<Vec<DirectoryEntry>> {
        let mut left = self.left.borrow_mut();
        let page = left.len().min(max_entries as usize).min(MAX_PAGE_ENTRIES);
        Ok(left.drain(..page).collect())
    }
}

pub fn open_directory(path: &str) -> Result<DirectoryCursor> {
    let entries = list("directories.open-directory", path)?;
    Ok(DirectoryCursor { left: RefCell::new(entries), _open: Open::count()? })
}

pub fn list_directory(path: &str) -> Result<Vec<DirectoryEntry>> {
    list("directories.list-directory", path)
}

fn list(operation: &str, path: &str) -> Result<Vec<DirectoryEntry>> {
    let place = allowed(operation, &["list"], path, FinalLink::Follow)?;
    let mut entries = Vec::new();
    for entry in fs::read_dir(place.directory()?).map_err(failed(path))? {
        let entry = entry.map_err(failed(path))?;
        let file_type = super::paths::file_type(entry.file_type().map_err(failed(path))?);
        entries.push(DirectoryEntry { name: entry.file_name().to_string_lossy().into_owned(), file_type });
    }
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}

pub fn create_directory(path: &str) -> Result<()> {
    let place = allowed("directories.create-directory", &["write"], path, FinalLink::Keep)?;
    fs::create_dir(place.free(Makes::Directory)?).map_err(failed(path))
}

pub fn create_directory_all(path: &str) -> Result<()> {
    const OPERATION: &str = "directories.create-directory-all";
    let place = allowed(OPERATION, &["write"], path, FinalLink::Follow)?;
    match place.found() {
        Err(FilesystemError::NotFound(_)) => {}
        _ => return place.directory().map(drop),
    }
    // Its resolved path has no links and no `..` in the part that is missing. All permissions first: a refusal leaves
    // nothing behind.
    let above: Vec<&str> = place.path().match_indices('/').skip(1).map(|(end, _)| &place.path()[..end]).collect();
    let mut missing = Vec::new();
    for part in above.into_iter().chain([place.path()]) {
        if !Place::of(part, FinalLink::Follow)?.is_there() {
            missing.push(allowed(OPERATION, &["write"], part, FinalLink::Follow)?);
        }
    }
    for part in missing {
        let part = Place::of(part.path(), FinalLink::Follow)?;
        fs::create_dir(part.free(Makes::Directory)?).map_err(failed(path))?;
    }
    match Place::of(place.path(), FinalLink::Follow)?.found()?.is_dir() {
        true => Ok(()),
        false => Err(FilesystemError::NotADirectory(path.to_owned())),
    }
}

pub fn remove_directory(path: &str) -> Result<()> {
    let place = allowed("directories.remove-directory", &["delete"], path, FinalLink::Keep)?;
    place.removable()?;
    fs::remove_dir(place.directory()?).map_err(failed(path))
}

pub fn remove_directory_all(path: &str) -> Result<()> {
    const OPERATION: &str = "directories.remove-directory-all";
    let place = allowed(OPERATION, &["delete"], path, FinalLink::Keep)?;
    place.removable()?;
    place.directory()?;
    allowed_below(OPERATION, &[("delete", place.path())], &place, |_| true)?;
    fs::remove_dir_all(place.at()).map_err(failed(path))
}

pub fn find(_root: &str, _options: &FindOptions) -> Result<Vec<String>> {
    not_offered("directories.find")
}

pub fn measure(root: &str) -> Result<DiskUsage> {
    const OPERATION: &str = "directories.measure";
    let place = allowed(OPERATION, &["list"], root, FinalLink::Follow)?;
    let mut usage = DiskUsage { files: 0, directories: 0, bytes: 0 };
    let mut folders = vec![place.directory()?.to_owned()];
    allowed_below(OPERATION, &[("list", place.path())], &place, fs::FileType::is_dir)?;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).map_err(failed(root))? {
            let entry = entry.map_err(failed(root))?;
            let metadata = entry.metadata().map_err(failed(root))?;
            if metadata.is_dir() {
                usage.directories += 1;
                folders.push(entry.path());
            } else {
                usage.files += 1;
                usage.bytes += metadata.len();
            }
        }
    }
    Ok(usage)
}
