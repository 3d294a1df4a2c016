//! When a call began, for its limit of time. An exact clock is a good part of a short call, and most calls are over before
//! anybody asks for how long they have run.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_getres, clock_gettime};

/// A clock that the kernel advances with its own tick.
#[cfg(target_os = "linux")]
const COARSE: ClockId = ClockId::MonotonicCoarse;
#[cfg(not(target_os = "linux"))]
const COARSE: ClockId = ClockId::Monotonic;
/// Ticks by which that clock may be late: the kernel is sometimes late itself.
const LATE_TICKS: u32 = 2;

/// A moment from which time is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(Duration);

impl Moment {
    pub(crate) fn now() -> Self {
        Self(duration(clock_gettime(COARSE)))
    }

    /// The time since, or a few milliseconds less.
    pub(crate) fn elapsed(self) -> Duration {
        let late = duration(clock_getres(COARSE)) * LATE_TICKS;
        duration(clock_gettime(ClockId::Monotonic)).saturating_sub(self.0).saturating_sub(late)
    }
}

fn duration(time: Timespec) -> Duration {
    // These clocks begin with the machine.
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_since_a_moment_is_nearly_exact() {
        let ago = Duration::from_secs(1_000);
        let moment = Moment::now();
        let past = Moment(moment.0.saturating_sub(ago));
        assert!(past.elapsed() > ago - Duration::from_secs(1) || moment.0 < ago, "{:?}", past.elapsed());
        assert!(past.elapsed() < ago + Duration::from_secs(900), "{:?}", past.elapsed());
    }
}
