//! The filesystem of one component: which host directories it sees, under which names, and what it may do there.
//!
//! A guest path is resolved here and never by the operating system: one segment at a time, from the directory of a mount,
//! without following a link. What a link says is a guest path again, so that neither a link nor `..` can lead out of the
//! mounts. Only then is the gate asked, about the path with everything resolved; and what is done is done relative to
//! the directory that was reached, so that nothing that is swapped in between can change what it is done to. See
//! [`resolve`].
//!
//! Everything here blocks, except [`File::lock`]: call it where blocking is allowed.

mod attempt;
mod directories;
mod draft;
mod error;
mod files;
mod find;
mod handle;
mod lent;
mod limits;
mod links;
mod listing;
mod lock;
mod mounts;
mod path;
mod paths;
mod rename;
mod resolve;
mod space;
mod stat;
mod tree;
mod types;
mod walk;
mod wasi;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use airssys_wasm_policy::{Gate, Operation};
use rustix::fd::OwnedFd;

use crate::capability::descriptors::Descriptors;

pub use directories::DirectoryCursor;
pub use error::{FilesystemError, Result};
pub use handle::File;
pub(crate) use lent::Lent;
pub use limits::FilesystemLimits;
pub(crate) use path::MAX_PATH_BYTES;
pub use types::{
    DirectoryEntry, DiskUsage, FilePermissions, FileTime, FileTimes, FileType, FindOptions, LockKind, Metadata,
    OnExisting, OpenFlags, SeekFrom, SyncKind, Timestamp,
};

use mounts::Mounts;
use space::Space;

/// A host directory that a component sees.
#[derive(Debug, Clone)]
pub struct Mount {
    /// Under which absolute guest path, such as `/data`. Of two mounts the one with the longer path wins.
    pub guest: String,
    /// The directory. It is opened once; what its path leads to later does not matter.
    pub host: PathBuf,
    /// Whether every change is refused, whatever the permissions.
    pub read_only: bool,
}

/// The filesystem as one component instance sees it. Clones share everything.
#[derive(Clone)]
pub struct Filesystem(Arc<Inner>, Abandoned, Option<Operation>);

/// Whether nobody waits for an operation any more.
type Abandoned = Arc<AtomicBool>;

/// Somebody waits for an operation as long as this lives.
pub(crate) struct Waiting(Abandoned);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Inner {
    gate: Gate,
    mounts: Mounts,
    limits: FilesystemLimits,
    max_open_files: u32,
    open_files: AtomicU32,
    descriptors: Descriptors,
    space: Option<Space>,
}

impl Filesystem {
    /// Opens the mounts; and measures them, if there is a quota, which takes as long as there are files.
    ///
    /// The component may have so many files and cursors open, and takes each out of `descriptors`.
    ///
    /// # Errors
    /// A mount's guest path is not absolute, two mounts have the same, or a host directory cannot be opened or measured.
    pub(crate) fn open_mounts(
        gate: Gate,
        mounts: &[Mount],
        limits: FilesystemLimits,
        max_open_files: u32,
        descriptors: Descriptors,
    ) -> io::Result<Self> {
        let mounts = Mounts::open(mounts)?;
        let space = limits.quota_bytes.map(|quota| Space::measure(quota, &mounts)).transpose()?;
        let open_files = AtomicU32::new(0);
        let inner = Inner { gate, mounts, limits, max_open_files, open_files, descriptors, space };
        Ok(Filesystem(Arc::new(inner), Abandoned::default(), None))
    }

    /// The same as in a runtime of its own.
    #[cfg(test)]
    pub(crate) fn new(gate: Gate, mounts: &[Mount], limits: FilesystemLimits) -> io::Result<Self> {
        let files = crate::config::DEFAULT_OPEN_FILES;
        Filesystem::open_mounts(gate, mounts, limits, files, Descriptors::at_most(u32::MAX))
    }

    pub(crate) fn limits(&self) -> &FilesystemLimits {
        &self.0.limits
    }

    /// The directories that it may change, opened, with their guest paths.
    pub(crate) fn writable_roots(&self) -> impl Iterator<Item = (&str, &OwnedFd)> {
        self.0.mounts.iter().filter(|mount| !mount.read_only).map(|mount| (mount.guest(), &*mount.root))
    }

    /// The same for one operation, which does not go on through a tree or a large file when nobody waits for it any more. A thread that
    /// blocks cannot be interrupted: without this, a component could occupy one after the other with calls that run into
    /// their deadline.
    pub(crate) fn for_one_operation(&self) -> (Self, Waiting) {
        let abandoned = Abandoned::default();
        (Filesystem(Arc::clone(&self.0), Arc::clone(&abandoned), self.2), Waiting(abandoned))
    }

    /// The same for an operation that another interface has a name for, under which its decisions are recorded.
    pub(crate) fn on_behalf_of(&self, operation: Operation) -> Self {
        Filesystem(Arc::clone(&self.0), Arc::clone(&self.1), Some(operation))
    }

    /// The name of the operation that asks.
    fn asking(&self, operation: Operation) -> Operation {
        self.2.unwrap_or(operation)
    }

    /// Asked between the steps of what takes long.
    fn check_awaited(&self) -> Result<()> {
        if self.1.load(Ordering::Relaxed) {
            return Err(FilesystemError::Io("nobody waits for the operation any more".to_owned()));
        }
        Ok(())
    }
}

/// What a panicking thread left in there is as good as before: each change is one assignment.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
