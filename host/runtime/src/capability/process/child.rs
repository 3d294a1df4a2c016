//! One process: what the host knows of it, and what watches over it.

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use airssys_wasm_policy::Gate;
use libc::pid_t;
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::{Notify, oneshot, watch};
use tokio::time::Instant;

use crate::locked::locked;

use super::limits::{self, Resource};
use super::places::Slot;
use super::report::{REPORT_BYTES, Report, Stage};
use super::streams::Streams;
use super::system::{self, Forked};
use super::{
    ExitStatus, ProcessError, ProcessInfo, ProcessLimits, ProcessServices, ProcessState, ProcessUsage, Result, Signal,
    SignalTarget, StateChange,
};

/// Changes that are kept for a component that does not ask for them; a child can make as many as it likes.
const MAX_KEPT_CHANGES: usize = 64;
/// How long dropping a handle waits until everything is gone. It is gone at once, unless something hangs in the kernel.
pub(super) const GONE_WITHIN: Duration = Duration::from_secs(5);

/// A process that a component has started. Clones are the same handle; with the last one the process and everything that
/// it has started are killed.
#[derive(Clone)]
pub struct Process(pub(super) Arc<Handle>);

pub(super) struct Handle {
    pub(super) shared: Arc<Shared>,
    pub(super) streams: Streams,
    pub(super) services: Arc<ProcessServices>,
    gate: Gate,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.end();
    }
}

/// What the handle and the watch over the process share.
pub(super) struct Shared {
    pub(super) id: u32,
    pub(super) program: String,
    arguments: Vec<String>,
    started: SystemTime,
    status: watch::Sender<Status>,
    changes: Mutex<VecDeque<StateChange>>,
    limits: Mutex<Limits>,
    limits_changed: Notify,
    /// What signals go to. As long as the supervisor has not been told to end, it keeps the number of the child.
    anchor: Mutex<Anchor>,
    ending: Notify,
}

/// The limits in force.
struct Limits {
    values: ProcessLimits,
    since: Instant,
}

#[derive(Default)]
struct Anchor {
    pid: pid_t,
    process: Option<OwnedFd>,
    ending: bool,
}

/// What a process does, and what is left of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Status {
    stopped: bool,
    exit: Option<(ExitStatus, ProcessUsage)>,
    pub(super) timed_out: bool,
    /// Neither the process nor anything it has started is left.
    pub(super) gone: bool,
}

impl Status {
    pub(super) fn state(&self) -> ProcessState {
        match (self.exit, self.stopped) {
            (Some(_), _) => ProcessState::Exited,
            (None, true) => ProcessState::Stopped,
            (None, false) => ProcessState::Running,
        }
    }

    pub(super) fn exit(&self) -> Option<ExitStatus> {
        self.exit.map(|(status, _)| status)
    }
}

/// Why a program did not start.
#[derive(Debug)]
pub(super) enum NotStarted {
    Failed(Stage, io::Error),
    Lost,
}

/// What a process is made from, besides the process.
pub(super) struct About {
    pub(super) id: u32,
    pub(super) program: String,
    pub(super) arguments: Vec<String>,
    pub(super) limits: ProcessLimits,
    pub(super) gate: Gate,
    pub(super) services: Arc<ProcessServices>,
}

impl Process {
    /// Watches over what was forked. Gives the process when its program runs.
    pub(super) async fn watched(
        forked: Forked,
        streams: Streams,
        about: About,
        slot: Slot,
    ) -> std::result::Result<Process, NotStarted> {
        let shared = Arc::new(Shared {
            id: about.id,
            program: about.program,
            arguments: about.arguments,
            started: SystemTime::now(),
            status: watch::Sender::new(Status::default()),
            changes: Mutex::default(),
            limits: Mutex::new(Limits { values: about.limits, since: Instant::now() }),
            limits_changed: Notify::new(),
            anchor: Mutex::default(),
            ending: Notify::new(),
        });
        let handle = Handle { shared: Arc::clone(&shared), streams, gate: about.gate, services: about.services };
        let (started, result) = oneshot::channel();
        let supervisor = Supervisor::new(forked).map_err(|error| NotStarted::Failed(Stage::Supervisor, error))?;
        tokio::spawn(watch_over(shared, supervisor, started, slot));
        // Dropped before it is done, the handle ends what it stands for.
        result.await.unwrap_or(Err(NotStarted::Lost))?;
        Ok(Process(Arc::new(handle)))
    }

    /// `processes.process.id`.
    pub fn id(&self) -> u32 {
        self.0.shared.id
    }

    /// The resolved path of the program.
    pub(super) fn program(&self) -> &str {
        &self.0.shared.program
    }

    pub(super) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// `processes.process.info`.
    pub fn info(&self) -> ProcessInfo {
        let status = self.status();
        let shared = &self.0.shared;
        ProcessInfo {
            id: shared.id,
            program: shared.program.clone(),
            arguments: shared.arguments.clone(),
            started: shared.started,
            state: status.state(),
            exit: status.exit(),
        }
    }

