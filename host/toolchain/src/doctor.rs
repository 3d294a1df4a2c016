//! Says which tools there are, what is wrong with them, and what to do about it.

use std::path::{Path, PathBuf};

use airssys_wasm_policy::Language;
use serde::Serialize;

use crate::cache::Cache;
use crate::clang;
use crate::install;
use crate::pins::Pins;
use crate::tool::ToolError;

/// What [`doctor`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DoctorReport {
    /// Every language, in the order of [`Language::ALL`].
    pub languages: Vec<LanguageReport>,
}

/// What one language's guests are built with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LanguageReport {
    /// The language.
    pub language: Language,
    /// Whether components can be built now.
    pub ready: bool,
    /// The tools.
    pub tools: Vec<ToolReport>,
}

/// One tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ToolReport {
    /// Its name.
    pub tool: String,
    /// How it is.
    pub status: Status,
    /// Where it is; as JSON, with U+FFFD for what is no text in it.
    #[serde(serialize_with = "lossy")]
    pub path: Option<PathBuf>,
    /// Its version.
    pub version: Option<String>,
    /// The version needed: the oldest that will do, or the one that is pinned.
    pub needed: String,
    /// What is wrong.
    pub problem: Option<String>,
    /// One line that puts it right.
    pub fix: Option<String>,
}

fn lossy<S: serde::Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    path.as_ref().map(|path| path.to_string_lossy()).serialize(serializer)
}

/// How a tool is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is there and will do.
    Ok,
    /// It is not there.
    Missing,
    /// It is there, but too old.
    TooOld,
    /// It is there, but does not work.
    Broken,
}

impl DoctorReport {
    /// Whether components of every language can be built now.
    pub fn is_healthy(&self) -> bool {
        self.languages.iter().all(|language| language.ready)
    }

    /// The report for people.
    pub fn human(&self) -> String {
        let mut text = String::new();
        for language in &self.languages {
            let ready = if language.ready { "ready" } else { "not ready" };
            text.push_str(&format!("{}: {ready}\n", language.language));
            for tool in &language.tools {
                let version = tool.version.as_deref().unwrap_or("-");
                let path = tool.path.as_deref().unwrap_or(Path::new("")).display();
                text.push_str(&format!("  {:<18} {version:<10} {path}\n", tool.tool));
                if let Some(problem) = &tool.problem {
                    text.push_str(&format!("    {}\n", problem.replace('\n', "\n    ")));
                }
                if let Some(fix) = &tool.fix {
                    text.push_str(&format!("    fix: {fix}\n"));
                }
            }
        }
        text
    }
}

/// Looks at what the guests of every language are built with. Installs nothing.
pub fn doctor(cache: &Cache) -> DoctorReport {
    let languages = Language::ALL.iter().map(|language| {
        let tools = match language {
            Language::Rust => rust(),
            Language::Go => vec![user_tool("go", &Pins::get().minimum.go, install::go())],
            Language::Js => javascript(cache),
            Language::Python => python(cache),
            Language::C => c(cache),
        };
        let ready = tools.iter().all(|tool| tool.status == Status::Ok);
        LanguageReport { language: *language, ready, tools }
    });
    DoctorReport { languages: languages.collect() }
}

fn rust() -> Vec<ToolReport> {
    let pins = Pins::get();
    let minimum = &pins.minimum.rust;
    let rustc = user_tool("rustc", minimum, install::rustc());
    let target = &pins.rust.target;
    let libraries = install::rustc_says(Path::new("."), &["--print", "target-libdir", "--target", target]);
    let folder = libraries.ok().map(|text| PathBuf::from(text.trim())).filter(|folder| folder.is_dir());
    let cargo = user_tool("cargo", minimum, install::cargo());
    let target = installed(target, "rust", &pins.minimum.rust, folder);
    let mut tools = vec![rustc, cargo, target];
    if tools[0].status == Status::Ok && tools[2].status != Status::Ok {
        // What would add the target.
        tools.push(user_tool("rustup", "-", install::rustup()));
    }
    tools
}

fn javascript(cache: &Cache) -> Vec<ToolReport> {
    let pins = Pins::get();
    let folder = install::installed_javascript(cache);
    let package = |name: &str| {
        let path = folder.as_ref().map(|folder| folder.join("node_modules").join(name)).filter(|path| path.is_dir());
        installed(name, "js", &pins.npm[name], path)
    };
    let mut tools = vec![user_tool("node", &pins.minimum.node, install::node())];
    if folder.is_none() {
        tools.push(user_tool("npm", install::OLDEST_NPM, install::npm()));
    }
    tools.extend(["@bytecodealliance/componentize-js", "componentize-qjs", "esbuild"].map(package));
    tools
}

