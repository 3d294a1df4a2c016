//! The filesystem of one component: which host directories it sees, under which names, and what it may do there.
//!
//! A guest path is resolved here and never by the operating system: one segment at a time, from the directory of a mount,
//! without following a link. What a link says is a guest path again, so that neither a link nor `..` can lead out of the
//! mounts. Only then is the gate asked, about the path with everything resolved; and what is done is done relative to
//! the directory that was reached, so that nothing that is swapped in between can change what it is done to. See
//! [`resolve`].
//!
//! Everything here blocks, except [`File::lock`]: call it where blocking is allowed.

mod adapter;
mod atomic_file;
mod attempt;
mod child_access;
mod directories;
mod error;
mod files;
mod find;
mod handle;
mod limits;
mod links;
mod listing;
mod lock;
mod mounts;
mod path;
mod paths;
mod quota;
mod rename;
mod resolve;
mod sizes;
mod stat;
mod temporary_name;
mod times;
mod tree;
mod types;
mod view;
mod walk;
mod wasi;

pub(crate) use child_access::ChildAccess;
pub use directories::DirectoryCursor;
pub use error::{FilesystemError, Result};
pub use handle::File;
pub use limits::FilesystemLimits;
pub use mounts::Mount;
pub(crate) use path::MAX_PATH_BYTES;
pub use types::{
    DirectoryEntry, DiskUsage, FilePermissions, FileTime, FileTimes, FileType, FindOptions, LockKind, Metadata,
    OnExisting, OpenFlags, SeekFrom, SyncKind, Timestamp,
};
pub use view::Filesystem;

#[cfg(test)]
mod tests;
