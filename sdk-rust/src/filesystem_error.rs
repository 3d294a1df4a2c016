//! The one error of [`files`](crate::files), [`directories`](crate::directories) and [`paths`](crate::paths).

use std::io;

use crate::bindings::airssys::ext_filesystem::types::FilesystemError as Host;
use crate::{ExecutionError, PermissionDenial};

/// Why a filesystem operation failed. Paths are guest paths.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilesystemError {
    /// Nothing is there.
    #[error("{0}: not found")]
    NotFound(String),
    /// A permission is missing; the denial names the line of `Component.toml` that would give it.
    #[error("{0}")]
    PermissionDenied(PermissionDenial),
    /// Something is there already.
    #[error("{0}: already exists")]
    AlreadyExists(String),
    /// Not an absolute guest path without NUL.
    #[error("invalid path: {0}")]
    InvalidPath(String),
    /// A directory was expected.
    #[error("{0}: not a directory")]
    NotADirectory(String),
    /// A file was expected.
    #[error("{0}: is a directory")]
    IsADirectory(String),
    /// The directory has entries.
    #[error("{0}: directory not empty")]
    DirectoryNotEmpty(String),
    /// Too many symbolic links, or one where none may be followed.
    #[error("{0}: too many links")]
    TooManyLinks(String),
    /// The path or a name in it is too long.
    #[error("name too long: {0}")]
    NameTooLong(String),
    /// Source and destination are on different mounts.
    #[error("{0}: on another mount")]
    CrossDevice(String),
    /// Somebody else holds the lock.
    #[error("{0}: locked")]
    Locked(String),
    /// The arguments contradict each other or the handle.
    #[error("invalid argument: {0}")]
    InvalidArgument(String),
    /// The host cannot do this here.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// A limit of the host would be passed.
    #[error("quota exceeded: {0}")]
    QuotaExceeded(String),
    /// This component has as many files and cursors open as it may have, by default 256.
    #[error("too many open files")]
    TooManyOpenFiles,
    /// The host's filesystem failed.
    #[error("input/output error: {0}")]
    Io(String),
}

impl From<Host> for FilesystemError {
    fn from(error: Host) -> Self {
        match error {
            Host::NotFound(path) => Self::NotFound(path),
            Host::PermissionDenied(denial) => Self::PermissionDenied(denial),
            Host::AlreadyExists(path) => Self::AlreadyExists(path),
            Host::InvalidPath(text) => Self::InvalidPath(text),
            Host::NotADirectory(path) => Self::NotADirectory(path),
            Host::IsADirectory(path) => Self::IsADirectory(path),
            Host::DirectoryNotEmpty(path) => Self::DirectoryNotEmpty(path),
            Host::TooManyLinks(path) => Self::TooManyLinks(path),
            Host::NameTooLong(path) => Self::NameTooLong(path),
            Host::CrossDevice(path) => Self::CrossDevice(path),
            Host::Locked(path) => Self::Locked(path),
            Host::InvalidArgument(text) => Self::InvalidArgument(text),
            Host::Unsupported(text) => Self::Unsupported(text),
            Host::QuotaExceeded(text) => Self::QuotaExceeded(text),
            Host::TooManyOpenFiles => Self::TooManyOpenFiles,
            Host::Io(text) => Self::Io(text),
        }
    }
}

impl From<FilesystemError> for io::Error {
    fn from(error: FilesystemError) -> Self {
        use FilesystemError as Error;
        let kind = match &error {
            Error::NotFound(_) => io::ErrorKind::NotFound,
            Error::PermissionDenied(_) => io::ErrorKind::PermissionDenied,
            Error::AlreadyExists(_) => io::ErrorKind::AlreadyExists,
            Error::InvalidPath(_) | Error::InvalidArgument(_) => io::ErrorKind::InvalidInput,
            Error::NotADirectory(_) => io::ErrorKind::NotADirectory,
            Error::IsADirectory(_) => io::ErrorKind::IsADirectory,
            Error::DirectoryNotEmpty(_) => io::ErrorKind::DirectoryNotEmpty,
            Error::NameTooLong(_) => io::ErrorKind::InvalidFilename,
            Error::CrossDevice(_) => io::ErrorKind::CrossesDevices,
            Error::Locked(_) => io::ErrorKind::WouldBlock,
            Error::Unsupported(_) => io::ErrorKind::Unsupported,
            Error::QuotaExceeded(_) => io::ErrorKind::QuotaExceeded,
            Error::TooManyLinks(_) | Error::TooManyOpenFiles | Error::Io(_) => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

impl From<FilesystemError> for ExecutionError {
    /// For `?` in operations: a refusal stays one, what ran out is said to have, anything else failed.
    fn from(error: FilesystemError) -> Self {
        let text = error.to_string();
        match error {
            FilesystemError::PermissionDenied(_) => Self::PermissionDenied(text),
            FilesystemError::QuotaExceeded(_) | FilesystemError::TooManyOpenFiles => Self::ResourceExhausted(text),
            _ => Self::ProcessingFailed(text),
        }
    }
}
