//! The filesystem of one component, as one of its instances sees it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use airssys_wasm_policy::{Gate, Operation};
use rustix::fd::OwnedFd;

use crate::background::{Waiter, Wanted};
use crate::capability::descriptors::Descriptors;

use super::error::{FilesystemError, Result};
use super::limits::FilesystemLimits;
use super::mounts::{Mount, Mounts};
use super::quota::Quota;

/// The filesystem as one instance of a component sees it. Clones share everything.
#[derive(Clone)]
pub struct Filesystem {
    /// Who decides what this instance may do.
    pub(super) gate: Gate,
    pub(super) shared: Arc<Shared>,
    /// Whether the caller of the operation still waits for it.
    wanted: Wanted,
    /// Under which name decisions are recorded, if not under that of the operation itself.
    asks_as: Option<Operation>,
}

/// What all instances of one component have in common.
pub(super) struct Shared {
    pub(super) mounts: Mounts,
    pub(super) limits: FilesystemLimits,
    pub(super) max_open_files: u32,
    pub(super) open_files: AtomicU32,
    pub(super) descriptors: Descriptors,
    pub(super) quota: Option<Quota>,
}

impl Filesystem {
    /// Opens the mounts; and measures them, if there is a quota, which takes as long as there are files.
    ///
    /// The component may have so many files and cursors open, and takes each out of `descriptors`.
    ///
    /// # Errors
    /// A mount's guest path is not absolute, two mounts have the same, or a host directory cannot be opened or measured.
    pub(crate) fn open_mounts(
        gate: Gate,
        mounts: &[Mount],
        limits: FilesystemLimits,
        max_open_files: u32,
        descriptors: Descriptors,
    ) -> io::Result<Self> {
        let mounts = Mounts::open(mounts)?;
        let quota = limits.quota_bytes.map(|quota| Quota::measure(quota, &mounts)).transpose()?;
        let open_files = AtomicU32::new(0);
        let shared = Arc::new(Shared { mounts, limits, max_open_files, open_files, descriptors, quota });
        Ok(Filesystem { gate, shared, wanted: Wanted::default(), asks_as: None })
    }

    /// The same as in a runtime of its own.
    #[cfg(test)]
    pub(crate) fn new(gate: Gate, mounts: &[Mount], limits: FilesystemLimits) -> io::Result<Self> {
        let files = crate::runtime_config::DEFAULT_OPEN_FILES;
        Filesystem::open_mounts(gate, mounts, limits, files, Descriptors::at_most(u32::MAX))
    }

    /// The filesystem of the same component for another of its instances: the same mounts, quota, limits and count of
    /// open files, with the decisions of another gate.
    pub(crate) fn behind(&self, gate: Gate) -> Self {
        let shared = Arc::clone(&self.shared);
        Filesystem { gate, shared, wanted: Wanted::default(), asks_as: None }
    }

    pub(crate) fn limits(&self) -> &FilesystemLimits {
        &self.shared.limits
    }

    /// The directories that it may change, opened, with their guest paths.
    pub(crate) fn writable_roots(&self) -> impl Iterator<Item = (&str, &OwnedFd)> {
        self.shared.mounts.iter().filter(|mount| !mount.read_only).map(|mount| (mount.guest(), &*mount.root))
    }

    /// The same for one operation, which does not go on through a tree or a large file when nobody waits for it any more. A thread that
    /// blocks cannot be interrupted: without this, a component could occupy one after the other with calls that run into
    /// their deadline.
    pub(crate) fn for_one_operation(&self) -> (Self, Waiter) {
        let (wanted, waiter) = Wanted::by_a_waiter();
        (Filesystem { wanted, ..self.clone() }, waiter)
    }

    /// The same for an operation that another interface has a name for, under which its decisions are recorded.
    pub(crate) fn on_behalf_of(&self, operation: Operation) -> Self {
        Filesystem { asks_as: Some(operation), ..self.clone() }
    }

    /// The name of the operation that asks.
    pub(super) fn asking(&self, operation: Operation) -> Operation {
        self.asks_as.unwrap_or(operation)
    }

    /// Asked between the steps of what takes long.
    pub(super) fn check_awaited(&self) -> Result<()> {
        if !self.wanted.still() {
            return Err(FilesystemError::Io("nobody waits for the operation any more".to_owned()));
        }
        Ok(())
    }
}
