//! Children of a script.

use std::rc::Rc;

use super::commands::{self, MAX_PROCESSES};
use super::programs::{Child, Result};
use crate::bindings::airssys::ext_process::types::{
    Command, ExitStatus, Finished, PipelineOutput, ProcessError, ProcessId, ProcessInfo, ProcessLimits, ProcessOutput,
    ProcessUsage, Stdio,
};
use crate::testing::state::State;

#[derive(Debug)]
pub struct Process {
    pub(super) child: Rc<Child>,
}

pub fn spawn(command: &Command) -> Result<Process> {
    let child = Child::start("processes.spawn", command)?;
    State::current().programs.borrow_mut().held.push(Rc::clone(&child));
    Ok(Process { child })
}

pub fn run(command: &Command, stdin: &[u8]) -> Result<ProcessOutput> {
    commands::check_input(stdin)?;
    let mut command = command.clone();
    // Its own standard input is not used.
    command.stdio.stdin = Stdio::Piped;
    Child::start("processes.run", &command)?.communicate(stdin)
}

pub fn run_pipeline(pipeline: &[Command], stdin: &[u8]) -> Result<PipelineOutput> {
    if pipeline.is_empty() {
        return Err(ProcessError::InvalidArgument("a pipeline of no commands".to_owned()));
    }
    commands::check_input(stdin)?;
    let children = pipeline.iter().map(|command| {
        let mut command = command.clone();
        (command.stdio.stdin, command.stdio.stdout) = (Stdio::Piped, Stdio::Piped);
        Child::start("processes.run-pipeline", &command)
    });
    let children = children.collect::<Result<Vec<_>>>()?;
    if children.len() > MAX_PROCESSES {
        return Err(ProcessError::TooManyProcesses);
    }
    let mut outputs = PipelineOutput { statuses: Vec::new(), stdout: stdin.to_vec(), stderr: Vec::new() };
    for child in children {
        let output = child.communicate(&outputs.stdout)?;
        outputs.statuses.push(output.status);
        outputs.stdout = output.stdout;
        outputs.stderr.extend(output.stderr);
    }
    Ok(outputs)
}

pub fn wait_any(ids: &[ProcessId], _timeout_ms: Option<u32>) -> Result<Option<Finished>> {
    let children = ids.iter().map(|id| held(*id)).collect::<Result<Vec<_>>>()?;
    let ended = children.iter().position(|child| child.exit.get().is_some()).unwrap_or(0);
    let child = children.get(ended).ok_or_else(|| ProcessError::InvalidArgument("there are no ids".to_owned()))?;
    let index = u32::try_from(ended).expect("a test has less processes");
    Ok(Some(Finished { index, status: child.finish()? }))
}

pub fn list_processes() -> Vec<ProcessInfo> {
    State::current().programs.borrow().held.iter().map(|child| child.info()).collect()
}

pub fn get_process_info(id: ProcessId) -> Result<ProcessInfo> {
    Ok(held(id)?.info())
}

fn held(id: ProcessId) -> Result<Rc<Child>> {
    let state = State::current();
    let found = state.programs.borrow().held.iter().find(|child| child.id == id).cloned();
    found.ok_or(ProcessError::ProcessNotFound(id))
}

impl Process {
    pub fn id(&self) -> ProcessId {
        self.child.id
    }

    pub fn info(&self) -> Result<ProcessInfo> {
        Ok(self.child.info())
    }

    pub fn wait(&self) -> Result<ExitStatus> {
        self.child.finish()
    }

    pub fn wait_timeout(&self, _timeout_ms: u32) -> Result<Option<ExitStatus>> {
        self.child.finish().map(Some)
    }

    pub fn try_wait(&self) -> Result<Option<ExitStatus>> {
        Ok(self.child.exit.get())
    }

    pub fn is_running(&self) -> bool {
        self.child.exit.get().is_none()
    }

    pub fn usage(&self) -> Result<ProcessUsage> {
        Ok(ProcessUsage { user_time_ms: 0, system_time_ms: 0, max_resident_bytes: 0 })
    }

    pub fn limits(&self) -> Result<ProcessLimits> {
        Ok(self.child.limits.get())
    }

    pub fn set_limits(&self, limits: ProcessLimits) -> Result<()> {
        if let Some(exit) = self.child.exit.get() {
            return Err(ProcessError::AlreadyExited(exit));
        }
        self.child.limits.set(limits);
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After the host, there is nothing to leave.
        if let Some(state) = State::still() {
            state.programs.borrow_mut().held.retain(|child| child.id != self.child.id);
        }
    }
}
