//! Streams from and to a file. Reading and writing is done where blocking is allowed, one piece at a time.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use tokio::sync::Semaphore;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};

use super::work::{Failure, blocking};
use crate::capability::filesystem::{File, FilesystemError, Result};

/// What one read takes from a file, however much is asked for: it is the host's memory until the guest has it.
const MAX_READ_BYTES: usize = 64 << 10;
/// What one write may hold, for the same reason.
const MAX_WRITE_BYTES: usize = 64 << 10;

/// Something that is being done elsewhere. Whoever waits may stop waiting; it is taken up again with the next question.
type Work<T> = Pin<Box<dyn Future<Output = std::result::Result<T, Failure>> + Send>>;

/// Whether the work is done, without waiting for it.
fn poll_now<T>(work: &mut Work<T>) -> Poll<std::result::Result<T, Failure>> {
    work.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn failed(failure: Failure) -> StreamError {
    match failure {
        Failure::Filesystem(error) => StreamError::LastOperationFailed(wasmtime::Error::new(error)),
        Failure::Host(fault) => StreamError::Trap(fault),
    }
}

/// Reads a file from a position on.
pub(super) struct FileInput {
    file: File,
    places: Arc<Semaphore>,
    position: u64,
    state: Input,
}

enum Input {
    Idle,
    Reading(Work<Vec<u8>>),
    Read(Bytes),
    Failed(Failure),
    Closed,
}

impl FileInput {
    pub(super) fn new(file: File, places: Arc<Semaphore>, position: u64) -> Self {
        Self { file, places, position, state: Input::Idle }
    }

    fn start(&mut self, size: usize) {
        let (file, places, position) = (self.file.clone(), Arc::clone(&self.places), self.position);
        let size = size.min(MAX_READ_BYTES) as u32;
        self.state = Input::Reading(Box::pin(blocking(places, move || file.read_at(position, size))));
    }

    fn note(&mut self, read: std::result::Result<Vec<u8>, Failure>) {
        self.state = match read {
            Ok(data) if data.is_empty() => Input::Closed,
            Ok(data) => Input::Read(data.into()),
            Err(failure) => Input::Failed(failure),
        };
    }

    async fn finish(&mut self) {
        if let Input::Reading(work) = &mut self.state {
            let read = work.await;
            self.note(read);
        }
    }
}

#[async_trait]
impl InputStream for FileInput {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if matches!(self.state, Input::Idle) && size > 0 {
            self.start(size);
        }
        if let Input::Reading(work) = &mut self.state
            && let Poll::Ready(read) = poll_now(work)
        {
            self.note(read);
        }
        match &mut self.state {
            Input::Idle | Input::Reading(_) => Ok(Bytes::new()),
            Input::Read(data) => {
                let piece = data.split_to(data.len().min(size));
                self.position += piece.len() as u64;
                if data.is_empty() {
                    self.state = Input::Idle;
                }
                Ok(piece)
            }
            Input::Failed(_) => match mem::replace(&mut self.state, Input::Closed) {
                Input::Failed(failure) => Err(failed(failure)),
                _ => Err(StreamError::Closed),
            },
            Input::Closed => Err(StreamError::Closed),
        }
    }

    async fn blocking_read(&mut self, size: usize) -> StreamResult<Bytes> {
        if matches!(self.state, Input::Idle) && size > 0 {
            self.start(size);
        }
        self.finish().await;
        self.read(size)
    }
}

#[async_trait]
impl Pollable for FileInput {
    async fn ready(&mut self) {
        if matches!(self.state, Input::Idle) {
            self.start(MAX_READ_BYTES);
        }
        self.finish().await;
    }
}

/// Where a stream writes to.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// From this position on.
    At(u64),
    /// At the end, wherever it is by then.
    End,
}

/// Writes to a file.
pub(super) struct FileOutput {
    file: File,
    places: Arc<Semaphore>,
    place: Place,
    state: Written,
}

enum Written {
    Idle,
    Writing(Work<()>),
    Failed(Failure),
    Closed,
}

impl FileOutput {
    pub(super) fn new(file: File, places: Arc<Semaphore>, place: Place) -> Self {
        Self { file, places, place, state: Written::Idle }
    }

    fn note(&mut self, written: std::result::Result<(), Failure>) {
        self.state = match written {
            Ok(()) => Written::Idle,
            Err(failure) => Written::Failed(failure),
        };
    }

    /// The error of what was written last, once.
    fn check(&mut self) -> StreamResult<()> {
        if let Written::Writing(work) = &mut self.state
            && let Poll::Ready(written) = poll_now(work)
        {
            self.note(written);
        }
        match &self.state {
            Written::Idle | Written::Writing(_) => Ok(()),
            Written::Closed => Err(StreamError::Closed),
            Written::Failed(_) => match mem::replace(&mut self.state, Written::Closed) {
                Written::Failed(failure) => Err(failed(failure)),
                _ => Err(StreamError::Closed),
            },
        }
    }
}

/// Writes all of it, or fails.
fn write(file: &File, data: &[u8], place: Place) -> Result<()> {
    let mut done = 0;
    while done < data.len() {
        let written = match place {
            Place::At(start) => file.write_at(start.saturating_add(done as u64), &data[done..])?,
            Place::End => file.append(&data[done..])?,
        };
        if written == 0 {
            return Err(FilesystemError::QuotaExceeded("the device is full".to_owned()));
        }
        done += written as usize;
    }
    Ok(())
}

#[async_trait]
impl OutputStream for FileOutput {
    fn write(&mut self, data: Bytes) -> StreamResult<()> {
        self.check()?;
        if !matches!(self.state, Written::Idle) || data.len() > MAX_WRITE_BYTES {
            return Err(StreamError::trap("a write of more than check-write allows"));
        }
        let (file, places, place) = (self.file.clone(), Arc::clone(&self.places), self.place);
        if let Place::At(position) = &mut self.place {
            *position = position.saturating_add(data.len() as u64);
        }
        let mut work: Work<()> = Box::pin(blocking(places, move || write(&file, &data, place)));
        // It is begun by the first look at it.
        match poll_now(&mut work) {
            Poll::Ready(written) => self.note(written),
            Poll::Pending => self.state = Written::Writing(work),
        }
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        // Nothing is held back: what was written is on its way.
        self.check()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.check()?;
        Ok(if matches!(self.state, Written::Idle) { MAX_WRITE_BYTES } else { 0 })
    }

    async fn cancel(&mut self) {
        // A guest that closes a file has written to it, and reads that from the next one it opens.
        self.ready().await;
    }
}

#[async_trait]
impl Pollable for FileOutput {
    async fn ready(&mut self) {
        if let Written::Writing(work) = &mut self.state {
            let written = work.await;
            self.note(written);
        }
    }
}
