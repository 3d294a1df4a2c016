//! Who sends, and what must stay in order.

use std::sync::Arc;

use airssys_wasm_policy::ComponentId;

/// Who takes turns with the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Sender {
    /// The embedder, whose calls and messages come in the order in which it gives them.
    Embedder,
    /// Somebody outside, for whom the embedder calls.
    External(Arc<str>),
    /// Another component.
    Component(Arc<ComponentId>),
}

/// Messages in the name of one component, of which the next one waits until the one before has been handled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Lane(pub(crate) Arc<ComponentId>);
