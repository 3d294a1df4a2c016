//! Errors of the host, on their way out of a function of the life cycle.

use std::cell::Cell;
use std::io;

use crate::host_services::MessagingError;
use crate::{ComponentError, FilesystemError, NetworkError, ProcessError};

thread_local! {
    static IS_STARTING: Cell<bool> = const { Cell::new(false) };
}

/// Lives as long as `init` runs: an error that leaves it is one of the start.
#[doc(hidden)]
#[derive(Debug)]
pub struct Starting {
    before: bool,
}

impl Starting {
    #[allow(clippy::new_without_default, reason = "it is held for what it does, not for a value")]
    pub fn new() -> Self {
        Self { before: IS_STARTING.replace(true) }
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        IS_STARTING.set(self.before);
    }
}

macro_rules! becomes_component_error {
    ($($error:ty),*) => {$(
        impl From<$error> for ComponentError {
            /// For `?` in the functions of the life cycle: [`ComponentError::InitializationFailed`] in `init`, and
            /// [`ComponentError::Internal`] in the others, with the text of the error.
            fn from(error: $error) -> Self {
                let text = error.to_string();
                if IS_STARTING.get() { Self::InitializationFailed(text) } else { Self::Internal(text) }
            }
        }
    )*};
}

becomes_component_error!(FilesystemError, NetworkError, ProcessError, MessagingError, io::Error);
