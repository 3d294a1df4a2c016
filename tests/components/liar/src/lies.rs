//! The lies. Where none is told, the mirror answers.

use crate::bindings::airssys::core::types as core;
use crate::bindings::airssys::ext_filesystem::types as wit;
use crate::bindings::exports::airssys::core::host_services;
use crate::bindings::exports::airssys::ext_filesystem::{directories, files, paths};
use crate::lifecycle::environment;
use crate::{Exports, Liar};

type Result<T> = std::result::Result<T, wit::FilesystemError>;

fn lies(lie: &str) -> bool {
    environment("LIE").as_deref() == Some(lie)
}

pub struct File(Option<crate::filesystem::File>);

impl Drop for File {
    fn drop(&mut self) {
        if lies("handle-leaked") {
            std::mem::forget(self.0.take());
        }
    }
}

impl File {
    fn truth(&self) -> &crate::filesystem::File {
        self.0.as_ref().expect("taken only when dropped")
    }
}

/// 53 bits are what a double carries.
fn cut(number: u64) -> u64 {
    if lies("u64-cut-to-53-bits") { number as f64 as u64 } else { number }
}

impl files::GuestFile for File {
    fn read(&self, max_bytes: u32) -> Result<Vec<u8>> {
        self.truth().read(max_bytes)
    }

    fn read_at(&self, offset: u64, max_bytes: u32) -> Result<Vec<u8>> {
        if lies("offset-ignored") {
            return self.truth().read_at(0, max_bytes);
        }
        self.truth().read_at(cut(offset), max_bytes)
    }

    fn write(&self, data: Vec<u8>) -> Result<u32> {
        if lies("write-pretended") {
            return Ok(data.len() as u32);
        }
        self.truth().write(data)
    }

    fn write_at(&self, offset: u64, data: Vec<u8>) -> Result<u32> {
        self.truth().write_at(cut(offset), data)
    }

    fn seek(&self, position: wit::SeekFrom) -> Result<u64> {
        let position = match position {
            wit::SeekFrom::Start(offset) => wit::SeekFrom::Start(cut(offset)),
            wit::SeekFrom::Forward(offset) if lies("variant-case-swapped") => wit::SeekFrom::Backward(offset),
            other => other,
        };
        self.truth().seek(position).map(cut)
    }

    fn sync(&self, kind: wit::SyncKind) -> Result<()> {
        self.truth().sync(kind)
    }

    fn set_size(&self, size: u64) -> Result<()> {
        self.truth().set_size(cut(size))
    }

    fn metadata(&self) -> Result<wit::FileMetadata> {
        self.truth().metadata()
    }

    fn lock(&self, kind: wit::LockKind, timeout_ms: Option<u32>) -> Result<()> {
        self.truth().lock(kind, timeout_ms)
    }

    fn unlock(&self) -> Result<()> {
        self.truth().unlock()
    }
}

impl files::Guest for Liar {
    type File = File;

    fn open(path: String, flags: wit::OpenFlags) -> Result<files::File> {
        let opened = crate::filesystem::open(&path, flags)?;
        Ok(files::File::new(File(Some(opened))))
    }

    fn read_file(path: String) -> Result<Vec<u8>> {
        if lies("constant-answer") {
            return Ok(b"constant".to_vec());
        }
        let read = <Exports as files::Guest>::read_file(path);
        match read {
            Err(wit::FilesystemError::NotFound(path)) if lies("error-code-changed") => {
                Err(wit::FilesystemError::Io(path))
            }
            other => other,
        }
    }

    fn write_file(path: String, mut data: Vec<u8>) -> Result<()> {
        if lies("last-byte-dropped") {
            data.pop();
        }
        <Exports as files::Guest>::write_file(path, data)
    }

    fn append_file(path: String, data: Vec<u8>) -> Result<()> {
        <Exports as files::Guest>::append_file(path, data)
    }

    fn delete_file(path: String) -> Result<()> {
        match <Exports as files::Guest>::delete_file(path) {
            Err(wit::FilesystemError::PermissionDenied(_)) if lies("denial-ignored") => Ok(()),
            Err(wit::FilesystemError::PermissionDenied(mut denial)) if lies("denial-reworded") => {
                denial.missing.clear();
                Err(wit::FilesystemError::PermissionDenied(denial))
            }
            other => other,
        }
    }

    fn copy_file(source: String, destination: String, existing: wit::OnExisting) -> Result<u64> {
        <Exports as files::Guest>::copy_file(source, destination, existing)
    }

    fn rename(source: String, destination: String, existing: wit::OnExisting) -> Result<()> {
        <Exports as files::Guest>::rename(source, destination, existing)
    }
}

