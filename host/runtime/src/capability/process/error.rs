//! Why an operation failed, case by case as the contract has it.

use airssys_wasm_policy::Denial;

use super::{ExitStatus, Stream};

/// Why an operation failed; each case is the one of `process-error` of the same name. What they say names no path of the
/// host that the guest did not give.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessError {
    #[error(transparent)]
    PermissionDenied(Box<Denial>),
    #[error("there is no program {0:?}")]
    ProgramNotFound(String),
    #[error("{0:?} cannot be executed")]
    NotExecutable(String),
    #[error("there is no process {0}")]
    ProcessNotFound(u32),
    #[error("the process has ended: {0:?}")]
    AlreadyExited(ExitStatus),
    #[error("{0} is not piped")]
    NotPiped(Stream),
    #[error("standard input is closed")]
    StdinClosed,
    #[error("the time is over")]
    Timeout,
    #[error("too many processes")]
    TooManyProcesses,
    #[error("more than {0} bytes of output")]
    OutputTooLarge(u64),
    #[error("invalid argument: {0}")]
    InvalidArgument(String),
    #[error("unsupported: {0}")]
    Unsupported(String),
    #[error("the operating system failed: {0}")]
    Io(String),
}

/// What every operation gives.
pub type Result<T> = std::result::Result<T, ProcessError>;

impl From<Denial> for ProcessError {
    fn from(denial: Denial) -> Self {
        ProcessError::PermissionDenied(Box::new(denial))
    }
}

impl From<std::io::Error> for ProcessError {
    fn from(error: std::io::Error) -> Self {
        // The kind of an error that a library made says less than its text, and neither names a path.
        ProcessError::Io(match error.raw_os_error() {
            Some(code) => std::io::Error::from_raw_os_error(code).to_string(),
            None => error.to_string(),
        })
    }
}
