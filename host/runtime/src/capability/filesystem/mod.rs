//! The filesystem of one component: which host directories it sees, under which names, and what it may do there.
//!
//! A guest path is resolved here and never by the operating system: one segment at a time, from the directory of a mount,
//! without following a link. What a link says is a guest path again, so that neither a link nor `..` can lead out of the
//! mounts. Only then is the gate asked, about the path with everything resolved; and what is done is done relative to
//! the directory that was reached, so that nothing that is swapped in between can change what it is done to. See
//! [`resolve`].
//!
//! Everything here blocks, except [`File::lock`]: call it where blocking is allowed.

mod directories;
mod error;
mod files;
mod handle;
mod limits;
mod lock;
mod path;
mod paths;
mod types;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use airssys_wasm_policy::Gate;

pub use directories::DirectoryCursor;
pub use error::{FilesystemError, Result};
pub use handle::File;
pub use limits::FilesystemLimits;
pub use types::{
    DirectoryEntry, DiskUsage, FilePermissions, FileTime, FileTimes, FileType, FindOptions, LockKind, Metadata, OnExisting,
    OpenFlags, SeekFrom, SyncKind, Timestamp,
};

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
pub struct Filesystem(Arc<Inner>);

struct Inner {
    gate: Gate,
    limits: FilesystemLimits,
}

impl Filesystem {
    /// Opens the mounts.
    ///
    /// # Errors
    /// A mount's guest path is not absolute, two mounts have the same, or a host directory cannot be opened.
    pub fn new(gate: Gate, mounts: &[Mount], limits: FilesystemLimits) -> io::Result<Self> {
        let _ = mounts;
        Ok(Filesystem(Arc::new(Inner { gate, limits })))
    }

    fn unavailable<T>(&self) -> Result<T> {
        let _ = (&self.0.gate, &self.0.limits);
        Err(FilesystemError::Unsupported("not available in this host".to_owned()))
    }
}
