//! Runs airssys-wasm components: deny by default, bounded, observable.

mod bindings;
mod cache;
mod capability;
mod component;
mod config;
mod core;
mod engine;
mod error;
mod instance;
mod load;
mod load_error;
mod metadata;
mod registry;
mod request_id;
mod runtime;

pub use airssys_wasm_policy as policy;
pub use wasmtime::component::types::ComponentFunc;
pub use wasmtime::component::{ResourceAny, Type, Val};

pub use crate::capability::audit::TracingAudit;
pub use crate::capability::filesystem::Mount;
pub use crate::capability::host_services::log::{
    LOG_BURST_RECORDS, LOG_RECORDS_PER_SECOND, LogLevel, LogRecord, LogSink, MAX_LOG_FIELD_BYTES, MAX_LOG_FIELDS,
    MAX_LOG_MESSAGE_BYTES, Stream,
};
pub use crate::component::{CallOptions, Caller, Component};
pub use crate::config::{CacheFolder, LoadOptions, ResolvedLimits, RuntimeConfig, Source};
pub use crate::core::{MAX_MAILBOX_BYTES, MAX_MESSAGE_BYTES, Stats};
pub use crate::error::{
    CallerError, ComponentError, Error, ExecutionError, Fault, GuestError, GuestFailure, GuestTrap, HostFault, Limit,
    LimitExceeded, LoadError, Result, TrapFrame, UnknownImport,
};
pub use crate::load::MANIFEST_SECTION;
pub use crate::metadata::{ComponentMetadata, Health, HealthStatus};
pub use crate::runtime::Runtime;
