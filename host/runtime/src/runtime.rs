//! The runtime: one engine, and the components that run on it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use airssys_wasm_policy::{ComponentId, Gate, Limits, Manifest};
use tokio::sync::{mpsc, watch};
use wasmtime::Engine;
use wasmtime::component::{HasSelf, InstancePre, Linker};

use crate::bindings::{Full, FullPre};
use crate::blocking::blocking;
use crate::cache::{Cache, Compiled};
use crate::capability::audit::Refusals;
use crate::capability::descriptors::Descriptors;
use crate::capability::filesystem::Filesystem;
use crate::capability::host_memory::{HostMemory, Room};
use crate::capability::host_services::log::Log;
use crate::capability::network::{Network, NetworkServices};
use crate::capability::process::{ProcessServices, Processes};
use crate::component::Component;
use crate::config::{LoadOptions, ResolvedLimits, RuntimeConfig, Source};
use crate::core::{Core, CoreParts};
use crate::engine::{self, Ticker};
use crate::error::{Error, HostFault, Result};
use crate::instance::task::Worker;
use crate::instance::{State, Template};
use crate::load::{self, Survey};
use crate::load_error::{LoadError, cut};
use crate::metadata::MAX_METADATA_BYTES;
use crate::protected::Protected;
use crate::registry::Registry;
use crate::source_map::SourceMap;

/// Loads components and runs them. Dropping it unloads everything that nobody has a handle of.
pub struct Runtime {
    engine: Engine,
    ticker: Ticker,
    linker: Arc<Linker<State>>,
    cache: Cache,
    protected: Arc<Protected>,
    registry: Arc<Registry>,
    network: Arc<NetworkServices>,
    processes: Arc<ProcessServices>,
    descriptors: Descriptors,
    memory: HostMemory,
    config: RuntimeConfig,
}

impl Runtime {
    /// Makes a runtime.
    ///
    /// # Errors
    ///
    /// [`HostFault`] when the machine cannot give the engine what it needs, the cache folder cannot be used, or a
    /// certificate of [`RuntimeConfig::network`] is none.
    pub fn new(config: RuntimeConfig) -> Result<Self> {
        let (engine, ticker) = engine::build(&config)?;
        let linker = linker(&engine).map_err(|error| HostFault::new("link the host's interfaces", error))?;
        let cache = Cache::new(&engine, &config.cache)?;
        let protected = Arc::new(Protected::new(cache.folder(), &config.protected_folders));
        let network = NetworkServices::new(&config.network)
            .map_err(|error| HostFault::new("read the certificates to be trusted", error))?;
        let descriptors = Descriptors::of_process(config.max_descriptors, config.raise_descriptor_limit);
        let memory = HostMemory::at_most(config.max_host_memory_bytes);
        let network = network.within(descriptors.clone(), memory.clone());
        let processes = Arc::new(ProcessServices::new(config.processes.clone()).within(memory.clone()));
        Ok(Self {
            engine,
            ticker,
            linker: Arc::new(linker),
            cache,
            protected,
            registry: Arc::default(),
            network: Arc::new(network),
            processes,
            descriptors,
            memory,
            config,
        })
    }

    /// Loads a component file and starts it: compiles it or takes it from the cache, checks what it imports and exports,
    /// instantiates it, compares its metadata with its Component.toml, and calls `init`.
    ///
    /// Must be called within a Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Load`] when it cannot be loaded, and what its `init` answers.
    pub async fn load_component(&self, path: impl AsRef<Path>) -> Result<Component> {
        self.load_component_with(path.as_ref(), LoadOptions::default()).await
    }

    /// Loads a component with settings of its own.
    ///
    /// # Errors
    ///
    /// As [`Runtime::load_component`].
    pub async fn load_component_with(&self, source: impl Into<Source>, options: LoadOptions) -> Result<Component> {
        let (subject, code) = match source.into() {
            Source::Loaded(component) => (format!("another {}", component.id()), Code::Compiled(component)),
            Source::Bytes(bytes) => ("a component in memory".to_owned(), Code::File(Arc::new(bytes), None)),
            Source::Path(path) => {
                let subject = path.display().to_string();
                match self.read(path).await {
                    Ok(code) => (subject, code),
                    Err(error) => return Err(Error::load(subject, error)),
                }
            }
        };
        let start = options.start;
        let (component, expected) = self.prepare(code, options).await.map_err(|error| Error::load(&subject, error))?;
        let unfinished = Unfinished(Some(component.clone()));
        match self.begin(&component, expected, start).await {
            Ok(()) => {
                unfinished.finish();
                Ok(component)
            }
            Err(refused) => {
                component.discard().await;
                Err(match refused {
                    Refused::Load(error) => Error::load(subject, *error),
                    Refused::Call(error) => *error,
                })
            }
        }
    }

