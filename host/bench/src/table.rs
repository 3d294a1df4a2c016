//! The results as Markdown: what each language costs, and a table for each comparison, ratios first.

use std::fmt::Write;

use crate::comparison::{Comparison, Way};
use crate::family::Family;
use crate::names::{ASYNCHRONOUS, BLOCKING, EXTISM, OUTSIDE, SECURED, SYNCHRONOUS};
use crate::numbers::{bytes, grouped, milliseconds, times};
use crate::plan::SIZES;
use crate::report::Report;
use crate::results::{Measured, Memory, Verdict};
use crate::summary::Summary;

/// What stands where nothing was measured.
const NOTHING: &str = "-";

/// How much a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The median.
    Medians,
    /// The median, and from where to where eight tenths are.
    Spread,
}

/// Everything.
pub fn markdown(report: &Report, detail: Detail) -> String {
    let mut text = String::new();
    for family in Family::ALL {
        let comparisons: Vec<_> = report.of(*family).collect();
        if comparisons.is_empty() {
            continue;
        }
        let _ = write!(text, "## {}\n\n{}", family.title(), comparison_tables(&comparisons, detail));
        if *family == Family::Loaded {
            text.push_str(&loaded(report));
        }
    }
    if !report.results.guests.is_empty() {
        let _ = write!(text, "## Languages\n\n{}\n", languages(report, detail));
    }
    let _ = writeln!(text, "{}", origin(report, detail));
    text
}

/// What a reader wants first: the languages, and the ways to call one of them.
pub fn summary(report: &Report) -> String {
    let mut text = languages(report, Detail::Medians);
    let calls: Vec<_> = report.of(Family::Calls).filter(|comparison| comparison.subject == "rust").collect();
    if !calls.is_empty() {
        let _ = write!(text, "\n{}", comparison_tables(&calls, Detail::Medians).trim_end());
        text.push('\n');
    }
    let _ = writeln!(text, "\n{}", origin(report, Detail::Medians));
    text
}

/// A column for each language.
fn languages(report: &Report, detail: Detail) -> String {
    let mut text = String::new();
    let mut row = |name: &str, cell: &dyn Fn(&Measured) -> Option<String>| {
        let cells = report.results.guests.iter().map(cell);
        if name.is_empty() || cells.clone().any(|cell| cell.is_some()) {
            let cells: Vec<_> = cells.map(|cell| cell.unwrap_or_else(|| NOTHING.to_owned())).collect();
            // Writing to a string does not fail.
            let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
        }
    };
    row("", &|measured| Some(measured.guest.clone()));
    row("---", &|_| Some("---:".to_owned()));
    for size in SIZES.map(|size| bytes(size as f64)) {
        let call = |measured: &Measured, way: &str| report.call(&measured.guest, &size, way).cloned();
        let speed =
            |measured: &Measured, way: &str| call(measured, way)?.speed.map(|speed| spread(&speed, detail, times));
        for (name, way) in [
            ("the engine alone, synchronous", SYNCHRONOUS),
            ("the engine alone, asynchronous", ASYNCHRONOUS),
            ("Extism", EXTISM),
            ("a call from outside of Tokio", OUTSIDE),
            ("the blocking facade", BLOCKING),
        ] {
            row(&format!("{size} in and out: speed of {name}"), &|measured| speed(measured, way));
        }
        row("- `Component::call`, calls/s", &|measured| {
            let cost = call(measured, SECURED)?.cost_ns?;
            Some(spread(&per_second(&cost), detail, |rate| grouped(rate.round() as u64)))
        });
    }
    row("component", &|measured| Some(bytes(measured.component_bytes as f64)));
    row("first load, compiled", &|measured| Some(time(&measured.first_load_ms?, detail)));
    let starting = |measured: &Measured| measured.starting.clone();
    row("load from cache until it answers", &|measured| Some(time(&starting(measured)?.start_from_cache_ms, detail)));
    row("further instance", &|measured| Some(time(&starting(measured)?.instantiate_ms, detail)));
    row("further instance and `init`", &|measured| Some(time(&starting(measured)?.instantiate_and_init_ms, detail)));
    row("its first call", &|measured| Some(time(&starting(measured)?.first_call_ms, detail)));
    let memory = |measured: &Measured| -> Option<Memory> { measured.memory.clone() };
    row("linear memory of an instance", &|measured| Some(bytes(memory(measured)?.linear_memory_bytes as f64)));
    row("host memory of an instance", &|measured| {
        Some(spread(&memory(measured)?.resident_memory_bytes, detail, bytes))
    });
    let calls = report.results.guests.iter().find_map(memory).map_or(0, |memory| memory.leaks.calls);
    row(&format!("{calls} calls: memory"), &|measured| {
        let verdict = match memory(measured)?.leaks.verdict {
            Verdict::Bounded => "bounded",
            Verdict::Grows => "**grows**",
            Verdict::Fails => "**fails**",
        };
        Some(verdict.to_owned())
    });
    row("- peak of the first and second half", &|measured| {
        let leaks = memory(measured)?.leaks;
        let peaks = [leaks.first_half, leaks.second_half].map(|half| bytes(half.resident_bytes as f64));
        Some(format!("{}, {}", peaks[0], peaks[1]))
    });
    row("- failed, instances replaced", &|measured| {
        let leaks = memory(measured)?.leaks;
        Some(format!("{}, {}", leaks.failed, leaks.recycled))
    });
    text
}

