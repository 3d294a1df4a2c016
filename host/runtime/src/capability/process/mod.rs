//! The programs that one component starts: which it may, how they are kept in, and that nothing of them is left.
//!
//! A command becomes a [`Process`] in [`spawn`]: the [`program`] is found and asked for, everything that the child is
//! given is opened, and [`confine`] says what it may reach. Then the [`nursery`] forks a supervisor (see [`supervise`]), which
//! starts the child and stays until everything that comes from it is gone. [`child`] is the host's side of that.
//!
//! No shell, no environment of the host, no descriptor of the host, and nothing that the component may not do itself.

mod become_program;
mod census;
mod child;
mod config;
mod confine;
mod environment;
mod error;
mod filter;
mod landlock;
mod limits;
mod listening;
mod mappings;
mod memory;
mod nursery;
mod plan;
mod procfs;
mod program;
mod report;
mod requests;
mod rights;
mod run;
mod signals;
mod spawn;
mod streams;
mod supervise;
mod system;
mod tally;
mod types;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::Poll;
use std::time::Duration;

use airssys_wasm_policy::{Gate, Operation};
use tokio::sync::{Semaphore, watch};

pub use child::Process;
pub use config::ProcessConfig;
pub use error::{ProcessError, Result};
use nursery::Nursery;
pub use types::{
    Command, ExitStatus, Finished, PipelineOutput, ProcessInfo, ProcessLimits, ProcessOutput, ProcessState,
    ProcessUsage, Signal, SignalInfo, SignalTarget, StateChange, Stdio, Stream,
};

use super::filesystem::Filesystem;
use super::host_memory::{DEFAULT_MAX_HOST_MEMORY_BYTES, HostMemory, NONE_LEFT, Room};
use child::Handle;

const SPAWN: Operation = Operation("ext-process/processes.spawn");

/// Above any number that Linux gives to a process, so that one is never taken for the other.
const FIRST_ID: u32 = 1 << 23;

/// Threads that a component may occupy with starting processes: one that its guest waits for, and one that it was
/// interrupted in.
const MAX_STARTING: usize = 2;

/// The processes of one component. Clones share everything.
#[derive(Clone)]
pub struct Processes(Arc<Inner>);

struct Inner {
    gate: Gate,
    filesystem: Filesystem,
    /// The component's own.
    environment: Vec<(String, String)>,
    services: Arc<ProcessServices>,
    /// Whether children can be confined on this machine.
    can_confine: bool,
    /// Known from the first child on.
    ports: OnceLock<confine::TcpPorts>,
    starting: Arc<Semaphore>,
    next_id: AtomicU32,
    /// How many there are, those that still have to go included.
    count: watch::Sender<u32>,
    /// Which places in the tally are taken.
    places: Mutex<Vec<bool>>,
    /// Made for the first child.
    tally: OnceLock<File>,
    held: Mutex<BTreeMap<u32, Weak<Handle>>>,
}

/// What the components of a runtime share.
pub struct ProcessServices {
    config: ProcessConfig,
    nursery: Nursery,
    memory: HostMemory,
}

impl ProcessServices {
    /// What children of such components are started with.
    pub fn new(config: ProcessConfig) -> Self {
        let memory = HostMemory::at_most(DEFAULT_MAX_HOST_MEMORY_BYTES);
        ProcessServices { config, nursery: Nursery::default(), memory }
    }

    /// The same with what children read and write out of this memory.
    pub(crate) fn within(self, memory: HostMemory) -> Self {
        ProcessServices { memory, ..self }
    }

    /// Room for data that waits for a process, or for the guest.
    fn room(&self, bytes: usize) -> Result<Room> {
        self.memory.room_now(bytes as u64).ok_or_else(|| ProcessError::Io(NONE_LEFT.to_owned()))
    }
}

