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
    let built = airssys_wasm_toolchain::build(&request, &Cache::open(None)?, output)?;
    let value = json!({
        "schema": "airssys-build/1",
        "component": built.component,
        "bytes": built.bytes,
        "cached": built.cached,
        "language": built.language.to_string(),
        "world": built.world,
        "milliseconds": u64::try_from(built.duration.as_millis())?,
    });
    output.result(&value, || built.component.display().to_string())?;
    Ok(ExitCode::Success)
}
