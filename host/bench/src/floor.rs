//! What the host promises of every language.

use crate::leaks::Verdict;
use crate::report::Report;

/// A further instance of a loaded component, `init` included.
const MOST_INSTANTIATE_MS: f64 = 10.0;
/// Calls of 16 bytes, one after the other.
const FEWEST_CALLS_PER_SECOND: f64 = 10_000.0;

/// The promises that the report does not keep.
pub fn missed(report: &Report) -> Vec<String> {
    let mut missed = Vec::new();
    for measured in &report.guests {
        let (guest, running) = (&measured.guest, &measured.running);
        let instantiate = running.instantiate_and_init_ms.median;
        if instantiate >= MOST_INSTANTIATE_MS {
            missed.push(format!("{guest}: an instance takes {instantiate:.1} ms, not under {MOST_INSTANTIATE_MS}"));
        }
        for calls in running.calls.iter().filter(|calls| calls.bytes == crate::plan::SIZES[0]) {
            let rate = calls.per_second.median;
            if rate <= FEWEST_CALLS_PER_SECOND {
                missed.push(format!("{guest}: {rate:.0} calls/s, not over {FEWEST_CALLS_PER_SECOND}"));
            }
        }
        match running.leaks.verdict {
            Verdict::Bounded => {}
            Verdict::Grows => missed.push(format!("{guest}: memory grows with the calls")),
            Verdict::Fails => missed.push(format!("{guest}: {} calls failed", running.leaks.failed)),
        }
    }
    missed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn each_promise_is_checked() {
        assert_eq!(missed(&report()), Vec::<String>::new());
        let mut bad = report();
        bad.guests[0].running.instantiate_and_init_ms.median = 10.0;
        bad.guests[0].running.calls[0].per_second.median = 10_000.0;
        bad.guests[0].running.leaks.verdict = Verdict::Grows;
        assert_eq!(
            missed(&bad),
            [
                "rust: an instance takes 10.0 ms, not under 10",
                "rust: 10000 calls/s, not over 10000",
                "rust: memory grows with the calls"
            ]
        );
        bad.guests[0].running.calls[1].per_second.median = 1.0;
        assert_eq!(missed(&bad).len(), 3, "larger calls are not promised");
    }
}
