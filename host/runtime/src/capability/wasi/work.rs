//! Work on the filesystem, where blocking is allowed.

use std::sync::Arc;

use tokio::sync::Semaphore;
use wasmtime_wasi::p2::FsError;

use super::values::code;
use crate::background::in_place;
use crate::capability::filesystem::{self as fs, FilesystemError};

/// Why work on the filesystem came to nothing.
pub(super) enum Failure {
    Filesystem(FilesystemError),
    /// The host's own fault.
    Host(wasmtime::Error),
}

impl From<Failure> for FsError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Filesystem(error) => code(&error).into(),
            Failure::Host(fault) => FsError::trap(fault),
        }
    }
}

/// Does work that may block, away from the executor's threads.
pub(super) async fn blocking<T, F>(places: Arc<Semaphore>, work: F) -> Result<T, Failure>
where
    T: Send + 'static,
    F: FnOnce() -> fs::Result<T> + Send + 'static,
{
    let done = in_place(places, "use the filesystem", |_| work()).await.map_err(|fault| Failure::Host(fault.into()))?;
    done.map_err(Failure::Filesystem)
}
