//! `cargo dev`: what a contributor and CI run. Never published.

mod checks;
mod generate;
mod leftovers;
mod packages;
mod reports;
mod steps;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::steps::Steps;

/// Runs the checks of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo dev", bin_name = "cargo dev")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Install what is missing, build host and guests, run the conformance suite and print its matrix.
    Conformance {
        /// Write the matrix into README.md and conformance/matrix.md.
        #[arg(long)]
        readme: bool,
        /// Arguments for `airssys-wasm conformance run`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measure what a component costs in each language and print a table.
    #[command(disable_help_flag = true)]
    Bench {
        /// Compile the host with the profile `release` instead of `dev`.
        #[arg(long)]
        release: bool,
        /// Arguments for the program that measures; `--help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run all checks: formatting, lints, generated code, tests of every room, the conformance suite.
    Test {
        /// Only steps whose name contains this.
        #[arg(long)]
        only: Option<String>,
    },
    /// Write the generated layer of every SDK anew from wit/.
    Gen {
        /// Change nothing; fail when something is stale.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let root = root();
    let ended = match Arguments::parse().command {
        Command::Conformance { readme: true, .. } => reports::write_matrix(&root),
        Command::Conformance { arguments, .. } => checks::conformance(&root, &arguments),
        Command::Bench { release, arguments } => checks::bench(&root, release, &arguments),
        Command::Test { only } => {
            let mut steps = Steps::new(&root, only);
            checks::all(&mut steps);
            steps.finish()
        }
        Command::Gen { check } => generate::run(&root, check),
    };
    report(ended)
}

fn report(ended: Result<()>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The checkout that this program was compiled in.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("host/dev is two folders down").to_owned()
}
