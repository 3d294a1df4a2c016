//! `files`, `directories` and `paths`, forwarded.

use airssys_wasm_sdk::FilesystemError as SdkError;
use airssys_wasm_sdk::{directories, files, paths};

use crate::Exports;
use crate::bindings::airssys::core::types::Timestamp;
use crate::bindings::airssys::ext_filesystem::types as wit;
use crate::bindings::exports::airssys::ext_filesystem as exports;
use crate::host_services::denial;

type Result<T> = std::result::Result<T, wit::FilesystemError>;

fn error(error: SdkError) -> wit::FilesystemError {
    use wit::FilesystemError as Wit;
    match error {
        SdkError::NotFound(path) => Wit::NotFound(path),
        SdkError::PermissionDenied(reason) => Wit::PermissionDenied(denial(reason)),
        SdkError::AlreadyExists(path) => Wit::AlreadyExists(path),
        SdkError::InvalidPath(text) => Wit::InvalidPath(text),
        SdkError::NotADirectory(path) => Wit::NotADirectory(path),
        SdkError::IsADirectory(path) => Wit::IsADirectory(path),
        SdkError::DirectoryNotEmpty(path) => Wit::DirectoryNotEmpty(path),
        SdkError::TooManyLinks(path) => Wit::TooManyLinks(path),
        SdkError::NameTooLong(path) => Wit::NameTooLong(path),
        SdkError::CrossDevice(path) => Wit::CrossDevice(path),
        SdkError::Locked(path) => Wit::Locked(path),
        SdkError::InvalidArgument(text) => Wit::InvalidArgument(text),
        SdkError::Unsupported(text) => Wit::Unsupported(text),
        SdkError::QuotaExceeded(text) => Wit::QuotaExceeded(text),
        SdkError::TooManyOpenFiles => Wit::TooManyOpenFiles,
        SdkError::Io(text) => Wit::Io(text),
        other => unreachable!("the contract has no such case: {other}"),
    }
}

fn timestamp(time: airssys_wasm_sdk::Timestamp) -> Timestamp {
    Timestamp { seconds: time.seconds, nanoseconds: time.nanoseconds }
}

fn file_type(kind: files::FileType) -> wit::FileType {
    match kind {
        files::FileType::Regular => wit::FileType::Regular,
        files::FileType::Directory => wit::FileType::Directory,
        files::FileType::SymbolicLink => wit::FileType::SymbolicLink,
        files::FileType::Other => wit::FileType::Other,
    }
}

fn metadata(metadata: files::FileMetadata) -> wit::FileMetadata {
    wit::FileMetadata {
        file_type: file_type(metadata.file_type),
        size: metadata.size,
        permissions: wit::FilePermissions::from_bits_retain(metadata.permissions.bits()),
        links: metadata.links,
        accessed: metadata.accessed.map(timestamp),
        modified: metadata.modified.map(timestamp),
        created: metadata.created.map(timestamp),
    }
}

fn on_existing(on_existing: wit::OnExisting) -> files::OnExisting {
    match on_existing {
        wit::OnExisting::Fail => files::OnExisting::Fail,
        wit::OnExisting::Replace => files::OnExisting::Replace,
    }
}

fn file_time(time: wit::FileTime) -> paths::FileTime {
    match time {
        wit::FileTime::Unchanged => paths::FileTime::Unchanged,
        wit::FileTime::Now => paths::FileTime::Now,
        wit::FileTime::At(at) => {
            paths::FileTime::At(airssys_wasm_sdk::Timestamp { seconds: at.seconds, nanoseconds: at.nanoseconds })
        }
    }
}

fn entry(entry: directories::DirectoryEntry) -> wit::DirectoryEntry {
    wit::DirectoryEntry { name: entry.name, file_type: file_type(entry.file_type) }
}

pub struct File(files::File);

/// `open`, before the handle is made.
pub fn open(path: &str, flags: wit::OpenFlags) -> Result<File> {
    let flags = files::OpenFlags::from_bits_retain(flags.bits());
    files::open(path, flags).map(File).map_err(error)
}

impl exports::files::GuestFile for File {
    fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        self.0.read(max_bytes).map_err(error)
    }

    fn read_at(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
        self.0.read_at(offset, max_bytes).map_err(error)
    }

    fn write(&self, data: Vec<u8>) -> Result<u32> {
        self.0.write(&data).map_err(error)
    }

    fn write_at(&self, offset: u64, data: Vec<u8>) -> Result<u32> {
        self.0.write_at(offset, &data).map_err(error)
    }

    fn seek(&self, position: wit::SeekFrom) -> Result<u64> {
        let position = match position {
            wit::SeekFrom::Start(offset) => files::SeekFrom::Start(offset),
            wit::SeekFrom::Forward(offset) => files::SeekFrom::Forward(offset),
            wit::SeekFrom::Backward(offset) => files::SeekFrom::Backward(offset),
            wit::SeekFrom::BeforeEnd(offset) => files::SeekFrom::BeforeEnd(offset),
        };
        self.0.seek(position).map_err(error)
    }

    fn sync(&self, kind: wit::SyncKind) -> Result<()> {
        let kind = match kind {
            wit::SyncKind::Data => files::SyncKind::Data,
            wit::SyncKind::All => files::SyncKind::All,
        };
        self.0.sync(kind).map_err(error)
    }

    fn set_size(&self, size: u64) -> Result<()> {
        self.0.set_size(size).map_err(error)
    }

    fn metadata(&self) -> Result<wit::FileMetadata> {
        self.0.metadata().map(metadata).map_err(error)
    }

    fn lock(&self, kind: wit::LockKind, timeout_ms: Option<u32>) -> Result<()> {
        let kind = match kind {
            wit::LockKind::Shared => files::LockKind::Shared,
            wit::LockKind::Exclusive => files::LockKind::Exclusive,
        };
        self.0.lock(kind, timeout_ms).map_err(error)
    }

    fn unlock(&self) -> Result<()> {
        self.0.unlock().map_err(error)
    }
}

