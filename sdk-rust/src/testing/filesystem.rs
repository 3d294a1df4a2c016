//! `airssys:ext-filesystem`, as the fake host gives it: real files below its folder.

use std::io;
use std::path::PathBuf;

use super::permissions::Access;
use super::{State, normal};
use crate::bindings::airssys::ext_filesystem::types::FilesystemError;

/// Files and cursors that may be open at a time, as hosts limit them.
const MAX_OPEN_FILES: u32 = 256;

type Result<T> = std::result::Result<T, FilesystemError>;

/// Where a path lies, if the component may do this there.
fn allowed(operation: &str, action: &'static str, path: &str) -> Result<PathBuf> {
    allowed_by_one_of(operation, &[action], path)
}

/// Where a path lies, if the component may do one of these there. A refusal names the first.
fn allowed_by_one_of(operation: &str, actions: &[&'static str], path: &str) -> Result<PathBuf> {
    let state = State::current();
    let invalid = || FilesystemError::InvalidPath(path.to_owned());
    let (place, path) = (state.place(path).ok_or_else(invalid)?, normal(path).ok_or_else(invalid)?);
    let denied = state.denies_path(&path);
    let mut first = None;
    for action in actions {
        let access = Access::Filesystem { action, path: &path };
        match state.decide(&format!("ext-filesystem/{operation}"), &access, denied) {
            Ok(()) => return Ok(place),
            Err(denial) => first = first.or(Some(denial)),
        }
    }
    Err(FilesystemError::PermissionDenied(first.expect("there is an action")))
}

/// Where a path lies, if the component may do this to it and to everything below it.
fn allowed_below(operation: &str, action: &'static str, path: &str) -> Result<PathBuf> {
    let place = allowed(operation, action, path)?;
    let mut folders = vec![(place.clone(), normal(path).unwrap_or_default())];
    while let Some((folder, name)) = folders.pop() {
        if folder.is_symlink() {
            continue;
        }
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let below = format!("{}/{}", name.trim_end_matches('/'), entry.file_name().to_string_lossy());
            allowed(operation, action, &below)?;
            folders.push((entry.path(), below));
        }
    }
    Ok(place)
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

fn not_offered<T>(operation: &str) -> Result<T> {
    Err(FilesystemError::Unsupported(format!("the fake host offers no {operation}")))
}

pub mod files {
    use std::fs;
    use std::io::{Read, Seek, Write};
    use std::os::unix::fs::FileExt;

    use super::{Open, Result, allowed, failed};
    use crate::bindings::airssys::ext_filesystem::types::{
        FileMetadata, FilesystemError, LockKind, OnExisting, OpenFlags, SeekFrom, SyncKind,
    };

    /// An open file. The standard library checks at each use what it was opened for.
    #[derive(Debug)]
    pub struct File {
        path: String,
        file: fs::File,
        _open: Open,
    }

    pub fn open(path: &str, flags: OpenFlags) -> Result<File> {
        let writes = OpenFlags::WRITE | OpenFlags::APPEND;
        let changes = flags - OpenFlags::READ - OpenFlags::NO_FOLLOW;
        let mut place = None;
        for (of, action) in [(OpenFlags::READ, "read"), (changes, "write")] {
            if flags.intersects(of) {
                place = Some(allowed("files.open", action, path)?);
            }
        }
        let Some(place) = place else {
            return Err(FilesystemError::InvalidArgument("neither read, write nor append".to_owned()));
        };
        if !flags.intersects(writes | OpenFlags::READ) {
            return Err(FilesystemError::InvalidArgument("neither read, write nor append".to_owned()));
        }
        if flags.contains(OpenFlags::NO_FOLLOW) && place.is_symlink() {
            return Err(FilesystemError::TooManyLinks(path.to_owned()));
        }
        let open = Open::count()?;
        let file = fs::OpenOptions::new()
            .read(flags.contains(OpenFlags::READ))
            .write(flags.contains(OpenFlags::WRITE))
            .append(flags.contains(OpenFlags::APPEND))
            .create(flags.contains(OpenFlags::CREATE))
            .create_new(flags.contains(OpenFlags::CREATE_NEW))
            .truncate(flags.contains(OpenFlags::TRUNCATE))
            .open(&place)
            .map_err(failed(path))?;
        if file.metadata().map_err(failed(path))?.is_dir() {
            return Err(FilesystemError::IsADirectory(path.to_owned()));
        }
        Ok(File { path: path.to_owned(), file, _open: open })
    }

    pub fn read_file(path: &str) -> Result<Vec<u8>> {
        fs::read(allowed("files.read-file", "read", path)?).map_err(failed(path))
    }

    pub fn write_file(path: &str, data: &[u8]) -> Result<()> {
        fs::write(allowed("files.write-file", "write", path)?, data).map_err(failed(path))
    }

    pub fn append_file(path: &str, data: &[u8]) -> Result<()> {
        let place = allowed("files.append-file", "write", path)?;
        let file = fs::OpenOptions::new().append(true).create(true).open(place);
        file.and_then(|mut file| file.write_all(data)).map_err(failed(path))
    }

    pub fn delete_file(path: &str) -> Result<()> {
        let place = allowed("files.delete-file", "delete", path)?;
        if place.is_dir() && !place.is_symlink() {
            return Err(FilesystemError::IsADirectory(path.to_owned()));
        }
        fs::remove_file(place).map_err(failed(path))
    }

    pub fn copy_file(source: &str, destination: &str, on_existing: OnExisting) -> Result<u64> {
        let from = allowed("files.copy-file", "read", source)?;
        let to = allowed("files.copy-file", "write", destination)?;
        if from == to {
            return Err(FilesystemError::InvalidArgument("source and destination are the same".to_owned()));
        }
        if from.is_dir() {
            return Err(FilesystemError::IsADirectory(source.to_owned()));
        }
        if on_existing == OnExisting::Fail && to.exists() {
            return Err(FilesystemError::AlreadyExists(destination.to_owned()));
        }
        let at = if from.exists() { destination } else { source };
        fs::copy(from, to).map_err(failed(at))
    }

    pub fn rename(source: &str, destination: &str, on_existing: OnExisting) -> Result<()> {
        let from = allowed("files.rename", "delete", source)?;
        let to = allowed("files.rename", "write", destination)?;
        if on_existing == OnExisting::Fail && to.symlink_metadata().is_ok() {
            return Err(FilesystemError::AlreadyExists(destination.to_owned()));
        }
        let at = if from.symlink_metadata().is_ok() { destination } else { source };
        fs::rename(from, to).map_err(failed(at))
    }

    impl File {
        /// The error of a handle that was not opened for what it is used for.
        fn failed(&self) -> impl Fn(std::io::Error) -> FilesystemError + '_ {
            |error| match error.raw_os_error() {
                // EBADF
                Some(9) => FilesystemError::InvalidArgument("the handle was not opened for this".to_owned()),
                _ => failed(&self.path)(error),
            }
        }

        pub fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
            let mut data = Vec::new();
            (&self.file).take(max_bytes.into()).read_to_end(&mut data).map_err(self.failed())?;
            Ok(data)
        }

        pub fn read_at(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
            let size = self.file.metadata().map_err(self.failed())?.len();
            let length = size.saturating_sub(offset).min(max_bytes.into());
            let mut data = vec![0; usize::try_from(length).expect("a u32 fits")];
            self.file.read_exact_at(&mut data, offset).map_err(self.failed())?;
            Ok(data)
        }

        pub fn write(&self, data: &[u8]) -> Result<u32> {
            (&self.file).write_all(data).map_err(self.failed())?;
            Ok(u32::try_from(data.len()).expect("the caller bounds it"))
        }

        pub fn write_at(&self, offset: u64, data: &[u8]) -> Result<u32> {
            self.file.write_all_at(data, offset).map_err(self.failed())?;
            Ok(u32::try_from(data.len()).expect("the caller bounds it"))
        }

        pub fn seek(&self, position: SeekFrom) -> Result<u64> {
            let far = |offset: u64| {
                i64::try_from(offset).map_err(|_| FilesystemError::InvalidArgument(format!("{offset} is too far")))
            };
            let position = match position {
                SeekFrom::Start(offset) => std::io::SeekFrom::Start(offset),
                SeekFrom::Forward(offset) => std::io::SeekFrom::Current(far(offset)?),
                SeekFrom::Backward(offset) => std::io::SeekFrom::Current(-far(offset)?),
                SeekFrom::BeforeEnd(offset) => std::io::SeekFrom::End(-far(offset)?),
            };
            (&self.file).seek(position).map_err(self.failed())
        }

        pub fn sync(&self, kind: SyncKind) -> Result<()> {
            match kind {
                SyncKind::Data => self.file.sync_data(),
                SyncKind::All => self.file.sync_all(),
            }
            .map_err(self.failed())
        }

        pub fn set_size(&self, size: u64) -> Result<()> {
            self.file.set_len(size).map_err(self.failed())
        }

        pub fn metadata(&self) -> Result<FileMetadata> {
            Ok(super::paths::metadata(&self.file.metadata().map_err(self.failed())?))
        }

        /// Does not wait: who holds the lock is the same test.
        pub fn lock(&self, kind: LockKind, _timeout_ms: Option<u32>) -> Result<()> {
            let locked = match kind {
                LockKind::Shared => self.file.try_lock_shared(),
                LockKind::Exclusive => self.file.try_lock(),
            };
            locked.map_err(|error| self.failed()(error.into()))
        }

        pub fn unlock(&self) -> Result<()> {
            self.file.unlock().map_err(self.failed())
        }
    }
}

