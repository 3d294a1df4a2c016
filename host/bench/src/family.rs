//! What can be measured by itself.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// A family of measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// A call through the secured API beside all other ways to have bytes given back.
    Calls,
    /// Loads and instances, in each language.
    Starting,
    /// Memory of an instance, and what many calls leave behind, in each language.
    Memory,
    /// Calls of several callers at once, by replicas and cores.
    Replicas,
    /// Calls while many components are loaded.
    Loaded,
    /// Operations of a guest beside the same in native Rust.
    Operations,
    /// Decisions of the policy.
    Permission,
}

impl Family {
    /// All of them, as they are reported.
    pub const ALL: &[Self] =
        &[Self::Calls, Self::Starting, Self::Memory, Self::Replicas, Self::Loaded, Self::Operations, Self::Permission];

    /// Its name on the command line and in names of files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Starting => "starting",
            Self::Memory => "memory",
            Self::Replicas => "replicas",
            Self::Loaded => "loaded",
            Self::Operations => "operations",
            Self::Permission => "permission",
        }
    }

    /// The heading above its tables.
    pub fn title(self) -> &'static str {
        match self {
            Self::Calls => "A call, bytes in and out",
            Self::Starting => "A further instance from compiled code, until its first answer",
            Self::Memory => "Memory",
            Self::Replicas => "Calls of eight callers at once",
            Self::Loaded => "A call while other components are loaded, each called in turn",
            Self::Operations => "Operations of a guest, and the same in native Rust",
            Self::Permission => "A decision of the policy",
        }
    }
}
