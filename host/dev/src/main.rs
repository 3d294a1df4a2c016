//! `cargo dev`: what a contributor and CI run. Never published.

mod checks;
mod dist;
mod generate;
mod leftovers;
mod packages;
mod prove;
mod reports;
mod steps;
mod tools;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

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
    /// Run all checks: formatting, lints, generated code, tests of every crate and SDK, the conformance suite.
    Test {
        /// Only steps whose name contains this.
        #[arg(long)]
        only: Option<String>,
    },
    /// Run what is too long for every change, on a machine that has nothing else to do: times that must be kept, many more inputs
    /// and seeds, and all Rust tests three times on a busy machine.
    Prove {
        /// Only proofs whose name contains this.
        #[arg(long)]
        only: Option<String>,
    },
    /// Compile the command `airssys-wasm` for others and pack it: one archive a platform, and their checksums.
    Dist {
        /// A platform by its Rust target, e.g. `aarch64-unknown-linux-gnu`; this machine's if there is none. Its Rust target and
        /// a linker for it must be installed. May be given several times.
        #[arg(long, value_name = "TARGET")]
        target: Vec<String>,
        /// The folder to write to.
        #[arg(long, value_name = "FOLDER", default_value = "target/dist")]
        output: PathBuf,
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
        Command::Test { only } => steps::run_all(&root, checks::ALL, only.as_deref()),
        Command::Prove { only } => steps::run_all(&root, prove::ALL, only.as_deref()),
        Command::Dist { target, output } => dist::run(&root, &target, &root.join(output)),
        Command::Gen { check } => generate::run(&root, check),
    };
    report(ended)
}

/// Held by a test that has children: another one looks after all of this process, and takes them.
#[cfg(test)]
static CHILDREN: std::sync::Mutex<()> = std::sync::Mutex::new(());

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
