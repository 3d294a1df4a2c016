//! Compiled components, kept in memory and in a private folder.
//!
//! Compiling takes up to ten seconds for a component with an interpreter in it; loading the result takes milliseconds.
//! A compiled component is native code, so what is loaded from the folder must be what this program has put there:
//! see [`CompiledFolder`].

use std::collections::HashMap;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::io::Errno;
use tokio::sync::OnceCell;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::background::blocking;
use crate::compilers::Compilers;
use crate::error::HostFault;
use crate::folders::project_folder;
use crate::load_error::LoadError;
use crate::runtime_config::CacheFolder;

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
    compilers: Arc<Compilers>,
    /// Only what is loaded or being loaded: code that nobody runs is in the folder, and takes no memory.
    loaded: Mutex<HashMap<Key, Weak<OnceCell<Component>>>>,
}

/// A component that can be instantiated. As long as there is one, further loads of the same content share its code.
#[derive(Clone)]
pub(crate) struct Compiled {
    pub(crate) component: Component,
    /// The hash of the file that it was made from.
    pub(crate) content: blake3::Hash,
    _shared: Arc<OnceCell<Component>>,
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
        Ok(Self { engine: engine.clone(), folder, compilers: Compilers::of_this_machine(), loaded: Mutex::default() })
    }

    /// Where compiled components are, if they are kept.
    pub(crate) fn folder(&self) -> Option<(PathBuf, Arc<OwnedFd>)> {
        self.folder.as_ref().map(|folder| (folder.path.clone(), Arc::clone(&folder.directory)))
    }

    /// The compiled form of `bytes`, which are a component in binary form.
    pub(crate) async fn get(&self, bytes: Arc<Vec<u8>>) -> Result<Compiled, LoadError> {
        let (engine, content) = (self.engine.clone(), Arc::clone(&bytes));
        let (key, content) = blocking(move |_| {
            let content = blake3::hash(&content);
            (key(&engine, content), content)
        })
        .await;
        let cell = self.cell(key);
        // Several loads of one file at a time compile it once.
        let component = cell.get_or_try_init(|| self.make(key, bytes)).await?.clone();
        Ok(Compiled { component, content, _shared: cell })
    }

    fn cell(&self, key: Key) -> Arc<OnceCell<Component>> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = loaded.get(&key).and_then(Weak::upgrade) {
            return cell;
        }
        loaded.retain(|_, cell| cell.strong_count() > 0);
        let cell = Arc::default();
        loaded.insert(key, Arc::downgrade(&cell));
        cell
    }

    /// Takes a component from the folder, or compiles it when its turn has come.
    async fn make(&self, key: Key, bytes: Arc<Vec<u8>>) -> Result<Component, LoadError> {
        if let Some(folder) = self.folder.clone() {
            let engine = self.engine.clone();
            if let Some(component) = blocking(move |_| folder.load(&engine, key)).await {
                return Ok(component);
            }
        }
        let slot = self.compilers.slot().await?;
        let (engine, folder) = (self.engine.clone(), self.folder.clone());
        let compiling = tokio::task::spawn_blocking(move || {
            // Held until the compiler is done, whether or not anybody still waits for it.
            let _slot = slot;
            compile(&engine, folder.as_ref(), key, &bytes)
        });
        // A component that makes the compiler panic is not to end the host with it.
        compiling.await.unwrap_or_else(|panic| Err(LoadError::invalid(wasmtime::Error::new(panic))))
    }
}

fn compile(engine: &Engine, folder: Option<&CompiledFolder>, key: Key, bytes: &[u8]) -> Result<Component, LoadError> {
    let Some(folder) = folder else {
        compiling(bytes);
        return Component::from_binary(engine, bytes).map_err(LoadError::invalid);
    };
    // Another process may have been faster.
    if let Some(component) = folder.load(engine, key) {
        return Ok(component);
    }
    compiling(bytes);
    let compiled = engine.precompile_component(bytes).map_err(LoadError::invalid)?;
    match folder.store(key, &compiled) {
        Ok(()) => {
            if let Some(component) = folder.load(engine, key) {
                return Ok(component);
            }
        }
        // A full disk is no reason not to run.
        Err(error) => tracing::warn!(folder = %folder.path.display(), %error, "a compiled component is not kept"),
    }
    Component::from_binary(engine, bytes).map_err(LoadError::invalid)
}

