//! `stdio`: the standard streams of a process that are pipes to the component.

use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::sync::Mutex;

use super::child::Process;
use super::{ProcessError, ProcessOutput, ProcessServices, Result, Stream, config};

/// What is read at once: as much as a pipe holds unless somebody makes it larger.
const READ_BYTES: usize = 64 * 1024;

/// The host's ends of the pipes.
#[derive(Default)]
pub(super) struct Streams {
    stdin: Mutex<Stdin>,
    stdout: Mutex<Option<Receiver>>,
    stderr: Mutex<Option<Receiver>>,
}

#[derive(Default)]
enum Stdin {
    #[default]
    NotPiped,
    Open(Sender),
    Closed,
}

/// The host's ends as they were made.
#[derive(Default)]
pub(super) struct Ends {
    pub(super) stdin: Option<OwnedFd>,
    pub(super) stdout: Option<OwnedFd>,
    pub(super) stderr: Option<OwnedFd>,
}

impl Streams {
    /// Must be called within a Tokio runtime.
    pub(super) fn new(ends: Ends) -> io::Result<Self> {
        let stdin = ends.stdin.map(Sender::from_owned_fd).transpose()?;
        Ok(Streams {
            stdin: Mutex::new(stdin.map_or(Stdin::NotPiped, Stdin::Open)),
            stdout: Mutex::new(ends.stdout.map(Receiver::from_owned_fd).transpose()?),
            stderr: Mutex::new(ends.stderr.map(Receiver::from_owned_fd).transpose()?),
        })
    }

    fn output(&self, stream: Stream) -> &Mutex<Option<Receiver>> {
        if stream == Stream::Stderr { &self.stderr } else { &self.stdout }
    }

    /// Writes all of it and closes the pipe. A process that does not read it all is no error.
    pub(super) async fn feed(&self, input: &[u8]) -> io::Result<()> {
        let mut stdin = self.stdin.lock().await;
        let mut rest = input;
        while let (Stdin::Open(pipe), false) = (&*stdin, rest.is_empty()) {
            match write_some(pipe, rest).await {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
                Err(error) => return Err(error),
            }
        }
        if let Stdin::Open(_) = *stdin {
            *stdin = Stdin::Closed;
        }
        Ok(())
    }

    /// Reads until the end; nothing if it is no pipe.
    pub(super) async fn collect(
        &self,
        stream: Stream,
        limit: Option<u64>,
        services: &ProcessServices,
    ) -> Result<Vec<u8>> {
        match &mut *self.output(stream).lock().await {
            Some(pipe) => collect(pipe, limit, services).await,
            None => Ok(Vec::new()),
        }
    }
}

/// Reads a pipe until its end.
pub(super) async fn collect(pipe: &mut Receiver, limit: Option<u64>, services: &ProcessServices) -> Result<Vec<u8>> {
    let limit = limit.unwrap_or(u64::MAX);
    let mut data = Vec::new();
    let mut room = services.room(0)?;
    loop {
        if data.len() == data.capacity() {
            let more = data.len().max(READ_BYTES);
            room.add(services.room(more)?);
            data.reserve_exact(more);
        }
        if pipe.read_buf(&mut data).await? == 0 {
            return Ok(data);
        }
        if data.len() as u64 > limit {
            return Err(ProcessError::OutputTooLarge(limit));
        }
    }
}

async fn write_some(pipe: &Sender, data: &[u8]) -> io::Result<usize> {
    loop {
        pipe.writable().await?;
        match pipe.try_write(data) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            result => return result,
        }
    }
}

impl Process {
    /// `stdio.write-stdin`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn write_stdin(&self, data: &[u8]) -> Result<u32> {
        let mut stdin = self.0.streams.stdin.lock().await;
        let pipe = match &*stdin {
            Stdin::NotPiped => return Err(ProcessError::NotPiped(Stream::Stdin)),
            Stdin::Closed => return Err(ProcessError::StdinClosed),
            Stdin::Open(_) if data.is_empty() => return Ok(0),
            Stdin::Open(pipe) => pipe,
        };
        let _room = self.0.services.room(data.len())?;
        match write_some(pipe, data).await {
            Ok(written) => Ok(u32::try_from(written).unwrap_or(u32::MAX)),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                *stdin = Stdin::Closed;
                Err(ProcessError::StdinClosed)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// `stdio.close-stdin`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn close_stdin(&self) -> Result<()> {
        let mut stdin = self.0.streams.stdin.lock().await;
        match *stdin {
            Stdin::NotPiped => Err(ProcessError::NotPiped(Stream::Stdin)),
            Stdin::Closed => Err(ProcessError::StdinClosed),
            Stdin::Open(_) => {
                *stdin = Stdin::Closed;
                Ok(())
            }
        }
    }

    /// `stdio.read-stdout` and `stdio.read-stderr`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn read(&self, stream: Stream, max_bytes: u32) -> Result<Vec<u8>> {
        let mut output = self.0.streams.output(stream).lock().await;
        let pipe = output.as_mut().ok_or(ProcessError::NotPiped(stream))?;
        let mut data = vec![0; READ_BYTES.min(max_bytes as usize)];
        let read = if data.is_empty() { 0 } else { pipe.read(&mut data).await? };
        data.truncate(read);
        Ok(data)
    }

    /// `stdio.read-stdout-to-end` and `stdio.read-stderr-to-end`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn read_to_end(&self, stream: Stream) -> Result<Vec<u8>> {
        let limit = self.limits().max_output_bytes;
        let mut output = self.0.streams.output(stream).lock().await;
        let pipe = output.as_mut().ok_or(ProcessError::NotPiped(stream))?;
        collect(pipe, limit, &self.0.services).await
    }

    /// `stdio.communicate`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn communicate(&self, input: Vec<u8>) -> Result<ProcessOutput> {
        if input.len() > config::MAX_INPUT_BYTES {
            let problem = format!("input of more than {} bytes", config::MAX_INPUT_BYTES);
            return Err(ProcessError::InvalidArgument(problem));
        }
        if !input.is_empty() {
            match *self.0.streams.stdin.lock().await {
                Stdin::NotPiped => return Err(ProcessError::NotPiped(Stream::Stdin)),
                Stdin::Closed => return Err(ProcessError::StdinClosed),
                Stdin::Open(_) => {}
            }
        }
        self.exchange(&input, async { self.wait().await }).await
    }

    /// Feeds it and collects what it writes, while `end` waits for it to end.
    pub(super) async fn exchange(
        &self,
        input: &[u8],
        end: impl Future<Output = super::ExitStatus>,
    ) -> Result<ProcessOutput> {
        let limit = self.limits().max_output_bytes;
        let (streams, services) = (&self.0.streams, &self.0.services);
        let _room = services.room(input.len())?;
        let (_, stdout, stderr, status) = tokio::try_join!(
            async { streams.feed(input).await.map_err(ProcessError::from) },
            streams.collect(Stream::Stdout, limit, services),
            streams.collect(Stream::Stderr, limit, services),
            async { Ok(end.await) },
        )?;
        if self.status().timed_out {
            self.until(|status| status.gone).await;
            return Err(ProcessError::Timeout);
        }
        Ok(ProcessOutput { status, stdout, stderr })
    }
}
