//! What `wasi:filesystem` has and the contract has not: directories that are there from the start, and a number by which
//! files are told apart.

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;

use airssys_wasm_policy::FilesystemAction::{List, Read};
use airssys_wasm_policy::Operation;

use super::resolve::Existing;
use super::stat::Stat;
use super::walk::FinalLink;
use super::{File, Filesystem, Result};

/// Another one in each process: what a guest sees of the host's numbers is nothing that it could count with.
static SPREADING: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl Filesystem {
    /// The guest paths of the mounts that the component's own declaration is about. To know of them gives nothing: each
    /// use of a path below them is asked for by itself.
    pub(crate) fn preopens(&self) -> BTreeSet<String> {
        let [declared, _] = self.gate.permissions();
        let mut preopens = BTreeSet::new();
        for allowed in &declared.filesystem {
            let start = allowed.path.literal_start();
            let containing = self.shared.mounts.containing(&start).map(|mount| self.shared.mounts.get(mount));
            let below = self.shared.mounts.iter().filter(|mount| super::path::is_within(mount.guest(), &start));
            preopens.extend(containing.into_iter().chain(below).map(|mount| mount.guest().to_owned()));
        }
        preopens
    }

    /// A number that the same file or directory has again, for who may know its metadata.
    ///
    /// # Errors
    /// As `paths.get-metadata`, or `paths.get-link-metadata` if a link is not followed.
    pub(crate) fn identity(&self, operation: Operation, path: &str, follow: bool) -> Result<u64> {
        let final_link = if follow { FinalLink::Follow } else { FinalLink::KeepUnlessSlash };
        let target = self.resolve(path, final_link)?.authorize_any(self, operation, &[Read, List])?;
        Ok(match target.found()? {
            Existing::Entry { found, .. } => SPREADING.hash_one(found.stat.inode()),
            Existing::MountRoot(root) => {
                SPREADING.hash_one(Stat::of(root).map_err(|errno| target.failed(errno))?.inode())
            }
            Existing::Synthetic => SPREADING.hash_one(target.path()),
        })
    }
}

impl File {
    /// The number that the file has for [`Filesystem::identity`] as well.
    pub(crate) fn identity(&self) -> Result<u64> {
        Ok(SPREADING.hash_one(self.inode()?))
    }
}