impl exports::files::Guest for Exports {
    type File = File;

    fn open(path: String, flags: wit::OpenFlags) -> Result<exports::files::File> {
        open(&path, flags).map(exports::files::File::new)
    }

    fn read_file(path: String) -> Result<Vec<u8>> {
        files::read_file(&path).map_err(error)
    }

    fn write_file(path: String, data: Vec<u8>) -> Result<()> {
        files::write_file(&path, &data).map_err(error)
    }

    fn append_file(path: String, data: Vec<u8>) -> Result<()> {
        files::append_file(&path, &data).map_err(error)
    }

    fn delete_file(path: String) -> Result<()> {
        files::delete_file(&path).map_err(error)
    }

    fn copy_file(source: String, destination: String, existing: wit::OnExisting) -> Result<u64> {
        files::copy_file(&source, &destination, on_existing(existing)).map_err(error)
    }

    fn rename(source: String, destination: String, existing: wit::OnExisting) -> Result<()> {
        files::rename(&source, &destination, on_existing(existing)).map_err(error)
    }
}

pub struct DirectoryCursor(directories::DirectoryCursor);

impl exports::directories::GuestDirectoryCursor for DirectoryCursor {
    fn next(&self, max_entries: u32) -> Result<Vec<wit::DirectoryEntry>> {
        let entries = self.0.next(max_entries).map_err(error)?;
        Ok(entries.into_iter().map(entry).collect())
    }
}

impl exports::directories::Guest for Exports {
    type DirectoryCursor = DirectoryCursor;

    fn open_directory(path: String) -> Result<exports::directories::DirectoryCursor> {
        let cursor = directories::open_directory(&path).map_err(error)?;
        Ok(exports::directories::DirectoryCursor::new(DirectoryCursor(cursor)))
    }

    fn list_directory(path: String) -> Result<Vec<wit::DirectoryEntry>> {
        let entries = directories::list_directory(&path).map_err(error)?;
        Ok(entries.into_iter().map(entry).collect())
    }

    fn create_directory(path: String) -> Result<()> {
        directories::create_directory(&path).map_err(error)
    }

    fn create_directory_all(path: String) -> Result<()> {
        directories::create_directory_all(&path).map_err(error)
    }

    fn remove_directory(path: String) -> Result<()> {
        directories::remove_directory(&path).map_err(error)
    }

    fn remove_directory_all(path: String) -> Result<()> {
        directories::remove_directory_all(&path).map_err(error)
    }

    fn find(root: String, options: wit::FindOptions) -> Result<Vec<String>> {
        let options = directories::FindOptions {
            pattern: options.pattern,
            max_depth: options.max_depth,
            follow_links: options.follow_links,
            limit: options.limit,
        };
        directories::find(&root, &options).map_err(error)
    }

    fn measure(root: String) -> Result<wit::DiskUsage> {
        let usage = directories::measure(&root).map_err(error)?;
        Ok(wit::DiskUsage { files: usage.files, directories: usage.directories, bytes: usage.bytes })
    }
}

impl exports::paths::Guest for Exports {
    fn get_metadata(path: String) -> Result<wit::FileMetadata> {
        paths::get_metadata(&path).map(metadata).map_err(error)
    }

    fn get_link_metadata(path: String) -> Result<wit::FileMetadata> {
        paths::get_link_metadata(&path).map(metadata).map_err(error)
    }

    fn exists(path: String) -> Result<bool> {
        paths::exists(&path).map_err(error)
    }

    fn set_permissions(path: String, permissions: wit::FilePermissions) -> Result<()> {
        let permissions = paths::FilePermissions::from_bits_retain(permissions.bits());
        paths::set_permissions(&path, permissions).map_err(error)
    }

    fn set_times(path: String, times: wit::FileTimes) -> Result<()> {
        let times = paths::FileTimes { accessed: file_time(times.accessed), modified: file_time(times.modified) };
        paths::set_times(&path, times).map_err(error)
    }

    fn create_symlink(target: String, link: String) -> Result<()> {
        paths::create_symlink(&target, &link).map_err(error)
    }

    fn read_symlink(link: String) -> Result<String> {
        paths::read_symlink(&link).map_err(error)
    }

    fn canonicalize(path: String) -> Result<String> {
        paths::canonicalize(&path).map_err(error)
    }

    fn normalize(path: String) -> Result<String> {
        paths::normalize(&path).map_err(error)
    }

    fn relative_to(path: String, base: String) -> Result<String> {
        paths::relative_to(&path, &base).map_err(error)
    }
}
