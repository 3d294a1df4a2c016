//! Whose instances they are.

use std::sync::Arc;

use airssys_wasm_policy::{ComponentId, Language};

use crate::engine::Ticker;
use crate::runtime_config::ResolvedLimits;
use crate::source_map::SourceMap;

/// A component, as far as its instances and their errors need it.
pub(crate) struct Subject {
    pub(crate) id: Arc<ComponentId>,
    /// The hash of its file.
    pub(crate) content: [u8; 32],
    /// The language that its Component.toml names.
    pub(crate) language: Option<Language>,
    /// Where the lines of its stacks come from, if it is a bundle.
    pub(crate) source_map: Option<Arc<SourceMap>>,
    pub(crate) limits: ResolvedLimits,
    pub(crate) ticker: Ticker,
}
