//! A component that is compiled, and not started.

use std::fmt;
use std::sync::Arc;

use airssys_wasm_policy::{ComponentId, Manifest};
use wasmtime::Engine;
use wasmtime::component::InstancePre;
use wasmtime::component::types::{ComponentFunc, ComponentItem};

use crate::bindings::FullIndices;
use crate::cache::Compiled;
use crate::host_state::HostState;
use crate::source_map::SourceMap;

/// The code of a component, ready to be [started](crate::Runtime::start) any number of times, with its Component.toml.
/// Clones are cheap and mean the same code.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
/// let compiled = runtime.compile(support::guest()).await?;
/// assert_eq!(compiled.id().to_string(), "test/guest@1.0.0");
/// assert!(compiled.exports().iter().any(|name| name.starts_with("airssys:core/component-lifecycle@")));
/// let component = runtime.start(&compiled).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CompiledComponent(Arc<Code>);

/// What it is made of.
pub(crate) struct Code {
    pub(crate) compiled: Compiled,
    pub(crate) pre: InstancePre<HostState>,
    pub(crate) indices: FullIndices,
    /// The text of its Component.toml.
    pub(crate) text: Arc<str>,
    /// The same, read.
    pub(crate) manifest: Manifest,
    pub(crate) source_map: Option<Arc<SourceMap>>,
    /// What errors call it.
    pub(crate) subject: String,
}

impl CompiledComponent {
    pub(crate) fn new(code: Code) -> Self {
        Self(Arc::new(code))
    }

    pub(crate) fn code(&self) -> &Arc<Code> {
        &self.0
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.0.pre.engine()
    }

    /// Name and version in its Component.toml.
    pub fn id(&self) -> ComponentId {
        self.0.manifest.id()
    }

    /// Its Component.toml.
    pub fn manifest(&self) -> &Manifest {
        &self.0.manifest
    }

    /// The BLAKE3 hash of its file.
    pub fn content(&self) -> [u8; 32] {
        *self.0.compiled.content.as_bytes()
    }

    /// The parameters and results of an exported function.
    pub fn export_type(&self, interface: &str, function: &str) -> Option<ComponentFunc> {
        let engine = self.engine();
        let component = self.0.compiled.component.component_type();
        let ComponentItem::ComponentInstance(instance) = component.get_export(engine, interface)?.ty else {
            return None;
        };
        let ComponentItem::ComponentFunc(function) = instance.get_export(engine, function)?.ty else {
            return None;
        };
        Some(function)
    }

    /// The names of everything it imports.
    pub fn imports(&self) -> Vec<String> {
        let component = self.0.compiled.component.component_type();
        component.imports(self.engine()).map(|(name, _)| name.to_owned()).collect()
    }

    /// The names of everything it exports.
    pub fn exports(&self) -> Vec<String> {
        let component = self.0.compiled.component.component_type();
        component.exports(self.engine()).map(|(name, _)| name.to_owned()).collect()
    }
}

impl fmt::Debug for CompiledComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompiledComponent").field("from", &self.0.subject).finish_non_exhaustive()
    }
}
