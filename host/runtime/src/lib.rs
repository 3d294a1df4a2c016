//! Runs airssys-wasm components: deny by default, bounded, observable.
//!
//! A [`Runtime`] loads component files. Each becomes a [`Component`], which is called by operation name with bytes in
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
//!     let component = runtime.load_component(path).await?;
//!     let output = component.call("echo", "hello").await?;
//!     assert_eq!(output, b"hello");
//!
//!     // An error of the guest is no trap, and both are values here: nothing that a guest does ends the host.
//!     let error = component.call("no-such-operation", "").await.unwrap_err();
//!     assert_eq!((error.code(), error.fault()), ("guest-error", airssys_wasm::Fault::Guest));
//!
//!     component.shutdown().await?;
//!     Ok(())
//! }
//! ```
//!
//! - **Permissions.** What a component may do is what its Component.toml declares *and* what the host grants, see
//!   [`policy`]. Every decision goes to an audit sink; an [`Error`] carries the refusals of its call and a
//!   [hint](Error::hint) of what would allow them.
//! - **Limits.** A component file has at most [`MAX_COMPONENT_BYTES`], which bounds what compiling it costs. Memory, time, files, sockets and messages are bounded, with defaults and ceilings in [`RuntimeConfig`]. A guest
//!   that computes without end is interrupted; one that holds too much memory is replaced between two calls.
//! - **Processes.** A program that a component may start is confined to what the component may do itself, counted, and
//!   gone with everything it has started when the component lets go of it, see [`ProcessConfig`]. This takes Linux 6.12
//!   on x86-64 or AArch64.
//! - **Failures.** [`Error`] says whose fault it was: the guest's, the policy's, the caller's or the host's. A guest that
//!   traps loses its instance and nothing else.

mod bindings;
mod cache;
mod capability;
mod component;
mod config;
mod core;
mod engine;
mod error;
mod instance;
mod interfaces;
mod load;
mod load_error;
mod metadata;
mod registry;
mod request_id;
mod runtime;
mod source_map;
mod trap;

pub use airssys_wasm_policy as policy;
pub use wasmtime::component::types::ComponentFunc;
pub use wasmtime::component::{ResourceAny, Type, Val};

pub use crate::capability::audit::{AUDIT_BURST_REFUSALS, AUDIT_REFUSALS_PER_SECOND, TracingAudit};
pub use crate::capability::filesystem::{FilesystemLimits, Mount};
pub use crate::capability::host_services::log::{
    LOG_BURST_RECORDS, LOG_RECORDS_PER_SECOND, LogLevel, LogRecord, LogSink, MAX_LOG_FIELD_BYTES, MAX_LOG_FIELDS,
    MAX_LOG_MESSAGE_BYTES, Stream,
};
pub use crate::capability::network::{Dns, InvalidCertificate, NetworkConfig, NetworkLimits, TrustStore};
pub use crate::capability::process::{ProcessConfig, ProcessLimits};
pub use crate::component::{CallOptions, Caller, Component};
pub use crate::config::{CacheFolder, LoadOptions, ResolvedLimits, RuntimeConfig, Source};
pub use crate::core::{MAX_MAILBOX_BYTES, MAX_MESSAGE_BYTES, Stats};
pub use crate::error::{
    CallerError, ComponentError, Error, ExecutionError, Fault, FrameOrigin, GuestError, GuestFailure, GuestPanic,
    GuestTrap, HostFault, LastWord, Limit, LimitExceeded, LoadError, Missing, PanicKind, Result, TrapFrame, TrapKind,
    UnknownImport,
};
pub use crate::load::{MANIFEST_SECTION, MAX_COMPONENT_BYTES, examine, read_component};
pub use crate::metadata::{ComponentMetadata, Health, HealthStatus};
pub use crate::runtime::{Runtime, Usage};
