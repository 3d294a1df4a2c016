//! A file that keeps decisions of the policy, or the log of guests, one JSON object a line.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use airssys_wasm_policy::{AuditRecord, AuditSink};
use serde::Serialize;

use crate::capability::host_services::record::{LogRecord, LogSink};

/// Records that wait for the disk: two seconds of what the rates let through.
const MAX_WAITING_RECORDS: usize = 1024;
/// All of them together. One record of a guest's log has up to half a mebibyte.
const MAX_WAITING_BYTES: usize = 16 << 20;

/// Appends records to a file, one JSON object a line: the fields of an [`AuditRecord`] or a [`LogRecord`], and `unix-ms`,
/// when it was taken. A thread of its own writes them, so that neither a guest nor the host waits for a disk; when more
/// wait than it may hold, the others are counted, and the next line says how many as `lost-before`.
///
/// Dropping it waits until all is written.
#[derive(Debug)]
pub struct RecordFile {
    path: PathBuf,
    /// Always there until it is dropped.
    queue: Option<SyncSender<String>>,
    waiting_bytes: Arc<AtomicUsize>,
    lost: AtomicU64,
    writer: Option<JoinHandle<()>>,
}

impl RecordFile {
    /// Opens a file to append to, or makes it, readable for this user alone: what components do is nobody else's business.
    ///
    /// # Errors
    /// It cannot be opened for writing, or the system has no thread for it.
    pub fn append(path: impl AsRef<Path>) -> io::Result<RecordFile> {
        use std::os::unix::fs::OpenOptionsExt;
        let path = path.as_ref().to_owned();
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
        let (queue, waiting) = mpsc::sync_channel(MAX_WAITING_RECORDS);
        let waiting_bytes = Arc::new(AtomicUsize::new(0));
        let (shown, bytes) = (path.clone(), Arc::clone(&waiting_bytes));
        let thread = thread::Builder::new().name("airssys-wasm-records".into());
        let writer = thread.spawn(move || write(&shown, file, &waiting, &bytes))?;
        Ok(RecordFile { path, queue: Some(queue), waiting_bytes, lost: AtomicU64::new(0), writer: Some(writer) })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn take(&self, record: &impl Serialize) {
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if !line(record, lost).is_some_and(|line| self.enqueue(line)) {
            self.lost.fetch_add(lost + 1, Ordering::Relaxed);
        }
    }

    fn enqueue(&self, line: String) -> bool {
        let Some(queue) = &self.queue else { return false };
        let bytes = line.len();
        let fits = self.waiting_bytes.fetch_add(bytes, Ordering::AcqRel) + bytes <= MAX_WAITING_BYTES;
        let taken = fits && queue.try_send(line).is_ok();
        if !taken {
            self.waiting_bytes.fetch_sub(bytes, Ordering::AcqRel);
        }
        taken
    }
}

impl AuditSink for RecordFile {
    fn record(&self, record: AuditRecord) {
        self.take(&record);
    }
}

impl LogSink for RecordFile {
    fn record(&self, record: &LogRecord) {
        self.take(record);
    }
}

impl Drop for RecordFile {
    fn drop(&mut self) {
        // Without it the writer ends when it has written the rest.
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// A record as it is written.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Line<'a, R> {
    unix_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost_before: Option<u64>,
    #[serde(flatten)]
    record: &'a R,
}

fn line(record: &impl Serialize, lost: u64) -> Option<String> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let unix_ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    let line = Line { unix_ms, lost_before: (lost > 0).then_some(lost), record };
    serde_json::to_string(&line).ok().map(|line| line + "\n")
}

fn write(path: &Path, mut file: File, waiting: &Receiver<String>, bytes: &AtomicUsize) {
    let mut failing = false;
    for line in waiting {
        bytes.fetch_sub(line.len(), Ordering::AcqRel);
        // Each line in one write: whoever reads, and whoever else appends, sees whole lines.
        match file.write_all(line.as_bytes()) {
            Ok(()) => failing = false,
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(file = %path.display(), %error, "records are not kept");
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use airssys_wasm_policy::Decision;

    use super::*;

    fn record(resource: &str) -> AuditRecord {
        let operation = "ext-filesystem/files.open";
        AuditRecord::new("acme/hello@1.0.0", operation, resource, "filesystem.read", Decision::Allowed)
    }

    #[test]
    fn each_record_is_a_line_whatever_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        std::fs::write(&path, "an earlier line\n").unwrap();
        let file = RecordFile::append(&path).unwrap();
        AuditSink::record(&file, record("/data/a\nforged"));
        AuditSink::record(&file, record("/data/b"));
        drop(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[0]), (3, "an earlier line"));
        let first: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
        assert_eq!((&first["resource"], &first["decision"]), (&"/data/a\nforged".into(), &"allowed".into()));
        assert!(first["unix-ms"].is_u64());
    }

    #[test]
    fn a_disk_that_takes_nothing_costs_a_bounded_number_of_records_and_the_others_are_counted() {
        // A pipe that nobody reads takes 64 KiB, then its writer waits.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let (go_on, told) = mpsc::channel();
        let pipe = path.clone();
        let reader = thread::spawn(move || {
            let mut pipe = File::open(pipe).unwrap();
            told.recv().unwrap();
            let mut text = String::new();
            io::Read::read_to_string(&mut pipe, &mut text).unwrap();
            text
        });
        let file = RecordFile::append(&path).unwrap();
        let long = "x".repeat(4096);
        let sent = 2 * MAX_WAITING_RECORDS as u64;
        for _ in 0..sent {
            AuditSink::record(&file, record(&long));
        }
        let last_lost = file.lost.load(Ordering::Relaxed);
        go_on.send(()).unwrap();
        drop(file);
        let text = reader.join().unwrap();
        let told = text.lines().map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["lost-before"].as_u64().unwrap_or_default()
        });
        let (lines, lost) = (text.lines().count() as u64, told.sum::<u64>() + last_lost);
        assert!(lost > 0, "more were taken than may wait");
        assert_eq!(lines + lost, sent);
    }
}
