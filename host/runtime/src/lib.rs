//! Runs airssys-wasm components: deny by default, bounded, observable.
//!
//! A [`Runtime`] starts component files. Each becomes a [`Component`], which is called by operation name with bytes in
//! and bytes out:
//!
//! ```
//! # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
//! use airssys_wasm::policy::Permissions;
//! use airssys_wasm::{Runtime, RuntimeConfig};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     # let folder = tempfile::tempdir()?;
//!     # let path = folder.path().join("guest.wasm");
//!     # std::fs::write(&path, support::guest())?;
//!     let mut config = RuntimeConfig::default();
//!     # config.cache = airssys_wasm::CacheFolder::Disabled;
//!     // Components see nothing and may do nothing, unless their Component.toml declares it and the host grants it.
//!     config.granted = Permissions::parse(r#"messaging = [{ target = "acme/*" }]"#, "grants.toml")?;
//!
//!     let runtime = Runtime::new(config)?;
//!     let component = runtime.start(path).await?;
//!     let output = component.call("echo", "hello").await?;
//!     assert_eq!(output, b"hello");
//!
//!     // An error of the guest is no trap, and both are values here: nothing that a guest does ends the host.
//!     let error = component.call("no-such-operation", "").await.unwrap_err();
//!     assert_eq!((error.code(), error.fault()), ("unknown-operation", airssys_wasm::Fault::Guest));
//!
//!     component.shutdown().await?;
//!     Ok(())
//! }
//! ```
//!
//! - **Permissions.** What a component may do is what its Component.toml declares *and* what the host grants, see
//!   [`policy`]. Every decision goes to an audit sink; an [`Error`] carries the refusals of its call and a
//!   [hint](Error::hint) of what would allow them.
//! - **Limits.** A component file has at most [`limits::MAX_COMPONENT_BYTES`], which bounds what compiling it costs. Memory,
//!   time, files, sockets and messages are bounded, with defaults and ceilings in [`RuntimeConfig`], see [`limits`]. A guest
//!   that computes without end is interrupted; one that holds too much memory is replaced between two calls.
//! - **Settings.** [`RuntimeConfig::from_file`] reads all of them from a TOML file, and says everything that is wrong with
//!   it at once; [`records::RecordFile`] keeps decisions and logs as lines of JSON.
//! - **Records.** What guests log and what the policy decides is recorded at bounded rates and sizes, and counted exactly
//!   where it is left out, see [`records`], [`AuditSink`](policy::AuditSink) and [`Stats`]. `tracing` gets it on one
//!   line, with what a terminal would obey written as escapes; sinks get it as it is, for [`policy::printable`].
//! - **Descriptors.** The files and sockets of all components together are bounded by
//!   [`RuntimeConfig::max_descriptors`](crate::RuntimeConfig), and a runtime raises the process's soft limit on open files
//!   to its hard one when it is made.
//! - **Memory of the host.** What the host keeps for all components together besides their linear memory is bounded by
//!   [`RuntimeConfig::max_host_memory_bytes`](crate::RuntimeConfig): files that are compiled, messages that wait, data on its
//!   way.
//! - **Processes.** A program that a component may start is confined to what the component may do itself, counted, and
//!   gone with everything it has started when the component lets go of it, see
//!   [`config::ProcessConfig`]. This takes Linux 6.12
//!   on x86-64 or AArch64.
//! - **Failures.** [`Error`] says whose fault it was: the guest's, the policy's, the caller's or the host's. A guest that
//!   traps loses its instance and nothing else. Its stack has the names of functions; files and lines are read from debug
//!   information by [`inspect::locate`], which belongs into a process of its own.
//!
//! # WASI
//! A component may import WASI 0.2 as well, which is what the standard library of its language is made of. That is
//! another way to the same operations and past no permission: every path and every address goes through the same gate
//! and into the same audit log, under the name of the WASI function.
//!
//! | of WASI | follows |
//! |---|---|
//! | `wasi:filesystem` | the filesystem permissions: `open-at` read or write, as its flags ask; `read-directory` list; `stat-at` and opening a directory read or list; `create-directory-at` and `set-times` write; `unlink-file-at` and `remove-directory-at` delete; `rename-at` delete and write; `symlink-at` write, and read where it leads |
//! | `wasi:sockets/tcp`, `udp` | outbound for an address that is connected or sent to, inbound for one that is listened or received on |
//! | `wasi:sockets/ip-name-lookup` | resolve, for each name; an IP address is itself and takes no permission |
//! | `wasi:cli`, `wasi:clocks`, `wasi:random`, `wasi:io` | none: output is lines of the log, clocks and randomness are real, there are no arguments and no environment |
//!
//! - What is not permitted fails with `access`, `EACCES` in most languages, and never traps.
//! - A path that ends in `/` or `/.` means a directory, as it does for an operating system: a file is neither found nor
//!   made there. A link reads as it was written; of one that the host made and that leads out of its mount, only where it
//!   leads in the guest's tree.
//! - Each [`Mount`] in which the component *declares* something is open from the start, under its guest path. In all
//!   others nothing is found. A directory's descriptor is its path: each use of it is resolved and asked for anew, as in
//!   the contract, so that patterns may be as fine as they like and a link leads nowhere that is not permitted.
//! - The limits of the contract hold: open files, sizes, quota, sockets. Hard links are not supported.
//! - WASI connects to addresses, permissions may be for names. An address belongs to each name for which the same
//!   instance was last told so; of these, any that is permitted counts. Loopback, private and other non-public addresses, and
//!   those of the machine and of its networks, need a permission of their own, as always.
//! - Sockets exist without a permission, as far as there is room for them, and are bound to any port to connect from;
//!   without one they reach nobody and nobody reaches them.

