//! Counts of what happens to a component.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$docs:meta])* $name:ident,)*) => {
        /// What has happened to one instance, or to what all instances of a component share. Each in its own line of the
        /// processor's cache, so that instances on several processors do not wait for each other.
        #[derive(Debug, Default)]
        #[repr(align(128))]
        pub(crate) struct Counters { $(pub(crate) $name: AtomicU64,)* }

        /// What has happened to one component since it was loaded.
        ///
        /// ```
        /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
        /// # #[tokio::main]
        /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
        /// let component = runtime.start(support::guest()).await?;
        /// component.call("echo", "hello").await?;
        /// let stats = component.stats();
        /// assert_eq!((stats.instances, stats.traps), (1, 0));
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
        #[non_exhaustive]
        pub struct Stats { $($(#[$docs])* pub $name: u64,)* }

        impl Counters {
            pub(crate) fn snapshot(&self) -> Stats {
                Stats { $($name: self.$name.load(Ordering::Relaxed),)* }
            }
        }

        impl Stats {
            /// Adds what has happened to another instance of the same component.
            pub(crate) fn add(&mut self, other: &Self) {
                let peak = self.peak_memory_bytes.max(other.peak_memory_bytes);
                $(self.$name += other.$name;)*
                self.peak_memory_bytes = peak;
            }
        }
    };
}

counters! {
    /// Calls that reached the guest, of every kind.
    calls,
    /// Calls that ended in a trap.
    traps,
    /// Calls that were stopped by a limit.
    limits_exceeded,
    /// Instances made, the first one included.
    instances,
    /// Instances replaced because of the memory they held; each time the guest's state began anew.
    recycled,
    /// Replacements that failed; the next call made another attempt.
    recycling_failed,
    /// Messages and requests taken from the mailbox.
    messages,
    /// Log records that were passed on.
    log_records,
    /// Log records dropped because there were too many.
    log_records_dropped,
    /// Decisions of the policy that were permissions.
    allowed,
    /// Permissions that no audit record stands for, because they were too many and too different.
    allowed_dropped,
    /// Decisions of the policy that were refusals.
    refusals,
    /// Refusals that no audit record stands for, because they were too many and too different.
    refusals_dropped,
    /// Linear memory of the running instances after their last calls, in bytes.
    memory_bytes,
    /// The most linear memory that an instance has had, in bytes.
    peak_memory_bytes,
}

impl Counters {
    pub(crate) fn saw_memory(&self, used: u64, peak: u64) {
        self.memory_bytes.store(used, Ordering::Relaxed);
        if peak > self.peak_memory_bytes.load(Ordering::Relaxed) {
            self.peak_memory_bytes.fetch_max(peak, Ordering::Relaxed);
        }
    }

    pub(crate) fn add(counter: &AtomicU64) {
        Self::add_many(counter, 1);
    }

    pub(crate) fn add_many(counter: &AtomicU64, many: u64) {
        counter.fetch_add(many, Ordering::Relaxed);
    }
}
