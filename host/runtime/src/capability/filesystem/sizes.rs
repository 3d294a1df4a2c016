//! How many bytes a component's files may have: each by itself, and all together where there is a [quota](super::quota).

use rustix::fd::AsFd;

use super::stat::Stat;
use super::{Filesystem, FilesystemError, Result};

impl Filesystem {
    /// Runs `change`, which may grow the file to at most `size` bytes, after reserving the growth.
    pub(super) fn resizing<T>(&self, file: impl AsFd, size: u64, change: impl FnOnce() -> Result<T>) -> Result<T> {
        let limit = self.shared.limits.max_file_bytes;
        if size > limit {
            return Err(FilesystemError::QuotaExceeded(format!("a file may have {limit} bytes at most")));
        }
        match &self.shared.quota {
            Some(quota) => quota.resizing(file, size, change),
            None => change(),
        }
    }

    /// A file has one handle more.
    pub(super) fn note_opened(&self, stat: &Stat) {
        if let Some(quota) = &self.shared.quota {
            quota.note_opened(stat);
        }
    }

    /// A file has one handle less.
    pub(super) fn note_closed(&self, file: impl AsFd) {
        if let Some(quota) = &self.shared.quota {
            quota.note_closed(file);
        }
    }

    /// A name of a file is gone; `stat` is from before.
    pub(super) fn note_removed(&self, stat: &Stat) {
        if let Some(quota) = &self.shared.quota {
            quota.note_removed(stat);
        }
    }

    /// Whether all files together may have a number of bytes only.
    pub(crate) fn has_quota(&self) -> bool {
        self.shared.quota.is_some()
    }
}
