//! The contract's errors for those of the machine.

use std::io;

use crate::bindings::airssys::ext_filesystem::types::FilesystemError;

pub(super) type Result<T> = std::result::Result<T, FilesystemError>;

/// The contract's error for one of the machine.
pub(super) fn failed(path: &str) -> impl Fn(io::Error) -> FilesystemError + '_ {
    move |error| {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => FilesystemError::NotFound(path),
            io::ErrorKind::AlreadyExists => FilesystemError::AlreadyExists(path),
            io::ErrorKind::NotADirectory => FilesystemError::NotADirectory(path),
            io::ErrorKind::IsADirectory => FilesystemError::IsADirectory(path),
            io::ErrorKind::DirectoryNotEmpty => FilesystemError::DirectoryNotEmpty(path),
            io::ErrorKind::InvalidFilename => FilesystemError::NameTooLong(path),
            io::ErrorKind::InvalidInput => FilesystemError::InvalidArgument(path),
            io::ErrorKind::WouldBlock => FilesystemError::Locked(path),
            _ => FilesystemError::Io(error.to_string()),
        }
    }
}

pub(super) fn invalid(problem: &str) -> FilesystemError {
    FilesystemError::InvalidArgument(problem.to_owned())
}

pub(super) fn not_offered<T>(operation: &str) -> Result<T> {
    Err(FilesystemError::Unsupported(format!("the fake host offers no {operation}")))
}
