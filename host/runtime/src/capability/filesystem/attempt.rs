//! Doing again what was overtaken by a change of the tree.

use super::{Filesystem, FilesystemError, Result};

/// Somebody who swaps a path all the time shall not keep a thread busy for ever.
const MAX_ATTEMPTS: u32 = 64;

/// Why an attempt came to nothing.
#[derive(Debug)]
pub(super) enum Interrupted {
    /// What is at the path is no longer what was found there; nothing has been done.
    Moved,
    Failed(FilesystemError),
}

impl From<FilesystemError> for Interrupted {
    fn from(error: FilesystemError) -> Self {
        Interrupted::Failed(error)
    }
}

/// What one attempt gives.
pub(super) type Attempt<T> = std::result::Result<T, Interrupted>;

impl Filesystem {
    /// Resolves, asks and does anew until what was resolved is what was found when doing it.
    pub(super) fn attempt<T>(&self, mut attempt: impl FnMut() -> Attempt<T>) -> Result<T> {
        for _ in 0..MAX_ATTEMPTS {
            match attempt() {
                Ok(done) => return Ok(done),
                Err(Interrupted::Failed(error)) => return Err(error),
                Err(Interrupted::Moved) => {}
            }
        }
        Err(FilesystemError::Io("the path is changed by others all the time".to_owned()))
    }
}
