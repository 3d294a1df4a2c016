//! How often a guest may cause a record somewhere.

use std::time::Instant;

/// A bucket of records: full after a rest, emptied by writing, filled by time.
pub(crate) struct Rate {
    burst: f64,
    per_second: f64,
    left: f64,
    filled: Instant,
    dropped: u64,
}

impl Rate {
    /// So many records at once after a rest, and so many a second in the long run.
    pub(crate) fn new(burst: u32, per_second: u32) -> Self {
        let burst = burst.into();
        Self { burst, per_second: per_second.into(), left: burst, filled: Instant::now(), dropped: 0 }
    }

    /// Takes a record out of the bucket, or counts it as dropped.
    pub(crate) fn take(&mut self) -> bool {
        let now = Instant::now();
        let rested = now.duration_since(self.filled).as_secs_f64() * self.per_second;
        self.left = (self.left + rested).min(self.burst);
        self.filled = now;
        if self.left < 1.0 {
            self.dropped += 1;
            return false;
        }
        self.left -= 1.0;
        true
    }

    /// How many were dropped since this was last asked.
    pub(crate) fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }
}
