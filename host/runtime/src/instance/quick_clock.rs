//! The time as of the kernel's last tick, a few milliseconds ago at most. An exact clock is a good part of a short call.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, Timespec, clock_getres, clock_gettime};

#[cfg(target_os = "linux")]
const REAL: ClockId = ClockId::RealtimeCoarse;
#[cfg(target_os = "linux")]
const MONOTONIC: ClockId = ClockId::MonotonicCoarse;
#[cfg(not(target_os = "linux"))]
const REAL: ClockId = ClockId::Realtime;
#[cfg(not(target_os = "linux"))]
const MONOTONIC: ClockId = ClockId::Monotonic;

/// The wall-clock time.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + duration(clock_gettime(REAL))
}

/// A moment from which time is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(Duration);

impl Moment {
    pub(crate) fn now() -> Self {
        Self(duration(clock_gettime(MONOTONIC)))
    }

    /// The time since, or a tick of the kernel less.
    pub(crate) fn elapsed(self) -> Duration {
        let exact = duration(clock_gettime(ClockId::Monotonic));
        exact.saturating_sub(self.0).saturating_sub(duration(clock_getres(MONOTONIC)))
    }
}

fn duration(time: Timespec) -> Duration {
    // No clock here is before its epoch.
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn it_is_never_ahead() {
        for _ in 0..1_000 {
            let exact = Instant::now();
            let moment = Moment::now();
            assert!(now() <= SystemTime::now());
            let elapsed = moment.elapsed();
            assert!(elapsed <= exact.elapsed(), "a limit would be over too early");
        }
    }
}
