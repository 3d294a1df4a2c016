//! Installs the pinned tools into the cache, and finds the ones that the user brings.

use std::error::Error as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::Language;

use crate::cache::{self, Cache, CacheError};
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
    /// A package could not be had from its registry.
    #[error("failed to install {package} from {registry}")]
    Fetch {
        /// Which package, with its version.
        package: String,
        /// Which kind of registry it comes from.
        registry: &'static str,
        /// Where the address of that registry is set, for those who have one of their own.
        setting: &'static str,
        /// What to run again.
        retry: String,
        /// What its installer says.
        #[source]
        source: Box<ToolError>,
    },
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

impl InstallError {
    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            InstallError::Tool(error) => error.help(),
            InstallError::Cache(error) => error.help(),
            InstallError::Fetch { registry, setting, retry, .. } => Some(format!(
                "this needs the network, once: connect to {registry} (or name another with {setting}), then run again: \
                 {retry}"
            )),
            InstallError::Incomplete { .. } => Some(
                "run it again; if that does not help, the registry gives another package than the pinned".to_owned(),
            ),
            InstallError::Write { path, source } => cache::disk_help(path, source),
        }
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            InstallError::Tool(error) => error.code(),
            InstallError::Cache(error) => error.code(),
            InstallError::Fetch { .. } => "fetch-failed",
            InstallError::Incomplete { .. } => "incomplete-install",
            InstallError::Write { source, .. } => cache::disk_code(source),
        }
    }
}

/// Tells a registry that did not give a package from an installer that is not there, or was interrupted.
fn fetch(
    package: String,
    registry: &'static str,
    setting: &'static str,
    language: Language,
) -> impl FnOnce(ToolError) -> InstallError {
    move |source| match source {
        ToolError::Failed { .. } => InstallError::Fetch {
            package,
            registry,
            setting,
            retry: format!("airssys-wasm toolchain install {language}"),
            source: Box::new(source),
        },
        other => InstallError::Tool(other),
    }
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
            Language::Rust => rust_target(Path::new("."), &Pins::get().rust.target, progress)?,
            Language::Go => drop(go()?),
            Language::C => drop(c_compiler(cache, progress)?),
            Language::Js => drop(javascript(cache, progress)?),
            Language::Python => drop(componentize_py(cache, progress)?),
        }
    }
    Ok(())
}

/// A tool of the user's own, new enough.
fn users_own(
    tool: &str,
    programs: &[&str],
    version_argument: &str,
    minimum: &str,
    fix: &str,
) -> Result<(PathBuf, String), ToolError> {
    let (mut too_old, mut broken) = (None, None);
    for program in programs.iter().filter_map(|program| tool::find(program)) {
        let text = match Tool::new(tool, &program).arg(version_argument).run(&Silent) {
            Ok(text) => text,
            Err(interrupted @ ToolError::Interrupted { .. }) => return Err(interrupted),
            Err(error) => {
                let reason = error.source().map(|source| format!(": {source}")).unwrap_or_default();
                broken = broken.or(Some(format!("{error}{reason}")));
                continue;
            }
        };
        let Some(version) = tool::version_in(&text) else {
            broken = broken.or(Some(format!("{} {version_argument} names no version", program.display())));
            continue;
        };
        if tool::at_least(&version, minimum) {
            return Ok((program, version));
        }
        too_old = too_old.or(Some(version));
    }
    let (tool, fix) = (tool.to_owned(), fix.to_owned());
    Err(match (too_old, broken) {
        (Some(found), _) => ToolError::TooOld { tool, found, minimum: minimum.into(), fix },
        (None, Some(problem)) => ToolError::Broken { tool, problem, fix },
        (None, None) => ToolError::Missing { tool, fix },
    })
}

fn rust_fix() -> String {
    format!("install Rust {} or newer with rustup", Pins::get().minimum.rust)
}

