//! Where an attack takes place: a runtime with a bystander in it, and what is measured.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use airssys_wasm::limits::Usage;
use airssys_wasm::policy::{AuditRecord, AuditSink, Decision, Limits, Permissions};
use airssys_wasm::records::{LogRecord, LogSink, MAX_LOG_FIELD_BYTES, MAX_LOG_FIELDS, MAX_LOG_MESSAGE_BYTES};
use airssys_wasm::{Component, Mount, Runtime, RuntimeConfig, Start};

use tokio::time::MissedTickBehavior;

use crate::guests::Guest;

/// Time to shut down; what is stopped by it costs as much.
pub const GRACE: Duration = Duration::from_millis(600);
/// CPU time that ends what computes without end. No machine needs so much for an ordinary call.
pub const CPU_TIME: Duration = Duration::from_millis(100);
/// Where 1 GiB fits in.
const MEMORY_CEILING: u64 = 1280 << 20;
/// Few enough that a single instance left over by each attack would soon be noticed.
const MAX_INSTANCES: u32 = 4;
/// When something that must happen has not happened, and the test gives up.
const HANG: Duration = Duration::from_secs(60);

/// Counts decisions and log records, and checks what they are bounded by.
#[derive(Default)]
pub struct Witness {
    pub refusals: AtomicU64,
    pub refusal_records: AtomicU64,
    pub refusals_left_out: AtomicU64,
    pub log_records: AtomicU64,
    pub too_large: AtomicBool,
}

impl AuditSink for Witness {
    fn record(&self, record: AuditRecord) {
        if record.decision == Decision::Denied {
            self.refusals.fetch_add(record.count, Ordering::Relaxed);
            self.refusal_records.fetch_add(1, Ordering::Relaxed);
            self.refusals_left_out.fetch_add(record.dropped_before, Ordering::Relaxed);
        }
    }
}

impl LogSink for Witness {
    fn record(&self, record: &LogRecord) {
        self.log_records.fetch_add(1, Ordering::Relaxed);
        let mut texts = record.fields.iter().flat_map(|(name, value)| [name, value]);
        if record.message.len() > MAX_LOG_MESSAGE_BYTES
            || record.fields.len() > MAX_LOG_FIELDS
            || texts.any(|text| text.len() > MAX_LOG_FIELD_BYTES)
        {
            self.too_large.store(true, Ordering::Relaxed);
        }
    }
}

/// A runtime with a bystander.
pub struct TestBed {
    pub guest: Guest,
    pub runtime: Runtime,
    pub witness: Arc<Witness>,
    bystander: Component,
    folder: tempfile::TempDir,
    quiet: Held,
}

/// What the process holds.
#[derive(Debug)]
pub struct Held {
    /// What each open descriptor is of.
    pub descriptors: Vec<PathBuf>,
    pub tasks: usize,
    pub usage: Usage,
}

impl TestBed {
    pub async fn new(guest: Guest) -> Self {
        let witness = Arc::new(Witness::default());
        let folder = tempfile::tempdir().expect("a folder for tests");
        std::fs::write(folder.path().join("file"), "content").expect("writable");
        std::fs::create_dir(folder.path().join("folder")).expect("writable");

        let mut config = RuntimeConfig::default();
        config.granted = Permissions::parse(
            r#"
            filesystem = [{ action = "read", path = "/data/**" }, { action = "list", path = "/data/**" }]
            messaging = [{ target = "tests/*" }]
            "#,
            "grants.toml",
        )
        .expect("permissions");
        config.mounts = vec![Mount::read_only("/data", folder.path())];
        config.max_instances = MAX_INSTANCES;
        config.shutdown_grace = GRACE;
        config.limit_ceilings.memory_bytes = MEMORY_CEILING;
        config.audit = witness.clone();
        config.log = Some(witness.clone());
        let runtime = Runtime::new(config).expect("the machine has an engine");

        let bystander = runtime.start(Guest::C.component()).id("tests/bystander@1.0.0".parse().expect("an id"));
        let bystander = bystander.await.expect("the bystander starts");
        bystander.call("echo", "").await.expect("the bystander answers");
        // What is compiled stays at hand, with its file.
        let first = runtime.start(guest.component()).await.expect("the guest starts");
        first.shutdown().await.expect("it shuts down");
        let quiet = Held::now(&runtime);
        Self { guest, runtime, witness, bystander, folder, quiet }
    }

