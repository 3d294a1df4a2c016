//! What is checked, room by room.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::steps::{Steps, command, run, run_silent};

/// Builds the command-line tool and returns its file.
fn airssys_wasm(root: &Path) -> Result<PathBuf> {
    // The whole workspace: another choice of packages would give dependencies other features and compile them twice.
    run(command(root, "cargo", &["build", "--quiet", "--workspace", "--bins"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(root.join(target).join("debug").join("airssys-wasm"))
}

/// Installs what is missing and runs the conformance suite.
///
/// # Errors
/// Fails when a toolchain cannot be installed or a cell is red.
pub fn conformance(root: &Path, arguments: &[String]) -> Result<()> {
    let tool = airssys_wasm(root)?;
    run(command(root, &tool, &["toolchain", "install", "--all"]))?;
    let mut suite = command(root, &tool, &["conformance", "run"]);
    suite.args(arguments);
    run(suite)
}

/// Every check, in the order in which mistakes are found soonest.
pub fn all(steps: &mut Steps) {
    steps.step("rust formatting", |root| {
        run(command(root, "cargo", &["fmt", "--all", "--check"]))?;
        for guest in rust_guests(root)? {
            run(command(&guest, "cargo", &["fmt", "--check"]))?;
        }
        Ok(())
    });
    steps.step("generated code", |root| crate::generate::run(root, true));
    steps.step("rust lints", |root| {
        run(command(root, "cargo", &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    });
    steps.step("toolchains", |root| {
        let tool = airssys_wasm(root)?;
        run(command(root, &tool, &["toolchain", "install", "--all"]))?;
        run(command(root, &tool, &["doctor"]))
    });
    steps.step("rust tests", |root| run(command(root, "cargo", &["test", "--quiet", "--workspace"])));
    steps.step("rust guest lints", |root| {
        for guest in rust_guests(root)? {
            let mut clippy =
                command(&guest, "cargo", &["clippy", "--quiet", "--release", "--target", "wasm32-unknown-unknown"]);
            clippy.args(["--", "-D", "warnings"]).env("CARGO_TARGET_DIR", root.join("target/guests"));
            run(clippy)?;
        }
        Ok(())
    });
    steps.step("rust docs", |root| {
        let mut docs = command(root, "cargo", &["doc", "--quiet", "--workspace", "--no-deps"]);
        docs.env("RUSTDOCFLAGS", "-D warnings");
        run(docs)
    });
    steps.step("go", |root| {
        for folder in guests(root, "go")?.into_iter().chain([root.join("sdk-go")]) {
            run_silent(command(&folder, "gofmt", &["-l", "."]))?;
        }
        // The generated bindings turn the host's addresses into pointers, which that one check is against.
        run(command(&root.join("sdk-go"), "go", &["vet", "-unsafeptr=false", "./..."]))?;
        run(command(&root.join("sdk-go"), "go", &["test", "./..."]))
    });
    steps.step("javascript", |root| {
        let sdk = npm_packages(root)?;
        run(command(&sdk, "npm", &["test", "--silent"]))?;
        let compiler = sdk.join("node_modules/.bin/tsc");
        for folder in guests(root, "js")? {
            run(command(&folder, &compiler, &["--project", "."]))?;
        }
        Ok(())
    });
    steps.step("python", |root| {
        let python = python(root)?;
        for folder in guests(root, "python")?.into_iter().chain([root.join("sdk-python")]) {
            run(command(&folder, &python, &["-m", "ruff", "format", "--check", "."]))?;
            run(command(&folder, &python, &["-m", "ruff", "check", "."]))?;
            run(command(&folder, &python, &["-m", "mypy"]))?;
        }
        run(command(&root.join("sdk-python"), &python, &["-m", "pytest", "--quiet"]))
    });
    steps.step("c", |root| {
        let sdk = root.join("sdk-c");
        let build = root.join("target/sdk-c");
        let build = build.to_string_lossy();
        let (cmake, ctest) = cmake(root)?;
        run(command(&sdk, &cmake, &["-S", ".", "-B", &build, "-DCMAKE_BUILD_TYPE=Debug"]))?;
        run(command(&sdk, &cmake, &["--build", &build]))?;
        run(command(&sdk, &ctest, &["--test-dir", &build, "--output-on-failure", "--no-tests=error"]))
    });
    steps.step("conformance", |root| {
        let tool = airssys_wasm(root)?;
        run(command(root, &tool, &["conformance", "run"]))
    });
}

/// Installs the packages that the JavaScript SDK is developed with, and returns its folder.
pub fn npm_packages(root: &Path) -> Result<PathBuf> {
    let sdk = root.join("sdk-js");
    // Not `ci`, which fails where a registry lacks an optional package for another platform. Versions and hashes are
    // those of the lock file all the same.
    let install = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    run(command(&sdk, "npm", &install))?;
    Ok(sdk)
}

/// The Python of a virtual environment with what the Python SDK is developed with.
pub fn python(root: &Path) -> Result<PathBuf> {
    let venv = root.join("target/python");
    let python = venv.join("bin/python");
    if !python.exists() {
        run(command(root, "python3", &["-m", "venv", &venv.to_string_lossy()]))?;
    }
    pip_install(root, &python, "sdk-python/requirements-dev.txt")?;
    Ok(python)
}

fn pip_install(root: &Path, python: &Path, requirements: &str) -> Result<()> {
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement"];
    let mut install = command(root, python, &pip);
    install.arg(requirements);
    run(install)
}

/// CMake and CTest: the machine's own, else from the virtual environment.
fn cmake(root: &Path) -> Result<(PathBuf, PathBuf)> {
    if command(root, "cmake", &["--version"]).output().is_ok_and(|output| output.status.success()) {
        return Ok(("cmake".into(), "ctest".into()));
    }
    let python = python(root)?;
    pip_install(root, &python, "host/dev/cmake.txt")?;
    let programs = python.parent().context("a program is in a folder")?;
    Ok((programs.join("cmake"), programs.join("ctest")))
}

/// Crates that are compiled for WebAssembly, each a workspace of its own.
fn rust_guests(root: &Path) -> Result<Vec<PathBuf>> {
    let mut guests = guests(root, "rust")?;
    for parent in ["sdk-rust/examples", "tests/components"] {
        guests.extend(folders(&root.join(parent))?.into_iter().filter(|path| path.join("Cargo.toml").is_file()));
    }
    guests.sort();
    Ok(guests)
}

/// The guests in one language, SDK examples aside: the conformance driver and those of the tests.
fn guests(root: &Path, language: &str) -> Result<Vec<PathBuf>> {
    let mut guests = vec![root.join("conformance/drivers").join(language)];
    let of_tests = folders(&root.join("tests/components"))?;
    guests.extend(of_tests.into_iter().map(|folder| folder.join(language)).filter(|path| path.is_dir()));
    Ok(guests)
}

/// The folders in a folder, by name.
fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = std::fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    let mut folders: Vec<PathBuf> = read.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(folders)
}
