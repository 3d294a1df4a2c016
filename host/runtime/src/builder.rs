//! Making a runtime, setting by setting.

use std::sync::Arc;
use std::time::Duration;

use airssys_wasm_policy::{AuditSink, Permissions};

use crate::capability::filesystem::Mount;
use crate::capability::host_services::record::LogSink;
use crate::error::{CallerError, Result};
use crate::host_interfaces::{HostInterface, HostInterfaces};
use crate::runtime::Runtime;
use crate::runtime_config::{CacheFolder, RuntimeConfig};

/// A runtime that is about to be made: [`Runtime::builder`](crate::Runtime::builder).
///
/// ```
/// use airssys_wasm::policy::Permissions;
/// use airssys_wasm::{Mount, Runtime};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let permissions = Permissions::parse(r#"filesystem = [{ action = "read", path = "/data/**" }]"#, "grants")?;
/// let runtime = Runtime::builder()
/// #   .cache(airssys_wasm::CacheFolder::Disabled)
///     .grant(permissions)
///     .mount(Mount::read_only("/data", folder.path()))
///     .max_instances(16)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "build makes the runtime"]
#[derive(Default)]
pub struct RuntimeBuilder {
    config: RuntimeConfig,
    interfaces: HostInterfaces,
    wrong: Option<CallerError>,
}

impl Runtime {
    /// Begins with the default settings, which grant nothing.
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder::default()
    }
}

impl RuntimeBuilder {
    /// All settings at once, for example those of a [file](RuntimeConfig::from_file). Those made before are lost.
    pub fn config(mut self, config: RuntimeConfig) -> Self {
        self.config = config;
        self
    }

    /// The most that components may do, where [`Start::grant`](crate::Start::grant) says nothing.
    pub fn grant(mut self, permissions: Permissions) -> Self {
        self.config.granted = permissions;
        self
    }

    /// A folder that components see, where [`Start::mount`](crate::Start::mount) says nothing.
    pub fn mount(mut self, mount: Mount) -> Self {
        self.config.mounts.push(mount);
        self
    }

    /// Where compiled components are kept.
    pub fn cache(mut self, folder: CacheFolder) -> Self {
        self.config.cache = folder;
        self
    }

    /// Instances at a time, all components together: see [`RuntimeConfig::max_instances`].
    pub fn max_instances(mut self, count: u32) -> Self {
        self.config.max_instances = count;
        self
    }

    /// How long a component has to shut down, everything that waits before it included.
    pub fn shutdown_grace(mut self, time: Duration) -> Self {
        self.config.shutdown_grace = time;
        self
    }

    /// Where decisions of the policy go.
    pub fn audit(mut self, sink: Arc<dyn AuditSink>) -> Self {
        self.config.audit = sink;
        self
    }

    /// Where the log of the guests goes, besides `tracing`.
    pub fn log(mut self, sink: Arc<dyn LogSink>) -> Self {
        self.config.log = Some(sink);
        self
    }

    /// An interface of the embedder's own, for all components.
    pub fn host_interface(mut self, interface: impl HostInterface) -> Self {
        if let Err(error) = self.interfaces.add(interface) {
            self.wrong.get_or_insert(error);
        }
        self
    }

    /// Makes the runtime.
    ///
    /// # Errors
    ///
    /// As [`Runtime::new`]; [`CallerError::WrongInterface`] for the first interface that cannot be had.
    pub fn build(self) -> Result<Runtime> {
        match self.wrong {
            Some(error) => Err(error.into()),
            None => Runtime::with_interfaces(self.config, self.interfaces),
        }
    }
}
