//! A running instance.

use wasmtime::Store;
use wasmtime::component::{self, ResourceAny};

use super::watermark::Watermark;
use crate::bindings::Full;
use crate::host_state::HostState;

/// A running instance. After a trap or an interruption it is dropped, never called again.
pub(crate) struct Instance {
    pub(crate) store: Store<HostState>,
    pub(crate) bindings: Full,
    pub(crate) raw: component::Instance,
    pub(crate) initialized: bool,
    /// Resources in the embedder's hands.
    pub(crate) lent: Vec<ResourceAny>,
    pub(crate) recycling: Watermark,
}
