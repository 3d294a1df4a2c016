//! Starting programs of the host as child processes, waiting for them, and what is known about them.
//!
//! No shell is involved: program and arguments reach the operating system unchanged. A child has the environment that
//! its command names and no other, and the host confines it to the permissions of the component.
//!
//! Writing to a child and reading from it is in [`stdio`](crate::stdio), signals are in [`signals`](crate::signals).

use std::fmt;
use std::time::Duration;

use crate::bindings::airssys::ext_process::types as generated;
pub use crate::bindings::airssys::ext_process::types::{
    ExitStatus, Finished, PipelineOutput, ProcessId, ProcessInfo, ProcessOutput, ProcessState,
};
use crate::host::processes as host;
use crate::signals::Signal;
use crate::stdio::Stdio;
use crate::{ProcessError, milliseconds};

type Result<T> = std::result::Result<T, ProcessError>;

/// What to start and how; made by a chain of calls and used as often as wanted.
///
/// ```no_run
/// use airssys_wasm_sdk::processes::Command;
///
/// let output = Command::new("/usr/bin/sort").argument("-n").environment("LC_ALL", "C").run(b"10\n9\n")?;
/// assert!(output.status.success());
/// # Ok::<(), airssys_wasm_sdk::ProcessError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    program: String,
    arguments: Vec<String>,
    inherit: Vec<String>,
    set: Vec<(String, String)>,
    working_directory: Option<String>,
    stdin: Option<Stdio>,
    stdout: Option<Stdio>,
    stderr: Option<Stdio>,
    limits: ProcessLimits,
}

/// The limits of a process. `None` means that the host's default applies; none can be above the host's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProcessLimits {
    /// Most memory, in bytes.
    pub max_memory_bytes: Option<u64>,
    /// Most CPU time; a process that uses more is killed. The operating system may round it up to seconds.
    pub max_cpu_time: Option<Duration>,
    /// Longest duration by the wall clock; a process that takes longer is killed with its group.
    pub max_wall_time: Option<Duration>,
    /// Most files that the process may have open.
    pub max_open_files: Option<u32>,
    /// Most bytes that what collects output takes from each stream.
    pub max_output_bytes: Option<u64>,
}

/// What a process has used since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessUsage {
    /// CPU time in its own code.
    pub user_time: Duration,
    /// CPU time in the operating system on its behalf.
    pub system_time: Duration,
    /// The most memory that it had in use at one time, in bytes.
    pub max_resident_bytes: u64,
}

/// A child of this component. Dropping it kills the child and what the child has started.
#[derive(Debug)]
pub struct Process {
    pub(crate) handle: host::Process,
}

