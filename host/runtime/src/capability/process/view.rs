//! The processes of one component, as one of its instances sees them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};

use airssys_wasm_policy::Gate;
use tokio::sync::{Semaphore, watch};

use crate::background::in_place;
use crate::capability::filesystem::Filesystem;
use crate::locked::locked;

use super::child::{self, Handle};
use super::confine::{self, TcpPorts};
use super::error::{ProcessError, Result};
use super::places::{Places, Running, Slot};
use super::services::ProcessServices;

/// Above any number that Linux gives to a process, so that one is never taken for the other.
const FIRST_ID: u32 = 1 << 23;

/// Threads that a component may occupy with starting processes: one that its guest waits for, and one that it was
/// interrupted in.
const MAX_STARTING: usize = 2;

/// The processes of a component as one of its instances sees them. Clones share everything.
#[derive(Clone)]
pub struct Processes {
    pub(super) own: Arc<Own>,
    pub(super) shared: Arc<Shared>,
}

/// What one instance has for itself.
pub(super) struct Own {
    /// Who decides what this instance may do.
    pub(super) gate: Gate,
    pub(super) filesystem: Filesystem,
    /// Known from the first child on.
    pub(super) ports: OnceLock<TcpPorts>,
    pub(super) running: Running,
    held: Mutex<BTreeMap<u32, Weak<Handle>>>,
}

impl Own {
    fn new(gate: Gate, filesystem: Filesystem) -> Arc<Self> {
        let running = Arc::new(watch::Sender::new(0));
        Arc::new(Own { gate, filesystem, ports: OnceLock::new(), running, held: Mutex::default() })
    }
}

/// What all instances of one component have in common.
pub(super) struct Shared {
    /// The component's own.
    pub(super) environment: Vec<(String, String)>,
    pub(super) services: Arc<ProcessServices>,
    /// Whether children can be confined on this machine.
    pub(super) can_confine: bool,
    starting: Arc<Semaphore>,
    next_id: AtomicU32,
    pub(super) places: Arc<Places>,
}

impl Processes {
    /// The processes of a component with this gate, filesystem and environment.
    pub fn new(
        gate: Gate,
        filesystem: Filesystem,
        environment: Vec<(String, String)>,
        services: Arc<ProcessServices>,
    ) -> Processes {
        Processes::on_machine(gate, filesystem, environment, services, confine::is_supported())
    }

    /// The same on a machine that can confine children, or cannot.
    pub(super) fn on_machine(
        gate: Gate,
        filesystem: Filesystem,
        environment: Vec<(String, String)>,
        services: Arc<ProcessServices>,
        can_confine: bool,
    ) -> Processes {
        let shared = Shared {
            environment,
            services,
            can_confine,
            starting: Arc::new(Semaphore::new(MAX_STARTING)),
            next_id: AtomicU32::new(FIRST_ID),
            places: Arc::default(),
        };
        Processes { own: Own::new(gate, filesystem), shared: Arc::new(shared) }
    }

    /// The processes of the same component for another of its instances: the same environment, services, limits and count
    /// of processes, with the decisions of another gate, and `filesystem` behind that. An instance sees the processes
    /// that it has started, and those only.
    pub(crate) fn behind(&self, gate: Gate, filesystem: Filesystem) -> Self {
        Processes { own: Own::new(gate, filesystem), shared: Arc::clone(&self.shared) }
    }

    /// Does work that may block, away from the executor's threads. It goes on if nobody waits for it any more, and what it
    /// gives is dropped then.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let done = in_place(Arc::clone(&self.shared.starting), "start a process", |_| work()).await;
        done.map_err(|fault| ProcessError::Io(fault.to_string()))?
    }

    /// Numbers of its own: those of the system come again, and tell about others.
    pub(super) fn next_id(&self) -> u32 {
        self.shared.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Counts one process more.
    pub(super) fn take_slot(&self) -> Result<Slot> {
        let limit = self.shared.services.config.max_processes;
        self.shared.places.take(limit, &self.own.running).ok_or(ProcessError::TooManyProcesses)
    }

    /// Waits until nothing is left of any process of this instance whose handle is gone, though not for ever.
    pub(crate) async fn all_gone(&self) {
        let mut running = self.own.running.subscribe();
        let _ = tokio::time::timeout(child::GONE_WITHIN, running.wait_for(|running| *running == 0)).await;
    }

    pub(super) fn held(&self) -> MutexGuard<'_, BTreeMap<u32, Weak<Handle>>> {
        locked(&self.own.held)
    }
}
