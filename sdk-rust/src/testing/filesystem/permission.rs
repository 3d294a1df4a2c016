//! Whether the component may do something with a file.

use std::fs::{self, FileType};

use super::errors::Result;
use super::place::{FinalLink, Place};
use crate::bindings::airssys::ext_filesystem::types::FilesystemError;
use crate::testing::permissions::Access;
use crate::testing::state::State;

/// Where a path leads, if the component may do all of these there.
pub(super) fn allowed(operation: &str, actions: &[&'static str], path: &str, link: FinalLink) -> Result<Place> {
    let place = Place::of(path, link)?;
    for action in actions {
        ask(operation, action, place.path())?;
    }
    Ok(place)
}

/// Where a path leads, if the component may read or list there.
pub(super) fn visible(operation: &str, path: &str, link: FinalLink) -> Result<Place> {
    let place = Place::of(path, link)?;
    ask(operation, "read", place.path()).or_else(|denied| ask(operation, "list", place.path()).map_err(|_| denied))?;
    Ok(place)
}

/// Whether the component may do this with a resolved path.
fn ask(operation: &str, action: &'static str, path: &str) -> Result<()> {
    let state = State::current();
    let access = Access::Filesystem { action, path };
    let decision = state.decide(&format!("ext-filesystem/{operation}"), &access, state.denies_path(path));
    decision.map_err(FilesystemError::PermissionDenied)
}

/// Whether the component may do all of these with everything of some types below a directory. Each action comes with
/// the path that the directory has for it.
pub(super) fn allowed_below(
    operation: &str,
    actions: &[(&'static str, &str)],
    directory: &Place,
    concerns: impl Fn(&FileType) -> bool,
) -> Result<()> {
    let mut folders = vec![(directory.at().to_owned(), String::new())];
    while let Some((folder, name)) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let below = format!("{name}/{}", entry.file_name().to_string_lossy());
            let Ok(file_type) = entry.file_type() else { continue };
            for (action, path) in actions.iter().filter(|_| concerns(&file_type)) {
                ask(operation, action, &format!("{}{below}", path.trim_end_matches('/')))?;
            }
            if file_type.is_dir() {
                folders.push((entry.path(), below));
            }
        }
    }
    Ok(())
}