impl Command {
    /// A program: an absolute path of the host, or a name without `/` that the host looks up. It has no arguments and
    /// no environment variables.
    pub fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            inherit: Vec::new(),
            set: Vec::new(),
            working_directory: None,
            stdin: None,
            stdout: None,
            stderr: None,
            limits: ProcessLimits::default(),
        }
    }

    /// Adds an argument. It may contain spaces and quotes, but not NUL.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn arguments(mut self, arguments: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable. It goes before an inherited one of the same name.
    ///
    /// With one of these names any program would load code that is not its own, so the host refuses the command with
    /// `InvalidArgument`: those that begin with `LD_` or `MALLOC_`, and `GCONV_PATH`, `GETCONF_DIR`, `GLIBC_TUNABLES`,
    /// `LOCPATH`, `MUSL_LOCPATH` and `NLSPATH`.
    #[must_use]
    pub fn environment(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set.push((name.into(), value.into()));
        self
    }

    /// Passes on an entry of the component's own environment, if it has one of this name.
    #[must_use]
    pub fn inherit_environment(mut self, name: impl Into<String>) -> Self {
        self.inherit.push(name.into());
        self
    }

    /// Starts in this directory, a guest path.
    #[must_use]
    pub fn working_directory(mut self, path: impl Into<String>) -> Self {
        self.working_directory = Some(path.into());
        self
    }

    /// Where standard input comes from; nowhere unless set.
    #[must_use]
    pub fn stdin(mut self, stdin: Stdio) -> Self {
        self.stdin = Some(stdin);
        self
    }

    /// Where standard output goes. Unless set, [`run`](Self::run) and [`run_pipeline`] collect it, and it is lost after
    /// [`spawn`](Self::spawn).
    #[must_use]
    pub fn stdout(mut self, stdout: Stdio) -> Self {
        self.stdout = Some(stdout);
        self
    }

    /// Where standard error goes. Unless set, [`run`](Self::run) and [`run_pipeline`] collect it, and it is lost after
    /// [`spawn`](Self::spawn).
    #[must_use]
    pub fn stderr(mut self, stderr: Stdio) -> Self {
        self.stderr = Some(stderr);
        self
    }

    /// Sets the limits.
    #[must_use]
    pub fn limits(mut self, limits: ProcessLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Starts the program and returns without waiting for it.
    ///
    /// Needs `process = [{ action = "spawn", program = "<path>" }]`, where the path is absolute and with links
    /// resolved. Files among the standard streams need their filesystem permission as well.
    ///
    /// # Errors
    /// `ProgramNotFound`, `NotExecutable`, `InvalidArgument` (NUL, the name of a variable empty or with `=`, a stream
    /// that is not for this, no such working directory, a limit above the host's), `TooManyProcesses`, `Unsupported`
    /// when the host cannot confine the child.
    pub fn spawn(&self) -> Result<Process> {
        Ok(Process { handle: host::spawn(&self.to_host(&Stdio::Null))? })
    }

    /// Starts the program, writes `stdin` to it, collects what it writes, and waits until it has ended, all at once.
    /// A program that fails or does not read its input is no error: see [`ProcessOutput::status`].
    ///
    /// An output that is not piped gives an empty list; what [`stdin`](Self::stdin) says is not used. Needs the same
    /// permission as [`spawn`](Self::spawn).
    ///
    /// # Errors
    /// `Timeout` after the wall time limit and `OutputTooLarge` after the output limit, the process being gone;
    /// otherwise as [`spawn`](Self::spawn).
    pub fn run(&self, stdin: &[u8]) -> Result<ProcessOutput> {
        Ok(host::run(&self.to_host(&Stdio::Piped), stdin)?)
    }

    /// The contract's command; an output that is not set goes to `output`.
    fn to_host(&self, output: &Stdio) -> generated::Command {
        let Self { program, arguments, inherit, set, working_directory, stdin, stdout, stderr, limits } = self.clone();
        generated::Command {
            program,
            arguments,
            environment: generated::Environment { inherit, set },
            working_directory,
            stdio: generated::StdioConfig {
                stdin: stdin.unwrap_or(Stdio::Null),
                stdout: stdout.unwrap_or_else(|| output.clone()),
                stderr: stderr.unwrap_or_else(|| output.clone()),
            },
            limits: limits.into_host(),
        }
    }
}

impl ProcessLimits {
    fn into_host(self) -> generated::ProcessLimits {
        generated::ProcessLimits {
            max_memory_bytes: self.max_memory_bytes,
            max_cpu_time_ms: self.max_cpu_time.map(milliseconds::long),
            max_wall_time_ms: self.max_wall_time.map(milliseconds::long),
            max_open_files: self.max_open_files,
            max_output_bytes: self.max_output_bytes,
        }
    }
}

/// Starts several programs, each of which reads what the one before it writes, and waits until all have ended. The
/// first reads `stdin`; what the last one writes is the output. One that fails does not end the others and shows in
/// the statuses.
///
/// Needs `process = [{ action = "spawn", program = "<path>" }]` for each program; if it is missing for one, none is
/// started.
///
/// # Errors
/// `InvalidArgument` for an empty list, otherwise as [`Command::run`]. None of the programs is left.
pub fn run_pipeline(commands: &[Command], stdin: &[u8]) -> Result<PipelineOutput> {
    let commands: Vec<_> = commands.iter().map(|command| command.to_host(&Stdio::Piped)).collect();
    Ok(host::run_pipeline(&commands, stdin)?)
}

