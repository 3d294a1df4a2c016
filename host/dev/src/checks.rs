//! What is checked, crate by crate and SDK by SDK.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::steps::{Step, Steps, command, run, run_silent};
use crate::tools::{airssys_wasm, binaries, cmake, npm_packages, python};

/// Measures what components cost. The program that does is one of its own, so that `cargo dev gen` needs no host.
///
/// # Errors
/// Fails when a measurement does, or a promise is not kept that was to be checked.
pub fn bench(root: &Path, release: bool, arguments: &[String]) -> Result<()> {
    let program = binaries(root, release)?.join("airssys-wasm-bench");
    let mut bench = command(&std::env::current_dir()?, &program, &[]);
    bench.args(arguments);
    run(bench)
}

/// What is measured beside the host, a workspace of its own: formatted like everything, and built by `cargo dev bench` alone.
const BENCH_PEERS: &str = "host/bench/peers";

/// What the conformance suite needs, in two steps: the programs of this workspace, and the guest toolchains.
pub const PREPARATIONS: &[Step] = &[
    ("host and suite, compiled", |root| airssys_wasm(root).map(drop)),
    ("guest toolchains, installed", |root| run(command(root, airssys_wasm(root)?, &["toolchain", "install", "--all"]))),
];

/// Installs what is missing and runs the conformance suite.
///
/// # Errors
/// Fails when a toolchain cannot be installed or a cell is red.
pub fn conformance(root: &Path, arguments: &[String]) -> Result<()> {
    let mut steps = Steps::new(root, PREPARATIONS.len() + 1);
    for step in PREPARATIONS {
        steps.run(step.0, step.1)?;
    }
    steps.run("conformance", |root| {
        let mut suite = command(root, airssys_wasm(root)?, &["conformance", "run"]);
        suite.args(arguments);
        run(suite)
    })
}

