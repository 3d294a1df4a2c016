//! The folder with installed tools and built components.
//!
//! Everything in it can be deleted at any time and comes back. What is in it is whole: a tool is installed beside its
//! place and renamed, and a stamp inside tells a finished one.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The name of the variable that says where the cache is.
pub const CACHE_VARIABLE: &str = "AIRSSYS_WASM_CACHE";

/// The file that marks a finished installation.
const STAMP: &str = ".airssys-installed";

/// How much of built components is kept: some eighty of the largest kind.
const MAX_BUILT_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Targets of the log for whoever shows what takes long: another process is waited for, and the waiting is over.
const WAITING: &str = "airssys_wasm::waiting";
const WAITED: &str = "airssys_wasm::waited";

/// What the names of files begin with that are being written.
const DRAFT: &str = ".airssys-draft-";

/// A cache that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// No folder was named, and there is no home folder.
    #[error("no folder for the cache: set {CACHE_VARIABLE}")]
    NoFolder,
    /// The folder cannot be used.
    #[error("failed to {action} {}", .path.display())]
    Io {
        /// What was tried, e.g. "create".
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
}

impl CacheError {
    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        let CacheError::Io { path, source, .. } = self else { return None };
        disk_help(path, source)
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            CacheError::NoFolder => "no-cache-folder",
            CacheError::Io { source, .. } => disk_code(source),
        }
    }
}

/// What to do about a disk that refuses.
pub(crate) fn disk_help(path: &Path, error: &io::Error) -> Option<String> {
    let elsewhere = format!("let {CACHE_VARIABLE} (the cache) or --output (the component) name another place");
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Some(format!("make room on the disk of {}, or {elsewhere}", path.display()))
        }
        io::ErrorKind::ReadOnlyFilesystem => Some(format!("that disk is read-only: {elsewhere}")),
        io::ErrorKind::PermissionDenied => Some(format!("get the right to write there, or {elsewhere}")),
        _ => None,
    }
}

/// The stable name of what is wrong with a disk.
pub(crate) fn disk_code(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "disk-full",
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => "not-writable",
        _ => "disk-error",
    }
}

fn io_error<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> CacheError + 'a {
    move |source| CacheError::Io { action, path: path.to_owned(), source }
}

