//! `files.rename`.

use airssys_wasm_policy::FilesystemAction::{Delete, Write};
use airssys_wasm_policy::Operation;
use rustix::fs::AtFlags;
use rustix::io::Errno;

use super::atomic_file::move_entry;
use super::attempt::{Attempt, Interrupted};
use super::path::{self, Ending};
use super::resolve::{Existing, Target};
use super::walk::{Entry, FinalLink, Found, Place};
use super::{FileType, Filesystem, FilesystemError, OnExisting, Result};

const RENAME: Operation = Operation("ext-filesystem/files.rename");

impl Filesystem {
    /// `files.rename`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn rename(&self, source: &str, destination: &str, on_existing: OnExisting) -> Result<()> {
        self.attempt(|| {
            let from = self.resolve(source, FinalLink::Keep)?.authorize(self, RENAME, &[Delete])?;
            let to = self.resolve(destination, FinalLink::Keep)?.authorize(self, RENAME, &[Write])?;
            let Existing::Entry { name, found, .. } = self.removable(&from)? else {
                return Err(from.failed(Errno::BUSY).into());
            };
            let Place::Entry(place) = to.place()? else {
                return match on_existing {
                    OnExisting::Fail => Err(to.failed(Errno::EXIST).into()),
                    OnExisting::Replace => Err(invalid("the destination is the root of a mount")),
                };
            };
            if place.found.is_some() && on_existing == OnExisting::Fail {
                return Err(to.failed(Errno::EXIST).into());
            }
            if to.ending() == Ending::Dot {
                return Err(invalid("the destination ends in `.`"));
            }
            if to.ending() == Ending::Slash && !found.stat.is_directory() {
                // What is there, if anything, is a directory.
                let errno = if place.found.is_some() { Errno::ISDIR } else { Errno::NOTDIR };
                return Err(to.failed(errno).into());
            }
            if from.path() == to.path() {
                return Ok(());
            }
            if path::is_within(to.path(), from.path()) {
                return Err(invalid("the destination lies within the source"));
            }
            if from.mount() != to.mount() {
                return Err(to.failed(Errno::XDEV).into());
            }
            self.check_replaced(found, place, &to)?;
            if found.stat.is_directory() {
                self.check_move(RENAME, &from, &to)?;
            }
            self.rename_entry(&from, name, found, place, &to, on_existing)?;
            if found.stat.is_directory()
                && let Err(problem) = self.check_moved_links(&from, &to)
            {
                let _ = move_entry(&place.parent, &place.name, &from.entry()?.parent, name, OnExisting::Fail);
                return Err(problem);
            }
            Ok(())
        })
    }

    /// Whether what is at the destination may be replaced by what is at the source.
    fn check_replaced(&self, found: &Found, place: &Entry, to: &Target) -> Attempt<()> {
        let Some(replaced) = &place.found else { return Ok(()) };
        match (found.stat.is_directory(), replaced.stat.is_directory()) {
            (false, true) => Err(to.failed(Errno::ISDIR).into()),
            (true, false) => Err(to.failed(Errno::NOTDIR).into()),
            (true, true) if self.shared.mounts.any_below(to.path()) => Err(invalid("the destination is above a mount")),
            _ => Ok(()),
        }
    }

    fn rename_entry(
        &self,
        from: &Target,
        name: &str,
        found: &Found,
        place: &Entry,
        to: &Target,
        on_existing: OnExisting,
    ) -> Attempt<()> {
        let parent = &from.entry()?.parent;
        let failed = |errno| match errno {
            // Source or directory are gone; or the source has become a directory, whose content nobody has asked for.
            Errno::NOENT => Interrupted::Moved,
            Errno::EXIST if on_existing == OnExisting::Replace => to.failed(Errno::NOTEMPTY).into(),
            Errno::INVAL => invalid("the destination lies within the source"),
            other => to.failed(other).into(),
        };
        let is_link = found.stat.file_type() == FileType::SymbolicLink;
        if is_link && path::parent(from.path()) != path::parent(to.path()) {
            return self.move_link(from, found, place, to, on_existing, failed);
        }
        move_entry(parent, name, &place.parent, &place.name, on_existing).map_err(failed)?;
        if let Some(replaced) = &place.found {
            if replaced.stat.inode() == found.stat.inode() {
                // Two names of one file: the operating system leaves both.
                let _ = rustix::fs::unlinkat(&**parent, name, AtFlags::empty());
            }
            self.note_removed(&replaced.stat);
        }
        Ok(())
    }
}

fn invalid(problem: &str) -> Interrupted {
    FilesystemError::InvalidArgument(problem.to_owned()).into()
}