/// Comparisons of one family: a table for each group with the same ways, a row for each way, a column for each comparison.
fn comparison_tables(comparisons: &[&Comparison], detail: Detail) -> String {
    let one_subject = comparisons.iter().all(|comparison| comparison.subject == comparisons[0].subject);
    let one_thing = comparisons.iter().all(|comparison| comparison.what == comparisons[0].what);
    let mut text = String::new();
    if one_thing && !one_subject {
        let columns: Vec<_> = comparisons.iter().map(|comparison| (comparison.subject.as_str(), *comparison)).collect();
        table(&mut text, &comparisons[0].what, &columns, detail);
        return text;
    }
    for group in comparisons.chunk_by(|one, other| one.subject == other.subject) {
        let columns: Vec<_> = group.iter().map(|comparison| (comparison.what.as_str(), *comparison)).collect();
        table(&mut text, &group[0].subject, &columns, detail);
    }
    text
}

fn table(text: &mut String, corner: &str, columns: &[(&str, &Comparison)], detail: Detail) {
    let titles: Vec<_> = columns.iter().map(|(title, _)| *title).collect();
    let _ = writeln!(text, "| {corner} | {} |\n| --- |{}", titles.join(" | "), " ---: |".repeat(titles.len()));
    let ways = columns.first().map_or(&[][..], |(_, comparison)| &comparison.ways);
    for (index, way) in ways.iter().enumerate() {
        let cells = columns.iter().map(|(_, comparison)| {
            comparison.ways.get(index).map_or_else(|| NOTHING.to_owned(), |way| cell(way, detail))
        });
        let _ = writeln!(text, "| {} | {} |", way.name, cells.collect::<Vec<_>>().join(" | "));
    }
    text.push('\n');
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for (title, comparison) in columns {
        for way in &comparison.ways {
            let Some(reason) = &way.missing else { continue };
            let line = format!("{} is not measured: {reason}", way.name);
            match reasons.iter_mut().find(|(known, _)| *known == line) {
                Some((_, titles)) => titles.push(title),
                None => reasons.push((line, vec![title])),
            }
        }
    }
    for (reason, titles) in &reasons {
        let of = if titles.len() == columns.len() { String::new() } else { format!("{}: ", titles.join(", ")) };
        let _ = writeln!(text, "{of}{reason}.");
    }
    if !reasons.is_empty() {
        text.push('\n');
    }
}

fn cell(way: &Way, detail: Detail) -> String {
    let Some(cost) = &way.cost_ns else { return NOTHING.to_owned() };
    let cost = spread(cost, detail, |cost| milliseconds(cost / 1e6));
    match &way.speed {
        Some(speed) => format!("{}, {cost}", spread(speed, detail, times)),
        None => cost,
    }
}

