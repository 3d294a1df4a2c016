//! Descriptors of the host process, which all components share: how many the process may have, and how many of them go to
//! components. What finds none left is refused by name, before the operating system refuses the next one who asks,
//! whoever that is.

use std::sync::Arc;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Descriptors that all components may have together, unless the embedder says otherwise. The kernel's tables for so many
/// take some 16 MiB.
pub const DEFAULT_MAX_DESCRIPTORS: u32 = 65_536;
/// Descriptors that are left to the host: the embedder's own, mounts, streams of processes, the compiled cache, and what
/// a single operation needs for a moment.
pub const RESERVED_DESCRIPTORS: u32 = 256;

/// How many descriptors all components may have together. Clones count together.
#[derive(Debug, Clone)]
pub(crate) struct Descriptors(Arc<Semaphore>);

/// Descriptors that somebody has, until this is dropped.
#[derive(Debug)]
pub(crate) struct Taken(#[allow(dead_code, reason = "held for what its end does")] OwnedSemaphorePermit);

impl Descriptors {
    /// So many and no more.
    pub(crate) fn at_most(limit: u32) -> Self {
        Self(Arc::new(Semaphore::new(limit as usize)))
    }

    /// As many as the embedder allows and the process can have; `raise` lets the process have more first.
    pub(crate) fn of_process(wanted: u32, raise: bool) -> Self {
        let limit = if raise { raised() } else { getrlimit(Resource::Nofile).current };
        Self::at_most(for_components(wanted, limit))
    }

    /// Takes so many; nothing if there are not so many left.
    pub(crate) fn take(&self, many: u32) -> Option<Taken> {
        Arc::clone(&self.0).try_acquire_many_owned(many).ok().map(Taken)
    }
}

/// How many of `process` go to components: not those that are the host's, of which a small process leaves half.
fn for_components(wanted: u32, process: Option<u64>) -> u32 {
    let process = process.map_or(u32::MAX, |limit| u32::try_from(limit).unwrap_or(u32::MAX));
    wanted.min(process - RESERVED_DESCRIPTORS.min(process / 2))
}

/// Raises the soft limit of the process to its hard one, and gives what is in force then.
fn raised() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum || current.is_none() {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => {
            tracing::info!(from = current, to = maximum, "raised how many files this process may have open");
            maximum
        }
        Err(error) => {
            tracing::warn!(%error, limit = current, "this process may have no more files open");
            current
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_counts_together_and_comes_back() {
        let all = Descriptors::at_most(5);
        let (one, three) = (all.clone().take(1).unwrap(), all.take(3).unwrap());
        assert!(all.take(2).is_none());
        let last = all.take(1).unwrap();
        assert!(all.take(1).is_none());
        drop((one, last));
        assert!(all.take(2).is_some());
        drop(three);
        assert!(all.take(5).is_some() && all.take(u32::MAX).is_none());
    }

    #[test]
    fn the_host_keeps_some_for_itself() {
        assert_eq!(for_components(65_536, Some(1024)), 768);
        assert_eq!(for_components(65_536, Some(100)), 50);
        assert_eq!(for_components(65_536, Some(1_048_576)), 65_536);
        assert_eq!(for_components(100, None), 100);
        assert_eq!(for_components(100, Some(0)), 0);
    }

    #[test]
    fn the_soft_limit_becomes_the_hard_one() {
        raised();
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        assert_eq!(current, maximum);
    }
}
