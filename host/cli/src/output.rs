//! Standard output is data, standard error is talk.

use std::io::{ErrorKind, IsTerminal, Write};
use std::time::Duration;

use airssys_wasm::GuestTrap;
use airssys_wasm_toolchain::{Event, Progress};
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::arguments::{Command, Format};
use crate::crash::{self, printable};
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Problem};

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
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            // Whoever read has read enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(source) => Err(Problem {
                exit: ExitCode::Host,
                code: "output-failed",
                problem: "failed to write to standard output".to_owned(),
                help: "make room where it leads to, or send it elsewhere".to_owned(),
                source: Some(source),
            }
            .into()),
            Ok(()) => Ok(()),
        }
    }

    /// Prints an error with its causes on standard error, as JSON where programs read.
    pub fn error(&self, error: &anyhow::Error, failure: &Failure) {
        self.end_progress();
        // Causes that only pass on what another one says would say it twice.
        let mut causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        causes.dedup();
        if self.is_json() {
            print_json(&causes, trap(error), failure);
            return;
        }
        let mut causes = causes.iter();
        // Whatever a guest says stays text, and below the line that says whose it is.
        let shown = |text: &str| printable(text).replace('\n', "\n    ");
        eprintln!("error: {}", shown(causes.next().expect("an error has a text")));
        for cause in causes {
            eprintln!("  caused by: {}", shown(cause));
        }
        if let Some(trap) = trap(error) {
            eprint!("{}", crash::details(trap));
        }
        if let Some(help) = &failure.help {
            eprintln!("  help: {}", shown(help));
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
    error.chain().find_map(|cause| cause.downcast_ref::<airssys_wasm::Error>()?.trap())
}

fn print_json(causes: &[String], trap: Option<&GuestTrap>, failure: &Failure) {
    let Failure { exit, code, help } = failure;
    let mut value = json!({
        "schema": "airssys-error/1",
        "exit-code": *exit as u8,
        "code": code,
        "causes": causes,
        "help": help,
    });
    if let Some(trap) = trap {
        value["crash"] = crash::json(trap);
    }
    eprintln!("{value}");
}

/// Prints what is wrong with the command line, or the help that it asked for.
pub fn command_line(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::Success;
    }
    // There are no arguments that were understood, so this looks at them as they are.
    let mut arguments = std::env::args().skip_while(|argument| argument != "--format" && argument != "--format=json");
    let json = arguments
        .next()
        .is_some_and(|argument| argument == "--format=json" || arguments.next().as_deref() == Some("json"));
    if json {
        let text = error.render().to_string();
        let failure = Failure { exit: ExitCode::Usage, code: "usage", help: Some("try --help".to_owned()) };
        print_json(&[text.trim().to_owned()], None, &failure);
    } else {
        let _ = error.print();
    }
    ExitCode::Usage
}

impl Progress for Output {
    fn report(&self, event: Event<'_>) {
        if let Event::Said { line } = event {
            match &self.bar {
                Some(bar) => bar.suspend(|| eprintln!("{}", printable(line))),
                None => eprintln!("{}", printable(line)),
            }
        }
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
