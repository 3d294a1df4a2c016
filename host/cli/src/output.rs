//! Standard output is data, standard error is talk.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use airssys_wasm::GuestTrap;
use airssys_wasm_policy::Layer;
use airssys_wasm_toolchain::{Event, Progress};
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::arguments::{Command, Format};
use crate::crash::{self, printable};
use crate::exit_code::ExitCode;
use crate::template::TemplateError;

/// Where results, errors and progress go.
pub struct Output {
    format: Format,
    bar: Option<ProgressBar>,
}

/// Sends the log of guests and decisions of the policy to standard error: warnings, with `-v` all that guests write,
/// with `-vv` the decisions too. The suite provokes what guests warn of, so its guests are heard only with `-v`.
/// What a guest logs before it dies comes with the error. `AIRSSYS_WASM_LOG` overrides it.
pub fn start_log(verbose: u8, command: &Command) {
    let default = match (verbose, command) {
        (0, Command::Conformance(_)) => "warn,airssys_wasm=off",
        (0, _) => "warn,airssys_wasm::guest::panic=off",
        (1, _) => "warn,airssys_wasm::guest=trace,airssys_wasm::guest::panic=off",
        _ => "info,airssys_wasm::guest=trace,airssys_wasm::audit=trace",
    };
    let filter = EnvFilter::try_from_env("AIRSSYS_WASM_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour).init();
}

impl Output {
    /// Progress is shown only where somebody looks.
    pub fn new(format: Format) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(ProgressStyle::with_template("{spinner} {msg} ({elapsed})").expect("a valid template"));
            bar
        });
        Self { format, bar }
    }

    /// Whether programs read the output.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Prints a result: `human` for people, the value with its schema for programs.
    pub fn result(&self, value: &impl Serialize, human: impl FnOnce() -> String) -> Result<()> {
        self.end_progress();
        let text = if self.is_json() { serde_json::to_string_pretty(value)? } else { human() };
        self.bytes(format!("{}\n", text.trim_end()).as_bytes())
    }

    /// Writes bytes to standard output as they are.
    pub fn bytes(&self, bytes: &[u8]) -> Result<()> {
        self.end_progress();
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(bytes)?;
        Ok(stdout.flush()?)
    }

    /// Prints an error with its causes on standard error, as JSON where programs read.
    pub fn error(&self, error: &anyhow::Error, code: ExitCode) {
        self.end_progress();
        let hint = hint(error);
        if self.is_json() {
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            let mut value =
                json!({ "schema": "airssys-error/1", "exit-code": code as u8, "causes": causes, "help": hint });
            if let Some(trap) = trap(error) {
                value["crash"] = crash::json(trap);
            }
            eprintln!("{value}");
            return;
        }
        let mut causes = error.chain();
        // Whatever a guest says stays text, and below the line that says whose it is.
        let shown = |text: &str| printable(text).replace('\n', "\n    ");
        eprintln!("error: {}", shown(&causes.next().expect("an error has a text").to_string()));
        for cause in causes {
            eprintln!("  caused by: {}", shown(&cause.to_string()));
        }
        if let Some(trap) = trap(error) {
            eprint!("{}", crash::details(trap));
        }
        if let Some(hint) = hint {
            eprintln!("  help: {}", shown(&hint));
        }
    }

    fn end_progress(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// The death of a guest that an error tells of.
fn trap(error: &anyhow::Error) -> Option<&GuestTrap> {
    error.chain().find_map(|cause| match cause.downcast_ref::<airssys_wasm::Error>() {
        Some(airssys_wasm::Error::Trap(trap)) => Some(trap.as_ref()),
        _ => None,
    })
}

/// The way out that an error knows.
fn hint(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        if let Some(error) = cause.downcast_ref::<TemplateError>() {
            return error.help().map(str::to_owned);
        }
        let toolchain = cause.downcast_ref::<airssys_wasm_toolchain::Error>().and_then(|error| error.help());
        toolchain.or_else(|| cause.downcast_ref::<airssys_wasm::Error>().and_then(refusals))
    })
}

/// What was refused, and how this command grants it.
fn refusals(error: &airssys_wasm::Error) -> Option<String> {
    let hint = error.hint()?;
    let by_the_host = error.refusals().iter().any(|refusal| refusal.layer == Some(Layer::Host));
    let grant = "\n--grant-declared grants all that Component.toml asks for, --grant FILE what a file lists";
    Some(if by_the_host { hint + grant } else { hint })
}

impl Progress for Output {
    fn report(&self, event: Event<'_>) {
        let Some(bar) = &self.bar else { return };
        bar.enable_steady_tick(Duration::from_millis(120));
        match event {
            Event::Step(step) => bar.set_message(step.to_owned()),
            Event::Output { tool, line } => {
                bar.set_message(format!("{tool}: {}", line.chars().take(80).collect::<String>()))
            }
            _ => {}
        }
    }
}
