//! How often, and how much, a guest may cause to be recorded somewhere.

use std::time::Instant;

/// Buckets of records and of their bytes: full after a rest, emptied by writing, filled by time.
pub(crate) struct Rate {
    records: Bucket,
    bytes: Option<Bucket>,
    filled: Instant,
    dropped: u64,
}

struct Bucket {
    burst: f64,
    per_second: f64,
    left: f64,
}

impl Bucket {
    fn new(burst: u32, per_second: u32) -> Self {
        let burst = burst.into();
        Self { burst, per_second: per_second.into(), left: burst }
    }

    fn fill(&mut self, seconds: f64) {
        self.left = (self.left + seconds * self.per_second).min(self.burst);
    }
}

impl Rate {
    /// So many records at once after a rest, and so many a second in the long run.
    pub(crate) fn new(burst: u32, per_second: u32) -> Self {
        Self { records: Bucket::new(burst, per_second), bytes: None, filled: Instant::now(), dropped: 0 }
    }

    /// And so many bytes, all records together.
    pub(crate) fn with_bytes(self, burst: u32, per_second: u32) -> Self {
        Self { bytes: Some(Bucket::new(burst, per_second)), ..self }
    }

    /// Takes a record of this size out of the buckets, or counts it as dropped.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        let now = Instant::now();
        let rested = now.duration_since(self.filled).as_secs_f64();
        self.filled = now;
        self.records.fill(rested);
        let bytes = bytes as f64;
        let has_bytes = self.bytes.as_mut().is_none_or(|bucket| {
            bucket.fill(rested);
            bucket.left >= bytes
        });
        if self.records.left < 1.0 || !has_bytes {
            self.lose(1);
            return false;
        }
        self.records.left -= 1.0;
        if let Some(bucket) = &mut self.bytes {
            bucket.left -= bytes;
        }
        true
    }

    /// Counts records that nobody asked room for.
    pub(crate) fn lose(&mut self, records: u64) {
        self.dropped += records;
    }

    /// How many were dropped since this was last asked.
    pub(crate) fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_dropped_for_their_number_or_for_their_bytes_and_counted() {
        let mut rate = Rate::new(4, 0).with_bytes(100, 0);
        assert!(rate.take(60));
        assert!(!rate.take(60), "there are 40 bytes left");
        assert!(rate.take(40));
        assert!(rate.take(0) && rate.take(0));
        assert!(!rate.take(0), "four records were passed on");
        rate.lose(7);
        assert_eq!((rate.take_dropped(), rate.take_dropped()), (9, 0));
    }
}
