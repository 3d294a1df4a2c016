//! The values of `wasi:filesystem`, from those of the contract and back.

use wasmtime_wasi::p2::bindings::clocks::wall_clock::Datetime;
use wasmtime_wasi::p2::bindings::filesystem::types::{self as wit, ErrorCode};

use crate::capability::filesystem::{FileTime, FileType, FilesystemError, Metadata, Timestamp};

pub(super) fn code(error: &FilesystemError) -> ErrorCode {
    match error {
        FilesystemError::NotFound(_) => ErrorCode::NoEntry,
        FilesystemError::PermissionDenied(_) => ErrorCode::Access,
        FilesystemError::AlreadyExists(_) => ErrorCode::Exist,
        FilesystemError::InvalidPath(_) | FilesystemError::InvalidArgument(_) => ErrorCode::Invalid,
        FilesystemError::NotADirectory(_) => ErrorCode::NotDirectory,
        FilesystemError::IsADirectory(_) => ErrorCode::IsDirectory,
        FilesystemError::DirectoryNotEmpty(_) => ErrorCode::NotEmpty,
        FilesystemError::TooManyLinks(_) => ErrorCode::Loop,
        FilesystemError::NameTooLong(_) => ErrorCode::NameTooLong,
        FilesystemError::CrossDevice(_) => ErrorCode::CrossDevice,
        FilesystemError::Locked(_) => ErrorCode::Busy,
        FilesystemError::Unsupported(_) => ErrorCode::Unsupported,
        // WASI has no word for too many files.
        FilesystemError::QuotaExceeded(_) | FilesystemError::TooManyOpenFiles => ErrorCode::Quota,
        FilesystemError::Io(_) => ErrorCode::Io,
    }
}

pub(super) fn file_type(kind: FileType) -> wit::DescriptorType {
    match kind {
        FileType::Regular => wit::DescriptorType::RegularFile,
        FileType::Directory => wit::DescriptorType::Directory,
        FileType::SymbolicLink => wit::DescriptorType::SymbolicLink,
        FileType::Other => wit::DescriptorType::Unknown,
    }
}

pub(super) fn stat(metadata: Metadata) -> wit::DescriptorStat {
    let date = |time: Timestamp| Datetime { seconds: time.seconds, nanoseconds: time.nanoseconds };
    wit::DescriptorStat {
        type_: file_type(metadata.file_type),
        link_count: metadata.links,
        size: metadata.size,
        data_access_timestamp: metadata.accessed.map(date),
        data_modification_timestamp: metadata.modified.map(date),
        status_change_timestamp: None,
    }
}

pub(super) fn hash(identity: u64) -> wit::MetadataHashValue {
    wit::MetadataHashValue { lower: identity, upper: 0 }
}

pub(super) fn time(time: wit::NewTimestamp) -> Result<FileTime, ErrorCode> {
    Ok(match time {
        wit::NewTimestamp::NoChange => FileTime::Unchanged,
        wit::NewTimestamp::Now => FileTime::Now,
        wit::NewTimestamp::Timestamp(date) if date.nanoseconds < 1_000_000_000 => {
            FileTime::At(Timestamp { seconds: date.seconds, nanoseconds: date.nanoseconds })
        }
        wit::NewTimestamp::Timestamp(_) => return Err(ErrorCode::Invalid),
    })
}
