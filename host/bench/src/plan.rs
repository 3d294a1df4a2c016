//! How often and how long everything is measured.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Sizes of the payload that is sent there and back, in bytes.
pub const SIZES: [usize; 3] = [16, 64 << 10, 1 << 20];
/// Sizes that the leak check takes in turns.
pub const LEAK_SIZES: [usize; 2] = [16, 64 << 10];

/// Components that are loaded at a time. The pool of one runtime may have room for fewer, see the report.
pub const LOADED: [usize; 3] = [1, 100, 10_000];
/// Cores that replicas run on.
pub const CORES: [usize; 2] = [1, 2];
/// Replicas of one component.
pub const REPLICAS: [usize; 2] = [1, 2];
/// Tasks that call a component with replicas at the same time.
pub const CALLERS: usize = 8;
/// Sizes of files that a guest reads, in bytes.
pub const FILES: [usize; 2] = [4 << 10, 1 << 20];

/// How often and how long everything is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// First loads, each compiling anew. With an interpreter inside a component takes seconds.
    pub compilations: usize,
    /// Loads of compiled code from the disk.
    pub starts: usize,
    /// Further instances whose time is taken.
    pub instances: usize,
    /// Further instances that are alive together when memory is measured.
    pub instances_together: usize,
    /// Measurements of memory.
    pub memory: usize,
    /// Batches of each way of a comparison.
    pub batches: usize,
    /// How long a batch takes, in milliseconds.
    pub batch_ms: u64,
    /// Calls of the leak check.
    pub leak_calls: usize,
}

impl Plan {
    /// For numbers to quote.
    pub const FULL: Self = Self {
        compilations: 3,
        starts: 10,
        instances: 30,
        instances_together: 20,
        memory: 3,
        batches: 15,
        batch_ms: 60,
        leak_calls: 100_000,
    };
    /// For trying things out.
    pub const QUICK: Self = Self {
        compilations: 1,
        starts: 3,
        instances: 30,
        instances_together: 10,
        memory: 1,
        batches: 5,
        batch_ms: 20,
        leak_calls: 20_000,
    };

    /// How long a batch takes.
    pub fn batch(&self) -> Duration {
        Duration::from_millis(self.batch_ms)
    }
}
