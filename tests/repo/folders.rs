//! Who may use whom, and what must not lie around.

use std::collections::BTreeMap;
use std::path::Path;

use airssys_wasm_tests::{files, root};

use crate::workspace::metadata;

/// Folders and files at the top; anything else is a mistake.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "conformance",
    "docs",
    "host",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "sdk-c",
    "sdk-go",
    "sdk-js",
    "sdk-python",
    "sdk-rust",
    "templates",
    "tests",
    "wit",
];

/// For each crate of the workspace, the other crates of the workspace that it may use.
fn allowed() -> BTreeMap<&'static str, Vec<&'static str>> {
    BTreeMap::from([
        ("airssys-wasm-policy", vec![]),
        ("airssys-wasm", vec!["airssys-wasm-policy"]),
        ("airssys-wasm-toolchain", vec!["airssys-wasm-policy"]),
        ("airssys-wasm-conformance", vec!["airssys-wasm", "airssys-wasm-policy", "airssys-wasm-toolchain"]),
        (
            "airssys-wasm-cli",
            vec!["airssys-wasm", "airssys-wasm-conformance", "airssys-wasm-policy", "airssys-wasm-toolchain"],
        ),
        ("airssys-wasm-bench", vec!["airssys-wasm", "airssys-wasm-conformance", "airssys-wasm-toolchain"]),
        ("airssys-wasm-dev", vec!["airssys-wasm-policy", "airssys-wasm-toolchain"]),
        ("airssys-wasm-sdk", vec!["airssys-wasm-sdk-macros"]),
        ("airssys-wasm-sdk-macros", vec![]),
        ("airssys-wasm-example-database", vec!["airssys-wasm"]),
        ("airssys-wasm-example-model", vec!["airssys-wasm"]),
        (
            "airssys-wasm-tests",
            vec![
                "airssys-wasm",
                "airssys-wasm-example-database",
                "airssys-wasm-example-model",
                "airssys-wasm-policy",
                "airssys-wasm-toolchain",
            ],
        ),
    ])
}

#[test]
fn crates_use_only_the_crates_that_they_may_use() {
    let metadata = metadata();
    let allowed = allowed();
    let packages = metadata["packages"].as_array().expect("packages");
    assert_eq!(packages.len(), allowed.len(), "every crate of the workspace is listed here");
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let may = allowed.get(name).unwrap_or_else(|| panic!("{name} is listed here"));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let used = dependency["name"].as_str().expect("a name");
            assert!(!allowed.contains_key(used) || may.contains(&used), "{name} may not use {used}");
        }
    }
}

#[test]
fn the_policy_is_pure() {
    let manifest = std::fs::read_to_string(root().join("host/policy/Cargo.toml")).expect("readable");
    for forbidden in ["wasmtime", "tokio", "rustix"] {
        assert!(!manifest.contains(forbidden), "host/policy may not use {forbidden}");
    }
}

#[test]
fn no_other_folder_stands_at_the_top() {
    for file in files() {
        let top = file.iter().next().expect("a path has a part").to_string_lossy().into_owned();
        assert!(TOP.contains(&top.as_str()), "{top} is not a folder of the repository");
    }
}

#[test]
fn no_built_component_is_in_git() {
    for file in files() {
        let ending = file.extension().unwrap_or_default();
        assert!(ending != "wasm" && ending != "cwasm" && ending != "o", "{} is built, not written", file.display());
    }
}

#[test]
fn sdks_and_their_drivers_know_neither_the_host_nor_each_other() {
    for (sdk, others) in [
        ("sdk-rust", vec!["sdk-go", "sdk-js", "sdk-python", "sdk-c", "host/"]),
        ("sdk-go", vec!["sdk-rust", "sdk-js", "sdk-python", "sdk-c", "host/"]),
        ("sdk-js", vec!["sdk-rust", "sdk-go", "sdk-python", "sdk-c", "host/"]),
        ("sdk-python", vec!["sdk-rust", "sdk-go", "sdk-js", "sdk-c", "host/"]),
        ("sdk-c", vec!["sdk-rust", "sdk-go", "sdk-js", "sdk-python", "host/"]),
    ] {
        let driver = Path::new("conformance/drivers").join(sdk.trim_start_matches("sdk-"));
        let own = files().into_iter().filter(|file| file.starts_with(sdk) || file.starts_with(&driver));
        let manifests = own.filter(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            ["Cargo.toml", "go.mod", "package.json", "pyproject.toml", "CMakeLists.txt", "Component.toml"]
                .contains(&name.as_ref())
        });
        for manifest in manifests {
            let text = std::fs::read_to_string(root().join(&manifest)).expect("readable");
            for other in &others {
                assert!(!text.contains(&format!("../{other}")), "{} may not use {other}", manifest.display());
            }
        }
    }
}

#[test]
fn hand_written_files_stay_readable() {
    const MOST_LINES: usize = 800;
    let written = ["rs", "go", "ts", "js", "mjs", "py", "c", "h", "cpp", "wit"];
    for file in files() {
        let generated = ["generated", "_generated", "bindings", "wit_stubs"];
        let ending = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        if !written.contains(&ending.as_str()) || file.iter().any(|part| generated.contains(&&*part.to_string_lossy()))
        {
            continue;
        }
        let text = std::fs::read_to_string(root().join(&file)).expect("source is UTF-8");
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines", file.display());
    }
}

#[test]
fn lock_files_name_no_registry() {
    for file in files() {
        if file.file_name().is_some_and(|name| name == "package-lock.json") {
            let text = std::fs::read_to_string(root().join(&file)).expect("readable");
            assert!(!text.contains("\"resolved\": \"http"), "{} names where packages come from", file.display());
        }
    }
}