/// The user's Rust, as it is chosen in the current folder, and its version.
pub(crate) fn rustc() -> Result<(PathBuf, String), ToolError> {
    users_own("rustc", &["rustc"], "--version", &Pins::get().minimum.rust, &rust_fix())
}

/// What the Rust says of itself that is used in `folder`: each may have a toolchain of its own.
pub(crate) fn rustc_says(folder: &Path, arguments: &[&str]) -> Result<String, ToolError> {
    let said = Tool::new("rustc", "rustc").args(arguments).folder(folder).fix(rust_fix()).run(&Silent);
    said.map_err(|error| match error {
        ToolError::Failed { tool, output, .. } => ToolError::Broken { tool, problem: output, fix: rust_fix() },
        other => other,
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

/// Adds a target for Rust guests to the toolchain that is used in `folder`, if it is not there.
pub(crate) fn rust_target(folder: &Path, target: &str, progress: &dyn Progress) -> Result<(), InstallError> {
    let Pins { minimum, .. } = Pins::get();
    let version = tool::version_in(&rustc_says(folder, &["--version"])?).unwrap_or_default();
    if !tool::at_least(&version, &minimum.rust) {
        let (minimum, fix) = (minimum.rust.clone(), rust_fix());
        return Err(ToolError::TooOld { tool: "rustc".into(), found: version, minimum, fix }.into());
    }
    let libraries = rustc_says(folder, &["--print", "target-libdir", "--target", target])?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    progress.report(Event::Step("adding Rust's target for WebAssembly"));
    Tool::new("rustup", "rustup")
        .args(["target", "add", target])
        .folder(folder)
        .fix(format!(
            "Rust needs the target {target}, which rustup adds: install rustup, or add it as rustc was installed"
        ))
        .run(progress)
        .map_err(fetch(
            format!("the target {target}"),
            "Rust's download server",
            "RUSTUP_DIST_SERVER",
            Language::Rust,
        ))?;
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
    let folder = python_package(cache, "ziglang", Language::C, progress)?;
    Ok(folder.join("ziglang").join(format!("zig{}", std::env::consts::EXE_SUFFIX)))
}

/// The folder to put on Python's path for componentize-py, installed if need be.
pub(crate) fn componentize_py(cache: &Cache, progress: &dyn Progress) -> Result<PathBuf, InstallError> {
    python_package(cache, "componentize-py", Language::Python, progress)
}

/// The name of the version of `package` that is pinned, for the cache.
pub(crate) fn key(pins: &str) -> String {
    blake3::hash(pins.as_bytes()).to_hex()[..16].to_owned()
}

/// Where the pinned version of a Python package is, if it is installed.
pub(crate) fn installed_python_package(cache: &Cache, package: &str) -> Option<PathBuf> {
    cache.installed(package, &key(&Pins::get().requirements(package)))
}

fn python_package(
    cache: &Cache,
    package: &'static str,
    language: Language,
    progress: &dyn Progress,
) -> Result<PathBuf, InstallError> {
    let requirements = Pins::get().requirements(package);
    cache.install(package, &key(&requirements), |folder| {
        let (python, _) = python()?;
        let with_version = format!("{package} {}", Pins::get().pypi[package].version);
        progress.report(Event::Step(&format!("installing {with_version}")));
        let file = folder.join("requirements.txt");
        write(&file, &requirements)?;
        Tool::new("pip", python)
            .args(["-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--require-hashes"])
            .args(["--only-binary", ":all:", "--target"])
            .arg(folder)
            .arg("--requirement")
            .arg(&file)
            .run(progress)
            .map_err(fetch(with_version, "the Python package index", "PIP_INDEX_URL", language))?;
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
            .fix("npm comes with Node.js")
            .run(progress)
            .map_err(fetch(
                "the JavaScript tools".to_owned(),
                "the npm registry",
                "npm_config_registry",
                Language::Js,
            ))?;
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
