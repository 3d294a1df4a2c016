//! `airssys-wasm build`.

use airssys_wasm_toolchain::{BuildRequest, Cache};
use anyhow::Result;
use serde_json::json;

use crate::arguments::Build;
use crate::exit_code::ExitCode;
use crate::output::Output;

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
    let value = json!({
        "schema": "airssys-build/1",
        // JSON is text: of a name that is not, as much as can be shown.
        "component": built.component.to_string_lossy(),
        "bytes": built.bytes,
        "cached": built.cached,
        "language": built.language.to_string(),
        "world": built.world,
        "warnings": built.warnings,
        "milliseconds": u64::try_from(built.duration.as_millis())?,
    });
    if output.is_json() {
        output.result(&value, String::new)?;
        return Ok(ExitCode::Success);
    }
    // A script that takes it from here gets the name as it is.
    output.bytes(&[built.component.as_os_str().as_encoded_bytes(), b"\n"].concat())?;
    for warning in &built.warnings {
        eprintln!("warning: {warning}");
    }
    if built.cached {
        eprintln!("nothing that goes into it has changed: taken from the cache (--force makes it anew)");
    }
    Ok(ExitCode::Success)
}
