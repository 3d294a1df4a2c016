//! A refusal names the line that would allow what was refused. Here somebody does as it says, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use airssys_wasm::policy::{Layer, Permissions};
use airssys_wasm::{Fault, Runtime, Start};

use crate::example::{Deaf, Example};

/// More lines than any example needs, for the Component.toml and for the host.
const MOST_LINES: usize = 40;

/// Lines of `[permissions]`, with the lists of one key joined into one.
#[derive(Debug, Default)]
struct Lines(BTreeMap<String, Vec<String>>);

impl Lines {
    fn add(&mut self, line: &str) {
        let (key, list) = line.split_once(" = ").unwrap_or_else(|| panic!("{line} is no line of Component.toml"));
        let entry = list.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
        let entry = entry.unwrap_or_else(|| panic!("{line} has no list")).to_owned();
        let entries = self.0.entry(key.to_owned()).or_default();
        assert!(!entries.contains(&entry), "{line} is there and does not help");
        entries.push(entry);
    }

    fn text(&self) -> String {
        self.0.iter().map(|(key, entries)| format!("{key} = [{}]\n", entries.join(", "))).collect()
    }
}

/// Calls an operation of an example that declares nothing and is granted nothing. As long as that is refused, the line
/// that the refusal names is added where it says. Gives the output, and the lines.
pub async fn apply_until_it_works(
    runtime: &Runtime,
    example: &Example,
    settings: impl Fn(Start) -> Start,
    operation: &str,
    input: &[u8],
) -> (Vec<u8>, BTreeSet<String>) {
    let manifest = example.manifest();
    let (before, _) = manifest.split_once("[permissions]").expect("the example declares permissions");
    let (mut declared, mut granted, mut lines) = (Lines::default(), Lines::default(), BTreeSet::new());
    for _ in 0..2 * MOST_LINES {
        let manifest = format!("{before}[permissions]\n{}", declared.text());
        let permissions = Permissions::parse(&granted.text(), "grants.toml").expect("the lines are permissions");
        let with_lines = |start| settings(start).manifest(manifest).grant(permissions).audit(Arc::new(Deaf));
        let component = example.load_with(runtime, with_lines).await;
        let outcome = component.call(operation, input).await;
        runtime.unload(component.id()).await.expect("unloaded");
        let error = match outcome {
            Ok(output) => return (output, lines),
            Err(error) => error,
        };
        let refusal = error.refusals().last().unwrap_or_else(|| panic!("{}: {error:?}", example.language));
        assert_eq!(error.fault(), Fault::Policy, "{}: {error:?}", example.language);
        let line = refusal.missing.clone().expect("a refusal names what is missing");
        assert!(error.hint().is_some_and(|hint| hint.contains(&line)), "{}: {error:?}", example.language);
        match refusal.layer.expect("a refusal says who refuses") {
            Layer::Manifest => declared.add(&line),
            Layer::Host => granted.add(&line),
            Layer::Mount => panic!("{}: no line helps: {:?}", example.language, refusal.mount),
        }
        lines.insert(line);
    }
    panic!("{}: {MOST_LINES} lines do not suffice: {lines:?}", example.language);
}
