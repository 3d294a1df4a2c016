//! Write airssys-wasm components in Rust.
//!
//! A component is a Rust type whose operations the host calls. The attribute [`macro@component`] turns an `impl`
//! block into one; what the component is called and may do stands in the `Component.toml` beside its `Cargo.toml`.
//!
//! This is the whole of `examples/hello`; `copy-tree`, `fetch`, `pipeline` and `ask` beside it show files, the network,
//! processes and requests:
//!
//! ```text
//! //! Says hello.
//!
//! use airssys_wasm_sdk::component;
//!
//! #[derive(Default)]
//! struct Hello;
//!
//! #[component]
//! impl Hello {
//!     #[operation]
//!     fn greet(&mut self, name: String) -> String {
//!         format!("Hello, {name}!")
//!     }
//! }
//! ```
//!
//! The modules are named as the interfaces of the contract: [`component_lifecycle`] is what the host calls,
//! [`host_services`], [`files`], [`directories`], [`paths`], [`tcp`], [`udp`], [`connections`], [`processes`], [`stdio`]
//! and [`signals`] are what a component may call. Every call that needs a permission answers with a typed denial,
//! [`PermissionDenial`], that names the line missing from `Component.toml`.
//!
//! Unit tests run natively, against the fake host of [`testing`].
//!
//! The features `log` and `tracing` bring the modules of these names, which send to the host what the macros of the
//! crates of these names write.
//!
//! Components are compiled for `wasm32-unknown-unknown` by `airssys-wasm build` and import nothing from WASI. `std::fs`
//! and `std::net` are not supported there: with `wasi = true` in `[build]` of Component.toml they are, as far as the
//! permissions go.

// The generated exports cross the boundary with raw pointers; nothing written by hand here does.
#[allow(missing_docs, unsafe_code, clippy::all)]
#[doc(hidden)]
pub mod bindings;

/// The imports: the host's in a component, elsewhere those of a test's fake.
#[cfg(target_arch = "wasm32")]
mod host {
    pub(crate) use crate::bindings::airssys::core::host_services;
    pub(crate) use crate::bindings::airssys::ext_filesystem::{directories, files, paths};
    pub(crate) use crate::bindings::airssys::ext_network::{connections, tcp, udp};
    pub(crate) use crate::bindings::airssys::ext_process::{processes, signals, stdio};
}
#[cfg(not(target_arch = "wasm32"))]
mod host {
    pub(crate) use crate::testing::filesystem::{directories, files, paths};
    pub(crate) use crate::testing::host_services;
    pub(crate) use crate::testing::network::{connections, tcp, udp};
    pub(crate) use crate::testing::process::{processes, signals, stdio};
}

mod component_error;
pub mod component_lifecycle;
pub mod connections;
mod denial;
pub mod directories;
mod endpoint;
pub mod files;
mod filesystem_error;
pub mod host_services;
mod io_error;
#[cfg(feature = "log")]
pub mod log;
mod milliseconds;
mod network_error;
mod output;
pub mod paths;
mod process_error;
pub mod processes;
pub mod signals;
pub mod stdio;
pub mod tcp;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
#[cfg(feature = "tracing")]
pub mod tracing;
pub mod udp;

/// Whether there is a host to log to: always in a component, and in a test that has made one.
#[cfg(all(any(feature = "log", feature = "tracing"), target_arch = "wasm32"))]
fn is_with_host() -> bool {
    true
}
#[cfg(all(any(feature = "log", feature = "tracing"), not(target_arch = "wasm32")))]
use testing::is_there as is_with_host;

pub use airssys_wasm_sdk_macros::component;
pub use bindings::airssys::core::capabilities::PermissionDenial;
pub use bindings::airssys::core::types::{
    Caller, ComponentConfig, ComponentError, ComponentId, ComponentMetadata, ExecutionContext, ExecutionError,
    HealthStatus, LogLevel, RequestId, ResourceLimits, Timestamp,
};
pub use component_lifecycle::Component;
pub use filesystem_error::FilesystemError;
pub use network_error::NetworkError;
pub use process_error::ProcessError;

impl From<Timestamp> for std::time::SystemTime {
    /// Saturates at the platform's last representable time.
    fn from(timestamp: Timestamp) -> Self {
        let since = std::time::Duration::new(timestamp.seconds, timestamp.nanoseconds);
        std::time::UNIX_EPOCH
            .checked_add(since)
            .unwrap_or(std::time::UNIX_EPOCH + std::time::Duration::from_secs(i64::MAX as u64))
    }
}

impl std::fmt::Display for ComponentId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}@{}", self.namespace, self.name, self.version)
    }
}

/// A text that is no `namespace/name@version`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not namespace/name@version")]
pub struct NotAComponentId(pub String);

impl std::str::FromStr for ComponentId {
    type Err = NotAComponentId;

    /// Reads `namespace/name@version`. Whether there is such a component, the host knows.
    fn from_str(text: &str) -> Result<Self, NotAComponentId> {
        let parts = text.split_once('/').and_then(|(namespace, rest)| {
            let (name, version) = rest.split_once('@')?;
            let whole = [namespace, name, version].iter().all(|part| !part.is_empty());
            whole.then(|| (namespace.to_owned(), name.to_owned(), version.to_owned()))
        });
        let (namespace, name, version) = parts.ok_or_else(|| NotAComponentId(text.to_owned()))?;
        Ok(Self { namespace, name, version })
    }
}

/// What the expansion of [`macro@component`] needs; no part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::component_error::Starting;
    pub use crate::component_lifecycle::{Adapter, Exported};
}
