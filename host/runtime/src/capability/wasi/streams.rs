//! Streams from and to a file. Reading and writing is done where blocking is allowed, one piece at a time.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};

use super::work::{Failure, blocking};
use crate::capability::filesystem::{File, FilesystemError, Result};
use crate::capability::host_memory::{self, HostMemory, NONE_LEFT};

/// What one read takes from a file, or one write to it, however much is asked for: it is the host's memory until the
/// guest has it, or the file.
const BUFFER_BYTES: usize = 64 << 10;
/// How many streams of a component have so much at a time. A guest waits for one read or write after the other, and for a
/// few at once if it is clever.
const MAX_BUFFERS: usize = 16;
/// What a stream takes that finds none of them left: as much as WASI lets write in any case. Of the few thousand streams
/// that an instance may have, each may have so much.
const SMALL_BUFFER_BYTES: usize = 4 << 10;

/// The buffers of one component's streams, out of the memory that all components share.
#[derive(Clone)]
pub(crate) struct Buffers(Arc<Semaphore>, HostMemory);

/// Room in the host's memory, as long as it lives.
struct Room {
    bytes: usize,
    _buffer: Option<OwnedSemaphorePermit>,
    _room: host_memory::Room,
}

impl Buffers {
    pub(crate) fn new(memory: HostMemory) -> Self {
        Self(Arc::new(Semaphore::new(MAX_BUFFERS)), memory)
    }

    fn take(&self) -> Result<Room> {
        let buffer = Arc::clone(&self.0).try_acquire_owned().ok();
        let bytes = if buffer.is_some() { BUFFER_BYTES } else { SMALL_BUFFER_BYTES };
        let room = self.1.room_now(bytes as u64).ok_or_else(|| FilesystemError::Io(NONE_LEFT.to_owned()))?;
        Ok(Room { bytes, _buffer: buffer, _room: room })
    }
}

/// Something that is being done elsewhere. Whoever waits may stop waiting; it is taken up again with the next question.
type Work<T> = Pin<Box<dyn Future<Output = std::result::Result<T, Failure>> + Send>>;

/// Whether the work is done, without waiting for it.
fn poll_now<T>(work: &mut Work<T>) -> Poll<std::result::Result<T, Failure>> {
    work.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// Goes on whether or not somebody looks at it: work that waits for its turn would keep others from theirs.
fn begin<T, F>(places: Arc<Semaphore>, work: F) -> Work<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    let work = tokio::spawn(blocking(places, work));
    Box::pin(async move { work.await.unwrap_or_else(|error| Err(Failure::Host(error.into()))) })
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
    buffers: Buffers,
    position: u64,
    state: Input,
    /// For what is being read, or has been and is not the guest's yet.
    room: Option<Room>,
}

enum Input {
    Idle,
    Reading(Work<Vec<u8>>),
    Read(Bytes),
    Failed(Failure),
    Closed,
}

impl FileInput {
    pub(super) fn new(file: File, places: Arc<Semaphore>, buffers: Buffers, position: u64) -> Self {
        Self { file, places, buffers, position, state: Input::Idle, room: None }
    }

    fn start(&mut self, size: usize) {
        let (file, places, position) = (self.file.clone(), Arc::clone(&self.places), self.position);
        let room = match self.buffers.take() {
            Ok(room) => room,
            Err(error) => return self.note(Err(Failure::Filesystem(error))),
        };
        let size = size.min(room.bytes) as u32;
        self.room = Some(room);
        self.state = Input::Reading(begin(places, move || file.read_at(position, size)));
    }

