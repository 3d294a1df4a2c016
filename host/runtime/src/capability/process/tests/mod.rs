//! What the operations do and refuse, with real programs on the real system.

mod confinement;
mod doors;
mod instances;
mod lifecycle;
mod limits;
mod permissions;
mod pipelines;
mod signals;
mod spawning;
mod streams;
mod trees;
mod vectors;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use airssys_wasm_policy::{AuditRecord, AuditSink, Decision, Denial, Gate, Permissions};
use tempfile::TempDir;

use super::*;
use crate::capability::filesystem::{Filesystem, FilesystemLimits, Mount};
use crate::locked::locked;

/// Nothing here waits that long unless it hangs.
const HANG: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Audit(Mutex<Vec<AuditRecord>>);

impl AuditSink for Audit {
    fn record(&self, record: AuditRecord) {
        locked(&self.0).push(record);
    }
}

/// A component with a folder of the host at `/data`.
struct World {
    host: TempDir,
    audit: Arc<Audit>,
    processes: Processes,
}

const EVERY_PROGRAM: &str =
    r#"process = [{ action = "spawn", program = "/**" }, { action = "signal", program = "/**" }]"#;
const ALL_FILES: &str = r#"filesystem = [
    { action = "read", path = "/data/**" }, { action = "write", path = "/data/**" },
    { action = "delete", path = "/data/**" }, { action = "list", path = "/data/**" },
]"#;

impl World {
    /// May start and signal every program, and nothing else.
    fn open() -> World {
        World::with(&[EVERY_PROGRAM], ProcessConfig::default())
    }

    /// The same, with children that are not confined.
    fn unconfined() -> World {
        World::with(&[EVERY_PROGRAM], ProcessConfig { unconfined: true, ..ProcessConfig::default() })
    }

    fn with(permissions: &[&str], config: ProcessConfig) -> World {
        World::mounted(permissions, config, false)
    }

    fn mounted(permissions: &[&str], config: ProcessConfig, read_only: bool) -> World {
        World::limited(permissions, config, read_only, FilesystemLimits::default())
    }

    fn limited(permissions: &[&str], config: ProcessConfig, read_only: bool, limits: FilesystemLimits) -> World {
        let host = tempfile::tempdir().unwrap();
        fs::create_dir(host.path().join("data")).unwrap();
        fs::write(host.path().join("secret"), "the secret").unwrap();
        let permissions = Permissions::parse(&permissions.join("\n"), "test").unwrap();
        let audit = Arc::new(Audit::default());
        let gate = Gate::new("acme/test@1.0.0".parse().unwrap(), permissions.clone(), permissions, audit.clone());
        let mount = Mount { guest: "/data".to_owned(), host: host.path().join("data"), read_only };
        let filesystem = Filesystem::new(gate.clone(), &[mount], limits).unwrap();
        let environment = vec![("OWN".to_owned(), "of the component".to_owned())];
        World {
            host,
            audit,
            processes: Processes::new(gate, filesystem, environment, Arc::new(ProcessServices::new(config))),
        }
    }

    /// A host path under the mount.
    fn host(&self, name: &str) -> PathBuf {
        self.host.path().join("data").join(name)
    }

    fn script(&self, name: &str, content: &str) -> PathBuf {
        let path = self.host(name);
        fs::write(&path, content).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&path, mode).unwrap();
        path
    }

    async fn spawn(&self, command: Command) -> Process {
        within(self.processes.spawn(command)).await.unwrap()
    }

    async fn run(&self, command: Command) -> ProcessOutput {
        within(self.processes.run(command, Vec::new())).await.unwrap()
    }

    /// Lets a shell do this, with all pipes.
    async fn shell(&self, script: &str) -> ProcessOutput {
        self.run(shell(script)).await
    }

    /// What was decided since the last time: `allowed processes.spawn process.spawn /bin/x`.
    fn decisions(&self) -> Vec<String> {
        let text = |record: AuditRecord| {
            let decision = if record.decision == Decision::Allowed { "allowed" } else { "denied" };
            let operation = record.operation.strip_prefix("ext-process/").unwrap().to_owned();
            format!("{decision} {operation} {} {}", record.action, record.resource)
        };
        std::mem::take(&mut *locked(&self.audit.0)).into_iter().map(text).collect()
    }
}

fn command(program: &str, arguments: &[&str]) -> Command {
    Command {
        program: program.to_owned(),
        arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        inherit: Vec::new(),
        set: Vec::new(),
        working_directory: None,
        stdin: Stdio::Piped,
        stdout: Stdio::Piped,
        stderr: Stdio::Piped,
        limits: ProcessLimits::default(),
    }
}

fn shell(script: &str) -> Command {
    let path = ("PATH".to_owned(), "/usr/bin:/bin".to_owned());
    Command { set: vec![path], ..command("/bin/sh", &["-c", script]) }
}

/// Fails instead of hanging.
async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(HANG, future).await.expect("it takes too long")
}

/// Waits until something holds that nobody tells about.
async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < HANG, "it never came to {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Reads lines of a process until one is complete.
async fn line(process: &Process) -> String {
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') {
        let byte = within(process.read(Stream::Stdout, 1)).await.unwrap();
        assert!(!byte.is_empty(), "the output ended after {:?}", String::from_utf8_lossy(&line));
        line.extend(byte);
    }
    String::from_utf8(line).unwrap().trim_end().to_owned()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The processes of this machine whose command line contains this.
fn alive(mark: &str) -> Vec<PathBuf> {
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let own = format!("/proc/{}", std::process::id());
    let has_mark = |path: &PathBuf| {
        let line = fs::read(path.join("cmdline")).unwrap_or_default();
        path != Path::new(&own) && String::from_utf8_lossy(&line).contains(mark)
    };
    processes.filter(has_mark).collect()
}

/// A text that no other process of this machine has in its command line.
fn mark() -> String {
    format!("mark-{:032x}", rand::random::<u128>())
}

#[track_caller]
fn denied<T>(result: Result<T>) -> Denial {
    match result.err() {
        Some(ProcessError::PermissionDenied(denial)) => *denial,
        other => panic!("not denied: {other:?}"),
    }
}

#[track_caller]
fn failure<T>(result: Result<T>) -> ProcessError {
    result.err().expect("it worked")
}
