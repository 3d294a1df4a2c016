//! Installs the pinned tools into the cache, and finds the ones that the user brings.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::Language;

use crate::cache::{Cache, CacheError};
use crate::clang::{self, Clang};
use crate::error::Error;
use crate::pins::{self, Pins};
use crate::progress::{Event, Progress, Silent};
use crate::tool::{self, Tool, ToolError};

/// A tool that could not be installed or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// A tool failed or is missing.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// What was installed is not as expected.
    #[error("{package} was installed without {file}")]
    Incomplete {
        /// The package.
        package: String,
        /// What is not in it.
        file: String,
    },
    /// A file could not be written.
    #[error("failed to write {}", .path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
}

/// Installs what the guests of these languages are built with, as far as it is not there yet.
///
/// Only the cache is written to, with one exception: Rust's target belongs to the user's rustup and is added there.
///
/// # Errors
/// At the first tool that is missing or cannot be installed.
pub fn install(languages: &[Language], cache: &Cache, progress: &dyn Progress) -> Result<(), Error> {
    for language in languages {
        match language {
            Language::Rust => rust_target(Path::new("."), progress)?,
            Language::Go => drop(go()?),
            Language::C => drop(c_compiler(cache, progress)?),
            Language::Js => drop(javascript(cache, progress)?),
            Language::Python => drop(componentize_py(cache, progress)?),
        }
    }
    Ok(())
}

/// A tool of the user's own, new enough.
pub(crate) fn users_own(
    tool: &str,
    programs: &[&str],
    version_argument: &str,
    minimum: &str,
    fix: &str,
) -> Result<(PathBuf, String), ToolError> {
    let mut too_old = None;
    for program in programs.iter().filter_map(|program| tool::find(program)) {
        let Ok(text) = Tool::new(tool, &program).arg(version_argument).run(&Silent) else { continue };
        let Some(version) = tool::version_in(&text) else { continue };
        if tool::at_least(&version, minimum) {
            return Ok((program, version));
        }
        too_old = too_old.or(Some(version));
    }
    Err(match too_old {
        Some(found) => ToolError::TooOld { tool: tool.into(), found, minimum: minimum.into(), fix: fix.into() },
        None => ToolError::Missing { tool: tool.into(), fix: fix.into() },
    })
}

/// The user's Go and its version.
pub(crate) fn go() -> Result<(PathBuf, String), ToolError> {
    let minimum = &Pins::get().minimum.go;
    users_own("go", &["go"], "version", minimum, &format!("install Go {minimum} or newer"))
}

/// The user's Node and its version.
pub(crate) fn node() -> Result<(PathBuf, String), ToolError> {
    let minimum = &Pins::get().minimum.node;
    users_own("node", &["node", "nodejs"], "--version", minimum, &format!("install Node.js {minimum} or newer"))
}

/// The user's Python and its version.
pub(crate) fn python() -> Result<(PathBuf, String), ToolError> {
    let minimum = &Pins::get().minimum.python;
    let fix = format!("install Python {minimum} or newer, with pip");
    users_own("python3", &["python3", "python"], "--version", minimum, &fix)
}

/// Adds the target of Rust guests to the toolchain that is used in `folder`, if it is not there.
pub(crate) fn rust_target(folder: &Path, progress: &dyn Progress) -> Result<(), InstallError> {
    let target = &Pins::get().rust.target;
    let fix = format!("run: rustup target add {target}");
    let libraries = Tool::new("rustc", "rustc")
        .args(["--print", "target-libdir", "--target", target])
        .folder(folder)
        .fix(format!("install Rust {} or newer with rustup", Pins::get().minimum.rust))
        .run(&Silent)?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    progress.report(Event::Step("adding Rust's target for WebAssembly"));
    Tool::new("rustup", "rustup").args(["target", "add", target]).folder(folder).fix(fix).run(progress)?;
    Ok(())
}

/// A C compiler for WebAssembly: the user's own if there is one, else zig, installed if need be.
pub(crate) fn c_compiler(cache: &Cache, progress: &dyn Progress) -> Result<Clang, InstallError> {
    match clang::users_own() {
        Some(clang) => Ok(clang),
        None => Ok(Clang::zig(zig(cache, progress)?, cache.room("zig")?)),
    }
}

fn zig(cache: &Cache, progress: &dyn Progress) -> Result<PathBuf, InstallError> {
    let folder = python_package(cache, "ziglang", progress)?;
    Ok(folder.join("ziglang").join(format!("zig{}", std::env::consts::EXE_SUFFIX)))
}

/// The folder to put on Python's path for componentize-py, installed if need be.
pub(crate) fn componentize_py(cache: &Cache, progress: &dyn Progress) -> Result<PathBuf, InstallError> {
    python_package(cache, "componentize-py", progress)
}

/// The name of the version of `package` that is pinned, for the cache.
pub(crate) fn key(pins: &str) -> String {
    blake3::hash(pins.as_bytes()).to_hex()[..16].to_owned()
}

/// Where the pinned version of a Python package is, if it is installed.
pub(crate) fn installed_python_package(cache: &Cache, package: &str) -> Option<PathBuf> {
    cache.installed(package, &key(&Pins::get().requirements(package)))
}

fn python_package(cache: &Cache, package: &'static str, progress: &dyn Progress) -> Result<PathBuf, InstallError> {
    let requirements = Pins::get().requirements(package);
    cache.install(package, &key(&requirements), |folder| {
        let (python, _) = python()?;
        progress.report(Event::Step(&format!("installing {package} {}", Pins::get().pypi[package].version)));
        let file = folder.join("requirements.txt");
        write(&file, &requirements)?;
        Tool::new("pip", python)
            .args(["-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--require-hashes"])
            .args(["--only-binary", ":all:", "--target"])
            .arg(folder)
            .arg("--requirement")
            .arg(&file)
            .fix("python3 needs pip, and pip needs its package index")
            .run(progress)?;
        let module = package.replace('-', "_");
        if !folder.join(&module).is_dir() {
            return Err(InstallError::Incomplete { package: package.into(), file: module });
        }
        Ok(())
    })
}

/// Where the JavaScript tools are, if they are installed.
pub(crate) fn installed_javascript(cache: &Cache) -> Option<PathBuf> {
    cache.installed("javascript", &javascript_key())
}

fn javascript_key() -> String {
    key(&format!("{}{}", pins::PACKAGE_JSON, pins::PACKAGE_LOCK))
}

/// The folder with the JavaScript tools in its node_modules, installed if need be.
pub(crate) fn javascript(cache: &Cache, progress: &dyn Progress) -> Result<PathBuf, InstallError> {
    cache.install("javascript", &javascript_key(), |folder| {
        node()?;
        progress.report(Event::Step("installing the JavaScript tools"));
        write(&folder.join("package.json"), pins::PACKAGE_JSON)?;
        write(&folder.join("package-lock.json"), pins::PACKAGE_LOCK)?;
        Tool::new("npm", "npm")
            // Not `ci`: it fails where a registry lacks an optional package for another platform. What is in the lock file is
            // installed at its version and checked against its hash all the same.
            .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .folder(folder)
            .fix("npm comes with Node.js, and needs its registry")
            .run(progress)?;
        let file = "node_modules/esbuild/bin/esbuild";
        if !folder.join(file).is_file() {
            return Err(InstallError::Incomplete { package: "the JavaScript tools".into(), file: file.into() });
        }
        Ok(())
    })
}

fn write(path: &Path, text: &str) -> Result<(), InstallError> {
    fs::write(path, text).map_err(|source| InstallError::Write { path: path.to_owned(), source })
}
