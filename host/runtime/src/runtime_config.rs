//! What an embedder decides: for the whole host, and for one component.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use airssys_wasm_policy::{AuditSink, Permissions};

pub use crate::capability::descriptors::{DEFAULT_MAX_DESCRIPTORS, RESERVED_DESCRIPTORS};
pub use crate::capability::filesystem::{FilesystemLimits, Mount};
pub use crate::capability::host_memory::DEFAULT_MAX_HOST_MEMORY_BYTES;
use crate::capability::host_services::record::LogSink;
use crate::capability::network::NetworkConfig;
pub use crate::capability::process::ProcessConfig;

/// Linear memory of a component that asks for nothing else: 128 MiB. One of the JavaScript engines levels off at 91 MiB.
pub const DEFAULT_MEMORY_BYTES: u64 = 128 << 20;
/// Linear memory that a component may ask for, unless the embedder says otherwise: 1 GiB.
pub const DEFAULT_MEMORY_CEILING_BYTES: u64 = 1 << 30;
/// Linear memory that can be allowed at all: 4 GiB, for the addresses of a component have 32 bits.
pub const MAX_MEMORY_BYTES: u64 = 4 << 30;
/// Wall-clock time of one call of a component that asks for nothing else.
pub const DEFAULT_EXECUTION_TIME: Duration = Duration::from_secs(30);
/// Wall-clock time of one call that a component may ask for, unless the embedder says otherwise.
pub const DEFAULT_EXECUTION_TIME_CEILING: Duration = Duration::from_secs(3600);
/// Files and cursors that a component may hold open when it asks for nothing else.
pub const DEFAULT_OPEN_FILES: u32 = 256;
/// Files and cursors that a component may ask for, unless the embedder says otherwise.
pub const DEFAULT_OPEN_FILES_CEILING: u32 = 1024;
/// Messages that may wait for a component that asks for nothing else.
pub const DEFAULT_MAILBOX_MESSAGES: u32 = 1024;
/// Messages that may wait, unless the embedder says otherwise.
pub const DEFAULT_MAILBOX_MESSAGES_CEILING: u32 = 65_536;
/// Time to shut down, unless the embedder says otherwise.
pub const DEFAULT_SHUTDOWN_GRACE: Duration = Duration::from_secs(5);
/// Components of one runtime that may be instantiated at a time. A slot costs address space, not memory.
pub const DEFAULT_MAX_INSTANCES: u32 = 256;
/// Instances at a time, all components together, at most: each reserves 12 GiB of address space, all of it in one piece, and
/// there are 128 TiB.
pub const MAX_INSTANCES: u32 = 6_000;

/// How a [`Runtime`](crate::Runtime) behaves. The default grants nothing.
///
/// ```
/// use std::time::Duration;
///
/// use airssys_wasm::{CacheFolder, Runtime, RuntimeConfig};
///
/// let mut config = RuntimeConfig::default();
/// config.max_instances = 16;
/// config.default_limits.execution_time = Duration::from_secs(5);
/// config.cache = CacheFolder::Disabled;
/// let runtime = Runtime::new(config)?;
/// # Ok::<(), airssys_wasm::Error>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct RuntimeConfig {
    /// What components may do at most, where [`Start::grant`](crate::Start::grant) says nothing. Nothing by default.
    pub granted: Permissions,
    /// Folders that components see, where [`Start::mount`](crate::Start::mount) says nothing. None by default.
    pub mounts: Vec<Mount>,
    /// Limits of a component whose Component.toml does not set them.
    pub default_limits: ResolvedLimits,
    /// Limits that no component can exceed: asking for more is an error when it is loaded.
    pub limit_ceilings: ResolvedLimits,
    /// What a component's filesystem can use at most, besides the open files of its own limits.
    pub filesystem_limits: FilesystemLimits,
    /// How components reach the network: whose certificates are trusted, who resolves names, and what one component can
    /// use at most.
    pub network: NetworkConfig,
    /// How components start programs of the host, which takes a permission for each program.
    pub processes: ProcessConfig,
    /// Instances at a time, all components together: [`DEFAULT_MAX_INSTANCES`], and [`MAX_INSTANCES`] if more are asked for.
    pub max_instances: u32,
    /// Files, cursors, sockets and name lookups at a time, all components together, counted in descriptors of the process:
    /// [`DEFAULT_MAX_DESCRIPTORS`], and no more than the process may have less [`RESERVED_DESCRIPTORS`]. What finds none
    /// left fails as if the component had too many itself.
    pub max_descriptors: u32,
    /// Memory that the host uses for all components together besides their linear memory, in bytes: for component files
    /// that wait to be compiled, messages and replies that wait, and data on its way between a component and a file, a peer
    /// or a program. [`DEFAULT_MAX_HOST_MEMORY_BYTES`], and no less than the largest component has. Where none is left,
    /// loading a component and using a file wait; a message finds the mailbox full, and a socket or program fails with `io`.
    /// What the embedder itself gives to a call and gets from it is not counted, nor is code.
    pub max_host_memory_bytes: u64,
    /// Whether [`Runtime::new`](crate::Runtime::new) raises the process's soft limit on open files (`RLIMIT_NOFILE`) to its
    /// hard one. Yes by default: the usual soft limit, 1,024, is for programs that call `select`, and four components may
    /// reach it.
    pub raise_descriptor_limit: bool,
    /// How long a component has to shut down, what waits before it included. Then it is dropped as it is.
    pub shutdown_grace: Duration,
    /// Where compiled components are kept.
    pub cache: CacheFolder,
    /// Folders that no component may be able to write to, besides the one of compiled components: those from which the
    /// host runs code. A mount that is not read-only and lies in one, or in which one lies, is refused. By default the
    /// user's folder for caches of this project, which has the toolchains too.
    pub protected_folders: Vec<PathBuf>,
    /// Where decisions of the policy go. By default to `tracing`, target `airssys_wasm::audit`.
    pub audit: Arc<dyn AuditSink>,
    /// Where the log of the guests goes, besides `tracing`, target `airssys_wasm::guest`.
    pub log: Option<Arc<dyn LogSink>>,
}

