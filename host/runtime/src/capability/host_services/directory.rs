//! What components see of each other.

use std::sync::Arc;

use airssys_wasm_policy::{ComponentId, Permit};

use crate::job::Request;
use crate::metadata::ComponentMetadata;

/// The components of a runtime, for those who send to them.
pub(crate) trait Directory: Send + Sync {
    /// The component of this id.
    fn find(&self, id: &ComponentId) -> Option<Arc<dyn Addressee>>;

    /// The ids of all components.
    fn ids(&self) -> Vec<ComponentId>;
}

/// A component that others send to.
pub(crate) trait Addressee: Send + Sync {
    /// Puts something into its mailbox, or says at once that it cannot be done. The permit is the sender's, for this
    /// component.
    fn deliver(&self, permit: Permit, delivery: Delivery) -> Result<(), NotDelivered>;

    /// What it says of itself, once it has been asked.
    fn metadata(&self) -> Option<&ComponentMetadata>;
}

/// What one component sends to another.
pub(crate) enum Delivery {
    Message { sender: Arc<ComponentId>, bytes: Vec<u8> },
    Request(Request),
}

/// Why something was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotDelivered {
    MailboxFull,
    Gone,
}
