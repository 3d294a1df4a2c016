//! What every route gets, and what it leaves.

use std::path::{Path, PathBuf};

use super::BuildError;
use super::inputs::Key;
use super::project::Project;
use crate::cache::Cache;
use crate::component::{self, Extra, Preview1};
use crate::error::Error;
use crate::progress::Progress;

/// What every route gets.
pub(super) struct Job<'a> {
    pub(super) project: &'a Project,
    pub(super) cache: &'a Cache,
    /// A folder of the route's own, gone when the build ends.
    pub(super) scratch: &'a Path,
    pub(super) progress: &'a dyn Progress,
    /// Whether the types of TypeScript are checked.
    pub(super) check: bool,
}

/// What the first stage of a route leaves for the last, which is the slow one.
pub(super) struct Prepared<'a> {
    /// All that the last stage gets.
    pub(super) key: Key,
    /// What the component may import besides its world.
    pub(super) extra: Extra,
    /// Makes the component, without its manifest.
    pub(super) last: Box<dyn FnOnce() -> Result<Vec<u8>, Error> + 'a>,
    /// What the author should know, whether or not the last stage runs.
    pub(super) warnings: Vec<String>,
    /// The key as it is when the last stage is done, where that stage reads files which may change meanwhile.
    pub(super) afterwards: Option<Box<dyn FnOnce() -> Result<Key, Error> + 'a>>,
}

impl<'a> Prepared<'a> {
    /// For a last stage that reads nothing besides what is in the key.
    pub(super) fn new(key: Key, extra: Extra, last: impl FnOnce() -> Result<Vec<u8>, Error> + 'a) -> Prepared<'a> {
        Prepared { key, extra, last: Box::new(last), warnings: Vec::new(), afterwards: None }
    }
}

impl Job<'_> {
    /// The last stage for a module that a compiler left: making a component of it, through the adapter where it is needed.
    pub(super) fn encoded(&self, core: Vec<u8>) -> Prepared<'_> {
        let mut key = Key::new(self.project);
        key.bytes(&core);
        let (preview1, extra) = match self.project.wasi {
            true => (Preview1::Wasi, Extra::Wasi),
            false => (Preview1::HostServices, Extra::Refused),
        };
        Prepared::new(key, extra, move || {
            let Project { world, component, .. } = self.project;
            Ok(component::encode_for(&core, world, preview1, Some(&component.name.to_string()))?)
        })
    }

    /// Writes the contract, and the interfaces of the host's own, into a folder of the build.
    pub(super) fn contract(&self) -> Result<PathBuf, Error> {
        let folder = self.scratch.join("wit");
        self.project.world.write(&folder).map_err(|source| BuildError::Write { path: folder.clone(), source })?;
        Ok(folder)
    }
}
