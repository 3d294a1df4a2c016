//! Component.toml: what a component is, how it is built, what it asks for.

mod error;
mod node;
mod problems;
mod read;
mod suggest;

pub use error::{ManifestError, ManifestErrors};
pub use suggest::suggest;

use semver::Version;

use crate::keyword::keywords;
use crate::{ComponentId, ComponentName, Permissions};

/// A whole Component.toml, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// What the component is.
    pub component: ComponentSection,
    /// How it is built.
    pub build: BuildSection,
    /// What it asks for.
    pub permissions: Permissions,
    /// How much it may use.
    pub limits: Limits,
    /// What it is started with.
    pub config: ConfigSection,
}

/// `[component]`: what the component is.
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
pub struct Limits {
    /// Memory, in bytes.
    pub max_memory_bytes: Option<u64>,
    /// Processor time of one call, in milliseconds.
    pub max_cpu_time_ms: Option<u64>,
    /// Time of one call from start to end, in milliseconds.
    pub max_execution_time_ms: Option<u64>,
    /// Files open at once.
    pub max_open_files: Option<u32>,
    /// Messages waiting at once.
    pub max_mailbox_messages: Option<u32>,
}

/// `[config]`: what the component is started with.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ConfigSection {
    /// Keys and values, in the order of the file.
    pub environment: Vec<(String, String)>,
    /// Bytes for it to read as it likes.
    pub data: Option<Vec<u8>>,
}

impl Manifest {
    /// Reads a Component.toml; `file` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file.
    pub fn parse(text: &str, file: &str) -> Result<Manifest, ManifestErrors> {
        read::manifest(text, file)
    }

    /// Which version of which component this is.
    pub fn id(&self) -> ComponentId {
        self.component.name.clone().with_version(self.component.version.clone())
    }
}

impl Permissions {
    /// Reads permissions from TOML: the keys of `[permissions]`, at top level; `file` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file.
    pub fn parse(toml_text: &str, file: &str) -> Result<Permissions, ManifestErrors> {
        read::permissions(toml_text, file)
    }
}
