//! Blocks that show something that is in the repository, where it is compiled or run.

use airssys_wasm::{Runtime, RuntimeConfig};
use airssys_wasm_tests::read;
use serde_json::Value;

use super::blocks::block;

#[test]
fn the_component_is_that_of_the_template() {
    let template = read("templates/rust-minimal/content/src/lib.rs");
    let code: Vec<&str> = template.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let shown = block("README.md#start-3").text;
    assert!(code.join("\n").contains(shown.trim()), "{shown}");
}

#[test]
fn the_case_is_one_of_the_suite() {
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let case = read("conformance/cases/ext-filesystem/files/read-file/gives-the-whole-file.json");
    assert_eq!(json(&block("conformance/README.md#a-case").text), json(&case));
}

/// What the README shows of embedding; that it compiles is all there is to it here.
#[allow(dead_code)]
async fn embedded() -> airssys_wasm::Result<Vec<u8>> {
    let runtime = Runtime::new(RuntimeConfig::default())?;
    let component = runtime.start("hello.wasm").await?;
    let answer = component.call("greet", "World").await?;
    Ok(answer)
}

#[test]
fn the_embedding_is_compiled() {
    for line in block("README.md#embed-the-host").text.lines() {
        assert!(include_str!("shown.rs").contains(&format!("    {line}\n")), "{line}");
    }
}
