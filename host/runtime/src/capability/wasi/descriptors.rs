//! `wasi:filesystem`: descriptors over the filesystem of the component.
//!
//! A descriptor of a directory is its guest path and nothing more. Each use of it is resolved from there and asked for,
//! as if the guest had called the contract with the whole path: a permission counts for the same files either way, a
//! link leads to where it leads in the guest's tree, and only if that is permitted.

use std::collections::VecDeque;
use std::sync::Arc;

use airssys_wasm_policy::Operation;
use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::filesystem::preopens;
use wasmtime_wasi::p2::bindings::filesystem::types::{self as wit, DescriptorFlags, ErrorCode};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, FsError, FsResult};

use super::descriptor::{Descriptor, open_at};
use super::streams::{FileInput, FileOutput, Place};
use super::values::{code, file_type, hash, stat, time};
use super::work::blocking;
use crate::capability::filesystem::{
    self as fs, DirectoryCursor, File, FileTimes, FileType, Filesystem, FilesystemError, OnExisting, SyncKind,
};
use crate::host_state::HostState;

/// Entries of a directory that are fetched at a time.
const PAGE_ENTRIES: u32 = 256;

/// A directory that is being read.
struct Listing {
    cursor: DirectoryCursor,
    page: VecDeque<fs::DirectoryEntry>,
}

/// The same place in the table, as what it is here.
fn own(descriptor: &Resource<wit::Descriptor>) -> Resource<Descriptor> {
    Resource::new_borrow(descriptor.rep())
}

impl HostState {
    fn descriptor(&self, descriptor: &Resource<wit::Descriptor>) -> FsResult<Descriptor> {
        Ok(self.table.get(&own(descriptor))?.clone())
    }

    fn below(&self, directory: &Resource<wit::Descriptor>, path: &str) -> FsResult<String> {
        Ok(self.table.get(&own(directory))?.below(path)?)
    }

    fn hand_out_descriptor(&mut self, descriptor: Descriptor) -> wasmtime::Result<Resource<wit::Descriptor>> {
        Ok(Resource::new_own(self.table.push(descriptor)?.rep()))
    }

    // The future does not borrow the state: it is not to be held while the work is done elsewhere.
    fn work<T, F>(&self, operation: &'static str, work: F) -> impl Future<Output = FsResult<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Filesystem) -> fs::Result<T> + Send + 'static,
    {
        let (filesystem, waiting) = self.capabilities.filesystem.for_one_operation();
        let filesystem = filesystem.on_behalf_of(Operation(operation));
        let places = Arc::clone(&self.capabilities.blocking);
        async move {
            let _waiting = waiting;
            Ok(blocking(places, move || work(&filesystem)).await?)
        }
    }

    fn work_on<T, F>(&self, file: File, work: F) -> impl Future<Output = FsResult<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&File) -> fs::Result<T> + Send + 'static,
    {
        let places = Arc::clone(&self.capabilities.blocking);
        async move { Ok(blocking(places, move || work(&file)).await?) }
    }

    async fn identity_of(&mut self, operation: Operation, descriptor: Descriptor) -> FsResult<u64> {
        match descriptor {
            Descriptor::File { file, .. } => self.work_on(file, File::identity).await,
            Descriptor::Directory { path, .. } => {
                self.work(operation.0, move |filesystem| filesystem.identity(operation, &path, true)).await
            }
        }
    }
}

impl preopens::Host for HostState {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Resource<wit::Descriptor>, String)>> {
        let flags = DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY;
        let mut directories = Vec::new();
        for path in self.capabilities.filesystem.preopens() {
            let directory = Descriptor::Directory { path: path.clone(), flags };
            directories.push((self.hand_out_descriptor(directory)?, path));
        }
        Ok(directories)
    }
}

impl wit::Host for HostState {
    fn convert_error_code(&mut self, error: FsError) -> wasmtime::Result<ErrorCode> {
        error.downcast()
    }

    fn filesystem_error_code(&mut self, error: Resource<wasmtime::Error>) -> wasmtime::Result<Option<ErrorCode>> {
        Ok(self.table.get(&error)?.downcast_ref::<FilesystemError>().map(code))
    }
}

const STAT: Operation = Operation("wasi:filesystem/types.descriptor.stat");
const METADATA_HASH: Operation = Operation("wasi:filesystem/types.descriptor.metadata-hash");
const METADATA_HASH_AT: Operation = Operation("wasi:filesystem/types.descriptor.metadata-hash-at");
const IS_SAME_OBJECT: Operation = Operation("wasi:filesystem/types.descriptor.is-same-object");

