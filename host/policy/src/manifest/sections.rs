//! What Component.toml says, section by section.

use std::time::Duration;

use semver::Version;

use crate::keyword::keywords;
use crate::{ComponentId, ComponentName, InterfaceName, Permissions};

/// A whole Component.toml, checked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Manifest {
    /// What the component is.
    pub component: ComponentSection,
    /// How it is built.
    pub build: BuildSection,
    /// What it imports beside the contract, in the order of the file.
    pub imports: Vec<Import>,
    /// What it asks for.
    pub permissions: Permissions,
    /// How much it may use.
    pub limits: Limits,
    /// What it is started with.
    pub config: ConfigSection,
}

/// `[component]`: what the component is.
// Exhaustive: builds put every field into the component, and a field that they do not know must not get lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentSection {
    /// Who it is, without the version.
    pub name: ComponentName,
    /// Which version this is.
    pub version: Version,
    /// What it does, in a sentence; empty if not said.
    pub description: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Under which license.
    pub license: Option<String>,
    /// The operations it answers.
    pub operations: Vec<String>,
}

/// `[build]`: how the component is built. What is absent has a default that depends on the language.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildSection {
    /// What it is written in.
    pub language: Option<Language>,
    /// Where its source is, relative to Component.toml and inside its folder.
    pub source: Option<String>,
    /// The world of `airssys:worlds` it is built for.
    pub world: Option<String>,
    /// What runs its JavaScript.
    pub engine: Option<Engine>,
    /// The folder for generated bindings, relative to Component.toml and inside its folder; Go and C only.
    pub bindings: Option<String>,
    /// The folder of the SDK, for languages that cannot find it by themselves.
    pub sdk: Option<String>,
    /// Whether its language's standard library has files, sockets and clocks, which it imports from WASI; Rust and C only.
    /// What they may do follows the permissions either way. Without it nothing of WASI is imported, and they fail.
    pub wasi: bool,
}

/// One entry of `[imports]`: an interface that the contract does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Import {
    /// Which interface.
    pub name: InterfaceName,
    /// The folder with its WIT, relative to Component.toml and inside its folder. The host provides the interface.
    pub wit: String,
}

keywords! {
    /// What a component is written in.
    pub enum Language as "language" {
        /// Rust.
        Rust = "rust" not "rs",
        /// Go.
        Go = "go" not "golang" | "tinygo",
        /// JavaScript and TypeScript.
        Js = "js" not "javascript" | "typescript" | "ts" | "node" | "ecmascript",
        /// Python.
        Python = "python" not "py" | "python3" | "cpython",
        /// C.
        C = "c" not "c++" | "cpp" | "cxx",
    }
}

keywords! {
    /// What runs a component's JavaScript.
    pub enum Engine as "engine" {
        /// The engine of Firefox: complete and large.
        Starlingmonkey = "starlingmonkey" not "spidermonkey" | "componentize-js",
        /// Small and quick to start.
        Quickjs = "quickjs" not "qjs" | "componentize-qjs",
    }
}

/// `[limits]`: how much the component may use. Where one is absent the host's default applies.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Memory, in bytes.
    pub max_memory_bytes: Option<u64>,
    /// Processor time of one call.
    pub max_cpu_time: Option<Duration>,
    /// Time of one call from start to end.
    pub max_execution_time: Option<Duration>,
    /// Files open at once.
    pub max_open_files: Option<u32>,
    /// Messages waiting at once.
    pub max_mailbox_messages: Option<u32>,
}

impl Limits {
    /// These limits, with those of `over` in the place of single ones.
    pub fn overlaid(&self, over: &Limits) -> Limits {
        Limits {
            max_memory_bytes: over.max_memory_bytes.or(self.max_memory_bytes),
            max_cpu_time: over.max_cpu_time.or(self.max_cpu_time),
            max_execution_time: over.max_execution_time.or(self.max_execution_time),
            max_open_files: over.max_open_files.or(self.max_open_files),
            max_mailbox_messages: over.max_mailbox_messages.or(self.max_mailbox_messages),
        }
    }
}

/// `[config]`: what the component is started with.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigSection {
    /// Keys and values, in the order of the file.
    pub environment: Vec<(String, String)>,
    /// Bytes for it to read as it likes.
    pub data: Option<Vec<u8>>,
}

impl Manifest {
    /// How large a Component.toml may be, in bytes: far more than one is written by hand. One comes with each component,
    /// which nobody trusts yet.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Which version of which component this is.
    pub fn id(&self) -> ComponentId {
        self.component.name.clone().with_version(self.component.version.clone())
    }
}
