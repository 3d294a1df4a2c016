//! `airssys:ext-filesystem`: converts, lets [`filesystem`](super::filesystem) do the work where blocking is allowed, and
//! converts back. Nothing is decided here.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use wasmtime::component::Resource;

use crate::background::in_place;
use crate::bindings::{directories, files, filesystem_types as wit, paths, types};
use crate::capability::adapter::same_cases;
use crate::capability::filesystem::{self as fs, DirectoryCursor, File, MAX_PATH_BYTES};
use crate::capability::host_memory::HostMemory;
use crate::host_state::HostState;

/// What an operation copies that only has paths: two, as long as they may be, there and back.
const NAMES: u64 = 4 * MAX_PATH_BYTES as u64;
/// What one entry of a list takes, with a name as long as it may be.
const ENTRY_BYTES: u64 = 300;

/// What so many entries of a list take at most.
fn entry_bytes(entries: usize) -> u64 {
    ENTRY_BYTES.saturating_mul(entries as u64)
}

/// Of a path that is too long in any case, what is enough to say so: it waits for its turn in the host's memory.
fn cut(mut path: String) -> String {
    if path.len() > MAX_PATH_BYTES + 1 {
        path.truncate(path.ceil_char_boundary(MAX_PATH_BYTES + 1));
        path.shrink_to_fit();
    }
    path
}

/// What an operation gives: the engine's trap outside, the contract's error inside.
type Answer<T> = wasmtime::Result<Result<T, wit::FilesystemError>>;

/// Where work is done that may block, and what it may take.
struct Places {
    threads: Arc<Semaphore>,
    memory: HostMemory,
    /// The bytes that the work copies, at most.
    bytes: u64,
}

/// Does work that may block, away from the executor's threads, once there is room for what it copies. Its place is free
/// again when the work is done, also when the guest was interrupted long before.
async fn blocking<T, F>(places: Places, work: F) -> Answer<T>
where
    T: Send + 'static,
    F: FnOnce() -> fs::Result<T> + Send + 'static,
{
    let room = places.memory.room(places.bytes).await;
    let (result, _room) = in_place(places.threads, "use the filesystem", move |_| (work(), room)).await?;
    Ok(result.map_err(Into::into))
}

fn convert<T, U: From<T>>(answer: Answer<T>) -> Answer<U> {
    answer.map(|result| result.map(U::from))
}

// Neither future borrows the state: it is not to be held while the work is done elsewhere.
impl HostState {
    /// What one read copies, at most.
    fn read_bytes(&self, asked: u32) -> u64 {
        u64::from(asked).min(self.capabilities.filesystem.limits().max_read_bytes)
    }

    fn places(&self, bytes: u64) -> Places {
        Places { threads: Arc::clone(&self.capabilities.blocking), memory: self.capabilities.memory.clone(), bytes }
    }

    fn on_filesystem<T, F>(&self, bytes: u64, work: F) -> impl Future<Output = Answer<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&fs::Filesystem) -> fs::Result<T> + Send + 'static,
    {
        let (filesystem, waiting) = self.capabilities.filesystem.for_one_operation();
        let places = self.places(bytes);
        async move {
            let _waiting = waiting;
            blocking(places, move || work(&filesystem)).await
        }
    }

    fn on_file<T, F>(
        &self,
        file: &Resource<File>,
        bytes: u64,
        work: F,
    ) -> impl Future<Output = Answer<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&File) -> fs::Result<T> + Send + 'static,
    {
        let file = self.table.get(file).cloned();
        let places = self.places(bytes);
        async move {
            let file = file?;
            blocking(places, move || work(&file)).await
        }
    }
}

impl wit::Host for HostState {}

