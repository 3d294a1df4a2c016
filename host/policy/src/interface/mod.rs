//! Interfaces of the embedder's own: how they are named, and the permissions that a host asks for in them.
//!
//! The contract knows neither their functions nor what they are about. A permission for one names the package, an action
//! and the fields that the embedder has described, each with a pattern.

mod description;
mod field;
mod name;
mod permission;

pub use description::{ActionDescription, FieldDescription, InterfaceDescription, InterfaceProblem};
pub use field::FieldKind;
pub(crate) use field::MAX_FIELDS;
pub use name::{InterfaceName, PackageName};
pub use permission::{FieldPattern, InterfaceField, InterfacePermission};
pub(crate) use permission::{check_action, check_field, too_many_fields};

#[cfg(test)]
mod tests;
