//! C and C++: compiled with clang, or with zig in its place, against bindings of the world.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use airssys_wasm_policy::Language;

use super::job::{Job, Prepared};
use super::{BuildError, declared, read};
use crate::bindings;
use crate::clang::Clang;
use crate::component::{without_debug_information, writes_output};
use crate::error::Error;
use crate::install;
use crate::progress::Event;

/// A symbol that the bindings expect from an object file with the type of the world. That type is embedded into the
/// finished module instead; SDKs define the symbol, and for a component without one it is done here.
const TYPE_SYMBOL: &str = "void __component_type_object_force_link_airssys_bindings(void) {}\n";

/// The same for the bindings of the imports of a host's own.
const IMPORTS_TYPE_SYMBOL: &str = "void __component_type_object_force_link_imports(void) {}\n";

/// What the SDK calls when a function of the component returns, linked where there is output to write out.
const FLUSH: &str = "#include <stdio.h>\nvoid airssys_internal_flush_output(void) { fflush(NULL); }\n";

/// A file to compile.
struct Unit {
    file: PathBuf,
    /// The author's own, with warnings.
    own: bool,
}

pub(super) fn prepare<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
    let project = job.project;
    let clang = install::c_compiler(job.cache, job.progress)?;
    clang.prepare(job.scratch).map_err(|source| BuildError::Write { path: job.scratch.to_owned(), source })?;

    let bindings = match (&project.bindings, &project.sdk) {
        (Some(folder), _) => folder.clone(),
        (None, Some(sdk)) => sdk.join("src/generated"),
        (None, None) => {
            let folder = job.scratch.join("bindings");
            bindings::generate(Language::C, project.world.name(), &folder)?;
            folder
        }
    };
    let mut includes = vec![project.source.clone(), bindings.clone()];
    let mut units = Vec::new();
    let generated = [bindings.as_path(), project.imports.as_path()];
    collect(&project.source, &generated, true, &mut units)?;
    if units.is_empty() {
        return Err(project.unbuildable("there is no C or C++ file in its source", "add one, or change build.source"));
    }
    match &project.sdk {
        Some(sdk) => {
            includes.push(sdk.join("include"));
            collect(&sdk.join("src"), &generated, false, &mut units)?;
            let file = job.scratch.join("declared.c");
            fs::write(&file, declared::c_source(project)?)
                .map_err(|source| BuildError::Write { path: file.clone(), source })?;
            units.push(Unit { file, own: false });
        }
        None => {
            let file = job.scratch.join("component_type.c");
            fs::write(&file, TYPE_SYMBOL).map_err(|source| BuildError::Write { path: file.clone(), source })?;
            units.push(Unit { file, own: false });
        }
    }
    units.push(Unit { file: bindings.join(format!("{}.c", bindings::C_NAME)), own: false });
    if project.world.imports_alone().is_some() {
        includes.push(project.imports.clone());
        let file = job.scratch.join("imports_type.c");
        fs::write(&file, IMPORTS_TYPE_SYMBOL).map_err(|source| BuildError::Write { path: file.clone(), source })?;
        units.push(Unit { file, own: false });
        units.push(Unit { file: project.imports.join(format!("{}.c", bindings::imports::C_IMPORTS)), own: false });
    }

    job.progress.report(Event::Step("compiling C"));
    let core = job.scratch.join("core.wasm");
    compile(job, &clang, &includes, &units, &core)?;
    let mut core = read::bytes(&core)?;
    if !project.debug {
        // No linker leaves the names and takes the rest. They cost little and make a crash readable.
        core = without_debug_information(&core)?;
    }
    Ok(job.encoded(core))
}

/// Compiles each unit and links them.
fn compile(job: &Job<'_>, clang: &Clang, includes: &[PathBuf], units: &[Unit], core: &Path) -> Result<(), Error> {
    let debug = if job.project.debug { "-g" } else { "-g0" };
    let objects: Vec<PathBuf> = (0..units.len()).map(|number| job.scratch.join(format!("{number}.o"))).collect();
    let compile = |unit: &Unit, object: &Path| {
        let mut tool = clang.compile(is_cpp(&unit.file), job.project.debug, job.scratch).args([debug, "-c"]);
        tool = if unit.own { tool.args(["-Wall", "-Wextra"]) } else { tool.arg("-w") };
        if !job.project.debug {
            tool = tool.args(prefix_maps(job));
        }
        for include in includes {
            tool = tool.arg("-I").arg(include);
        }
        tool.arg(&unit.file).arg("-o").arg(object).run(job.progress)
    };
    let work: Vec<_> = units.iter().zip(&objects).collect();
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let compile = &compile;
    let results: Vec<_> = thread::scope(|scope| {
        let started: Vec<_> = work
            .chunks(work.len().div_ceil(workers).max(1))
            .map(|some| scope.spawn(move || some.iter().try_for_each(|(unit, object)| compile(unit, object).map(drop))))
            .collect();
        started.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    results.into_iter().collect::<Result<(), _>>()?;
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for (unit, object) in work {
        if unit.own { own.push(object) } else { others.push(object) }
    }
    let cpp = units.iter().any(|unit| is_cpp(&unit.file));
    // The SDK first: what it has in place of the C library's own is then not looked for there.
    let link = |more: &[PathBuf]| {
        let tool = clang.link(cpp, job.project.debug, job.scratch).args(&others).args(&own).args(more);
        tool.arg("-o").arg(core).run(job.progress)
    };
    link(&[])?;
    if writes_output(&read::bytes(core)?)? {
        let (source, object) = (job.scratch.join("flush.c"), job.scratch.join("flush.o"));
        fs::write(&source, FLUSH).map_err(|error| BuildError::Write { path: source.clone(), source: error })?;
        let tool = clang.compile(false, job.project.debug, job.scratch).args([debug, "-c"]);
        tool.arg(&source).arg("-o").arg(&object).run(job.progress)?;
        link(&[object])?;
    }
    Ok(())
}

/// Options that write the folders of this machine as they are called everywhere: `__FILE__` is then the same for everybody
/// who builds the same source. A debugger wants to find the files.
fn prefix_maps(job: &Job<'_>) -> Vec<OsString> {
    let map = |folder: &Path, name: &str| {
        let mut option = OsString::from("-ffile-prefix-map=");
        option.push(folder);
        option.push("=");
        option.push(name);
        option
    };
    let sdk = job.project.sdk.iter().map(|sdk| map(sdk, "sdk"));
    [map(&job.project.folder, "."), map(job.scratch, "build")].into_iter().chain(sdk).collect()
}

fn extension(file: &Path) -> &str {
    file.extension().and_then(OsStr::to_str).unwrap_or_default()
}

fn is_cpp(file: &Path) -> bool {
    matches!(extension(file), "cpp" | "cc" | "cxx")
}

/// The C and C++ files of a folder, in a fixed order: of all folders in it if they are the author's `own`, except the
/// ones with bindings.
fn collect(folder: &Path, generated: &[&Path], own: bool, units: &mut Vec<Unit>) -> Result<(), Error> {
    let read_error = |source| BuildError::Read { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(read_error)? {
        paths.push(entry.map_err(read_error)?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if own && !generated.contains(&path.as_path()) {
                collect(&path, generated, own, units)?;
            }
        } else if extension(&path) == "c" || is_cpp(&path) {
            units.push(Unit { file: path, own });
        }
    }
    Ok(())
}
