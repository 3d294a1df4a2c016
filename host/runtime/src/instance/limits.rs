//! What one instance may use: memory through the engine's limiter, time through [`Budget`].

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::{Handle, RuntimeFlavor};
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

/// The time that one call may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    pub(crate) wall: Duration,
    pub(crate) cpu: Option<Duration>,
    /// Whether one instruction of the guest may take long.
    pub(crate) slow_instructions: bool,
}

/// Polls something that may hold the thread for long. The other tasks of this thread go to another one meanwhile, where
/// the executor has several.
fn poll_slowly<F: Future>(future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output> {
    match Handle::try_current().map(|executor| executor.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(|| future.poll(context)),
        _ => future.poll(context),
    }
}

impl Budget {
    /// Runs `future` to its end, or drops it when the time is over.
    ///
    /// A guest that computes without end comes back here with every tick of the epoch, so both limits hold for it too.
    /// CPU time is what the thread spends in `future`, which includes host functions that do not wait.
    pub(crate) async fn run<F: Future>(self, future: F) -> Result<F::Output, Limit> {
        let mut future = pin!(future);
        let started = Instant::now();
        let mut over = pin!(tokio::time::sleep(self.wall));
        let mut spent = Duration::ZERO;
        std::future::poll_fn(move |context| {
            let before = self.cpu.map(|_| thread_time());
            let polled = match self.slow_instructions {
                true => poll_slowly(future.as_mut(), context),
                false => future.as_mut().poll(context),
            };
            if let Poll::Ready(output) = polled {
                return Poll::Ready(Ok(output));
            }
            if let (Some(limit), Some(before)) = (self.cpu, before) {
                spent += thread_time().saturating_sub(before);
                if spent >= limit {
                    return Poll::Ready(Err(Limit::CpuTime(whole_milliseconds(limit))));
                }
            }
            // Busy threads look at their timers late, so the clock is asked as well.
            if started.elapsed() >= self.wall || over.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(Limit::ExecutionTime(whole_milliseconds(self.wall))));
            }
            Poll::Pending
        })
        .await
    }
}

fn whole_milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn thread_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or_default())
}
