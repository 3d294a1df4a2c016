//! `stdio`: what a component reads from its processes and writes to them.

use std::io::ErrorKind;

use tokio::io::AsyncReadExt;

use super::child::Process;
use super::streams::{READ_BYTES, Stdin, collect, write_some};
use super::{ExitStatus, ProcessError, ProcessOutput, Result, Stream, config};

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
    pub(super) async fn exchange(&self, input: &[u8], end: impl Future<Output = ExitStatus>) -> Result<ProcessOutput> {
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