mod background;
mod bindings;
pub mod blocking;
mod builder;
mod cache;
mod caller;
mod capability;
mod clock;
mod compiled;
mod compilers;
mod component;
mod contract;
mod debug_information;
mod engine;
pub mod error;
mod fault;
mod folders;
mod guest_panic;
mod host_config;
mod host_interfaces;
mod host_state;
mod instance;
mod interface_scope;
mod interfaces;
mod job;
mod load;
mod load_error;
mod locked;
mod mailbox;
mod memory_limiter;
mod metadata;
mod milliseconds;
mod names;
mod protected;
mod record_file;
mod registry;
mod replica;
mod request_id;
mod running_component;
mod runtime;
mod runtime_config;
mod services;
mod source;
mod source_map;
mod start;
mod start_builder;
mod start_settings;
mod stats;
mod system_clock;
mod trap;
mod trap_frame;
mod unknown_imports;

/// Permissions, decisions, audit records and Component.toml, of the crate `airssys-wasm-policy`.
pub use airssys_wasm_policy as policy;

/// Types of the engine, which follow its version: values of functions that are called by name, and what an interface of
/// the embedder's own is linked with.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// use airssys_wasm::engine_types::Val;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
/// let component = runtime.start(support::guest()).await?;
/// let made = component.invoke("test:guest/counters@1.0.0", "make", vec![Val::U32(42)]).await?;
/// let Val::Resource(counter) = made[0] else { panic!("{made:?}") };
/// component.drop_resource(counter).await?;
/// # Ok(())
/// # }
/// ```
pub mod engine_types {
    pub use wasmtime::component::types::ComponentFunc;
    pub use wasmtime::component::{HasSelf, Linker, Resource, ResourceAny, ResourceTable, Type, Val};
    pub use wasmtime::{Error, Result};

    pub use crate::host_state::HostState as Guest;
}

/// Types of the contract for `bindgen!`: `with: { "airssys:core/capabilities": airssys_wasm::wit::capabilities }`.
pub mod wit {
    pub use crate::bindings::capabilities;
}

/// Parts of [`RuntimeConfig`]: how components reach the network, and how they start programs of the host.
///
/// ```
/// use airssys_wasm::RuntimeConfig;
/// use airssys_wasm::config::Dns;
///
/// let mut config = RuntimeConfig::default();
/// config.network.dns = Dns::Servers(vec!["9.9.9.9:53".parse()?]);
/// config.processes.max_processes = 4;
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
pub mod config {
    pub use crate::capability::network::{Dns, InvalidCertificate, NetworkConfig, TrustStore};
    pub use crate::capability::process::ProcessConfig;
}

