//! Where the interpreter sees the folders of a program.

use std::path::{Path, PathBuf};

use super::super::BuildError;
use super::failure;

/// The folders that the interpreter sees, at the places that componentize-py gives them.
#[derive(Default)]
pub(super) struct Mounts(pub(super) Vec<PathBuf>);

impl Mounts {
    /// Adds a folder, unless it is there; where it is.
    pub(super) fn add(&mut self, folder: &Path) -> Result<String, BuildError> {
        if folder.to_str().is_none() {
            return Err(failure::not_unicode(folder));
        }
        let at = self.0.iter().position(|known| known == folder).unwrap_or_else(|| {
            self.0.push(folder.to_owned());
            self.0.len() - 1
        });
        Ok(place(at))
    }
}

/// Where the interpreter sees the folder of a number.
pub(super) fn place(at: usize) -> String {
    format!("/{at}")
}