    /// `processes.process.wait`.
    pub async fn wait(&self) -> ExitStatus {
        loop {
            if let Some(status) = self.until(|status| status.exit.is_some()).await.exit() {
                return status;
            }
        }
    }

    /// `processes.process.wait-timeout`.
    pub async fn wait_timeout(&self, timeout: Duration) -> Option<ExitStatus> {
        tokio::time::timeout(timeout, self.wait()).await.ok()
    }

    /// `processes.process.try-wait`.
    pub fn try_wait(&self) -> Option<ExitStatus> {
        self.status().exit()
    }

    /// `processes.process.usage`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn usage(&self) -> Result<ProcessUsage> {
        if let Some((_, usage)) = self.status().exit {
            return Ok(usage);
        }
        let anchor = locked(&self.0.shared.anchor);
        let usage = system::usage(anchor.pid);
        drop(anchor);
        match (usage, self.status().exit) {
            // It ended meanwhile, and then the system's own account is the better one.
            (_, Some((_, usage))) => Ok(usage),
            (usage, None) => Ok(usage?),
        }
    }

    /// `processes.process.limits`.
    pub fn limits(&self) -> ProcessLimits {
        locked(&self.0.shared.limits).values
    }

    /// `processes.process.set-limits`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn set_limits(&self, asked: ProcessLimits) -> Result<()> {
        let limits = limits::resolve(&self.0.services.config, asked)?;
        let shared = &self.0.shared;
        let anchor = locked(&shared.anchor);
        if let Some(status) = self.status().exit() {
            return Err(ProcessError::AlreadyExited(status));
        }
        if anchor.ending {
            // Its end is on the way, and its number may be free.
            return Err(ProcessError::AlreadyExited(ExitStatus::Signaled(Signal::KILL)));
        }
        for Resource { number, value } in limits::resources(&limits) {
            system::set_limit(anchor.pid, number, value).map_err(|error| match error.raw_os_error() {
                Some(libc::EPERM) => ProcessError::Unsupported("the host may not raise this limit again".to_owned()),
                _ => error.into(),
            })?;
        }
        drop(anchor);
        locked(&shared.limits).values = limits;
        shared.limits_changed.notify_one();
        Ok(())
    }

    /// Kills what is left and waits until it is gone, though not for ever.
    pub async fn end(&self) {
        self.0.shared.end();
        let _ = tokio::time::timeout(GONE_WITHIN, self.until(|status| status.gone)).await;
    }

    pub(super) fn status(&self) -> Status {
        *self.0.shared.status.borrow()
    }

    /// Waits until the status is such.
    pub(super) async fn until(&self, reached: impl Fn(&Status) -> bool) -> Status {
        let mut status = self.0.shared.status.subscribe();
        match status.wait_for(|status| reached(status)).await {
            Ok(status) => *status,
            // The sender is part of this handle.
            Err(_) => self.status(),
        }
    }

    pub(super) async fn next_change(&self, timeout: Option<Duration>) -> Option<StateChange> {
        let shared = &self.0.shared;
        let mut status = shared.status.subscribe();
        let next = async {
            loop {
                status.mark_unchanged();
                if let Some(change) = locked(&shared.changes).pop_front() {
                    return change;
                }
                if let Some(exit) = self.try_wait() {
                    return StateChange::Exited(exit);
                }
                let _ = status.changed().await;
            }
        };
        match timeout {
            Some(timeout) => tokio::time::timeout(timeout, next).await.ok(),
            None => Some(next.await),
        }
    }

    /// Whether only the dead are left in its process group.
    pub(super) async fn group_has_ended(&self) -> Result<bool> {
        if self.try_wait().is_none() {
            return Ok(false);
        }
        let shared = Arc::clone(&self.0.shared);
        let lives = move || {
            let anchor = locked(&shared.anchor);
            Ok(!anchor.ending && system::group_lives(anchor.pid)?)
        };
        let lives: io::Result<bool> = tokio::task::spawn_blocking(lives).await.map_err(io::Error::other)?;
        Ok(!lives?)
    }

    /// Sends a signal, which was permitted.
    pub(super) fn deliver(&self, signal: Signal, target: SignalTarget) -> Result<()> {
        let anchor = locked(&self.0.shared.anchor);
        let exit = self.try_wait();
        let exited = || ProcessError::AlreadyExited(exit.unwrap_or(ExitStatus::Signaled(Signal::KILL)));
        let result = match target {
            SignalTarget::Process if exit.is_some() => return Err(exited()),
            SignalTarget::Process => anchor.process.as_ref().map(|process| system::signal_process(process, signal)),
            SignalTarget::Group if anchor.ending => None,
            SignalTarget::Group => Some(system::signal_group(anchor.pid, signal)),
        };
        match result {
            None => Err(exited()),
            Some(Err(error)) if error.raw_os_error() == Some(libc::ESRCH) => Err(exited()),
            Some(result) => Ok(result?),
        }
    }
}

