//! The standard streams of a process that are pipes to the component.

use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::sync::Mutex;

use super::{ProcessError, ProcessServices, Result, Stream};

/// What is read at once: as much as a pipe holds unless somebody makes it larger.
pub(super) const READ_BYTES: usize = 64 * 1024;

/// The host's ends of the pipes.
#[derive(Default)]
pub(super) struct Streams {
    pub(super) stdin: Mutex<Stdin>,
    stdout: Mutex<Option<Receiver>>,
    stderr: Mutex<Option<Receiver>>,
}

#[derive(Default)]
pub(super) enum Stdin {
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

    pub(super) fn output(&self, stream: Stream) -> &Mutex<Option<Receiver>> {
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

pub(super) async fn write_some(pipe: &Sender, data: &[u8]) -> io::Result<usize> {
    loop {
        pipe.writable().await?;
        match pipe.try_write(data) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            result => return result,
        }
    }
}
