//! The runtime: one engine, and the components that run on it.

use std::sync::Arc;

use airssys_wasm_policy::{ComponentId, InterfaceDescription};
use wasmtime::Engine;

use crate::compiled::CompiledComponent;
use crate::component::Component;
use crate::error::{CallerError, Error, Result};
use crate::host_interfaces::HostInterfaces;
use crate::load_error::LoadError;
use crate::registry::Registry;
use crate::runtime_config::RuntimeConfig;
use crate::services::{Bytes, Services};
use crate::source::Source;
use crate::start::start;
use crate::start_settings::StartSettings;

/// Compiles components and starts them. Clones are cheap and mean the same runtime; when the last one goes, every component
/// is unloaded that nobody has a handle of.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
/// let component = runtime.start(support::guest()).await?;
/// assert_eq!(runtime.components().len(), 1);
/// assert!(runtime.component(component.id()).is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Runtime(Arc<Inner>);

struct Inner {
    services: Arc<Services>,
    registry: Arc<Registry>,
}

impl Runtime {
    /// Makes a runtime.
    ///
    /// # Errors
    ///
    /// [`HostFault`](crate::error::HostFault) when the machine cannot give the engine the room that it needs, the cache folder
    /// cannot be used, or [`RuntimeConfig::network`] contains an invalid certificate.
    pub fn new(config: RuntimeConfig) -> Result<Self> {
        Self::with_interfaces(config, HostInterfaces::default())
    }

    pub(crate) fn with_interfaces(config: RuntimeConfig, interfaces: HostInterfaces) -> Result<Self> {
        let services = Services::new(config, interfaces)?;
        Ok(Self(Arc::new(Inner { services: Arc::new(services), registry: Arc::default() })))
    }

    /// Compiles a component for this machine, or takes it from the cache, and checks everything that shows without running
    /// it: what it imports and exports, and its Component.toml. With a [`CacheFolder`](crate::CacheFolder) the code is kept
    /// for later, also for other processes whose settings for the engine are the same.
    ///
    /// Must be called within a Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Load`] when it cannot be loaded, as far as that shows without running it.
    pub async fn compile(&self, source: impl Into<Source>) -> Result<CompiledComponent> {
        let (_, compiled) = self.compile_with(source.into(), None).await?;
        Ok(compiled)
    }

    /// What the embedder's own interfaces ask for, for [`Permissions::check`](airssys_wasm_policy::Permissions::check).
    pub fn host_interfaces(&self) -> Vec<InterfaceDescription> {
        self.0.services.interfaces.descriptions().cloned().collect()
    }

    pub(crate) async fn start_with(&self, source: Source, settings: StartSettings) -> Result<Component> {
        let (subject, compiled) = self.compile_with(source, settings.manifest.as_deref()).await?;
        start(&self.0.services, &self.0.registry, &compiled, subject, settings).await
    }

    /// Compiled code, and what errors call it.
    async fn compile_with(&self, source: Source, manifest: Option<&str>) -> Result<(String, CompiledComponent)> {
        let services = &self.0.services;
        let (subject, read) = match source {
            Source::Compiled(compiled) => {
                let subject = format!("another {}", compiled.id());
                if !Engine::same(compiled.engine(), &services.engine) {
                    return Err(Error::load(subject, LoadError::OtherRuntime(compiled.id())));
                }
                return Ok((subject, compiled));
            }
            Source::Bytes(bytes) => ("a component in memory".to_owned(), Ok(Bytes(Arc::new(bytes), None))),
            Source::Path(path) => (path.display().to_string(), services.read(path).await),
        };
        let compiled = async { services.compile(subject.clone(), read?, manifest.map(Arc::from)).await };
        let compiled = compiled.await.map_err(|error| Error::load(&subject, error))?;
        Ok((subject, compiled))
    }

    /// The loaded component of this id.
    pub fn component(&self, id: &ComponentId) -> Option<Component> {
        self.0.registry.get(id)
    }

    /// All loaded components, by id.
    pub fn components(&self) -> Vec<Component> {
        self.0.registry.list()
    }

    /// What all components together hold at this moment: for watching that it comes down again.
    pub fn usage(&self) -> Usage {
        let components = self.0.registry.list().len();
        let host_memory_bytes = self.0.services.memory.taken_bytes();
        match self.0.services.engine.pooling_allocator_metrics() {
            Some(pool) => Usage {
                components,
                instances: pool.component_instances(),
                memories: pool.memories(),
                tables: pool.tables(),
                host_memory_bytes,
            },
            None => Usage { components, host_memory_bytes, ..Usage::default() },
        }
    }

    /// Shuts a component down and unloads it: [`Component::shutdown`] by id.
    ///
    /// # Errors
    ///
    /// That there is none, and as [`Component::shutdown`].
    pub async fn unload(&self, id: &ComponentId) -> Result<()> {
        let component = self.component(id).ok_or_else(|| CallerError::UnknownComponent(id.clone()))?;
        component.shutdown().await
    }
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").field("config", &self.0.services.config).finish_non_exhaustive()
    }
}

/// What all components of a runtime hold together at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct Usage {
    /// Components that are loaded.
    pub components: usize,
    /// Instances of components; a component has one at most, and none after a trap until it is called again.
    pub instances: u64,
    /// Linear memories of these instances.
    pub memories: usize,
    /// Tables of these instances.
    pub tables: usize,
    /// What of [`RuntimeConfig::max_host_memory_bytes`] is taken, in bytes.
    pub host_memory_bytes: u64,
}
