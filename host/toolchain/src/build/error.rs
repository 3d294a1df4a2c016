//! What can be wrong with a build before or beside its tools.

use std::io;
use std::path::PathBuf;

use crate::cache::{disk_code, disk_help};
use crate::error_kind::ErrorKind;
use crate::tool::ToolError;

/// A build that cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A file or folder that the build needs cannot be read.
    #[error("failed to read {}", .path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// A file or folder of the build itself cannot be written.
    #[error("failed to write {}", .path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// A file that is read as text is not.
    #[error("{} is not UTF-8 (byte {at})", .path.display())]
    NotText {
        /// Which one.
        path: PathBuf,
        /// Where the first byte is that does not belong to a character.
        at: usize,
    },
    /// A file that is read whole is larger than any of its kind.
    #[error("{} has more than the {limit} bytes that it may have", .path.display())]
    TooLarge {
        /// Which one.
        path: PathBuf,
        /// How much it may have.
        limit: usize,
    },
    /// There is no Component.toml where one was expected.
    #[error("{} does not exist", .file.display())]
    NoManifest {
        /// Where it was expected.
        file: PathBuf,
        /// What to do about it.
        fix: String,
    },
    /// The component cannot be written to where it is to go, because that is a folder, or below a file.
    #[error("{} is no file to write to: {problem}", .path.display())]
    BadOutput {
        /// Where it was to go.
        path: PathBuf,
        /// What there is.
        problem: String,
    },
    /// Component.toml does not say how to build.
    #[error("{}: {problem}", .file.display())]
    Unbuildable {
        /// The Component.toml.
        file: PathBuf,
        /// What is missing, or what does not go together.
        problem: String,
        /// What to do about it.
        fix: String,
    },
    /// A tool failed because the disk of the cache is full.
    #[error("there is no room left on the disk of {}", .folder.display())]
    NoRoom {
        /// The cache.
        folder: PathBuf,
        /// What the tool says.
        #[source]
        source: Box<ToolError>,
    },
    /// The program does not become a component, for a reason that is in the program.
    #[error("{problem}")]
    Program {
        /// What is wrong, with the file and the line.
        problem: String,
        /// A stable name of the case.
        code: &'static str,
        /// What to do about it, if that is known.
        fix: Option<String>,
    },
    /// The module expects functions that no host of components gives.
    #[error("the module imports {}, which {}", .imports.join(", "), provider(*.javascript))]
    Foreign {
        /// The functions, each with the module that it is imported from.
        imports: Vec<String>,
        /// Whether they are JavaScript's.
        javascript: bool,
        /// What to do about it.
        fix: String,
    },
    /// A path that a tool has to be told is not UTF-8, and the tool takes no other.
    #[error("{tool} takes no path that is not UTF-8, and {} is not", .path.display())]
    BadPath {
        /// The path.
        path: PathBuf,
        /// Which tool.
        tool: &'static str,
    },
    /// The compiler did its work, but its result is not what the build needs.
    #[error("{tool} made no {expected}")]
    NoResult {
        /// Which tool.
        tool: &'static str,
        /// What was expected of it.
        expected: &'static str,
        /// What to do about it.
        fix: String,
    },
}

fn provider(javascript: bool) -> &'static str {
    if javascript { "only JavaScript would give" } else { "nobody gives" }
}

impl BuildError {
    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            BuildError::Read { .. }
            | BuildError::NotText { .. }
            | BuildError::TooLarge { .. }
            | BuildError::NoManifest { .. }
            | BuildError::BadOutput { .. }
            | BuildError::BadPath { .. }
            | BuildError::Unbuildable { .. } => ErrorKind::Input,
            BuildError::Write { .. } | BuildError::NoRoom { .. } => ErrorKind::Host,
            BuildError::NoResult { .. } | BuildError::Foreign { .. } | BuildError::Program { .. } => ErrorKind::Build,
        }
    }

    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            BuildError::Unbuildable { fix, .. }
            | BuildError::NoManifest { fix, .. }
            | BuildError::Foreign { fix, .. }
            | BuildError::NoResult { fix, .. } => Some(fix.clone()),
            BuildError::Program { fix, .. } => fix.clone(),
            BuildError::BadPath { .. } => {
                Some("give it another name, or work in another folder; ASCII letters work everywhere".to_owned())
            }
            BuildError::NotText { .. } => Some("save it as UTF-8".to_owned()),
            BuildError::TooLarge { .. } => {
                Some("name the file that was meant: what people write is smaller".to_owned())
            }
            BuildError::BadOutput { .. } => {
                Some("name a file with --output, in a folder that exists or can be made".to_owned())
            }
            BuildError::Write { path, source } => disk_help(path, source),
            BuildError::NoRoom { folder, .. } => disk_help(folder, &io::ErrorKind::StorageFull.into()),
            BuildError::Read { .. } => Some("it has to be there, of the right kind, and yours to read".to_owned()),
        }
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            BuildError::Read { .. } => "unreadable",
            BuildError::NotText { .. } => "not-utf-8",
            BuildError::TooLarge { .. } => "file-too-large",
            BuildError::NoManifest { .. } => "no-manifest",
            BuildError::BadOutput { .. } => "bad-output",
            BuildError::Unbuildable { .. } => "unbuildable",
            BuildError::Foreign { .. } => "unexpected-imports",
            BuildError::Program { code, .. } => code,
            BuildError::BadPath { .. } => "path-not-utf-8",
            BuildError::NoResult { .. } => "no-result",
            BuildError::Write { source, .. } => disk_code(source),
            BuildError::NoRoom { .. } => "disk-full",
        }
    }
}
