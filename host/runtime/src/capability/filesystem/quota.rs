//! How many bytes all files of a component may have together.

use std::collections::HashMap;
use std::io;
use std::sync::Mutex;

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{Dir, Mode, OFlags};

use crate::locked::locked;

use super::error::describe;
use super::mounts::Mounts;
use super::stat::{Inode, Stat};
use super::{FilesystemError, Result};

/// What the files in the writable mounts take, and may take.
pub(super) struct Quota {
    limit: u64,
    /// Held for a moment only, for it is also asked where blocking is not allowed: when an instance goes, with all its
    /// files.
    state: Mutex<State>,
    /// Who changes the size of a file has its turn meanwhile, or two who do would both count what they see of the other.
    turns: [Mutex<()>; TURNS],
}

/// Files that may change their sizes at the same time; two that share a turn wait for each other. A component has four
/// threads for such work.
const TURNS: usize = 16;

struct State {
    used: u64,
    /// Files with handles: one that is removed goes on to take its space until the last handle is closed.
    open: HashMap<Inode, u32>,
}

impl Quota {
    /// Measures what is there.
    pub(super) fn measure(limit: u64, mounts: &Mounts) -> io::Result<Self> {
        let mut used = 0_u64;
        for mount in mounts.iter().filter(|mount| !mount.read_only) {
            used = used.saturating_add(bytes_below(&mount.root)?);
        }
        let state = Mutex::new(State { used, open: HashMap::new() });
        Ok(Quota { limit, state, turns: [const { Mutex::new(()) }; TURNS] })
    }

    /// Runs `change`, which may grow the file to at most `size` bytes, after reserving the growth.
    pub(super) fn resizing<T>(&self, file: impl AsFd, size: u64, change: impl FnOnce() -> Result<T>) -> Result<T> {
        let inode = Stat::of(&file).map_err(|errno| FilesystemError::Io(describe(errno)))?.inode();
        let _turn = locked(&self.turns[(inode.spread() % TURNS as u64) as usize]);
        let size_now = || Stat::of(&file).map_or(0, |stat| stat.size());
        let before = size_now();
        let reserved = self.reserve(size.saturating_sub(before))?;
        let done = change();
        reserved.becomes(before, size_now());
        done
    }

    /// In one step: two writers must not both take what is left.
    fn reserve(&self, bytes: u64) -> Result<Reserved<'_>> {
        let mut state = locked(&self.state);
        let used = state.used.saturating_add(bytes);
        if used > self.limit {
            let limit = self.limit;
            return Err(FilesystemError::QuotaExceeded(format!("all files together may have {limit} bytes at most")));
        }
        state.used = used;
        drop(state);
        Ok(Reserved { quota: self, bytes })
    }

    /// A file has one handle more.
    pub(super) fn note_opened(&self, stat: &Stat) {
        *locked(&self.state).open.entry(stat.inode()).or_default() += 1;
    }

    /// A file has one handle less.
    pub(super) fn note_closed(&self, file: impl AsFd) {
        let Ok(stat) = Stat::of(file) else { return };
        let mut state = locked(&self.state);
        let Some(handles) = state.open.get_mut(&stat.inode()) else { return };
        *handles -= 1;
        if *handles == 0 {
            state.open.remove(&stat.inode());
            if stat.links() == 0 {
                state.used = state.used.saturating_sub(stat.size());
            }
        }
    }

    /// A name of a file is gone; `stat` is from before.
    pub(super) fn note_removed(&self, stat: &Stat) {
        let mut state = locked(&self.state);
        if stat.is_regular() && stat.links() <= 1 && !state.open.contains_key(&stat.inode()) {
            state.used = state.used.saturating_sub(stat.size());
        }
    }
}

/// Room for a file to grow, given back if nothing becomes of it.
struct Reserved<'a> {
    quota: &'a Quota,
    bytes: u64,
}

impl Reserved<'_> {
    /// The file had one size and has another now. In one step, so that nobody sees the room taken twice.
    fn becomes(mut self, before: u64, after: u64) {
        let reserved = std::mem::take(&mut self.bytes);
        let mut state = locked(&self.quota.state);
        state.used = state.used.saturating_sub(before.saturating_add(reserved)).saturating_add(after);
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        let mut state = locked(&self.quota.state);
        state.used = state.used.saturating_sub(self.bytes);
    }
}

fn bytes_below(root: &OwnedFd) -> io::Result<u64> {
    let open = |parent: &dyn AsFd, name: &std::ffi::CStr| -> io::Result<Dir> {
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Dir::new(rustix::fs::openat(parent.as_fd(), name, flags, Mode::empty())?)?)
    };
    let mut levels = vec![open(root, c".")?];
    let mut bytes = 0_u64;
    while let Some(directory) = levels.last_mut() {
        let Some(entry) = directory.next() else {
            levels.pop();
            continue;
        };
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let known = Stat::at(directory.fd()?, name)?;
        if known.is_regular() {
            bytes = bytes.saturating_add(known.size());
        } else if known.is_directory() {
            let below = open(&directory.fd()?, name)?;
            levels.push(below);
        }
    }
    Ok(bytes)
}