pub mod directories {
    use std::cell::RefCell;
    use std::fs;

    use super::{Open, Result, allowed, allowed_below, failed, not_offered};
    use crate::bindings::airssys::ext_filesystem::types::{DirectoryEntry, DiskUsage, FilesystemError, FindOptions};

    /// What has not been given yet.
    #[derive(Debug)]
    pub struct DirectoryCursor {
        left: RefCell<Vec<DirectoryEntry>>,
        _open: Open,
    }

    impl DirectoryCursor {
        pub fn next(&self, max_entries: u32) -> Result<Vec<DirectoryEntry>> {
            if max_entries == 0 {
                return Err(FilesystemError::InvalidArgument("no entries were asked for".to_owned()));
            }
            let mut left = self.left.borrow_mut();
            let page = left.len().min(max_entries as usize);
            Ok(left.drain(..page).collect())
        }
    }

    pub fn open_directory(path: &str) -> Result<DirectoryCursor> {
        let entries = list("directories.open-directory", path)?;
        Ok(DirectoryCursor { left: RefCell::new(entries), _open: Open::count()? })
    }

    pub fn list_directory(path: &str) -> Result<Vec<DirectoryEntry>> {
        list("directories.list-directory", path)
    }

    fn list(operation: &str, path: &str) -> Result<Vec<DirectoryEntry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(allowed(operation, "list", path)?).map_err(failed(path))? {
            let entry = entry.map_err(failed(path))?;
            let file_type = super::paths::file_type(entry.file_type().map_err(failed(path))?);
            entries.push(DirectoryEntry { name: entry.file_name().to_string_lossy().into_owned(), file_type });
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    pub fn create_directory(path: &str) -> Result<()> {
        fs::create_dir(allowed("directories.create-directory", "write", path)?).map_err(failed(path))
    }

    pub fn create_directory_all(path: &str) -> Result<()> {
        let place = allowed("directories.create-directory-all", "write", path)?;
        let path_and_above = std::path::Path::new(path).ancestors().zip(place.ancestors());
        for (path, _) in path_and_above.take_while(|(_, place)| !place.exists()) {
            allowed("directories.create-directory-all", "write", &path.to_string_lossy())?;
        }
        fs::create_dir_all(place).map_err(failed(path))
    }

    pub fn remove_directory(path: &str) -> Result<()> {
        fs::remove_dir(allowed("directories.remove-directory", "delete", path)?).map_err(failed(path))
    }

    pub fn remove_directory_all(path: &str) -> Result<()> {
        fs::remove_dir_all(allowed_below("directories.remove-directory-all", "delete", path)?).map_err(failed(path))
    }

    pub fn find(_root: &str, _options: &FindOptions) -> Result<Vec<String>> {
        not_offered("directories.find")
    }

    pub fn measure(root: &str) -> Result<DiskUsage> {
        let mut usage = DiskUsage { files: 0, directories: 0, bytes: 0 };
        let mut folders = vec![allowed_below("directories.measure", "list", root)?];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).map_err(failed(root))? {
                let entry = entry.map_err(failed(root))?;
                let metadata = entry.metadata().map_err(failed(root))?;
                if metadata.is_dir() {
                    usage.directories += 1;
                    folders.push(entry.path());
                } else {
                    usage.files += 1;
                    usage.bytes += metadata.len();
                }
            }
        }
        Ok(usage)
    }
}

