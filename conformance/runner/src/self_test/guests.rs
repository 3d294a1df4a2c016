//! Guests that lie. Each name is a lie of the SDK in `tests/components/mutant-guest/sdk`.

use super::{Mutant, Side};

const fn lie(package: &'static str, operations: &'static str, name: &'static str, wrong: &'static str) -> Mutant {
    Mutant { name, side: Side::Guest, package, operations, wrong, flaw: None }
}

const CORE: &str = "core";
const FILESYSTEM: &str = "ext-filesystem";
const NETWORK: &str = "ext-network";
const PROCESS: &str = "ext-process";

pub(super) const MUTANTS: &[Mutant] = &[
    lie(CORE, "host-services.current-time", "clock-stopped", "gives the same time whenever it is asked"),
    lie(CORE, "host-services.sleep", "sleep-skipped", "does not sleep"),
    lie(CORE, "host-services.log", "enum-case-changed", "logs everything at one level"),
    lie(CORE, "host-services.send-message", "message-not-sent", "says that a message was sent, and sends none"),
    lie(CORE, "host-services.list-components", "a-component-left-out", "leaves the last component out"),
    lie(FILESYSTEM, "files.read-file", "constant-answer", "gives the same bytes for every file"),
    lie(FILESYSTEM, "files.read-file", "error-code-changed", "gives io for not-found"),
    lie(FILESYSTEM, "files.delete-file", "denial-ignored", "says that what was denied was done"),
    lie(FILESYSTEM, "files.delete-file", "denial-reworded", "leaves the missing permission out of a denial"),
    lie(FILESYSTEM, "files.write-file", "last-byte-dropped", "writes all but the last byte"),
    lie(FILESYSTEM, "files.open", "handle-leaked", "keeps handles that were dropped"),
    lie(FILESYSTEM, "files.file.read-at", "offset-ignored", "reads at the start of the file, wherever it should"),
    lie(FILESYSTEM, "files.file.seek", "u64-cut-to-53-bits", "carries numbers as doubles"),
    lie(FILESYSTEM, "files.file.seek", "variant-case-swapped", "moves backward instead of forward"),
    lie(FILESYSTEM, "files.file.write", "write-pretended", "says that bytes were written, and writes none"),
    lie(FILESYSTEM, "directories.list-directory", "list-order-reversed", "gives entries in the opposite order"),
    lie(FILESYSTEM, "directories.find", "option-lost", "searches as deep as there are directories"),
    lie(FILESYSTEM, "directories.measure", "fields-swapped", "gives the number of files for that of directories"),
    lie(FILESYSTEM, "paths.set-permissions", "flag-lost", "never lets others read"),
    lie(NETWORK, "tcp.connect", "refusal-taken-for-timeout", "gives timeout for connection-refused"),
    lie(NETWORK, "tcp.tcp-stream.read", "received-byte-lost", "loses the last byte that it receives"),
    lie(NETWORK, "tcp.tcp-stream.read-exact", "read-exact-short", "reads a byte less than asked for"),
    lie(NETWORK, "tcp.tcp-stream.read-exact", "end-of-stream-miscounted", "counts one byte more before the end"),
    lie(NETWORK, "tcp.tcp-stream.shutdown", "shutdown-direction-swapped", "ends reading for writing"),
    lie(NETWORK, "tcp.tcp-stream.local-address", "addresses-swapped", "gives the address of the other side"),
    lie(NETWORK, "tcp.tcp-stream.stats", "stats-off-by-one", "counts one byte more than it received"),
    lie(NETWORK, "tcp.tcp-stream.start-tls", "certificate-emptied", "gives an empty certificate of the peer"),
    lie(NETWORK, "tcp.tcp-stream.start-tls", "protocols-not-offered", "offers the peer no protocols"),
    lie(NETWORK, "tcp.tcp-stream.tls-info", "tls-forgotten", "says that the connection does not speak TLS"),
    lie(NETWORK, "udp.udp-socket.send-to", "sent-miscounted", "counts one byte more than it sent"),
    lie(NETWORK, "udp.udp-socket.receive", "truncation-hidden", "does not say that a datagram was cut"),
    lie(NETWORK, "udp.udp-socket.receive", "source-changed", "gives another port for that of the sender"),
    lie(NETWORK, "udp.udp-socket.set-options", "udp-option-lost", "never allows broadcast"),
    lie(NETWORK, "udp.udp-socket.join-multicast", "group-not-joined", "says that it joined a group, and does not"),
    lie(NETWORK, "connections.connection-pool.stats", "pool-counts-swapped", "gives the open connections as idle"),
    lie(NETWORK, "connections.connection-pool.release", "connection-not-given-back", "closes what is released"),
    lie(NETWORK, "connections.resolve-host", "family-ignored", "gives the addresses of both families"),
    lie(PROCESS, "processes.spawn", "argument-split", "makes several arguments of one with spaces, as a shell does"),
    lie(PROCESS, "processes.spawn", "environment-lost", "sets no environment variables"),
    lie(PROCESS, "processes.spawn", "directory-ignored", "starts programs wherever the host does"),
    lie(PROCESS, "processes.spawn", "file-not-appended-to", "cuts a file that output is to be appended to"),
    lie(PROCESS, "processes.run", "exit-code-cut", "gives the lowest seven bits of an exit code"),
    lie(PROCESS, "processes.run", "streams-swapped", "gives standard error for standard output"),
    lie(PROCESS, "processes.run-pipeline", "only-the-last-status", "gives the status of the last program alone"),
    lie(PROCESS, "processes.wait-any", "index-off-by-one", "counts from 1"),
    lie(PROCESS, "processes.list-processes", "processes-hidden", "lists no processes"),
    lie(PROCESS, "processes.process.info", "stopped-taken-for-running", "says that a stopped process runs"),
    lie(PROCESS, "processes.process.wait", "signal-taken-for-code", "gives a code for a signal, as a shell does"),
    lie(PROCESS, "processes.process.usage", "usage-zero", "says that processes use no memory"),
    lie(PROCESS, "processes.process.limits", "none-taken-for-zero", "sets a limit of 0 where none is asked for"),
    lie(PROCESS, "stdio.communicate", "input-cut", "writes all but the last byte"),
    lie(PROCESS, "signals.interrupt", "signal-changed", "kills instead of interrupting"),
    lie(PROCESS, "signals.send-signal", "group-spared", "signals one process of a group alone"),
    lie(PROCESS, "signals.terminate", "grace-ignored", "kills at once"),
    lie(PROCESS, "signals.list-signals", "signal-number-changed", "gives other numbers for signals"),
];