    /// Compiles a component for this machine, without running anything of it, so that loading it later takes
    /// milliseconds: with a [`CacheFolder`](crate::CacheFolder) also in another process whose settings for the engine are
    /// the same. It is what [`Runtime::load_component`] does first.
    ///
    /// Must be called within a Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Load`] when it cannot be loaded, as far as that shows without running it.
    pub async fn compile(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref().to_owned();
        let subject = path.display().to_string();
        let compiled = async {
            let code = self.read(path).await?;
            let newer = code.read(None).await?.newer;
            self.compiled(code, newer).await
        };
        compiled.await.map(drop).map_err(|error| Error::load(&subject, error))
    }

    /// Reads a component file, once there is room for it.
    async fn read(&self, path: PathBuf) -> Result<Code, LoadError> {
        let (file, size) = blocking(move |_| load::open(&path)).await?;
        let room = self.memory.room(size).await;
        let bytes = blocking(move |_| load::read(file)).await?;
        Ok(Code::File(Arc::new(bytes), Some(room)))
    }

    /// Everything in which the guest runs.
    async fn begin(&self, component: &Component, expected: ComponentId, start: bool) -> Result<(), Refused> {
        self.check_metadata(component, expected).await?;
        if !self.registry.add(component.clone()) {
            return Err(Refused::Load(Box::new(LoadError::DuplicateId(component.id().clone()))));
        }
        if start {
            component.initialise().await.map_err(|error| Refused::Call(Box::new(error)))?;
        }
        Ok(())
    }

    /// Everything up to the worker; nothing of the guest has run yet. Also gives the id that its metadata must have.
    async fn prepare(&self, code: Code, options: LoadOptions) -> Result<(Component, ComponentId), LoadError> {
        let Brought { text, manifest, source_map, newer } = code.read(options.manifest.map(Arc::from)).await?;
        let expected = manifest.id();
        if let Some(name) = options.expected_name
            && name != manifest.component.name
        {
            return Err(LoadError::UnexpectedName { found: manifest.component.name, expected: name });
        }
        let declared_limits = overlay(&manifest.limits, &options.limits);
        let limits = self.resolve(&declared_limits)?;
        let id = options.id.unwrap_or_else(|| expected.clone());
        let declared = options.declared.unwrap_or(manifest.permissions);
        let granted = options.granted.unwrap_or_else(|| self.config.granted.clone());
        let audit = options.audit.unwrap_or_else(|| Arc::clone(&self.config.audit));
        let refusals = Arc::new(Refusals::new(audit));
        let gate = Gate::new(id.clone(), declared, granted, refusals.clone()).within(self.network.surroundings());
        let mounts = options.mounts.unwrap_or_else(|| self.config.mounts.clone());
        let (its_gate, its_limits) = (gate.clone(), self.config.filesystem_limits.clone());
        let (files, descriptors) = (limits.open_files, self.descriptors.clone());
        let protected = Arc::clone(&self.protected);
        // A quota is measured, and a mount may be far away.
        let filesystem = blocking(move |_| {
            let filesystem = Filesystem::open_mounts(its_gate, &mounts, its_limits, files, descriptors)
                .map_err(|error| LoadError::Mounts(error.into()))?;
            filesystem.writable_roots().try_for_each(|(guest, root)| protected.check(guest, root))?;
            Ok::<_, LoadError>(filesystem)
        });
        let filesystem = filesystem.await?;
        let (compiled, pre) = self.compiled(code, newer).await?;
        let network = Network::new(gate.clone(), Arc::clone(&self.network));

        let environment = options.environment.unwrap_or(manifest.config.environment);
        let processes =
            Processes::new(gate.clone(), filesystem.clone(), environment.clone(), Arc::clone(&self.processes));

        let (sender, queue) = mpsc::unbounded_channel();
        let core = Arc::new(Core::new(CoreParts {
            id,
            content: *compiled.content.as_bytes(),
            language: manifest.build.language,
            source_map,
            gate,
            refusals,
            limits,
            filesystem,
            network,
            processes,
            environment,
            data: options.data.or(manifest.config.data),
            declared_limits,
            log: Log::new(options.log.or_else(|| self.config.log.clone())),
            memory: self.memory.clone(),
            registry: Arc::downgrade(&self.registry),
            queue: sender.downgrade(),
        }));
        let template = Arc::new(Template {
            core,
            engine: self.engine.clone(),
            ticker: self.ticker.clone(),
            shutdown_grace: self.config.shutdown_grace,
            compiled,
            pre,
            manifest: text,
        });
        let (alive, ended) = watch::channel(());
        let worker = Worker::new(Arc::clone(&template), queue, alive);
        let worker = tokio::spawn(worker.run()).abort_handle();
        Ok((Component::new(template, sender, worker, ended), expected))
    }

