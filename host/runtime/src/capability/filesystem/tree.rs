//! Operations on everything below a directory. Links are not followed.

use airssys_wasm_policy::FilesystemAction::{self, Delete, List, Write};
use airssys_wasm_policy::{Access, FilesystemPermission, Operation, Permissions, Permit};
use rustix::fd::BorrowedFd;
use rustix::fs::AtFlags;
use rustix::io::Errno;
use std::ffi::{CStr, CString};

use super::attempt::{Attempt, Interrupted};
use super::listing::{ListedEntry, Listing};
use super::path::{self, Ending};
use super::resolve::{Existing, Target};
use super::temporary_name::is_temporary;
use super::walk::{FinalLink, MAX_DEPTH};
use super::{DiskUsage, FileType, Filesystem, FilesystemError, Result};

const MEASURE: Operation = Operation("ext-filesystem/directories.measure");
const REMOVE_DIRECTORY_ALL: Operation = Operation("ext-filesystem/directories.remove-directory-all");

/// An entry on the way through a tree.
struct Visited<'a> {
    path: &'a str,
    /// The path of the directory that it is in.
    directory: &'a str,
    entry: &'a ListedEntry,
    listing: &'a Listing,
    /// 1 for what is directly in the root.
    depth: usize,
}

/// How much of a tree an operation may still see.
pub(super) struct Allowance<'a> {
    filesystem: &'a Filesystem,
    left: u64,
}

impl<'a> Allowance<'a> {
    pub(super) fn new(filesystem: &'a Filesystem) -> Self {
        Allowance { filesystem, left: filesystem.shared.limits.max_visited_entries }
    }

    pub(super) fn take_one(&mut self) -> Result<()> {
        self.filesystem.check_awaited()?;
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            FilesystemError::QuotaExceeded("there is more in the directory than one operation may visit".to_owned())
        })?;
        Ok(())
    }
}

/// Each level is an open directory of the host process while the operation lasts.
pub(super) fn check_depth(levels: usize) -> Result<()> {
    if levels < MAX_DEPTH {
        return Ok(());
    }
    Err(FilesystemError::QuotaExceeded(format!("there are more than {MAX_DEPTH} directories in each other")))
}