/// The folder with installed tools and built components.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// Opens the cache in `folder`; else where [`CACHE_VARIABLE`] says; else `airssys-wasm` in the user's cache folder.
    ///
    /// # Errors
    /// If there is no such place, or it cannot be created.
    pub fn open(folder: Option<PathBuf>) -> Result<Cache, CacheError> {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let root = folder
            .or_else(|| set(CACHE_VARIABLE))
            .or_else(|| set("XDG_CACHE_HOME").map(|folder| folder.join("airssys-wasm")))
            .or_else(|| set("HOME").map(|home| home.join(".cache/airssys-wasm")))
            .ok_or(CacheError::NoFolder)?;
        fs::create_dir_all(&root).map_err(io_error("create", &root))?;
        let root = root.canonicalize().map_err(io_error("open", &root))?;
        Ok(Cache { root })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.root
    }

    /// A folder that a tool of others manages by itself, created if need be.
    pub(crate) fn room(&self, name: &str) -> Result<PathBuf, CacheError> {
        let folder = self.root.join(name);
        fs::create_dir_all(&folder).map_err(io_error("create", &folder))?;
        Ok(folder)
    }

    /// A folder for work that is dropped at the end, on the same file system as the rest.
    pub(crate) fn scratch(&self) -> Result<Scratch, CacheError> {
        let room = self.room("tmp")?;
        // Nobody is between making a folder and locking it while this process has the lock.
        let _lock = self.lock("tmp")?;
        remove_abandoned(&room);
        let folder = tempfile::tempdir_in(&room).map_err(io_error("create a folder in", &room))?;
        let lock = File::open(folder.path()).map_err(io_error("open", folder.path()))?;
        lock.lock().map_err(io_error("lock", folder.path()))?;
        Ok(Scratch { folder, _lock: lock })
    }

    /// Where the tool `name` in the version `key` is, if it is installed.
    pub(crate) fn installed(&self, name: &str, key: &str) -> Option<PathBuf> {
        let folder = self.root.join("tools").join(format!("{name}-{key}"));
        folder.join(STAMP).is_file().then_some(folder)
    }

    /// Where the tool `name` in the version `key` is, installed now by `install` if need be.
    pub(crate) fn install<E: From<CacheError>>(
        &self,
        name: &str,
        key: &str,
        install: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<PathBuf, E> {
        if let Some(folder) = self.installed(name, key) {
            return Ok(folder);
        }
        let _lock = self.lock(name)?;
        if let Some(folder) = self.installed(name, key) {
            return Ok(folder);
        }
        let tools = self.room("tools")?;
        let target = tools.join(format!("{name}-{key}"));
        if target.exists() {
            fs::remove_dir_all(&target).map_err(io_error("remove", &target))?;
        }
        // What was interrupted earlier: nobody is at work on it, for this process has the lock.
        let prefix = format!(".{name}-");
        for entry in fs::read_dir(&tools).map_err(io_error("open", &tools))?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                // A tool that outlived its killed installer may still write there; then the next one removes it.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let half = tempfile::Builder::new()
            .prefix(&prefix)
            .tempdir_in(&tools)
            .map_err(io_error("create a folder in", &tools))?;
        install(half.path())?;
        let stamp = half.path().join(STAMP);
        fs::write(&stamp, key).map_err(io_error("write", &stamp))?;
        let half = half.keep();
        fs::rename(&half, &target).map_err(io_error("rename", &half))?;
        Ok(target)
    }

    /// Waits until no other process holds the lock `name`; it is free again when the file is dropped.
    pub(crate) fn lock(&self, name: &str) -> Result<File, CacheError> {
        let path = self.room("locks")?.join(name);
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io_error("open", &path))?;
        if file.try_lock().is_err() {
            tracing::debug!(target: WAITING, "waiting for another process of airssys-wasm ({name})");
            file.lock().map_err(io_error("lock", &path))?;
            tracing::debug!(target: WAITED, "the other process is done ({name})");
        }
        Ok(file)
    }

    /// The component built from the inputs with this hash, if there is one.
    pub(crate) fn built(&self, key: &str) -> Option<PathBuf> {
        let file = self.root.join("built").join(format!("{key}.wasm"));
        if !file.is_file() {
            return None;
        }
        // What is used is kept longest; that it could not be noted does no harm.
        let _ = File::options().append(true).open(&file).and_then(|file| file.set_modified(SystemTime::now()));
        Some(file)
    }

    /// Keeps a built component, and drops those not used for longest if there is too much.
    pub(crate) fn keep_built(&self, key: &str, component: &[u8]) -> Result<(), CacheError> {
        let folder = self.room("built")?;
        write_whole(&folder.join(format!("{key}.wasm")), component)?;
        prune(&folder, MAX_BUILT_BYTES).map_err(io_error("clean", &folder))
    }
}

/// A folder for work that is dropped at the end. The next one that is made removes it if this process was killed.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: tempfile::TempDir,
    /// Free again when the process has ended, however it did.
    _lock: File,
}

impl Scratch {
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Whether a folder, which a tool of others keeps things in, is there or can be made. One that is there and cannot be
/// written to may hold all that is wanted.
pub(crate) fn can_be_used(folder: &Path) -> bool {
    folder.is_dir() && folder.read_dir().is_ok() || fs::create_dir_all(folder).is_ok()
}

/// Whether a folder is there or can be made, and takes files.
pub(crate) fn can_be_written(folder: &Path) -> bool {
    fs::create_dir_all(folder).is_ok() && tempfile::tempfile_in(folder).is_ok()
}

/// Finds out early whether [`write_whole`] could write a file: before a compiler takes minutes for it.
pub(crate) fn check_writable(path: &Path) -> Result<(), CacheError> {
    draft(path).map(drop)
}

/// A file that will take the place of `path`, and the lock on its folder.
fn draft(path: &Path) -> Result<(tempfile::NamedTempFile, Option<File>), CacheError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(io_error("create", folder))?;
    // Where folders cannot be locked, what killed processes left stays.
    let lock = File::open(folder).and_then(|file| file.lock().map(|()| file)).ok();
    if lock.is_some() {
        remove_drafts(folder);
    }
    let file = tempfile::Builder::new()
        .prefix(DRAFT)
        .tempfile_in(folder)
        // Its own error names the file, which is nobody's business.
        .map_err(|error| io_error("create a file in", folder)(error.kind().into()))?;
    Ok((file, lock))
}

/// Writes a file so that a reader, or a crash, never sees half of it.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), CacheError> {
    let (file, _lock) = draft(path)?;
    io::Write::write_all(&mut file.as_file(), bytes).map_err(io_error("write", path))?;
    readable_by_all(file.as_file()).map_err(io_error("write", path))?;
    file.persist(path).map_err(|error| io_error("write", path)(error.error))?;
    Ok(())
}

