//! The results of all measurements.

use serde::{Deserialize, Serialize};

use crate::comparison::Comparison;
use crate::summary::Summary;

/// What was measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// One for each language, and for each engine of a language.
    pub guests: Vec<Measured>,
    /// What loading many components came to.
    pub loaded: Vec<Loaded>,
    /// All that was measured in turns.
    pub comparisons: Vec<Comparison>,
}

/// What one guest costs, as far as it was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The language, and the engine where it is not the default one.
    pub guest: String,
    /// Size of the component.
    pub component_bytes: u64,
    /// The first load: compiling, and keeping the result on the disk.
    pub first_load_ms: Option<Summary>,
    /// Loads from compiled code, and further instances.
    pub starting: Option<Starting>,
    /// Memory, and what many calls leave behind.
    pub memory: Option<Memory>,
}

/// What loads and instances of one guest cost once its compiled code is on the disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Starting {
    /// A load in a new runtime, with the compiled code on the disk, until the first answer.
    pub start_from_cache_ms: Summary,
    /// A further instance of a component that is loaded already; it has said what it is, and `init` is not called.
    pub instantiate_ms: Summary,
    /// The same and `init`.
    pub instantiate_and_init_ms: Summary,
    /// The first call of such an instance.
    pub first_call_ms: Summary,
}

/// The memory of one guest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Linear memory of an instance that has answered one call.
    pub linear_memory_bytes: u64,
    /// What the host process grows by for each further instance.
    pub resident_memory_bytes: Summary,
    /// What many calls leave behind.
    pub leaks: Leaks,
}

/// The outcome of many calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaks {
    /// How many there were, of both sizes in turns.
    pub calls: usize,
    /// How many gave an error or other bytes.
    pub failed: usize,
    /// How often the host replaced the instance because of its memory.
    pub recycled: u64,
    /// The first half.
    pub first_half: Peaks,
    /// The second half.
    pub second_half: Peaks,
    /// What follows.
    pub verdict: Verdict,
}

/// The most memory that was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peaks {
    /// Linear memory of the guest, in bytes.
    pub linear_bytes: u64,
    /// Resident memory of the host process, in bytes.
    pub resident_bytes: u64,
}

/// Whether memory stays within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The second half took no more memory than the first, and no call failed.
    Bounded,
    /// The second half took more.
    Grows,
    /// Calls failed.
    Fails,
}

/// What loading many components came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// How many were to be loaded.
    pub asked: usize,
    /// How many are.
    pub loaded: usize,
    /// Why there are no more: the error of a host with more room, or of the next one.
    pub stopped_by: Option<String>,
    /// The time of each, until it had answered a call, in milliseconds.
    pub each_ms: Summary,
    /// What this process grew by for each, in bytes.
    pub each_bytes: f64,
}