impl wit::HostDescriptor for HostState {
    async fn advise(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        _offset: u64,
        _length: u64,
        _advice: wit::Advice,
    ) -> FsResult<()> {
        // Advice may be ignored.
        self.descriptor(&descriptor)?.file(DescriptorFlags::empty())?;
        Ok(())
    }

    async fn sync_data(&mut self, descriptor: Resource<wit::Descriptor>) -> FsResult<()> {
        self.synchronise(&descriptor, SyncKind::Data).await
    }

    async fn sync(&mut self, descriptor: Resource<wit::Descriptor>) -> FsResult<()> {
        self.synchronise(&descriptor, SyncKind::All).await
    }

    async fn get_flags(&mut self, descriptor: Resource<wit::Descriptor>) -> FsResult<DescriptorFlags> {
        Ok(self.descriptor(&descriptor)?.flags())
    }

    async fn get_type(&mut self, descriptor: Resource<wit::Descriptor>) -> FsResult<wit::DescriptorType> {
        Ok(match self.descriptor(&descriptor)? {
            Descriptor::File { .. } => wit::DescriptorType::RegularFile,
            Descriptor::Directory { .. } => wit::DescriptorType::Directory,
        })
    }

    async fn set_size(&mut self, descriptor: Resource<wit::Descriptor>, size: u64) -> FsResult<()> {
        let file = self.descriptor(&descriptor)?.file(DescriptorFlags::WRITE)?;
        self.work_on(file, move |file| file.set_size(size)).await
    }

    async fn set_times(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        accessed: wit::NewTimestamp,
        modified: wit::NewTimestamp,
    ) -> FsResult<()> {
        let times = FileTimes { accessed: time(accessed)?, modified: time(modified)? };
        match self.descriptor(&descriptor)? {
            Descriptor::File { file, flags } if flags.contains(DescriptorFlags::WRITE) => {
                self.work_on(file, move |file| file.set_times(times)).await
            }
            Descriptor::File { .. } => Err(ErrorCode::NotPermitted.into()),
            Descriptor::Directory { path, .. } => {
                let operation = "wasi:filesystem/types.descriptor.set-times";
                self.work(operation, move |filesystem| filesystem.set_times(&path, times)).await
            }
        }
    }

    async fn read(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        length: u64,
        offset: u64,
    ) -> FsResult<(Vec<u8>, bool)> {
        let file = self.descriptor(&descriptor)?.file(DescriptorFlags::READ)?;
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        let data = self.work_on(file, move |file| file.read_at(offset, length)).await?;
        let ended = data.is_empty() && length > 0;
        Ok((data, ended))
    }

    async fn write(&mut self, descriptor: Resource<wit::Descriptor>, data: Vec<u8>, offset: u64) -> FsResult<u64> {
        let file = self.descriptor(&descriptor)?.file(DescriptorFlags::WRITE)?;
        self.work_on(file, move |file| file.write_at(offset, &data)).await.map(u64::from)
    }

    fn read_via_stream(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        offset: u64,
    ) -> FsResult<Resource<DynInputStream>> {
        let file = self.descriptor(&descriptor)?.file(DescriptorFlags::READ)?;
        let stream: DynInputStream =
            Box::new(FileInput::new(file, Arc::clone(&self.capabilities.blocking), self.buffers.clone(), offset));
        Ok(self.table.push(stream)?)
    }

    fn write_via_stream(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        offset: u64,
    ) -> FsResult<Resource<DynOutputStream>> {
        self.output(&descriptor, Place::At(offset))
    }

    fn append_via_stream(&mut self, descriptor: Resource<wit::Descriptor>) -> FsResult<Resource<DynOutputStream>> {
        self.output(&descriptor, Place::End)
    }

    async fn read_directory(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
    ) -> FsResult<Resource<wit::DirectoryEntryStream>> {
        let Descriptor::Directory { path, .. } = self.descriptor(&descriptor)? else {
            return Err(ErrorCode::NotDirectory.into());
        };
        let operation = "wasi:filesystem/types.descriptor.read-directory";
        let cursor = self.work(operation, move |filesystem| filesystem.open_directory(&path)).await?;
        Ok(Resource::new_own(self.table.push(Listing { cursor, page: VecDeque::new() })?.rep()))
    }

