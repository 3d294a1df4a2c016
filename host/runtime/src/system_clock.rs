//! The clocks of the system, read through the C library. rustix calls the vDSO directly, which crashes under valgrind.

use std::time::Duration;

use libc::{c_int, clockid_t, timespec};

/// The time of a clock, since its own beginning.
pub(crate) fn time(clock: clockid_t) -> Duration {
    asked(libc::clock_gettime, clock)
}

/// The time between two ticks of a clock.
pub(crate) fn resolution(clock: clockid_t) -> Duration {
    asked(libc::clock_getres, clock)
}

fn asked(question: unsafe extern "C" fn(clockid_t, *mut timespec) -> c_int, clock: clockid_t) -> Duration {
    let mut time = timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: both functions write to `time` and to nothing else, before they return.
    #[expect(unsafe_code, reason = "two functions of the C library that write to a variable")]
    unsafe {
        question(clock, &raw mut time);
    }
    // No clock that is asked here starts before 0.
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