pub mod paths {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::{Result, allowed, allowed_by_one_of, failed};
    use crate::Timestamp;
    use crate::bindings::airssys::ext_filesystem::types::{
        FileMetadata, FilePermissions, FileTime, FileTimes, FileType, FilesystemError,
    };
    use crate::testing::{State, normal};

    pub fn get_metadata(path: &str) -> Result<FileMetadata> {
        let place = allowed_by_one_of("paths.get-metadata", &["read", "list"], path)?;
        Ok(metadata(&fs::metadata(place).map_err(failed(path))?))
    }

    pub fn get_link_metadata(path: &str) -> Result<FileMetadata> {
        let place = allowed_by_one_of("paths.get-link-metadata", &["read", "list"], path)?;
        Ok(metadata(&fs::symlink_metadata(place).map_err(failed(path))?))
    }

    pub fn exists(path: &str) -> Result<bool> {
        Ok(allowed_by_one_of("paths.exists", &["read", "list"], path)?.exists())
    }

    pub fn set_permissions(path: &str, permissions: FilePermissions) -> Result<()> {
        let place = allowed("paths.set-permissions", "write", path)?;
        // The contract names the bits from the highest down.
        let bits = (0..9).filter(|bit| permissions.bits() & (1 << bit) != 0).map(|bit| 0o400 >> bit).sum();
        fs::set_permissions(place, fs::Permissions::from_mode(bits)).map_err(failed(path))
    }

