//! Go: the stock compiler, as a reactor for WASI preview 1, which the adapter then takes away.

use super::{Job, declared};
use crate::error::Error;
use crate::install;
use crate::pins::Pins;
use crate::progress::Event;
use crate::tool::Tool;

pub(super) fn build(job: &Job<'_>) -> Result<Vec<u8>, Error> {
    let project = job.project;
    let (go, _) = install::go()?;
    let core = job.scratch.join("core.wasm");
    job.progress.report(Event::Step("compiling Go"));
    // The bindings' allocator reaches into the runtime, which the linker forbids unless told otherwise.
    // Names of functions stay: they cost little and make a crash readable. Files and lines are in Go's own tables.
    let linker = format!("-checklinkname=0 -w {}", declared::go_linker_flag(project)?);
    // The author's own packages as they are written; the others matter less and take long.
    let compiler: &[&str] = if project.debug { &["-gcflags=./...=-N -l"] } else { &[] };
    let module = &Pins::get().go_module;
    Tool::new("go build", go)
        .args(["build", "-trimpath", "-buildvcs=false", "-buildmode=c-shared"])
        .arg(format!("-ldflags={linker}"))
        .args(compiler)
        .arg("-o")
        .arg(&core)
        .arg(".")
        .folder(&project.source)
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        // Another version of Go than the one that is here is not downloaded.
        .env("GOTOOLCHAIN", "local")
        .fix(format!(
            "the bindings need {path} {version}: go get {path}@{version}",
            path = module.path,
            version = module.version
        ))
        .run(job.progress)?;
    job.encode(&core)
}