    async fn create_directory_at(&mut self, descriptor: Resource<wit::Descriptor>, path: String) -> FsResult<()> {
        let path = self.below(&descriptor, &path)?;
        let operation = "wasi:filesystem/types.descriptor.create-directory-at";
        self.work(operation, move |filesystem| filesystem.create_directory(&path)).await
    }

    async fn stat(&mut self, descriptor: Resource<wit::Descriptor>) -> FsResult<wit::DescriptorStat> {
        let metadata = match self.descriptor(&descriptor)? {
            Descriptor::File { file, .. } => self.work_on(file, File::metadata).await?,
            Descriptor::Directory { path, .. } => {
                self.work(STAT.0, move |filesystem| filesystem.get_metadata(&path)).await?
            }
        };
        Ok(stat(metadata))
    }

    async fn stat_at(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        flags: wit::PathFlags,
        path: String,
    ) -> FsResult<wit::DescriptorStat> {
        let path = self.below(&descriptor, &path)?;
        let operation = "wasi:filesystem/types.descriptor.stat-at";
        let metadata = self
            .work(operation, move |filesystem| match flags.contains(wit::PathFlags::SYMLINK_FOLLOW) {
                true => filesystem.get_metadata(&path),
                false => filesystem.get_link_metadata_as_written(&path),
            })
            .await?;
        Ok(stat(metadata))
    }

    async fn set_times_at(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        flags: wit::PathFlags,
        path: String,
        accessed: wit::NewTimestamp,
        modified: wit::NewTimestamp,
    ) -> FsResult<()> {
        let path = self.below(&descriptor, &path)?;
        let times = FileTimes { accessed: time(accessed)?, modified: time(modified)? };
        let operation = "wasi:filesystem/types.descriptor.set-times-at";
        self.work(operation, move |filesystem| {
            // Links have no times of their own in the contract.
            let follow = flags.contains(wit::PathFlags::SYMLINK_FOLLOW);
            if !follow && filesystem.get_link_metadata(&path)?.file_type == FileType::SymbolicLink {
                return Err(FilesystemError::Unsupported("the times of a link cannot be set".to_owned()));
            }
            filesystem.set_times(&path, times)
        })
        .await
    }

    async fn link_at(
        &mut self,
        _descriptor: Resource<wit::Descriptor>,
        _flags: wit::PathFlags,
        _path: String,
        _other: Resource<wit::Descriptor>,
        _link: String,
    ) -> FsResult<()> {
        // The contract has none: a second name would carry a file from one permission to another.
        Err(ErrorCode::Unsupported.into())
    }

    async fn open_at(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        path_flags: wit::PathFlags,
        path: String,
        open: wit::OpenFlags,
        flags: DescriptorFlags,
    ) -> FsResult<Resource<wit::Descriptor>> {
        let path = self.below(&descriptor, &path)?;
        let changes = open.intersects(wit::OpenFlags::CREATE | wit::OpenFlags::EXCLUSIVE | wit::OpenFlags::TRUNCATE);
        if open.contains(wit::OpenFlags::DIRECTORY) && changes {
            return Err(ErrorCode::Invalid.into());
        }
        let follow = path_flags.contains(wit::PathFlags::SYMLINK_FOLLOW);
        let opened = self
            .work("wasi:filesystem/types.descriptor.open-at", move |filesystem| {
                open_at(filesystem, path, follow, open, flags)
            })
            .await?;
        self.hand_out_descriptor(opened).map_err(FsError::trap)
    }

    async fn readlink_at(&mut self, descriptor: Resource<wit::Descriptor>, path: String) -> FsResult<String> {
        let path = self.below(&descriptor, &path)?;
        let operation = "wasi:filesystem/types.descriptor.readlink-at";
        self.work(operation, move |filesystem| filesystem.read_symlink_as_written(&path)).await
    }

    async fn remove_directory_at(&mut self, descriptor: Resource<wit::Descriptor>, path: String) -> FsResult<()> {
        let path = self.below(&descriptor, &path)?;
        let operation = "wasi:filesystem/types.descriptor.remove-directory-at";
        self.work(operation, move |filesystem| filesystem.remove_directory(&path)).await
    }