    pub fn set_times(path: &str, times: FileTimes) -> Result<()> {
        let place = allowed("paths.set-times", "write", path)?;
        let time = |time: FileTime| match time {
            FileTime::Unchanged => None,
            FileTime::Now => Some(SystemTime::from(State::current().rest.borrow().time)),
            FileTime::At(timestamp) => Some(timestamp.into()),
        };
        let mut set = fs::FileTimes::new();
        if let Some(accessed) = time(times.accessed) {
            set = set.set_accessed(accessed);
        }
        if let Some(modified) = time(times.modified) {
            set = set.set_modified(modified);
        }
        fs::File::open(place).and_then(|file| file.set_times(set)).map_err(failed(path))
    }

    pub fn create_symlink(target: &str, link: &str) -> Result<()> {
        let place = allowed("paths.create-symlink", "write", link)?;
        let target = match target.starts_with('/') {
            true => allowed("paths.create-symlink", "read", target)?,
            false => target.into(),
        };
        std::os::unix::fs::symlink(target, place).map_err(failed(link))
    }

    pub fn read_symlink(link: &str) -> Result<String> {
        let place = allowed("paths.read-symlink", "read", link)?;
        Ok(guest_path(&fs::read_link(place).map_err(failed(link))?))
    }

    pub fn canonicalize(path: &str) -> Result<String> {
        let place = allowed_by_one_of("paths.canonicalize", &["read", "list"], path)?;
        Ok(guest_path(&fs::canonicalize(place).map_err(failed(path))?))
    }

    pub fn normalize(path: &str) -> Result<String> {
        normal(path).ok_or_else(|| FilesystemError::InvalidPath(path.to_owned()))
    }

    pub fn relative_to(path: &str, base: &str) -> Result<String> {
        let (path, base) = (normalize(path)?, normalize(base)?);
        let below = std::path::Path::new(&path).strip_prefix(&base);
        let below = below.map_err(|_| FilesystemError::InvalidArgument(format!("{path} is not under {base}")))?;
        Ok(if below.as_os_str().is_empty() { ".".to_owned() } else { below.display().to_string() })
    }

    /// A place below the fake host's folder, as the guest names it.
    fn guest_path(place: &std::path::Path) -> String {
        let root = &State::current().root;
        let root = root.canonicalize().unwrap_or_else(|_| root.clone());
        place.strip_prefix(root).map_or_else(|_| place.display().to_string(), |path| format!("/{}", path.display()))
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
}
