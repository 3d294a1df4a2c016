//! Who calls a component.

use airssys_wasm_policy::ComponentId;

/// Who asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Another component.
    Component(ComponentId),
    /// Somebody outside, by a name that means something to the embedder.
    External(String),
    /// The host itself.
    Host,
}
