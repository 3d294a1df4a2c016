//! The exit codes: one kind of end each, for scripts.

use std::process::ExitCode as ProcessExitCode;
use std::sync::atomic::{AtomicI32, Ordering};

use signal_hook::consts::SIGTERM;

/// The signal that came; 0 if none did.
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// How the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// All is well.
    Success = 0,
    /// The component answered with an error of its own.
    GuestError = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A file is missing, unreadable, or not what it should be.
    Input = 3,
    /// A compiler is missing or too old.
    Toolchain = 4,
    /// A component could not be built.
    Build = 5,
    /// The component died: a trap or a panic.
    Trap = 6,
    /// The component used up a limit.
    Limit = 7,
    /// The policy refused something.
    Denied = 8,
    /// A check found something wrong.
    Check = 9,
    /// The host itself failed.
    Host = 10,
    /// The signal SIGINT came, as Ctrl-C sends it: 128 and its number, as shells count.
    Interrupted = 130,
    /// The signal SIGTERM came, as a CI system sends it that gives up: 128 and its number.
    Terminated = 143,
}

/// The list, for `--help`.
pub const HELP: &str = "Exit codes:
   0  success
   1  the component answered with an error
   2  the command line is wrong
   3  a file is missing, unreadable, or not what it should be
   4  a compiler is missing or too old
   5  a component could not be built
   6  the component died: a trap or a panic
   7  the component used up a limit
   8  the policy refused something
   9  a check found something wrong
  10  the host itself failed, or its disk did
 130  interrupted (Ctrl-C); 143 when terminated";

impl From<ExitCode> for ProcessExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

/// Notes that a signal came, and says whether it is the first one.
pub fn came(signal: i32) -> bool {
    SIGNAL.swap(signal, Ordering::AcqRel) == 0
}

/// The exit code of the signal that came. A tool may have ended by a signal that this process has yet to see.
pub fn of_signal() -> ExitCode {
    if SIGNAL.load(Ordering::Acquire) == SIGTERM { ExitCode::Terminated } else { ExitCode::Interrupted }
}

/// A file, or an argument, that is not what it should be; the text says what should be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InputError(pub String);