/// Every check, in the order in which mistakes are found soonest.
pub const ALL: &[Step] = &[
    ("rust formatting", |root| {
        run(command(root, "cargo", &["fmt", "--all", "--check"]))?;
        for guest in rust_guests(root)? {
            // All: a guest may have a crate of its own beside it.
            run(command(&guest, "cargo", &["fmt", "--all", "--check"]))?;
        }
        run(command(&root.join(BENCH_PEERS), "cargo", &["fmt", "--all", "--check"]))
    }),
    ("generated code", |root| crate::generate::run(root, true)),
    ("rust lints", |root| {
        run(command(root, "cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
        let sdk = ["clippy", "--package", "airssys-wasm-sdk", "--all-features", "--all-targets"];
        let mut sdk = command(root, "cargo", &sdk);
        sdk.args(["--", "-D", "warnings"]);
        run(sdk)
    }),
    ("toolchains", |root| {
        let tool = airssys_wasm(root)?;
        run(command(root, &tool, &["toolchain", "install", "--all"]))?;
        run(command(root, &tool, &["doctor"]))
    }),
    ("rust tests", |root| {
        // The templates are tried with the tools of their languages.
        npm_packages(root)?;
        python(root)?;
        cmake(root)?;
        run(command(root, "cargo", &["test", "--quiet", "--workspace", "--no-fail-fast"]))?;
        // What is off unless an author asks for it.
        run(command(root, "cargo", &["test", "--quiet", "--package", "airssys-wasm-sdk", "--features", "log,tracing"]))
    }),
    ("rust guest lints", |root| {
        for guest in rust_guests(root)? {
            let mut clippy = command(&guest, "cargo", &["clippy", "--release", "--target", "wasm32-unknown-unknown"]);
            clippy.args(["--", "-D", "warnings"]).env("CARGO_TARGET_DIR", root.join("target/guests"));
            run(clippy)?;
        }
        Ok(())
    }),
    ("rust docs", |root| {
        let mut docs = command(root, "cargo", &["doc", "--workspace", "--no-deps"]);
        docs.env("RUSTDOCFLAGS", "-D warnings");
        run(docs)
    }),
    ("instruction counts", |root| bench(root, false, &["--counts".to_owned(), "check".to_owned()])),
    ("go", |root| {
        run_silent(command(&root.join("sdk-go"), "gofmt", &["-l", "."]))?;
        run_silent(command(&root.join(BENCH_PEERS), "gofmt", &["-l", "."]))?;
        for guest in guests(root, "go")? {
            run_silent(command(&guest, "gofmt", &["-l", "."]))?;
        }
        // The generated bindings turn the host's addresses into pointers, which that one check is against.
        run(command(&root.join("sdk-go"), "go", &["vet", "-unsafeptr=false", "./..."]))?;
        // Not from Go's cache, which does not see that a table outside the module has changed.
        run(command(&root.join("sdk-go"), "go", &["test", "-count=1", "./..."]))
    }),
    ("javascript", |root| {
        let sdk = npm_packages(root)?;
        run(command(&sdk, "npm", &["test", "--silent"]))?;
        let compiler = sdk.join("node_modules/.bin/tsc");
        for guest in guests(root, "js")? {
            lend_packages(&guest)?;
            run(command(&guest, &compiler, &["--project", "."]))?;
        }
        Ok(())
    }),
    ("python", |root| {
        let python = python(root)?;
        let mut folders = guests(root, "python")?;
        folders.push(root.join("sdk-python"));
        for folder in folders {
            run(command(&folder, &python, &["-m", "ruff", "format", "--check", "."]))?;
            run(command(&folder, &python, &["-m", "ruff", "check", "."]))?;
            run(command(&folder, &python, &["-m", "mypy"]))?;
        }
        run(command(&root.join("sdk-python"), &python, &["-m", "pytest", "--quiet"]))
    }),
    ("c", |root| {
        let sdk = root.join("sdk-c");
        let build = root.join("target/sdk-c");
        let build = build.to_string_lossy();
        let (cmake, ctest) = cmake(root)?;
        run(command(&sdk, &cmake, &["-S", ".", "-B", &build, "-DCMAKE_BUILD_TYPE=Debug"]))?;
        run(command(&sdk, &cmake, &["--build", &build]))?;
        run(command(&sdk, &ctest, &["--test-dir", &build, "--output-on-failure", "--no-tests=error"]))
    }),
    ("packages", crate::packages::check),
    ("conformance", |root| crate::reports::run(root).map(drop)),
    ("conformance reports", crate::reports::check),
];

/// Shows the compiler the packages that a guest brings in its folder `packages`, where it looks for installed ones.
fn lend_packages(guest: &Path) -> Result<()> {
    let (own, installed) = (guest.join("packages"), guest.join("node_modules"));
    if own.is_dir() && !installed.exists() {
        std::os::unix::fs::symlink("packages", &installed)
            .with_context(|| format!("failed to link {}", installed.display()))?;
    }
    Ok(())
}

/// The driver and the test components in one language.
fn guests(root: &Path, language: &str) -> Result<Vec<PathBuf>> {
    let components = folders(&root.join("tests/components"))?.into_iter().map(|folder| folder.join(language));
    let mut guests = vec![root.join("conformance/drivers").join(language)];
    guests.extend(components.filter(|folder| folder.is_dir()));
    Ok(guests)
}

/// Crates that are compiled for WebAssembly, each a workspace of its own.
fn rust_guests(root: &Path) -> Result<Vec<PathBuf>> {
    let mut crates = guests(root, "rust")?;
    crates.extend(folders(&root.join("sdk-rust/examples"))?);
    crates.extend(folders(&root.join("tests/components"))?);
    crates.retain(|folder| folder.join("Cargo.toml").is_file());
    Ok(crates)
}

/// The folders in a folder, sorted.
fn folders(parent: &Path) -> Result<Vec<PathBuf>> {
    let read = std::fs::read_dir(parent).with_context(|| format!("failed to read {}", parent.display()))?;
    let mut folders = Vec::new();
    for entry in read {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}
