//! Symbolic links: making, reading and moving them.
//!
//! On the host a link that a guest makes is relative, and climbs before it goes anywhere: it leads to the same place for
//! whoever sees it. An absolute one would lead the host's own programs to a path that only the guest has. Where a link
//! leads takes the permission to read there when the link is made, and when a directory with the link in it is moved to
//! where the link leads elsewhere. So no program of the host that follows a guest's link comes out of the mount.

use std::ffi::CString;

use airssys_wasm_policy::FilesystemAction::{Read, Write};
use airssys_wasm_policy::Operation;
use rustix::fs::AtFlags;
use rustix::io::Errno;

use super::atomic_file::move_entry;
use super::attempt::{Attempt, Interrupted};
use super::resolve::{Existing, Resolved, Target};
use super::stat::Stat;
use super::temporary_name::temporary_name;
use super::walk::{Entry, FinalLink, Found, Place};
use super::{FileType, Filesystem, FilesystemError, Metadata, OnExisting, Result, path};

const CREATE_SYMLINK: Operation = Operation("ext-filesystem/paths.create-symlink");
const READ_SYMLINK: Operation = Operation("ext-filesystem/paths.read-symlink");
const GET_LINK_METADATA: Operation = Operation("ext-filesystem/paths.get-link-metadata");

/// How the relative text of a link begins that a guest wrote as an absolute path, so that the guest can read it as such.
/// To the host it says nothing.
const WRITTEN_ABSOLUTE: &str = ".//";