impl files::Host for HostState {
    async fn open(&mut self, path: String, flags: wit::OpenFlags) -> Answer<Resource<File>> {
        let path = cut(path);
        let flags = flags.into();
        match self.on_filesystem(NAMES, move |filesystem| filesystem.open(&path, flags)).await? {
            Ok(file) => Ok(Ok(self.table.push(file)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn read_file(&mut self, path: String) -> Answer<Vec<u8>> {
        let path = cut(path);
        let bytes = self.capabilities.filesystem.limits().max_read_file_bytes;
        self.on_filesystem(bytes, move |filesystem| filesystem.read_file(&path)).await
    }

    async fn write_file(&mut self, path: String, data: Vec<u8>) -> Answer<()> {
        let path = cut(path);
        self.on_filesystem(data.len() as u64, move |filesystem| filesystem.write_file(&path, &data)).await
    }

    async fn append_file(&mut self, path: String, data: Vec<u8>) -> Answer<()> {
        let path = cut(path);
        self.on_filesystem(data.len() as u64, move |filesystem| filesystem.append_file(&path, &data)).await
    }

    async fn delete_file(&mut self, path: String) -> Answer<()> {
        let path = cut(path);
        self.on_filesystem(NAMES, move |filesystem| filesystem.delete_file(&path)).await
    }

    async fn copy_file(&mut self, source: String, destination: String, on_existing: wit::OnExisting) -> Answer<u64> {
        let (source, destination) = (cut(source), cut(destination));
        let on_existing = on_existing.into();
        self.on_filesystem(NAMES, move |filesystem| filesystem.copy_file(&source, &destination, on_existing)).await
    }

    async fn rename(&mut self, source: String, destination: String, on_existing: wit::OnExisting) -> Answer<()> {
        let (source, destination) = (cut(source), cut(destination));
        let on_existing = on_existing.into();
        self.on_filesystem(NAMES, move |filesystem| filesystem.rename(&source, &destination, on_existing)).await
    }
}

impl files::HostFile for HostState {
    async fn read(&mut self, file: Resource<File>, max_bytes: u32) -> Answer<Vec<u8>> {
        let bytes = self.read_bytes(max_bytes);
        self.on_file(&file, bytes, move |file| file.read(max_bytes)).await
    }

    async fn read_at(&mut self, file: Resource<File>, offset: u64, max_bytes: u32) -> Answer<Vec<u8>> {
        let bytes = self.read_bytes(max_bytes);
        self.on_file(&file, bytes, move |file| file.read_at(offset, max_bytes)).await
    }

    async fn write(&mut self, file: Resource<File>, data: Vec<u8>) -> Answer<u32> {
        self.on_file(&file, data.len() as u64, move |file| file.write(&data)).await
    }

    async fn write_at(&mut self, file: Resource<File>, offset: u64, data: Vec<u8>) -> Answer<u32> {
        self.on_file(&file, data.len() as u64, move |file| file.write_at(offset, &data)).await
    }

    async fn seek(&mut self, file: Resource<File>, position: wit::SeekFrom) -> Answer<u64> {
        let position = position.into();
        self.on_file(&file, NAMES, move |file| file.seek(position)).await
    }

    async fn sync(&mut self, file: Resource<File>, kind: wit::SyncKind) -> Answer<()> {
        let kind = kind.into();
        self.on_file(&file, NAMES, move |file| file.sync(kind)).await
    }

    async fn set_size(&mut self, file: Resource<File>, size: u64) -> Answer<()> {
        self.on_file(&file, NAMES, move |file| file.set_size(size)).await
    }

    async fn metadata(&mut self, file: Resource<File>) -> Answer<wit::FileMetadata> {
        convert(self.on_file(&file, NAMES, File::metadata).await)
    }

    async fn lock(&mut self, file: Resource<File>, kind: wit::LockKind, timeout_ms: Option<u32>) -> Answer<()> {
        // Waiting for a lock holds no thread.
        let file = self.table.get(&file)?.clone();
        let timeout = timeout_ms.map(|ms| Duration::from_millis(ms.into()));
        Ok(file.lock(kind.into(), timeout).await.map_err(Into::into))
    }

    async fn unlock(&mut self, file: Resource<File>) -> Answer<()> {
        self.on_file(&file, NAMES, File::unlock).await
    }

    async fn drop(&mut self, file: Resource<File>) -> wasmtime::Result<()> {
        let file = self.table.delete(file)?;
        // Closing a file can wait for the disk or the network behind it; when the guest goes on, its lock is free.
        tokio::task::spawn_blocking(move || std::mem::drop(file)).await?;
        Ok(())
    }
}

impl directories::Host for HostState {
    async fn open_directory(&mut self, path: String) -> Answer<Resource<DirectoryCursor>> {
        let path = cut(path);
        match self.on_filesystem(NAMES, move |filesystem| filesystem.open_directory(&path)).await? {
            Ok(cursor) => Ok(Ok(self.table.push(cursor)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn list_directory(&mut self, path: String) -> Answer<Vec<wit::DirectoryEntry>> {
        let path = cut(path);
        let bytes = entry_bytes(self.capabilities.filesystem.limits().max_list_entries);
        let answer = self.on_filesystem(bytes, move |filesystem| filesystem.list_directory(&path)).await?;
        Ok(answer.map(entries))
    }

    async fn create_directory(&mut self, path: String) -> Answer<()> {
        let path = cut(path);
        self.on_filesystem(NAMES, move |filesystem| filesystem.create_directory(&path)).await
    }

    async fn create_directory_all(&mut self, path: String) -> Answer<()> {
        let path = cut(path);
        self.on_filesystem(NAMES, move |filesystem| filesystem.create_directory_all(&path)).await
    }

    async fn remove_directory(&mut self, path: String) -> Answer<()> {
        let path = cut(path);
        self.on_filesystem(NAMES, move |filesystem| filesystem.remove_directory(&path)).await
    }

    async fn remove_directory_all(&mut self, path: String) -> Answer<()> {
        let path = cut(path);
        self.on_filesystem(NAMES, move |filesystem| filesystem.remove_directory_all(&path)).await
    }

    async fn find(&mut self, root: String, options: wit::FindOptions) -> Answer<Vec<String>> {
        let root = cut(root);
        let options = options.into();
        let bytes = self.capabilities.filesystem.limits().max_find_bytes as u64;
        self.on_filesystem(bytes, move |filesystem| filesystem.find(&root, &options)).await
    }

    async fn measure(&mut self, root: String) -> Answer<wit::DiskUsage> {
        let root = cut(root);
        convert(self.on_filesystem(NAMES, move |filesystem| filesystem.measure(&root)).await)
    }
}

impl directories::HostDirectoryCursor for HostState {
    async fn next(&mut self, cursor: Resource<DirectoryCursor>, max_entries: u32) -> Answer<Vec<wit::DirectoryEntry>> {
        let cursor = self.table.get(&cursor)?.clone();
        let entries_at_most = self.capabilities.filesystem.limits().max_page_entries.min(max_entries as usize);
        let answer = blocking(self.places(entry_bytes(entries_at_most)), move || cursor.next(max_entries)).await?;
        Ok(answer.map(entries))
    }

    async fn drop(&mut self, cursor: Resource<DirectoryCursor>) -> wasmtime::Result<()> {
        self.table.delete(cursor)?;
        Ok(())
    }
}

impl paths::Host for HostState {
    async fn get_metadata(&mut self, path: String) -> Answer<wit::FileMetadata> {
        let path = cut(path);
        convert(self.on_filesystem(NAMES, move |filesystem| filesystem.get_metadata(&path)).await)
    }

    async fn get_link_metadata(&mut self, path: String) -> Answer<wit::FileMetadata> {
        let path = cut(path);
        convert(self.on_filesystem(NAMES, move |filesystem| filesystem.get_link_metadata(&path)).await)
    }

    async fn exists(&mut self, path: String) -> Answer<bool> {
        let path = cut(path);
        self.on_filesystem(NAMES, move |filesystem| filesystem.exists(&path)).await
    }

    async fn set_permissions(&mut self, path: String, permissions: wit::FilePermissions) -> Answer<()> {
        let path = cut(path);
        let permissions = permissions.into();
        self.on_filesystem(NAMES, move |filesystem| filesystem.set_permissions(&path, permissions)).await
    }

    async fn set_times(&mut self, path: String, times: wit::FileTimes) -> Answer<()> {
        let path = cut(path);
        let times = times.into();
        self.on_filesystem(NAMES, move |filesystem| filesystem.set_times(&path, times)).await
    }

    async fn create_symlink(&mut self, target: String, link: String) -> Answer<()> {
        let (target, link) = (cut(target), cut(link));
        self.on_filesystem(NAMES, move |filesystem| filesystem.create_symlink(&target, &link)).await
    }

    async fn read_symlink(&mut self, link: String) -> Answer<String> {
        let link = cut(link);
        self.on_filesystem(NAMES, move |filesystem| filesystem.read_symlink(&link)).await
    }

    async fn canonicalize(&mut self, path: String) -> Answer<String> {
        let path = cut(path);
        self.on_filesystem(NAMES, move |filesystem| filesystem.canonicalize(&path)).await
    }

    async fn normalize(&mut self, path: String) -> Answer<String> {
        Ok(self.capabilities.filesystem.normalize(&path).map_err(Into::into))
    }

    async fn relative_to(&mut self, path: String, base: String) -> Answer<String> {
        Ok(self.capabilities.filesystem.relative_to(&path, &base).map_err(Into::into))
    }
}

fn entries(entries: Vec<fs::DirectoryEntry>) -> Vec<wit::DirectoryEntry> {
    entries
        .into_iter()
        .map(|entry| wit::DirectoryEntry { name: entry.name, file_type: entry.file_type.into() })
        .collect()
}

impl From<fs::FilesystemError> for wit::FilesystemError {
    fn from(error: fs::FilesystemError) -> Self {
        use fs::FilesystemError as E;
        match error {
            E::NotFound(path) => Self::NotFound(path),
            E::PermissionDenied(denial) => Self::PermissionDenied((*denial).into()),
            E::AlreadyExists(path) => Self::AlreadyExists(path),
            E::InvalidPath(reason) => Self::InvalidPath(reason),
            E::NotADirectory(path) => Self::NotADirectory(path),
            E::IsADirectory(path) => Self::IsADirectory(path),
            E::DirectoryNotEmpty(path) => Self::DirectoryNotEmpty(path),
            E::TooManyLinks(path) => Self::TooManyLinks(path),
            E::NameTooLong(path) => Self::NameTooLong(path),
            E::CrossDevice(path) => Self::CrossDevice(path),
            E::Locked(path) => Self::Locked(path),
            E::InvalidArgument(reason) => Self::InvalidArgument(reason),
            E::Unsupported(reason) => Self::Unsupported(reason),
            E::QuotaExceeded(reason) => Self::QuotaExceeded(reason),
            E::TooManyOpenFiles => Self::TooManyOpenFiles,
            E::Io(reason) => Self::Io(reason),
        }
    }
}

same_cases!(fs::FileType => wit::FileType { Regular, Directory, SymbolicLink, Other });
same_cases!(wit::OnExisting => fs::OnExisting { Fail, Replace });
same_cases!(wit::LockKind => fs::LockKind { Shared, Exclusive });
same_cases!(wit::SyncKind => fs::SyncKind { Data, All });

impl From<wit::OpenFlags> for fs::OpenFlags {
    fn from(flags: wit::OpenFlags) -> Self {
        Self {
            read: flags.contains(wit::OpenFlags::READ),
            write: flags.contains(wit::OpenFlags::WRITE),
            append: flags.contains(wit::OpenFlags::APPEND),
            create: flags.contains(wit::OpenFlags::CREATE),
            create_new: flags.contains(wit::OpenFlags::CREATE_NEW),
            truncate: flags.contains(wit::OpenFlags::TRUNCATE),
            no_follow: flags.contains(wit::OpenFlags::NO_FOLLOW),
        }
    }
}

/// The permissions of the contract, in its order, from the owner's reading to everybody's executing.
const PERMISSIONS: [wit::FilePermissions; 9] = [
    wit::FilePermissions::OWNER_READ,
    wit::FilePermissions::OWNER_WRITE,
    wit::FilePermissions::OWNER_EXECUTE,
    wit::FilePermissions::GROUP_READ,
    wit::FilePermissions::GROUP_WRITE,
    wit::FilePermissions::GROUP_EXECUTE,
    wit::FilePermissions::OTHER_READ,
    wit::FilePermissions::OTHER_WRITE,
    wit::FilePermissions::OTHER_EXECUTE,
];

impl From<wit::FilePermissions> for fs::FilePermissions {
    fn from(permissions: wit::FilePermissions) -> Self {
        let bits = PERMISSIONS.iter().enumerate().filter(|(_, flag)| permissions.contains(**flag));
        Self::from_contract_bits(bits.map(|(bit, _)| 1 << bit).sum())
    }
}

impl From<fs::FilePermissions> for wit::FilePermissions {
    fn from(permissions: fs::FilePermissions) -> Self {
        let bits = permissions.contract_bits();
        let set = PERMISSIONS.iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0);
        set.fold(Self::empty(), |all, (_, flag)| all | *flag)
    }
}

impl From<fs::Timestamp> for types::Timestamp {
    fn from(time: fs::Timestamp) -> Self {
        Self { seconds: time.seconds, nanoseconds: time.nanoseconds }
    }
}

impl From<fs::Metadata> for wit::FileMetadata {
    fn from(metadata: fs::Metadata) -> Self {
        Self {
            file_type: metadata.file_type.into(),
            size: metadata.size,
            permissions: metadata.permissions.into(),
            links: metadata.links,
            accessed: metadata.accessed.map(Into::into),
            modified: metadata.modified.map(Into::into),
            created: metadata.created.map(Into::into),
        }
    }
}

impl From<wit::SeekFrom> for fs::SeekFrom {
    fn from(position: wit::SeekFrom) -> Self {
        match position {
            wit::SeekFrom::Start(offset) => Self::Start(offset),
            wit::SeekFrom::Forward(offset) => Self::Forward(offset),
            wit::SeekFrom::Backward(offset) => Self::Backward(offset),
            wit::SeekFrom::BeforeEnd(offset) => Self::BeforeEnd(offset),
        }
    }
}

impl From<wit::FileTime> for fs::FileTime {
    fn from(time: wit::FileTime) -> Self {
        match time {
            wit::FileTime::Unchanged => Self::Unchanged,
            wit::FileTime::Now => Self::Now,
            wit::FileTime::At(at) => Self::At(fs::Timestamp { seconds: at.seconds, nanoseconds: at.nanoseconds }),
        }
    }
}

impl From<wit::FileTimes> for fs::FileTimes {
    fn from(times: wit::FileTimes) -> Self {
        Self { accessed: times.accessed.into(), modified: times.modified.into() }
    }
}

impl From<wit::FindOptions> for fs::FindOptions {
    fn from(options: wit::FindOptions) -> Self {
        Self {
            pattern: options.pattern,
            max_depth: options.max_depth,
            follow_links: options.follow_links,
            limit: options.limit,
        }
    }
}

impl From<fs::DiskUsage> for wit::DiskUsage {
    fn from(usage: fs::DiskUsage) -> Self {
        Self { files: usage.files, directories: usage.directories, bytes: usage.bytes }
    }
}
