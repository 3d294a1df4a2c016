//! Durations of the SDK as the contract's milliseconds: every number of them comes back as it was.

use std::time::Duration;

pub fn duration(milliseconds: impl Into<u64>) -> Duration {
    Duration::from_millis(milliseconds.into())
}

pub fn short(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).expect("came from a u32")
}

pub fn long(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).expect("came from a u64")
}
