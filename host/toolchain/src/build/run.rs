//! The stages of a build, from the request to the component in its place.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use airssys_wasm_policy::Language;

use super::job::{Job, Prepared};
use super::project::Project;
use super::{BuildError, BuildRequest, Built, c, go, javascript, python, rust};
use crate::bindings;
use crate::cache::{Cache, check_writable, write_whole};
use crate::component;
use crate::error::Error;
use crate::progress::{Event, Progress};
use crate::tool::ToolError;

/// Builds a component. Compilers always run, and know themselves what has changed; what is slow after them comes from
/// the cache if it gets the same bytes as before.
///
/// An interrupted or failed build leaves the earlier result as it was.
///
/// # Errors
/// If Component.toml is wrong, a tool is missing or fails, or the result is not a component of its world.
pub fn build(request: &BuildRequest, cache: &Cache, progress: &dyn Progress) -> Result<Built, Error> {
    build_by(request, cache, progress, prepare)
}

/// Builds with the first stage that `prepare` is.
fn build_by(
    request: &BuildRequest,
    cache: &Cache,
    progress: &dyn Progress,
    prepare: impl for<'a> FnOnce(&'a Job<'a>) -> Result<Prepared<'a>, Error>,
) -> Result<Built, Error> {
    let started = Instant::now();
    let project = Project::read(request)?;
    let bad_output = |problem| BuildError::BadOutput { path: project.out.clone(), problem };
    if project.out.is_dir() {
        return Err(bad_output("it is a folder".to_owned()).into());
    }
    // What is there of the folders above has to be folders.
    if let Some(file) = project.out.ancestors().skip(1).find(|above| above.exists()).filter(|above| above.is_file()) {
        return Err(bad_output(format!("{} is a file", file.display())).into());
    }
    check_paths(&project, cache)?;
    check_writable(&project.out)?;
    // First of all, so that what is generated is there for the compiler.
    if let Some(folder) = &project.bindings {
        bindings::generate(project.language, project.world.name(), folder)?;
    }
    bindings::imports::generate(project.language, &project.world, &project.imports)?;
    let scratch = cache.scratch()?;
    let job = Job { project: &project, cache, scratch: scratch.path(), progress, check: request.check };
    let Made { bytes, cached, warnings } = made(&job, request.force, prepare).map_err(|error| match error {
        Error::Tool(source @ ToolError::Failed { .. }) if is_full(scratch.path()) => {
            BuildError::NoRoom { folder: cache.folder().to_owned(), source: Box::new(source) }.into()
        }
        other => other,
    })?;
    if project.language == Language::Js {
        javascript::tell(&job, &bytes);
    }
    let same = std::fs::read(&project.out).is_ok_and(|there| there == bytes);
    if !same {
        write_whole(&project.out, &bytes)?;
    }
    Ok(Built {
        component: project.out.clone(),
        bytes: bytes.len() as u64,
        cached,
        language: project.language,
        world: project.world.name().to_owned(),
        warnings,
        duration: started.elapsed(),
    })
}

/// Whether the tools of the language can be told the paths: Go and clang take any, the others take text.
fn check_paths(project: &Project, cache: &Cache) -> Result<(), BuildError> {
    let tool = match project.language {
        Language::Go | Language::C => return Ok(()),
        Language::Rust => "cargo",
        Language::Js => "node",
        Language::Python => "componentize-py",
    };
    let paths = [&project.folder, &project.source].into_iter().chain(&project.sdk).map(PathBuf::as_path);
    match paths.chain([cache.folder()]).find(|path| path.to_str().is_none()) {
        Some(path) => Err(BuildError::BadPath { path: path.to_owned(), tool }),
        None => Ok(()),
    }
}

/// What the stages have made.
struct Made {
    /// The component, with its manifest.
    bytes: Vec<u8>,
    /// Whether it was in the cache.
    cached: bool,
    warnings: Vec<String>,
}

fn made<'a>(
    job: &'a Job<'a>,
    force: bool,
    prepare: impl FnOnce(&'a Job<'a>) -> Result<Prepared<'a>, Error>,
) -> Result<Made, Error> {
    let prepared = prepare(job)?;
    let warnings = prepared.warnings;
    let name = prepared.key.name();
    if !force && let Some(Ok(bytes)) = job.cache.built(&name).map(std::fs::read) {
        return Ok(Made { bytes, cached: true, warnings });
    }
    let bytes = (prepared.last)()?;
    let unchanged = match prepared.afterwards {
        Some(afterwards) => afterwards()?.name() == name,
        None => true,
    };
    if unchanged {
        job.cache.keep_built(&name, &bytes)?;
    }
    Ok(Made { bytes, cached: false, warnings })
}

/// The first stage of the project's language, with the checks that end the last stage of all of them.
fn prepare<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
    let Prepared { key, extra, last, warnings, afterwards } = match job.project.language {
        Language::C => c::prepare(job),
        Language::Go => go::prepare(job),
        Language::Rust => rust::prepare(job),
        Language::Js => javascript::prepare(job),
        Language::Python => python::prepare(job),
    }?;
    let checked = move || {
        let component = last()?;
        job.progress.report(Event::Step("checking the component"));
        let component = component::embed_manifest(&component, &job.project.text)?;
        component::validate(&component)?;
        component::check_for(&component, &job.project.world, extra)?;
        Ok(component)
    };
    Ok(Prepared { key, extra, last: Box::new(checked), warnings, afterwards })
}

/// Whether the disk of a folder is full: compilers say so in words only.
fn is_full(folder: &Path) -> bool {
    let probe = folder.join("probe");
    let full = |error: io::Error| matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    let is_full = std::fs::write(&probe, [0; PROBE_BYTES]).is_err_and(full);
    let _ = std::fs::remove_file(probe);
    is_full
}

/// Less room than this is none: a compiler's smallest file is larger.
const PROBE_BYTES: usize = 64 << 10;

#[cfg(test)]
mod tests;
