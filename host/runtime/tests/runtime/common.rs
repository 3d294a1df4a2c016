//! What the tests share.

pub use std::sync::{Arc, Mutex};
pub use std::time::Duration;

pub use crate::support::{MANIFEST, bare_guest, guest, with_manifest};
pub use airssys_wasm::engine_types::Val;
pub use airssys_wasm::error::{CallerError, ComponentError, ExecutionError, GuestFailure, Limit, LoadError, TrapKind};
pub use airssys_wasm::limits::Usage;
pub use airssys_wasm::policy::{AuditRecord, AuditSink, ComponentId, Decision, Permissions};
pub use airssys_wasm::records::{LOG_BURST_RECORDS, LogRecord, LogSink, MAX_LOG_MESSAGE_BYTES};
pub use airssys_wasm::{
    CacheFolder, CallOptions, Caller, Component, Error, Fault, HealthStatus, Mount, Runtime, RuntimeConfig, Start,
};

pub const COUNTERS: &str = "test:guest/counters@1.0.0";

/// Keeps everything that guests log.
#[derive(Default)]
pub struct Logged(pub Mutex<Vec<LogRecord>>);

impl LogSink for Logged {
    fn record(&self, record: &LogRecord) {
        self.0.lock().unwrap().push(record.clone());
    }
}

impl Logged {
    pub fn messages(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(|record| record.message.clone()).collect()
    }
}

/// Keeps every decision of the policy.
#[derive(Default)]
pub struct Audited(pub Mutex<Vec<AuditRecord>>);

impl AuditSink for Audited {
    fn record(&self, record: AuditRecord) {
        self.0.lock().unwrap().push(record);
    }
}

pub fn runtime() -> Runtime {
    runtime_with(|_| {})
}

pub fn runtime_with(change: impl FnOnce(&mut RuntimeConfig)) -> Runtime {
    let mut config = RuntimeConfig::default();
    config.cache = CacheFolder::Disabled;
    config.max_instances = 8;
    change(&mut config);
    Runtime::new(config).expect("the machine has an engine")
}

pub fn id(text: &str) -> ComponentId {
    text.parse().expect("an id")
}

/// The guest, about to be started under a name.
pub fn named(runtime: &Runtime, name: &str) -> Start {
    runtime.start(guest()).id(id(&format!("test/{name}@1.0.0")))
}

pub fn messaging(target: &str) -> Permissions {
    Permissions::parse(&format!("messaging = [{{ target = \"{target}\" }}]"), "test").expect("a permission")
}

/// May message whatever `target` matches.
pub fn may_message(runtime: &Runtime, name: &str, target: &str) -> Start {
    named(runtime, name).declare(messaging(target)).grant(messaging(target))
}

pub async fn started(start: Start) -> Component {
    start.await.expect("the guest starts")
}

pub fn load_error(error: Error) -> LoadError {
    match error {
        Error::Load { source, .. } => *source,
        other => panic!("not a load error: {other:?}"),
    }
}

pub async fn seen(component: &Component) -> String {
    String::from_utf8(component.call("seen", "").await.expect("it answers")).expect("text")
}

/// `number` as four bytes, then `rest`.
pub fn bytes(number: u32, rest: &str) -> Vec<u8> {
    let mut bytes = number.to_le_bytes().to_vec();
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
