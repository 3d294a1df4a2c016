//! What the operating system knows about a file.

use rustix::fd::AsFd;
use rustix::fs::{AtFlags, RawMode, Statx, StatxFlags, StatxTimestamp};
use rustix::io::Errno;
use rustix::path::Arg;

use super::{FilePermissions, FileType, Metadata, Timestamp};

/// Tells one file of the host from every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Inode {
    device: (u32, u32),
    number: u64,
}

impl Inode {
    /// A number that spreads files over a few places.
    pub(super) fn spread(self) -> u64 {
        self.number ^ u64::from(self.device.1)
    }
}

/// What the operating system knows about a file.
#[derive(Debug, Clone)]
pub(super) struct Stat(Box<Statx>);

impl Stat {
    /// Of an open file.
    pub(super) fn of(file: impl AsFd) -> Result<Self, Errno> {
        Self::of_name(file, c"", AtFlags::EMPTY_PATH)
    }

    /// Of a name in a directory; a link is not followed.
    pub(super) fn at(directory: impl AsFd, name: impl Arg) -> Result<Self, Errno> {
        Self::of_name(directory, name, AtFlags::SYMLINK_NOFOLLOW)
    }

    fn of_name(directory: impl AsFd, name: impl Arg, flags: AtFlags) -> Result<Self, Errno> {
        rustix::fs::statx(directory, name, flags, StatxFlags::BASIC_STATS | StatxFlags::BTIME)
            .map(|stat| Stat(Box::new(stat)))
    }

    pub(super) fn inode(&self) -> Inode {
        Inode { device: (self.0.stx_dev_major, self.0.stx_dev_minor), number: self.0.stx_ino }
    }

    pub(super) fn file_type(&self) -> FileType {
        file_type(rustix::fs::FileType::from_raw_mode(RawMode::from(self.0.stx_mode)))
    }

    pub(super) fn is_regular(&self) -> bool {
        self.file_type() == FileType::Regular
    }

    pub(super) fn is_directory(&self) -> bool {
        self.file_type() == FileType::Directory
    }

    pub(super) fn size(&self) -> u64 {
        self.0.stx_size
    }

    pub(super) fn links(&self) -> u64 {
        u64::from(self.0.stx_nlink)
    }

    /// All twelve bits.
    pub(super) fn mode(&self) -> u32 {
        u32::from(self.0.stx_mode) & 0o7777
    }

    /// User and group.
    pub(super) fn owner(&self) -> (u32, u32) {
        (self.0.stx_uid, self.0.stx_gid)
    }

    pub(super) fn metadata(&self) -> Metadata {
        let known = |flag: StatxFlags, time: StatxTimestamp| {
            (self.0.stx_mask & flag.bits() != 0).then(|| timestamp(time)).flatten()
        };
        Metadata {
            file_type: self.file_type(),
            size: self.size(),
            permissions: FilePermissions::from_mode(self.mode()),
            links: self.links(),
            accessed: known(StatxFlags::ATIME, self.0.stx_atime),
            modified: known(StatxFlags::MTIME, self.0.stx_mtime),
            created: known(StatxFlags::BTIME, self.0.stx_btime),
        }
    }
}

/// The contract has no times before 1970.
fn timestamp(time: StatxTimestamp) -> Option<Timestamp> {
    Some(Timestamp { seconds: u64::try_from(time.tv_sec).ok()?, nanoseconds: time.tv_nsec })
}

pub(super) fn file_type(kind: rustix::fs::FileType) -> FileType {
    match kind {
        rustix::fs::FileType::RegularFile => FileType::Regular,
        rustix::fs::FileType::Directory => FileType::Directory,
        rustix::fs::FileType::Symlink => FileType::SymbolicLink,
        _ => FileType::Other,
    }
}