    /// Code that can be instantiated, with everything that it imports. `newer` is the contract it was built for, if this
    /// host has an older one.
    async fn compiled(&self, code: Code, newer: Option<String>) -> Result<(Compiled, InstancePre<State>), LoadError> {
        match code {
            Code::File(bytes, _room) => {
                let compiled = self.cache.get(bytes).await?;
                let (linker, component) = (Arc::clone(&self.linker), compiled.component.clone());
                let pre = blocking(move |_| {
                    let pre = linker.instantiate_pre(&component).map_err(cut).map_err(|source| match newer {
                        Some(asked) => LoadError::NewerContract { asked, source },
                        None => LoadError::IncompatibleImport(source),
                    })?;
                    FullPre::new(pre.clone()).map_err(|error| LoadError::WrongWorld(cut(error)))?;
                    Ok::<_, LoadError>(pre)
                });
                Ok((compiled, pre.await?))
            }
            Code::Compiled(other) => {
                let template = other.template();
                if !Engine::same(&template.engine, &self.engine) {
                    return Err(LoadError::OtherRuntime(other.id().clone()));
                }
                Ok((template.compiled.clone(), template.pre.clone()))
            }
        }
    }

    async fn check_metadata(&self, component: &Component, expected: ComponentId) -> Result<(), Refused> {
        let metadata = component.metadata().await.map_err(|error| Refused::Call(Box::new(error)))?;
        let (size, limit) = (metadata.size(), MAX_METADATA_BYTES);
        if size > limit {
            return Err(Refused::Load(Box::new(LoadError::MetadataTooLarge { size, limit })));
        }
        if !metadata.is_of(&expected) {
            let error = LoadError::MetadataMismatch { metadata: metadata.id_text(), manifest: expected };
            return Err(Refused::Load(Box::new(error)));
        }
        let _ = component.core().metadata.set(metadata);
        Ok(())
    }

    fn resolve(&self, asked: &Limits) -> Result<ResolvedLimits, LoadError> {
        let (default, ceiling) = (&self.config.default_limits, &self.config.limit_ceilings);
        let check = |limit, asked: Option<u64>, default: u64, allowed: u64| match asked {
            Some(asked) if asked > allowed => Err(LoadError::LimitTooHigh { limit, asked, allowed }),
            Some(asked) => Ok(asked),
            None => Ok(default.min(allowed)),
        };
        let small = |limit, asked: Option<u32>, default: u32, allowed: u32| {
            check(limit, asked.map(u64::from), default.into(), allowed.into())
                .map(|value| u32::try_from(value).unwrap_or(u32::MAX))
        };
        let cpu_ceiling = ceiling.cpu_time_ms.unwrap_or(u64::MAX);
        Ok(ResolvedLimits {
            memory_bytes: check(
                "max-memory-bytes",
                asked.max_memory_bytes,
                default.memory_bytes,
                ceiling.memory_bytes,
            )?,
            cpu_time_ms: match asked.max_cpu_time_ms.or(default.cpu_time_ms).or(ceiling.cpu_time_ms) {
                Some(ms) => Some(check("max-cpu-time-ms", asked.max_cpu_time_ms, ms, cpu_ceiling)?),
                None => None,
            },
            execution_time_ms: check(
                "max-execution-time-ms",
                asked.max_execution_time_ms,
                default.execution_time_ms,
                ceiling.execution_time_ms,
            )?,
            open_files: small("max-open-files", asked.max_open_files, default.open_files, ceiling.open_files)?,
            mailbox_messages: small(
                "max-mailbox-messages",
                asked.max_mailbox_messages,
                default.mailbox_messages,
                ceiling.mailbox_messages,
            )?,
        })
    }

