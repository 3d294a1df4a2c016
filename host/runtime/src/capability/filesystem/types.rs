//! The values of `airssys:ext-filesystem/types`, free of any binding.

/// What something in the filesystem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// A file with content.
    Regular,
    /// A directory.
    Directory,
    /// A symbolic link.
    SymbolicLink,
    /// A socket, a pipe, a device.
    Other,
}

/// The nine POSIX permission bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FilePermissions(u16);

impl FilePermissions {
    const BITS: u16 = 9;

    /// From a mode as `chmod` takes it (`0o644`). Bits beyond the nine are dropped.
    pub fn from_mode(mode: u32) -> Self {
        FilePermissions((mode & 0o777) as u16)
    }

    /// The mode as `chmod` takes it.
    pub fn mode(self) -> u32 {
        u32::from(self.0)
    }

    /// From the contract's flags, where bit 0 is `owner-read` and bit 8 `other-execute`.
    pub fn from_contract_bits(bits: u16) -> Self {
        FilePermissions((0..Self::BITS).filter(|bit| bits & (1 << bit) != 0).map(|bit| 0o400 >> bit).sum())
    }

    /// The contract's flags, where bit 0 is `owner-read` and bit 8 `other-execute`.
    pub fn contract_bits(self) -> u16 {
        (0..Self::BITS).filter(|bit| self.0 & (0o400 >> bit) != 0).map(|bit| 1 << bit).sum()
    }
}

/// Seconds and nanoseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    /// Whole seconds.
    pub seconds: u64,
    /// And these, less than 1,000,000,000.
    pub nanoseconds: u32,
}

/// What is known about a file, directory or link apart from its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// What it is.
    pub file_type: FileType,
    /// In bytes.
    pub size: u64,
    /// Its permission bits.
    pub permissions: FilePermissions,
    /// How many hard links it has.
    pub links: u64,
    /// When it was last read.
    pub accessed: Option<Timestamp>,
    /// When its content last changed.
    pub modified: Option<Timestamp>,
    /// When it was created.
    pub created: Option<Timestamp>,
}

/// One entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// One segment, never `.` or `..`.
    pub name: String,
    /// What it is; a link is not followed.
    pub file_type: FileType,
}

/// How [`open`](super::Filesystem::open) opens a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenFlags {
    /// The handle can read.
    pub read: bool,
    /// The handle can write.
    pub write: bool,
    /// The handle can write, always at the end.
    pub append: bool,
    /// Creates the file if it does not exist.
    pub create: bool,
    /// Creates the file and fails if there is anything at the path.
    pub create_new: bool,
    /// Cuts an existing file to length 0.
    pub truncate: bool,
    /// Fails if the last segment is a symbolic link.
    pub no_follow: bool,
}

/// Where [`seek`](super::File::seek) moves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeekFrom {
    /// Bytes after the start.
    Start(u64),
    /// Bytes after the present position.
    Forward(u64),
    /// Bytes before the present position.
    Backward(u64),
    /// Bytes before the end.
    BeforeEnd(u64),
}

/// What becomes of one of the times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileTime {
    /// It stays.
    Unchanged,
    /// The host's present time.
    Now,
    /// This time.
    At(Timestamp),
}

/// The times that [`set_times`](super::Filesystem::set_times) sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileTimes {
    /// Of the last read.
    pub accessed: FileTime,
    /// Of the last change of the content.
    pub modified: FileTime,
}

/// What happens when there is something at the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnExisting {
    /// The operation fails.
    Fail,
    /// It is replaced.
    Replace,
}

/// How a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// Together with other shared ones.
    Shared,
    /// Alone.
    Exclusive,
}

/// What [`sync`](super::File::sync) brings to the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncKind {
    /// The content.
    Data,
    /// The content and all metadata.
    All,
}

/// What [`find`](super::Filesystem::find) looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindOptions {
    /// A glob over the path relative to the root of the search.
    pub pattern: String,
    /// How many levels to visit; 1 is the root's own entries.
    pub max_depth: Option<u32>,
    /// Whether to go into directories that links point to.
    pub follow_links: bool,
    /// Stop after this many results.
    pub limit: Option<u32>,
}

/// What is below a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiskUsage {
    /// Entries that are not directories.
    pub files: u64,
    /// Directories, without the root.
    pub directories: u64,
    /// The sizes of the regular files together.
    pub bytes: u64,
}
