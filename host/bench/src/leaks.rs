//! What many calls leave behind: memory in the first and in the second half of them.

use std::sync::Arc;

use airssys_wasm::Component;
use anyhow::Result;

use crate::host::Host;
use crate::plan::LEAK_SIZES;
use crate::resident::resident_bytes;
use crate::results::{Leaks, Peaks, Verdict};

/// Calls between two looks at the memory.
const CALLS_BETWEEN_LOOKS: usize = 100;
/// How much more the second half may take: hundredths of the first, and bytes. A guest that never frees is replaced at a
/// watermark, and how close the looks come to its peak differs by some calls.
const TOLERATED_PERCENT: u64 = 10;
/// As [`TOLERATED_PERCENT`].
const TOLERATED_BYTES: u64 = 4 << 20;

impl Leaks {
    fn new(calls: usize, failed: usize, recycled: u64, [first_half, second_half]: [Peaks; 2]) -> Self {
        let more = |first: u64, second: u64| second > first + first / 100 * TOLERATED_PERCENT + TOLERATED_BYTES;
        let verdict = if failed > 0 {
            Verdict::Fails
        } else if more(first_half.linear_bytes, second_half.linear_bytes)
            || more(first_half.resident_bytes, second_half.resident_bytes)
        {
            Verdict::Grows
        } else {
            Verdict::Bounded
        };
        Self { calls, failed, recycled, first_half, second_half, verdict }
    }
}

/// Calls `calls` times, small and large in turns, and watches the memory.
///
/// # Errors
/// Fails when the system does not say how much memory there is. Failed calls are counted.
pub fn check(host: &Host, component: &Component, calls: usize) -> Result<Leaks> {
    let payloads = LEAK_SIZES.map(|size| Arc::new(vec![0x5a; size]));
    host.with(component, |component| async move {
        let before = component.stats().recycled;
        let mut failed = 0;
        let mut halves = [Peaks::default(); 2];
        for call in 0..calls {
            let payload = &payloads[call % payloads.len()];
            let answer = component.call("echo", payload.as_slice()).await;
            if !answer.is_ok_and(|output| output == **payload) {
                failed += 1;
            }
            if call % CALLS_BETWEEN_LOOKS == 0 {
                let half = &mut halves[call * 2 / calls];
                half.linear_bytes = half.linear_bytes.max(component.stats().memory_bytes);
                half.resident_bytes = half.resident_bytes.max(resident_bytes()?);
            }
        }
        Ok(Leaks::new(calls, failed, component.stats().recycled - before, halves))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(failed: usize, first: u64, second: u64) -> Verdict {
        let peaks = |mebibytes: u64| Peaks { linear_bytes: 1 << 20, resident_bytes: mebibytes << 20 };
        Leaks::new(100, failed, 0, [peaks(first), peaks(second)]).verdict
    }

    #[test]
    fn what_grows_in_the_second_half_is_a_leak() {
        assert_eq!(verdict(0, 100, 100), Verdict::Bounded);
        assert_eq!(verdict(0, 100, 20), Verdict::Bounded);
        assert_eq!(verdict(0, 100, 113), Verdict::Bounded);
        assert_eq!(verdict(0, 100, 115), Verdict::Grows);
        let grown = Peaks { linear_bytes: 90 << 20, resident_bytes: 0 };
        assert_eq!(Leaks::new(2, 0, 0, [Peaks::default(), grown]).verdict, Verdict::Grows);
    }

    #[test]
    fn a_failed_call_is_no_pass() {
        assert_eq!(verdict(1, 100, 100), Verdict::Fails);
    }
}
