//! What an embedder decides for one component.

use std::fmt;
use std::sync::Arc;

use airssys_wasm_policy::{AuditSink, ComponentId, ComponentName, Limits, Permissions};

use crate::capability::filesystem::Mount;
use crate::capability::host_services::record::LogSink;

/// How one component is started. The default leaves everything to the [`RuntimeConfig`](crate::RuntimeConfig) and the component's own
/// Component.toml.
#[derive(Clone)]
#[non_exhaustive]
pub struct LoadOptions {
    /// What the component may do at most, instead of [`RuntimeConfig::granted`](crate::RuntimeConfig).
    pub granted: Option<Permissions>,
    /// Grant what the component declares, and `granted` is nothing.
    pub grant_declared: bool,
    /// What the component declares, instead of the `[permissions]` of its Component.toml.
    pub declared: Option<Permissions>,
    /// The folders it sees, instead of [`RuntimeConfig::mounts`](crate::RuntimeConfig).
    pub mounts: Option<Vec<Mount>>,
    /// The environment given to `init`, instead of the one in Component.toml.
    pub environment: Option<Vec<(String, String)>>,
    /// The data given to `init`, instead of the one in Component.toml.
    pub data: Option<Vec<u8>>,
    /// Limits that replace single ones of Component.toml.
    pub limits: Limits,
    /// What the component must be called in its Component.toml. Names are chosen by whoever writes one: without this, a
    /// file can have any name that is free, and gets what is sent to that name.
    pub expected_name: Option<ComponentName>,
    /// The id it runs under, instead of its own: several instances of one file need several ids.
    pub id: Option<ComponentId>,
    /// A Component.toml for a component that carries none, or instead of the one it carries.
    pub manifest: Option<String>,
    /// Instances behind its one mailbox. One, if nothing is said: a component that keeps its state in memory must not be
    /// multiplied behind its author's back.
    pub replicas: usize,
    /// Call `init` while starting. When `false`, [`Component::initialize`](crate::Component::initialize) does it.
    pub start: bool,
    /// Where decisions about this component go, instead of [`RuntimeConfig::audit`](crate::RuntimeConfig).
    pub audit: Option<Arc<dyn AuditSink>>,
    /// Where its log goes, instead of [`RuntimeConfig::log`](crate::RuntimeConfig).
    pub log: Option<Arc<dyn LogSink>>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            granted: None,
            grant_declared: false,
            declared: None,
            mounts: None,
            environment: None,
            data: None,
            limits: Limits::default(),
            expected_name: None,
            id: None,
            manifest: None,
            replicas: 1,
            start: true,
            audit: None,
            log: None,
        }
    }
}

impl fmt::Debug for LoadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadOptions").field("id", &self.id).field("start", &self.start).finish_non_exhaustive()
    }
}
