//! How many files and cursors are open.

use super::errors::Result;
use crate::bindings::airssys::ext_filesystem::types::FilesystemError;
use crate::testing::state::State;

/// Files and cursors that may be open at a time, as hosts limit them.
const MAX_OPEN_FILES: u32 = 256;

/// A file or cursor that is open, counted until it is dropped.
#[derive(Debug)]
pub(super) struct Open;

impl Open {
    pub(super) fn count() -> Result<Self> {
        let state = State::current();
        if state.open.get() >= MAX_OPEN_FILES {
            return Err(FilesystemError::TooManyOpenFiles);
        }
        state.open.set(state.open.get() + 1);
        Ok(Self)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // After the host, nobody counts.
        if let Some(state) = State::still() {
            state.open.set(state.open.get().saturating_sub(1));
        }
    }
}
