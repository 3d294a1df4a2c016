//! What is said on standard error besides errors: the log of guests, decisions of the policy, and what takes long.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use airssys_wasm_policy::printable_line;
use indicatif::{ProgressBar, ProgressStyle};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

/// How long a step may take before a line tells of it where nobody sees the progress.
const SLOW: Duration = Duration::from_secs(2);
/// The variable that sets that otherwise, in milliseconds.
const SLOW_VARIABLE: &str = "AIRSSYS_WASM_SLOW_MS";
/// Lines that are kept for an error in JSON: what led to it, and no more than a program wants to read.
const MAX_KEPT_LINES: usize = 200;
/// The longest line that is kept there, in bytes.
const MAX_KEPT_LINE_BYTES: usize = 4 << 10;

/// Standard error, shared by all that talk. On a terminal the running step is shown and goes again; in a pipe a step that
/// takes long is told of in a line; where programs read, all is kept for the one document that an error is.
#[derive(Clone)]
pub struct Talk(Arc<Inner>);

struct Inner {
    bar: Option<ProgressBar>,
    /// Nothing is written before the end.
    keeps: bool,
    kept: Mutex<Kept>,
    step: Mutex<Step>,
    changed: Condvar,
}

/// The last lines.
#[derive(Default)]
pub struct Kept {
    /// Those that are there.
    pub lines: VecDeque<String>,
    /// How many came before them and are gone.
    pub left_out: u64,
}

/// What a step says that loads a component.
const LOADING: &str = "loading ";

