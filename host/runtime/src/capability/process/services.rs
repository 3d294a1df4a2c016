//! What the components of a runtime share for their processes.

use crate::capability::host_memory::{DEFAULT_MAX_HOST_MEMORY_BYTES, HostMemory, NONE_LEFT, Room};

use super::config::ProcessConfig;
use super::error::{ProcessError, Result};
use super::fork_server::ForkServer;

/// What the components of a runtime share.
pub struct ProcessServices {
    pub(super) config: ProcessConfig,
    pub(super) fork_server: ForkServer,
    pub(super) memory: HostMemory,
}

impl ProcessServices {
    /// What children of such components are started with.
    pub fn new(config: ProcessConfig) -> Self {
        let memory = HostMemory::at_most(DEFAULT_MAX_HOST_MEMORY_BYTES);
        ProcessServices { config, fork_server: ForkServer::default(), memory }
    }

    /// The same with what children read and write out of this memory.
    pub(crate) fn within(self, memory: HostMemory) -> Self {
        ProcessServices { memory, ..self }
    }

    /// Room for data that waits for a process, or for the guest.
    pub(super) fn room(&self, bytes: usize) -> Result<Room> {
        self.memory.room_now(bytes as u64).ok_or_else(|| ProcessError::Io(NONE_LEFT.to_owned()))
    }
}