/// What loading many components came to.
fn loaded(report: &Report) -> String {
    let mut text = String::new();
    for many in &report.results.loaded {
        let (asked, loaded) = (grouped(many.asked as u64), grouped(many.loaded as u64));
        let (each, memory) = (time(&many.each_ms, Detail::Spread), bytes(many.each_bytes));
        let _ = write!(text, "- {loaded} of {asked}: {each} each until it answers, {memory} of host memory each");
        match &many.stopped_by {
            Some(error) => {
                let error: Vec<_> = error.split_whitespace().collect();
                let _ = writeln!(text, "; no more: {}", error.join(" "));
            }
            None => text.push('\n'),
        }
    }
    text + "\n"
}

/// A paragraph about the run.
fn origin(report: &Report, detail: Detail) -> String {
    let machine = &report.machine;
    let what = match detail {
        Detail::Medians => "Medians",
        Detail::Spread => "Medians (10th to 90th percentile)",
    };
    let peers: Vec<_> = machine.peers.iter().map(|(name, version)| format!("{name} {version}")).collect();
    format!(
        "{what} of `cargo dev bench`, {date}, profile `{profile}`: {cpu}, {cores} cores, {memory}, load {load:.1}; {kernel}; {rustc}; wasmtime {wasmtime}; beside it {peers}. `2x` is twice as fast as the first row, of batches taken in turns; a speed without a first row is relative to `Component::call`.",
        date = report.date.split('T').next().unwrap_or_default(),
        profile = report.profile,
        cpu = machine.cpu,
        cores = machine.cores,
        memory = bytes(machine.memory_bytes as f64),
        load = machine.load,
        kernel = machine.kernel,
        rustc = machine.rustc.split(" (").next().unwrap_or_default(),
        wasmtime = machine.wasmtime,
        peers = peers.join(", "),
    )
}

/// How many fit into a second: the slowest tenth of the times is the lowest of the rates.
fn per_second(cost_ns: &Summary) -> Summary {
    let rate = |cost: f64| 1e9 / cost;
    Summary {
        median: rate(cost_ns.median),
        tenth: rate(cost_ns.ninetieth),
        ninetieth: rate(cost_ns.tenth),
        min: rate(cost_ns.max),
        max: rate(cost_ns.min),
        repetitions: cost_ns.repetitions,
    }
}

fn spread(summary: &Summary, detail: Detail, show: impl Fn(f64) -> String) -> String {
    let median = show(summary.median);
    match detail {
        Detail::Spread if summary.repetitions > 1 => {
            format!("{median} ({} to {})", show(summary.tenth), show(summary.ninetieth))
        }
        Detail::Spread | Detail::Medians => median,
    }
}

fn time(summary: &Summary, detail: Detail) -> String {
    spread(summary, detail, milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn ratios_stand_first_and_what_was_not_measured_says_why() {
        insta::assert_snapshot!(markdown(&report(), Detail::Spread));
    }

    #[test]
    fn the_summary_has_a_column_for_each_guest_and_says_where_it_was_taken() {
        insta::assert_snapshot!(summary(&report()));
    }

    #[test]
    fn one_thing_of_many_guests_is_one_table() {
        let mut report = report();
        for (comparison, guest) in report.results.comparisons.iter_mut().zip(["rust", "go"]) {
            (comparison.subject, comparison.what) = (guest.to_owned(), "16 B".to_owned());
        }
        report.results.comparisons[1].ways[2].missing = Some("it is another reason".to_owned());
        let comparisons: Vec<_> = report.results.comparisons.iter().collect();
        let text = comparison_tables(&comparisons, Detail::Medians);
        assert!(text.starts_with("| 16 B | rust | go |\n| --- | ---: | ---: |\n"), "{text}");
        assert!(
            text.contains("\nrust: Extism is not measured: it cannot be had.\ngo: Extism is not measured: "),
            "{text}"
        );
    }
}