fn python(cache: &Cache) -> Vec<ToolReport> {
    let pins = Pins::get();
    let path = install::installed_python_package(cache, "componentize-py");
    let python = user_tool("python3", &pins.minimum.python, install::python());
    let pip = (path.is_none() && python.status == Status::Ok).then(pip);
    let componentize = installed("componentize-py", "python", &pins.pypi["componentize-py"].version, path);
    [python].into_iter().chain(pip).chain([componentize]).collect()
}

/// What installs the packages for Python, as it is run then.
fn pip() -> ToolReport {
    let (path, error) = match install::pip() {
        Ok(install::Pip::Installed(python) | install::Pip::InEnvironment(python)) => (Some(python), None),
        Err(error) => (None, Some(error)),
    };
    ToolReport {
        tool: "pip".to_owned(),
        status: if error.is_none() { Status::Ok } else { Status::Broken },
        path,
        version: None,
        needed: "-".to_owned(),
        problem: error.as_ref().map(ToString::to_string),
        fix: error.and_then(|error| error.help()),
    }
}

fn c(cache: &Cache) -> Vec<ToolReport> {
    if let Some(clang) = clang::users_own() {
        return vec![ToolReport {
            tool: "clang".to_owned(),
            status: Status::Ok,
            path: Some(clang.program),
            version: Some(clang.version),
            needed: Pins::get().minimum.clang.clone(),
            problem: None,
            fix: None,
        }];
    }
    let path = install::installed_python_package(cache, "ziglang");
    let pip = (path.is_none() && install::python().is_ok()).then(pip);
    let mut tools: Vec<_> = pip.into_iter().collect();
    tools.push(installed("zig", "c", &Pins::get().pypi["ziglang"].version, path));
    tools
}

/// A tool of the user's own.
fn user_tool(tool: &str, needed: &str, found: Result<(PathBuf, String), ToolError>) -> ToolReport {
    let report = |status, path, version, problem, fix| ToolReport {
        tool: tool.to_owned(),
        status,
        path,
        version,
        needed: needed.to_owned(),
        problem,
        fix,
    };
    match found {
        Ok((path, version)) => report(Status::Ok, Some(path), Some(version), None, None),
        Err(error) => {
            let (status, version) = match &error {
                ToolError::Missing { .. } => (Status::Missing, None),
                ToolError::TooOld { found, .. } => (Status::TooOld, Some(found.clone())),
                _ => (Status::Broken, None),
            };
            report(status, None, version, Some(error.to_string()), error.help())
        }
    }
}

/// A tool that [`crate::install`] brings.
fn installed(tool: &str, language: &str, version: &str, path: Option<PathBuf>) -> ToolReport {
    let there = path.is_some();
    ToolReport {
        tool: tool.to_owned(),
        status: if there { Status::Ok } else { Status::Missing },
        path,
        version: there.then(|| version.to_owned()),
        needed: version.to_owned(),
        problem: (!there).then(|| format!("{tool} is not installed")),
        fix: (!there).then(|| format!("run: airssys-wasm toolchain install {language}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_installed_is_missing_and_says_how_to_install_it() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(Some(folder.path().to_owned())).unwrap();
        let report = doctor(&cache);
        let python = report.languages.iter().find(|report| report.language == Language::Python).unwrap();
        let tool = python.tools.iter().find(|tool| tool.tool == "componentize-py").unwrap();
        assert_eq!(tool.status, Status::Missing);
        assert_eq!(tool.fix.as_deref(), Some("run: airssys-wasm toolchain install python"));
        assert!(!python.ready && !report.is_healthy());
        assert!(report.human().contains("fix: run: airssys-wasm toolchain install js"));
    }

    #[test]
    fn a_tool_that_is_too_old_names_both_versions() {
        let error = ToolError::TooOld {
            tool: "go".into(),
            found: "1.20.1".into(),
            minimum: "1.26.0".into(),
            fix: "install Go".into(),
        };
        let report = user_tool("go", "1.26.0", Err(error));
        assert_eq!(report.status, Status::TooOld);
        assert_eq!(report.problem.as_deref(), Some("go 1.20.1 is too old, 1.26.0 is needed"));
        assert_eq!(report.fix.as_deref(), Some("install Go"));
    }
}
