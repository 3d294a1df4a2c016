//! From Component.toml to a component: one route a language, with the same beginning and end.

mod c;
mod declared;
mod go;
mod guess;
mod inputs;
mod javascript;
mod local;
mod project;
mod python;
mod rust;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[cfg(doc)]
use airssys_wasm_policy::Manifest;
use airssys_wasm_policy::{Engine, Language};

use crate::bindings;
use crate::cache::{Cache, check_writable, disk_code, disk_help, write_whole};
use crate::component::{self, Extra, Preview1};
use crate::error::{Error, ErrorKind};
use crate::progress::{Event, Progress};
use crate::tool::ToolError;
use inputs::Inputs;
use project::Project;

/// A build that cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A file or folder that the build needs cannot be read.
    #[error("failed to read {}", .path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// A file or folder of the build itself cannot be written.
    #[error("failed to write {}", .path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// A file that is read as text is not.
    #[error("{} is not UTF-8 (byte {at})", .path.display())]
    NotText {
        /// Which one.
        path: PathBuf,
        /// Where the first byte is that does not belong to a character.
        at: usize,
    },
    /// A file that is read whole is larger than any of its kind.
    #[error("{} has more than the {limit} bytes that it may have", .path.display())]
    TooLarge {
        /// Which one.
        path: PathBuf,
        /// How much it may have.
        limit: usize,
    },
    /// There is no Component.toml where one was expected.
    #[error("{} does not exist", .file.display())]
    NoManifest {
        /// Where it was expected.
        file: PathBuf,
        /// What to do about it.
        fix: String,
    },
    /// The component cannot be written to where it is to go, because that is a folder, or below a file.
    #[error("{} is no file to write to: {problem}", .path.display())]
    BadOutput {
        /// Where it was to go.
        path: PathBuf,
        /// What there is.
        problem: String,
    },
    /// Component.toml does not say how to build.
    #[error("{}: {problem}", .file.display())]
    Unbuildable {
        /// The Component.toml.
        file: PathBuf,
        /// What is missing, or what does not go together.
        problem: String,
        /// What to do about it.
        fix: String,
    },
    /// A tool failed because the disk of the cache is full.
    #[error("there is no room left on the disk of {}", .folder.display())]
    NoRoom {
        /// The cache.
        folder: PathBuf,
        /// What the tool says.
        #[source]
        source: Box<ToolError>,
    },
    /// The program does not become a component, for a reason that is in the program.
    #[error("{problem}")]
    Program {
        /// What is wrong, with the file and the line.
        problem: String,
        /// A stable name of the case.
        code: &'static str,
        /// What to do about it, if that is known.
        fix: Option<String>,
    },
    /// The compiler did its work, but its result is not what the build needs.
    #[error("{tool} made no {expected}")]
    NoResult {
        /// Which tool.
        tool: &'static str,
        /// What was expected of it.
        expected: &'static str,
        /// What to do about it.
        fix: String,
    },
}

impl BuildError {
    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            BuildError::Read { .. }
            | BuildError::NotText { .. }
            | BuildError::TooLarge { .. }
            | BuildError::NoManifest { .. }
            | BuildError::BadOutput { .. }
            | BuildError::Unbuildable { .. } => ErrorKind::Input,
            BuildError::Write { .. } | BuildError::NoRoom { .. } => ErrorKind::Host,
            BuildError::NoResult { .. } | BuildError::Program { .. } => ErrorKind::Build,
        }
    }

    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            BuildError::Unbuildable { fix, .. }
            | BuildError::NoManifest { fix, .. }
            | BuildError::NoResult { fix, .. } => Some(fix.clone()),
            BuildError::Program { fix, .. } => fix.clone(),
            BuildError::NotText { .. } => Some("save it as UTF-8".to_owned()),
            BuildError::TooLarge { .. } => {
                Some("name the file that was meant: what people write is smaller".to_owned())
            }
            BuildError::BadOutput { .. } => {
                Some("name a file with --output, in a folder that exists or can be made".to_owned())
            }
            BuildError::Write { path, source } => disk_help(path, source),
            BuildError::NoRoom { folder, .. } => disk_help(folder, &io::ErrorKind::StorageFull.into()),
            BuildError::Read { .. } => Some("it has to be there, of the right kind, and yours to read".to_owned()),
        }
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            BuildError::Read { .. } => "unreadable",
            BuildError::NotText { .. } => "not-utf-8",
            BuildError::TooLarge { .. } => "file-too-large",
            BuildError::NoManifest { .. } => "no-manifest",
            BuildError::BadOutput { .. } => "bad-output",
            BuildError::Unbuildable { .. } => "unbuildable",
            BuildError::NoResult { .. } => "no-result",
            BuildError::Program { code, .. } => code,
            BuildError::Write { source, .. } => disk_code(source),
            BuildError::NoRoom { .. } => "disk-full",
        }
    }
}

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
}

