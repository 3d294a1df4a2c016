//! Folders from which the host runs code, and which no component may be able to write to.
//!
//! A path says little about where a folder is: links and mounts lead to it under other names. Folders are therefore
//! compared by what the kernel calls them, device and inode, all the way up to the root.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::load_error::LoadError;

/// Links that one path may lead through, as many as Linux follows.
const MAX_LINKS: usize = 40;
/// Folders above one: a path of the greatest length that Linux takes has half as many.
const MAX_DEPTH: usize = 4096;

const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Device and inode.
type Id = (u64, u64);

/// The folders of one runtime.
pub(crate) struct Protected(Vec<Folder>);

struct Folder {
    path: PathBuf,
    /// Where it was found when the runtime began to use it, whatever its path leads to by now.
    held: Option<Arc<OwnedFd>>,
}

impl Protected {
    /// The folder of compiled components, which is held open, and others by their paths.
    pub(crate) fn new(compiled: Option<(PathBuf, Arc<OwnedFd>)>, others: &[PathBuf]) -> Self {
        let compiled = compiled.map(|(path, held)| Folder { path, held: Some(held) });
        let others = others.iter().map(|path| Folder { path: path.clone(), held: None });
        Self(compiled.into_iter().chain(others).collect())
    }

    /// Refuses a mount, to be written to, that lies in one of the folders, in which one lies, or in which a link lies that
    /// leads to one.
    pub(crate) fn check(&self, guest: &str, root: &OwnedFd) -> Result<(), LoadError> {
        let unknown = |error: io::Error| LoadError::Mounts(error.into());
        let above = ids_above(root).map_err(unknown)?;
        let Some(mounted) = above.first() else { return Ok(()) };
        for folder in &self.0 {
            let mut way = way_to(&folder.path).map_err(unknown)?;
            if let Some(held) = &folder.held {
                let above = ids_above(held).map_err(unknown)?;
                way.ends.extend(above.first());
                way.through.extend(above);
            }
            if way.through.contains(mounted) || way.ends.iter().any(|end| above.contains(end)) {
                return Err(LoadError::ProtectedFolder { guest: guest.to_owned(), folder: folder.path.clone() });
            }
        }
        Ok(())
    }
}

/// The folder itself, and all that it lies in.
fn ids_above(folder: impl AsFd) -> io::Result<Vec<Id>> {
    let mut ids = vec![id(&folder)?];
    let mut above = rustix::fs::openat(&folder, "..", FOLDER, Mode::empty())?;
    loop {
        let next = id(&above)?;
        // The root lies in itself.
        if ids.last() == Some(&next) || ids.len() == MAX_DEPTH {
            return Ok(ids);
        }
        ids.push(next);
        above = rustix::fs::openat(&above, "..", FOLDER, Mode::empty())?;
    }
}

fn id(folder: impl AsFd) -> io::Result<Id> {
    let about = rustix::fs::fstat(folder)?;
    Ok((about.st_dev, about.st_ino))
}

/// How a path leads to a folder.
#[derive(Default)]
struct Way {
    /// Every folder on the way, those included that links on it lie in.
    through: Vec<Id>,
    /// The folder itself, if it exists.
    ends: Vec<Id>,
}

