//! What the host promises of every language.

use crate::names::{ASYNCHRONOUS, EXTISM, SECURED};
use crate::numbers::bytes;
use crate::plan::SIZES;
use crate::report::Report;
use crate::results::Verdict;

/// A further instance of a loaded component, `init` included.
const MOST_INSTANTIATE_MS: f64 = 10.0;
/// Calls of 16 bytes, one after the other.
const FEWEST_CALLS_PER_SECOND: f64 = 10_000.0;

/// Maximum speed of other ways, relative to a call through the secured API of a guest in Rust, with the profile `release`.
/// The engine alone may be a little faster, and Extism has to be slower.
const FASTEST: [(usize, &str, f64); 5] = [
    (SIZES[0], ASYNCHRONOUS, 1.3),
    (SIZES[1], ASYNCHRONOUS, 1.15),
    (SIZES[2], ASYNCHRONOUS, 1.15),
    (SIZES[0], EXTISM, 1.0 / 3.0),
    (SIZES[1], EXTISM, 1.0 / 25.0),
];

/// The promises that the report does not keep.
pub fn missed(report: &Report) -> Vec<String> {
    let mut missed = Vec::new();
    for measured in &report.results.guests {
        let guest = &measured.guest;
        if let Some(starting) = &measured.starting {
            let instantiate = starting.instantiate_and_init_ms.median;
            if instantiate >= MOST_INSTANTIATE_MS {
                missed.push(format!("{guest}: an instance takes {instantiate:.1} ms, not under {MOST_INSTANTIATE_MS}"));
            }
        }
        let small = bytes(SIZES[0] as f64);
        if let Some(cost) = report.call(guest, &small, SECURED).and_then(|way| way.cost_ns) {
            let rate = 1e9 / cost.median;
            if rate <= FEWEST_CALLS_PER_SECOND {
                missed.push(format!("{guest}: {rate:.0} calls/s, not over {FEWEST_CALLS_PER_SECOND}"));
            }
        }
        if let Some(memory) = &measured.memory {
            match memory.leaks.verdict {
                Verdict::Bounded => {}
                Verdict::Grows => missed.push(format!("{guest}: memory grows with the calls")),
                Verdict::Fails => missed.push(format!("{guest}: {} calls failed", memory.leaks.failed)),
            }
        }
    }
    if report.profile == "release" {
        missed.extend(FASTEST.into_iter().filter_map(|(size, way, most)| {
            let size = bytes(size as f64);
            let speed = report.call("rust", &size, way)?.speed?.median;
            (speed > most).then(|| format!("rust: {way} is {speed:.3}x as fast with {size}, not {most:.3}x at most"))
        }));
    }
    missed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;
    use crate::summary::Summary;

    #[test]
    fn each_promise_is_checked() {
        assert_eq!(missed(&report()), Vec::<String>::new());
        let mut bad = report();
        let guest = &mut bad.results.guests[0];
        guest.starting.as_mut().unwrap().instantiate_and_init_ms.median = 10.0;
        guest.memory.as_mut().unwrap().leaks.verdict = Verdict::Grows;
        let cost = |bad: &mut Report, call: usize, cost| {
            bad.results.comparisons[call].ways[0].cost_ns.as_mut().unwrap().median = cost;
        };
        cost(&mut bad, 0, 100_000.0);
        assert_eq!(
            missed(&bad),
            [
                "rust: an instance takes 10.0 ms, not under 10",
                "rust: 10000 calls/s, not over 10000",
                "rust: memory grows with the calls"
            ]
        );
        cost(&mut bad, 1, 1e9);
        assert_eq!(missed(&bad).len(), 3, "larger calls are not promised");
        let mut bad = report();
        bad.profile = "release".to_owned();
        for (way, speed) in [(1, 1.31), (2, 0.34)] {
            bad.results.comparisons[0].ways[way].speed = Some(Summary::of(vec![speed]));
            bad.results.comparisons[1].ways[way].speed = Some(Summary::of(vec![0.01]));
        }
        assert_eq!(
            missed(&bad),
            [
                "rust: engine alone, asynchronous is 1.310x as fast with 16 B, not 1.300x at most",
                "rust: Extism is 0.340x as fast with 16 B, not 0.333x at most"
            ]
        );
        bad.results = Default::default();
        assert_eq!(missed(&bad), Vec::<String>::new(), "what was not measured is not missed");
    }
}