/// Says that something begins that takes seconds for a large component, for whoever shows progress.
fn compiling(component: &[u8]) {
    tracing::debug!(target: "airssys_wasm::compiling", bytes = component.len(), "compiling a component for this machine");
}

/// The content and everything the engine's output depends on: its version, its settings, the machine.
fn key(engine: &Engine, content: blake3::Hash) -> Key {
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
    hasher.0.update(content.as_bytes());
    hasher.0.finalize()
}

/// What follows when there is no folder to be used, and the way out.
const NOT_KEPT: &str =
    "compiled components are not kept, so that each run compiles anew; let AIRSSYS_WASM_CACHE name a folder for them";

fn default_folder() -> Option<PathBuf> {
    Some(project_folder()?.join("compiled"))
}

/// A folder of compiled components that nobody but this user can write to. It is held open: what its path leads to later
/// does not matter.
#[derive(Clone)]
struct CompiledFolder {
    path: PathBuf,
    directory: Arc<OwnedFd>,
    limit_bytes: u64,
}

impl CompiledFolder {
    fn open(path: PathBuf) -> io::Result<Self> {
        // Without a slash at the end, with which the system follows a link.
        let path: PathBuf = path.components().collect();
        fs::DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(&path)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let directory = rustix::fs::openat(CWD, &path, flags, Mode::empty()).map_err(|errno| match errno {
            Errno::NOTDIR | Errno::LOOP => {
                io::Error::new(io::ErrorKind::NotADirectory, "it is not a folder, or a link to one")
            }
            errno => errno.into(),
        })?;
        let about = rustix::fs::fstat(&directory)?;
        if about.st_uid != rustix::process::geteuid().as_raw() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to somebody else"));
        }
        if about.st_mode & 0o777 != FOLDER_MODE {
            rustix::fs::fchmod(&directory, Mode::from_raw_mode(FOLDER_MODE))?;
        }
        Ok(Self { path, directory: Arc::new(directory), limit_bytes: MAX_FOLDER_BYTES })
    }

    fn file(key: Key) -> String {
        format!("{key}.cwasm")
    }

    fn sum_file(key: Key) -> String {
        format!("{key}.blake3")
    }

    /// Writes under another name first, so that a reader sees all of a file or none, also after a crash.
    fn store(&self, key: Key, compiled: &[u8]) -> io::Result<()> {
        self.make_room(compiled.len() as u64)?;
        self.write(&Self::file(key), compiled)?;
        // The sum comes last: without it the file is not used.
        self.write(&Self::sum_file(key), blake3::hash(compiled).as_bytes())
    }

    /// Removes the oldest files until `bytes` fit in. Who has one of them mapped keeps it. An embedder may have named a
    /// folder with files of its own, which are not counted and stay.
    fn make_room(&self, bytes: u64) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.directory)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            if !is_ours(name) {
                continue;
            }
            // Another process may have removed it meanwhile.
            if let Ok(about) = rustix::fs::statat(&self.directory, name, AtFlags::SYMLINK_NOFOLLOW) {
                let length = u64::try_from(about.st_size).unwrap_or_default();
                files.push(((about.st_mtime, about.st_mtime_nsec), length, name.to_owned()));
            }
        }
        let mut total = bytes + files.iter().map(|(_, length, _)| length).sum::<u64>();
        files.sort_unstable();
        for (_, length, name) in files {
            if total <= self.limit_bytes {
                break;
            }
            if rustix::fs::unlinkat(&self.directory, &name, AtFlags::empty()).is_ok() {
                total -= length;
            }
        }
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let draft = format!("{:016x}.part", rand::random::<u64>());
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let written = rustix::fs::openat(&self.directory, &draft, flags, Mode::from_raw_mode(FILE_MODE))
            .map_err(io::Error::from)
            .and_then(|file| {
                let mut file = File::from(file);
                file.write_all(bytes)?;
                file.sync_all()?;
                Ok(rustix::fs::renameat(&self.directory, &draft, &self.directory, name)?)
            });
        if written.is_err() {
            let _ = rustix::fs::unlinkat(&self.directory, &draft, AtFlags::empty());
        }
        written
    }

    /// The component, unless it is absent, damaged or made by another engine; then it is compiled again.
    fn load(&self, engine: &Engine, key: Key) -> Option<Component> {
        let path = self.path.join(Self::file(key));
        let sum = self.sum(key)?;
        let file = open_private(&self.directory, &Self::file(key)).ok()?;
        if sum_of(&file).ok()? != sum {
            tracing::warn!(file = %path.display(), "a compiled component is damaged and is made anew");
            return None;
        }
        // SAFETY: the engine runs what is in the file as native code, so the file must hold what
        // `Engine::precompile_component` made and must not change while it is mapped.
        // - Only this user can put a file into the folder: `open` created it or found it to be a real folder (not a
        //   link) of the effective user, with mode 0700, and everything since goes through the descriptor it got then.
        //   Who runs as this user can run any code as this user anyway, and guests cannot get here: they reach files
        //   only below their mounts, and a mount in or above this folder is refused unless it is read-only.
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

impl CompiledFolder {
    /// What the compiled component was when it was written.
    fn sum(&self, key: Key) -> Option<[u8; blake3::OUT_LEN]> {
        let file = open_private(&self.directory, &Self::sum_file(key)).ok()?;
        let mut sum = Vec::new();
        file.take(blake3::OUT_LEN as u64 + 1).read_to_end(&mut sum).ok()?;
        sum.try_into().ok()
    }
}

/// Whether the cache gives files such names: a number in hexadecimal, and what is in it.
fn is_ours(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let digits = match extension {
        "cwasm" | "blake3" => 2 * blake3::OUT_LEN,
        "part" => 16,
        _ => return false,
    };
    stem.len() == digits && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A path that leads to the open file itself where the system has one.
fn path_of(file: &File, path: &Path) -> PathBuf {
    if cfg!(target_os = "linux") { format!("/proc/self/fd/{}", file.as_raw_fd()).into() } else { path.to_owned() }
}

/// Opens a regular file of the folder that belongs to this user and that nobody else may write to.
fn open_private(directory: &OwnedFd, name: &str) -> io::Result<File> {
    // A pipe of that name would keep who opens it waiting.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::openat(directory, name, flags, Mode::empty())?);
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
    use std::os::unix::fs::PermissionsExt;

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
            for file in [CompiledFolder::file(*key), CompiledFolder::sum_file(*key)] {
                let written = std::time::UNIX_EPOCH + std::time::Duration::from_secs(age as u64);
                File::options().write(true).open(folder.path.join(file)).unwrap().set_modified(written).unwrap();
            }
        }
        // Each takes 82 bytes with its sum, so three of the four are there.
        let exists = |key: &Key| folder.path.join(CompiledFolder::file(*key)).exists();
        assert_eq!(keys.iter().filter(|key| exists(key)).count(), 3);
        assert!(!exists(&keys[0]));
        assert!(foreign.exists(), "a file of somebody else's");
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
        let directory: OwnedFd = File::open(folder.path()).unwrap().into();
        let path = folder.path().join("file");
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(open_private(&directory, "file").is_err());
        fs::set_permissions(&path, fs::Permissions::from_mode(FILE_MODE)).unwrap();
        assert_eq!(sum_of(&open_private(&directory, "file").unwrap()).unwrap(), blake3::hash(b"x"));
        std::os::unix::fs::symlink(&path, folder.path().join("link")).unwrap();
        assert!(open_private(&directory, "link").is_err());
        assert!(open_private(&directory, ".").is_err());
    }

    #[test]
    fn a_folder_whose_path_leads_elsewhere_is_still_the_one_in_use() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("compiled");
        let folder = CompiledFolder::open(path.clone()).unwrap();
        fs::rename(&path, base.path().join("moved")).unwrap();
        fs::create_dir(&path).unwrap();
        let key = blake3::hash(b"x");
        folder.store(key, b"compiled").unwrap();
        assert!(base.path().join("moved").join(CompiledFolder::file(key)).exists());
        assert_eq!(folder.sum(key), Some(*blake3::hash(b"compiled").as_bytes()));
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    }

    fn cache(compilers: Compilers) -> Cache {
        let config = crate::RuntimeConfig::default();
        let (engine, _ticker) = crate::engine::build(&config).unwrap();
        let mut cache = Cache::new(&engine, &CacheFolder::Disabled).unwrap();
        cache.compilers = Arc::new(compilers);
        cache
    }

    /// The smallest component, in as many versions as there are numbers.
    fn component(number: u8) -> Arc<Vec<u8>> {
        Arc::new(wat::parse_str(format!("(component (core module (data \"{number}\")))")).unwrap())
    }

    #[tokio::test]
    async fn components_wait_for_their_turn_to_be_compiled_and_who_leaves_gives_up_the_place() {
        let cache = cache(Compilers::new(1, 2));
        let busy = cache.compilers.slot().await.unwrap();
        let waits = |number| Box::pin(cache.get(component(number)));
        let (mut first, mut second, mut third) = (waits(1), waits(2), waits(3));
        let waiting = || cache.compilers.waiting();
        tokio::select! {
            biased;
            _ = &mut first => panic!("nobody compiles"),
            _ = &mut second => panic!("nobody compiles"),
            () = async { while waiting() < 2 { tokio::task::yield_now().await } } => {}
        }
        let error = third.as_mut().await.err().expect("the queue is full");
        assert_eq!((error.code(), error.fault()), ("too-many-compilations", crate::Fault::Host));
        drop(first);
        assert_eq!(waiting(), 1);
        // The next one takes the place.
        let mut third = waits(3);
        tokio::select! {
            biased;
            _ = &mut second => panic!("nobody compiles"),
            _ = &mut third => panic!("nobody compiles"),
            () = async { while waiting() < 2 { tokio::task::yield_now().await } } => {}
        }
        drop(busy);
        let (second, third) = tokio::join!(second, third);
        assert!(second.is_ok() && third.is_ok());
        assert_eq!((waiting(), cache.compilers.free()), (0, 1));
    }

    #[tokio::test]
    async fn several_loads_of_one_content_compile_it_once_and_it_goes_with_the_last_of_them() {
        let cache = cache(Compilers::new(1, 1));
        // One place in the queue: a second compilation would be refused.
        let busy = cache.compilers.slot().await.unwrap();
        let (mut first, mut second) = (Box::pin(cache.get(component(1))), Box::pin(cache.get(component(1))));
        let waiting = || cache.compilers.waiting();
        tokio::select! {
            biased;
            _ = &mut first => panic!("nobody compiles"),
            _ = &mut second => panic!("nobody compiles"),
            () = async { while waiting() < 1 { tokio::task::yield_now().await } } => {}
        }
        drop(busy);
        let (first, second) = tokio::join!(first, second);
        let (first, second) = (first.unwrap(), second.unwrap());
        assert!(Arc::ptr_eq(&first._shared, &second._shared));
        let left = Arc::downgrade(&first._shared);
        drop(first);
        assert!(left.upgrade().is_some(), "the second still runs");
        drop(second);
        assert!(left.upgrade().is_none(), "nobody runs it any more");
        // What is gone leaves no entry behind either.
        drop(cache.get(component(2)).await.unwrap());
        assert_eq!(cache.loaded.lock().unwrap().len(), 1);
    }
}
