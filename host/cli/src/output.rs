//! Standard output is data, standard error is talk.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

use airssys_wasm::error::GuestTrap;
use airssys_wasm_policy::{printable, printable_line};
use airssys_wasm_toolchain::{Event, Progress};
use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::arguments::{Command, Format};
use crate::crash;
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Problem};
use crate::talk::{Kept, Look, Talk, to_stderr};

/// Where results, errors and progress go.
pub struct Output {
    format: Format,
    talk: Talk,
}

/// Targets of the log that tell what takes long: the runtime compiles a component; the toolchain waits for another
/// process, and waits no more.
const COMPILING: &str = "airssys_wasm::compiling";
const WAITING: &str = "airssys_wasm::waiting";
const WAITED: &str = "airssys_wasm::waited";

impl Output {
    /// Progress is shown only where somebody looks.
    pub fn new(format: Format) -> Self {
        Self { format, talk: Talk::new(std::io::stderr().is_terminal(), format == Format::Json) }
    }

    /// Sends the log of guests and decisions of the policy to standard error: warnings, with `-v` all that guests write,
    /// with `-vv` the decisions too. The suite provokes what guests warn of, so its guests are heard only with `-v`.
    /// What a guest logs before it dies comes with the error. `AIRSSYS_WASM_LOG` overrides it.
    pub fn start_log(&self, verbose: u8, command: &Command) {
        let default = match (verbose, command) {
            (0, Command::Conformance(_)) => "warn,airssys_wasm=off",
            (0, _) => "warn,airssys_wasm::guest::panic=off",
            (1, _) => "warn,airssys_wasm::guest=trace,airssys_wasm::guest::panic=off",
            _ => "info,airssys_wasm::guest=trace,airssys_wasm::audit=trace",
        };
        let filter = EnvFilter::try_from_env("AIRSSYS_WASM_LOG").unwrap_or_else(|_| EnvFilter::new(default));
        let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let lines =
            tracing_subscriber::fmt::layer().event_format(Look).with_writer(self.talk.clone()).with_ansi(colour);
        let told = Targets::new().with_targets([COMPILING, WAITING, WAITED].map(|target| (target, LevelFilter::DEBUG)));
        let steps = Steps(self.talk.clone()).with_filter(told);
        tracing_subscriber::registry().with(lines.with_filter(filter)).with(steps).init();
    }

    /// Standard error, for what is no error.
    pub fn talk(&self) -> &Talk {
        &self.talk
    }

    /// The command has done what it was to do.
    pub fn end(&self) {
        self.talk.end();
        self.talk.write_kept();
    }

    /// Whether programs read the output.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Prints a result: `human` for people, the value with its schema for programs.
    pub fn result(&self, value: &impl Serialize, human: impl FnOnce() -> String) -> Result<()> {
        self.talk.end();
        // Most of it is ours, but names and texts of components are their authors'.
        let text = match self.is_json() {
            true => visible_json(&serde_json::to_string_pretty(value)?),
            false => printable(&human()).into_owned(),
        };
        self.bytes(format!("{}\n", text.trim_end()).as_bytes())
    }

    /// Writes what a component answered: to a pipe or a file every byte as it is; to a terminal as text that cannot play
    /// with it, and with an end of line, so that the prompt comes on a line of its own.
    pub fn answer(&self, answer: &[u8]) -> Result<()> {
        if !std::io::stdout().is_terminal() {
            return self.bytes(answer);
        }
        let mut text = printable(&String::from_utf8_lossy(answer)).into_owned();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        self.bytes(text.as_bytes())
    }

    /// Writes bytes to standard output as they are.
    pub fn bytes(&self, bytes: &[u8]) -> Result<()> {
        self.talk.end();
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
        self.talk.end();
        // Causes that only pass on what another one says would say it twice.
        let mut causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        causes.dedup();
        if self.is_json() {
            print_json(&causes, trap(error), failure, self.talk.take_kept());
            return;
        }
        // Whatever a guest says stays text, and below the line that says whose it is.
        let shown = |text: &str| printable(text).replace('\n', "\n    ");
        let mut causes = causes.iter();
        let mut text = format!("error: {}\n", shown(causes.next().expect("an error has a text")));
        for cause in causes {
            text.push_str(&format!("  caused by: {}\n", shown(cause)));
        }
        if let Some(trap) = trap(error) {
            text.push_str(&crash::details(trap));
        }
        if let Some(help) = &failure.help {
            text.push_str(&format!("  help: {}\n", shown(help)));
        }
        to_stderr(&text);
    }
}

