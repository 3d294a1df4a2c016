//! Every SDK shows the same: the same examples, and a README that says so.

use std::collections::BTreeSet;

use airssys_wasm_tests::root;

const SDKS: [&str; 5] = ["sdk-rust", "sdk-go", "sdk-js", "sdk-python", "sdk-c"];

fn examples(sdk: &str) -> BTreeSet<String> {
    let folder = root().join(sdk).join("examples");
    let entries = std::fs::read_dir(&folder).expect("an SDK has examples").map(|entry| entry.expect("an entry"));
    let examples = entries.filter(|entry| entry.path().join("Component.toml").is_file());
    examples.map(|entry| entry.file_name().into_string().expect("names are UTF-8")).collect()
}

/// Whether an example is another one in a dialect that only some languages have, as `hello-typescript` is `hello`.
fn is_variant(name: &str, of: &BTreeSet<String>) -> bool {
    of.iter().any(|other| name.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('-')))
}

#[test]
fn every_sdk_has_the_same_examples() {
    let expected = examples(SDKS[0]);
    assert!(!expected.is_empty(), "{} has examples", SDKS[0]);
    for sdk in SDKS {
        let all = examples(sdk);
        let own: BTreeSet<String> = all.iter().filter(|name| !is_variant(name, &all)).cloned().collect();
        assert_eq!(own, expected, "{sdk} differs from {}", SDKS[0]);
    }
}

#[test]
fn every_readme_mentions_its_examples() {
    for sdk in SDKS {
        let readme = std::fs::read_to_string(root().join(sdk).join("README.md")).expect("an SDK has a README");
        let words: BTreeSet<&str> = readme
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '/')
            .flat_map(|word| [word, word.trim_start_matches("examples/")])
            .collect();
        for example in examples(sdk) {
            assert!(words.contains(example.as_str()), "{sdk}/README.md does not mention examples/{example}");
        }
    }
}

#[test]
fn the_examples_of_all_sdks_declare_the_same() {
    for example in examples(SDKS[0]) {
        let declared: Vec<String> = SDKS
            .map(|sdk| {
                let file = root().join(sdk).join("examples").join(&example).join("Component.toml");
                let text = std::fs::read_to_string(&file).expect("readable");
                let permissions = text.split_once("[permissions]").map(|(_, after)| after.trim().to_owned());
                permissions.unwrap_or_default()
            })
            .to_vec();
        for (sdk, own) in SDKS.iter().zip(&declared) {
            assert_eq!(own, &declared[0], "{sdk}/examples/{example} differs from {}", SDKS[0]);
        }
    }
}
