//! `airssys-wasm build`.

use std::path::{Path, PathBuf};

use airssys_wasm::{Runtime, RuntimeConfig};
use airssys_wasm_policy::printable;
use airssys_wasm_toolchain::{BuildRequest, Built, Cache};
use anyhow::Result;
use serde_json::json;

use crate::arguments::Build;
use crate::exit_code::ExitCode;
use crate::output::{Output, set_path, shown};

/// Builds a component and prints where it is.
pub fn run(arguments: &Build, output: &Output) -> Result<ExitCode> {
    let manifest = if arguments.path.is_dir() { arguments.path.join("Component.toml") } else { arguments.path.clone() };
    let mut request = BuildRequest::new(&manifest);
    request.out = arguments.output.clone();
    request.engine = arguments.engine;
    request.debug = arguments.debug;
    request.force = arguments.force;
    request.check = !arguments.no_check;
    let built = airssys_wasm_toolchain::build(&request, &Cache::open(None)?, output)?;
    if arguments.compile {
        let runtime = Runtime::new(RuntimeConfig::default())?;
        output.talk().loads(&shown(&as_given(arguments, &manifest, &built)));
        super::conformance::tokio_runtime()?.block_on(runtime.compile(built.component.as_path()))?;
    }
    let mut value = json!({
        "schema": "airssys-build/1",
        "bytes": built.bytes,
        "cached": built.cached,
        "language": built.language.to_string(),
        "world": built.world,
        "warnings": built.warnings,
        "milliseconds": u64::try_from(built.duration.as_millis())?,
    });
    set_path(&mut value, "component", &std::path::absolute(&built.component)?);
    if output.is_json() {
        output.result(&value, String::new)?;
        return Ok(ExitCode::Success);
    }
    // A script that takes it from here gets the name as it is.
    output.answer(&[as_given(arguments, &manifest, &built).as_os_str().as_encoded_bytes(), b"\n"].concat())?;
    for warning in &built.warnings {
        output.talk().say(&format!("warning: {}\n", printable(warning)));
    }
    if built.cached {
        let cached = "nothing that goes into it has changed: taken from the cache (--force makes it anew)\n";
        output.talk().say(cached);
    }
    Ok(ExitCode::Success)
}

/// The path of the component as the arguments were given: relative where they are.
fn as_given(arguments: &Build, manifest: &Path, built: &Built) -> PathBuf {
    if let Some(output) = &arguments.output {
        return output.clone();
    }
    let folder = manifest.parent().unwrap_or(Path::new(""));
    let real = manifest.canonicalize().ok();
    let below = real.as_deref().and_then(Path::parent).and_then(|real| built.component.strip_prefix(real).ok());
    let Some(below) = below else { return built.component.clone() };
    let path = folder.join(below);
    path.strip_prefix(".").map_or_else(|_| path.clone(), Path::to_owned)
}
