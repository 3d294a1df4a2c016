//! The keys of Component.toml.

use super::problems::Sections;

pub(super) const ROOT: &[&str] = &["component", "build", "imports", "permissions", "limits", "config"];
pub(super) const COMPONENT: &[&str] = &["name", "version", "description", "authors", "license", "operations"];
pub(super) const BUILD: &[&str] = &["language", "source", "world", "engine", "bindings", "sdk", "wasi"];
/// Those of `[permissions]` that are not packages.
pub(super) const PERMISSIONS: &[&str] = &["filesystem", "network", "process", "storage", "messaging"];
pub(super) const LIMITS: &[&str] =
    &["max-memory-bytes", "max-cpu-time-ms", "max-execution-time-ms", "max-open-files", "max-mailbox-messages"];
pub(super) const CONFIG: &[&str] = &["environment", "data"];

/// Every section with its keys.
pub(super) const SECTIONS: Sections =
    &[("component", COMPONENT), ("build", BUILD), ("permissions", PERMISSIONS), ("limits", LIMITS), ("config", CONFIG)];
