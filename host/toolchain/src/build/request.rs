//! What is asked of a build, and what it gives.

use std::path::PathBuf;
use std::time::Duration;

use airssys_wasm_policy::{Engine, Language};

/// What to build, and how.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BuildRequest {
    /// The Component.toml.
    pub manifest_path: PathBuf,
    /// Where the component goes; by default `target/airssys/<name>.wasm` beside Component.toml.
    pub out: Option<PathBuf>,
    /// Another JavaScript engine than the one in Component.toml.
    pub engine: Option<Engine>,
    /// For a debugger: with names and lines, as far as the language has them.
    pub debug: bool,
    /// Make the component anew, even if it is in the cache. What compilers keep for themselves stays.
    pub force: bool,
    /// Check the types of TypeScript.
    pub check: bool,
}

impl BuildRequest {
    /// Builds what this Component.toml describes, as it describes it.
    pub fn new(manifest_path: impl Into<PathBuf>) -> BuildRequest {
        BuildRequest {
            manifest_path: manifest_path.into(),
            out: None,
            engine: None,
            debug: false,
            force: false,
            check: true,
        }
    }
}

/// What was built.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Built {
    /// The component.
    pub component: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it was in the cache: nothing that goes into it has changed since it was made.
    pub cached: bool,
    /// What it is written in.
    pub language: Language,
    /// The world it was built for.
    pub world: String,
    /// What its author should know, though it is a component: each a sentence.
    pub warnings: Vec<String>,
    /// How long it took.
    pub duration: Duration,
}