impl Filesystem {
    /// `directories.measure`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn measure(&self, root: &str) -> Result<DiskUsage> {
        self.attempt(|| {
            let target = self.resolve(root, FinalLink::Follow)?.authorize(self, MEASURE, &[List])?;
            let mut usage = DiskUsage::default();
            self.walk(&target, |visited| {
                if visited.entry.is_directory() {
                    drop(self.ask(MEASURE, List, visited.path)?);
                    usage.directories += 1;
                    return Ok(());
                }
                usage.files += 1;
                if visited.entry.file_type == FileType::Regular {
                    // One that is gone by now has no size.
                    usage.bytes =
                        usage.bytes.saturating_add(visited.listing.stat(visited.entry).map_or(0, |stat| stat.size()));
                }
                Ok(())
            })?;
            Ok(usage)
        })
    }

    /// `directories.remove-directory-all`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn remove_directory_all(&self, path: &str) -> Result<()> {
        self.attempt(|| {
            let target = self.resolve(path, FinalLink::Keep)?.authorize(self, REMOVE_DIRECTORY_ALL, &[Delete])?;
            let Existing::Entry { parent, name, found } = self.removable(&target)? else {
                return Err(target.failed(Errno::BUSY).into());
            };
            if !found.stat.is_directory() {
                return Err(target.failed(Errno::NOTDIR).into());
            }
            self.walk(&target, |visited| {
                if self.allows(Delete, visited.path) {
                    return Ok(());
                }
                self.ask_below(REMOVE_DIRECTORY_ALL, Delete, visited.path, visited.directory).map(drop)
            })?;
            self.remove_below(&target)?;
            match rustix::fs::unlinkat(parent, name, AtFlags::REMOVEDIR) {
                // Something was put there meanwhile, which nobody has asked for yet.
                Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => Err(Interrupted::Moved),
                done => Ok(done.map_err(|errno| target.failed(errno))?),
            }
        })
    }

    /// What can be removed or moved: neither a mount nor anything above one, and by no name but its own.
    pub(super) fn removable<'a>(&self, target: &'a Target) -> Result<Existing<'a>> {
        let existing = target.found()?;
        if target.ending() == Ending::Dot {
            return Err(FilesystemError::InvalidArgument(format!("{:?} ends in `.`", target.given())));
        }
        if !matches!(existing, Existing::Entry { .. }) || self.shared.mounts.any_below(target.path()) {
            return Err(FilesystemError::InvalidArgument(format!(
                "{:?} is the root of a mount, or above one",
                target.given()
            )));
        }
        Ok(existing)
    }

    /// Whether everything below a directory may be moved with it. Without this, moving a directory would be a way to get at
    /// files that no permission covers where they are.
    pub(super) fn check_move(&self, operation: Operation, from: &Target, to: &Target) -> Attempt<()> {
        let room = MAX_DEPTH.saturating_sub(to.path().split('/').count());
        self.walk(from, |visited| {
            if visited.depth > room {
                return Err(FilesystemError::NameTooLong(to.given()));
            }
            let moved = format!("{}{}", to.path(), &visited.path[from.path().len()..]);
            for (action, path) in [(Delete, visited.path), (Write, &moved)] {
                if !self.allows(action, path) {
                    drop(self.ask_below(operation, action, path, visited.directory)?);
                }
            }
            self.check_visited_link(from, to, &visited)
        })
    }

    /// Whether all links below a directory that has been moved may be where they are now. Others may have made one between
    /// [`Filesystem::check_move`] and the move.
    pub(super) fn check_moved_links(&self, from: &Target, to: &Target) -> Attempt<()> {
        self.walk(from, |visited| self.check_visited_link(from, to, &visited))
    }

    /// Whether what is visited may be in the directory that is moved, as far as it is a link.
    fn check_visited_link(&self, from: &Target, to: &Target, visited: &Visited<'_>) -> Result<()> {
        if visited.entry.file_type != FileType::SymbolicLink {
            return Ok(());
        }
        let text = visited.listing.read_link(visited.entry).map_err(|errno| from.failed(errno))?;
        let moved = format!("{}{}", to.path(), &visited.directory[from.path().len()..]);
        self.check_link_moves(text.to_bytes(), [from.path(), to.path()], [visited.directory, &moved])
    }

    /// Visits everything below a directory, each directory before what is in it.
    fn walk(&self, root: &Target, mut visit: impl FnMut(Visited<'_>) -> Result<()>) -> Attempt<()> {
        let mut allowance = Allowance::new(self);
        let mut levels = vec![(self.listing(root)?, root.path().to_owned())];
        while let Some((listing, directory)) = levels.last_mut() {
            let Some(entry) = listing.next() else {
                levels.pop();
                continue;
            };
            let entry = entry.map_err(|errno| root.failed(errno))?;
            allowance.take_one()?;
            let path = path::join(directory, &entry.name);
            let (listing, directory) = (&*listing, &**directory);
            visit(Visited { path: &path, directory, entry: &entry, listing, depth: path_depth(&path, root.path()) })?;
            if entry.is_directory()
                && let Some(below) =
                    self.listing_below(root, listing, &entry, &path).map_err(|errno| root.failed(errno))?
            {
                check_depth(levels.len())?;
                levels.push((below, path));
            }
        }
        Ok(())
    }

    /// Removes everything below a directory, each thing with its own permit.
    fn remove_below(&self, root: &Target) -> Attempt<()> {
        struct Level {
            listing: Listing,
            path: String,
            name: CString,
        }
        let failed = |errno| root.failed(errno);
        let listing = self.listing(root)?.with_temporary();
        let mut levels = vec![Level { listing, path: root.path().to_owned(), name: CString::default() }];
        while let Some(level) = levels.last_mut() {
            let Some(entry) = level.listing.next() else {
                let Some(done) = levels.pop() else { break };
                if let Some(above) = levels.last() {
                    let permit = self.ask_below(REMOVE_DIRECTORY_ALL, Delete, &done.path, &above.path)?;
                    let directory = above.listing.fd().map_err(failed)?;
                    remove(permit, directory, &done.name, AtFlags::REMOVEDIR).map_err(|errno| match errno {
                        Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR => Interrupted::Moved,
                        other => failed(other).into(),
                    })?;
                }
                continue;
            };
            let entry = entry.map_err(failed)?;
            let path = path::join(&level.path, &entry.name);
            if entry.is_directory() {
                let Some(below) = self.listing_below(root, &level.listing, &entry, &path).map_err(failed)? else {
                    return Err(Interrupted::Moved);
                };
                check_depth(levels.len())?;
                levels.push(Level { listing: below.with_temporary(), path, name: entry.raw });
                continue;
            }
            // A temporary file belongs to the directory, not to the guest.
            let asked = if is_temporary(entry.raw.to_bytes()) { &level.path } else { &path };
            let permit = self.ask_below(REMOVE_DIRECTORY_ALL, Delete, asked, &level.path)?;
            let stat = self.has_quota().then(|| level.listing.stat(&entry).ok()).flatten();
            let directory = level.listing.fd().map_err(failed)?;
            match remove(permit, directory, &entry.raw, AtFlags::empty()) {
                Ok(()) => stat.iter().for_each(|stat| self.note_removed(stat)),
                Err(Errno::NOENT) => {}
                Err(Errno::ISDIR) => return Err(Interrupted::Moved),
                Err(errno) => return Err(failed(errno).into()),
            }
        }
        Ok(())
    }

    /// Asks for something that an operation came upon in the directory `listed_in`. Whoever may not list that learns from
    /// the denial that there is something, but not its name; the audit log has the name.
    fn ask_below(&self, operation: Operation, action: FilesystemAction, path: &str, listed_in: &str) -> Result<Permit> {
        self.ask(operation, action, path).map_err(|error| match error {
            FilesystemError::PermissionDenied(mut denial) if !self.allows(List, listed_in) => {
                denial.resource = path::parent(path).to_owned();
                denial.missing = everything_in(action, &denial.resource).unwrap_or_default();
                FilesystemError::PermissionDenied(denial)
            }
            other => other,
        })
    }
}

/// The line that allows an action on a directory and everything in it.
fn everything_in(action: FilesystemAction, directory: &str) -> Option<String> {
    let own = Permissions::covering(&Access::Filesystem { action, path: directory.to_owned() })?;
    let pattern = own.filesystem.first()?.path.as_str().trim_end_matches('/');
    let mut everything = Permissions::none();
    everything.filesystem.push(FilesystemPermission::new(action, format!("{pattern}/**").parse().ok()?));
    Some(everything.to_string())
}

/// Removes one name. The permit is what allows it, and is used up.
fn remove(permit: Permit, directory: BorrowedFd<'_>, name: &CStr, flags: AtFlags) -> std::result::Result<(), Errno> {
    drop(permit);
    rustix::fs::unlinkat(directory, name, flags)
}

fn path_depth(path: &str, root: &str) -> usize {
    path[root.len()..].split('/').filter(|name| !name.is_empty()).count()
}
