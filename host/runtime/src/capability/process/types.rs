//! The types of the contract, as plain values.

use std::fmt;
use std::time::{Duration, SystemTime};

/// Where a standard stream comes from or goes to; the paths are guest paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stdio {
    Null,
    Piped,
    Inherit,
    ReadFile(String),
    WriteFile(String),
    AppendFile(String),
    ToStdout,
}

/// One of the standard streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Stdin,
    Stdout,
    Stderr,
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Stream::Stdin => "standard input",
            Stream::Stdout => "standard output",
            Stream::Stderr => "standard error",
        })
    }
}

/// What to start and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub program: String,
    pub arguments: Vec<String>,
    /// Names of the component's own environment.
    pub inherit: Vec<String>,
    /// Names and values.
    pub set: Vec<(String, String)>,
    pub working_directory: Option<String>,
    pub stdin: Stdio,
    pub stdout: Stdio,
    pub stderr: Stdio,
    pub limits: ProcessLimits,
}

/// The limits of one process. As the default of an operator, `None` is no limit but that of the machine; as that of a
/// guest, the operator's default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ProcessLimits {
    /// Address space, in bytes.
    pub max_memory_bytes: Option<u64>,
    /// CPU time; the operating system counts whole seconds, rounded up.
    pub max_cpu_time: Option<Duration>,
    /// Wall-clock time.
    pub max_wall_time: Option<Duration>,
    /// Open files.
    pub max_open_files: Option<u32>,
    /// What the functions that collect output take of each stream, in bytes.
    pub max_output_bytes: Option<u64>,
}

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessState {
    Running,
    Stopped,
    Exited,
}

/// How a process has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    Code(i32),
    Signaled(Signal),
}

/// A change of what a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateChange {
    Stopped(Signal),
    Continued,
    Exited(ExitStatus),
}

/// A signal by its number on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signal(pub u8);

/// Whom a signal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalTarget {
    Process,
    Group,
}

/// A signal with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalInfo {
    pub signal: Signal,
    pub name: String,
}

/// What is known about a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessInfo {
    pub id: u32,
    pub program: String,
    pub arguments: Vec<String>,
    pub started: SystemTime,
    pub state: ProcessState,
    pub exit: Option<ExitStatus>,
}

/// What a process has used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProcessUsage {
    pub user_time_ms: u64,
    pub system_time_ms: u64,
    pub max_resident_bytes: u64,
}

/// How a process has ended and what it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessOutput {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// How the processes of a pipeline have ended and what they wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineOutput {
    pub statuses: Vec<ExitStatus>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// The first of several processes to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    pub index: u32,
    pub status: ExitStatus,
}
