//! The time that one call may take.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;
use tokio::time::Sleep;

use super::moment::Moment;
use crate::engine::Ticker;
use crate::error::Limit;
use crate::system_clock;

/// The time that one call may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    pub(crate) wall: Duration,
    pub(crate) cpu: Option<Duration>,
    /// Whether one instruction of the guest may take long.
    pub(crate) slow_instructions: bool,
}

/// Why a guest was interrupted.
pub(crate) enum Interrupted {
    /// In a box: few calls come to one, and all pass their outcome on.
    Limit(Box<Limit>),
    /// Its component has ended.
    Stopped,
}

/// The end of a component, for the guests that run in it.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    stopped: AtomicBool,
    told: Arc<Notify>,
}

impl Stop {
    /// Interrupts all guests that run, and all that begin later.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.told.notify_waiters();
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }
}

/// What ends the waiting for a guest. They are set when it waits for the first time, which most calls never do.
struct Alarms {
    over: Pin<Box<Sleep>>,
    stopped: Pin<Box<OwnedNotified>>,
}

impl Alarms {
    fn set(left: Duration, stop: &Stop) -> Self {
        let over = Box::pin(tokio::time::sleep(left));
        Self { over, stopped: Box::pin(Arc::clone(&stop.told).notified_owned()) }
    }
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
    pub(crate) fn run<'a, F: Future>(
        &'a self,
        ticker: &'a Ticker,
        stop: &'a Stop,
        mut future: Pin<&'a mut F>,
    ) -> impl Future<Output = Result<F::Output, Interrupted>> + use<'a, F> {
        let started = Moment::now();
        let mut alarms: Option<Alarms> = None;
        let mut spent = Duration::ZERO;
        std::future::poll_fn(move |context| {
            ticker.guest_runs();
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
                    return Poll::Ready(Err(Interrupted::Limit(Box::new(Limit::CpuTime(limit)))));
                }
            }
            let left = || self.wall.saturating_sub(started.elapsed());
            let Alarms { over, stopped } = alarms.get_or_insert_with(|| Alarms::set(left(), stop));
            if stopped.as_mut().poll(context).is_ready() || stop.is_stopped() {
                return Poll::Ready(Err(Interrupted::Stopped));
            }
            // Busy threads look at their timers late, so the clock is asked as well.
            if started.elapsed() >= self.wall || over.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(Interrupted::Limit(Box::new(Limit::ExecutionTime(self.wall)))));
            }
            Poll::Pending
        })
    }
}

fn thread_time() -> Duration {
    system_clock::time(libc::CLOCK_THREAD_CPUTIME_ID)
}