    /// An attacker that is about to be started, under a name of its own.
    pub fn start(&self, name: &str, environment: &[(&str, &str)], limits: Limits) -> Start {
        let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let start = self.runtime.start(self.guest.component()).id(id(name).parse().expect("an id"));
        start.replace_environment(environment.iter().map(pair)).limits(limits)
    }

    /// Tells the guest what to do in `metadata`, which comes before it is told anything else.
    pub fn set_metadata(&self, attack: Option<&str>) {
        let file = self.folder.path().join("metadata");
        match attack {
            Some(attack) => std::fs::write(file, attack).expect("writable"),
            None => drop(std::fs::remove_file(file)),
        }
    }

    /// One call of the bystander, which must be answered right.
    pub async fn ask_bystander(&self, number: usize) {
        let input = format!("call {number}");
        let answer = self.bystander.call("echo", input.as_bytes()).await.expect("the bystander answers");
        assert_eq!(answer, input.as_bytes(), "the bystander answers right");
    }

    /// Runs an attack while the bystander is called all the time; how long each of its answers took, all of them right.
    pub async fn beside_bystander<T>(&self, name: &str, attack: impl Future<Output = T>) -> (T, Vec<Duration>) {
        beside(async |number| self.ask_bystander(number).await, name, attack).await
    }

    /// Waits until nothing is left of what was loaded besides the bystander.
    pub async fn becomes_quiet(&self, after: &str) {
        assert_eq!(
            Held::now(&self.runtime).usage,
            self.quiet.usage,
            "instances are gone as soon as their component is"
        );
        let gives_up = Instant::now() + HANG;
        loop {
            let held = Held::now(&self.runtime);
            if held.descriptors.len() <= self.quiet.descriptors.len() && held.tasks <= self.quiet.tasks {
                return;
            }
            assert!(Instant::now() < gives_up, "{after} left {held:?} of {:?}", self.quiet);
            tokio::task::yield_now().await;
        }
    }

    /// Ends the bystander too.
    pub async fn close(self) {
        self.bystander.shutdown().await.expect("the bystander shuts down");
        assert_eq!(self.runtime.usage(), Usage::default());
    }
}

/// Does something while `ask` is called all the time; what came of it, and how long each answer took from when its question
/// was due, so that what holds up the question counts too.
pub async fn beside<T>(ask: impl AsyncFn(usize), name: &str, attack: impl Future<Output = T>) -> (T, Vec<Duration>) {
    let over = AtomicBool::new(false);
    let bystander = async {
        let mut times = Vec::new();
        // Not as fast as can be, or it would be what keeps the machine busy.
        let mut pace = tokio::time::interval(Duration::from_millis(2));
        // What could not be asked in time is not asked twice as fast afterwards.
        pace.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            let due = pace.tick().await;
            ask(times.len()).await;
            times.push(due.elapsed());
            if over.load(Ordering::Relaxed) {
                return times;
            }
        }
    };
    let attack = async {
        let outcome = tokio::time::timeout(HANG, attack).await.unwrap_or_else(|_| panic!("{name} is not stopped"));
        over.store(true, Ordering::Relaxed);
        outcome
    };
    tokio::join!(attack, bystander)
}

/// The id of an attacker.
pub fn id(name: &str) -> String {
    format!("tests/{name}@1.0.0")
}

impl Held {
    fn now(runtime: &Runtime) -> Self {
        let entries = std::fs::read_dir("/proc/self/fd").expect("there is /proc");
        // The descriptor of this very listing is gone when it is looked at.
        let descriptors = entries.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok()).collect();
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        Self { descriptors, tasks, usage: runtime.usage() }
    }
}

/// Memory of this process that is in RAM, in bytes, without the files that are mapped.
pub fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).expect("there is /proc");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("the kernel counts");
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kibibytes << 10
}
