//! How much memory the children of a component take together, and which of them has to go when that is too much.
//!
//! The kernel limits the memory of one process and not that of a tree. So each supervisor looks now and then at its own
//! tree and writes what it found into the [tally](super::tally). When the sum is above the limit, the tree goes that has
//! the most of it. What is taken between two looks may be above the limit as long as that.
//!
//! Like everything in a supervisor it allocates nothing and cannot panic.
#![allow(unsafe_code)]

use libc::{c_int, pid_t};

use super::plan::Bounds;
use super::procfs::{for_each_process, kibibytes};
use super::tally::{Kind, Tally};

/// How often a supervisor looks. A machine fills a few hundred mebibytes meanwhile.
const INTERVAL_MS: u64 = 500;
const NO_LIMIT: u32 = u32::MAX;

/// The watch of one supervisor.
pub(super) struct Watch {
    /// In mebibytes.
    limit: u32,
    tally: Tally,
    next: u64,
    /// Whether it was too much the last time, so that everybody has measured well meanwhile.
    was_over: bool,
}

impl Watch {
    pub(super) fn new(bounds: &Bounds, tally: Tally) -> Self {
        let limit = bounds.max_component_mebibytes.unwrap_or(NO_LIMIT);
        Watch { limit, tally, next: now().saturating_add(INTERVAL_MS), was_over: false }
    }

    /// How long there is nothing to do, as `poll` takes it.
    pub(super) fn pause(&self) -> c_int {
        if self.limit == NO_LIMIT {
            return -1;
        }
        c_int::try_from(self.next.saturating_sub(now())).unwrap_or(0)
    }

    /// Looks, if it is time to. Whether the tree of this supervisor has to go.
    pub(super) fn look(&mut self, child: pid_t, is_alone: bool, scoped: bool) -> bool {
        if self.limit == NO_LIMIT || now() < self.next {
            return false;
        }
        let must_go = self.decide(|is_well| {
            let measured = if is_well { proportional } else { resident };
            mebibytes(child, is_alone || !scoped, measured)
        });
        self.next = now().saturating_add(INTERVAL_MS);
        must_go
    }

    /// Decides by what is measured, quickly or well.
    fn decide(&mut self, measured: impl Fn(bool) -> u32) -> bool {
        let others = self.tally.of_others(Kind::Memory);
        let is_over = |own: u32| own.saturating_add(others.sum) > self.limit;
        let mut own = measured(false);
        if is_over(own) {
            own = measured(true);
        }
        self.tally.write(Kind::Memory, own);
        let was_over = std::mem::replace(&mut self.was_over, is_over(own));
        was_over && is_over(own) && own >= others.most
    }
}

/// Quickly told and too much: what processes share since a fork is counted for each of them.
fn resident(pid: pid_t) -> u64 {
    kibibytes(pid, b"/status", [b"RssAnon:", b"RssShmem:"])
}

/// What is shared is divided among those that share it. Where a process does not let this be read, it counts in full.
fn proportional(pid: pid_t) -> u64 {
    match kibibytes(pid, b"/smaps_rollup", [b"Pss_Anon:", b"Pss_Shmem:"]) {
        0 => resident(pid),
        kibibytes => kibibytes,
    }
}

/// The memory of the child and, if it is not alone, of all that comes from it.
fn mebibytes(child: pid_t, is_alone: bool, measured: impl Fn(pid_t) -> u64) -> u32 {
    let mut sum = 0;
    if is_alone {
        sum = measured(child);
    } else {
        // SAFETY: cannot fail.
        let own = unsafe { libc::getpid() };
        for_each_process(|pid| {
            // SAFETY: a signal of 0 does nothing; it only tells who is in the domain.
            if pid != own && unsafe { libc::kill(pid, 0) } == 0 {
                sum = sum.saturating_add(measured(pid));
            }
        });
    }
    u32::try_from(sum.div_ceil(1024)).unwrap_or(NO_LIMIT)
}

/// Milliseconds of a clock that only goes forward.
fn now() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure lives through the call.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    (time.tv_sec as u64).saturating_mul(1000).saturating_add(time.tv_nsec as u64 / 1_000_000)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::AsRawFd;

    use super::*;

    fn watch(tally: &File, place: u32) -> Watch {
        let bounds = Bounds { max_component_mebibytes: Some(100), place, ..Bounds::default() };
        Watch::new(&bounds, Tally::new(tally.as_raw_fd(), place))
    }

    #[test]
    fn the_memory_of_a_process_is_measured() {
        let own = std::process::id() as pid_t;
        let taken = vec![1_u8; 64 << 20];
        assert!(resident(own) >= 64 << 10 && proportional(own) >= 64 << 10);
        assert!(mebibytes(own, true, resident) >= 64);
        drop(taken);
        assert_eq!((resident(pid_t::MAX), proportional(pid_t::MAX)), (0, 0));
    }

    #[test]
    fn the_tree_goes_that_has_the_most_when_it_was_too_much_twice() {
        let tally = tempfile::tempfile().unwrap();
        let (mut small, mut large) = (watch(&tally, 0), watch(&tally, 1));
        let both = |small: &mut Watch, large: &mut Watch, memory: [u32; 2]| {
            [small.decide(|_| memory[0]), large.decide(|_| memory[1])]
        };
        assert_eq!(both(&mut small, &mut large, [40, 60]), [false, false]);
        assert_eq!(both(&mut small, &mut large, [40, 61]), [false, false], "it may be less by now");
        assert_eq!(both(&mut small, &mut large, [40, 60]), [false, false]);
        assert_eq!(both(&mut small, &mut large, [40, 90]), [false, false]);
        assert_eq!(both(&mut small, &mut large, [40, 90]), [false, true]);
    }

    #[test]
    fn what_is_shared_is_not_counted_twice_when_it_matters() {
        let tally = tempfile::tempfile().unwrap();
        let (mut one, mut other) = (watch(&tally, 0), watch(&tally, 1));
        for _ in 0..5 {
            assert!(!one.decide(|is_well| if is_well { 30 } else { 500 }));
            assert!(!other.decide(|is_well| if is_well { 40 } else { 500 }));
        }
        let unlimited = Watch::new(&Bounds::default(), Tally::new(-1, 0));
        assert_eq!(unlimited.pause(), -1);
    }
}
