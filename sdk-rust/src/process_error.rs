//! The one error of [`processes`](crate::processes), [`stdio`](crate::stdio) and [`signals`](crate::signals).

use std::io;

use crate::bindings::airssys::ext_process::types::ProcessError as Host;
use crate::processes::{ExitStatus, ProcessId};
use crate::stdio::StdioStream;
use crate::{ExecutionError, PermissionDenial};

/// Why an operation on a process failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// A permission is missing; the denial names the line of `Component.toml` that would give it. Nothing was started
    /// and no signal sent.
    #[error("{0}")]
    PermissionDenied(PermissionDenial),
    /// There is no such program.
    #[error("{0}: program not found")]
    ProgramNotFound(String),
    /// The program is no file that can be executed.
    #[error("{0}: not executable")]
    NotExecutable(String),
    /// The component holds no process of this id.
    #[error("process {0} not found")]
    ProcessNotFound(ProcessId),
    /// The process has ended, in this way.
    #[error("the process has ended: {0}")]
    AlreadyExited(ExitStatus),
    /// This stream is no pipe to the component.
    #[error("{0} is not piped")]
    NotPiped(StdioStream),
    /// Standard input is closed, on this side or by the process.
    #[error("standard input is closed")]
    StdinClosed,
    /// The time for the operation has passed.
    #[error("timed out")]
    Timeout,
    /// This component has as many processes as it may have.
    #[error("too many processes")]
    TooManyProcesses,
    /// The process has written more than the limit, given in bytes.
    #[error("output larger than {0} bytes")]
    OutputTooLarge(u64),
    /// An argument makes no sense.
    #[error("invalid argument: {0}")]
    InvalidArgument(String),
    /// The host cannot do this, for example confine a child to the permissions of the component.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// The host's operating system failed.
    #[error("input/output error: {0}")]
    Io(String),
}

impl From<Host> for ProcessError {
    fn from(error: Host) -> Self {
        match error {
            Host::PermissionDenied(denial) => Self::PermissionDenied(denial),
            Host::ProgramNotFound(program) => Self::ProgramNotFound(program),
            Host::NotExecutable(program) => Self::NotExecutable(program),
            Host::ProcessNotFound(id) => Self::ProcessNotFound(id),
            Host::AlreadyExited(status) => Self::AlreadyExited(status),
            Host::NotPiped(stream) => Self::NotPiped(stream),
            Host::StdinClosed => Self::StdinClosed,
            Host::Timeout => Self::Timeout,
            Host::TooManyProcesses => Self::TooManyProcesses,
            Host::OutputTooLarge(limit) => Self::OutputTooLarge(limit),
            Host::InvalidArgument(text) => Self::InvalidArgument(text),
            Host::Unsupported(text) => Self::Unsupported(text),
            Host::Io(text) => Self::Io(text),
        }
    }
}

impl From<ProcessError> for io::Error {
    fn from(error: ProcessError) -> Self {
        use ProcessError as Error;
        let kind = match &error {
            Error::PermissionDenied(_) => io::ErrorKind::PermissionDenied,
            Error::ProgramNotFound(_) | Error::ProcessNotFound(_) => io::ErrorKind::NotFound,
            Error::NotPiped(_) | Error::InvalidArgument(_) => io::ErrorKind::InvalidInput,
            Error::StdinClosed => io::ErrorKind::BrokenPipe,
            Error::Timeout => io::ErrorKind::TimedOut,
            Error::Unsupported(_) => io::ErrorKind::Unsupported,
            Error::NotExecutable(_)
            | Error::AlreadyExited(_)
            | Error::TooManyProcesses
            | Error::OutputTooLarge(_)
            | Error::Io(_) => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

impl From<ProcessError> for ExecutionError {
    /// For `?` in operations: a refusal stays one, a timeout too, what ran out is said to have, anything else failed.
    fn from(error: ProcessError) -> Self {
        let text = error.to_string();
        match error {
            ProcessError::PermissionDenied(_) => Self::PermissionDenied(text),
            ProcessError::Timeout => Self::Timeout(text),
            ProcessError::TooManyProcesses | ProcessError::OutputTooLarge(_) => Self::ResourceExhausted(text),
            _ => Self::ProcessingFailed(text),
        }
    }
}
