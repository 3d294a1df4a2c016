//! The one folder that cargo compiles all guests in: what they have in common is compiled once.
//!
//! cargo takes such a folder for that of one workspace. It names a crate of the workspace by its path below the root, and
//! takes it for compiled if its files are older than the result. Two projects that both have a crate `common` below their
//! roots would get each other's. So it is written down which workspace compiled a crate of that name last, and another one
//! makes cargo forget it first.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::cargo_settings::cargo;
use crate::cache::{CacheError, write_whole};
use crate::progress::Silent;

/// How many hexadecimal digits cargo puts behind a crate's name.
const HASH_DIGITS: usize = 16;

/// What cargo says of a workspace.
#[derive(Debug, Deserialize)]
struct Workspace {
    packages: Vec<Package>,
    workspace_root: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
}

/// Makes the folder fit for the workspace that `source` is in. Whoever calls this has the folder for itself.
pub(super) fn claim(folder: &Path, source: &Path) -> Result<(), CacheError> {
    let said = cargo("cargo metadata")
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .folder(source)
        .run(&Silent);
    // Where it cannot be said, cargo will complain when it compiles.
    let Some(workspace) = said.ok().and_then(|said| serde_json::from_str::<Workspace>(&said).ok()) else {
        return Ok(());
    };
    for package in &workspace.packages {
        claim_crate(folder, &package.name, &workspace.workspace_root)?;
    }
    Ok(())
}

fn claim_crate(folder: &Path, name: &str, root: &Path) -> Result<(), CacheError> {
    let owner = folder.join("owners").join(name);
    let root = root.as_os_str().as_encoded_bytes();
    if fs::read(&owner).is_ok_and(|owner| owner == root) {
        return Ok(());
    }
    for compiled in compiled(folder) {
        for entry in fs::read_dir(compiled).into_iter().flatten().flatten() {
            if is_of(&entry.file_name().to_string_lossy(), name) {
                fs::remove_dir_all(entry.path()).map_err(|source| CacheError::Io {
                    action: "remove",
                    path: entry.path(),
                    source,
                })?;
            }
        }
    }
    write_whole(&owner, root)
}

/// The folders in which cargo notes what is compiled: of the machine's own profiles, and of those of each target.
fn compiled(folder: &Path) -> Vec<PathBuf> {
    let below = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let outer = below(folder);
    let inner = outer.iter().flat_map(|folder| below(folder));
    outer
        .iter()
        .cloned()
        .chain(inner)
        .map(|folder| folder.join(".fingerprint"))
        .filter(|folder| folder.is_dir())
        .collect()
}

/// Whether cargo's name of something compiled is of the crate of this name.
fn is_of(compiled: &str, name: &str) -> bool {
    compiled.rsplit_once('-').is_some_and(|(of, hash)| {
        of == name && hash.len() == HASH_DIGITS && hash.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_of_the_same_name_in_another_workspace_is_forgotten_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let note = |place: &str| {
            let path = folder.path().join(place);
            fs::create_dir_all(&path).unwrap();
            path
        };
        let host = note("release/.fingerprint/common-0123456789abcdef");
        let guest = note("wasm32-unknown-unknown/debug/.fingerprint/common-0123456789abcdef");
        let other = note("release/.fingerprint/common-more-0123456789abcdef");
        claim_crate(folder.path(), "common", Path::new("/one")).unwrap();
        assert!(!host.exists() && !guest.exists() && other.exists());
        note("release/.fingerprint/common-0123456789abcdef");
        claim_crate(folder.path(), "common", Path::new("/one")).unwrap();
        assert!(host.exists(), "its own is kept");
        claim_crate(folder.path(), "common", Path::new("/two")).unwrap();
        assert!(!host.exists());
    }
}
