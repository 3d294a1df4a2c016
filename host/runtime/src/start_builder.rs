//! Starting a component, setting by setting.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use airssys_wasm_policy::{AuditSink, ComponentId, ComponentName, Limits, Permissions};

use crate::capability::filesystem::Mount;
use crate::capability::host_services::record::LogSink;
use crate::component::Component;
use crate::error::Result;
use crate::runtime::Runtime;
use crate::source::Source;
use crate::start_settings::{Granted, StartSettings};

/// A component that is about to be started: [`Runtime::start`](crate::Runtime::start). Awaiting it starts it. Settings that
/// are not made are those of the runtime, and those of the component's own Component.toml.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut config = airssys_wasm::RuntimeConfig::default();
/// # config.cache = airssys_wasm::CacheFolder::Disabled;
/// let runtime = airssys_wasm::Runtime::new(config)?;
/// let compiled = runtime.compile(support::guest()).await?;
/// let first = runtime.start(&compiled).await?;
/// let second = runtime.start(&compiled).id("acme/second@1.0.0".parse()?).replicas(2).grant_declared().await?;
/// assert_eq!(first.call("echo", "a").await?, second.call("echo", "a").await?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "it starts when it is awaited"]
pub struct Start {
    runtime: Runtime,
    source: Source,
    settings: StartSettings,
}

impl Runtime {
    /// Prepares to start a component: from a file, from bytes, or from code that was [compiled](Runtime::compile). When it is
    /// awaited, it is compiled or taken from the cache, what it imports and exports is checked, it is instantiated, its
    /// metadata is compared with its Component.toml, and `init` is called.
    ///
    /// It must be awaited within a Tokio runtime; [`blocking`](crate::blocking) is for those who have none.
    ///
    /// # Errors
    ///
    /// Awaiting it gives [`Error::Load`](crate::Error::Load) when it cannot be started, and what its `init` answers.
    pub fn start(&self, source: impl Into<Source>) -> Start {
        Start { runtime: self.clone(), source: source.into(), settings: StartSettings::default() }
    }
}

impl Start {
    /// The id that it runs under, instead of its own: starting one code several times takes several ids.
    pub fn id(mut self, id: ComponentId) -> Self {
        self.settings.id = Some(id);
        self
    }

    /// How its Component.toml must call it. Names are chosen by whoever writes one: without this, a file can have any name
    /// that is free, and gets everything that is sent to that name.
    pub fn expect_name(mut self, name: ComponentName) -> Self {
        self.settings.expected_name = Some(name);
        self
    }

    /// The most that it may do, instead of [`RuntimeConfig::granted`](crate::RuntimeConfig). Of this and
    /// [`Start::grant_declared`], the last one counts.
    pub fn grant(mut self, permissions: Permissions) -> Self {
        self.settings.granted = Some(Granted::These(permissions));
        self
    }

    /// Everything that its Component.toml declares may be done: for components that the embedder trusts.
    pub fn grant_declared(mut self) -> Self {
        self.settings.granted = Some(Granted::Declared);
        self
    }

    /// The permissions that it declares, instead of those of its Component.toml.
    pub fn declare(mut self, permissions: Permissions) -> Self {
        self.settings.declared = Some(permissions);
        self
    }

    /// A folder that it sees. The first one takes the place of [`RuntimeConfig::mounts`](crate::RuntimeConfig).
    pub fn mount(mut self, mount: Mount) -> Self {
        self.settings.mounts.get_or_insert_default().push(mount);
        self
    }

    /// All folders that it sees, in the place of [`RuntimeConfig::mounts`](crate::RuntimeConfig) and of those named before.
    pub fn replace_mounts(mut self, mounts: impl IntoIterator<Item = Mount>) -> Self {
        self.settings.mounts = Some(mounts.into_iter().collect());
        self
    }

    /// A variable of the environment that `init` gets. The first one takes the place of those in Component.toml.
    pub fn environment(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.environment.get_or_insert_default().push((name.into(), value.into()));
        self
    }

    /// The whole environment that `init` gets, in the place of the one in Component.toml and of variables named before.
    pub fn replace_environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.settings.environment = Some(variables.into_iter().collect());
        self
    }

    /// The data that `init` gets, instead of those in Component.toml.
    pub fn data(mut self, data: impl Into<Vec<u8>>) -> Self {
        self.settings.data = Some(data.into());
        self
    }

    /// Limits that take the place of single ones of Component.toml.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.limits = limits;
        self
    }

    /// Linear memory of one instance, in bytes.
    pub fn max_memory_bytes(mut self, bytes: u64) -> Self {
        self.settings.limits.max_memory_bytes = Some(bytes);
        self
    }

    /// Wall-clock time of one call, in milliseconds rounded up.
    pub fn max_execution_time(mut self, time: Duration) -> Self {
        self.settings.limits.max_execution_time = Some(time);
        self
    }

    /// CPU time of one call, in milliseconds rounded up.
    pub fn max_cpu_time(mut self, time: Duration) -> Self {
        self.settings.limits.max_cpu_time = Some(time);
        self
    }

    /// Files and directory cursors that it may hold open.
    pub fn max_open_files(mut self, count: u32) -> Self {
        self.settings.limits.max_open_files = Some(count);
        self
    }

    /// Messages and requests that may wait for it.
    pub fn max_mailbox_messages(mut self, count: u32) -> Self {
        self.settings.limits.max_mailbox_messages = Some(count);
        self
    }

    /// Instances behind its one mailbox: calls go to one that is free, and messages of one sender are handled one after the
    /// other, whichever instance has them. One, if nothing is said: a component that keeps its state in memory must not be
    /// multiplied behind its author's back. No replicas are one, too. At most [`MAX_REPLICAS`](crate::limits::MAX_REPLICAS).
    pub fn replicas(mut self, count: usize) -> Self {
        self.settings.replicas = count;
        self
    }

    /// A Component.toml for a component that carries none, or instead of the one that it carries.
    pub fn manifest(mut self, text: impl Into<String>) -> Self {
        self.settings.manifest = Some(text.into());
        self
    }

    /// Leaves `init` to [`Component::initialize`].
    pub fn uninitialized(mut self) -> Self {
        self.settings.initialize = false;
        self
    }

    /// Where decisions about it go, instead of [`RuntimeConfig::audit`](crate::RuntimeConfig).
    pub fn audit(mut self, sink: Arc<dyn AuditSink>) -> Self {
        self.settings.audit = Some(sink);
        self
    }

    /// Where its log goes, instead of [`RuntimeConfig::log`](crate::RuntimeConfig).
    pub fn log(mut self, sink: Arc<dyn LogSink>) -> Self {
        self.settings.log = Some(sink);
        self
    }
}

impl IntoFuture for Start {
    type Output = Result<Component>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<Component>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.runtime.start_with(self.source, self.settings).await })
    }
}
