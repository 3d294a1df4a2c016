//! Why a tool could not be installed or found.

use std::io;
use std::path::PathBuf;

use crate::cache::{self, CacheError};
use crate::tool::ToolError;

/// A tool that could not be installed or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// A tool failed or is missing.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A package could not be had from its registry, for the network.
    #[error("failed to install {package} from {registry}")]
    Fetch {
        /// Which package, with its version.
        package: String,
        /// Which kind of registry it comes from.
        registry: &'static str,
        /// Where the address of that registry is set, for those who have one of their own.
        setting: &'static str,
        /// What to run again.
        retry: String,
        /// What its installer says.
        #[source]
        source: Box<ToolError>,
    },
    /// An installer failed for another reason than the network.
    #[error("failed to install {package}")]
    Installer {
        /// Which package, with its version.
        package: String,
        /// What its installer says.
        #[source]
        source: Box<ToolError>,
    },
    /// What was installed is not as expected.
    #[error("{package} was installed without {file}")]
    Incomplete {
        /// The package.
        package: String,
        /// What is not in it.
        file: String,
    },
    /// A file could not be written.
    #[error("failed to write {}", .path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
}

impl InstallError {
    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            InstallError::Tool(error) => error.help(),
            InstallError::Cache(error) => error.help(),
            InstallError::Fetch { registry, setting, retry, .. } => Some(format!(
                "this needs the network, once: connect to {registry} (or name another with {setting}), then run again: \
                 {retry}"
            )),
            InstallError::Installer { source, .. } => source.help(),
            InstallError::Incomplete { .. } => Some(
                "run it again; if that does not help, the registry gives another package than the pinned".to_owned(),
            ),
            InstallError::Write { path, source } => cache::disk_help(path, source),
        }
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            InstallError::Tool(error) => error.code(),
            InstallError::Cache(error) => error.code(),
            InstallError::Fetch { .. } => "fetch-failed",
            InstallError::Installer { .. } => "install-failed",
            InstallError::Incomplete { .. } => "incomplete-install",
            InstallError::Write { source, .. } => cache::disk_code(source),
        }
    }
}