/// What is done at the moment.
#[derive(Default)]
struct Step {
    /// What to say of it; none when nothing runs that could take long by our fault.
    text: Option<String>,
    /// The one before.
    before: Option<String>,
    /// Counts the steps.
    number: u64,
    watched: bool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes to standard error. That nobody listens there, or its disk is full, is no reason to fail.
pub fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

impl Talk {
    /// Talk to a terminal, to a pipe, or for programs.
    pub fn new(terminal: bool, json: bool) -> Talk {
        let bar = (terminal && !json).then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(ProgressStyle::with_template("{spinner} {msg} ({elapsed})").expect("a valid template"));
            bar
        });
        let (kept, step) = Default::default();
        Talk(Arc::new(Inner { bar, keeps: json, kept, step, changed: Condvar::new() }))
    }

    /// A step begins; the one before it is over.
    pub fn step(&self, text: &str) {
        let text = printable_line(text).into_owned();
        if let Some(bar) = &self.0.bar {
            bar.reset();
            bar.enable_steady_tick(Duration::from_millis(120));
            bar.set_message(text.clone());
        }
        let mut step = locked(&self.0.step);
        step.before = step.text.replace(text);
        step.number += 1;
        let nobody_looks = self.0.bar.is_none() && !self.0.keeps;
        if nobody_looks && !std::mem::replace(&mut step.watched, true) {
            let talk = self.clone();
            // Without it nothing is told, which is no reason to fail.
            let _ = thread::Builder::new().name("airssys-wasm-slow".into()).spawn(move || talk.watch());
        }
        self.0.changed.notify_all();
    }

    /// A component is loaded.
    pub fn loads(&self, file: &str) {
        self.step(&format!("{LOADING}{file}"));
    }

    /// The component that is loaded has to be compiled first.
    pub fn compiles(&self) {
        let loading = locked(&self.0.step).text.clone();
        let file = loading.as_deref().and_then(|text| text.strip_prefix(LOADING)).unwrap_or("the component");
        self.step(&format!("compiling {file} (first call; kept for the next)"));
    }

    /// What was waited for is there: the step before the last one goes on.
    pub fn resume(&self) {
        let before = locked(&self.0.step).before.clone();
        match before {
            Some(text) => self.step(&text),
            None => self.end_step(),
        }
    }

    /// A guest runs, and takes the time that it takes.
    pub fn guest_runs(&self, text: &str) {
        self.end_step();
        if let Some(bar) = &self.0.bar {
            bar.set_message(printable_line(text).into_owned());
        }
    }

    /// A tool has written a line.
    pub fn tool_says(&self, tool: &str, line: &str) {
        if let Some(bar) = &self.0.bar {
            let line: String = line.chars().take(80).collect();
            bar.set_message(format!("{tool}: {}", printable_line(&line)));
        }
    }

    /// All is done.
    pub fn end(&self) {
        self.end_step();
        if let Some(bar) = &self.0.bar {
            bar.finish_and_clear();
        }
    }

    fn end_step(&self) {
        let mut step = locked(&self.0.step);
        step.text = None;
        step.number += 1;
        self.0.changed.notify_all();
    }

    /// Says a line, which ends with an end of line.
    pub fn say(&self, line: &str) {
        if self.0.keeps {
            let mut kept = locked(&self.0.kept);
            if kept.lines.len() == MAX_KEPT_LINES {
                kept.lines.pop_front();
                kept.left_out += 1;
            }
            let line = line.trim_end_matches('\n');
            kept.lines.push_back(line[..line.floor_char_boundary(MAX_KEPT_LINE_BYTES)].to_owned());
            return;
        }
        match &self.0.bar {
            Some(bar) => bar.suspend(|| to_stderr(line)),
            None => to_stderr(line),
        }
    }

    /// What has been kept for an error in JSON.
    pub fn take_kept(&self) -> Kept {
        std::mem::take(&mut *locked(&self.0.kept))
    }

    /// Writes what was kept: there was no error.
    pub fn write_kept(&self) {
        let Kept { lines, left_out } = self.take_kept();
        if left_out > 0 {
            to_stderr(&format!("({left_out} lines before were left out)\n"));
        }
        for line in lines {
            to_stderr(&format!("{line}\n"));
        }
    }

    /// Tells of each step that takes long, once.
    fn watch(&self) {
        let set = std::env::var(SLOW_VARIABLE).ok().and_then(|text| text.parse().ok());
        let slow = set.map_or(SLOW, Duration::from_millis);
        let mut told = 0;
        let mut step = locked(&self.0.step);
        loop {
            let number = step.number;
            let waits = |step: &mut Step| step.number == number;
            if step.text.is_none() || told == number {
                step = self.0.changed.wait_while(step, waits).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let waited = self.0.changed.wait_timeout_while(step, slow, waits).unwrap_or_else(PoisonError::into_inner);
            step = waited.0;
            if step.number == number
                && let Some(text) = &step.text
            {
                to_stderr(&format!("{text} …\n"));
                told = number;
            }
        }
    }
}

impl<'a> MakeWriter<'a> for Talk {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { talk: self.clone(), bytes: Vec::new() }
    }
}

/// One line of the log, said as a whole.
pub struct Line {
    talk: Talk,
    bytes: Vec<u8>,
}

impl io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.bytes.is_empty() {
            self.talk.say(&String::from_utf8_lossy(&self.bytes));
        }
    }
}

/// How an event looks: its level, who speaks, what is said, and the fields that say something.
pub struct Look;

/// Fields that say nothing when they have this value.
const SILENT: &[(&str, &str)] = &[
    ("fields", "[]"),
    ("truncated", "false"),
    ("dropped_before", "0"),
    ("stream", "Component"),
    ("mount", ""),
    ("count", "1"),
];

