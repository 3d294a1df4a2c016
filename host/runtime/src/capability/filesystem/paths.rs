//! `paths`: metadata and the form of paths. Links are in [`links`](super::links).

use std::os::fd::AsRawFd as _;

use airssys_wasm_policy::FilesystemAction::{List, Read, Write};
use airssys_wasm_policy::Operation;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, OFlags};
use rustix::io::Errno;

use super::resolve::{Existing, Target};
use super::stat::Stat;
use super::times::{times_not_set, timestamps};
use super::walk::FinalLink;
use super::{FilePermissions, FileTimes, FileType, Filesystem, FilesystemError, Metadata, Result, path};

const GET_METADATA: Operation = Operation("ext-filesystem/paths.get-metadata");
const GET_LINK_METADATA: Operation = Operation("ext-filesystem/paths.get-link-metadata");
const EXISTS: Operation = Operation("ext-filesystem/paths.exists");
const SET_PERMISSIONS: Operation = Operation("ext-filesystem/paths.set-permissions");
const SET_TIMES: Operation = Operation("ext-filesystem/paths.set-times");
const CANONICALIZE: Operation = Operation("ext-filesystem/paths.canonicalize");

impl Filesystem {
    /// `paths.get-metadata`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn get_metadata(&self, path: &str) -> Result<Metadata> {
        self.metadata_of(&self.look_at(path, FinalLink::Follow, GET_METADATA)?)
    }

    /// `paths.get-link-metadata`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn get_link_metadata(&self, path: &str) -> Result<Metadata> {
        self.metadata_of(&self.look_at(path, FinalLink::KeepUnlessSlash, GET_LINK_METADATA)?)
    }

    /// Asks whether the component may know what is at a path.
    pub(super) fn look_at(&self, path: &str, final_link: FinalLink, operation: Operation) -> Result<Target> {
        self.resolve(path, final_link)?.authorize_any(self, operation, &[Read, List])
    }

    pub(super) fn metadata_of(&self, target: &Target) -> Result<Metadata> {
        match target.found()? {
            Existing::Entry { found, .. } => Ok(found.stat.metadata()),
            Existing::MountRoot(root) => Ok(Stat::of(root).map_err(|errno| target.failed(errno))?.metadata()),
            Existing::Synthetic => Ok(Metadata {
                file_type: FileType::Directory,
                size: 0,
                permissions: FilePermissions::from_mode(0o555),
                links: 1,
                accessed: None,
                modified: None,
                created: None,
            }),
        }
    }

    /// `paths.exists`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn exists(&self, path: &str) -> Result<bool> {
        let target = self.look_at(path, FinalLink::Follow, EXISTS)?;
        match target.found() {
            Ok(_) => Ok(true),
            Err(FilesystemError::NotFound(_) | FilesystemError::NotADirectory(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// `paths.set-permissions`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn set_permissions(&self, path: &str, permissions: FilePermissions) -> Result<()> {
        let target = self.resolve(path, FinalLink::Follow)?.authorize(self, SET_PERMISSIONS, &[Write])?;
        let changed = match target.found()? {
            Existing::Entry { found, .. } => change_mode(&found.fd, &found.stat, permissions),
            Existing::MountRoot(root) => Stat::of(root).and_then(|stat| change_mode(root, &stat, permissions)),
            Existing::Synthetic => return Err(of_no_host()),
        };
        changed.map_err(|errno| target.failed(errno))
    }

    /// `paths.set-times`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn set_times(&self, path: &str, times: FileTimes) -> Result<()> {
        let times = timestamps(times)?;
        let target = self.resolve(path, FinalLink::Follow)?.authorize(self, SET_TIMES, &[Write])?;
        let changed = match target.found()? {
            // Should a link be there by now, its own times change, and nothing that it leads to.
            Existing::Entry { parent, name, .. } => {
                rustix::fs::utimensat(parent, name, &times, AtFlags::SYMLINK_NOFOLLOW)
            }
            Existing::MountRoot(root) => rustix::fs::utimensat(root, ".", &times, AtFlags::SYMLINK_NOFOLLOW),
            Existing::Synthetic => return Err(of_no_host()),
        };
        changed.map_err(|errno| times_not_set(errno, path))
    }

    /// `paths.canonicalize`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn canonicalize(&self, path: &str) -> Result<String> {
        let target = self.look_at(path, FinalLink::Follow, CANONICALIZE)?;
        target.found()?;
        Ok(target.path().to_owned())
    }

    /// `paths.normalize`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn normalize(&self, path: &str) -> Result<String> {
        path::normalize(path)
    }

    /// `paths.relative-to`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn relative_to(&self, path: &str, base: &str) -> Result<String> {
        path::relative_to(path, base)
    }
}

/// Changes the nine bits of what was found, and of nothing else that may have taken its place.
fn change_mode(fd: &OwnedFd, stat: &Stat, permissions: FilePermissions) -> std::result::Result<(), Errno> {
    // On a file, set-user-id must not survive that somebody else may write it. On a directory the others are the host's.
    let kept = if stat.is_directory() { stat.mode() & 0o7000 } else { 0 };
    let mode = Mode::from_bits_truncate(permissions.mode() | kept);
    // A descriptor for pointing only cannot be used for this itself; its entry in /proc leads to the same file. Opening
    // the file instead would take the right to read it.
    match rustix::fs::chmod(format!("/proc/self/fd/{}", fd.as_raw_fd()), mode) {
        Err(Errno::NOENT) if stat.is_directory() => {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            rustix::fs::fchmod(rustix::fs::openat(fd, ".", flags, Mode::empty())?, mode)
        }
        Err(Errno::NOENT) => Err(Errno::OPNOTSUPP),
        done => done,
    }
}

fn of_no_host() -> FilesystemError {
    FilesystemError::Unsupported("the directory is only there because mounts are below it".to_owned())
}
