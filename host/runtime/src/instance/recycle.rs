//! Replacing an instance that holds too much memory.
//!
//! Linear memory never shrinks, and the guests of one language never free what they send out. An instance above the
//! watermark is therefore replaced between two calls. The old one is shut down and dropped first, because the new one may
//! need in its `init` what the old one holds: a locked file, for example. No call is lost; what the guest kept in its
//! memory is. `Stats::recycled` counts.

use crate::core::Counters;
use crate::instance::task::Worker;

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

impl Worker {
    /// Replaces the instance if it holds too much and nobody needs this very one.
    pub(crate) async fn recycle(&mut self) {
        let Some(old) = &self.instance else { return };
        let used = old.store.data().memory.used_bytes();
        if !old.initialised || !old.recycling.is_passed(used) || !old.lent.is_empty() {
            return;
        }
        let core = &self.template.core;
        if let Some(old) = self.instance.take()
            && let Err(error) = self.template.shut_down(old).await
            && let Some(error) = core.log.note(core, &error)
        {
            tracing::warn!(component = %core.id, error, "the replaced instance did not shut down");
        }
        match self.template.start().await {
            Ok(new) => {
                self.instance = Some(new);
                Counters::add(&core.counters.recycled);
                tracing::info!(component = %core.id, memory_bytes = used, "instance replaced because of its memory");
            }
            Err(error) => {
                // As after a trap: the next call makes another attempt, and is told why if that fails too.
                Counters::add(&core.counters.recycling_failed);
                if let Some(error) = core.log.note(core, &error) {
                    tracing::warn!(component = %core.id, error, "no new instance");
                }
            }
        }
    }
}
