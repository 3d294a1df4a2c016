//! Permissions, decisions, audit records and Component.toml for airssys-wasm.
//!
//! This crate is pure: no I/O, no clock, no engine. It answers one question, "may this component do that?", and it
//! answers it in one place, [`Gate::authorize`]. The default is no; a yes is a [`Permit`], a value that the code doing
//! the work asks for and that nothing else can make. Every answer goes to an [`AuditSink`].
//!
//! What a component may do is what its own Component.toml declares **and** what the host grants, both as
//! [`Permissions`]:
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use airssys_wasm_policy::{
//!     Access, AuditRecord, AuditSink, FilesystemAction, Gate, Layer, Manifest, Operation, Permissions,
//! };
//!
//! #[derive(Default)]
//! struct Kept(Mutex<Vec<AuditRecord>>);
//! impl AuditSink for Kept {
//!     fn record(&self, record: AuditRecord) {
//!         self.0.lock().unwrap().push(record);
//!     }
//! }
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let manifest = Manifest::parse(
//!         r#"
//!         [component]
//!         name = "acme/hello"
//!         version = "0.1.0"
//!
//!         [permissions]
//!         filesystem = [{ action = "read", path = "/data/**" }]
//!         "#,
//!         "Component.toml",
//!     )?;
//!     let granted = Permissions::parse(
//!         r#"filesystem = [{ action = "read", path = "/data/public/**" }]"#,
//!         "grants.toml",
//!     )?;
//!     let audit = Arc::new(Kept::default());
//!     let gate = Gate::new(manifest.id(), manifest.permissions, granted, audit.clone());
//!
//!     let open = Operation("ext-filesystem/files.open");
//!     let read = |path: &str| Access::Filesystem { action: FilesystemAction::Read, path: path.to_owned() };
//!
//!     let permit = gate.authorize(open, read("/data/public/a.txt"))?;
//!     assert_eq!(permit.operation(), open);
//!
//!     let denial = gate.authorize(open, read("/data/secret.txt")).unwrap_err();
//!     assert_eq!(denial.layer, Layer::Host);
//!     assert_eq!(denial.missing, r#"filesystem = [{ action = "read", path = "/data/secret.txt" }]"#);
//!     assert_eq!(audit.0.lock().unwrap().len(), 2);
//!     Ok(())
//! }
//! ```

mod access;
mod actions;
mod audit;
mod component_id;
mod decision;
mod denial;
mod interface;
mod invalid;
mod keyword;
mod manifest;
mod mount;
mod pattern;
mod permissions;
mod printable;
mod question;
mod quoted;
mod surroundings;
mod units;

/// Reads TOML files that people write, so that all that is wrong with one is said at once, each with its place, and with
/// what was probably meant. Component.toml is read in this way, and so are the files of operators.
///
/// ```
/// use airssys_wasm_policy::document;
///
/// let text = "name = \"x\"\nprot = 80\n";
/// let port = document::read(text, "server.toml", &["name", "port"], &[], |root, problems| {
///     root.require(problems, "port", "port = 80").and_then(|node| node.amount::<u16>(problems))
/// });
/// let errors = port.unwrap_err().0;
/// assert_eq!(errors[1].to_string(), "server.toml:2:1: prot: unknown key (help: did you mean `port`?)");
/// ```
pub mod document {
    pub use crate::manifest::{Node, Problems, Section, Sections, document as read};
}

pub use access::Access;
pub use actions::{FilesystemAction, NetworkAction, ProcessAction};
pub use audit::{AuditRecord, AuditSink, Decision};
pub use component_id::{ComponentId, ComponentName};
pub use decision::{Gate, Permit};
pub use denial::{Denial, Layer, Operation};
pub use interface::{
    ActionDescription, FieldDescription, FieldKind, FieldPattern, InterfaceDescription, InterfaceField, InterfaceName,
    InterfacePermission, InterfaceProblem, PackageName,
};
pub use invalid::InvalidValue;
pub use manifest::{
    BuildSection, ComponentSection, ConfigSection, Engine, Import, Language, Limits, Manifest, ManifestError,
    ManifestErrors, suggest,
};
pub use mount::MountProblem;
pub use pattern::{
    AddressBlock, Host, HostPattern, NamePattern, PathPattern, PortRange, TargetPattern, is_non_public_address,
};
pub use permissions::{
    FilesystemPermission, MessagingPermission, NetworkPermission, Permissions, ProcessPermission, StoragePermission,
};
pub use printable::{printable, printable_line};
pub use surroundings::Surroundings;
pub use units::amount;
