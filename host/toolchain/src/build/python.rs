//! Python: componentize-py, which puts CPython, the program and its modules into one component.

mod destructors;
mod failure;
mod mounts;
mod plan;
mod stubs;
mod tool;
mod virtual_environment;

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::json;

use super::inputs::Key;
use super::job::{Job, Prepared};
use super::{BuildError, read};
use crate::component::Extra;
use crate::error::Error;
use crate::install;
use crate::progress::Event;
use crate::talk::Ear;
use crate::tool::ToolError;
use crate::{causes, environment};
use mounts::{Mounts, place};
use plan::Plan;
use tool::componentize_py;
use virtual_environment::own_environment;

/// The module that componentize-py imports, which imports the program.
const ENTRY: &str = "airssys_wasm_build";

/// What runs in the interpreter that becomes the component, by the names of its files.
const GUEST: [(&str, &str); 5] = [
    ("__init__.py", include_str!("python/guest/__init__.py")),
    ("finders.py", include_str!("python/guest/finders.py")),
    ("preload.py", include_str!("python/guest/preload.py")),
    ("report.py", include_str!("python/guest/report.py")),
    ("resources.py", include_str!("python/guest/resources.py")),
];

/// Folders beside a program that hold no modules of it.
const NO_MODULES: &[&str] = &["target", "node_modules", "__pycache__", "venv"];

pub(super) fn prepare<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
    // What there is to be told before anything runs.
    module(job)?;
    let plan = plan::make(job.project)?;
    if let Some(problem) = &plan.error {
        return Err(failure::syntax(problem).into());
    }
    stubs::write(job)?;
    let plan = Rc::new(plan);
    let same = Rc::clone(&plan);
    let prepared = Prepared::new(inputs(job, &plan)?, Extra::Wasi, move || build(job, &plan));
    Ok(Prepared { afterwards: Some(Box::new(move || inputs(job, &same))), ..prepared })
}

/// All that the interpreter may read, which are the author's modules and the packages.
fn inputs(job: &Job<'_>, plan: &Plan) -> Result<Key, Error> {
    let project = job.project;
    let mut key = Key::new(project);
    for script in GUEST.iter().map(|(_, text)| *text).chain([plan::SCRIPT]) {
        key.bytes(script);
    }
    key.bytes(format!("{plan:?}"));
    let own = project.source.parent().expect("a file is in a folder");
    for folder in plan.libraries.iter().map(PathBuf::as_path).chain([own]) {
        key.folder(folder, is_module)?;
    }
    for place in plan.folders() {
        if place.is_file() {
            key.file(place, place)?;
        } else {
            key.folder(place, is_packages)?;
        }
    }
    Ok(key)
}

/// Whether a file is a module or the data of a package, or a folder may have such files in it. Data that lies beside a
/// program is not for the program as it is built: the component may have written it.
fn is_module(path: &Path) -> bool {
    if path.is_dir() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        return !name.starts_with('.') && !NO_MODULES.contains(&&*name);
    }
    let has_extension = |one: &str| path.extension().is_some_and(|extension| extension == one);
    has_extension("py") || has_extension("so") || path.with_file_name("__init__.py").is_file() && is_packages(path)
}

/// Whether a file belongs to an installed package: all do but those that interpreters write.
fn is_packages(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name != "__pycache__")
        && path.extension().is_none_or(|extension| extension != "pyc")
}

/// The name of the program's module.
fn module<'a>(job: &Job<'a>) -> Result<&'a str, Error> {
    let project = job.project;
    project
        .source
        .file_stem()
        .filter(|_| project.source.extension().is_some_and(|extension| extension == "py"))
        .and_then(|stem| stem.to_str())
        .ok_or_else(|| project.unbuildable("its source is not a .py file", "name the program's file as build.source"))
}

fn build(job: &Job<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let project = job.project;
    let module = module(job)?;
    let package = install::componentize_py(job.cache, job.progress)?;
    let (python, _) = install::python().map_err(Error::from)?;
    let component = job.scratch.join("component.wasm");
    let wit = job.contract()?;
    let guest = job.scratch.join("guest");
    let entry = guest.join(ENTRY);
    let mut mounts = Mounts::default();
    mounts.add(project.source.parent().expect("a file is in a folder"))?;
    for folder in plan.libraries.iter().chain([&guest]).chain(&plan.search) {
        mounts.add(folder)?;
    }
    let visible = mounts.0.len();
    let packages = plan
        .packages
        .iter()
        .map(|(name, package)| Ok((name.clone(), package.mounted(&mut mounts)?)))
        .collect::<Result<serde_json::Map<_, _>, BuildError>>()?;
    let table = mounts.0.iter().enumerate();
    let told = json!({
        "name": project.name,
        "module": module,
        "folder": project.folder,
        "environment": own_environment(&project.folder),
        "mounts": table.clone().map(|(at, folder)| (place(at), json!(folder))).collect::<serde_json::Map<_, _>>(),
        "own": table.filter(|(_, folder)| **folder != guest).map(|(at, _)| place(at) + "/").collect::<Vec<_>>(),
        "hidden": (visible..mounts.0.len()).map(place).collect::<Vec<_>>(),
        "packages": packages,
        "unsupported": plan.unsupported,
    });
    write(&entry.join("plan.json"), &told.to_string())?;
    for (name, text) in GUEST {
        write(&entry.join(name), text)?;
    }

    job.progress.report(Event::Step("putting Python into a component"));
    let names = project.world.python_names();
    let mut tool = componentize_py(&python, &package, &wit, &project.world, names).args(["componentize", ENTRY]);
    for folder in &mounts.0 {
        tool = tool.arg("--python-path").arg(folder);
    }
    let made = tool
        .arg("--output")
        .arg(&component)
        .folder(job.scratch)
        .unseen(environment::PYTHON)
        // It would look for packages on its own.
        .env("VIRTUAL_ENV", empty_environment(job.scratch)?)
        // What follows is about the inside of componentize-py.
        .ear(Ear { end: Some("Stack backtrace:"), ..causes::PYTHON })
        .run(job.progress);
    match made {
        Ok(_) => {}
        Err(error @ ToolError::Failed { .. }) => {
            let Some(failure) = failure::read(&entry.join("failure.json")) else { return Err(error.into()) };
            let missing = failure::missing_interface(&failure, project.world.name());
            return Err(missing.map_or_else(|| failure.into(), Error::from));
        }
        Err(error) => return Err(error.into()),
    }
    let bytes = read::bytes(&component)?;
    Ok(destructors::call_python(bytes).map_err(failure::unknown_interpreter)?)
}

fn empty_environment(scratch: &Path) -> Result<PathBuf, BuildError> {
    let empty = scratch.join("venv");
    let packages = empty.join("lib/python3/site-packages");
    fs::create_dir_all(&packages).map_err(|source| BuildError::Write { path: packages, source })?;
    Ok(empty)
}

fn write(path: &Path, text: &str) -> Result<(), BuildError> {
    let folder = path.parent().expect("a file is in a folder");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.map_err(|source| BuildError::Write { path: path.to_owned(), source })
}
