//! The start of a call, for its time limit. Reading an exact clock takes a measurable part of a short call, and most calls
//! end before their elapsed time is needed.

use std::time::Duration;

use libc::clockid_t;

use crate::system_clock;

/// A clock that the kernel advances once per timer tick.
#[cfg(target_os = "linux")]
const COARSE: clockid_t = libc::CLOCK_MONOTONIC_COARSE;
#[cfg(not(target_os = "linux"))]
const COARSE: clockid_t = libc::CLOCK_MONOTONIC;
/// Ticks by which the coarse clock may lag behind the exact one.
const LATE_TICKS: u32 = 2;

/// A point in time, read from the coarse clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(Duration);

impl Moment {
    pub(crate) fn now() -> Self {
        Self(system_clock::time(COARSE))
    }

    /// Time elapsed since this moment, or up to two ticks less, so that no limit is enforced early.
    pub(crate) fn elapsed(self) -> Duration {
        let exact = system_clock::time(libc::CLOCK_MONOTONIC);
        exact.saturating_sub(self.0).saturating_sub(system_clock::resolution(COARSE) * LATE_TICKS)
    }
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
