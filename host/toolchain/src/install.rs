//! Installs the pinned tools into the cache, and finds the ones that the user brings.

use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::Language;

use crate::cache::Cache;
use crate::causes;
use crate::clang::{self, Clang};
use crate::environment;
use crate::error::Error;
use crate::install_error::InstallError;
use crate::pins::{self, Pins};
use crate::progress::{Event, Progress, Silent};
use crate::tool::{self, Tool, ToolError};

/// What installers say when the network, or the registry behind it, does not answer.
const NETWORK: &[&str] = &[
    // pip
    "Failed to establish a new connection",
    "Max retries exceeded",
    "connection error",
    "Could not find a version that satisfies",
    "Temporary failure in name resolution",
    "Read timed out",
    "HTTP error ",
    // npm
    "ECONNREFUSED",
    "ECONNRESET",
    "ENOTFOUND",
    "ETIMEDOUT",
    "EAI_AGAIN",
    "ENETUNREACH",
    "EHOSTUNREACH",
    "E404",
    "E502",
    "E503",
    "network timeout",
    // rustup
    "could not download file",
    "error decoding response body",
];

/// Tells a registry that did not give a package from an installer that is not there, does not work or was interrupted.
fn fetch(
    package: String,
    registry: &'static str,
    setting: &'static str,
    language: Language,
) -> impl FnOnce(ToolError) -> InstallError {
    move |source| match &source {
        ToolError::Failed { output, fix: None, .. } if NETWORK.iter().any(|sign| output.contains(sign)) => {
            InstallError::Fetch {
                package,
                registry,
                setting,
                retry: format!("airssys-wasm toolchain install {language}"),
                source: Box::new(source),
            }
        }
        ToolError::Failed { .. } => InstallError::Installer { package, source: Box::new(source) },
        _ => InstallError::Tool(source),
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
        let run =
            Tool::new(tool, &program).arg(version_argument).unseen(environment::PYTHON).env("GOTOOLCHAIN", "local");
        let text = match run.run(&Silent) {
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
    let rustc = Tool::new("rustc", "rustc").args(arguments).folder(folder).unseen(environment::RUST);
    let said = rustc.fix(rust_fix()).run(&Silent);
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

/// The user's cargo and its version.
pub(crate) fn cargo() -> Result<(PathBuf, String), ToolError> {
    users_own("cargo", &["cargo"], "--version", &Pins::get().minimum.rust, &rust_fix())
}

/// The user's rustup and its version.
pub(crate) fn rustup() -> Result<(PathBuf, String), ToolError> {
    let fix = format!("install rustup, or add the target {} as rustc was installed", Pins::get().rust.target);
    users_own("rustup", &["rustup"], "--version", "1.0.0", &fix)
}

/// The user's npm and its version.
pub(crate) fn npm() -> Result<(PathBuf, String), ToolError> {
    users_own("npm", &["npm"], "--version", OLDEST_NPM, NPM_FIX)
}

/// The oldest npm that reads the lock file; every Node that will do comes with a later one.
pub(crate) const OLDEST_NPM: &str = "7.0.0";
const NPM_FIX: &str = "npm comes with Node.js";

/// A Python that pip runs in.
#[derive(Debug)]
pub(crate) enum Pip {
    /// It has pip.
    Installed(PathBuf),
    /// It has none, and can make a virtual environment with one.
    InEnvironment(PathBuf),
}

/// A Python with pip: the user's first, else a later one on PATH that has it, for packages do not depend on which one
/// installs them. A virtual environment may have none. As a last resort, one that brings pip along.
///
/// # Errors
/// With what pip says in the first Python.
pub(crate) fn pip() -> Result<Pip, InstallError> {
    let (first, _) = python()?;
    let says_version = |python: &Path| run_pip(python).arg("--version").run(&Silent);
    let problem = match says_version(&first) {
        Ok(_) => return Ok(Pip::Installed(first)),
        Err(interrupted @ ToolError::Interrupted { .. }) => return Err(interrupted.into()),
        Err(problem) => problem,
    };
    let without = matches!(&problem, ToolError::Failed { output, .. } if output.contains("No module named pip"));
    if without {
        let is_new = |python: &PathBuf| {
            let said = Tool::new("python3", python).arg("--version").unseen(environment::PYTHON).run(&Silent);
            let version = said.ok().and_then(|text| tool::version_in(&text));
            version.is_some_and(|version| tool::at_least(&version, &Pins::get().minimum.python))
        };
        let all = ["python3", "python"].into_iter().flat_map(tool::find_all);
        if let Some(other) =
            all.filter(|python| *python != first).find(|python| is_new(python) && says_version(python).is_ok())
        {
            return Ok(Pip::Installed(other));
        }
        let bundled = Tool::new("python3", &first).args(["-c", "import ensurepip, venv"]).unseen(environment::PYTHON);
        if bundled.run(&Silent).is_ok() {
            return Ok(Pip::InEnvironment(first));
        }
    }
    Err(problem.into())
}

/// A run of pip. It follows the user's settings on where packages come from, and none on what is installed where.
fn run_pip(python: &Path) -> Tool {
    Tool::new("pip", python)
        .args(["-m", "pip", "--disable-pip-version-check"])
        .unseen(environment::PIP)
        // These override pip's configuration.
        .env("PIP_REQUIRE_VIRTUALENV", "0")
        .env("PIP_USER", "0")
        .env("PIP_DRY_RUN", "0")
        .env("PIP_NO_INPUT", "1")
        .ear(causes::PIP)
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
        .unseen(environment::RUST)
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
        let own = folder.join(".pip");
        let python = match pip()? {
            Pip::Installed(python) => python,
            Pip::InEnvironment(python) => {
                progress.report(Event::Step("making a virtual environment with pip"));
                let make = Tool::new("python3", python).args(["-m", "venv"]).arg(&own);
                make.unseen(environment::PYTHON).ear(causes::PIP).run(progress)?;
                own.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python3" })
            }
        };
        let with_version = format!("{package} {}", Pins::get().pypi[package].version);
        progress.report(Event::Step(&format!("installing {with_version}")));
        let file = folder.join("requirements.txt");
        write(&file, &requirements)?;
        run_pip(&python)
            .args(["install", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--target"])
            .arg(folder)
            .arg("--requirement")
            .arg(&file)
            .run(progress)
            .map_err(fetch(with_version, "the Python package index", "PIP_INDEX_URL", language))?;
        if own.exists() {
            fs::remove_dir_all(&own).map_err(|source| InstallError::Write { path: own.clone(), source })?;
        }
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
        // Its cache is used once: that of the user may belong to somebody else, or be on a disk that is full.
        let downloads = folder.join(".npm");
        Tool::new("npm", "npm")
            // Not `ci`: it fails where a registry lacks an optional package for another platform. What is in the lock file is
            // installed at its version and checked against its hash all the same.
            .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            // These override the user's configuration, which may ask for another kind of installation.
            .args(["--global=false", "--package-lock=true", "--dry-run=false", "--install-strategy=hoisted"])
            .args(["--include=prod", "--include=optional", "--workspaces=false", "--bin-links=true"])
            .arg("--cache")
            .arg(&downloads)
            .folder(folder)
            .unseen(environment::NPM)
            .fix(NPM_FIX)
            .ear(causes::NPM)
            .run(progress)
            .map_err(fetch(
                "the JavaScript tools".to_owned(),
                "the npm registry",
                "npm_config_registry",
                Language::Js,
            ))?;
        if downloads.exists() {
            fs::remove_dir_all(&downloads).map_err(|source| InstallError::Write { path: downloads.clone(), source })?;
        }
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
