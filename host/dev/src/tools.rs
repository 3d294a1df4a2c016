//! The tools that checks and generators run: made or installed where they are not there.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::steps::{command, run};

/// Builds the command-line tool and returns its file.
pub fn airssys_wasm(root: &Path) -> Result<PathBuf> {
    Ok(binaries(root, false)?.join("airssys-wasm"))
}

/// Builds the programs of the workspace and returns their folder.
pub fn binaries(root: &Path, release: bool) -> Result<PathBuf> {
    // The whole workspace: another choice of packages would give dependencies other features and compile them twice.
    let mut build = command(root, "cargo", &["build", "--workspace", "--bins"]);
    if release {
        build.arg("--release");
    }
    run(build)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(root.join(target).join(if release { "release" } else { "debug" }))
}

/// Installs the packages that the JavaScript SDK is developed with, and returns its folder.
pub fn npm_packages(root: &Path) -> Result<PathBuf> {
    npm_install(root.join("sdk-js"))
}

/// Installs what the lock file of a folder names.
pub fn npm_install(folder: PathBuf) -> Result<PathBuf> {
    // Not `ci`, which fails where a registry lacks an optional package for another platform. Versions and hashes are
    // those of the lock file all the same.
    let install = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    run(command(&folder, "npm", &install))?;
    Ok(folder)
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
pub fn cmake(root: &Path) -> Result<(PathBuf, PathBuf)> {
    if command(root, "cmake", &["--version"]).output().is_ok_and(|output| output.status.success()) {
        return Ok(("cmake".into(), "ctest".into()));
    }
    let python = python(root)?;
    pip_install(root, &python, "host/dev/cmake.txt")?;
    let programs = python.parent().context("a program is in a folder")?;
    Ok((programs.join("cmake"), programs.join("ctest")))
}
