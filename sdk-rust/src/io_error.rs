//! Errors of the standard library's traits, on their way out of an operation.

use std::io;

use crate::{ExecutionError, FilesystemError, NetworkError, ProcessError};

impl From<io::Error> for ExecutionError {
    /// For `?` in operations: an error of the host that went through `Read`, `Write` or `Seek` counts as itself, so that
    /// a refusal stays one; anything else failed.
    fn from(error: io::Error) -> Self {
        let error = match error.downcast::<FilesystemError>() {
            Ok(cause) => return cause.into(),
            Err(error) => error,
        };
        let error = match error.downcast::<NetworkError>() {
            Ok(cause) => return cause.into(),
            Err(error) => error,
        };
        match error.downcast::<ProcessError>() {
            Ok(cause) => cause.into(),
            Err(error) => Self::ProcessingFailed(error.to_string()),
        }
    }
}