impl BuildRequest {
    /// Builds what this Component.toml describes, as it describes it.
    pub fn new(manifest_path: impl Into<PathBuf>) -> BuildRequest {
        BuildRequest { manifest_path: manifest_path.into(), out: None, engine: None, debug: false }
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
    /// Whether it was there already, from the same inputs.
    pub cached: bool,
    /// What it is written in.
    pub language: Language,
    /// The world it was built for.
    pub world: String,
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
}

/// Builds a component, or takes it from the cache if nothing it is made of has changed.
///
/// An interrupted or failed build leaves the earlier result as it was.
///
/// # Errors
/// If Component.toml is wrong, a tool is missing or fails, or the result is not a component of its world.
pub fn build(request: &BuildRequest, cache: &Cache, progress: &dyn Progress) -> Result<Built, Error> {
    build_by(request, cache, |project| fresh(project, cache, progress))
}

/// Builds with `make` what is not in the cache.
fn build_by(
    request: &BuildRequest,
    cache: &Cache,
    make: impl FnOnce(&Project) -> Result<Vec<u8>, Error>,
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
    check_writable(&project.out)?;
    // First of all, so that what is generated is among the inputs.
    if let Some(folder) = &project.bindings {
        bindings::generate(project.language, &project.world, folder)?;
    }
    let inputs = Inputs::of(&project)?;
    let (bytes, cached) = match cache.built(&inputs.key()).map(std::fs::read) {
        Some(Ok(bytes)) => (bytes, true),
        Some(Err(_)) | None => (make(&project)?, false),
    };
    let same = std::fs::read(&project.out).is_ok_and(|there| there == bytes);
    if !same {
        write_whole(&project.out, &bytes)?;
    }
    if !cached {
        // Compilers write their lock files on the first run: what was built is found again if that is all that changed.
        let now = Inputs::of(&project)?;
        if now.only_adds_to(&inputs) {
            cache.keep_built(&now.key(), &bytes)?;
        }
    }
    Ok(Built {
        component: project.out.clone(),
        bytes: bytes.len() as u64,
        cached,
        language: project.language,
        world: project.world.clone(),
        duration: started.elapsed(),
    })
}

/// The checked component, with its manifest, from the language's own tools.
fn fresh(project: &Project, cache: &Cache, progress: &dyn Progress) -> Result<Vec<u8>, Error> {
    let scratch = cache.scratch()?;
    let job = Job { project, cache, scratch: scratch.path(), progress };
    let (component, extra) = compile(&job).map_err(|error| match error {
        Error::Tool(source @ ToolError::Failed { .. }) if is_full(scratch.path()) => {
            BuildError::NoRoom { folder: cache.folder().to_owned(), source: Box::new(source) }.into()
        }
        other => other,
    })?;
    progress.report(Event::Step("checking the component"));
    let component = component::embed_manifest(&component, &project.text)?;
    component::validate(&component)?;
    component::check(&component, &project.world, extra)?;
    Ok(component)
}

/// What the language's own tools make, and what it may import besides its world.
fn compile(job: &Job<'_>) -> Result<(Vec<u8>, Extra), Error> {
    let asked = if job.project.wasi { Extra::Wasi } else { Extra::Refused };
    Ok(match job.project.language {
        Language::C => (c::build(job)?, asked),
        Language::Go => (go::build(job)?, Extra::Refused),
        Language::Rust => (rust::build(job)?, asked),
        Language::Js => javascript::build(job)?,
        Language::Python => (python::build(job)?, Extra::Wasi),
    })
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
    /// Makes a component of what a compiler left, through the adapter where it is needed.
    fn encode(&self, core: &Path) -> Result<Vec<u8>, Error> {
        let core = read(core)?;
        let preview1 = if self.project.wasi { Preview1::Wasi } else { Preview1::HostServices };
        Ok(component::encode_as(&core, &self.project.world, preview1, Some(&self.project.component.name.to_string()))?)
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
mod tests {
    use std::fs;

    use super::*;

    const MANIFEST: &str = "[component]\nname = \"a/b\"\nversion = \"1.0.0\"\n[build]\nlanguage = \"python\"\n";

    struct Fixture {
        folder: tempfile::TempDir,
        cache: Cache,
    }

    impl Fixture {
        fn new() -> Fixture {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("project")).unwrap();
            let cache = Cache::open(Some(folder.path().join("cache"))).unwrap();
            let fixture = Fixture { folder, cache };
            fixture.write("Component.toml", MANIFEST);
            fixture.write("app.py", "x = 1\n");
            fixture
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join("project").join(name)
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.path(name), text).unwrap();
        }

        /// Builds with a compiler that copies the source.
        fn build(&self) -> Built {
            let request = BuildRequest::new(self.path("Component.toml"));
            build_by(&request, &self.cache, |project| Ok(fs::read(&project.source).unwrap())).unwrap()
        }
    }

    #[test]
    fn what_has_not_changed_is_not_built_again() {
        let fixture = Fixture::new();
        let first = fixture.build();
        assert!(!first.cached);
        assert_eq!(first.component, fixture.path("target/airssys/b.wasm").canonicalize().unwrap());
        fs::remove_file(&first.component).unwrap();
        let second = fixture.build();
        assert!(second.cached);
        assert_eq!(fs::read_to_string(&second.component).unwrap(), "x = 1\n");

        fixture.write("app.py", "x = 2\n");
        let third = fixture.build();
        assert!(!third.cached);
        assert_eq!(fs::read_to_string(&third.component).unwrap(), "x = 2\n");

        fixture.write("app.py", "x = 1\n");
        assert!(fixture.build().cached);
    }

    #[test]
    fn a_lock_file_that_the_compiler_writes_does_not_cost_a_second_build() {
        let fixture = Fixture::new();
        let request = BuildRequest::new(fixture.path("Component.toml"));
        let lock = fixture.path("the.lock");
        let make = |_: &Project| {
            fs::write(&lock, "locked").unwrap();
            Ok(Vec::new())
        };
        assert!(!build_by(&request, &fixture.cache, make).unwrap().cached);
        assert!(build_by(&request, &fixture.cache, make).unwrap().cached);
    }

    #[test]
    fn a_source_that_changes_during_the_build_is_built_again() {
        let fixture = Fixture::new();
        let request = BuildRequest::new(fixture.path("Component.toml"));
        let make = |project: &Project| {
            let bytes = fs::read(&project.source).unwrap();
            fixture.write("app.py", "x = 2\n");
            Ok(bytes)
        };
        assert!(!build_by(&request, &fixture.cache, make).unwrap().cached);
        let second = fixture.build();
        assert!(!second.cached);
        assert_eq!(fs::read_to_string(&second.component).unwrap(), "x = 2\n");
    }

    #[test]
    fn a_failed_build_leaves_the_earlier_result() {
        let fixture = Fixture::new();
        let built = fixture.build();
        fixture.write("app.py", "x = (\n");
        let request = BuildRequest::new(fixture.path("Component.toml"));
        let error = build_by(&request, &fixture.cache, |project| Err(project.unbuildable("it is broken", "mend it")));
        assert_eq!(error.unwrap_err().help().as_deref(), Some("mend it"));
        assert_eq!(fs::read_to_string(&built.component).unwrap(), "x = 1\n");
        assert_eq!(fs::read_dir(built.component.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn another_engine_has_a_file_of_its_own() {
        let fixture = Fixture::new();
        fixture.write(
            "Component.toml",
            &MANIFEST.replace("python", "js").replace("\"js\"", "\"js\"\nsource = \"app.py\""),
        );
        let plain = BuildRequest::new(fixture.path("Component.toml"));
        let mut quickjs = plain.clone();
        quickjs.engine = Some(Engine::Quickjs);
        let make = |project: &Project| Ok(project.engine.to_string().into_bytes());
        let plain = build_by(&plain, &fixture.cache, make).unwrap();
        let quickjs = build_by(&quickjs, &fixture.cache, make).unwrap();
        assert!(quickjs.component.ends_with("b@quickjs.wasm"), "{}", quickjs.component.display());
        assert_eq!(fs::read_to_string(plain.component).unwrap(), "starlingmonkey");
        assert_eq!(fs::read_to_string(quickjs.component).unwrap(), "quickjs");
    }

    #[test]
    fn what_is_missing_is_said_before_any_tool_runs() {
        let fixture = Fixture::new();
        let request = BuildRequest::new(fixture.path("Component.toml"));
        for (manifest, expected) in [
            (MANIFEST.replace("language = \"python\"", ""), "build.language is missing"),
            (MANIFEST.replace("\"python\"", "\"python\"\nsource = \"absent.py\""), "absent.py does not exist"),
            (MANIFEST.replace("\"python\"", "\"python\"\nsdk = \"../absent\""), "absent does not exist"),
            (MANIFEST.replace("\"python\"", "\"python\"\nworld = \"maximal\""), "maximal"),
        ] {
            fixture.write("Component.toml", &manifest);
            let error = build_by(&request, &fixture.cache, |_| panic!("built")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Input, "{error}");
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
