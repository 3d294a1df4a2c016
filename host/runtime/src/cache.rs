//! Compiled components, kept in memory and in a private folder.
//!
//! Compiling takes up to ten seconds for a component with an interpreter in it; loading the result takes milliseconds.
//! A compiled component is native code, so what is loaded from the folder must be what this program has put there:
//! see [`CompiledFolder`].

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::config::CacheFolder;
use crate::error::HostFault;
use crate::load_error::LoadError;

/// Components kept in memory for the next instance of the same file. Each holds its machine code, some 50 MB for Python.
const MAX_COMPONENTS_IN_MEMORY: usize = 32;
/// All compiled components in the folder; the oldest go first. One of Python's takes 36 MB.
const MAX_FOLDER_BYTES: u64 = 2 << 30;
/// How much of a file is read at a time.
const READ_BYTES: usize = 256 << 10;
/// Mode of the folder: nobody but the user.
const FOLDER_MODE: u32 = 0o700;
/// Mode of the files in it.
const FILE_MODE: u32 = 0o600;

type Key = blake3::Hash;

/// Turns the bytes of components into something that can be instantiated, once for each content.
pub(crate) struct Cache {
    engine: Engine,
    folder: Option<CompiledFolder>,
    loaded: Mutex<HashMap<Key, Arc<OnceCell<Component>>>>,
}

impl Cache {
    pub(crate) fn new(engine: &Engine, folder: &CacheFolder) -> Result<Self, HostFault> {
        let folder = match folder {
            CacheFolder::Disabled => None,
            CacheFolder::At(path) => Some(
                CompiledFolder::open(path.clone())
                    .map_err(|error| HostFault::new(format!("use the cache folder {}", path.display()), error))?,
            ),
            // A machine without a usable home still runs components; it compiles them every time.
            CacheFolder::Default => match default_folder() {
                Some(path) => CompiledFolder::open(path.clone())
                    .inspect_err(|error| tracing::warn!(folder = %path.display(), %error, "{NOT_KEPT}"))
                    .ok(),
                None => {
                    tracing::warn!("there is no home folder: {NOT_KEPT}");
                    None
                }
            },
        };
        Ok(Self { engine: engine.clone(), folder, loaded: Mutex::default() })
    }

    /// The compiled form of `bytes`, which are a component in binary form.
    pub(crate) async fn get(&self, bytes: Arc<Vec<u8>>) -> Result<Component, LoadError> {
        let key = key(&self.engine, &bytes);
        let cell = {
            let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            if loaded.len() >= MAX_COMPONENTS_IN_MEMORY && !loaded.contains_key(&key) {
                // Which one goes matters little: what is running holds its own reference, and the folder has the rest.
                if let Some(first) = loaded.keys().next().copied() {
                    loaded.remove(&first);
                }
            }
            Arc::clone(loaded.entry(key).or_default())
        };
        // Several loads of one file at a time compile it once.
        cell.get_or_try_init(|| async {
            let engine = self.engine.clone();
            let folder = self.folder.clone();
            tokio::task::spawn_blocking(move || compile(&engine, folder.as_ref(), key, &bytes))
                .await
                // A component that makes the compiler panic is not to end the host with it.
                .unwrap_or_else(|panic| Err(LoadError::Invalid(wasmtime::Error::new(panic))))
        })
        .await
        .cloned()
    }
}

fn compile(engine: &Engine, folder: Option<&CompiledFolder>, key: Key, bytes: &[u8]) -> Result<Component, LoadError> {
    let Some(folder) = folder else {
        compiling(bytes);
        return Component::from_binary(engine, bytes).map_err(LoadError::Invalid);
    };
    if let Some(component) = folder.load(engine, key) {
        return Ok(component);
    }
    compiling(bytes);
    let compiled = engine.precompile_component(bytes).map_err(LoadError::Invalid)?;
    match folder.store(key, &compiled) {
        Ok(()) => {
            if let Some(component) = folder.load(engine, key) {
                return Ok(component);
            }
        }
        // A full disk is no reason not to run.
        Err(error) => tracing::warn!(folder = %folder.path.display(), %error, "a compiled component is not kept"),
    }
    Component::from_binary(engine, bytes).map_err(LoadError::Invalid)
}

/// Says that something begins that takes seconds for a large component, for whoever shows progress.
fn compiling(component: &[u8]) {
    tracing::debug!(target: "airssys_wasm::compiling", bytes = component.len(), "compiling a component for this machine");
}

