//! Where a component comes from.

use std::path::{Path, PathBuf};

use crate::compiled::CompiledComponent;

/// Where a component comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// Code that this runtime has compiled: neither a look at the file nor a compilation.
    Compiled(CompiledComponent),
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<&PathBuf> for Source {
    fn from(path: &PathBuf) -> Self {
        Self::Path(path.clone())
    }
}

impl From<&str> for Source {
    fn from(path: &str) -> Self {
        Self::Path(path.into())
    }
}

impl From<&CompiledComponent> for Source {
    fn from(compiled: &CompiledComponent) -> Self {
        Self::Compiled(compiled.clone())
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}