/// Waits until one of several processes has ended, at most for `timeout`, and says which: the first in the list if
/// several have. `None` if the time has passed; a timeout of `None` waits as long as the call may take.
///
/// # Errors
/// `InvalidArgument` for an empty list, `ProcessNotFound` for an id that is not of a process of this component.
pub fn wait_any(ids: &[ProcessId], timeout: Option<Duration>) -> Result<Option<Finished>> {
    Ok(host::wait_any(ids, timeout.map(milliseconds::short))?)
}

/// The processes whose handles this component holds, ended ones included. Needs no permission.
pub fn list_processes() -> Vec<ProcessInfo> {
    host::list_processes()
}

/// What one of this component's processes is and does.
///
/// # Errors
/// `ProcessNotFound` when the id is not that of a process of this component.
pub fn get_process_info(id: ProcessId) -> Result<ProcessInfo> {
    Ok(host::get_process_info(id)?)
}

impl Process {
    /// The id of the process.
    pub fn id(&self) -> ProcessId {
        self.handle.id()
    }

    /// What the process is and does, before and after it has ended.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn info(&self) -> Result<ProcessInfo> {
        Ok(self.handle.info()?)
    }

    /// Waits until the process has ended, as long as the call may take; afterwards it gives the same answer at once.
    ///
    /// Output that nobody reads can keep a process from ending: [`communicate`](Self::communicate) reads while it waits.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn wait(&self) -> Result<ExitStatus> {
        Ok(self.handle.wait()?)
    }

    /// Waits until the process has ended, but no longer than this; `None` if it still goes on. Parts of a millisecond
    /// count as one.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn wait_timeout(&self, timeout: Duration) -> Result<Option<ExitStatus>> {
        Ok(self.handle.wait_timeout(milliseconds::short(timeout))?)
    }

    /// How the process has ended, without waiting; `None` if it still goes on.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn try_wait(&self) -> Result<Option<ExitStatus>> {
        Ok(self.handle.try_wait()?)
    }

    /// Whether the process has not ended yet. A stopped process has not.
    pub fn is_running(&self) -> bool {
        self.handle.is_running()
    }

    /// What the process has used, also after it has ended.
    ///
    /// # Errors
    /// `Unsupported` when the host cannot measure it.
    pub fn usage(&self) -> Result<ProcessUsage> {
        let usage = self.handle.usage()?;
        Ok(ProcessUsage {
            user_time: milliseconds::duration(usage.user_time_ms),
            system_time: milliseconds::duration(usage.system_time_ms),
            max_resident_bytes: usage.max_resident_bytes,
        })
    }

    /// The limits that the process runs under. What was set reads back.
    ///
    /// # Errors
    /// `Io` when the host's operating system fails.
    pub fn limits(&self) -> Result<ProcessLimits> {
        let limits = self.handle.limits()?;
        Ok(ProcessLimits {
            max_memory_bytes: limits.max_memory_bytes,
            max_cpu_time: limits.max_cpu_time_ms.map(milliseconds::duration),
            max_wall_time: limits.max_wall_time_ms.map(milliseconds::duration),
            max_open_files: limits.max_open_files,
            max_output_bytes: limits.max_output_bytes,
        })
    }

    /// Sets the limits of the process, all at once. They count from its start.
    ///
    /// # Errors
    /// `AlreadyExited`, `InvalidArgument` for a limit above the host's, `Unsupported` for one that cannot be changed.
    pub fn set_limits(&self, limits: &ProcessLimits) -> Result<()> {
        Ok(self.handle.set_limits(limits.into_host())?)
    }
}

impl ExitStatus {
    /// Whether the process has ended by itself with the code 0.
    pub fn success(self) -> bool {
        self == Self::Code(0)
    }

    /// The code, if the process has ended by itself.
    pub fn code(self) -> Option<i32> {
        match self {
            Self::Code(code) => Some(code),
            Self::Signaled(_) => None,
        }
    }

    /// The signal, if one has ended the process.
    pub fn signal(self) -> Option<Signal> {
        match self {
            Self::Code(_) => None,
            Self::Signaled(signal) => Some(signal),
        }
    }
}

impl fmt::Display for ExitStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "exit code {code}"),
            Self::Signaled(signal) => write!(formatter, "ended by {signal}"),
        }
    }
}
