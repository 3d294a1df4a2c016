//! Where a component comes from.

use std::path::{Path, PathBuf};

use crate::compiled::CompiledComponent;

/// Where a component comes from. What takes one takes whatever turns into one: a path, bytes, compiled code, or a component
/// that is to be started once more.
///
/// ```
/// use airssys_wasm::Source;
///
/// assert!(matches!("hello.wasm".into(), Source::Path(_)));
/// assert!(matches!(vec![0].into(), Source::Bytes(_)));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
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
