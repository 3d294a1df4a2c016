//! What a child does, when it is started, waited for or sent a signal.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::commands;
use super::programs::{Child, Program, Result};
use crate::bindings::airssys::ext_filesystem::types::FilesystemError;
use crate::bindings::airssys::ext_process::types::{
    Command, ExitStatus, ProcessError, ProcessInfo, ProcessOutput, ProcessState, Signal, StateChange, Stdio,
    StdioStream,
};
use crate::testing::filesystem::files;
use crate::testing::host_services::current_time;
use crate::testing::permissions::Access;
use crate::testing::records::ProgramCall;
use crate::testing::state::State;

/// What is collected of each stream unless a command says otherwise, as hosts limit it.
const MAX_OUTPUT_BYTES: u64 = 16 << 20;

impl Child {
    /// Finds the program and asks whether the test allows it.
    pub(super) fn start(operation: &str, command: &Command) -> Result<Rc<Self>> {
        let state = State::current();
        commands::check(command)?;
        let not_found = || ProcessError::ProgramNotFound(command.program.clone());
        let named = |program: &&Rc<Program>| {
            program.path == command.program || program.path.rsplit('/').next() == Some(&command.program)
        };
        let program = state.programs.borrow().programs.iter().find(named).cloned();
        let path = program.as_ref().map_or(&command.program, |program| &program.path);
        permitted(&state, operation, "spawn", path)?;
        let program = program.ok_or_else(not_found)?;
        commands::check_lines(&command.environment)?;
        if [&command.stdio.stdin, &command.stdio.stdout, &command.stdio.stderr].contains(&&Stdio::Inherit) {
            return Err(ProcessError::Unsupported("the fake host has no streams of its own".to_owned()));
        }
        let mut programs = state.programs.borrow_mut();
        programs.started += 1;
        Ok(Rc::new(Self {
            id: programs.started,
            program,
            command: command.clone(),
            started: current_time(),
            limits: Cell::new(command.limits),
            input: RefCell::default(),
            input_closed: Cell::new(false),
            stopped: Cell::new(false),
            exit: Cell::new(None),
            output: RefCell::default(),
            changes: RefCell::default(),
        }))
    }

    /// Runs the script, unless it has run or a signal has ended the child.
    pub(super) fn finish(&self) -> Result<ExitStatus> {
        if let Some(exit) = self.exit.get() {
            return Ok(exit);
        }
        if let Stdio::ReadFile(path) = &self.command.stdio.stdin {
            *self.input.borrow_mut() = files::read_file(path).map_err(failed)?;
        }
        let call = ProgramCall {
            arguments: self.command.arguments.clone(),
            environment: self.command.environment.set.clone(),
            working_directory: self.command.working_directory.clone(),
            stdin: self.input.take(),
        };
        let mut output = (self.program.script.borrow_mut())(&call);
        if self.command.stdio.stderr == Stdio::ToStdout {
            output.stdout.append(&mut output.stderr);
        }
        for (to, data, at) in
            [(&self.command.stdio.stdout, output.stdout, 0), (&self.command.stdio.stderr, output.stderr, 1)]
        {
            match to {
                Stdio::Piped => self.output.borrow_mut()[at] = data.into(),
                Stdio::WriteFile(path) => files::write_file(path, &data).map_err(failed)?,
                Stdio::AppendFile(path) => files::append_file(path, &data).map_err(failed)?,
                _ => {}
            }
        }
        self.end(output.status);
        Ok(output.status)
    }

    pub(super) fn end(&self, status: ExitStatus) {
        self.exit.set(Some(status));
        self.changes.borrow_mut().push_back(StateChange::Exited(status));
    }

    /// What is left of one output, all of it.
    pub(super) fn collect(&self, at: usize) -> Result<Vec<u8>> {
        let limit = self.limits.get().max_output_bytes.unwrap_or(MAX_OUTPUT_BYTES);
        let data = std::mem::take(&mut self.output.borrow_mut()[at]);
        if data.len() as u64 > limit { Err(ProcessError::OutputTooLarge(limit)) } else { Ok(data.into()) }
    }

    /// Feeds the child and collects all that it writes.
    pub(super) fn communicate(&self, input: &[u8]) -> Result<ProcessOutput> {
        self.input.borrow_mut().extend(input);
        self.input_closed.set(true);
        let status = self.finish()?;
        Ok(ProcessOutput { status, stdout: self.collect(0)?, stderr: self.collect(1)? })
    }

    pub(super) fn piped(&self, stream: StdioStream) -> Result<()> {
        let stdio = &self.command.stdio;
        let to = match stream {
            StdioStream::Stdin => &stdio.stdin,
            StdioStream::Stdout => &stdio.stdout,
            StdioStream::Stderr => &stdio.stderr,
        };
        if *to == Stdio::Piped { Ok(()) } else { Err(ProcessError::NotPiped(stream)) }
    }

    pub(super) fn info(&self) -> ProcessInfo {
        ProcessInfo {
            id: self.id,
            program: self.program.path.clone(),
            arguments: self.command.arguments.clone(),
            started: self.started,
            state: match self.exit.get() {
                Some(_) => ProcessState::Exited,
                None if self.stopped.get() => ProcessState::Stopped,
                None => ProcessState::Running,
            },
            exit: self.exit.get(),
        }
    }

    /// What a signal does to a program that handles none.
    pub(super) fn signal(&self, operation: &str, signal: Signal) -> Result<()> {
        permitted(&State::current(), operation, "signal", &self.program.path)?;
        if let Some(exit) = self.exit.get() {
            return Err(ProcessError::AlreadyExited(exit));
        }
        match signal {
            Signal::Stop if !self.stopped.replace(true) => {
                self.changes.borrow_mut().push_back(StateChange::Stopped(signal));
            }
            Signal::Continue if self.stopped.replace(false) => {
                self.changes.borrow_mut().push_back(StateChange::Continued);
            }
            Signal::Stop | Signal::Continue => {}
            _ => self.end(ExitStatus::Signaled(signal)),
        }
        Ok(())
    }
}

/// Whether the component may do this.
fn permitted(state: &State, operation: &str, action: &'static str, program: &str) -> Result<()> {
    let denied = state.rest.borrow().denied.iter().any(|denied| denied == program);
    let access = Access::Process { action, program };
    state.decide(&format!("ext-process/{operation}"), &access, denied).map_err(ProcessError::PermissionDenied)
}

/// A file among the standard streams that cannot be used.
fn failed(error: FilesystemError) -> ProcessError {
    match error {
        FilesystemError::PermissionDenied(denial) => ProcessError::PermissionDenied(denial),
        error => ProcessError::Io(error.to_string()),
    }
}
