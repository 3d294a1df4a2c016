//! Go: the stock compiler, as a reactor for WASI preview 1, which the adapter then takes away.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::job::{Job, Prepared};
use super::{declared, read};
use crate::environment::{self, go_flags_of_guests};
use crate::error::Error;
use crate::install;
use crate::progress::{Event, Silent};
use crate::tool::Tool;
use crate::{cache, causes};

/// What GOFLAGS says when nothing is left of it: an empty value would bring back what `go env -w` has written.
const NO_FLAGS: &str = "-buildvcs=false";

pub(super) fn prepare<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
    let project = job.project;
    let (go, _) = install::go()?;
    let settings = settings(job, &go)?;
    let core = job.scratch.join("core.wasm");
    job.progress.report(Event::Step("compiling Go"));
    // The bindings' allocator reaches into the runtime, which the linker forbids unless told otherwise.
    // Names of functions stay: they cost little and make a crash readable. Files and lines are in Go's own tables.
    let linker = format!("-checklinkname=0 -w {}", declared::go_linker_flag(project)?);
    // The author's own packages as they are written; the others matter less and take long.
    let compiler: &[&str] = if project.debug { &["-gcflags=./...=-N -l"] } else { &[] };
    let mut tool = Tool::new("go build", &go)
        .args(["build", "-trimpath", "-buildvcs=false", "-buildmode=c-shared"])
        .arg(format!("-ldflags={linker}"))
        .args(compiler)
        .arg("-o")
        .arg(&core)
        .arg(".")
        .folder(&project.source)
        .unseen(environment::GO);
    for (name, value) in settings {
        tool = tool.env(name, value);
    }
    tool.ear(causes::GO).run(job.progress)?;
    Ok(job.encoded(read::bytes(&core)?))
}

/// What `go env` says.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE", default)]
struct Said {
    goflags: String,
    gowork: String,
    gocache: PathBuf,
    gomodcache: PathBuf,
}

/// What a guest is built with, whatever the author's own programs are built with.
fn settings(job: &Job<'_>, go: &Path) -> Result<Vec<(&'static str, PathBuf)>, Error> {
    let source = &job.project.source;
    let mut settings: Vec<(&'static str, PathBuf)> = vec![
        ("GOOS", "wasip1".into()),
        ("GOARCH", "wasm".into()),
        ("CGO_ENABLED", "0".into()),
        ("GO111MODULE", "on".into()),
        // Another version of Go than the one that is here is not downloaded.
        ("GOTOOLCHAIN", "local".into()),
    ];
    let text = Tool::new("go env", go)
        .args(["env", "-json", "GOFLAGS", "GOWORK", "GOCACHE", "GOMODCACHE"])
        .folder(source)
        .env("GOTOOLCHAIN", "local")
        .ear(causes::GO)
        .run(&Silent)?;
    // A go that says something else will say what is wrong when it compiles.
    let said: Said = serde_json::from_str(&text).unwrap_or_default();
    let flags = go_flags_of_guests(&said.goflags);
    settings.push(("GOFLAGS", if flags.is_empty() { NO_FLAGS.into() } else { flags.into() }));
    if !said.gowork.is_empty() && said.gowork != "off" && !in_workspace(go, Path::new(&said.gowork), source) {
        settings.push(("GOWORK", "off".into()));
    }
    // Without a home folder, or with one that cannot be written to, they are kept with all else that can be made anew.
    if !said.gocache.is_absolute() || !cache::can_be_written(&said.gocache) {
        settings.push(("GOCACHE", job.cache.room("go-build")?));
    }
    if !said.gomodcache.is_absolute() || !cache::can_be_used(&said.gomodcache) {
        settings.push(("GOMODCACHE", job.cache.room("go-mod")?));
    }
    if std::env::var_os("HOME").is_none_or(|home| home.is_empty()) && std::env::var_os("GOPATH").is_none() {
        settings.push(("GOPATH", job.cache.room("go-path")?));
    }
    Ok(settings)
}

/// Whether a go.work has the module that a folder is in. One that cannot be read is left for Go to complain about.
fn in_workspace(go: &Path, work: &Path, source: &Path) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Work {
        #[serde(default)]
        r#use: Option<Vec<Use>>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Use {
        disk_path: PathBuf,
    }
    let Ok(text) = Tool::new("go work", go).args(["work", "edit", "-json"]).arg(work).folder(source).run(&Silent)
    else {
        return true;
    };
    let Ok(work_file) = serde_json::from_str::<Work>(&text) else { return true };
    let module =
        source.ancestors().find(|folder| folder.join("go.mod").is_file()).and_then(|root| fs::canonicalize(root).ok());
    let base = work.parent().unwrap_or(Path::new("."));
    work_file
        .r#use
        .into_iter()
        .flatten()
        .any(|module_folder| fs::canonicalize(base.join(module_folder.disk_path)).ok() == module)
}
