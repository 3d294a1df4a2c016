//! What all components of a runtime share: the engine, and everything that is counted together.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use airssys_wasm_policy::{Limits, Manifest};
use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker};

use crate::background::blocking;
use crate::bindings::{Full, FullPre};
use crate::cache::Cache;
use crate::capability::descriptors::Descriptors;
use crate::capability::host_memory::{HostMemory, Room};
use crate::capability::network::NetworkServices;
use crate::capability::process::ProcessServices;
use crate::compiled::{Code, CompiledComponent};
use crate::engine::{self, Ticker};
use crate::error::{HostFault, Result};
use crate::host_interfaces::HostInterfaces;
use crate::host_state::HostState;
use crate::load::{self, Survey};
use crate::load_error::{LoadError, cut};
use crate::milliseconds::milliseconds;
use crate::protected::Protected;
use crate::runtime_config::{ResolvedLimits, RuntimeConfig};
use crate::source_map::SourceMap;

/// See the module.
pub(crate) struct Services {
    pub(crate) engine: Engine,
    pub(crate) ticker: Ticker,
    linker: Arc<Linker<HostState>>,
    cache: Cache,
    pub(crate) interfaces: HostInterfaces,
    pub(crate) protected: Arc<Protected>,
    pub(crate) network: Arc<NetworkServices>,
    pub(crate) processes: Arc<ProcessServices>,
    pub(crate) descriptors: Descriptors,
    pub(crate) memory: HostMemory,
    pub(crate) config: RuntimeConfig,
}

/// The bytes of a component, and what they take of the host's memory; nothing if they are the embedder's.
pub(crate) struct Bytes(pub(crate) Arc<Vec<u8>>, pub(crate) Option<Room>);

/// What a component brings along besides its code.
struct Brought {
    text: Arc<str>,
    manifest: Manifest,
    source_map: Option<Arc<SourceMap>>,
    /// The package and version of the contract that it was built for, if this host's is older.
    newer: Option<String>,
}

impl Services {
    pub(crate) fn new(config: RuntimeConfig, interfaces: HostInterfaces) -> Result<Self> {
        let (engine, ticker) = engine::build(&config)?;
        let mut linker = linker(&engine).map_err(|error| HostFault::new("link the host's interfaces", error))?;
        interfaces.link(&mut linker).map_err(|error| HostFault::new("link the embedder's interfaces", error))?;
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
            interfaces,
            protected,
            network: Arc::new(network),
            processes,
            descriptors,
            memory,
            config,
        })
    }

    /// Reads a component file, once there is room for it.
    pub(crate) async fn read(&self, path: PathBuf) -> Result<Bytes, LoadError> {
        let (file, size) = blocking(move |_| load::open(&path)).await?;
        let room = self.memory.room(size).await;
        let bytes = blocking(move |_| load::read(file)).await?;
        Ok(Bytes(Arc::new(bytes), Some(room)))
    }

    /// Compiles a component, or takes it from the cache, and checks everything that shows without running it. `text` is a
    /// Component.toml in the place of the one that it carries.
    pub(crate) async fn compile(
        self: &Arc<Self>,
        subject: String,
        bytes: Bytes,
        text: Option<Arc<str>>,
    ) -> Result<CompiledComponent, LoadError> {
        let Bytes(bytes, _room) = bytes;
        let Brought { text, manifest, source_map, newer } = self.inspect(&bytes, text).await?;
        let compiled = self.cache.get(bytes).await?;
        let (linker, component) = (Arc::clone(&self.linker), compiled.component.clone());
        let linked = blocking(move |_| {
            let pre = linker.instantiate_pre(&component).map_err(cut).map_err(|source| match newer {
                Some(asked) => LoadError::NewerContract { asked, source },
                None => LoadError::IncompatibleImport(source),
            })?;
            let indices = FullPre::new(pre.clone()).and_then(|_| crate::bindings::FullIndices::new(&pre));
            Ok::<_, LoadError>((pre, indices.map_err(|error| LoadError::WrongWorld(cut(error)))?))
        });
        let (pre, indices) = linked.await?;
        let code = Code { compiled, pre, indices, text, manifest, source_map, subject };
        Ok(CompiledComponent::new(code))
    }

    /// Reads what the component brings along, with another Component.toml if the embedder has one.
    async fn inspect(&self, bytes: &Arc<Vec<u8>>, other: Option<Arc<str>>) -> Result<Brought, LoadError> {
        let (bytes, interfaces) = (Arc::clone(bytes), self.interfaces.clone());
        blocking(move |wanted| {
            let survey = Survey::of(&bytes, wanted, |import| interfaces.has(import))?;
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

    /// The limits that are in force for a component that asks for some.
    pub(crate) fn resolve(&self, asked: &Limits) -> Result<ResolvedLimits, LoadError> {
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
        // In the milliseconds of the contract, of which clocks can show the most.
        let time = |limit, asked: Option<Duration>, default: Duration, allowed: Duration| {
            check(limit, asked.map(milliseconds), milliseconds(default), milliseconds(allowed))
                .map(Duration::from_millis)
        };
        let cpu_ceiling = ceiling.cpu_time.unwrap_or(Duration::MAX);
        Ok(ResolvedLimits {
            memory_bytes: check(
                "max-memory-bytes",
                asked.max_memory_bytes,
                default.memory_bytes,
                ceiling.memory_bytes,
            )?,
            cpu_time: match asked.max_cpu_time.or(default.cpu_time).or(ceiling.cpu_time) {
                Some(usual) => Some(time("max-cpu-time-ms", asked.max_cpu_time, usual, cpu_ceiling)?),
                None => None,
            },
            execution_time: time(
                "max-execution-time-ms",
                asked.max_execution_time,
                default.execution_time,
                ceiling.execution_time,
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
}

/// Reads a Component.toml.
pub(crate) fn parse(text: &str) -> Result<Manifest, LoadError> {
    Manifest::parse(text, "Component.toml").map_err(LoadError::Manifest)
}

/// Everything of the contract and of WASI that guests can import.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<HostState>> {
    let mut linker = Linker::new(engine);
    crate::capability::wasi::add_to_linker(&mut linker)?;
    Full::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut HostState| state)?;
    Ok(linker)
}