/// The content and everything the engine's output depends on: its version, its settings, the machine.
fn key(engine: &Engine, bytes: &[u8]) -> Key {
    struct Blake3(blake3::Hasher);
    impl Hasher for Blake3 {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut hasher = Blake3(blake3::Hasher::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.update(&(bytes.len() as u64).to_le_bytes());
    hasher.0.update(bytes);
    hasher.0.finalize()
}

/// What follows when there is no folder to be used, and the way out.
const NOT_KEPT: &str =
    "compiled components are not kept, so that each run compiles anew; let AIRSSYS_WASM_CACHE name a folder for them";

/// The variable that names the folder for all that is kept between runs, of the toolchains too.
const CACHE_VARIABLE: &str = "AIRSSYS_WASM_CACHE";

fn default_folder() -> Option<PathBuf> {
    default_folder_in(|name| std::env::var_os(name))
}

/// The folder by these variables of an environment.
fn default_folder_in(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set(CACHE_VARIABLE)
        // As the toolchains take it: relative to the current folder.
        .map(|folder| std::path::absolute(&folder).unwrap_or(folder))
        // The rules of both say that a relative path is to be passed over.
        .or_else(|| set("XDG_CACHE_HOME").filter(|path| path.is_absolute()).map(|cache| cache.join("airssys-wasm")))
        .or_else(|| set("HOME").filter(|path| path.is_absolute()).map(|home| home.join(".cache/airssys-wasm")))?;
    Some(base.join("compiled"))
}

/// A folder of compiled components that nobody but this user can write to.
#[derive(Clone)]
struct CompiledFolder {
    path: PathBuf,
    limit_bytes: u64,
}

impl CompiledFolder {
    fn open(path: PathBuf) -> io::Result<Self> {
        // Without a slash at the end, with which the system follows a link.
        let path: PathBuf = path.components().collect();
        fs::DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(&path)?;
        let about = fs::symlink_metadata(&path)?;
        if !about.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is not a folder, or a link to one"));
        }
        if about.uid() != rustix::process::geteuid().as_raw() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to somebody else"));
        }
        if about.mode() & 0o777 != FOLDER_MODE {
            fs::set_permissions(&path, fs::Permissions::from_mode(FOLDER_MODE))?;
        }
        Ok(Self { path, limit_bytes: MAX_FOLDER_BYTES })
    }

    fn file(&self, key: Key) -> PathBuf {
        self.path.join(format!("{key}.cwasm"))
    }

    fn sum_file(&self, key: Key) -> PathBuf {
        self.path.join(format!("{key}.blake3"))
    }

    /// Writes under another name first, so that a reader sees all of a file or none, also after a crash.
    fn store(&self, key: Key, compiled: &[u8]) -> io::Result<()> {
        self.make_room(compiled.len() as u64)?;
        self.write(&self.file(key), compiled)?;
        // The sum comes last: without it the file is not used.
        self.write(&self.sum_file(key), blake3::hash(compiled).as_bytes())
    }

    /// Removes the oldest files until `bytes` fit in. Who has one of them mapped keeps it. An embedder may have named a
    /// folder with files of its own, which are not counted and stay.
    fn make_room(&self, bytes: u64) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if !is_ours(&entry.path()) {
                continue;
            }
            // Another process may have removed it meanwhile.
            if let Ok(about) = entry.metadata() {
                files.push((about.modified()?, about.len(), entry.path()));
            }
        }
        let mut total = bytes + files.iter().map(|(_, length, _)| length).sum::<u64>();
        files.sort_unstable();
        for (_, length, path) in files {
            if total <= self.limit_bytes {
                break;
            }
            if path.is_file() && fs::remove_file(&path).is_ok() {
                total -= length;
            }
        }
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let draft = self.path.join(format!("{:016x}.part", rand::random::<u64>()));
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(FILE_MODE)
            .open(&draft)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&draft, path));
        if written.is_err() {
            let _ = fs::remove_file(&draft);
        }
        written
    }

    /// The component, unless it is absent, damaged or made by another engine; then it is compiled again.
    fn load(&self, engine: &Engine, key: Key) -> Option<Component> {
        let path = self.file(key);
        let sum: [u8; blake3::OUT_LEN] = fs::read(self.sum_file(key)).ok()?.try_into().ok()?;
        let file = open_private(&path).ok()?;
        if sum_of(&file).ok()? != sum {
            tracing::warn!(file = %path.display(), "a compiled component is damaged and is made anew");
            return None;
        }
        // SAFETY: the engine runs what is in the file as native code, so the file must hold what
        // `Engine::precompile_component` made and must not change while it is mapped.
        // - Only this user can put a file into the folder: `open` created it or found it to be a real folder (not a
        //   link) of the effective user, with mode 0700. Who runs as this user can run any code as this user anyway,
        //   and guests cannot get here: they reach files only below their mounts, through the policy.
        // - `open_private` found a regular file of this user which nobody else may write to, and `sum_of` found its
        //   bytes to be exactly those that `store` hashed, so a torn write, a bad disk or a stray edit are found out.
        //   What is mapped is the file that is open, not whatever may have its name by now.
        // - `store` only ever renames complete files into place; it never writes to one that may be mapped, and
        //   `make_room` only takes away the name.
        // - The key covers the engine's version, settings and target, and the engine checks these again on its own.
        #[expect(unsafe_code, reason = "loading precompiled code; argued for above")]
        let component = unsafe { Component::deserialize_file(engine, path_of(&file, &path)) };
        component
            .inspect_err(|error| tracing::warn!(file = %path.display(), %error, "a compiled component is made anew"))
            .ok()
    }
}

