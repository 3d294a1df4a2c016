//! What a host's mounts lack.

use std::fmt;

use serde::Serialize;

/// What keeps the host's mounts from giving what the permissions may cover.
// Exhaustive: whoever tells people how to mend a refusal has to think of each problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MountProblem {
    /// No mount shows the path.
    Missing {
        /// The guest path of a mount that would.
        folder: String,
        /// A mount of nearly this name, if there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        nearest: Option<String>,
    },
    /// The mount that shows it is read-only.
    ReadOnly {
        /// Its guest path.
        folder: String,
    },
}

impl fmt::Display for MountProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MountProblem::Missing { folder, nearest } => {
                write!(f, "no mount of the host shows {folder}")?;
                match nearest {
                    Some(nearest) => write!(f, " (there is one at {nearest})"),
                    None => Ok(()),
                }
            }
            MountProblem::ReadOnly { folder } => write!(f, "the host has mounted {folder} read-only"),
        }
    }
}
