//! How the death of a guest is shown.

use std::fmt::Write;
use std::path::Path;

use airssys_wasm::error::{FrameOrigin, GuestTrap, TrapFrame};
use airssys_wasm_policy::{printable, printable_line};
use serde_json::{Value, json};

/// Lines that are shown of a list of frames or of a text: what fits on a screen together with the rest.
const MAX_SHOWN_LINES: usize = 40;
/// Room for a function's name before its place; a longer one pushes the place aside.
const MAX_COLUMN: usize = 56;

/// What follows the error's own line: the guest's stack, and what it wrote if nothing better is known of why it died.
pub fn details(trap: &GuestTrap) -> String {
    let mut text = String::new();
    if trap.panic.is_none() && !trap.recent_output.is_empty() {
        text.push_str("  the guest wrote last:\n");
        let lines: Vec<&str> = trap.recent_output.iter().map(|word| word.text.as_str()).collect();
        list(&mut text, &lines);
    }
    match trap.panic.as_ref().and_then(|panic| panic.traceback.as_ref()) {
        Some(traceback) => {
            text.push_str("  guest traceback:\n");
            list(&mut text, &traceback.trim_end().lines().collect::<Vec<_>>());
        }
        None if !trap.stack().is_empty() => {
            text.push_str("  guest backtrace, innermost first:\n");
            backtrace(&mut text, trap.stack());
            let told = trap.panic.as_ref().is_some_and(|panic| !panic.stack.is_empty());
            if let (Some(unlocated), false) = (&trap.unlocated, told) {
                writeln!(text, "  {}", printable_line(unlocated)).expect("a string takes it");
            }
        }
        None => {}
    }
    text
}

fn list(text: &mut String, lines: &[&str]) {
    let left_out = lines.len().saturating_sub(MAX_SHOWN_LINES);
    if left_out > 0 {
        writeln!(text, "    ({left_out} more lines before)").expect("a string takes it");
    }
    for line in &lines[left_out..] {
        writeln!(text, "{}", format!("    {}", printable(line)).trim_end()).expect("a string takes it");
    }
}

/// The program's frames one by one, each with its number; those that are rarely to blame only counted.
fn backtrace(text: &mut String, frames: &[TrapFrame]) {
    let shown = |text: &str| printable_line(text).into_owned();
    let shown: Vec<(String, Option<String>)> = frames
        .iter()
        .map(|frame| {
            let place = frame.file.as_ref().and_then(|_| frame.place());
            match place {
                Some(place) => (shown(&frame.function), Some(shown(relative(&place)))),
                None => (shown(&frame.to_string()), None),
            }
        })
        .collect();
    let own = |at: usize| frames[at].origin == FrameOrigin::Program;
    let widths = (0..frames.len()).filter(|at| own(*at)).map(|at| shown[at].0.chars().count());
    let column = widths.filter(|width| *width <= MAX_COLUMN).max().unwrap_or(0);
    let all_foreign = !(0..frames.len()).any(own);
    let mut at = 0;
    let mut lines = 0;
    while at < frames.len() {
        if lines >= MAX_SHOWN_LINES {
            writeln!(text, "         {} more", frames.len() - at).expect("a string takes it");
            return;
        }
        lines += 1;
        let alike = if own(at) || all_foreign {
            let (function, place) = &shown[at];
            let place = place.as_deref().unwrap_or_default();
            writeln!(text, "{}", format!("    {at:>2}: {function:<column$}  {place}").trim_end())
                .expect("a string takes it");
            let same = shown[at..].iter().take_while(|other| **other == shown[at]).count();
            if same > 1 {
                writeln!(text, "        {} more times", same - 1).expect("a string takes it");
            }
            same
        } else {
            let alike = frames[at..].iter().take_while(|frame| frame.origin != FrameOrigin::Program).count();
            let among = |origin| frames[at..at + alike].iter().any(|frame| frame.origin == origin);
            let whose = match (among(FrameOrigin::Sdk), among(FrameOrigin::Runtime)) {
                (true, true) => "SDK and the language's runtime",
                (true, false) => "SDK",
                (false, _) => "language's runtime",
            };
            let frames = if alike == 1 { "frame" } else { "frames" };
            writeln!(text, "        ({alike} {frames} of the {whose})").expect("a string takes it");
            alike
        };
        at += alike;
    }
}

/// A path as seen from the current folder, if it is below it.
fn relative(place: &str) -> &str {
    let folder = std::env::current_dir().ok();
    let below = folder.as_deref().and_then(Path::to_str).and_then(|folder| place.strip_prefix(folder));
    below.and_then(|rest| rest.strip_prefix('/')).unwrap_or(place)
}

/// The same for programs: everything that is known, nothing folded.
pub fn json(trap: &GuestTrap) -> Value {
    let panic = trap.panic.as_ref().map(|panic| {
        json!({
            "kind": panic.kind.code(),
            "message": panic.message,
            "exception": panic.exception,
            "location": panic.location,
            "stack": panic.stack.iter().map(frame).collect::<Vec<_>>(),
            "traceback": panic.traceback,
        })
    });
    let words = trap.recent_output.iter().map(|word| json!({ "stream": word.stream, "text": word.text }));
    json!({
        "component": trap.component.to_string(),
        "language": trap.language.map(|language| language.to_string()),
        "operation": trap.operation,
        "message": trap.message(),
        "kind": trap.kind.code(),
        "reason": trap.reason,
        "panic": panic,
        "last-words": words.collect::<Vec<_>>(),
        "backtrace": trap.backtrace.iter().map(frame).collect::<Vec<_>>(),
        "unlocated": trap.unlocated,
    })
}

fn frame(frame: &TrapFrame) -> Value {
    json!({
        "function": frame.function,
        "named": frame.named,
        "origin": frame.origin.code(),
        "file": frame.file,
        "line": frame.line,
        "column": frame.column,
        "module": frame.module,
        "offset": frame.offset,
    })
}
