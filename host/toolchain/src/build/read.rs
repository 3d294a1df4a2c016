//! Reading what a build is made of.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use airssys_wasm_policy::Manifest;

use super::BuildError;
use crate::error::Error;

/// Reads a Component.toml, or another file like it that people write.
///
/// # Errors
/// If it cannot be read, is not UTF-8, or has more than [`Manifest::MAX_BYTES`].
pub fn read_text(path: &Path) -> Result<String, Error> {
    Ok(text(path)?)
}

/// A file that people write, bounded: the path may lead to anything.
pub(super) fn text(path: &Path) -> Result<String, BuildError> {
    let read = |source| BuildError::Read { path: path.to_owned(), source };
    let limit = Manifest::MAX_BYTES;
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes)).map_err(read)?;
    if bytes.len() > limit {
        return Err(BuildError::TooLarge { path: path.to_owned(), limit });
    }
    String::from_utf8(bytes)
        .map_err(|error| BuildError::NotText { path: path.to_owned(), at: error.utf8_error().valid_up_to() })
}

/// A file of any kind.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, BuildError> {
    std::fs::read(path).map_err(|source| BuildError::Read { path: path.to_owned(), source })
}
