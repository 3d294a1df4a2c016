//! `directories`, apart from what goes through whole trees.

use std::sync::{Arc, Mutex};

use airssys_wasm_policy::FilesystemAction::{Delete, List, Write};
use airssys_wasm_policy::Operation;
use rustix::fs::{AtFlags, Mode};
use rustix::io::Errno;

use crate::locked::locked;

use super::attempt::{Attempt, Interrupted};
use super::handle::Slot;
use super::listing::Listing;
use super::resolve::{Existing, Target};
use super::temporary_name::is_temporary;
use super::walk::{FinalLink, Place};
use super::{DirectoryEntry, FileType, Filesystem, FilesystemError, Result, path};

const OPEN_DIRECTORY: Operation = Operation("ext-filesystem/directories.open-directory");
const LIST_DIRECTORY: Operation = Operation("ext-filesystem/directories.list-directory");
const CREATE_DIRECTORY: Operation = Operation("ext-filesystem/directories.create-directory");
const CREATE_DIRECTORY_ALL: Operation = Operation("ext-filesystem/directories.create-directory-all");
const REMOVE_DIRECTORY: Operation = Operation("ext-filesystem/directories.remove-directory");

/// Of a directory that is created, less what the process masks out.
const NEW_DIRECTORY: Mode = Mode::from_bits_truncate(0o777);

/// A cursor over one directory. Clones are the same cursor.
#[derive(Clone)]
pub struct DirectoryCursor(Arc<Cursor>);

struct Cursor {
    listing: Mutex<Listing>,
    max_entries: usize,
    path: String,
    _slot: Slot,
}

impl DirectoryCursor {
    /// `directories.directory-cursor.next`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn next(&self, max_entries: u32) -> Result<Vec<DirectoryEntry>> {
        let count = self.0.max_entries.min(max_entries as usize);
        let mut listing = locked(&self.0.listing);
        let page = listing
            .by_ref()
            .take(count)
            .map(|entry| entry.map(DirectoryEntry::from))
            .collect::<std::result::Result<_, _>>();
        page.map_err(|errno| FilesystemError::from_errno(errno, &self.0.path))
    }
}

impl Filesystem {
    /// `directories.open-directory`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn open_directory(&self, path: &str) -> Result<DirectoryCursor> {
        self.attempt(|| {
            let target = self.resolve(path, FinalLink::Follow)?.authorize(self, OPEN_DIRECTORY, &[List])?;
            let slot = self.take_slot()?;
            Ok(DirectoryCursor(Arc::new(Cursor {
                listing: Mutex::new(self.listing(&target)?),
                // A page of nothing would mean the end.
                max_entries: self.shared.limits.max_page_entries.max(1),
                path: path.to_owned(),
                _slot: slot,
            })))
        })
    }

    /// `directories.list-directory`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn list_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>> {
        self.attempt(|| {
            let target = self.resolve(path, FinalLink::Follow)?.authorize(self, LIST_DIRECTORY, &[List])?;
            let entries = self.sorted(&mut self.listing(&target)?, &target)?;
            Ok(entries.into_iter().map(DirectoryEntry::from).collect())
        })
    }

    /// `directories.create-directory`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn create_directory(&self, path: &str) -> Result<()> {
        self.attempt(|| {
            let target = self.resolve(path, FinalLink::Keep)?.authorize(self, CREATE_DIRECTORY, &[Write])?;
            let entry = target.free_entry(FileType::Directory)?;
            let made = rustix::fs::mkdirat(&*entry.parent, entry.name.as_str(), NEW_DIRECTORY);
            Ok(made.map_err(|errno| target.failed(errno))?)
        })
    }

    /// `directories.create-directory-all`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn create_directory_all(&self, path: &str) -> Result<()> {
        // The path itself is asked for whether it exists or not, or the answer would tell which. Its resolved form has no
        // links and no `..` in the part that is missing, so that the missing directories are those that its text names.
        let resolved = self.resolve(path, FinalLink::Follow)?;
        let full = resolved.path().to_owned();
        let target = resolved.authorize(self, CREATE_DIRECTORY_ALL, &[Write])?;
        match target.found() {
            Ok(existing) => return is_directory(&target, &existing),
            Err(FilesystemError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
        let segments = path::segments(&full)?;
        let mut missing = vec![full.clone()];
        for end in (1..segments.len()).rev() {
            let path = path::absolute(&segments[..end]);
            let resolved = self.resolve(&path, FinalLink::Follow)?;
            if !resolved.is_missing() {
                break;
            }
            resolved.authorize(self, CREATE_DIRECTORY_ALL, &[Write])?;
            missing.push(path);
        }
        for path in missing.iter().rev() {
            self.attempt(|| self.ensure_directory(path, &target))?;
        }
        Ok(())
    }

    fn ensure_directory(&self, path: &str, whole: &Target) -> Attempt<()> {
        let target = self.resolve(path, FinalLink::Follow)?.authorize(self, CREATE_DIRECTORY_ALL, &[Write])?;
        match target.place()? {
            Place::Entry(entry) if entry.found.is_none() => {
                match rustix::fs::mkdirat(&*entry.parent, entry.name.as_str(), NEW_DIRECTORY) {
                    Err(Errno::EXIST) => Err(Interrupted::Moved),
                    done => Ok(done.map_err(|errno| whole.failed(errno))?),
                }
            }
            _ => Ok(is_directory(whole, &target.found()?)?),
        }
    }

    /// `directories.remove-directory`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn remove_directory(&self, path: &str) -> Result<()> {
        self.attempt(|| {
            let target = self.resolve(path, FinalLink::Keep)?.authorize(self, REMOVE_DIRECTORY, &[Delete])?;
            let existing = self.removable(&target)?;
            is_directory(&target, &existing)?;
            let Existing::Entry { parent, name, .. } = existing else {
                return Err(target.failed(Errno::BUSY).into());
            };
            let remove = || rustix::fs::unlinkat(parent, name, AtFlags::REMOVEDIR);
            let removed = match remove() {
                Err(Errno::NOTEMPTY | Errno::EXIST) if self.remove_temporary(&target)? => remove(),
                done => done,
            };
            Ok(removed.map_err(|errno| match errno {
                Errno::EXIST => target.failed(Errno::NOTEMPTY),
                other => target.failed(other),
            })?)
        })
    }

    /// Removes what the guest cannot see from a directory in which there is nothing else. Says whether that was so.
    fn remove_temporary(&self, target: &Target) -> Attempt<bool> {
        let failed = |errno| target.failed(errno);
        let mut temporary = Vec::new();
        for entry in self.listing(target)?.with_temporary() {
            let entry = entry.map_err(failed)?;
            if !is_temporary(entry.raw.to_bytes()) || entry.is_directory() {
                return Ok(false);
            }
            temporary.push(entry);
        }
        let listing = self.listing(target)?;
        for entry in &temporary {
            let stat = listing.stat(entry).map_err(failed)?;
            let directory = listing.fd().map_err(failed)?;
            rustix::fs::unlinkat(directory, entry.raw.as_c_str(), AtFlags::empty()).map_err(failed)?;
            self.note_removed(&stat);
        }
        Ok(true)
    }
}

fn is_directory(target: &Target, existing: &Existing<'_>) -> Result<()> {
    match existing {
        Existing::Entry { found, .. } if !found.stat.is_directory() => Err(target.failed(Errno::NOTDIR)),
        _ => Ok(()),
    }
}
