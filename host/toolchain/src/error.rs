//! What can go wrong, in one type, with whose fault it is.

use airssys_wasm_policy::ManifestErrors;

use crate::bindings::BindingsError;
use crate::build::BuildError;
use crate::cache::CacheError;
use crate::component_error::ComponentError;
use crate::contract::UnknownWorld;
use crate::error_kind::ErrorKind;
use crate::install_error::InstallError;
use crate::tool::ToolError;
use crate::world::WitError;

/// Anything that can go wrong in this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A tool is missing or failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// A tool could not be installed.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// Component.toml is wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestErrors),
    /// The world does not exist.
    #[error(transparent)]
    UnknownWorld(#[from] UnknownWorld),
    /// The WIT of an interface that it imports is wrong.
    #[error(transparent)]
    Wit(#[from] WitError),
    /// Bindings could not be generated.
    #[error(transparent)]
    Bindings(#[from] BindingsError),
    /// The result is not a component, or not one of its world.
    #[error(transparent)]
    Component(#[from] ComponentError),
    /// The build cannot be done.
    #[error(transparent)]
    Build(#[from] BuildError),
}

impl Error {
    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::Tool(ToolError::Interrupted { .. })
            | Error::Install(InstallError::Tool(ToolError::Interrupted { .. })) => ErrorKind::Interrupted,
            Error::Tool(ToolError::Failed { .. }) | Error::Component(_) => ErrorKind::Build,
            Error::Tool(_) => ErrorKind::Toolchain,
            Error::Install(InstallError::Cache(_) | InstallError::Write { .. }) => ErrorKind::Host,
            Error::Install(_) => ErrorKind::Toolchain,
            Error::Cache(_) => ErrorKind::Host,
            Error::Manifest(_) | Error::UnknownWorld(_) | Error::Wit(_) => ErrorKind::Input,
            Error::Bindings(BindingsError::Write(_)) => ErrorKind::Host,
            Error::Bindings(BindingsError::Generator { .. }) => ErrorKind::Build,
            Error::Bindings(_) => ErrorKind::Input,
            Error::Build(error) => error.kind(),
        }
    }

    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Error::Tool(error) => error.help(),
            Error::Install(error) => error.help(),
            Error::Cache(error) | Error::Bindings(BindingsError::Write(error)) => error.help(),
            Error::Component(error) => error.help(),
            Error::Bindings(BindingsError::NoModule(_)) => Some("run go mod init first".to_owned()),
            Error::UnknownWorld(error) => error.help(),
            Error::Wit(error) => error.help(),
            Error::Build(error) => error.help(),
            Error::Manifest(_) | Error::Bindings(_) => None,
        }
    }

    /// A stable name of the case, for programs. It never depends on a message.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Tool(error) => error.code(),
            Error::Install(error) => error.code(),
            Error::Cache(error) | Error::Bindings(BindingsError::Write(error)) => error.code(),
            Error::Manifest(_) => "bad-manifest",
            Error::UnknownWorld(_) => "unknown-world",
            Error::Wit(error) => error.code(),
            Error::Bindings(_) => "bindings-failed",
            Error::Component(error) => error.code(),
            Error::Build(error) => error.code(),
        }
    }
}
