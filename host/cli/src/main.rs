//! The `airssys-wasm` command: makes, builds, calls, inspects and checks components.

mod arguments;
mod command;
mod crash;
mod exit_code;
mod output;
mod template;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::output::Output;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    output::start_log(arguments.verbose, &arguments.command);
    let output = Output::new(arguments.format);
    let ended = match &arguments.command {
        Command::New(new) => command::new::run(new, &output),
        Command::Build(build) => command::build::run(build, &output),
        Command::Call(call) => command::call::run(call, &output),
        Command::Inspect(inspect) => command::inspect::run(inspect, &output),
        Command::Conformance(conformance) => command::conformance::run(conformance, &output),
        Command::Toolchain(toolchain) => command::toolchain::run(toolchain, &output),
        Command::Doctor => command::doctor::run(&output),
        Command::Completions(completions) => command::completions::run(completions),
    };
    match ended {
        Ok(code) => code.into(),
        Err(error) => {
            let code = exit_code::of(&error);
            output.error(&error, code);
            code.into()
        }
    }
}