    /// The loaded component of this id.
    pub fn component(&self, id: &ComponentId) -> Option<Component> {
        self.registry.get(id)
    }

    /// All loaded components, by id.
    pub fn components(&self) -> Vec<Component> {
        self.registry.list()
    }

    /// What all components together hold at this moment: for watching that it comes down again.
    pub fn usage(&self) -> Usage {
        let components = self.registry.list().len();
        let host_memory_bytes = self.memory.taken_bytes();
        match self.engine.pooling_allocator_metrics() {
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
        let component = self.registry.get(id).ok_or_else(|| crate::error::CallerError::UnknownComponent(id.clone()))?;
        component.shutdown().await
    }
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").field("config", &self.config).finish_non_exhaustive()
    }
}

/// Everything that guests can import.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    crate::capability::wasi::add_to_linker(&mut linker)?;
    Full::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut State| state)?;
    Ok(linker)
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

/// A component that is being loaded. When nobody waits for that any more, it goes.
struct Unfinished(Option<Component>);

impl Unfinished {
    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(component) = &self.0 {
            component.stop();
        }
    }
}

/// What a component is made from.
enum Code {
    /// The bytes of its file, and what they take of the host's memory; nothing if they are the embedder's.
    File(Arc<Vec<u8>>, Option<Room>),
    /// The code of one that is loaded.
    Compiled(Component),
}

/// What a component brings along besides its code.
struct Brought {
    /// Component.toml.
    text: Arc<str>,
    /// What it says.
    manifest: Manifest,
    /// What leads from a bundle back to its sources.
    source_map: Option<Arc<SourceMap>>,
    /// The package and version of the contract that it was built for, if this host's is older.
    newer: Option<String>,
}

impl Code {
    /// Reads what the component brings along, with another Component.toml if the embedder has one.
    async fn read(&self, other: Option<Arc<str>>) -> Result<Brought, LoadError> {
        let parse = |text: &str| Manifest::parse(text, "Component.toml").map_err(LoadError::Manifest);
        match self {
            Self::File(bytes, _) => {
                let bytes = Arc::clone(bytes);
                blocking(move |wanted| {
                    let survey = Survey::of(&bytes, wanted)?;
                    survey.check_interfaces()?;
                    let text = match other {
                        Some(text) => text,
                        None => survey.manifest()?.ok_or(LoadError::NoManifest)?.into(),
                    };
                    let manifest = parse(&text)?;
                    let source_map = survey.source_map.and_then(SourceMap::new).map(Arc::new);
                    Ok(Brought { text, manifest, source_map, newer: survey.imports.newer().map(str::to_owned) })
                })
                .await
            }
            Self::Compiled(component) => {
                let template = component.template();
                let text = other.unwrap_or_else(|| Arc::clone(&template.manifest));
                let source_map = template.core.source_map.clone();
                blocking(move |_| Ok(Brought { manifest: parse(&text)?, text, source_map, newer: None })).await
            }
        }
    }
}

/// Why a component was not taken after it was made.
enum Refused {
    Load(Box<LoadError>),
    Call(Box<Error>),
}

/// The limits of Component.toml with those that the embedder replaces.
fn overlay(declared: &Limits, over: &Limits) -> Limits {
    Limits {
        max_memory_bytes: over.max_memory_bytes.or(declared.max_memory_bytes),
        max_cpu_time_ms: over.max_cpu_time_ms.or(declared.max_cpu_time_ms),
        max_execution_time_ms: over.max_execution_time_ms.or(declared.max_execution_time_ms),
        max_open_files: over.max_open_files.or(declared.max_open_files),
        max_mailbox_messages: over.max_mailbox_messages.or(declared.max_mailbox_messages),
    }
}
