//! Why a project cannot be made.

use std::io;
use std::path::PathBuf;

/// A project that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// No template of this language and kind.
    #[error("no template {kind:?} for {language:?}; there are {known}")]
    Unknown {
        /// What was asked for.
        language: String,
        /// What was asked for.
        kind: String,
        /// What there is.
        known: String,
    },
    /// The name is not one.
    #[error("{0}")]
    Name(String),
    /// Something is there already.
    #[error("{} exists already; nothing was changed", .0.display())]
    Exists(PathBuf),
    /// A tool of the language does not take the folder.
    #[error("{tool} cannot work in {}: the path is not UTF-8", .folder.display())]
    NotText {
        /// The folder.
        folder: PathBuf,
        /// Which tool.
        tool: &'static str,
    },
    /// A file cannot be written.
    #[error("failed to write {}", .path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl TemplateError {
    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "unknown-template",
            Self::Name(_) => "bad-name",
            Self::Exists(_) => "exists",
            Self::NotText { .. } => "path-not-utf-8",
            Self::Write { .. } => "unwritable",
        }
    }

    /// The way out.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Exists(_) => Some("choose another name, or an empty folder with --path"),
            Self::NotText { .. } => Some("make it where every folder above it has a name in UTF-8"),
            Self::Unknown { .. } => Some("`airssys-wasm new --list` describes them"),
            Self::Name(_) | Self::Write { .. } => None,
        }
    }
}
