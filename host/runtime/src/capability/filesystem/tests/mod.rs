//! What the operations do and refuse, on real directories.

mod attacks;
mod denials;
mod directories;
mod endings;
mod files;
mod handles;
mod instances;
mod limits;
mod links;
mod locks;
mod mounts;
mod paths;
mod races;
mod renames;
mod trees;
mod vectors;
mod wasi;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use airssys_wasm_policy::{AuditRecord, AuditSink, Decision, Denial, FilesystemPermission, Gate, Permissions};
use tempfile::TempDir;

use crate::capability::descriptors::Descriptors;
use crate::locked::locked;

use super::*;

/// Keeps what was decided.
#[derive(Default)]
struct Audit(Mutex<Vec<AuditRecord>>);

impl AuditSink for Audit {
    fn record(&self, record: AuditRecord) {
        locked(&self.0).push(record);
    }
}

/// Host directories and what a component is permitted there: `/data` is mounted from `data`, and beside it is `secret`.
struct World {
    host: TempDir,
    audit: Arc<Audit>,
    filesystem: Filesystem,
}

impl World {
    /// With these permissions, such as `read /data/**`.
    fn with(permissions: &[&str]) -> World {
        World::built(permissions, &[("/data", "data", false)], FilesystemLimits::default())
    }

    /// With every permission on `/data`.
    fn open() -> World {
        World::with(&EVERYTHING)
    }

    /// With every permission on `/data`, and these limits.
    fn limited(limits: FilesystemLimits) -> World {
        World::built(&EVERYTHING, &[("/data", "data", false)], limits)
    }

    /// With every permission on `/data`, and so many open files.
    fn with_open_files(max_open_files: u32, descriptors: u32) -> World {
        let world = World::open();
        let mount = Mount { guest: "/data".to_owned(), host: world.host.path().join("data"), read_only: false };
        let (gate, limits) = (world.filesystem.gate.clone(), FilesystemLimits::default());
        let descriptors = Descriptors::at_most(descriptors);
        let filesystem = Filesystem::open_mounts(gate, &[mount], limits, max_open_files, descriptors).unwrap();
        World { filesystem, ..world }
    }

    /// With mounts of a guest path, a host directory to be made, and whether it is read-only.
    fn built(permissions: &[&str], mounts: &[(&str, &str, bool)], limits: FilesystemLimits) -> World {
        let host = tempfile::tempdir().unwrap();
        fs::write(host.path().join("secret"), "the secret").unwrap();
        let mounts: Vec<Mount> = mounts
            .iter()
            .map(|(guest, directory, read_only)| {
                let directory = host.path().join(directory);
                fs::create_dir_all(&directory).unwrap();
                Mount { guest: (*guest).to_owned(), host: directory, read_only: *read_only }
            })
            .collect();
        let audit = Arc::new(Audit::default());
        let declared = self::permissions(permissions);
        let gate = Gate::new("acme/test@1.0.0".parse().unwrap(), declared.clone(), declared, audit.clone());
        World { filesystem: Filesystem::new(gate, &mounts, limits).unwrap(), host, audit }
    }

    /// The same host directories, seen by a component with other permissions.
    fn again_with(&self, permissions: &[&str]) -> Filesystem {
        let declared = self::permissions(permissions);
        let gate = Gate::new("acme/other@1.0.0".parse().unwrap(), declared.clone(), declared, self.audit.clone());
        let mount = Mount { guest: "/data".to_owned(), host: self.host.path().join("data"), read_only: false };
        Filesystem::new(gate, &[mount], FilesystemLimits::default()).unwrap()
    }

    /// A host path under the mount of `/data`.
    fn host(&self, name: &str) -> PathBuf {
        self.host.path().join("data").join(name)
    }

    fn write(&self, name: &str, content: &str) {
        fs::create_dir_all(self.host(name).parent().unwrap()).unwrap();
        fs::write(self.host(name), content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.host(name)).unwrap()
    }

    fn link(&self, text: &str, name: &str) {
        std::os::unix::fs::symlink(text, self.host(name)).unwrap();
    }

    fn exists(&self, name: &str) -> bool {
        self.host(name).symlink_metadata().is_ok()
    }

    /// Everything under the mount: names, types, sizes, links.
    fn snapshot(&self) -> Vec<String> {
        fn below(directory: &std::path::Path, entries: &mut Vec<String>) {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                let metadata = path.symlink_metadata().unwrap();
                let content = if metadata.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
                entries.push(format!(
                    "{path:?} {:?} {content:?} {:?}",
                    metadata.permissions(),
                    fs::read_link(&path).ok()
                ));
                if metadata.is_dir() {
                    below(&path, entries);
                }
            }
        }
        let mut entries = Vec::new();
        below(self.host.path(), &mut entries);
        entries.sort();
        entries
    }

    /// What was decided since the last time: `allowed files.open /data/a`.
    fn decisions(&self) -> Vec<String> {
        let records = std::mem::take(&mut *locked(&self.audit.0));
        let text = |record: AuditRecord| {
            let decision = if record.decision == Decision::Allowed { "allowed" } else { "denied" };
            let operation = record.operation.strip_prefix("ext-filesystem/").unwrap().to_owned();
            format!("{decision} {operation} {} {}", record.action, record.resource)
        };
        records.into_iter().map(text).collect()
    }
}

const EVERYTHING: [&str; 4] = ["read /data/**", "write /data/**", "delete /data/**", "list /data/**"];

const READING: OpenFlags = OpenFlags {
    read: true,
    write: false,
    append: false,
    create: false,
    create_new: false,
    truncate: false,
    no_follow: false,
};
const WRITING: OpenFlags = OpenFlags { write: true, create: true, ..READING };
const APPENDING: OpenFlags = OpenFlags { append: true, create: true, ..READING };

fn permissions(lines: &[&str]) -> Permissions {
    let permission = |line: &&str| {
        let (action, path) = line.split_once(' ').unwrap();
        FilesystemPermission::new(action.parse().unwrap(), path.parse().unwrap())
    };
    let mut permissions = Permissions::none();
    permissions.filesystem = lines.iter().map(permission).collect();
    permissions
}

/// The denial that an operation gave.
#[track_caller]
fn denied<T>(result: Result<T>) -> Denial {
    match result.err() {
        Some(FilesystemError::PermissionDenied(denial)) => *denial,
        other => panic!("not denied: {other:?}"),
    }
}

/// The case of an error, and the path or nothing that it carries.
#[track_caller]
fn failure<T>(result: Result<T>) -> FilesystemError {
    result.err().expect("it worked")
}

fn names(entries: &[DirectoryEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.name.as_str()).collect()
}
