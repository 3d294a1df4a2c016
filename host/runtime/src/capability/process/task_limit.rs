//! How many descendants a supervisor has, and whether there may be one more.
//!
//! All children of a component have a number of tasks together. No supervisor sees what comes from another one, so each
//! takes a share, which it writes into the [tally](super::tally) of the component. A share grows only when as many tasks
//! were really counted, and shrinks when there are fewer.
//!
//! Like everything in a supervisor it allocates nothing and cannot panic.
#![allow(unsafe_code)]

use libc::pid_t;

use super::plan::Bounds;
use super::procfs::{Field, field, for_each_process};
use super::tally::{Kind, Tally};
use super::wait::reap;

/// By how much a share grows: counting looks at every process of the machine, and is done once for so many forks.
const STEP: u32 = 32;
/// Counts the processes and threads below a supervisor.
pub(super) struct TaskLimit {
    /// Of this child and what comes from it.
    limit: u32,
    /// Of all children of the component.
    limit_of_all: u32,
    tally: Tally,
    /// What this supervisor has taken of what all have together.
    share: u32,
    /// What was counted last, and what was allowed since. What was allowed just before counting and had not happened yet
    /// is missing, and no more than that.
    estimate: u32,
}

impl TaskLimit {
    pub(super) fn new(bounds: &Bounds, tally: Tally) -> Self {
        let (limit, limit_of_all) = (bounds.max_tasks, bounds.max_component_tasks);
        // Whoever has a place may start its child there, and nothing more.
        tally.write(Kind::Tasks, 1);
        TaskLimit { limit, limit_of_all, tally, share: 1, estimate: 1 }
    }

    /// Whether there may be one task more. If there is, it has to be [told](TaskLimit::count_one).
    pub(super) fn has_room(&mut self, scoped: bool, child: pid_t) -> bool {
        if self.estimate >= self.share {
            // As long as there is nothing but the child, there is nothing to be counted.
            if self.share > 1 {
                self.estimate = count(scoped, child, self.limit);
            }
            self.take_share();
        }
        self.estimate < self.share
    }

    pub(super) fn count_one(&mut self) {
        self.estimate = self.estimate.saturating_add(1);
    }

    /// Whether the child has nobody besides itself.
    pub(super) fn is_alone(&self) -> bool {
        self.share <= 1
    }

    /// Takes as much for this supervisor as it needs next, or as little as is left.
    fn take_share(&mut self) {
        let wanted = self.estimate.saturating_add(STEP).min(self.limit);
        let room = |others: u32| wanted.min(self.limit_of_all.saturating_sub(others)).max(self.estimate);
        let share = room(self.tally.of_others(Kind::Tasks).sum);
        self.tally.write(Kind::Tasks, share);
        // Another one may have taken its own at the same moment.
        self.share = room(self.tally.of_others(Kind::Tasks).sum);
        if self.share < share {
            self.tally.write(Kind::Tasks, self.share);
        }
    }
}

/// The processes and threads below this one, but no more than the limit. Reaps the dead on the way, except the child.
fn count(scoped: bool, child: pid_t, limit: u32) -> u32 {
    if !scoped {
        // Without the domain nothing tells its descendants from others.
        return limit;
    }
    // SAFETY: cannot fail.
    let own = unsafe { libc::getpid() };
    let mut tasks = 0_u32;
    for_each_process(|pid| {
        // SAFETY: a signal of 0 does nothing; it only tells who is in the domain.
        if pid == own || unsafe { libc::kill(pid, 0) } == -1 {
            return;
        }
        if pid != child {
            reap(pid);
        }
        tasks = tasks.saturating_add(field(pid, Field::Threads));
    });
    tasks.min(limit)
}

/// Kills whatever has this process as parent: what loses its own parent by that comes next.
pub(super) fn kill_own_children() {
    // SAFETY: cannot fail.
    let own = unsafe { libc::getpid() };
    for_each_process(|pid| {
        if field(pid, Field::Parent) == own as u32 {
            // SAFETY: a child of this process that it has not reaped keeps its number.
            unsafe { libc::kill(pid, libc::SIGKILL) };
        }
    });
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::AsRawFd;

    use super::*;

    fn task_limit(tally: &File, place: u32) -> TaskLimit {
        let bounds = Bounds { max_tasks: 200, max_component_tasks: 256, place, ..Bounds::default() };
        TaskLimit::new(&bounds, Tally::new(tally.as_raw_fd(), place))
    }

    #[test]
    fn shares_are_never_more_than_all_have_together() {
        let tally = tempfile::tempfile().unwrap();
        // More than one read of places apart.
        let mut all = [task_limit(&tally, 0), task_limit(&tally, 1), task_limit(&tally, 99)];
        assert_eq!(
            all.each_ref().map(|task_limit| (task_limit.share, task_limit.tally.of_others(Kind::Tasks).sum)),
            [(1, 2); 3]
        );
        for _ in 0..10 {
            for task_limit in &mut all {
                task_limit.estimate = task_limit.share;
                task_limit.take_share();
            }
        }
        let shares = all.each_ref().map(|task_limit| task_limit.share);
        assert_eq!(shares.iter().sum::<u32>(), 256, "{shares:?}");
        assert!(shares.iter().all(|share| *share <= 200), "{shares:?}");
        // What one of them does not need any more is there for the others.
        all[0].estimate = 3;
        all[0].take_share();
        assert_eq!(all[0].share, 3 + STEP);
        all[1].estimate = all[1].share;
        all[1].take_share();
        assert!(all[1].share > shares[1]);
    }

    #[test]
    fn one_child_has_no_more_than_its_own_limit() {
        let tally = tempfile::tempfile().unwrap();
        let mut task_limit = task_limit(&tally, 0);
        for _ in 0..20 {
            task_limit.estimate = task_limit.share;
            task_limit.take_share();
        }
        assert_eq!(task_limit.share, 200);
    }
}
