//! `processes`: starting a process, waiting for some, and looking at them. Running them to their end is in [`run`](super::run).

use std::sync::{Arc, Weak};
use std::task::Poll;
use std::time::Duration;

use airssys_wasm_policy::Operation;

use super::child::Process;
use super::spawn::Wiring;
use super::{Command, Finished, ProcessError, ProcessInfo, Processes, Result};

pub(super) const SPAWN: Operation = Operation("ext-process/processes.spawn");

impl Processes {
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
    pub(super) async fn start(&self, operation: Operation, command: Command) -> Result<Process> {
        let processes = self.clone();
        let launched = self
            .blocking(move || {
                let allowed = processes.allow(operation, command)?;
                let slot = processes.take_slot()?;
                processes.launch(allowed, Wiring::default(), slot)
            })
            .await?;
        launched.watched().await
    }
}
