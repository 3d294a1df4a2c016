//! What the processes of a component get of its filesystem: what it may do itself, never more.

use std::collections::BTreeSet;
use std::sync::Arc;

use airssys_wasm_policy::FilesystemAction::{self, Delete, List, Read, Write};
use airssys_wasm_policy::{Access, Operation};
use rustix::fd::OwnedFd;

use super::walk::{Entry, FinalLink, Place};
use super::{Filesystem, FilesystemError, OpenFlags, Result};

/// A directory with all that is below it, or a file, and what may be done there.
pub(crate) struct ChildAccess {
    pub(crate) place: Arc<OwnedFd>,
    pub(crate) is_directory: bool,
    pub(crate) read: bool,
    pub(crate) write: bool,
    pub(crate) delete: bool,
    pub(crate) list: bool,
}

impl Filesystem {
    /// Opens a file for the standard stream of a process.
    ///
    /// # Errors
    /// As `files.open` with these flags.
    pub(crate) fn open_stream(&self, operation: Operation, path: &str, flags: OpenFlags) -> Result<OwnedFd> {
        let file = self.open_for(operation, path, flags)?;
        file.descriptor().map_err(|error| FilesystemError::Io(error.to_string()))
    }

    /// How large a file can become.
    pub(crate) fn max_file_bytes(&self) -> u64 {
        self.shared.limits.max_file_bytes
    }

    /// The directory at this path, to start a process in. None if there is no directory, or nothing that the component
    /// may know of: that looks the same.
    pub(crate) fn working_directory(&self, path: &str) -> Option<Arc<OwnedFd>> {
        let resolved = self.resolve(path, FinalLink::Follow).ok()?;
        if !self.may_know(resolved.path()) {
            return None;
        }
        let directory = opened(resolved.into_place()?)?;
        directory.is_directory.then_some(directory.place)
    }

    /// Everything that the component may reach, as far as it can be told once for all: whole trees, and files with a
    /// permission of their own that are there.
    pub(crate) fn child_access(&self) -> Vec<ChildAccess> {
        let mut candidates = BTreeSet::new();
        candidates.extend(self.shared.mounts.iter().map(|mount| mount.guest().to_owned()));
        for permissions in self.gate.permissions() {
            candidates.extend(permissions.filesystem.iter().map(|allowed| allowed.path.literal_start()));
        }
        let access = |path: String| {
            let resolved = self.resolve(&path, FinalLink::Follow).ok()?;
            let read_only = resolved.is_read_only(self);
            let path = resolved.path().to_owned();
            let found = opened(resolved.into_place()?)?;
            // What another mount hides from the component would be in the tree of this one.
            if found.is_directory && self.shared.mounts.any_below(&path) {
                return None;
            }
            let may = |action: FilesystemAction| {
                let asked = Access::Filesystem { action, path: path.clone() };
                let changes = matches!(action, Write | Delete);
                let allowed =
                    if found.is_directory { self.gate.allows_below(&asked) } else { self.gate.allows(&asked) };
                allowed && !(changes && read_only)
            };
            let found =
                ChildAccess { read: may(Read), write: may(Write), delete: may(Delete), list: may(List), ..found };
            (found.read || found.write || found.delete || found.list).then_some(found)
        };
        candidates.into_iter().filter_map(access).collect()
    }
}

/// What was found at the end of a walk, with no rights at all. Nobody was asked, so nothing of it is for the guest.
fn opened(place: Place) -> Option<ChildAccess> {
    let (place, is_directory) = match place {
        Place::MountRoot(root) => (root, true),
        Place::Entry(Entry { found: Some(found), .. }) if found.stat.is_directory() => (found.fd, true),
        Place::Entry(Entry { found: Some(found), .. }) if found.stat.is_regular() => (found.fd, false),
        Place::Entry(_) | Place::Synthetic => return None,
    };
    Some(ChildAccess { place, is_directory, read: false, write: false, delete: false, list: false })
}
