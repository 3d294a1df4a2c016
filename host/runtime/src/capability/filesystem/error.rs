//! Why an operation failed, case by case as the contract has it.

use airssys_wasm_policy::Denial;
use rustix::io::Errno;

/// Why an operation failed; each case is the one of `filesystem-error` of the same name. The paths are those that the
/// guest gave, never a host path, and never one that it would learn only from the error.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FilesystemError {
    #[error("there is nothing at {0:?}")]
    NotFound(String),
    #[error(transparent)]
    PermissionDenied(Box<Denial>),
    #[error("there is already something at {0:?}")]
    AlreadyExists(String),
    #[error("invalid path: {0}")]
    InvalidPath(String),
    #[error("{0:?} is not a directory, or leads through something that is none")]
    NotADirectory(String),
    #[error("{0:?} is a directory")]
    IsADirectory(String),
    #[error("the directory {0:?} is not empty")]
    DirectoryNotEmpty(String),
    #[error("too many symbolic links at {0:?}")]
    TooManyLinks(String),
    #[error("a name in {0:?} is too long")]
    NameTooLong(String),
    #[error("{0:?} is on another mount")]
    CrossDevice(String),
    #[error("{0:?} is locked")]
    Locked(String),
    #[error("invalid argument: {0}")]
    InvalidArgument(String),
    #[error("unsupported: {0}")]
    Unsupported(String),
    #[error("quota exceeded: {0}")]
    QuotaExceeded(String),
    #[error("too many open files")]
    TooManyOpenFiles,
    #[error("the operating system failed: {0}")]
    Io(String),
}

/// What every operation gives.
pub type Result<T> = std::result::Result<T, FilesystemError>;

impl From<Denial> for FilesystemError {
    fn from(denial: Denial) -> Self {
        FilesystemError::PermissionDenied(Box::new(denial))
    }
}

impl FilesystemError {
    /// The case for a failed system call on `path`, the path as the guest gave it.
    pub(super) fn from_errno(errno: Errno, path: &str) -> Self {
        let path = || path.to_owned();
        match errno {
            Errno::NOENT => FilesystemError::NotFound(path()),
            Errno::EXIST => FilesystemError::AlreadyExists(path()),
            Errno::NOTDIR => FilesystemError::NotADirectory(path()),
            Errno::ISDIR => FilesystemError::IsADirectory(path()),
            Errno::NOTEMPTY => FilesystemError::DirectoryNotEmpty(path()),
            Errno::LOOP => FilesystemError::TooManyLinks(path()),
            Errno::NAMETOOLONG => FilesystemError::NameTooLong(path()),
            Errno::XDEV => FilesystemError::CrossDevice(path()),
            Errno::MFILE | Errno::NFILE => FilesystemError::TooManyOpenFiles,
            Errno::NOSPC => FilesystemError::QuotaExceeded("the device is full".to_owned()),
            Errno::DQUOT => FilesystemError::QuotaExceeded("the quota on the device is exhausted".to_owned()),
            Errno::MLINK => FilesystemError::QuotaExceeded("the directory is full".to_owned()),
            Errno::FBIG => FilesystemError::QuotaExceeded("the file would be larger than the device allows".to_owned()),
            Errno::OPNOTSUPP | Errno::NOSYS => {
                FilesystemError::Unsupported("the filesystem of the host cannot do this".to_owned())
            }
            // The host's own user lacks the right: no permission of the component would help, so it is no denial.
            other => FilesystemError::Io(describe(other)),
        }
    }
}

/// The operating system's own words for an error, which name no path.
pub(super) fn describe(errno: Errno) -> String {
    std::io::Error::from(errno).to_string()
}
