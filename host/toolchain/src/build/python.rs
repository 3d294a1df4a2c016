//! Python: componentize-py, which puts CPython, the program and its modules into one component.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::{BuildError, Job};
use crate::error::Error;
use crate::install;
use crate::progress::Event;
use crate::tool::Tool;

/// What starts componentize-py: its package has no entry point that `python -m` would find.
const START: &str = "import sys; from componentize_py import script; sys.exit(script())";

pub(super) fn build(job: &Job<'_>) -> Result<Vec<u8>, Error> {
    let project = job.project;
    let module = project
        .source
        .file_stem()
        .filter(|_| project.source.extension().is_some_and(|extension| extension == "py"))
        .and_then(|stem| stem.to_str())
        .ok_or_else(|| {
            project.unbuildable("its source is not a .py file", "name the program's file as build.source")
        })?;
    let folder = project.source.parent().expect("a file is in a folder");
    let package = install::componentize_py(job.cache, job.progress)?;
    let (python, _) = install::python().map_err(Error::from)?;
    let component = job.scratch.join("component.wasm");
    let wit = job.contract()?;

    job.progress.report(Event::Step("putting Python into a component"));
    let mut tool = Tool::new("componentize-py", python)
        .args(["-c", START, "--quiet", "--wit-path"])
        .arg(wit)
        .args(["--world", &project.world, "componentize", module, "--python-path"])
        .arg(folder);
    if let Some(sdk) = &project.sdk {
        let source = sdk.join("src");
        tool = tool.arg("--python-path").arg(if source.is_dir() { &source } else { sdk });
    }
    tool.arg("--output")
        .arg(&component)
        .folder(folder)
        .env("PYTHONPATH", package)
        .env("VIRTUAL_ENV", environment(&project.folder, job.scratch)?)
        // What follows is about the inside of componentize-py.
        .talk_ends_at("Stack backtrace:")
        .run(job.progress)?;
    Ok(super::read(&component)?)
}

/// The virtual environment of a project: one in its folder, else the one that is active.
pub(super) fn own_environment(folder: &Path) -> Option<PathBuf> {
    [".venv", "venv"]
        .map(|name| folder.join(name))
        .into_iter()
        .chain(env::var_os("VIRTUAL_ENV").map(PathBuf::from))
        .find(|path| path.join("pyvenv.cfg").is_file())
}

/// The virtual environment whose packages go into the component: the project's own, else an empty one, because what
/// happens to be installed on the machine is none of the component's business.
fn environment(folder: &Path, scratch: &Path) -> Result<PathBuf, BuildError> {
    if let Some(own) = own_environment(folder) {
        return Ok(own);
    }
    let empty = scratch.join("venv");
    let packages = empty.join("lib/python3/site-packages");
    fs::create_dir_all(&packages).map_err(|source| BuildError::Write { path: packages, source })?;
    Ok(empty)
}
