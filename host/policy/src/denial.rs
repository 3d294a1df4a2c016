//! Who asked, and what a refusal says.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::{ComponentId, MountProblem};

/// The operation of the contract that asks: package, interface, resource if any, and function, as in
/// `ext-filesystem/files.open` or `ext-filesystem/directories.directory-cursor.next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Operation(pub &'static str);

impl Operation {
    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// Who did not allow it.
// Exhaustive: whoever tells people what to do about a refusal has to think of each layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The component does not declare it in its Component.toml.
    Manifest,
    /// The component declares it, but the host does not grant it.
    Host,
    /// The component declares it and the host grants it, but the host's mounts do not show it, or only for reading.
    Mount,
}

/// A no, with what would have made it a yes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation} on {resource:?} is not permitted to {component}\n{}", self.hint())]
#[non_exhaustive]
pub struct Denial {
    /// Who asked.
    pub component: Arc<ComponentId>,
    /// What was called.
    pub operation: Operation,
    /// On what: a guest path, a host and port, a program, a component, or the fields of an embedder's interface.
    pub resource: String,
    /// The line of `[permissions]` that would have allowed it, no more than it. Empty if no permission can: the path was
    /// not a resolved one, the host neither a name nor an address, the target no component's name, or a value of an
    /// embedder's interface empty or too long.
    pub missing: String,
    /// Who did not allow it.
    pub layer: Layer,
    /// What the host's mounts lack, whoever else did not allow it either.
    pub mount: Option<Box<MountProblem>>,
}

impl Denial {
    /// What to write where, for a person to read.
    pub fn hint(&self) -> String {
        if self.missing.is_empty() {
            return "help: no permission can allow this".to_owned();
        }
        let mount = self.mount.as_ref().map(|mount| format!("{mount}; its operator can change that"));
        let how = match self.layer {
            Layer::Manifest => "the component does not declare it; its author can, in its Component.toml",
            Layer::Host => "the component declares it, the host does not grant it; its operator can",
            Layer::Mount => return format!("help: {}", mount.unwrap_or_default()),
        };
        let besides = mount.map(|mount| format!("\n\nbesides, {mount}")).unwrap_or_default();
        format!("help: {how}:\n\n    [permissions]\n    {}{besides}", self.missing)
    }
}
