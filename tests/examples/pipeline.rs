//! `pipeline` with the machine's own sort and uniq.

use std::collections::BTreeMap;

use airssys_wasm::policy::Permissions;
use airssys_wasm::{Runtime, RuntimeConfig};

use crate::example::{all, answered, same};
use crate::fixes::apply_until_it_works;

/// Words, some with characters of several bytes, one of them empty, in an order of no kind; more than pipes hold.
fn input() -> String {
    let words = ["apple", "Ärger", "zoo", "", "apple pie", "🦀", "10", "9", "日本語", "Zoo"];
    let mut at = 7_u32;
    let mut text = String::new();
    for _ in 0..40_000 {
        at = at.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Squared, so that words do not come equally often.
        let pick = (at >> 16) as usize % (words.len() * words.len());
        text.push_str(words[pick.isqrt()]);
        text.push('\n');
    }
    text
}

/// What `sort | uniq -c | sort -rn` makes of it where the order is that of the bytes.
fn counted(input: &str) -> String {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for line in input.lines() {
        *counts.entry(line).or_default() += 1;
    }
    let mut lines: Vec<(u32, &str)> = counts.into_iter().map(|(line, count)| (count, line)).collect();
    lines.sort_by(|a, b| b.cmp(a));
    lines.into_iter().map(|(count, line)| format!("{count:>7} {line}\n")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pipeline_counts_lines() {
    let runtime = Runtime::new(RuntimeConfig::default()).expect("a runtime");
    let input = input();
    for example in all("pipeline") {
        let component = example.load(&runtime).await;
        for input in [input.as_str(), "one\n", "b\na\n", "", "no end"] {
            let output = component.call("count-lines", input).await.expect("it counts");
            assert_eq!(String::from_utf8_lossy(&output), counted(input), "{}", example.language);
        }
        runtime.unload(component.id()).await.expect("unloaded");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pipeline_is_refused_names_what_to_add() {
    let runtime = Runtime::new(RuntimeConfig::default()).expect("a runtime");
    let mut applied = Vec::new();
    for example in all("pipeline") {
        let component = example.load_with(&runtime, |start| start.grant(Permissions::none())).await;
        let refused = component.call("count-lines", "a\n").await.expect_err("it is refused");
        assert_eq!(answered(&refused).0, "permission-denied", "{}", example.language);
        runtime.unload(component.id()).await.expect("unloaded");

        let (output, lines) = apply_until_it_works(&runtime, &example, |start| start, "count-lines", b"a\na\n").await;
        assert_eq!(output, b"      2 a\n", "{}", example.language);
        applied.push((example.language.clone(), lines));
    }
    assert_eq!(same(applied).len(), 2, "a line for sort and one for uniq");
}
