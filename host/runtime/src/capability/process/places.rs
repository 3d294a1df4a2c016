//! How many processes a component may have, and where the supervisor of each writes what its child has taken.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, OnceLock};

use tokio::sync::watch;

use crate::locked::locked;

use super::tally;

/// The places for processes that all instances of one component have together.
#[derive(Default)]
pub(super) struct Places {
    /// Which are taken, those of processes that still have to go included.
    taken: Mutex<Vec<bool>>,
    /// Made for the first child.
    tally: OnceLock<File>,
}

/// How many processes one instance of a component has, those that still have to go included.
pub(super) type Running = Arc<watch::Sender<u32>>;

/// The place of one process. It goes with the process.
pub(super) struct Slot {
    places: Arc<Places>,
    running: Running,
    /// Where its supervisor writes what it takes.
    pub(super) place: u32,
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(tally) = self.places.tally.get() {
            // A place that could not be cleared leaves less to the others, until a child has it again.
            let _ = tally.write_all_at(&[0; tally::PLACE_BYTES], tally::at(self.place));
        }
        if let Some(taken) = locked(&self.places.taken).get_mut(self.place as usize) {
            *taken = false;
        }
        self.running.send_modify(|running| *running -= 1);
    }
}

impl Places {
    /// Takes a place for an instance, if fewer than `limit` are taken.
    pub(super) fn take(self: &Arc<Self>, limit: u32, running: &Running) -> Option<Slot> {
        let mut taken = locked(&self.taken);
        if taken.iter().filter(|taken| **taken).count() >= limit as usize {
            return None;
        }
        let place = taken.iter().position(|taken| !taken).unwrap_or_else(|| {
            taken.push(false);
            taken.len() - 1
        });
        taken[place] = true;
        drop(taken);
        running.send_modify(|running| *running += 1);
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        Some(Slot { places: Arc::clone(self), running: Arc::clone(running), place })
    }

    /// What each child has taken.
    pub(super) fn tally(&self) -> io::Result<&File> {
        if self.tally.get().is_none() {
            let file = rustix::fs::memfd_create("airssys-tally", rustix::fs::MemfdFlags::CLOEXEC)?;
            // Two at the same time make two, and use the same one.
            let _ = self.tally.set(File::from(file));
        }
        self.tally.get().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