    async fn rename_at(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        from: String,
        other: Resource<wit::Descriptor>,
        to: String,
    ) -> FsResult<()> {
        let (from, to) = (self.below(&descriptor, &from)?, self.below(&other, &to)?);
        let operation = "wasi:filesystem/types.descriptor.rename-at";
        self.work(operation, move |filesystem| filesystem.rename(&from, &to, OnExisting::Replace)).await
    }

    async fn symlink_at(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        target: String,
        link: String,
    ) -> FsResult<()> {
        let link = self.below(&descriptor, &link)?;
        let operation = "wasi:filesystem/types.descriptor.symlink-at";
        self.work(operation, move |filesystem| filesystem.create_symlink_as_written(&target, &link)).await
    }

    async fn unlink_file_at(&mut self, descriptor: Resource<wit::Descriptor>, path: String) -> FsResult<()> {
        let path = self.below(&descriptor, &path)?;
        let operation = "wasi:filesystem/types.descriptor.unlink-file-at";
        self.work(operation, move |filesystem| filesystem.delete_file(&path)).await
    }

    async fn is_same_object(
        &mut self,
        one: Resource<wit::Descriptor>,
        other: Resource<wit::Descriptor>,
    ) -> wasmtime::Result<bool> {
        let (one, other) = (self.table.get(&own(&one))?.clone(), self.table.get(&own(&other))?.clone());
        // What cannot be known is not the same.
        let one = self.identity_of(IS_SAME_OBJECT, one).await.ok();
        Ok(one.is_some() && one == self.identity_of(IS_SAME_OBJECT, other).await.ok())
    }

    async fn metadata_hash(&mut self, descriptor: Resource<wit::Descriptor>) -> FsResult<wit::MetadataHashValue> {
        let descriptor = self.descriptor(&descriptor)?;
        self.identity_of(METADATA_HASH, descriptor).await.map(hash)
    }

    async fn metadata_hash_at(
        &mut self,
        descriptor: Resource<wit::Descriptor>,
        flags: wit::PathFlags,
        path: String,
    ) -> FsResult<wit::MetadataHashValue> {
        let path = self.below(&descriptor, &path)?;
        let follow = flags.contains(wit::PathFlags::SYMLINK_FOLLOW);
        let operation = METADATA_HASH_AT;
        self.work(operation.0, move |filesystem| filesystem.identity(operation, &path, follow)).await.map(hash)
    }

    fn drop(&mut self, descriptor: Resource<wit::Descriptor>) -> wasmtime::Result<()> {
        self.table.delete(Resource::<Descriptor>::new_own(descriptor.rep()))?;
        Ok(())
    }
}

impl wit::HostDirectoryEntryStream for HostState {
    async fn read_directory_entry(
        &mut self,
        stream: Resource<wit::DirectoryEntryStream>,
    ) -> FsResult<Option<wit::DirectoryEntry>> {
        let place = Resource::<Listing>::new_borrow(stream.rep());
        let listing = self.table.get(&place)?;
        if listing.page.is_empty() {
            let (cursor, places) = (listing.cursor.clone(), Arc::clone(&self.capabilities.blocking));
            let page = blocking(places, move || cursor.next(PAGE_ENTRIES)).await?;
            self.table.get_mut(&place)?.page = page.into();
        }
        let entry = self.table.get_mut(&place)?.page.pop_front();
        Ok(entry.map(|entry| wit::DirectoryEntry { type_: file_type(entry.file_type), name: entry.name }))
    }

    fn drop(&mut self, stream: Resource<wit::DirectoryEntryStream>) -> wasmtime::Result<()> {
        self.table.delete(Resource::<Listing>::new_own(stream.rep()))?;
        Ok(())
    }
}

impl HostState {
    async fn synchronise(&mut self, descriptor: &Resource<wit::Descriptor>, kind: SyncKind) -> FsResult<()> {
        match self.descriptor(descriptor)? {
            Descriptor::File { file, .. } => self.work_on(file, move |file| file.sync(kind)).await,
            // The contract syncs files; what a directory says is the filesystem's own business.
            Descriptor::Directory { .. } => Ok(()),
        }
    }

    fn output(&mut self, descriptor: &Resource<wit::Descriptor>, place: Place) -> FsResult<Resource<DynOutputStream>> {
        let file = self.descriptor(descriptor)?.file(DescriptorFlags::WRITE)?;
        let stream: DynOutputStream =
            Box::new(FileOutput::new(file, Arc::clone(&self.capabilities.blocking), self.buffers.clone(), place));
        Ok(self.table.push(stream)?)
    }
}