impl Shared {
    /// Has the supervisor kill everything. What it still has to say arrives all the same.
    pub(super) fn end(&self) {
        locked(&self.anchor).ending = true;
        self.ending.notify_one();
    }

    fn take(&self, report: Report) {
        let change = match report {
            Report::Stopped(signal) => StateChange::Stopped(signal),
            Report::Continued => StateChange::Continued,
            Report::Exited(status, usage) => {
                self.status.send_modify(|known| known.exit = Some((status, usage)));
                return;
            }
            Report::Started(_) | Report::Failed(..) => return,
        };
        let mut changes = locked(&self.changes);
        if changes.len() == MAX_KEPT_CHANGES {
            changes.pop_front();
        }
        changes.push_back(change);
        drop(changes);
        self.status.send_modify(|known| known.stopped = matches!(report, Report::Stopped(_)));
    }

    /// When the process will have taken too long.
    fn deadline(&self) -> Option<Instant> {
        let limits = locked(&self.limits);
        limits.values.max_wall_time.and_then(|time| limits.since.checked_add(time))
    }
}

/// A supervisor that has not been reaped yet. Dropped, it is told to end and waited for.
struct Supervisor {
    control: UnixStream,
    process: Option<AsyncFd<OwnedFd>>,
}

impl Supervisor {
    fn new(mut forked: Forked) -> io::Result<Self> {
        let control = UnixStream::from_std(forked.control.try_clone()?)?;
        let process = forked.process.take().map(system::when_readable);
        Ok(Self { control, process: process.transpose()? })
    }

    /// Waits until it has ended by itself.
    async fn ended(mut self) {
        if let Some(process) = &self.process {
            let _ = process.readable().await;
            let _ = system::reap(process.get_ref());
        }
        self.process = None;
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // Only where nobody waits for it: the program or its asynchronous runtime is about to end.
        if let Some(process) = self.process.take() {
            system::hang_up(&self.control);
            system::wait_and_reap(&process.into_inner());
        }
    }
}

/// Takes what the supervisor reports, and has it end everything when the time is over or nobody holds the handle.
async fn watch_over(
    shared: Arc<Shared>,
    mut supervisor: Supervisor,
    started: oneshot::Sender<std::result::Result<(), NotStarted>>,
    slot: Slot,
) {
    let mut started = Some(started);
    let mut record = [0; REPORT_BYTES];
    let mut filled = 0;
    let mut told = false;
    loop {
        // The time of a process begins when its program runs: until then there is nothing that could take too long.
        let deadline = if started.is_none() { shared.deadline() } else { None };
        let over = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            read = supervisor.control.read(&mut record[filled..]) => match read {
                Ok(0) | Err(_) => break,
                Ok(read) => filled += read,
            },
            () = over, if !told => {
                shared.status.send_modify(|status| status.timed_out = status.exit.is_none());
                shared.end();
            }
            () = shared.ending.notified(), if !told => {
                told = true;
                let _ = supervisor.control.shutdown().await;
            }
            () = shared.limits_changed.notified() => {}
        }
        if filled < REPORT_BYTES {
            continue;
        }
        filled = 0;
        match Report::decode(&record) {
            Some(Report::Started(pid)) => {
                // The supervisor keeps the number of its child, so this is no other process.
                let opened = system::open_process(pid).map(|process| {
                    let mut anchor = locked(&shared.anchor);
                    (anchor.pid, anchor.process) = (pid, Some(process));
                });
                let result = opened.map_err(|error| NotStarted::Failed(Stage::Supervisor, error));
                locked(&shared.limits).since = Instant::now();
                answer(&mut started, result);
            }
            Some(Report::Failed(stage, code)) => {
                answer(&mut started, Err(NotStarted::Failed(stage, io::Error::from_raw_os_error(code))));
            }
            Some(report) => shared.take(report),
            None => break,
        }
    }
    if !told && let Some(process) = &locked(&shared.anchor).process {
        // The supervisor was killed, and what should kill its child then can be switched off by the child.
        let _ = system::signal_process(process, Signal::KILL);
    }
    supervisor.ended().await;
    drop(slot);
    shared.status.send_modify(|status| {
        // Should the supervisor have been killed, its child is, and nothing can be said about how.
        status.exit.get_or_insert((ExitStatus::Signaled(Signal::KILL), ProcessUsage::default()));
        status.gone = true;
    });
}

fn answer(
    started: &mut Option<oneshot::Sender<std::result::Result<(), NotStarted>>>,
    result: std::result::Result<(), NotStarted>,
) {
    if let Some(started) = started.take() {
        let _ = started.send(result);
    }
}
