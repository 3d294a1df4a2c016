//! The `airssys-wasm` command: makes, builds, calls, inspects and checks components.

mod arguments;
mod command;
mod command_line;
mod crash;
mod exit_code;
mod failure;
mod interrupt;
mod locating;
mod making;
mod output;
mod talk;
mod template;
mod template_error;

use std::process::ExitCode;

use crate::arguments::Command;
use crate::output::Output;

fn main() -> ExitCode {
    let typed: Vec<_> = std::env::args_os().collect();
    // Before anything else: this process limits itself, and has nothing to do with what people type.
    if typed.len() == 2 && typed[1] == locating::WORD {
        return command::locate::run().into();
    }
    let arguments = match command_line::read(&typed) {
        Ok(arguments) => arguments,
        Err(error) => return output::command_line(&error, command_line::wants_json(&typed)).into(),
    };
    // The thread that waits for signals has it too, as long as the command lives.
    let output: &'static Output = Box::leak(Box::new(Output::new(arguments.format)));
    output.start_log(arguments.verbose, &arguments.command);
    if let Err(error) = interrupt::listen(output) {
        tracing::warn!(%error, "signals end the command without cleaning up");
    }
    let ended = match &arguments.command {
        Command::New(new) => command::new::run(new, output),
        Command::Build(build) => command::build::run(build, output),
        Command::Call(call) => command::call::run(call, output),
        Command::Inspect(inspect) => command::inspect::run(inspect, output),
        Command::Conformance(conformance) => command::conformance::run(conformance, output),
        Command::Toolchain(toolchain) => command::toolchain::run(toolchain, output),
        Command::Doctor => command::doctor::run(output),
        Command::Completions(completions) => command::completions::run(completions),
    };
    match ended {
        Ok(code) => {
            output.end();
            code.into()
        }
        Err(error) => {
            let failure = failure::of(&error);
            output.error(&error, &failure);
            failure.exit.into()
        }
    }
}
