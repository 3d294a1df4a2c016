//! Decisions of the policy, for permissions as a component has them that does a few things.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;

use airssys_wasm::policy::{
    Access, AuditRecord, AuditSink, FilesystemAction, Gate, NetworkAction, Operation, Permissions, ProcessAction,
};
use anyhow::{Result, ensure};

use crate::comparison::{Comparison, Named, in_turns};
use crate::family::Family;
use crate::plan::Plan;

/// Several of each kind, with the patterns that people write.
const PERMISSIONS: &str = r#"
filesystem = [
    { action = "read", path = "/etc/service/*.toml" },
    { action = "list", path = "/etc/service" },
    { action = "read", path = "/usr/share/zoneinfo/**" },
    { action = "read", path = "/data/incoming/**/*.csv" },
    { action = "list", path = "/data/incoming/**" },
    { action = "delete", path = "/data/incoming/**/*.csv" },
    { action = "write", path = "/data/reports/**" },
    { action = "read", path = "/data/reports/**" },
]
network = [
    { action = "resolve", host = "api.example.com" },
    { action = "outbound", host = "api.example.com", port = 443 },
    { action = "outbound", host = "*.storage.example.com", port = 443 },
    { action = "outbound", host = "10.20.0.0/16", port = 5432 },
    { action = "inbound", host = "127.0.0.1", port = "8000-8099" },
]
process = [
    { action = "spawn", program = "/usr/bin/sort" },
    { action = "spawn", program = "/usr/bin/gzip" },
    { action = "signal", program = "/usr/bin/gzip" },
]
messaging = [{ target = "reports/*" }, { target = "audit/log" }]
"#;

/// The operation that opens a file.
pub const OPEN: Operation = Operation("ext-filesystem/files.open");

/// Takes what is recorded and keeps nothing.
struct Nowhere;

impl AuditSink for Nowhere {
    fn record(&self, record: AuditRecord) {
        std::hint::black_box(record);
    }
}

/// The gate of such a component.
///
/// # Errors
/// Fails when the permissions are none.
pub fn gate() -> Result<Gate> {
    let permissions = Permissions::parse(PERMISSIONS, "permissions of the measurement")?;
    let component = "reports/importer@1.0.0".parse()?;
    Ok(Gate::new(component, permissions.clone(), permissions, Arc::new(Nowhere)))
}

/// What may be read.
pub fn allowed() -> Access {
    file("/data/reports/2026/november.csv")
}

/// What may not be read.
pub fn refused() -> Access {
    file("/data/secrets/2026/november.csv")
}

fn file(path: &str) -> Access {
    Access::Filesystem { action: FilesystemAction::Read, path: path.to_owned() }
}

fn questions() -> Vec<(&'static str, Operation, Access, bool)> {
    let connect = Operation("ext-network/tcp.connect");
    let network = |host: &str, port, address| Access::Network {
        action: NetworkAction::Outbound,
        host: host.to_owned(),
        port: Some(port),
        address: Some(IpAddr::V4(address)),
    };
    let program = Access::Process { action: ProcessAction::Spawn, program: "/usr/bin/gzip".to_owned() };
    vec![
        ("a file, allowed", OPEN, allowed(), true),
        ("a file, refused", OPEN, refused(), false),
        ("a connection, allowed", connect, network("eu.storage.example.com", 443, Ipv4Addr::new(203, 0, 113, 7)), true),
        ("a connection, refused", connect, network("example.org", 443, Ipv4Addr::new(203, 0, 113, 8)), false),
        ("a program, allowed", Operation("ext-process/processes.spawn"), program, true),
    ]
}

/// Measures decisions, with what it takes to ask: the name of what is asked for is copied each time.
///
/// # Errors
/// Fails when the policy decides otherwise than it should.
pub fn measure(plan: &Plan) -> Result<Vec<Comparison>> {
    let gate = gate()?;
    let questions = questions();
    let mut comparisons = Vec::new();
    for (what, operation, access, allowed) in &questions {
        ensure!(gate.allows(access) == *allowed, "{what}: the policy decides otherwise");
        let recorded = |count: usize| {
            let started = Instant::now();
            for _ in 0..count {
                let decision = gate.authorize(*operation, std::hint::black_box(access.clone()));
                ensure!(std::hint::black_box(decision).is_ok() == *allowed, "the policy decides otherwise");
            }
            Ok(started.elapsed())
        };
        let unrecorded = |count: usize| {
            let started = Instant::now();
            for _ in 0..count {
                let access = std::hint::black_box(access.clone());
                ensure!(std::hint::black_box(gate.allows(&access)) == *allowed, "the policy decides otherwise");
            }
            Ok(started.elapsed())
        };
        let ways: Vec<Named<'_>> = vec![
            ("`Gate::authorize`, with its record".to_owned(), Ok(Box::new(recorded))),
            ("`Gate::allows`, without one".to_owned(), Ok(Box::new(unrecorded))),
        ];
        let ways = in_turns(ways, plan)?;
        let (subject, what) = ("18 permissions".to_owned(), (*what).to_owned());
        comparisons.push(Comparison { family: Family::Permission, subject, what, ways });
    }
    Ok(comparisons)
}
