//! `airssys:ext-filesystem`, as the fake host gives it: real files below its folder. Where a path leads is found as a host
//! finds it, see [`place`].

use std::fs::{self, FileType};
use std::io;

use super::State;
use super::permissions::Access;
use crate::bindings::airssys::ext_filesystem::types::FilesystemError;

pub mod directories;
pub mod files;
pub mod paths;
mod place;

use place::{FinalLink, Place};

/// Files and cursors that may be open at a time, as hosts limit them.
const MAX_OPEN_FILES: u32 = 256;

type Result<T> = std::result::Result<T, FilesystemError>;

/// Where a path leads, if the component may do all of these there.
fn allowed(operation: &str, actions: &[&'static str], path: &str, link: FinalLink) -> Result<Place> {
    let place = Place::of(path, link)?;
    for action in actions {
        ask(operation, action, place.path())?;
    }
    Ok(place)
}

/// Where a path leads, if the component may read or list there.
fn visible(operation: &str, path: &str, link: FinalLink) -> Result<Place> {
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
fn allowed_below(
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

/// A file or cursor that is open, counted until it is dropped.
#[derive(Debug)]
struct Open;

impl Open {
    fn count() -> Result<Self> {
        let state = State::current();
        if state.open.get() >= MAX_OPEN_FILES {
            return Err(FilesystemError::TooManyOpenFiles);
        }
        state.open.set(state.open.get() + 1);
        Ok(Self)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // After the host, nobody counts.
        if let Some(state) = State::still() {
            state.open.set(state.open.get().saturating_sub(1));
        }
    }
}

/// The contract's error for one of the machine.
fn failed(path: &str) -> impl Fn(io::Error) -> FilesystemError + '_ {
    move |error| {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => FilesystemError::NotFound(path),
            io::ErrorKind::AlreadyExists => FilesystemError::AlreadyExists(path),
            io::ErrorKind::NotADirectory => FilesystemError::NotADirectory(path),
            io::ErrorKind::IsADirectory => FilesystemError::IsADirectory(path),
            io::ErrorKind::DirectoryNotEmpty => FilesystemError::DirectoryNotEmpty(path),
            io::ErrorKind::InvalidFilename => FilesystemError::NameTooLong(path),
            io::ErrorKind::InvalidInput => FilesystemError::InvalidArgument(path),
            io::ErrorKind::WouldBlock => FilesystemError::Locked(path),
            _ => FilesystemError::Io(error.to_string()),
        }
    }
}

fn invalid(problem: &str) -> FilesystemError {
    FilesystemError::InvalidArgument(problem.to_owned())
}

fn not_offered<T>(operation: &str) -> Result<T> {
    Err(FilesystemError::Unsupported(format!("the fake host offers no {operation}")))
}
