//! Why a component cannot be built with the WIT of a host's own.

use std::io;
use std::path::PathBuf;

use crate::cache::disk_code;
use crate::contract::UnknownWorld;

/// WIT of a host's own that a component cannot be built with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WitError {
    /// The contract has no such world.
    #[error(transparent)]
    UnknownWorld(#[from] UnknownWorld),
    /// A file or folder cannot be read, or holds no text.
    #[error("failed to read {}", .path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// There is more of it than anybody writes.
    #[error("{} has more than {limit} {of}", .folder.display())]
    TooLarge {
        /// The folder.
        folder: PathBuf,
        /// How much it may have.
        limit: usize,
        /// Of what.
        of: &'static str,
    },
    /// There is no WIT in the folder.
    #[error("there is no .wit file in {}", .0.display())]
    Empty(PathBuf),
    /// The text is not WIT, or names what there is not.
    #[error("{0}")]
    Invalid(String),
    /// The folder has another package, or the package another interface.
    #[error("{} does not have {wanted}, it has {}", .folder.display(), .known.join(", "))]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The interface, by its whole name.
        wanted: String,
        /// The interfaces that are there.
        known: Vec<String>,
    },
    /// Two folders have different texts of one package.
    #[error("{} and {} have different texts of package {package}", .first.display(), .second.display())]
    Contradiction {
        /// The package.
        package: String,
        /// A folder that has it.
        first: PathBuf,
        /// Another one.
        second: PathBuf,
    },
    /// Not every language can take it.
    #[error("{interface} cannot be imported: {what}")]
    Unsupported {
        /// The interface, by its whole name.
        interface: String,
        /// The function or type, and what is in it.
        what: String,
        /// What to write instead.
        fix: &'static str,
    },
}

impl WitError {
    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            WitError::UnknownWorld(error) => return error.help(),
            WitError::Read { .. } => {
                "it has to be there, UTF-8, and yours to read: [imports] of Component.toml names it"
            }
            WitError::TooLarge { .. } => "name the folder that has the WIT of the interface and nothing else",
            WitError::Empty(_) => "name the folder with the WIT of the interface in [imports] of Component.toml",
            WitError::Invalid(_) => "packages that it uses lie in its folder deps/, each in a folder of its own",
            WitError::Missing { wanted, known, .. } => {
                let near = airssys_wasm_policy::suggest(wanted, known.iter().map(String::as_str))?;
                return Some(format!("write {near:?} in [imports] of Component.toml"));
            }
            WitError::Contradiction { .. } => "take the WIT that the host has, for both",
            WitError::Unsupported { fix, .. } => fix,
        };
        Some(help.to_owned())
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            WitError::UnknownWorld(_) => "unknown-world",
            WitError::Read { source, .. } if source.kind() != io::ErrorKind::InvalidData => disk_code_of_read(source),
            WitError::Read { .. } => "not-utf-8",
            WitError::TooLarge { .. } => "file-too-large",
            WitError::Empty(_) | WitError::Invalid(_) | WitError::Contradiction { .. } => "bad-wit",
            WitError::Missing { .. } => "unknown-interface",
            WitError::Unsupported { .. } => "wit-unsupported",
        }
    }
}

/// What cannot be read is not there, or nobody's business; a broken disk is another matter.
fn disk_code_of_read(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory => "unreadable",
        _ => disk_code(error),
    }
}
