//! `airssys-wasm doctor`.

use anyhow::Result;

use airssys_wasm_toolchain::Cache;

use crate::exit_code::ExitCode;
use crate::output::Output;

/// Says which compilers there are and what is wrong with them.
pub fn run(output: &Output) -> Result<ExitCode> {
    let report = airssys_wasm_toolchain::doctor(&Cache::open(None)?);
    let mut value = serde_json::to_value(&report)?;
    value["schema"] = "airssys-doctor/1".into();
    output.result(&value, || report.human())?;
    Ok(if report.is_healthy() { ExitCode::Success } else { ExitCode::Toolchain })
}
