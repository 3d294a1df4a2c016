//! What a guest has open: a file, or the path of a directory.

use wasmtime_wasi::p2::bindings::filesystem::types::{self as wit, DescriptorFlags, ErrorCode};

use crate::capability::filesystem::{self as fs, File, FileType, Filesystem, FilesystemError, OpenFlags};

/// What a guest has open.
#[derive(Clone)]
pub(super) enum Descriptor {
    File { file: File, flags: DescriptorFlags },
    Directory { path: String, flags: DescriptorFlags },
}

impl Descriptor {
    pub(super) fn flags(&self) -> DescriptorFlags {
        match self {
            Descriptor::File { flags, .. } | Descriptor::Directory { flags, .. } => *flags,
        }
    }

    /// The file, if it was opened for this.
    pub(super) fn file(&self, needed: DescriptorFlags) -> Result<File, ErrorCode> {
        match self {
            Descriptor::File { file, flags } if flags.contains(needed) => Ok(file.clone()),
            Descriptor::File { .. } => Err(ErrorCode::NotPermitted),
            Descriptor::Directory { .. } => Err(ErrorCode::IsDirectory),
        }
    }

    /// The guest path of what is at `path` in this directory.
    pub(super) fn below(&self, path: &str) -> Result<String, ErrorCode> {
        let Descriptor::Directory { path: base, .. } = self else { return Err(ErrorCode::NotDirectory) };
        if path.is_empty() {
            return Err(ErrorCode::NoEntry);
        }
        let mut depth = 0_usize;
        for segment in path.split('/').filter(|segment| !matches!(*segment, "" | ".")) {
            depth = match segment {
                ".." => depth.checked_sub(1).ok_or(ErrorCode::NotPermitted)?,
                _ => depth + 1,
            };
        }
        // A descriptor is all that may be reached through it.
        if path.starts_with('/') { Err(ErrorCode::NotPermitted) } else { Ok(format!("{base}/{path}")) }
    }
}

/// Opens a file; or a directory, if it is one and nothing was asked for that only files have.
pub(super) fn open_at(
    filesystem: &Filesystem,
    path: String,
    follow: bool,
    open: wit::OpenFlags,
    mut flags: DescriptorFlags,
) -> fs::Result<Descriptor> {
    let truncate = open.contains(wit::OpenFlags::TRUNCATE);
    let create = open.contains(wit::OpenFlags::CREATE);
    if truncate {
        flags |= DescriptorFlags::WRITE;
    }
    if !flags.contains(DescriptorFlags::WRITE) {
        flags |= DescriptorFlags::READ;
    }
    if !open.contains(wit::OpenFlags::DIRECTORY) {
        let wanted = OpenFlags {
            read: flags.contains(DescriptorFlags::READ),
            write: flags.contains(DescriptorFlags::WRITE),
            append: false,
            create,
            create_new: create && open.contains(wit::OpenFlags::EXCLUSIVE),
            truncate,
            no_follow: !follow,
        };
        match filesystem.open(&path, wanted) {
            Ok(file) => return Ok(Descriptor::File { file, flags: flags & !DescriptorFlags::MUTATE_DIRECTORY }),
            Err(FilesystemError::IsADirectory(_)) if !wanted.write && !create => {}
            Err(error) => return Err(error),
        }
    }
    let metadata = if follow { filesystem.get_metadata(&path) } else { filesystem.get_link_metadata(&path) }?;
    match metadata.file_type {
        FileType::Directory => Ok(Descriptor::Directory { path, flags: flags & !DescriptorFlags::WRITE }),
        FileType::SymbolicLink => Err(FilesystemError::TooManyLinks(path)),
        FileType::Regular | FileType::Other => Err(FilesystemError::NotADirectory(path)),
    }
}
