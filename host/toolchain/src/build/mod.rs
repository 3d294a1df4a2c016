//! From Component.toml to a component: one route a language, with the same beginning and end.

mod c;
mod cargo_folder;
mod cargo_settings;
mod declared;
mod error;
mod foreign;
mod go;
mod guess;
mod inputs;
mod javascript;
mod project;
mod python;
mod rust;
mod typescript;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[cfg(doc)]
use airssys_wasm_policy::Manifest;
use airssys_wasm_policy::{Engine, Language};

pub use self::error::BuildError;

use crate::bindings;
use crate::cache::{Cache, check_writable, write_whole};
use crate::component::{self, Extra, Preview1};
use crate::error::Error;
use crate::progress::{Event, Progress};
use crate::tool::ToolError;
use inputs::Key;
use project::Project;

/// What to build, and how.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BuildRequest {
    /// The Component.toml.
    pub manifest_path: PathBuf,
    /// Where the component goes; by default `target/airssys/<name>.wasm` beside Component.toml.
    pub out: Option<PathBuf>,
    /// Another JavaScript engine than the one in Component.toml.
    pub engine: Option<Engine>,
    /// For a debugger: with names and lines, as far as the language has them.
    pub debug: bool,
    /// Make the component anew, even if it is in the cache. What compilers keep for themselves stays.
    pub force: bool,
    /// Check the types of TypeScript.
    pub check: bool,
}

impl BuildRequest {
    /// Builds what this Component.toml describes, as it describes it.
    pub fn new(manifest_path: impl Into<PathBuf>) -> BuildRequest {
        BuildRequest {
            manifest_path: manifest_path.into(),
            out: None,
            engine: None,
            debug: false,
            force: false,
            check: true,
        }
    }
}

/// What was built.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Built {
    /// The component.
    pub component: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it was in the cache: nothing that goes into it has changed since it was made.
    pub cached: bool,
    /// What it is written in.
    pub language: Language,
    /// The world it was built for.
    pub world: String,
    /// What its author should know, though it is a component: each a sentence.
    pub warnings: Vec<String>,
    /// How long it took.
    pub duration: Duration,
}

/// Reads a Component.toml, or another file like it that people write.
///
/// # Errors
/// If it cannot be read, is not UTF-8, or has more than [`Manifest::MAX_BYTES`].
pub fn read_text(path: &Path) -> Result<String, Error> {
    Ok(project::read_text(path)?)
}

/// What every route gets.
struct Job<'a> {
    project: &'a Project,
    cache: &'a Cache,
    /// A folder of the route's own, gone when the build ends.
    scratch: &'a Path,
    progress: &'a dyn Progress,
    /// Whether the types of TypeScript are checked.
    check: bool,
}

/// What the first stage of a route leaves for the last, which is the slow one.
struct Prepared<'a> {
    /// All that the last stage gets.
    key: Key,
    /// What the component may import besides its world.
    extra: Extra,
    /// Makes the component, without its manifest.
    last: Box<dyn FnOnce() -> Result<Vec<u8>, Error> + 'a>,
    /// What the author should know, whether or not the last stage runs.
    warnings: Vec<String>,
    /// The key as it is when the last stage is done, where that stage reads files which may change meanwhile.
    afterwards: Option<Box<dyn FnOnce() -> Result<Key, Error> + 'a>>,
}

impl<'a> Prepared<'a> {
    /// For a last stage that reads nothing besides what is in the key.
    fn new(key: Key, extra: Extra, last: impl FnOnce() -> Result<Vec<u8>, Error> + 'a) -> Prepared<'a> {
        Prepared { key, extra, last: Box::new(last), warnings: Vec::new(), afterwards: None }
    }
}

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
        bindings::generate(project.language, &project.world, folder)?;
    }
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
        world: project.world.clone(),
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
        component::check(&component, &job.project.world, extra)?;
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

impl Job<'_> {
    /// The last stage for a module that a compiler left: making a component of it, through the adapter where it is needed.
    fn encoded(&self, core: Vec<u8>) -> Prepared<'_> {
        let mut key = Key::new(self.project);
        key.bytes(&core);
        let (preview1, extra) = match self.project.wasi {
            true => (Preview1::Wasi, Extra::Wasi),
            false => (Preview1::HostServices, Extra::Refused),
        };
        Prepared::new(key, extra, move || {
            let Project { world, component, .. } = self.project;
            Ok(component::encode_as(&core, world, preview1, Some(&component.name.to_string()))?)
        })
    }

    /// Writes the contract into a folder of the build.
    fn contract(&self) -> Result<PathBuf, Error> {
        let folder = self.scratch.join("wit");
        crate::contract::write(&folder).map_err(|source| BuildError::Write { path: folder.clone(), source })?;
        Ok(folder)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, BuildError> {
    std::fs::read(path).map_err(|source| BuildError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
