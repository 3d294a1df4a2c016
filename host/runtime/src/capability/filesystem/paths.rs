//! `paths`: metadata, links, and the form of paths.

use std::os::fd::AsRawFd as _;

use airssys_wasm_policy::FilesystemAction::{List, Read, Write};
use airssys_wasm_policy::Operation;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, OFlags, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use rustix::io::Errno;

use super::attempt::Interrupted;
use super::resolve::{Existing, FinalLink, Found, Place, Target};
use super::stat::Stat;
use super::{
    FilePermissions, FileTime, FileTimes, FileType, Filesystem, FilesystemError, Metadata, Result, Timestamp, path,
};

const GET_METADATA: Operation = Operation("ext-filesystem/paths.get-metadata");
const GET_LINK_METADATA: Operation = Operation("ext-filesystem/paths.get-link-metadata");
const EXISTS: Operation = Operation("ext-filesystem/paths.exists");
const SET_PERMISSIONS: Operation = Operation("ext-filesystem/paths.set-permissions");
const SET_TIMES: Operation = Operation("ext-filesystem/paths.set-times");
const CREATE_SYMLINK: Operation = Operation("ext-filesystem/paths.create-symlink");
const READ_SYMLINK: Operation = Operation("ext-filesystem/paths.read-symlink");
const CANONICALIZE: Operation = Operation("ext-filesystem/paths.canonicalize");

impl Filesystem {
    /// `paths.get-metadata`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn get_metadata(&self, path: &str) -> Result<Metadata> {
        self.metadata_of(path, FinalLink::Follow, GET_METADATA)
    }

    /// `paths.get-link-metadata`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn get_link_metadata(&self, path: &str) -> Result<Metadata> {
        self.metadata_of(path, FinalLink::Keep, GET_LINK_METADATA)
    }

    fn metadata_of(&self, path: &str, final_link: FinalLink, operation: Operation) -> Result<Metadata> {
        let target = self.resolve(path, final_link)?.authorize_any(self, operation, &[Read, List])?;
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
        let target = self.resolve(path, FinalLink::Follow)?.authorize_any(self, EXISTS, &[Read, List])?;
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

    /// `paths.create-symlink`. On the host the link is relative: it leads to the same place for whoever sees it, and an
    /// absolute one would lead the host's own programs to a path that only the guest has.
    ///
    /// # Errors
    /// As in the contract; and `cross-device` if link and target are on different mounts.
    pub fn create_symlink(&self, target: &str, link: &str) -> Result<()> {
        let text = path::normalize(target)?;
        self.attempt(|| {
            let place = self.resolve(link, FinalLink::Keep)?.authorize(self, CREATE_SYMLINK, &[Write])?;
            let destination = self.resolve(&text, FinalLink::Follow)?.authorize(self, CREATE_SYMLINK, &[Read])?;
            if let Err(error @ FilesystemError::TooManyLinks(_)) = destination.place() {
                return Err(error.into());
            }
            let entry = match place.place()? {
                Place::Entry(entry) if entry.found.is_none() => entry,
                _ => return Err(place.failed(Errno::EXIST).into()),
            };
            if self.0.mounts.containing(&text) != place.mount() {
                return Err(FilesystemError::CrossDevice(target.to_owned()).into());
            }
            let text = path::link_text(path::parent(place.path()), &text);
            match rustix::fs::symlinkat(text, &*entry.parent, entry.name.as_str()) {
                Err(Errno::PERM) => {
                    Err(FilesystemError::Unsupported("the filesystem has no symbolic links".to_owned()).into())
                }
                Err(Errno::EXIST) => Err(Interrupted::Moved),
                done => Ok(done.map_err(|errno| place.failed(errno))?),
            }
        })
    }

    /// `paths.read-symlink`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn read_symlink(&self, link: &str) -> Result<String> {
        let target = self.resolve(link, FinalLink::Keep)?.authorize(self, READ_SYMLINK, &[Read])?;
        let text = match target.found()? {
            Existing::Entry { found, .. } if found.stat.file_type() == FileType::SymbolicLink => {
                read_link(&target, found)?
            }
            _ => return Err(FilesystemError::InvalidArgument("it is not a symbolic link".to_owned())),
        };
        Ok(path::link_target(path::parent(target.path()), &text))
    }

    /// `paths.canonicalize`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn canonicalize(&self, path: &str) -> Result<String> {
        let target = self.resolve(path, FinalLink::Follow)?.authorize_any(self, CANONICALIZE, &[Read, List])?;
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

fn read_link(target: &Target, found: &Found) -> Result<String> {
    let text = rustix::fs::readlinkat(&*found.fd, "", Vec::new()).map_err(|errno| target.failed(errno))?;
    text.into_string().map_err(|_| FilesystemError::Io("the link's text is not UTF-8".to_owned()))
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

pub(super) fn timestamps(times: FileTimes) -> Result<Timestamps> {
    Ok(Timestamps { last_access: timespec(times.accessed)?, last_modification: timespec(times.modified)? })
}

pub(super) fn times_not_set(errno: Errno, path: &str) -> FilesystemError {
    match errno {
        Errno::INVAL | Errno::OVERFLOW => {
            FilesystemError::InvalidArgument("the filesystem cannot express the time".to_owned())
        }
        other => FilesystemError::from_errno(other, path),
    }
}

fn timespec(time: FileTime) -> Result<Timespec> {
    let invalid = |problem: &str| FilesystemError::InvalidArgument(problem.to_owned());
    match time {
        FileTime::Unchanged => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT }),
        FileTime::Now => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_NOW }),
        FileTime::At(Timestamp { nanoseconds: 1_000_000_000.., .. }) => {
            Err(invalid("a time has less than 1,000,000,000 nanoseconds"))
        }
        FileTime::At(Timestamp { seconds, nanoseconds }) => {
            let tv_sec = seconds.try_into().map_err(|_| invalid("the filesystem cannot express the time"))?;
            Ok(Timespec { tv_sec, tv_nsec: nanoseconds.into() })
        }
    }
}
