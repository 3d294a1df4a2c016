//! Paths: metadata, links, permissions, times, and lexical work on names.

use crate::FilesystemError;
pub use crate::bindings::airssys::ext_filesystem::types::{
    FileMetadata, FilePermissions, FileTime, FileTimes, FileType,
};
use crate::host::paths as host;

type Result<T> = std::result::Result<T, FilesystemError>;

/// Metadata of what the path leads to; links are followed. Needs `read` or `list`.
///
/// # Errors
/// `NotFound`, `TooManyLinks`.
pub fn get_metadata(path: &str) -> Result<FileMetadata> {
    Ok(host::get_metadata(path)?)
}

/// Metadata of the path itself; a link is not followed. Needs `read` or `list`.
///
/// # Errors
/// `NotFound`.
pub fn get_link_metadata(path: &str) -> Result<FileMetadata> {
    Ok(host::get_link_metadata(path)?)
}

/// Whether something is there: false for a dangling link. Needs `read` or `list`.
///
/// # Errors
/// `PermissionDenied`: denied is never the same as absent.
pub fn exists(path: &str) -> Result<bool> {
    Ok(host::exists(path)?)
}

/// Sets the nine POSIX permission bits. Needs `write`.
///
/// # Errors
/// `NotFound`.
pub fn set_permissions(path: &str, permissions: FilePermissions) -> Result<()> {
    Ok(host::set_permissions(path, permissions)?)
}

/// Sets the times of access and modification. Needs `write`.
///
/// # Errors
/// `NotFound`.
pub fn set_times(path: &str, times: FileTimes) -> Result<()> {
    Ok(host::set_times(path, times)?)
}

/// Creates a symbolic link to `target`. Needs `write` on the link and `read` on the target.
///
/// # Errors
/// `AlreadyExists`, `PermissionDenied` (a target outside the mounts).
pub fn create_symlink(target: &str, link: &str) -> Result<()> {
    Ok(host::create_symlink(target, link)?)
}

/// The target of a symbolic link. Needs `read`.
///
/// # Errors
/// `NotFound`, `InvalidArgument` when it is no link.
pub fn read_symlink(link: &str) -> Result<String> {
    Ok(host::read_symlink(link)?)
}

/// The path with `..` and links resolved. Needs `read` or `list`.
///
/// # Errors
/// `NotFound`, `TooManyLinks`.
pub fn canonicalize(path: &str) -> Result<String> {
    Ok(host::canonicalize(path)?)
}

/// The path without `.`, `..` and empty parts, by its text alone. Needs no permission.
///
/// # Errors
/// `InvalidPath` for a relative path or one with NUL.
pub fn normalize(path: &str) -> Result<String> {
    Ok(host::normalize(path)?)
}

/// The path as seen from `base`, by its text alone. Needs no permission.
///
/// # Errors
/// `InvalidArgument` when it is not under `base`, `InvalidPath`.
pub fn relative_to(path: &str, base: &str) -> Result<String> {
    Ok(host::relative_to(path, base)?)
}