impl directories::Guest for Liar {
    type DirectoryCursor = crate::filesystem::DirectoryCursor;

    fn open_directory(path: String) -> Result<directories::DirectoryCursor> {
        <Exports as directories::Guest>::open_directory(path)
    }

    fn list_directory(path: String) -> Result<Vec<wit::DirectoryEntry>> {
        let mut entries = <Exports as directories::Guest>::list_directory(path)?;
        if lies("list-order-reversed") {
            entries.reverse();
        }
        Ok(entries)
    }

    fn create_directory(path: String) -> Result<()> {
        <Exports as directories::Guest>::create_directory(path)
    }

    fn create_directory_all(path: String) -> Result<()> {
        <Exports as directories::Guest>::create_directory_all(path)
    }

    fn remove_directory(path: String) -> Result<()> {
        <Exports as directories::Guest>::remove_directory(path)
    }

    fn remove_directory_all(path: String) -> Result<()> {
        <Exports as directories::Guest>::remove_directory_all(path)
    }

    fn find(root: String, mut options: wit::FindOptions) -> Result<Vec<String>> {
        if lies("option-lost") {
            options.max_depth = None;
        }
        <Exports as directories::Guest>::find(root, options)
    }

    fn measure(root: String) -> Result<wit::DiskUsage> {
        let mut usage = <Exports as directories::Guest>::measure(root)?;
        if lies("fields-swapped") {
            std::mem::swap(&mut usage.files, &mut usage.directories);
        }
        Ok(usage)
    }
}

impl paths::Guest for Liar {
    fn get_metadata(path: String) -> Result<wit::FileMetadata> {
        <Exports as paths::Guest>::get_metadata(path)
    }

    fn get_link_metadata(path: String) -> Result<wit::FileMetadata> {
        <Exports as paths::Guest>::get_link_metadata(path)
    }

    fn exists(path: String) -> Result<bool> {
        <Exports as paths::Guest>::exists(path)
    }

    fn set_permissions(path: String, permissions: wit::FilePermissions) -> Result<()> {
        let permissions = if lies("flag-lost") { permissions - wit::FilePermissions::OTHER_READ } else { permissions };
        <Exports as paths::Guest>::set_permissions(path, permissions)
    }

    fn set_times(path: String, times: wit::FileTimes) -> Result<()> {
        <Exports as paths::Guest>::set_times(path, times)
    }

    fn create_symlink(target: String, link: String) -> Result<()> {
        <Exports as paths::Guest>::create_symlink(target, link)
    }

    fn read_symlink(link: String) -> Result<String> {
        <Exports as paths::Guest>::read_symlink(link)
    }

    fn canonicalize(path: String) -> Result<String> {
        <Exports as paths::Guest>::canonicalize(path)
    }

    fn normalize(path: String) -> Result<String> {
        <Exports as paths::Guest>::normalize(path)
    }

    fn relative_to(path: String, base: String) -> Result<String> {
        <Exports as paths::Guest>::relative_to(path, base)
    }
}

impl host_services::Guest for Liar {
    fn log(level: core::LogLevel, message: String, fields: Vec<(String, String)>) {
        let level = if lies("enum-case-changed") { core::LogLevel::Info } else { level };
        <Exports as host_services::Guest>::log(level, message, fields);
    }

    fn send_message(target: core::ComponentId, message: Vec<u8>) -> std::result::Result<(), core::MessagingError> {
        <Exports as host_services::Guest>::send_message(target, message)
    }

    fn send_request(
        target: core::ComponentId,
        request: Vec<u8>,
        timeout_ms: u32,
    ) -> std::result::Result<core::RequestId, core::MessagingError> {
        <Exports as host_services::Guest>::send_request(target, request, timeout_ms)
    }

    fn cancel_request(request: core::RequestId) -> std::result::Result<(), core::MessagingError> {
        <Exports as host_services::Guest>::cancel_request(request)
    }

    fn current_time() -> core::Timestamp {
        if lies("clock-stopped") {
            return core::Timestamp { seconds: 1_000_000_000, nanoseconds: 0 };
        }
        <Exports as host_services::Guest>::current_time()
    }

    fn sleep(duration_ms: u32) {
        if !lies("sleep-skipped") {
            <Exports as host_services::Guest>::sleep(duration_ms);
        }
    }

    fn list_components() -> Vec<core::ComponentId> {
        <Exports as host_services::Guest>::list_components()
    }

    fn get_component_metadata(
        id: core::ComponentId,
    ) -> std::result::Result<core::ComponentMetadata, core::MessagingError> {
        <Exports as host_services::Guest>::get_component_metadata(id)
    }
}