impl Filesystem {
    /// `paths.create-symlink`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn create_symlink(&self, target: &str, link: &str) -> Result<()> {
        let target = path::normalize(target)?;
        self.make_link(link, &target, |directory| {
            let text = path::link_text(directory, &target);
            (target.clone(), text)
        })
    }

    /// The same with a text as a guest of WASI writes it: absolute, or from the directory of the link. It is kept as it
    /// is, unless it climbs after it has gone somewhere.
    ///
    /// # Errors
    /// As [`Filesystem::create_symlink`].
    pub(crate) fn create_symlink_as_written(&self, text: &str, link: &str) -> Result<()> {
        if text.is_empty() {
            return Err(FilesystemError::NotFound(text.to_owned()));
        }
        if text.starts_with('/') {
            let target = path::normalize(text)?;
            return self.make_link(link, text, |directory| {
                let text = path::link_text(directory, &target);
                (target.clone(), format!("{WRITTEN_ABSOLUTE}{text}"))
            });
        }
        // For its form alone; the directory is known when the link's own path has been resolved.
        path::segments(&format!("/{text}"))?;
        self.make_link(link, text, |directory| {
            let target = path::link_target(directory, text);
            let target = path::absolute(&path::fold(target.split('/').filter(|name| !matches!(*name, "" | "."))));
            let text = if path::climbs_first(text) { text.to_owned() } else { path::link_text(directory, &target) };
            (target, text)
        })
    }

    /// Makes a link. `leads` gives the place that it leads to from a directory, absolute and normal, and its text there.
    fn make_link(&self, link: &str, given: &str, leads: impl Fn(&str) -> (String, String)) -> Result<()> {
        self.attempt(|| {
            let place = self.resolve(link, FinalLink::Keep)?.authorize(self, CREATE_SYMLINK, &[Write])?;
            let (target, text) = leads(path::parent(place.path()));
            let destination = self.resolve(&target, FinalLink::Follow)?.authorize(self, CREATE_SYMLINK, &[Read])?;
            if let Err(FilesystemError::TooManyLinks(_)) = destination.place() {
                return Err(FilesystemError::TooManyLinks(given.to_owned()).into());
            }
            let entry = place.free_entry(FileType::SymbolicLink)?;
            if self.shared.mounts.containing(&target) != place.mount() {
                return Err(FilesystemError::CrossDevice(given.to_owned()).into());
            }
            match rustix::fs::symlinkat(text, &*entry.parent, entry.name.as_str()) {
                Err(Errno::PERM) => {
                    Err(FilesystemError::Unsupported("the filesystem has no symbolic links".to_owned()).into())
                }
                Err(Errno::EXIST) => Err(Interrupted::Moved),
                Err(errno) => Err(place.failed(errno).into()),
                Ok(()) => self.keep_if_still_at(place.path(), entry),
            }
        })
    }

    /// Removes a link again whose directory was moved while it was made: its text is for where the directory was.
    fn keep_if_still_at(&self, path: &str, entry: &Entry) -> Attempt<()> {
        let inode = |entry: &Entry| Stat::of(&*entry.parent).map(|stat| stat.inode());
        let now = self.resolve(path, FinalLink::Keep).ok().and_then(Resolved::into_place);
        if let Some(Place::Entry(now)) = now
            && inode(&now).is_ok_and(|now| inode(entry) == Ok(now))
        {
            return Ok(());
        }
        let _ = rustix::fs::unlinkat(&*entry.parent, entry.name.as_str(), AtFlags::empty());
        Err(Interrupted::Moved)
    }

    /// `paths.read-symlink`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn read_symlink(&self, link: &str) -> Result<String> {
        let (target, text) = self.link(link)?;
        Ok(path::link_target(path::parent(target.path()), &text))
    }

    /// The text of a link as a guest of WASI wrote it. Of one that leads out of its mount, which no guest made, only where
    /// it leads in the guest's tree.
    ///
    /// # Errors
    /// As [`Filesystem::read_symlink`].
    pub(crate) fn read_symlink_as_written(&self, link: &str) -> Result<String> {
        let (target, text) = self.link(link)?;
        Ok(self.as_written(&target, text))
    }

    fn link(&self, link: &str) -> Result<(Target, String)> {
        let target = self.resolve(link, FinalLink::KeepUnlessSlash)?.authorize(self, READ_SYMLINK, &[Read])?;
        let text = match target.found()? {
            Existing::Entry { found, .. } if found.stat.file_type() == FileType::SymbolicLink => {
                read_link(&target, found)?
            }
            _ => return Err(FilesystemError::InvalidArgument("it is not a symbolic link".to_owned())),
        };
        Ok((target, text))
    }

    fn as_written(&self, link: &Target, text: String) -> String {
        let leads_to = path::link_target(path::parent(link.path()), &text);
        if text.starts_with(WRITTEN_ABSOLUTE) || text.starts_with('/') || !self.stays(link, &text) {
            return leads_to;
        }
        text
    }

    /// Whether a relative text, read from where the link is, stays in the link's mount.
    fn stays(&self, link: &Target, text: &str) -> bool {
        self.depth_in_mount(path::parent(link.path())).is_some_and(|depth| !leaves(depth, text))
    }

    /// `paths.get-link-metadata`, with the size of a link being that of its text as a guest of WASI reads it.
    ///
    /// # Errors
    /// As [`Filesystem::get_link_metadata`].
    pub(crate) fn get_link_metadata_as_written(&self, path: &str) -> Result<Metadata> {
        let target = self.look_at(path, FinalLink::KeepUnlessSlash, GET_LINK_METADATA)?;
        let mut metadata = self.metadata_of(&target)?;
        if let Existing::Entry { found, .. } = target.found()?
            && metadata.file_type == FileType::SymbolicLink
            && let Ok(text) = read_link(&target, found)
        {
            metadata.size = self.as_written(&target, text).len() as u64;
        }
        Ok(metadata)
    }

    /// How many directories a path is below the root of its mount.
    fn depth_in_mount(&self, path: &str) -> Option<usize> {
        let mount = self.shared.mounts.get(self.shared.mounts.containing(path)?);
        let names = |path: &str| path.split('/').filter(|name| !name.is_empty()).count();
        Some(names(path) - names(mount.guest()))
    }

    /// Whether a link may be moved with the directory that it is in, from one directory to another: it leads to the same
    /// place, or to one where the component may read. Links are relative, so that a directory that is moved up would
    /// otherwise take them out of the mount, past what was asked for when they were made.
    pub(super) fn check_link_moves(&self, text: &[u8], tree: [&str; 2], directory: [&str; 2]) -> Result<()> {
        let Ok(text) = std::str::from_utf8(text) else {
            return Err(re_aimed("is not UTF-8"));
        };
        if text.starts_with('/') {
            return Ok(());
        }
        let depths = directory.map(|directory| self.depth_in_mount(directory));
        let [Some(before), Some(after)] = depths else { return Err(re_aimed("is in no mount")) };
        if leaves(after, text) {
            // From the same depth it leaves to the same place, and did so before.
            return if before == after { Ok(()) } else { Err(re_aimed("would lead out of the mount")) };
        }
        let [old, new] = directory.map(|directory| path::normalize(&path::link_target(directory, text)));
        let (old, new) = (old?, new?);
        let [from, to] = tree;
        let moves_along = !leaves(before, text) && path::is_within(&old, from) && path::is_within(&new, to);
        let same_mount = self.shared.mounts.containing(&new) == self.shared.mounts.containing(directory[1]);
        if old == new || moves_along || (same_mount && self.allows(Read, &new)) {
            return Ok(());
        }
        Err(re_aimed("would lead to where the component may not read"))
    }

    /// Moves a link by itself, to another directory. It needs another text there to lead to the same place.
    pub(super) fn move_link(
        &self,
        from: &Target,
        found: &Found,
        place: &Entry,
        to: &Target,
        on_existing: OnExisting,
        failed: impl Fn(Errno) -> Interrupted,
    ) -> Attempt<()> {
        let entry = from.entry()?;
        let text = rustix::fs::readlinkat(&*found.fd, "", Vec::new()).map_err(&failed)?;
        let directories = [path::parent(from.path()), path::parent(to.path())];
        let text = match text.to_str() {
            Ok(text) if text.starts_with('/') => text.to_owned(),
            Ok(text) if self.stays(from, text) => {
                let mark = if text.starts_with(WRITTEN_ABSOLUTE) { WRITTEN_ABSOLUTE } else { "" };
                let target = path::normalize(&path::link_target(directories[0], text))?;
                format!("{mark}{}", path::link_text(directories[1], &target))
            }
            // It leads out, so the host made it; the guest's tree has no path for where it leads.
            Ok(text) => {
                self.check_link_moves(text.as_bytes(), [from.path(), to.path()], directories)?;
                text.to_owned()
            }
            Err(_) => return Err(re_aimed("is not UTF-8").into()),
        };
        let text = CString::new(text).map_err(|_| failed(Errno::ILSEQ))?;
        let temporary = temporary_name();
        rustix::fs::symlinkat(text.as_c_str(), &*place.parent, temporary.as_str()).map_err(&failed)?;
        if let Err(errno) = move_entry(&place.parent, &temporary, &place.parent, &place.name, on_existing) {
            let _ = rustix::fs::unlinkat(&*place.parent, temporary.as_str(), AtFlags::empty());
            return Err(failed(errno));
        }
        if let Some(replaced) = &place.found {
            self.note_removed(&replaced.stat);
        }
        self.keep_if_still_at(to.path(), place)?;
        let removed = rustix::fs::unlinkat(&*entry.parent, entry.name.as_str(), AtFlags::empty());
        Ok(removed.map_err(|errno| from.failed(errno))?)
    }
}

fn re_aimed(how: &str) -> FilesystemError {
    FilesystemError::InvalidArgument(format!("a symbolic link that would be moved {how}"))
}

/// Whether a relative text climbs above the root of its mount from so many directories below it. By the text alone: where
/// a link on the way leads to is not known.
fn leaves(depth: usize, text: &str) -> bool {
    let mut depth = depth;
    for name in text.split('/') {
        match name {
            "" | "." => {}
            ".." => match depth.checked_sub(1) {
                Some(above) => depth = above,
                None => return true,
            },
            _ => depth += 1,
        }
    }
    false
}

fn read_link(target: &Target, found: &Found) -> Result<String> {
    let text = rustix::fs::readlinkat(&*found.fd, "", Vec::new()).map_err(|errno| target.failed(errno))?;
    text.into_string().map_err(|_| FilesystemError::Io("the link's text is not UTF-8".to_owned()))
}
