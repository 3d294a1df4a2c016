//! The host directories a component sees, and the tree of their guest paths.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode, OFlags};

use super::path;

/// A host directory that a component sees.
///
/// ```
/// use airssys_wasm::Mount;
///
/// let mount = Mount::read_only("/data", "/srv/data");
/// assert!(mount.read_only);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Mount {
    /// Under which absolute guest path, such as `/data`. Of two mounts the one with the longer path wins.
    pub guest: String,
    /// The directory. It is opened once; what its path leads to later does not matter.
    pub host: PathBuf,
    /// Whether every change is refused, whatever the permissions.
    pub read_only: bool,
}

impl Mount {
    /// A directory of the host, under an absolute guest path, that no component can change.
    pub fn read_only(guest: impl Into<String>, host: impl Into<PathBuf>) -> Self {
        Self { guest: guest.into(), host: host.into(), read_only: true }
    }

    /// A directory of the host, under an absolute guest path, that components can change as far as their permissions go.
    pub fn writable(guest: impl Into<String>, host: impl Into<PathBuf>) -> Self {
        Self { guest: guest.into(), host: host.into(), read_only: false }
    }
}

/// An opened mount.
pub(super) struct MountedDirectory {
    /// Normal and absolute.
    guest: String,
    pub(super) root: Arc<OwnedFd>,
    pub(super) read_only: bool,
}

/// All mounts of one component.
pub(super) struct Mounts(Vec<MountedDirectory>);

impl MountedDirectory {
    /// Under which guest path it is.
    pub(super) fn guest(&self) -> &str {
        &self.guest
    }
}

impl Mounts {
    /// Opens each host directory.
    pub(super) fn open(mounts: &[Mount]) -> io::Result<Self> {
        let mut opened = Vec::with_capacity(mounts.len());
        let mut seen = BTreeSet::new();
        for mount in mounts {
            let invalid = |problem: &str| {
                io::Error::new(io::ErrorKind::InvalidInput, format!("mount {:?}: {problem}", mount.guest))
            };
            let guest = path::normalize(&mount.guest).map_err(|error| invalid(&error.to_string()))?;
            if mount.guest.split('/').any(|segment| segment == "..") {
                return Err(invalid("the guest path contains `..`"));
            }
            if !seen.insert(guest.clone()) {
                return Err(invalid("there is another mount at the same guest path"));
            }
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let root = rustix::fs::openat(CWD, &mount.host, flags, Mode::empty()).map_err(|errno| {
                io::Error::new(io::Error::from(errno).kind(), format!("{}: {errno}", mount.host.display()))
            })?;
            opened.push(MountedDirectory { guest, root: Arc::new(root), read_only: mount.read_only });
        }
        Ok(Mounts(opened))
    }

    pub(super) fn get(&self, index: usize) -> &MountedDirectory {
        &self.0[index]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &MountedDirectory> {
        self.0.iter()
    }

    /// The mount whose root is exactly at this path.
    pub(super) fn at(&self, path: &str) -> Option<usize> {
        self.0.iter().position(|mount| mount.guest == path)
    }

    /// The mount that this path lies in.
    pub(super) fn containing(&self, path: &str) -> Option<usize> {
        let covering = self.0.iter().enumerate().filter(|(_, mount)| path::is_within(path, &mount.guest));
        covering.max_by_key(|(_, mount)| mount.guest.len()).map(|(index, _)| index)
    }

    /// Whether there is a mount below this path, the path itself not counted.
    pub(super) fn any_below(&self, path: &str) -> bool {
        self.0.iter().any(|mount| mount.guest != path && path::is_within(&mount.guest, path))
    }

    /// The names in this directory that lead to mounts.
    pub(super) fn names_in(&self, directory: &str) -> BTreeSet<String> {
        let below = self.0.iter().filter(|mount| mount.guest != directory && path::is_within(&mount.guest, directory));
        let name = |mount: &MountedDirectory| {
            let rest = if directory == "/" { &mount.guest[1..] } else { &mount.guest[directory.len() + 1..] };
            rest.split('/').next().unwrap_or_default().to_owned()
        };
        below.map(name).collect()
    }
}
