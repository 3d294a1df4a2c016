//! From a command to a process: what is checked, in which order, and what the child is given.
//!
//! First what the command itself shows, then the program and its permission, and only then anything else: a component
//! that may not start a program learns nothing and changes nothing.

use std::ffi::CString;
use std::fs::OpenOptions;
use std::io::{self, pipe};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use airssys_wasm_policy::Operation;
use rustix::fs::{Mode, OFlags};

use super::child::{About, NotStarted, Process};
use super::confine::{self, Confinement};
use super::environment;
use super::limits::{self, Resource};
use super::places::Slot;
use super::plan::{Bounds, Plan};
use super::program::{self, Program};
use super::report::Stage;
use super::streams::{Ends, Streams};
use super::strings::text;
use super::system::Forked;
use super::{Command, ProcessError, ProcessLimits, Processes, Result, Stdio};
use crate::capability::filesystem::{FilesystemError, OpenFlags};

const READING: OpenFlags = OpenFlags {
    read: true,
    write: false,
    append: false,
    create: false,
    create_new: false,
    truncate: false,
    no_follow: false,
};
const WRITING: OpenFlags = OpenFlags { read: false, write: true, create: true, truncate: true, ..READING };
const APPENDING: OpenFlags = OpenFlags { read: false, append: true, create: true, ..READING };

/// A command that makes sense, with a program that may be started.
pub(super) struct Allowed {
    command: Command,
    program: Program,
    arguments: Vec<CString>,
    environment: Vec<CString>,
    limits: ProcessLimits,
    operation: Operation,
}

/// Streams that are there already and go before those of the command.
#[derive(Default)]
pub(super) struct Wiring {
    pub(super) stdin: Option<OwnedFd>,
    pub(super) stdout: Option<OwnedFd>,
    pub(super) stderr: Option<OwnedFd>,
}

/// A process whose supervisor runs, and which nobody watches over yet.
pub(super) struct Launched {
    forked: Forked,
    ends: Ends,
    about: About,
    slot: Slot,
    given: String,
}

impl Processes {
    /// Checks a command and asks for its program. Blocks.
    pub(super) fn allow(&self, operation: Operation, command: Command) -> Result<Allowed> {
        check_streams(&command)?;
        let limits = limits::resolve(&self.shared.services.config, command.limits)?;
        environment::check(&command)?;
        let given = text("the program", std::slice::from_ref(&command.program))?;
        let mut arguments = text("an argument", &command.arguments)?;
        let program = program::find(&self.shared.services.config, &self.own.gate, operation, &command.program)?;
        let environment = environment::of_child(&command, &self.shared.environment)?;
        match &program.interpreter {
            None => arguments.splice(..0, given),
            Some(interpreter) => {
                let names = [Some(interpreter.name.clone()), interpreter.argument.clone(), Some(program.path.clone())];
                let names: Vec<String> = names.into_iter().flatten().collect();
                arguments.splice(..0, text("the interpreter", &names)?)
            }
        };
        Ok(Allowed { command, program, arguments, environment, limits, operation })
    }

    /// Opens what the child is given, and forks. Blocks.
    pub(super) fn launch(&self, allowed: Allowed, wiring: Wiring, slot: Slot) -> Result<Launched> {
        let config = &self.shared.services.config;
        let Allowed { command, program, arguments, environment, limits, operation } = allowed;
        if !config.unconfined && !self.shared.can_confine {
            let problem = "this host cannot confine a child to the permissions of its component";
            return Err(ProcessError::Unsupported(problem.to_owned()));
        }
        let directory = self.directory(&command)?;
        let mut ends = Ends::default();
        let stdin = match wiring.stdin {
            Some(stdin) => stdin,
            None => self.input(operation, &command.stdin, &mut ends.stdin)?,
        };
        let stdout = match wiring.stdout {
            Some(stdout) => stdout,
            None => self.output(operation, &command.stdout, io::stdout().as_fd(), &mut ends.stdout)?,
        };
        let stderr = match (wiring.stderr, &command.stderr) {
            (Some(stderr), _) => stderr,
            (None, Stdio::ToStdout) => stdout.try_clone()?,
            (None, stdio) => self.output(operation, stdio, io::stderr().as_fd(), &mut ends.stderr)?,
        };
        let Confinement { scope, domain, counting, filter, listening } = if config.unconfined {
            confine::none(self.shared.can_confine)?
        } else {
            let ports = self.own.ports.get_or_init(|| confine::TcpPorts::of(&self.own.gate));
            confine::confine(config, &self.own.gate, ports, &self.own.filesystem, &program)?
        };
        let mut resources = limits::resources(&limits);
        resources.push(limits::file_size(self.own.filesystem.max_file_bytes()));
        let path = program.path.clone();
        let file = match program.interpreter {
            Some(interpreter) => interpreter.program.file,
            None => program.file,
        };
        let plan = Plan {
            program: file,
            arguments,
            environment,
            stdin,
            stdout,
            stderr,
            directory,
            limits: resources.into_iter().map(|Resource { number, value }| (number, value)).collect(),
            scope,
            domain,
            counting,
            filter,
            listening,
            tally: self.shared.places.tally()?.try_clone()?.into(),
            bounds: Bounds {
                max_tasks: config.max_tasks,
                max_component_tasks: config.max_component_tasks,
                max_component_mebibytes: config.max_component_memory_bytes.map(mebibytes),
                place: slot.place,
            },
        };
        let forked = self.shared.services.fork_server.start(&plan)?;
        let about = About {
            id: self.next_id(),
            program: path,
            arguments: command.arguments,
            limits,
            gate: self.own.gate.clone(),
            services: Arc::clone(&self.shared.services),
        };
        Ok(Launched { forked, ends, about, slot, given: command.program })
    }