/// Follows a path name by name, as far as it leads.
fn way_to(path: &Path) -> io::Result<Way> {
    let path = std::path::absolute(path)?;
    let mut names: VecDeque<OsString> = names_of(&path).collect();
    let mut way = Way::default();
    let mut links = 0;
    let mut at = rustix::fs::openat(CWD, "/", FOLDER, Mode::empty())?;
    way.through.push(id(&at)?);
    while let Some(name) = names.pop_front() {
        let about = match rustix::fs::statat(&at, &name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(about) => about,
            // What is not there yet will be there, in the last folder that is.
            Err(Errno::NOENT | Errno::NOTDIR) => return Ok(way),
            Err(error) => return Err(error.into()),
        };
        if FileType::from_raw_mode(about.st_mode) == FileType::Symlink {
            links += 1;
            if links > MAX_LINKS {
                return Err(Errno::LOOP.into());
            }
            let target = rustix::fs::readlinkat(&at, &name, Vec::new())?;
            let target = PathBuf::from(OsString::from_vec(target.into_bytes()));
            if target.is_absolute() {
                at = rustix::fs::openat(CWD, "/", FOLDER, Mode::empty())?;
            }
            for name in names_of(&target).collect::<Vec<_>>().into_iter().rev() {
                names.push_front(name);
            }
            continue;
        }
        at = match rustix::fs::openat(&at, &name, FOLDER, Mode::empty()) {
            Ok(folder) => folder,
            Err(Errno::NOTDIR) => return Ok(way),
            Err(error) => return Err(error.into()),
        };
        way.through.push(id(&at)?);
    }
    way.ends.push(id(&at)?);
    Ok(way)
}

fn names_of(path: &Path) -> impl Iterator<Item = OsString> {
    path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn refuses(protected: &[&Path], mount: &Path) -> bool {
        let paths: Vec<PathBuf> = protected.iter().map(|path| path.to_path_buf()).collect();
        let root = rustix::fs::openat(CWD, mount, OFlags::PATH | OFlags::DIRECTORY, Mode::empty()).unwrap();
        match Protected::new(None, &paths).check("/data", &root) {
            Ok(()) => false,
            Err(LoadError::ProtectedFolder { guest, .. }) => guest == "/data",
            Err(error) => panic!("{error:?}"),
        }
    }

    #[test]
    fn a_mount_in_above_or_on_the_way_to_a_folder_is_refused_by_any_path() {
        let base = tempfile::tempdir().unwrap();
        let at = |path: &str| base.path().join(path);
        fs::create_dir_all(at("cache/compiled/deep")).unwrap();
        fs::create_dir_all(at("work/inner")).unwrap();
        fs::create_dir_all(at("links")).unwrap();
        symlink(at("cache"), at("to-cache")).unwrap();
        symlink("../to-cache/compiled", at("links/to-compiled")).unwrap();
        let compiled = at("cache/compiled");
        for mount in ["cache/compiled", "cache/compiled/deep", "cache", "", "to-cache", "to-cache/compiled/deep"] {
            assert!(refuses(&[&compiled], &at(mount)), "{mount}");
        }
        for mount in ["work", "work/inner", "links"] {
            assert!(!refuses(&[&compiled], &at(mount)), "{mount}");
        }
        // Who writes to a folder that a link of the path lies in makes it lead elsewhere.
        for mount in ["links", "cache", "cache/compiled", ""] {
            assert!(refuses(&[&at("links/to-compiled")], &at(mount)), "{mount}");
        }
        assert!(!refuses(&[&at("links/to-compiled")], &at("work")));
        // What is not there yet.
        assert!(refuses(&[&at("work/later/compiled")], &at("work")));
        assert!(!refuses(&[&at("work/later/compiled")], &at("work/inner")));
        // One of several.
        assert!(refuses(&[&at("nowhere"), &compiled], &at("cache")));
        assert!(!refuses(&[], &at("")));
    }

    #[test]
    fn a_folder_that_is_held_is_protected_wherever_its_path_leads_by_now() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("compiled");
        fs::create_dir_all(base.path().join("moved")).unwrap();
        fs::create_dir(&path).unwrap();
        let held = Arc::new(rustix::fs::openat(CWD, &path, FOLDER, Mode::empty()).unwrap());
        fs::rename(&path, base.path().join("moved/compiled")).unwrap();
        let protected = Protected::new(Some((path, held)), &[]);
        let root = rustix::fs::openat(CWD, base.path().join("moved"), FOLDER, Mode::empty()).unwrap();
        assert!(matches!(protected.check("/data", &root), Err(LoadError::ProtectedFolder { .. })));
    }
}