/// Puts a path into a result. Where it is not UTF-8, what stands there has U+FFFD for what is no text, and the list
/// `inexact` names the key.
pub fn set_path(value: &mut Value, key: &str, path: &Path) {
    value[key] = path.to_string_lossy().into();
    if path.to_str().is_none() {
        match value.get_mut("inexact").and_then(Value::as_array_mut) {
            Some(keys) => keys.push(key.into()),
            None => value["inexact"] = vec![key].into(),
        }
    }
}

/// A path as people read it.
pub fn shown(path: &Path) -> String {
    printable_line(&path.to_string_lossy()).into_owned()
}

/// JSON whose strings a terminal can show as they are: what it would obey, or not show, is written as an escape, which is
/// the same string to every reader.
fn visible_json(json: &str) -> String {
    if matches!(printable(json), Cow::Borrowed(_)) {
        return json.to_owned();
    }
    let mut visible = String::with_capacity(json.len() + 16);
    let mut units = [0; 2];
    for character in json.chars() {
        // Ends of lines stand between strings; those in them are escaped already, as all of ASCII that is invisible.
        if character.is_ascii() && character != '\u{7f}' || is_visible(character) {
            visible.push(character);
        } else {
            for unit in character.encode_utf16(&mut units) {
                visible.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    visible
}

fn is_visible(character: char) -> bool {
    matches!(printable_line(character.encode_utf8(&mut [0; 4])), Cow::Borrowed(_))
}

/// The death of a guest that an error tells of.
fn trap(error: &anyhow::Error) -> Option<&GuestTrap> {
    error.chain().find_map(|cause| cause.downcast_ref::<airssys_wasm::Error>()?.trap())
}

fn print_json(causes: &[String], trap: Option<&GuestTrap>, failure: &Failure, said: Kept) {
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
    if !said.lines.is_empty() {
        value["log"] = Vec::from(said.lines).into();
    }
    if said.left_out > 0 {
        value["log-left-out"] = said.left_out.into();
    }
    to_stderr(&format!("{}\n", visible_json(&value.to_string())));
}

/// Prints what is wrong with the command line, or the help that it asked for.
pub fn command_line(error: &clap::Error, json: bool) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::Success;
    }
    if json {
        let text = error.render().to_string();
        let failure = Failure { exit: ExitCode::Usage, code: "usage", help: Some("try --help".to_owned()) };
        print_json(&[text.trim().to_owned()], None, &failure, Kept::default());
    } else {
        let _ = error.print();
    }
    ExitCode::Usage
}

impl Progress for Output {
    fn report(&self, event: Event<'_>) {
        match event {
            Event::Step(step) => self.talk.step(step),
            Event::Output { tool, line } => self.talk.tool_says(tool, line),
            Event::Said { line } => self.talk.say(&format!("{}\n", printable(line))),
            _ => {}
        }
    }
}

/// Makes a step of what the runtime and the toolchain say that they begin.
struct Steps(Talk);

impl<S: Subscriber> Layer<S> for Steps {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        match event.metadata().target() {
            COMPILING => self.0.compiles(),
            WAITING => self.0.step("waiting for another airssys-wasm that uses the same cache"),
            _ => self.0.resume(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_on_a_terminal_is_the_same_to_a_program_and_harmless_to_the_terminal() {
        let text = "plain żółw \u{1f980} \u{1b}[2K \u{9b}2K \u{7f} \u{202e}\u{2028} \u{e0041} \n\t\"\\";
        let value = json!({ "text": text });
        for json in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let visible = visible_json(&json);
            assert_eq!(serde_json::from_str::<Value>(&visible).unwrap(), value);
            assert_eq!(printable(&visible), visible);
            assert!(visible.contains("żółw \u{1f980}"));
        }
    }

    #[test]
    fn a_path_that_is_no_text_is_marked() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let mut value = json!({});
        set_path(&mut value, "text", Path::new("größe"));
        set_path(&mut value, "bytes", Path::new(OsStr::from_bytes(b"caf\xe9")));
        assert_eq!(value, json!({ "text": "größe", "bytes": "caf\u{fffd}", "inexact": ["bytes"] }));
    }
}