    fn directory(&self, command: &Command) -> Result<OwnedFd> {
        let Some(path) = &command.working_directory else {
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            return rustix::fs::open("/", flags, Mode::empty()).map_err(|errno| io::Error::from(errno).into());
        };
        match self.own.filesystem.working_directory(path) {
            Some(directory) => Ok(directory.try_clone()?),
            None => Err(ProcessError::InvalidArgument("the working directory is none".to_owned())),
        }
    }

    fn input(&self, operation: Operation, stdio: &Stdio, end: &mut Option<OwnedFd>) -> Result<OwnedFd> {
        match stdio {
            Stdio::Piped => {
                let (reader, writer) = pipe()?;
                *end = Some(writer.into());
                Ok(reader.into())
            }
            Stdio::Inherit => self.inherited(io::stdin().as_fd()),
            Stdio::ReadFile(path) => Ok(self.own.filesystem.open_stream(operation, path, READING)?),
            _ => Ok(OpenOptions::new().read(true).open("/dev/null")?.into()),
        }
    }

    fn output(
        &self,
        operation: Operation,
        stdio: &Stdio,
        of_host: std::os::fd::BorrowedFd<'_>,
        end: &mut Option<OwnedFd>,
    ) -> Result<OwnedFd> {
        match stdio {
            Stdio::Piped => {
                let (reader, writer) = pipe()?;
                *end = Some(reader.into());
                Ok(writer.into())
            }
            Stdio::Inherit => self.inherited(of_host),
            Stdio::WriteFile(path) => self.written(operation, path, WRITING),
            Stdio::AppendFile(path) => self.written(operation, path, APPENDING),
            _ => Ok(OpenOptions::new().write(true).open("/dev/null")?.into()),
        }
    }

    /// A file to write to.
    fn written(&self, operation: Operation, path: &str, flags: OpenFlags) -> Result<OwnedFd> {
        if self.own.filesystem.has_quota() && !self.shared.services.config.write_past_quota {
            let problem = "this host has a quota on files, and what a child writes to one would pass it";
            return Err(ProcessError::Unsupported(problem.to_owned()));
        }
        Ok(self.own.filesystem.open_stream(operation, path, flags)?)
    }

    fn inherited(&self, stream: std::os::fd::BorrowedFd<'_>) -> Result<OwnedFd> {
        if !self.shared.services.config.inherit_stdio {
            return Err(ProcessError::Unsupported("the host does not pass on its standard streams".to_owned()));
        }
        Ok(stream.try_clone_to_owned()?)
    }
}

impl Launched {
    /// Watches over it until its program runs.
    pub(super) async fn watched(self) -> Result<Process> {
        let streams = Streams::new(self.ends)?;
        Process::watched(self.forked, streams, self.about, self.slot).await.map_err(|reason| match reason {
            NotStarted::Failed(Stage::Execution, error) => match error.raw_os_error() {
                Some(libc::E2BIG) => ProcessError::InvalidArgument("more arguments than the system takes".to_owned()),
                Some(
                    libc::ENOENT
                    | libc::EACCES
                    | libc::EPERM
                    | libc::ENOEXEC
                    | libc::ELIBBAD
                    | libc::EISDIR
                    | libc::ETXTBSY
                    | libc::EINVAL,
                ) => ProcessError::NotExecutable(self.given),
                _ => error.into(),
            },
            NotStarted::Failed(Stage::Confinement, error) => {
                ProcessError::Unsupported(format!("this host cannot confine a child: {error}"))
            }
            NotStarted::Failed(stage, error) => ProcessError::Io(format!("{stage:?}: {error}").to_lowercase()),
            NotStarted::Lost => ProcessError::Io("the process was lost while it started".to_owned()),
        })
    }
}

/// Rounded up, and no more than can be told.
fn mebibytes(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u32::MAX - 1)
}

/// Each stream has something that it can be.
fn check_streams(command: &Command) -> Result<()> {
    let wrong = match (&command.stdin, &command.stdout, &command.stderr) {
        (Stdio::WriteFile(_) | Stdio::AppendFile(_) | Stdio::ToStdout, ..) => "standard input",
        (_, Stdio::ReadFile(_) | Stdio::ToStdout, _) => "standard output",
        (.., Stdio::ReadFile(_)) => "standard error",
        _ => return Ok(()),
    };
    Err(ProcessError::InvalidArgument(format!("{wrong} cannot be that")))
}

impl From<FilesystemError> for ProcessError {
    fn from(error: FilesystemError) -> Self {
        match error {
            FilesystemError::PermissionDenied(denial) => ProcessError::PermissionDenied(denial),
            other => ProcessError::Io(other.to_string()),
        }
    }
}
