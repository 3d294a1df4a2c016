//! How one component is started.

use std::fmt;
use std::sync::Arc;

use airssys_wasm_policy::{AuditSink, ComponentId, ComponentName, Limits, Permissions};

use crate::capability::filesystem::Mount;
use crate::capability::host_services::record::LogSink;

/// What [`Start`](crate::Start) has been told. Where it was told nothing, the [`RuntimeConfig`](crate::RuntimeConfig) and the
/// component's own Component.toml hold.
#[derive(Clone)]
pub(crate) struct StartSettings {
    pub(crate) granted: Option<Granted>,
    /// What the component declares, instead of the `[permissions]` of its Component.toml.
    pub(crate) declared: Option<Permissions>,
    pub(crate) mounts: Option<Vec<Mount>>,
    pub(crate) environment: Option<Vec<(String, String)>>,
    pub(crate) data: Option<Vec<u8>>,
    /// Limits that replace single ones of Component.toml.
    pub(crate) limits: Limits,
    /// What the component must be called in its Component.toml.
    pub(crate) expected_name: Option<ComponentName>,
    pub(crate) id: Option<ComponentId>,
    /// A Component.toml for a component that carries none, or instead of the one it carries.
    pub(crate) manifest: Option<String>,
    pub(crate) replicas: usize,
    /// Call `init` while starting.
    pub(crate) initialize: bool,
    pub(crate) audit: Option<Arc<dyn AuditSink>>,
    pub(crate) log: Option<Arc<dyn LogSink>>,
}

/// What a component may do at most.
#[derive(Clone)]
pub(crate) enum Granted {
    These(Permissions),
    /// Whatever it declares.
    Declared,
}

impl Default for StartSettings {
    fn default() -> Self {
        Self {
            granted: None,
            declared: None,
            mounts: None,
            environment: None,
            data: None,
            limits: Limits::default(),
            expected_name: None,
            id: None,
            manifest: None,
            replicas: 1,
            initialize: true,
            audit: None,
            log: None,
        }
    }
}

impl fmt::Debug for StartSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, initialize, .. } = self;
        f.debug_struct("StartSettings").field("id", id).field("initialize", initialize).finish_non_exhaustive()
    }
}
