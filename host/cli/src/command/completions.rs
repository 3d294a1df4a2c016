//! `airssys-wasm completions`.

use anyhow::Result;
use clap::CommandFactory;

use crate::arguments::{Arguments, Completions};
use crate::exit_code::ExitCode;

/// Prints a completion script to standard output.
pub fn run(arguments: &Completions) -> Result<ExitCode> {
    let mut command = Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "airssys-wasm", &mut std::io::stdout());
    Ok(ExitCode::Success)
}
