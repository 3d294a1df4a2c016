//! The stages of a build, with a route that copies the source.

use std::fs;

use airssys_wasm_policy::Engine;

use super::super::inputs::Key;
use super::*;
use crate::component::Extra;
use crate::error_kind::ErrorKind;
use crate::progress::Silent;

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

    fn request(&self) -> BuildRequest {
        BuildRequest::new(self.path("Component.toml"))
    }

    /// Builds with a compiler that copies the source.
    fn build(&self) -> Built {
        build_by(&self.request(), &self.cache, &Silent, copied).unwrap()
    }
}

/// A route whose first stage reads the source, and whose last stage makes no more of it.
fn copied<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
    let source = fs::read(&job.project.source).unwrap();
    let mut key = Key::new(job.project);
    key.bytes(&source);
    Ok(Prepared::new(key, Extra::Refused, move || Ok(source)))
}

/// The key of a route whose last stage reads the source by itself.
fn source_key(job: &Job<'_>) -> Result<Key, Error> {
    let mut key = Key::new(job.project);
    key.file(Path::new("app.py"), &job.project.source)?;
    Ok(key)
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
fn what_lies_beside_the_source_does_not_count() {
    let fixture = Fixture::new();
    assert!(!fixture.build().cached);
    fixture.write("data.bin", "an output of the component");
    fs::create_dir(fixture.path("cache")).unwrap();
    std::os::unix::fs::symlink("/nowhere", fixture.path("dangling")).unwrap();
    assert!(fixture.build().cached);
}

#[test]
fn a_forced_build_is_made_anew_and_kept() {
    let fixture = Fixture::new();
    fixture.build();
    let mut request = fixture.request();
    request.force = true;
    assert!(!build_by(&request, &fixture.cache, &Silent, copied).unwrap().cached);
    assert!(fixture.build().cached);
}

/// A route whose last stage reads the source by itself.
fn reading<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
    let prepared = Prepared::new(source_key(job)?, Extra::Refused, || Ok(fs::read(&job.project.source).unwrap()));
    Ok(Prepared { afterwards: Some(Box::new(|| source_key(job))), ..prepared })
}

/// The same, with an author who is at work meanwhile.
fn reading_what_changes<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
    let last = || {
        let bytes = fs::read(&job.project.source).unwrap();
        fs::write(&job.project.source, "x = 2\n").unwrap();
        Ok(bytes)
    };
    Ok(Prepared { last: Box::new(last), ..reading(job)? })
}

#[test]
fn a_source_that_changes_during_the_last_stage_is_built_again() {
    let fixture = Fixture::new();
    let build = || build_by(&fixture.request(), &fixture.cache, &Silent, reading).unwrap();
    let during = build_by(&fixture.request(), &fixture.cache, &Silent, reading_what_changes).unwrap();
    assert!(!during.cached);
    let second = build();
    assert!(!second.cached);
    assert_eq!(fs::read_to_string(&second.component).unwrap(), "x = 2\n");
    assert!(build().cached);
    fixture.write("app.py", "x = 1\n");
    assert!(!build().cached, "what was built while the source changed is not taken for it");
}

#[test]
fn a_failed_build_leaves_the_earlier_result() {
    let fixture = Fixture::new();
    let built = fixture.build();
    fixture.write("app.py", "x = (\n");
    fn broken<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
        Err(job.project.unbuildable("it is broken", "mend it"))
    }
    let error = build_by(&fixture.request(), &fixture.cache, &Silent, broken);
    assert_eq!(error.unwrap_err().help().as_deref(), Some("mend it"));
    assert_eq!(fs::read_to_string(&built.component).unwrap(), "x = 1\n");
    assert_eq!(fs::read_dir(built.component.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn another_engine_has_a_file_of_its_own() {
    let fixture = Fixture::new();
    fixture.write("Component.toml", &MANIFEST.replace("python", "js").replace("\"js\"", "\"js\"\nsource = \"app.py\""));
    let plain = fixture.request();
    let mut quickjs = plain.clone();
    quickjs.engine = Some(Engine::Quickjs);
    fn engine<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
        let last = || Ok(job.project.engine.to_string().into_bytes());
        Ok(Prepared::new(Key::new(job.project), Extra::Refused, last))
    }
    let plain = build_by(&plain, &fixture.cache, &Silent, engine).unwrap();
    let quickjs = build_by(&quickjs, &fixture.cache, &Silent, engine).unwrap();
    assert!(quickjs.component.ends_with("b@quickjs.wasm"), "{}", quickjs.component.display());
    assert_eq!(fs::read_to_string(plain.component).unwrap(), "starlingmonkey");
    assert_eq!(fs::read_to_string(quickjs.component).unwrap(), "quickjs");
}

#[test]
fn what_is_missing_is_said_before_any_tool_runs() {
    let fixture = Fixture::new();
    for (manifest, expected) in [
        (MANIFEST.replace("language = \"python\"", ""), "build.language is missing"),
        (MANIFEST.replace("\"python\"", "\"python\"\nsource = \"absent.py\""), "absent.py does not exist"),
        (MANIFEST.replace("\"python\"", "\"python\"\nsdk = \"../absent\""), "absent does not exist"),
        (MANIFEST.replace("\"python\"", "\"python\"\nworld = \"maximal\""), "maximal"),
    ] {
        fixture.write("Component.toml", &manifest);
        let error = build_by(&fixture.request(), &fixture.cache, &Silent, |_| panic!("built")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input, "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}
