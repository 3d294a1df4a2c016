//! Replacing an instance that holds too much memory.
//!
//! Linear memory never shrinks, and the guests of one language never free what they send out. An instance above the
//! watermark is therefore replaced between two calls: the new one is made and initialised, takes the place, and only
//! then the old one is shut down. No call is lost; what the guest kept in its memory is. `Stats::recycled` counts.

use std::sync::atomic::Ordering;

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
        let Some(old) = &mut self.instance else { return };
        let used = old.store.data().memory.used_bytes();
        if !old.initialised || !old.recycling.is_passed(used) || !old.lent.is_empty() {
            return;
        }
        match self.template.start().await {
            Ok(new) => {
                let old = self.instance.replace(new);
                self.template.core.counters.recycled.fetch_add(1, Ordering::Relaxed);
                tracing::info!(component = %self.template.core.id, memory_bytes = used, "instance replaced because of its memory");
                if let Some(old) = old
                    && let Err(error) = self.template.shut_down(old).await
                {
                    tracing::warn!(component = %self.template.core.id, %error, "the replaced instance did not shut down");
                }
            }
            Err(error) => {
                // The old one carries on, and is tried again when it has used half of what is left.
                Counters::add(&self.template.core.counters.recycling_failed);
                tracing::warn!(component = %self.template.core.id, %error, "no new instance; the old one carries on");
                if let Some(old) = &mut self.instance {
                    old.recycling.begins_with(used);
                }
            }
        }
    }
}
