//! Hosts with a flaw.

use super::{Mutant, Side};
use crate::host::Flaw;

const fn host(
    package: &'static str,
    operations: &'static str,
    name: &'static str,
    wrong: &'static str,
    flaw: Flaw,
) -> Mutant {
    Mutant { name, side: Side::Host, package, operations, wrong, flaw: Some(flaw) }
}

const CORE: &str = "core";
const FILESYSTEM: &str = "ext-filesystem";
const NETWORK: &str = "ext-network";
const PROCESS: &str = "ext-process";

const READ: &str = r#"{"filesystem": [{"action": "read", "path": "/data/**"}]}"#;
const WRITE: &str = r#"{"filesystem": [{"action": "write", "path": "/data/**"}]}"#;
const DELETE: &str = r#"{"filesystem": [{"action": "delete", "path": "/data/**"}]}"#;
const LIST: &str = r#"{"filesystem": [{"action": "list", "path": "/data/**"}]}"#;
const OUTBOUND: &str = r#"{"network": [{"action": "outbound", "host": "0.0.0.0/0"}]}"#;
const INBOUND: &str = r#"{"network": [{"action": "inbound", "host": "0.0.0.0/0"}]}"#;
const RESOLVE: &str = r#"{"network": [{"action": "resolve", "host": "*"}]}"#;
const SPAWN: &str = r#"{"process": [{"action": "spawn", "program": "/**"}]}"#;
const SIGNAL: &str = r#"{"process": [{"action": "signal", "program": "/**"}]}"#;
const MESSAGING: &str = r#"{"messaging": [{"target": "conformance/*"}]}"#;

pub(super) const MUTANTS: &[Mutant] = &[
    host(
        CORE,
        "host-services.send-message",
        "messaging-unchecked",
        "lets anyone send messages",
        Flaw::Allows(MESSAGING),
    ),
    host(
        CORE,
        "component-lifecycle.handle-message",
        "sender-forged",
        "names another sender of a message",
        Flaw::SenderForged,
    ),
    host(
        CORE,
        "component-lifecycle.execute",
        "caller-forged",
        "says that the host calls, whoever does",
        Flaw::CallerForged,
    ),
    host(CORE, "component-lifecycle.execute", "trace-lost", "does not pass the trace of a call on", Flaw::TraceLost),
    host(CORE, "component-lifecycle.init", "environment-not-passed-on", "gives no environment", Flaw::EnvironmentLost),
    host(CORE, "component-lifecycle.init", "data-cut", "gives the data of the config without its end", Flaw::DataCut),
    host(CORE, "component-lifecycle.init", "limits-ignored", "sets no limits", Flaw::LimitsIgnored),
    host(CORE, "component-lifecycle.health", "always-healthy", "does not ask for the health", Flaw::AlwaysHealthy),
    host(CORE, "component-lifecycle.shutdown", "shutdown-skipped", "does not call shutdown", Flaw::ShutdownSkipped),
    host(CORE, "host-services.log", "log-lost", "keeps nothing of what guests log", Flaw::LogLost),
    host(FILESYSTEM, "files.read-file", "reading-unchecked", "lets anyone read", Flaw::Allows(READ)),
    host(FILESYSTEM, "files.write-file", "writing-unchecked", "lets anyone write", Flaw::Allows(WRITE)),
    host(
        FILESYSTEM,
        "directories.remove-directory-all",
        "deleting-unchecked",
        "lets anyone delete",
        Flaw::Allows(DELETE),
    ),
    host(FILESYSTEM, "directories.list-directory", "listing-unchecked", "lets anyone list", Flaw::Allows(LIST)),
    host(
        FILESYSTEM,
        "files.append-file",
        "read-only-ignored",
        "lets guests write to a read-only mount",
        Flaw::ReadOnlyIgnored,
    ),
    host(FILESYSTEM, "files.read-file", "audit-lost", "writes no decision down", Flaw::AuditLost),
    host(FILESYSTEM, "files.delete-file", "denials-unrecorded", "writes no refusal down", Flaw::DenialsUnrecorded),
    host(
        FILESYSTEM,
        "directories.list-directory",
        "lists-unbounded",
        "gives lists of any length",
        Flaw::ListsUnbounded,
    ),
    host(NETWORK, "tcp.connect", "outbound-unchecked", "lets anyone connect", Flaw::Allows(OUTBOUND)),
    host(NETWORK, "tcp.listen", "inbound-unchecked", "lets anyone listen", Flaw::Allows(INBOUND)),
    host(
        NETWORK,
        "connections.resolve-host",
        "resolving-unchecked",
        "lets anyone look names up",
        Flaw::Allows(RESOLVE),
    ),
    host(NETWORK, "udp.bind", "grants-ignored", "takes what is declared for granted", Flaw::GrantsIgnored),
    host(
        NETWORK,
        "udp.udp-socket.send-to",
        "denials-misleading",
        "names another permission than the missing one",
        Flaw::DenialsMisleading,
    ),
    host(NETWORK, "tcp.listen", "resources-kept", "keeps resources that were dropped", Flaw::ResourcesKept),
    host(NETWORK, "udp.bind", "sockets-unbounded", "opens any number of sockets", Flaw::SocketsUnbounded),
    host(NETWORK, "tcp.tcp-stream.tls-info", "trust-lost", "trusts no authority", Flaw::TrustLost),
    host(PROCESS, "processes.run", "spawning-unchecked", "lets anyone start programs", Flaw::Allows(SPAWN)),
    host(PROCESS, "signals.kill", "signalling-unchecked", "lets anyone send signals", Flaw::Allows(SIGNAL)),
    host(
        PROCESS,
        "processes.spawn",
        "declarations-ignored",
        "takes what is granted for declared",
        Flaw::DeclarationsIgnored,
    ),
    host(
        PROCESS,
        "signals.suspend",
        "denials-recorded-as-allowed",
        "writes refusals down as if it had allowed them",
        Flaw::DenialsRecordedAsAllowed,
    ),
    host(PROCESS, "processes.run", "processes-unbounded", "starts any number of processes", Flaw::ProcessesUnbounded),
    host(PROCESS, "processes.spawn", "search-path-lost", "looks programs up nowhere", Flaw::SearchPathLost),
];
