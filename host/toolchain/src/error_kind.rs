//! Whose fault an error is.

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A tool is missing, too old, or could not be installed.
    Toolchain,
    /// Component.toml, or a file that it names, is not as it should be.
    Input,
    /// The source did not become a component.
    Build,
    /// The machine: a disk that is full, a folder that cannot be written to.
    Host,
    /// Nobody's: it was stopped from outside.
    Interrupted,
}