/// One of the processes that a component may have.
struct Slot {
    processes: Processes,
    /// Where its supervisor writes what it takes.
    place: u32,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let inner = &self.processes.0;
        if let Some(tally) = inner.tally.get() {
            // A place that could not be cleared leaves less to the others, until a child has it again.
            let _ = tally.write_all_at(&[0; tally::PLACE_BYTES], tally::at(self.place));
        }
        if let Some(taken) = locked(&inner.places).get_mut(self.place as usize) {
            *taken = false;
        }
        inner.count.send_modify(|count| *count -= 1);
    }
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
    fn on_machine(
        gate: Gate,
        filesystem: Filesystem,
        environment: Vec<(String, String)>,
        services: Arc<ProcessServices>,
        can_confine: bool,
    ) -> Processes {
        Processes(Arc::new(Inner {
            gate,
            filesystem,
            environment,
            services,
            starting: Arc::new(Semaphore::new(MAX_STARTING)),
            next_id: AtomicU32::new(FIRST_ID),
            count: watch::Sender::new(0),
            places: Mutex::default(),
            tally: OnceLock::new(),
            can_confine,
            ports: OnceLock::new(),
            held: Mutex::default(),
        }))
    }

    /// `processes.spawn`. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn spawn(&self, command: Command) -> Result<Process> {
        let process = self.start(SPAWN, command).await?;
        let mut held = self.held();
        held.retain(|_, process| process.strong_count() > 0);
        held.insert(process.id(), Arc::downgrade(&process.0));
        drop(held);
        Ok(process)
    }

    /// `processes.wait-any`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn wait_any(&self, ids: &[u32], timeout: Option<Duration>) -> Result<Option<Finished>> {
        if ids.is_empty() {
            return Err(ProcessError::InvalidArgument("a list of no processes".to_owned()));
        }
        let mut processes: Vec<(u32, Process)> = Vec::new();
        for (index, id) in (0..).zip(ids) {
            // A process that is in the list again cannot be the first.
            if !processes.iter().any(|(_, process)| process.id() == *id) {
                processes.push((index, self.get(*id)?));
            }
        }
        let mut waiting: Vec<_> = processes.iter().map(|(index, process)| (*index, Box::pin(process.wait()))).collect();
        let first = std::future::poll_fn(|context| {
            for (index, process) in &mut waiting {
                if let Poll::Ready(status) = process.as_mut().poll(context) {
                    return Poll::Ready(Finished { index: *index, status });
                }
            }
            Poll::Pending
        });
        match timeout {
            Some(timeout) => Ok(tokio::time::timeout(timeout, first).await.ok()),
            None => Ok(Some(first.await)),
        }
    }

    /// `processes.list-processes`.
    pub fn list(&self) -> Vec<ProcessInfo> {
        let held: Vec<_> = self.held().values().filter_map(Weak::upgrade).map(Process).collect();
        held.iter().map(Process::info).collect()
    }

    /// `processes.get-process-info`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn info(&self, id: u32) -> Result<ProcessInfo> {
        Ok(self.get(id)?.info())
    }

    fn get(&self, id: u32) -> Result<Process> {
        let found = self.held().get(&id).and_then(Weak::upgrade);
        found.map(Process).ok_or(ProcessError::ProcessNotFound(id))
    }

    /// Starts a program on behalf of an operation.
    async fn start(&self, operation: Operation, command: Command) -> Result<Process> {
        let processes = self.clone();
        let launched = self
            .blocking(move || {
                let allowed = processes.allow(operation, command)?;
                let slot = processes.take_slot()?;
                processes.launch(allowed, spawn::Wiring::default(), slot)
            })
            .await?;
        launched.watched().await
    }

    /// Does work that may block, away from the executor's threads. It goes on if nobody waits for it any more, and what it
    /// gives is dropped then.
    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let failed = |error: &dyn std::fmt::Display| ProcessError::Io(error.to_string());
        let place = Arc::clone(&self.0.starting).acquire_owned().await.map_err(|error| failed(&error))?;
        let placed = move || {
            let _place = place;
            work()
        };
        tokio::task::spawn_blocking(placed).await.map_err(|error| failed(&error))?
    }

    /// Numbers of its own: those of the system come again, and tell about others.
    fn next_id(&self) -> u32 {
        self.0.next_id.fetch_add(1, Ordering::Relaxed)
    }

    fn take_slot(&self) -> Result<Slot> {
        let limit = self.0.services.config.max_processes;
        let taken = self.0.count.send_if_modified(|count| {
            let free = *count < limit;
            *count += u32::from(free);
            free
        });
        if !taken {
            return Err(ProcessError::TooManyProcesses);
        }
        let mut places = locked(&self.0.places);
        let place = places.iter().position(|taken| !taken).unwrap_or_else(|| {
            places.push(false);
            places.len() - 1
        });
        places[place] = true;
        drop(places);
        Ok(Slot { processes: self.clone(), place: u32::try_from(place).unwrap_or(u32::MAX) })
    }

    /// What each child has taken.
    fn tally(&self) -> io::Result<&File> {
        if self.0.tally.get().is_none() {
            let file = rustix::fs::memfd_create("airssys-tally", rustix::fs::MemfdFlags::CLOEXEC)?;
            // Two at the same time make two, and use the same one.
            let _ = self.0.tally.set(File::from(file));
        }
        self.0.tally.get().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Waits until nothing is left of any process whose handle is gone, though not for ever.
    pub(crate) async fn all_gone(&self) {
        let mut count = self.0.count.subscribe();
        let _ = tokio::time::timeout(child::GONE_WITHIN, count.wait_for(|count| *count == 0)).await;
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<u32, Weak<Handle>>> {
        locked(&self.0.held)
    }
}

/// What a panicking thread left in there is as good as before: each change is one assignment.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
