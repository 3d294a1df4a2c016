//! How many bytes a component's files may have: each by itself, and all together.

use std::collections::HashMap;
use std::io;
use std::sync::Mutex;

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{Dir, Mode, OFlags};

use super::mounts::Mounts;
use super::stat::{Inode, Stat};
use super::{Filesystem, FilesystemError, Result, locked};

/// What the files in the writable mounts take, where that is limited.
pub(super) struct Space {
    limit: u64,
    state: Mutex<State>,
}

struct State {
    used: u64,
    /// Files with handles: one that is removed goes on to take its space until the last handle is closed.
    open: HashMap<Inode, u32>,
}

impl Space {
    /// Measures what is there.
    pub(super) fn measure(limit: u64, mounts: &Mounts) -> io::Result<Self> {
        let mut used = 0_u64;
        for mount in mounts.iter().filter(|mount| !mount.read_only) {
            used = used.saturating_add(bytes_below(&mount.root)?);
        }
        Ok(Space { limit, state: Mutex::new(State { used, open: HashMap::new() }) })
    }
}

impl Filesystem {
    /// Does something to a file that makes it at most `size` bytes long, if it was not longer already.
    pub(super) fn resizing<T>(&self, file: impl AsFd, size: u64, change: impl FnOnce() -> Result<T>) -> Result<T> {
        let limit = self.0.limits.max_file_bytes;
        if size > limit {
            return Err(FilesystemError::QuotaExceeded(format!("a file may have {limit} bytes at most")));
        }
        let Some(space) = &self.0.space else { return change() };
        let size_now = || Stat::of(&file).map_or(0, |stat| stat.size());
        // Held meanwhile: two writers must not both take what is left.
        let mut state = locked(&space.state);
        let before = size_now();
        if state.used.saturating_add(size.saturating_sub(before)) > space.limit {
            let limit = space.limit;
            return Err(FilesystemError::QuotaExceeded(format!("all files together may have {limit} bytes at most")));
        }
        let done = change();
        state.used = state.used.saturating_sub(before).saturating_add(size_now());
        done
    }

    /// A file has one handle more.
    pub(super) fn note_opened(&self, stat: &Stat) {
        if let Some(space) = &self.0.space {
            *locked(&space.state).open.entry(stat.inode()).or_default() += 1;
        }
    }

    /// A file has one handle less.
    pub(super) fn note_closed(&self, file: impl AsFd) {
        let Some(space) = &self.0.space else { return };
        let Ok(stat) = Stat::of(file) else { return };
        let mut state = locked(&space.state);
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
        let Some(space) = &self.0.space else { return };
        let mut state = locked(&space.state);
        if stat.is_regular() && stat.links() <= 1 && !state.open.contains_key(&stat.inode()) {
            state.used = state.used.saturating_sub(stat.size());
        }
    }

    /// Whether anybody needs to know what is removed.
    pub(super) fn counts_space(&self) -> bool {
        self.0.space.is_some()
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
