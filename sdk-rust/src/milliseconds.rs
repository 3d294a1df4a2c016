//! Durations of the standard library, as the milliseconds of the contract.

use std::time::Duration;

/// Rounds up, so that a short time does not become none, and saturates at about 49 days.
pub(crate) fn short(duration: Duration) -> u32 {
    u32::try_from(long(duration)).unwrap_or(u32::MAX)
}

/// Rounds up and saturates.
pub(crate) fn long(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

/// The way back, for what the host tells.
pub(crate) fn duration(milliseconds: impl Into<u64>) -> Duration {
    Duration::from_millis(milliseconds.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_milliseconds_comes_back() {
        for milliseconds in [0, 1, 999, u32::MAX] {
            assert_eq!(short(duration(milliseconds)), milliseconds);
        }
        for milliseconds in [0, (1 << 53) + 1, u64::MAX] {
            assert_eq!(long(duration(milliseconds)), milliseconds);
        }
    }

    #[test]
    fn parts_of_a_millisecond_count_as_one_and_what_is_too_long_is_the_longest() {
        assert_eq!(short(Duration::from_nanos(1)), 1);
        assert_eq!(long(Duration::from_micros(2001)), 3);
        assert_eq!(short(duration(u64::from(u32::MAX) + 1)), u32::MAX);
        assert_eq!(long(Duration::MAX), u64::MAX);
    }
}