    fn note(&mut self, read: std::result::Result<Vec<u8>, Failure>) {
        self.state = match read {
            Ok(data) if data.is_empty() => Input::Closed,
            Ok(data) => Input::Read(data.into()),
            Err(failure) => Input::Failed(failure),
        };
        if !matches!(self.state, Input::Read(_)) {
            self.room = None;
        }
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
                    self.room = None;
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
            self.start(BUFFER_BYTES);
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
    buffers: Buffers,
    place: Place,
    state: Written,
    /// For what the guest was told that it may write.
    room: Option<Room>,
}

enum Written {
    Idle,
    Writing(Work<()>),
    Failed(Failure),
    Closed,
}

impl FileOutput {
    pub(super) fn new(file: File, places: Arc<Semaphore>, buffers: Buffers, place: Place) -> Self {
        Self { file, places, buffers, place, state: Written::Idle, room: None }
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
        let room = self.room.take();
        let allowed = room.as_ref().map_or(SMALL_BUFFER_BYTES, |room| room.bytes);
        if !matches!(self.state, Written::Idle) || data.len() > allowed {
            return Err(StreamError::trap("a write of more than check-write allows"));
        }
        let (file, places, place) = (self.file.clone(), Arc::clone(&self.places), self.place);
        if let Place::At(position) = &mut self.place {
            *position = position.saturating_add(data.len() as u64);
        }
        self.state = Written::Writing(begin(places, move || {
            let written = write(&file, &data, place);
            drop((data, room));
            written
        }));
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        // Nothing is held back: what was written is on its way.
        self.check()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.check()?;
        if !matches!(self.state, Written::Idle) {
            return Ok(0);
        }
        let room = match self.room.take() {
            Some(room) => room,
            None => self.buffers.take().map_err(|error| failed(Failure::Filesystem(error)))?,
        };
        Ok(self.room.insert(room).bytes)
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

#[cfg(test)]
mod tests {
    use airssys_wasm_policy::{AuditRecord, AuditSink, Gate, Permissions};

    use super::*;
    use crate::capability::filesystem::{Filesystem, FilesystemLimits, Mount, OpenFlags};

    struct Unheard;

    impl AuditSink for Unheard {
        fn record(&self, _: AuditRecord) {}
    }

    /// A file of a MiB.
    fn file(folder: &tempfile::TempDir) -> File {
        std::fs::write(folder.path().join("file"), vec![0; 1 << 20]).unwrap();
        let permissions = ["read", "write"].map(|action| format!(r#"{{ action = "{action}", path = "/data/**" }}"#));
        let permissions = Permissions::parse(&format!("filesystem = [{}]", permissions.join(", ")), "test").unwrap();
        let gate = Gate::new("acme/test@1.0.0".parse().unwrap(), permissions.clone(), permissions, Arc::new(Unheard));
        let mount = Mount { guest: "/data".to_owned(), host: folder.path().to_owned(), read_only: false };
        let filesystem = Filesystem::new(gate, &[mount], FilesystemLimits::default()).unwrap();
        let flags = OpenFlags { read: true, write: true, ..OpenFlags::default() };
        filesystem.open("/data/file", flags).unwrap()
    }

    #[tokio::test]
    async fn many_streams_share_a_few_buffers_and_go_on_with_a_little_each() {
        let folder = tempfile::tempdir().unwrap();
        let (file, places, buffers) =
            (file(&folder), Arc::new(Semaphore::new(4)), Buffers::new(HostMemory::at_most(0)));
        let input = || FileInput::new(file.clone(), Arc::clone(&places), buffers.clone(), 0);
        let mut inputs: Vec<FileInput> = (0..100).map(|_| input()).collect();
        for input in &mut inputs {
            input.ready().await;
        }
        let output = || FileOutput::new(file.clone(), Arc::clone(&places), buffers.clone(), Place::At(0));
        assert_eq!(output().check_write().unwrap(), SMALL_BUFFER_BYTES);
        let held: usize = inputs.iter_mut().map(|input| input.read(usize::MAX).unwrap().len()).sum();
        assert_eq!(held, MAX_BUFFERS * BUFFER_BYTES + (100 - MAX_BUFFERS) * SMALL_BUFFER_BYTES);
        let mut outputs: Vec<FileOutput> = (0..100).map(|_| output()).collect();
        let allowed: usize = outputs.iter_mut().map(|output| output.check_write().unwrap()).sum();
        assert_eq!(allowed, held);
        for output in &mut outputs {
            let bytes = output.check_write().unwrap();
            output.write(vec![1; bytes].into()).unwrap();
        }
        for output in &mut outputs {
            output.ready().await;
            output.check_write().unwrap();
        }
    }

    #[tokio::test]
    async fn writes_that_nobody_waits_for_do_not_keep_others_from_their_turn() {
        let folder = tempfile::tempdir().unwrap();
        let (file, places, buffers) =
            (file(&folder), Arc::new(Semaphore::new(1)), Buffers::new(HostMemory::at_most(0)));
        let output = || FileOutput::new(file.clone(), Arc::clone(&places), buffers.clone(), Place::At(0));
        let mut begun: Vec<FileOutput> = (0..10).map(|_| output()).collect();
        for output in &mut begun {
            output.write(b"begun"[..].into()).unwrap();
        }
        let mut last = output();
        last.write(b"last"[..].into()).unwrap();
        last.ready().await;
        last.check_write().unwrap();
    }
}
