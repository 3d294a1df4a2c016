//! Components with mistakes in them, thousands of ways: whatever the bytes say, they are refused or run, and the host goes
//! on. The same mistakes every time, so that what fails once fails again.

use crate::common::*;

/// Components that every run of the tests tries, and those that `cargo dev prove` does.
const MUTANTS: u32 = 400;
const MUTANTS_TO_PROVE: u32 = 20_000;
const PROVE: &str = "AIRSSYS_WASM_PROVE";

/// Marsaglia's xorshift.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// Where each section begins and ends, with its id and length in front.
fn sections(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 8;
    while at < bytes.len() {
        let (mut length, mut digits) = (0, 0);
        for (place, byte) in bytes[at + 1..].iter().enumerate() {
            length |= usize::from(byte & 0x7f) << (7 * place);
            digits = place + 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let end = at + 1 + digits + length;
        found.push(at..end);
        at = end;
    }
    found
}

/// The component with one to three mistakes.
fn mutant(whole: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=numbers.below(3) {
        let sections = sections(whole);
        let section = sections[numbers.below(sections.len())].clone();
        let other = sections[numbers.below(sections.len())].clone();
        let at = numbers.below(bytes.len());
        match numbers.below(9) {
            // One bit, one byte, a length that grows, a few bytes more or less, the end cut off.
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
            2 => bytes[at] = 0xff,
            3 => bytes.truncate(at),
            4 => drop(bytes.splice(at..at, vec![0x80; numbers.below(5)])),
            5 => drop(bytes.drain(at..(at + numbers.below(8)).min(bytes.len()))),
            // A section once more, without its place, or in another's.
            6 => bytes.extend_from_slice(&whole[section]),
            7 if section.end <= bytes.len() => drop(bytes.drain(section)),
            _ if section.end <= bytes.len() => drop(bytes.splice(section, whole[other].to_vec())),
            _ => {}
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_component_with_mistakes_is_refused_or_runs() {
    let runtime = runtime();
    let whole = guest();
    assert_eq!(sections(&whole).last().unwrap().end, whole.len());
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut codes = std::collections::BTreeMap::<&str, u32>::new();
    let count = if std::env::var_os(PROVE).is_some() { MUTANTS_TO_PROVE } else { MUTANTS };
    for number in 0..count {
        let bytes = mutant(&whole, &mut numbers);
        let examined = airssys_wasm::inspect::examine(&bytes);
        let code = match runtime.start(bytes).max_execution_time(Duration::from_millis(500)).await {
            Ok(component) => {
                assert!(examined.is_ok(), "mutant {number}");
                // What it answers is its own affair.
                let answered = component.call("echo", "x").await;
                let _ = component.shutdown().await;
                answered.err().map_or("answers", |error| error.code())
            }
            Err(error) => {
                assert!(error.to_string().len() < 4096 && error.hint().is_none_or(|hint| hint.len() < 4096));
                if let Err(examined) = examined {
                    assert_eq!(examined.code(), error.code(), "mutant {number}");
                }
                error.code()
            }
        };
        *codes.entry(code).or_default() += 1;
        assert_eq!(runtime.components().len(), 0, "mutant {number}");
    }
    let sound = started(runtime.start(guest())).await;
    assert_eq!(sound.call("echo", "still here").await.unwrap(), b"still here");
    for code in ["answers", "invalid-component", "truncated-component"] {
        assert!(codes.get(code).is_some_and(|count| *count > 5), "{codes:?}");
    }
}