/// Temporary files are private; what becomes of them here is an ordinary file.
#[cfg(unix)]
fn readable_by_all(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &File) -> io::Result<()> {
    Ok(())
}

/// Removes the scratch folders of processes that are gone, as far as that works: a tool may have outlived one.
fn remove_abandoned(room: &Path) {
    for entry in fs::read_dir(room).into_iter().flatten().flatten() {
        if File::open(entry.path()).is_ok_and(|folder| folder.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Removes what killed processes have not finished in a folder that is locked.
fn remove_drafts(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(DRAFT.as_bytes()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Deletes the oldest files of a folder until `limit` bytes or fewer are left.
fn prune(folder: &Path, limit: u64) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        files.push((metadata.modified()?, metadata.len(), entry.path()));
    }
    let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
    files.sort();
    for (_, length, path) in files {
        if total <= limit {
            break;
        }
        fs::remove_file(path)?;
        total -= length;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::time::Duration;

    fn cache() -> (tempfile::TempDir, Cache) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(Some(folder.path().join("cache"))).unwrap();
        (folder, cache)
    }

    #[test]
    fn a_tool_is_installed_once() {
        let (_folder, cache) = cache();
        let times = Cell::new(0);
        let install = |folder: &Path| {
            times.set(times.get() + 1);
            fs::write(folder.join("tool"), "works").map_err(io_error("write", folder))
        };
        let first = cache.install("tool", "1", install).unwrap();
        let second = cache.install("tool", "1", install).unwrap();
        assert_eq!((first.clone(), times.get()), (second, 1));
        assert_eq!(fs::read_to_string(first.join("tool")).unwrap(), "works");
        cache.install("tool", "2", install).unwrap();
        assert_eq!(times.get(), 2);
    }

    #[test]
    fn a_half_finished_installation_is_done_again() {
        let (_folder, cache) = cache();
        let half = cache.room("tools").unwrap().join("tool-1");
        fs::create_dir_all(half.join("rubbish")).unwrap();
        fs::create_dir_all(half.with_file_name(".tool-Xy")).unwrap();
        assert_eq!(cache.installed("tool", "1"), None);
        let folder = cache.install("tool", "1", |_| Ok::<_, CacheError>(())).unwrap();
        assert!(!folder.join("rubbish").exists() && !folder.with_file_name(".tool-Xy").exists());
        assert_eq!(cache.installed("tool", "1"), Some(folder));
    }

    #[test]
    fn a_failed_installation_leaves_nothing() {
        let (_folder, cache) = cache();
        let result = cache.install("tool", "1", |folder| {
            fs::write(folder.join("part"), "").unwrap();
            Err(CacheError::NoFolder)
        });
        assert!(result.is_err());
        assert_eq!(fs::read_dir(cache.folder().join("tools")).unwrap().count(), 0);
    }

    #[test]
    fn the_work_of_killed_builds_is_removed_and_that_of_others_is_not() {
        let (_folder, cache) = cache();
        let living = cache.scratch().unwrap();
        let killed = cache.room("tmp").unwrap().join("killed");
        fs::create_dir(&killed).unwrap();
        let next = cache.scratch().unwrap();
        assert!(!killed.exists());
        assert!(living.path().exists() && next.path().exists());
    }

    #[test]
    fn what_a_killed_process_was_writing_goes_with_the_next_write() {
        let folder = tempfile::tempdir().unwrap();
        let half = folder.path().join(format!("{DRAFT}Xy12"));
        fs::write(&half, "half").unwrap();
        let foreign = folder.path().join(".airssys-of-mine");
        fs::write(&foreign, "whole").unwrap();
        write_whole(&folder.path().join("new"), b"whole").unwrap();
        assert!(!half.exists() && foreign.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn the_oldest_files_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        for (name, age) in [("old", 30), ("middle", 20), ("new", 10)] {
            let path = folder.path().join(name);
            fs::write(&path, [0; 100]).unwrap();
            let file = File::options().append(true).open(&path).unwrap();
            file.set_modified(now - Duration::from_secs(age)).unwrap();
        }
        prune(folder.path(), 250).unwrap();
        assert!(!folder.path().join("old").exists());
        assert!(folder.path().join("middle").exists() && folder.path().join("new").exists());
    }
}