/// What an interface of the embedder's own has at hand when a component calls it, see [`HostInterface`].
pub mod host_interface {
    pub use crate::interface_scope::{Asking, Deadline, InterfaceScope};
}

/// Looking at component files without running them, and at where a guest stood that has died.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// let bytes = support::guest();
/// airssys_wasm::inspect::examine(&bytes)?;
/// assert_eq!(airssys_wasm::inspect::examine(&bytes[..100]).unwrap_err().code(), "truncated-component");
/// # Ok::<(), airssys_wasm::error::LoadError>(())
/// ```
pub mod inspect {
    pub use crate::contract::MANIFEST_SECTION;
    pub use crate::debug_information::{DamagedDebugInformation, has_debug_information, locate};
    pub use crate::load::{examine, read_component};
}

/// What components can use at most. Sizes are in bytes, times are [`Duration`](std::time::Duration)s.
///
/// ```
/// use airssys_wasm::RuntimeConfig;
/// use airssys_wasm::limits::MAX_MEMORY_BYTES;
///
/// let mut config = RuntimeConfig::default();
/// config.limit_ceilings.memory_bytes = MAX_MEMORY_BYTES;
/// config.filesystem_limits.quota_bytes = Some(1 << 30);
/// ```
pub mod limits {
    pub use crate::capability::filesystem::FilesystemLimits;
    pub use crate::capability::network::NetworkLimits;
    pub use crate::capability::process::ProcessLimits;
    pub use crate::contract::MAX_COMPONENT_BYTES;
    pub use crate::job::{MAX_MAILBOX_BYTES, MAX_MESSAGE_BYTES};
    pub use crate::runtime::Usage;
    pub use crate::runtime_config::{
        DEFAULT_MAX_DESCRIPTORS, DEFAULT_MAX_HOST_MEMORY_BYTES, DEFAULT_MAX_INSTANCES, MAX_INSTANCES, MAX_MEMORY_BYTES,
        RESERVED_DESCRIPTORS, ResolvedLimits,
    };
    pub use crate::start::MAX_REPLICAS;
}

/// Records of what the policy decides and of what guests log: where they go, how large they are, and how many of them are
/// passed on.
///
/// ```
/// use std::sync::Arc;
///
/// use airssys_wasm::Runtime;
/// use airssys_wasm::records::{LogRecord, LogSink};
///
/// struct Errors;
///
/// impl LogSink for Errors {
///     fn record(&self, record: &LogRecord) {
///         eprintln!("{}: {}", record.component, airssys_wasm::policy::printable_line(&record.message));
///     }
/// }
///
/// let runtime = Runtime::builder().log(Arc::new(Errors));
/// ```
pub mod records {
    pub use crate::capability::audit::{
        AUDIT_ALLOWED_PER_SECOND, AUDIT_BURST_ALLOWED, AUDIT_BURST_REFUSALS, AUDIT_REFUSALS_PER_SECOND,
        MAX_AUDIT_FOLDED, TracingAudit,
    };
    pub use crate::capability::host_services::log::{
        LOG_BURST_BYTES, LOG_BURST_RECORDS, LOG_BYTES_PER_SECOND, LOG_RECORDS_PER_SECOND,
    };
    pub use crate::capability::host_services::record::{
        LogLevel, LogRecord, LogSink, MAX_LOG_FIELD_BYTES, MAX_LOG_FIELDS, MAX_LOG_MESSAGE_BYTES, Stream,
    };
    pub use crate::record_file::RecordFile;
}

pub use crate::builder::RuntimeBuilder;
pub use crate::caller::Caller;
pub use crate::capability::filesystem::Mount;
pub use crate::compiled::CompiledComponent;
pub use crate::component::{CallOptions, Component};
pub use crate::error::{Error, Result};
pub use crate::fault::Fault;
pub use crate::host_interfaces::HostInterface;
pub use crate::metadata::{ComponentMetadata, Health, HealthStatus};
pub use crate::runtime::Runtime;
pub use crate::runtime_config::{CacheFolder, RuntimeConfig};
pub use crate::source::Source;
pub use crate::start_builder::Start;
pub use crate::stats::Stats;
