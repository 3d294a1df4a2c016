//! C and C++: compiled with clang, or with zig in its place, against bindings of the world.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::Language;

use super::{BuildError, Job, declared};
use crate::bindings;
use crate::clang::Clang;
use crate::component::{without_debug_information, writes_output};
use crate::error::Error;
use crate::install;
use crate::progress::Event;

/// A symbol that the bindings expect from an object file with the type of the world. That type is embedded into the
/// finished module instead; SDKs define the symbol, and for a component without one it is done here.
const TYPE_SYMBOL: &str = "void __component_type_object_force_link_airssys_bindings(void) {}\n";

/// What the SDK calls when a function of the component returns, linked where there is output to write out.
const FLUSH: &str = "#include <stdio.h>\nvoid airssys_internal_flush_output(void) { fflush(NULL); }\n";

/// A file to compile.
struct Unit {
    file: PathBuf,
    /// The author's own, with warnings.
    own: bool,
}

pub(super) fn build(job: &Job<'_>) -> Result<Vec<u8>, Error> {
    let project = job.project;
    let clang = install::c_compiler(job.cache, job.progress)?;
    clang.prepare(job.scratch).map_err(|source| BuildError::Write { path: job.scratch.to_owned(), source })?;

    let bindings = match (&project.bindings, &project.sdk) {
        (Some(folder), _) => folder.clone(),
        (None, Some(sdk)) => sdk.join("src/generated"),
        (None, None) => {
            let folder = job.scratch.join("bindings");
            bindings::generate(Language::C, &project.world, &folder)?;
            folder
        }
    };
    let mut includes = vec![project.source.clone(), bindings.clone()];
    let mut units = Vec::new();
    collect(&project.source, &bindings, true, &mut units)?;
    if units.is_empty() {
        return Err(project.unbuildable("there is no C or C++ file in its source", "add one, or change build.source"));
    }
    match &project.sdk {
        Some(sdk) => {
            includes.push(sdk.join("include"));
            collect(&sdk.join("src"), &bindings, false, &mut units)?;
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

    job.progress.report(Event::Step("compiling C"));
    let core = job.scratch.join("core.wasm");
    compile(job, &clang, &includes, &units, &core)?;
    if !project.debug {
        // No linker leaves the names and takes the rest. They cost little and make a crash readable.
        let bytes = without_debug_information(&super::read(&core)?)?;
        fs::write(&core, bytes).map_err(|source| BuildError::Write { path: core.clone(), source })?;
    }
    job.encode(&core)
}

/// Compiles each unit and links them.
fn compile(job: &Job<'_>, clang: &Clang, includes: &[PathBuf], units: &[Unit], core: &Path) -> Result<(), Error> {
    let debug = if job.project.debug { "-g" } else { "-g0" };
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for (number, unit) in units.iter().enumerate() {
        let object = job.scratch.join(format!("{number}.o"));
        let mut tool = clang.compile(is_cpp(&unit.file), job.project.debug, job.scratch).args([debug, "-c"]);
        tool = if unit.own { tool.args(["-Wall", "-Wextra"]) } else { tool.arg("-w") };
        for include in includes {
            tool = tool.arg("-I").arg(include);
        }
        tool.arg(&unit.file).arg("-o").arg(&object).run(job.progress)?;
        if unit.own { own.push(object) } else { others.push(object) }
    }
    let cpp = units.iter().any(|unit| is_cpp(&unit.file));
    // The SDK first: what it has in place of the C library's own is then not looked for there.
    let link = |more: &[PathBuf]| {
        let tool = clang.link(cpp, job.project.debug, job.scratch).args(&others).args(&own).args(more);
        tool.arg("-o").arg(core).run(job.progress)
    };
    link(&[])?;
    if writes_output(&super::read(core)?)? {
        let (source, object) = (job.scratch.join("flush.c"), job.scratch.join("flush.o"));
        fs::write(&source, FLUSH).map_err(|error| BuildError::Write { path: source.clone(), source: error })?;
        let tool = clang.compile(false, job.project.debug, job.scratch).args([debug, "-c"]);
        tool.arg(&source).arg("-o").arg(&object).run(job.progress)?;
        link(&[object])?;
    }
    Ok(())
}

fn extension(file: &Path) -> &str {
    file.extension().and_then(OsStr::to_str).unwrap_or_default()
}

fn is_cpp(file: &Path) -> bool {
    matches!(extension(file), "cpp" | "cc" | "cxx")
}

/// The C and C++ files of a folder, in a fixed order: of all folders in it if they are the author's `own`, except the
/// one with the bindings.
fn collect(folder: &Path, bindings: &Path, own: bool, units: &mut Vec<Unit>) -> Result<(), Error> {
    let read_error = |source| BuildError::Read { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(read_error)? {
        paths.push(entry.map_err(read_error)?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if own && path != bindings {
                collect(&path, bindings, own, units)?;
            }
        } else if extension(&path) == "c" || is_cpp(&path) {
            units.push(Unit { file: path, own });
        }
    }
    Ok(())
}
