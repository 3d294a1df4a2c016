//! Signals to processes, and what they do to them.
//!
//! All that sends a signal needs `process = [{ action = "signal", program = "<path>" }]`, where the path is that of the
//! process's program.

use std::fmt;
use std::time::Duration;

pub use crate::bindings::airssys::ext_process::types::{Signal, SignalInfo, SignalTarget, StateChange};
use crate::host::signals as host;
use crate::processes::{ExitStatus, Process};
use crate::{ProcessError, milliseconds};

type Result<T> = std::result::Result<T, ProcessError>;

impl Process {
    /// Sends a signal to the process or its group, without waiting for the effect.
    ///
    /// Needs `process = [{ action = "signal", program = "<path>" }]`.
    ///
    /// # Errors
    /// `AlreadyExited`, `InvalidArgument` when the host has no signal of this number.
    pub fn send_signal(&self, signal: Signal, target: SignalTarget) -> Result<()> {
        Ok(host::send_signal(&self.handle, signal, target)?)
    }

    /// Sends [`Signal::Interrupt`].
    ///
    /// Needs `process = [{ action = "signal", program = "<path>" }]`.
    ///
    /// # Errors
    /// `AlreadyExited`.
    pub fn interrupt(&self) -> Result<()> {
        Ok(host::interrupt(&self.handle)?)
    }

    /// Ends the process and says how it has ended: sends [`Signal::Terminate`], waits for at most `grace`, then sends
    /// [`Signal::Kill`]. Parts of a millisecond count as one.
    ///
    /// Needs `process = [{ action = "signal", program = "<path>" }]`.
    ///
    /// # Errors
    /// `AlreadyExited`.
    pub fn terminate(&self, grace: Duration) -> Result<ExitStatus> {
        Ok(host::terminate(&self.handle, milliseconds::short(grace))?)
    }

    /// Sends [`Signal::Kill`] to the process alone. What it has started goes on until the handle is dropped.
    ///
    /// Needs `process = [{ action = "signal", program = "<path>" }]`.
    ///
    /// # Errors
    /// `AlreadyExited`.
    pub fn kill(&self) -> Result<()> {
        Ok(host::kill(&self.handle)?)
    }

    /// Sends [`Signal::Kill`] to the process and everything in its group.
    ///
    /// Needs `process = [{ action = "signal", program = "<path>" }]`.
    ///
    /// # Errors
    /// `AlreadyExited` when the process and everything in its group have ended.
    pub fn kill_group(&self) -> Result<()> {
        Ok(host::kill_group(&self.handle)?)
    }

    /// Sends [`Signal::Stop`]: the process is stopped until [`resume`](Self::resume).
    ///
    /// Needs `process = [{ action = "signal", program = "<path>" }]`.
    ///
    /// # Errors
    /// `AlreadyExited`.
    pub fn suspend(&self) -> Result<()> {
        Ok(host::suspend(&self.handle)?)
    }

    /// Sends [`Signal::Continue`]: a stopped process runs again.
    ///
    /// Needs `process = [{ action = "signal", program = "<path>" }]`.
    ///
    /// # Errors
    /// `AlreadyExited`.
    pub fn resume(&self) -> Result<()> {
        Ok(host::resume(&self.handle)?)
    }

    /// Waits for the next change of what the process does, at most for `timeout`; also gives one that came before and
    /// was not given yet. `None` if the time has passed; a timeout of `None` waits as long as the call may take. Once
    /// the process has ended, it gives `Exited` each time. Needs no permission.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn wait_state_change(&self, timeout: Option<Duration>) -> Result<Option<StateChange>> {
        Ok(host::wait_state_change(&self.handle, timeout.map(milliseconds::short))?)
    }
}

/// The signal of a name, with or without the prefix, or of a number of the host: `TERM`, `SIGTERM` and `15` are all
/// [`Signal::Terminate`]. Needs no permission.
///
/// # Errors
/// `InvalidArgument` when the host has no such signal.
pub fn parse_signal(name_or_number: &str) -> Result<Signal> {
    Ok(host::parse_signal(name_or_number)?)
}

/// The signals of the host with their numbers and names. Needs no permission.
pub fn list_signals() -> Vec<SignalInfo> {
    host::list_signals()
}

impl fmt::Display for Signal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Hangup => "SIGHUP",
            Self::Interrupt => "SIGINT",
            Self::Quit => "SIGQUIT",
            Self::Abort => "SIGABRT",
            Self::Kill => "SIGKILL",
            Self::User1 => "SIGUSR1",
            Self::User2 => "SIGUSR2",
            Self::Pipe => "SIGPIPE",
            Self::Alarm => "SIGALRM",
            Self::Terminate => "SIGTERM",
            Self::Stop => "SIGSTOP",
            Self::Continue => "SIGCONT",
            Self::Other(number) => return write!(formatter, "signal {number}"),
        })
    }
}
