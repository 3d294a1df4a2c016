//! When an instance holds so much memory that it is replaced.
//!
//! Linear memory never shrinks, and the guests of one language never free what they send out. An instance above the
//! watermark is therefore replaced between two calls. No call is lost; what the guest kept in its memory is.

/// Hundredths of the memory limit at which an instance is replaced: early enough that the next call still fits.
const WATERMARK_PERCENT: u64 = 75;

/// When an instance has to go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watermark {
    limit: u64,
    bytes: u64,
}

impl Watermark {
    pub(crate) fn new(limit: u64) -> Self {
        Self { limit, bytes: limit / 100 * WATERMARK_PERCENT }
    }

    /// Tells what the instance holds when it begins. One that begins near the watermark would be replaced after every
    /// call and be none the better: its watermark is half way between there and the limit.
    pub(crate) fn begins_with(&mut self, used: u64) {
        self.bytes = self.bytes.max(used + self.limit.saturating_sub(used) / 2);
    }

    pub(crate) fn is_passed(self, used: u64) -> bool {
        used > self.bytes
    }
}