impl<S, N> FormatEvent<S, N> for Look
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let Fields { message, mut named } = fields;
        let level = event.metadata().level();
        if writer.has_ansi_escapes() {
            let colour = match *level {
                tracing::Level::ERROR => 31,
                tracing::Level::WARN => 33,
                tracing::Level::INFO => 32,
                _ => 2,
            };
            write!(writer, "\x1b[{colour}m{level:>5}\x1b[0m ")?;
        } else {
            write!(writer, "{level:>5} ")?;
        }
        let mut take = |name: &str| {
            let at = named.iter().position(|(known, _)| *known == name)?;
            Some(named.remove(at).1)
        };
        if let Some(component) = take("component") {
            write!(writer, "{component}: ")?;
        }
        if event.metadata().target() == "airssys_wasm::audit" {
            let mut part = |name: &str| take(name).unwrap_or_default();
            write!(writer, "{} {} on {} ({})", part("decision"), part("operation"), part("resource"), part("action"))?;
        }
        writer.write_str(&message)?;
        for (name, value) in named {
            write!(writer, " {name}={value}")?;
        }
        writer.write_char('\n')
    }
}

/// What an event holds.
#[derive(Default)]
struct Fields {
    message: String,
    named: Vec<(&'static str, String)>,
}

impl Fields {
    fn add(&mut self, field: &Field, value: &str) {
        // Who refused: as an operator reads it, not as Rust writes it.
        let value = match field.name() {
            "layer" => value.trim_start_matches("Some(").trim_end_matches(')').to_lowercase(),
            _ => printable_line(value).into_owned(),
        };
        if field.name() == "message" {
            self.message = value;
        } else if !SILENT.contains(&(field.name(), &*value)) {
            self.named.push((field.name(), value));
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// What is said of the events of `happen`.
    fn said(happen: impl FnOnce()) -> Vec<String> {
        let talk = Talk::new(false, true);
        let lines = tracing_subscriber::fmt::layer().event_format(Look).with_writer(talk.clone()).with_ansi(false);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), happen);
        talk.take_kept().lines.into()
    }

    #[test]
    fn a_line_of_a_guest_says_who_and_what_and_nothing_that_is_as_always() {
        let lines = said(|| {
            tracing::info!(
                target: "airssys_wasm::guest", component = %"acme/hello@1.0.0", stream = ?"Component",
                fields = ?Vec::<u8>::new(), truncated = false, dropped_before = 0_u64, "{}", "it works"
            );
            tracing::warn!(
                target: "airssys_wasm::guest", component = %"acme/hello@1.0.0", fields = ?[("a", "b")],
                truncated = true, dropped_before = 3_u64, "{}", "two\nlines \u{1b}[2K\u{202e}"
            );
        });
        assert_eq!(
            lines[1],
            " WARN acme/hello@1.0.0: two\\nlines \\u{1b}[2K\\u{202e} fields=[(\"a\", \"b\")] truncated=true dropped_before=3"
        );
        assert!(lines[0].starts_with(" INFO acme/hello@1.0.0: it works"), "{}", lines[0]);
        assert!(!lines[0].contains("fields") && !lines[0].contains("truncated") && !lines[0].contains("dropped"));
    }

    #[test]
    fn a_decision_of_the_policy_is_one_sentence() {
        let lines = said(|| {
            tracing::warn!(
                target: "airssys_wasm::audit", component = "acme/hello@1.0.0", operation = "ext-filesystem/files.open",
                resource = "/data/a\nb", action = "filesystem.read", decision = "denied", layer = ?Some("Host"),
                dropped_before = 0_u64
            );
        });
        assert_eq!(
            lines,
            [
                " WARN acme/hello@1.0.0: denied ext-filesystem/files.open on /data/a\\nb (filesystem.read) layer=\"host\""
            ]
        );
    }

    #[test]
    fn what_is_kept_for_programs_is_bounded() {
        let talk = Talk::new(false, true);
        for number in 0..=MAX_KEPT_LINES {
            talk.say(&format!("{number}{}\n", "x".repeat(MAX_KEPT_LINE_BYTES)));
        }
        let kept = talk.take_kept();
        assert_eq!((kept.lines.len(), kept.left_out), (MAX_KEPT_LINES, 1));
        assert!(kept.lines.iter().all(|line| line.len() == MAX_KEPT_LINE_BYTES));
        assert!(kept.lines[0].starts_with("1x"));
    }
}