/// Whether the cache gives files such names: a number in hexadecimal, and what is in it.
fn is_ours(path: &Path) -> bool {
    let has_extension = path.extension().is_some_and(|extension| extension == "cwasm" || extension == "blake3");
    let is_draft = path.extension().is_some_and(|extension| extension == "part");
    let digits = if is_draft { 16 } else { 2 * blake3::OUT_LEN };
    let stem = path.file_stem().unwrap_or_default().as_encoded_bytes();
    (has_extension || is_draft) && stem.len() == digits && stem.iter().all(u8::is_ascii_hexdigit)
}

/// A path that leads to the open file itself where the system has one.
fn path_of(file: &File, path: &Path) -> PathBuf {
    if cfg!(target_os = "linux") { format!("/proc/self/fd/{}", file.as_raw_fd()).into() } else { path.to_owned() }
}

/// Opens a regular file that belongs to this user and that nobody else may write to.
fn open_private(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let about = file.metadata()?;
    if about.is_file() && about.uid() == rustix::process::geteuid().as_raw() && about.mode() & 0o022 == 0 {
        Ok(file)
    } else {
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "not a private file of this user"))
    }
}

fn sum_of(mut file: &File) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize()),
            count => hasher.update(&buffer[..count]),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_files_make_room() {
        let folder = tempfile::tempdir().unwrap();
        let mut folder = CompiledFolder::open(folder.path().join("compiled")).unwrap();
        folder.limit_bytes = 250;
        let foreign = folder.path.join("holiday.part");
        fs::write(&foreign, [0; 1000]).unwrap();
        File::options().write(true).open(&foreign).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
        let keys: Vec<_> = (0..4_u8).map(|number| blake3::hash(&[number])).collect();
        for (age, key) in keys.iter().enumerate() {
            folder.store(*key, &[0; 50]).unwrap();
            for file in [folder.file(*key), folder.sum_file(*key)] {
                let written = std::time::UNIX_EPOCH + std::time::Duration::from_secs(age as u64);
                File::options().write(true).open(file).unwrap().set_modified(written).unwrap();
            }
        }
        // Each takes 82 bytes with its sum, so three of the four are there.
        assert_eq!(keys.iter().filter(|key| folder.file(**key).exists()).count(), 3);
        assert!(!folder.file(keys[0]).exists());
        assert!(foreign.exists(), "a file of somebody else's");
    }

    #[test]
    fn one_variable_names_the_folder_before_those_of_the_system() {
        let folder = |set: &[(&str, &str)]| {
            default_folder_in(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()))
        };
        let (own, cache, home) = (("AIRSSYS_WASM_CACHE", "/own"), ("XDG_CACHE_HOME", "/cache"), ("HOME", "/home/me"));
        assert_eq!(folder(&[home, cache, own]), Some("/own/compiled".into()));
        assert_eq!(folder(&[home, cache]), Some("/cache/airssys-wasm/compiled".into()));
        assert_eq!(folder(&[home, ("XDG_CACHE_HOME", "cache")]), Some("/home/me/.cache/airssys-wasm/compiled".into()));
        assert_eq!(folder(&[home, ("AIRSSYS_WASM_CACHE", "")]), Some("/home/me/.cache/airssys-wasm/compiled".into()));
        assert_eq!(folder(&[("AIRSSYS_WASM_CACHE", "own")]), std::path::absolute("own/compiled").ok());
        assert_eq!(folder(&[("HOME", "")]), None);
    }

    #[test]
    fn a_link_to_a_folder_is_refused_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path(), &link).unwrap();
        for path in [link.clone(), link.join(""), link.join(".")] {
            assert!(CompiledFolder::open(path.clone()).is_err(), "{}", path.display());
        }
    }

    #[test]
    fn a_file_that_others_could_have_written_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(open_private(&path).is_err());
        fs::set_permissions(&path, fs::Permissions::from_mode(FILE_MODE)).unwrap();
        assert_eq!(sum_of(&open_private(&path).unwrap()).unwrap(), blake3::hash(b"x"));
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(open_private(&link).is_err());
    }
}
