//! Metadata, links, and the form of paths.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::{SystemTime, UNIX_EPOCH};

use super::errors::{Result, failed, invalid};
use super::permission::{allowed, visible};
use super::place::{self, FinalLink, Makes};
use crate::Timestamp;
use crate::bindings::airssys::ext_filesystem::types::{
    FileMetadata, FilePermissions, FileTime, FileTimes, FileType, FilesystemError,
};
use crate::testing::state::State;

pub fn get_metadata(path: &str) -> Result<FileMetadata> {
    look_at("paths.get-metadata", path, FinalLink::Follow)
}

pub fn get_link_metadata(path: &str) -> Result<FileMetadata> {
    look_at("paths.get-link-metadata", path, FinalLink::KeepUnlessSlash)
}

fn look_at(operation: &str, path: &str, link: FinalLink) -> Result<FileMetadata> {
    let place = visible(operation, path, link)?;
    place.found()?;
    Ok(metadata(&fs::symlink_metadata(place.at()).map_err(failed(path))?))
}

pub fn exists(path: &str) -> Result<bool> {
    match visible("paths.exists", path, FinalLink::Follow)?.found() {
        Ok(_) => Ok(true),
        Err(FilesystemError::NotFound(_) | FilesystemError::NotADirectory(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

pub fn set_permissions(path: &str, permissions: FilePermissions) -> Result<()> {
    let place = allowed("paths.set-permissions", &["write"], path, FinalLink::Follow)?;
    place.found()?;
    // The contract names the bits from the highest down.
    let bits = (0..9).filter(|bit| permissions.bits() & (1 << bit) != 0).map(|bit| 0o400 >> bit).sum();
    fs::set_permissions(place.at(), fs::Permissions::from_mode(bits)).map_err(failed(path))
}

pub fn set_times(path: &str, times: FileTimes) -> Result<()> {
    let time = |time: FileTime| match time {
        FileTime::Unchanged => Ok(None),
        FileTime::Now => Ok(Some(SystemTime::from(State::current().rest.borrow().time))),
        FileTime::At(Timestamp { nanoseconds: 1_000_000_000.., .. }) => {
            Err(invalid("a time has less than 1,000,000,000 nanoseconds"))
        }
        FileTime::At(timestamp) => Ok(Some(timestamp.into())),
    };
    let (accessed, modified) = (time(times.accessed)?, time(times.modified)?);
    let place = allowed("paths.set-times", &["write"], path, FinalLink::Follow)?;
    place.found()?;
    let mut set = fs::FileTimes::new();
    if let Some(accessed) = accessed {
        set = set.set_accessed(accessed);
    }
    if let Some(modified) = modified {
        set = set.set_modified(modified);
    }
    fs::File::open(place.at()).and_then(|file| file.set_times(set)).map_err(failed(path))
}

pub fn create_symlink(target: &str, link: &str) -> Result<()> {
    let normal = normalize(target)?;
    let place = allowed("paths.create-symlink", &["write"], link, FinalLink::Keep)?;
    let destination = allowed("paths.create-symlink", &["read"], &normal, FinalLink::Follow)?;
    if let Err(FilesystemError::TooManyLinks(_)) = destination.found() {
        return Err(FilesystemError::TooManyLinks(target.to_owned()));
    }
    let root = &State::current().root;
    std::os::unix::fs::symlink(root.join(&normal[1..]), place.free(Makes::Link)?).map_err(failed(link))
}

pub fn read_symlink(link: &str) -> Result<String> {
    let place = allowed("paths.read-symlink", &["read"], link, FinalLink::KeepUnlessSlash)?;
    if !place.found()?.is_symlink() {
        return Err(invalid("it is not a symbolic link"));
    }
    place::target(place.at()).map_err(failed(link))
}

pub fn canonicalize(path: &str) -> Result<String> {
    let place = visible("paths.canonicalize", path, FinalLink::Follow)?;
    place.found()?;
    Ok(place.path().to_owned())
}

pub fn normalize(path: &str) -> Result<String> {
    Ok(place::absolute(&place::fold(place::segments(path)?)))
}

pub fn relative_to(path: &str, base: &str) -> Result<String> {
    let (path, base) = (place::fold(place::segments(path)?), place::fold(place::segments(base)?));
    let below = path.strip_prefix(base.as_slice()).ok_or_else(|| invalid("the path is not under the base"))?;
    Ok(below.join("/"))
}

pub(super) fn file_type(file_type: fs::FileType) -> FileType {
    match file_type {
        kind if kind.is_file() => FileType::Regular,
        kind if kind.is_dir() => FileType::Directory,
        kind if kind.is_symlink() => FileType::SymbolicLink,
        _ => FileType::Other,
    }
}

pub(super) fn metadata(metadata: &fs::Metadata) -> FileMetadata {
    let time = |time: std::io::Result<SystemTime>| {
        let since = time.ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Timestamp { seconds: since.as_secs(), nanoseconds: since.subsec_nanos() })
    };
    let bits = (0..9).filter(|bit| metadata.mode() & (0o400 >> bit) != 0).map(|bit| 1 << bit).sum();
    FileMetadata {
        file_type: file_type(metadata.file_type()),
        size: metadata.len(),
        permissions: FilePermissions::from_bits_truncate(bits),
        links: metadata.nlink(),
        accessed: time(metadata.accessed()),
        modified: time(metadata.modified()),
        created: time(metadata.created()),
    }
}
