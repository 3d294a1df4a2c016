//! `run` and `run-pipeline`: from start to end in one call.

use std::io::pipe;
use std::os::fd::OwnedFd;
use std::task::Poll;

use airssys_wasm_policy::Operation;
use tokio::net::unix::pipe::Receiver;

use super::child::Process;
use super::config::{MAX_COMMANDS, MAX_INPUT_BYTES};
use super::spawn::{Launched, Wiring};
use super::{Command, PipelineOutput, ProcessError, ProcessOutput, Processes, Result, Stdio, Stream, streams};

const RUN: Operation = Operation("ext-process/processes.run");
const RUN_PIPELINE: Operation = Operation("ext-process/processes.run-pipeline");

impl Processes {
    /// `processes.run`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn run(&self, mut command: Command, input: Vec<u8>) -> Result<ProcessOutput> {
        check_input(&input)?;
        command.stdin = Stdio::Piped;
        let process = self.start(RUN, command).await?;
        let ended = async {
            let status = process.wait().await;
            // What it has started could hold its streams open for ever, and goes with the call in any case.
            process.0.shared.end();
            status
        };
        let output = process.exchange(&input, ended).await;
        process.end().await;
        output
    }

    /// `processes.run-pipeline`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn run_pipeline(&self, commands: Vec<Command>, input: Vec<u8>) -> Result<PipelineOutput> {
        if commands.is_empty() {
            return Err(ProcessError::InvalidArgument("a pipeline of no commands".to_owned()));
        }
        if commands.len() > MAX_COMMANDS {
            return Err(ProcessError::TooManyProcesses);
        }
        check_input(&input)?;
        let processes = self.clone();
        let (launched, errors) = self.blocking(move || processes.launch_all(commands)).await?;
        let errors = Receiver::from_owned_fd(errors)?;
        let mut started = Vec::with_capacity(launched.len());
        let mut failed = None;
        for launched in launched {
            match launched.watched().await {
                Ok(process) => started.push(process),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        let output = match failed {
            Some(error) => Err(error),
            None => exchange(&started, &input, errors).await,
        };
        for process in &started {
            process.0.shared.end();
        }
        for process in &started {
            process.end().await;
        }
        output
    }

    /// Starts all or none. Gives what the standard errors come together in.
    fn launch_all(&self, mut commands: Vec<Command>) -> Result<(Vec<Launched>, OwnedFd)> {
        let last = commands.len() - 1;
        for (index, command) in commands.iter_mut().enumerate() {
            command.stdin = if index == 0 { Stdio::Piped } else { Stdio::Null };
            command.stdout = if index == last { Stdio::Piped } else { Stdio::Null };
        }
        let allowed: Result<Vec<_>> =
            commands.iter().map(|command| self.allow(RUN_PIPELINE, command.clone())).collect();
        let allowed = allowed?;
        let slots: Result<Vec<_>> = allowed.iter().map(|_| self.take_slot()).collect();
        let (errors, into_errors) = pipe()?;
        let mut launched = Vec::with_capacity(allowed.len());
        let mut from_before = None;
        for ((index, allowed), (slot, command)) in
            allowed.into_iter().enumerate().zip(slots?.into_iter().zip(&commands))
        {
            let mut wiring = Wiring { stdin: from_before.take(), ..Wiring::default() };
            if index != last {
                let (reader, writer) = pipe()?;
                from_before = Some(reader.into());
                wiring.stdout = Some(writer.into());
            }
            if command.stderr == Stdio::Piped {
                wiring.stderr = Some(into_errors.try_clone()?.into());
            }
            launched.push(self.launch(allowed, wiring, slot)?);
        }
        Ok((launched, errors.into()))
    }
}

/// Feeds the first, collects what the last one writes and all the errors, and waits for every one.
async fn exchange(processes: &[Process], input: &[u8], mut errors: Receiver) -> Result<PipelineOutput> {
    let [first, ..] = processes else { return Err(ProcessError::InvalidArgument("no commands".to_owned())) };
    let [.., last] = processes else { return Err(ProcessError::InvalidArgument("no commands".to_owned())) };
    let limit = last.limits().max_output_bytes;
    let services = &first.0.services;
    let _room = services.room(input.len())?;
    let all_ended = async {
        let mut statuses = Vec::with_capacity(processes.len());
        for process in processes {
            statuses.push(process.wait().await);
        }
        // As with `run`: nothing that they have started goes on.
        for process in processes {
            process.0.shared.end();
        }
        Ok(statuses)
    };
    let work = async {
        tokio::try_join!(
            async { first.0.streams.feed(input).await.map_err(ProcessError::from) },
            last.0.streams.collect(Stream::Stdout, limit, services),
            streams::collect(&mut errors, limit, services),
            all_ended,
        )
    };
    let output = tokio::select! {
        biased;
        () = any_timed_out(processes) => Err(ProcessError::Timeout),
        output = work => output,
    };
    let ((), stdout, stderr, statuses) = output?;
    if processes.iter().any(|process| process.status().timed_out) {
        return Err(ProcessError::Timeout);
    }
    Ok(PipelineOutput { statuses, stdout, stderr })
}

async fn any_timed_out(processes: &[Process]) {
    let mut waiting: Vec<_> =
        processes.iter().map(|process| Box::pin(process.until(|status| status.timed_out))).collect();
    std::future::poll_fn(|context| match waiting.iter_mut().any(|process| process.as_mut().poll(context).is_ready()) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await;
}

fn check_input(input: &[u8]) -> Result<()> {
    if input.len() > MAX_INPUT_BYTES {
        return Err(ProcessError::InvalidArgument(format!("input of more than {MAX_INPUT_BYTES} bytes")));
    }
    Ok(())
}