impl Default for RuntimeConfig {
    fn default() -> Self {
        Self {
            granted: Permissions::none(),
            mounts: Vec::new(),
            default_limits: ResolvedLimits::default(),
            limit_ceilings: ResolvedLimits {
                memory_bytes: DEFAULT_MEMORY_CEILING_BYTES,
                cpu_time: None,
                execution_time: DEFAULT_EXECUTION_TIME_CEILING,
                open_files: DEFAULT_OPEN_FILES_CEILING,
                mailbox_messages: DEFAULT_MAILBOX_MESSAGES_CEILING,
            },
            filesystem_limits: FilesystemLimits::default(),
            network: NetworkConfig::default(),
            processes: ProcessConfig::default(),
            max_instances: DEFAULT_MAX_INSTANCES,
            max_descriptors: DEFAULT_MAX_DESCRIPTORS,
            max_host_memory_bytes: DEFAULT_MAX_HOST_MEMORY_BYTES,
            raise_descriptor_limit: true,
            shutdown_grace: DEFAULT_SHUTDOWN_GRACE,
            cache: CacheFolder::Default,
            protected_folders: crate::folders::project_folder().into_iter().collect(),
            audit: Arc::new(crate::capability::audit::TracingAudit),
            log: None,
        }
    }
}

impl fmt::Debug for RuntimeConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuntimeConfig")
            .field("max_instances", &self.max_instances)
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

/// Where compiled components are kept between runs.
///
/// ```
/// # let folder = tempfile::tempdir().expect("a folder");
/// use airssys_wasm::{CacheFolder, Runtime};
///
/// let runtime = Runtime::builder().cache(CacheFolder::At(folder.path().join("compiled"))).build()?;
/// # Ok::<(), airssys_wasm::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheFolder {
    /// `compiled` in the folder that `AIRSSYS_WASM_CACHE` names, which toolchains use too; else `airssys-wasm/compiled` in
    /// the user's cache folder: `$XDG_CACHE_HOME`, else `~/.cache`. Where it cannot be used, that is logged as a warning,
    /// and components are compiled in every process.
    #[default]
    Default,
    /// This folder. It is made private to the user; one that others can write to is refused.
    At(PathBuf),
    /// Nowhere: compile in every process.
    Disabled,
}

/// The limits in force, every one of them known. The default is what a component has that asks for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResolvedLimits {
    /// Linear memory of one instance, in bytes.
    pub memory_bytes: u64,
    /// CPU time of one call. `None`: only the wall clock counts.
    pub cpu_time: Option<Duration>,
    /// Wall-clock time of one call.
    pub execution_time: Duration,
    /// Open files and directory cursors.
    pub open_files: u32,
    /// Messages and requests waiting.
    pub mailbox_messages: u32,
}

impl Default for ResolvedLimits {
    fn default() -> Self {
        Self {
            memory_bytes: DEFAULT_MEMORY_BYTES,
            cpu_time: None,
            execution_time: DEFAULT_EXECUTION_TIME,
            open_files: DEFAULT_OPEN_FILES,
            mailbox_messages: DEFAULT_MAILBOX_MESSAGES,
        }
    }
}
