//! The linear memory and tables that one instance may have.

use wasmtime::ResourceLimiter;

use crate::engine::MAX_TABLE_ELEMENTS;
use crate::error::Limit;

/// Linear memories of one instance, together with its tables and core instances, as the engine's pool allows them.
const MAX_ITEMS: usize = 128;

/// Counts the linear memory of one instance, all its memories together.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    limit: usize,
    used: usize,
    peak: usize,
    /// What the last allowed growth added: given back when the engine could not provide it.
    last_growth: usize,
    refused: Option<Limit>,
}

impl MemoryLimiter {
    pub(crate) fn new(limit_bytes: u64) -> Self {
        let limit = usize::try_from(limit_bytes).unwrap_or(usize::MAX);
        Self { limit, used: 0, peak: 0, last_growth: 0, refused: None }
    }

    pub(crate) fn used_bytes(&self) -> u64 {
        self.used as u64
    }

    pub(crate) fn peak_bytes(&self) -> u64 {
        self.peak as u64
    }

    /// What the guest was refused since this was last asked: memory, or elements of a table.
    pub(crate) fn take_refused(&mut self) -> Option<Limit> {
        self.refused.take()
    }

    fn refuse_memory(&mut self) {
        self.refused = Some(Limit::Memory(self.limit as u64));
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        let growth = desired.saturating_sub(current);
        let used = self.used.saturating_add(growth);
        if used > self.limit {
            self.refuse_memory();
            return Ok(false);
        }
        self.used = used;
        self.peak = self.peak.max(used);
        self.last_growth = growth;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.used -= std::mem::take(&mut self.last_growth);
        self.refuse_memory();
        Ok(())
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        let allowed = desired <= MAX_TABLE_ELEMENTS;
        if !allowed {
            self.refused = Some(Limit::TableElements(MAX_TABLE_ELEMENTS as u64));
        }
        Ok(allowed)
    }

    fn instances(&self) -> usize {
        MAX_ITEMS
    }

    fn tables(&self) -> usize {
        MAX_ITEMS
    }

    fn memories(&self) -> usize {
        MAX_ITEMS
    }
}
