//! What cargo says of the workspace.

use std::process::Command;

use airssys_wasm_tests::root;
use serde_json::Value;

/// `cargo metadata` of its own crates.
pub fn metadata() -> Value {
    let metadata = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&metadata.stdout).expect("cargo metadata is JSON")
}
