//! Components from source to answer, in every language.

use std::path::PathBuf;

use airssys_wasm_tests::{root, run, stderr, stdout};
use serde_json::Value;

const LANGUAGES: [&str; 5] = ["rust", "go", "js", "python", "c"];

/// Builds the component of a folder through the tool and returns its file.
fn build(folder: &str, more: &[&str]) -> PathBuf {
    let mut arguments = vec!["--format", "json", "build", folder];
    arguments.extend(more);
    let output = run(&root(), &arguments);
    assert!(output.status.success(), "{folder}: {}", stderr(&output));
    let built: Value = serde_json::from_str(&stdout(&output)).expect("one JSON document");
    PathBuf::from(built["component"].as_str().expect("a path"))
}

/// A component that greets, built in the language whose compiler is quickest.
pub fn hello() -> PathBuf {
    build("sdk-c/examples/hello", &[])
}

fn inspect(component: &std::path::Path) -> Value {
    let output = run(&root(), &["--format", "json", "inspect", &component.to_string_lossy()]);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).expect("one JSON document")
}

#[test]
fn the_hello_of_each_language_greets() {
    for language in LANGUAGES {
        let component = build(&format!("sdk-{language}/examples/hello"), &[]);
        let output = run(&root(), &["call", &component.to_string_lossy(), "greet", "World"]);
        assert_eq!(stdout(&output), "Hello, World!", "{language}: {}", stderr(&output));
        let wrong = run(&root(), &["call", &component.to_string_lossy(), "gret", "World"]);
        assert_eq!(wrong.status.code(), Some(1), "{language}: {}", stderr(&wrong));
        assert!(stderr(&wrong).contains("unknown-operation"), "{language}: {}", stderr(&wrong));
    }
}

#[test]
fn drivers_are_valid_carry_their_manifest_and_import_no_more_than_they_say() {
    for language in LANGUAGES {
        let folder = format!("conformance/drivers/{language}");
        let component = build(&folder, &[]);
        let bytes = std::fs::read(&component).expect("readable");
        airssys_wasm_toolchain::component::validate(&bytes).expect("a valid component");
        let inspection = inspect(&component);
        let manifest = std::fs::read_to_string(root().join(&folder).join("Component.toml")).expect("readable");
        assert_eq!(inspection["manifest"], Value::String(manifest), "{language}");
        let wasi = inspection["wasi-imports"].as_array().expect("a list");
        let free_of_wasi = ["rust", "go", "c"].contains(&language);
        assert_eq!(wasi.is_empty(), free_of_wasi, "{language} imports {wasi:?}");
    }
}

#[test]
fn a_second_build_comes_from_the_cache() {
    build("sdk-c/examples/hello", &[]);
    let output = run(&root(), &["--format", "json", "build", "sdk-c/examples/hello"]);
    let built: Value = serde_json::from_str(&stdout(&output)).expect("one JSON document");
    assert_eq!(built["cached"], true);
}
