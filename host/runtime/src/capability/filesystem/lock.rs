//! Advisory locks on whole files.
//!
//! Handles of this process learn from a table in memory when a lock is free, so that waiting for one takes no thread and
//! no polling. The operating system's `flock` keeps out other processes; it cannot be waited for without a thread, so for
//! that, and only that, a waiting handle asks again from time to time.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::FlockOperation;
use rustix::io::Errno;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::locked::locked;

use super::stat::Inode;
use super::{FilesystemError, LockKind, Result};

/// How often a lock that another process holds is asked for: a person does not notice, nor does a processor.
const FOREIGN_LOCK_INTERVAL: Duration = Duration::from_millis(20);

/// Who holds what, for all components: two of them may have the same directory mounted.
static TABLE: LazyLock<Mutex<HashMap<Inode, Holders>>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Holders {
    shared: u32,
    exclusive: bool,
    released: Arc<Notify>,
}

impl Holders {
    /// Takes a lock in place of the one already held, if all others allow it.
    fn change(&mut self, from: Option<LockKind>, to: LockKind) -> bool {
        let others_shared = self.shared - u32::from(from == Some(LockKind::Shared));
        let others_exclusive = self.exclusive && from != Some(LockKind::Exclusive);
        if others_exclusive || (to == LockKind::Exclusive && others_shared > 0) {
            return false;
        }
        self.give_up(from);
        match to {
            LockKind::Shared => self.shared += 1,
            LockKind::Exclusive => self.exclusive = true,
        }
        true
    }

    fn give_up(&mut self, held: Option<LockKind>) {
        match held {
            Some(LockKind::Shared) => self.shared -= 1,
            Some(LockKind::Exclusive) => self.exclusive = false,
            None => {}
        }
    }

    fn is_unused(&self) -> bool {
        self.shared == 0 && !self.exclusive && Arc::strong_count(&self.released) == 1
    }
}

/// The lock that one handle may hold.
pub(super) struct FileLock {
    inode: Inode,
    held: Mutex<Option<LockKind>>,
}

enum Answer {
    Held,
    /// By another handle of this process.
    Busy,
    /// By another process.
    BusyElsewhere,
}

impl FileLock {
    pub(super) fn new(inode: Inode) -> Self {
        FileLock { inode, held: Mutex::new(None) }
    }

    /// Waits for the lock. Nothing is held that was not before if this is dropped before it is done.
    pub(super) async fn lock(
        &self,
        file: &OwnedFd,
        kind: LockKind,
        timeout: Option<Duration>,
        path: &str,
    ) -> Result<()> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let waiting = Waiting::new(self.inode);
        loop {
            let mut released = pin!(waiting.released.notified());
            // Listening starts before asking, so that a release in between is not missed.
            released.as_mut().enable();
            let answer = self.try_lock(file, kind).map_err(|errno| FilesystemError::from_errno(errno, path))?;
            if matches!(answer, Answer::Held) {
                return Ok(());
            }
            let now = Instant::now();
            if deadline.is_some_and(|deadline| deadline <= now) {
                return Err(FilesystemError::Locked(path.to_owned()));
            }
            match (answer, deadline) {
                // Not for a release: asking in vain looks like one, and two who wait would keep each other awake.
                (Answer::BusyElsewhere, deadline) => {
                    let next = now + FOREIGN_LOCK_INTERVAL;
                    tokio::time::sleep_until(deadline.map_or(next, |deadline| deadline.min(next))).await;
                }
                (_, None) => released.await,
                // Whether it was released or the time is up, the next round finds out.
                (_, Some(deadline)) => drop(tokio::time::timeout_at(deadline, released).await),
            }
        }
    }

    fn try_lock(&self, file: impl AsFd, kind: LockKind) -> std::result::Result<Answer, Errno> {
        let mut held = locked(&self.held);
        if *held == Some(kind) {
            return Ok(Answer::Held);
        }
        if !locked(&TABLE).entry(self.inode).or_default().change(*held, kind) {
            return Ok(Answer::Busy);
        }
        let error = match flock(&file, operation(kind)) {
            Ok(()) => {
                *held = Some(kind);
                return Ok(Answer::Held);
            }
            Err(error) => error,
        };
        // The operating system drops the old lock when it refuses the new one, and others may have taken it since.
        let old = held.filter(|old| flock(&file, operation(*old)).is_ok());
        *held = old;
        {
            let mut table = locked(&TABLE);
            let holders = table.entry(self.inode).or_default();
            holders.give_up(Some(kind));
            match old {
                Some(LockKind::Shared) => holders.shared += 1,
                Some(LockKind::Exclusive) => holders.exclusive = true,
                None => {}
            }
            holders.released.notify_waiters();
        }
        if error == Errno::WOULDBLOCK { Ok(Answer::BusyElsewhere) } else { Err(error) }
    }

    /// Releases the lock, and says whether there was one.
    pub(super) fn unlock(&self, file: impl AsFd) -> std::result::Result<bool, Errno> {
        let mut held = locked(&self.held);
        let Some(kind) = held.take() else { return Ok(false) };
        let unlocked = flock(file, FlockOperation::Unlock);
        let mut table = locked(&TABLE);
        if let Some(holders) = table.get_mut(&self.inode) {
            holders.give_up(Some(kind));
            holders.released.notify_waiters();
            if holders.is_unused() {
                table.remove(&self.inode);
            }
        }
        unlocked.map(|()| true)
    }
}

fn operation(kind: LockKind) -> FlockOperation {
    match kind {
        LockKind::Shared => FlockOperation::NonBlockingLockShared,
        LockKind::Exclusive => FlockOperation::NonBlockingLockExclusive,
    }
}

fn flock(file: impl AsFd, operation: FlockOperation) -> std::result::Result<(), Errno> {
    rustix::io::retry_on_intr(|| rustix::fs::flock(&file, operation))
}

/// Keeps the entry in the table while somebody waits.
struct Waiting {
    inode: Inode,
    released: Arc<Notify>,
}

impl Waiting {
    fn new(inode: Inode) -> Self {
        let released = locked(&TABLE).entry(inode).or_default().released.clone();
        Waiting { inode, released }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut table = locked(&TABLE);
        self.released = Arc::default();
        if table.get(&self.inode).is_some_and(Holders::is_unused) {
            table.remove(&self.inode);
        }
    }
}
