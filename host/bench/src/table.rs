//! The results as a Markdown table: a column for each language.

use std::fmt::Write;

use crate::leaks::Verdict;
use crate::report::{Measured, Report};
use crate::summary::Summary;

/// How much a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The median.
    Medians,
    /// The median, and the quartiles.
    Spread,
}

/// The table, and where it was taken.
pub fn markdown(report: &Report, detail: Detail) -> String {
    let mut text = String::new();
    let mut row = |name: &str, cell: &dyn Fn(&Measured) -> String| {
        let cells: Vec<_> = report.guests.iter().map(cell).collect();
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    };
    row("", &|measured| measured.guest.clone());
    row("---", &|_| "---:".to_owned());
    row("component", &|measured| bytes(measured.component_bytes as f64));
    row("first load, compiled", &|measured| time(&measured.first_load_ms, detail));
    row("load from cache until it answers", &|measured| time(&measured.running.start_from_cache_ms, detail));
    row("further instance", &|measured| time(&measured.running.instantiate_ms, detail));
    row("further instance and `init`", &|measured| time(&measured.running.instantiate_and_init_ms, detail));
    row("its first call", &|measured| time(&measured.running.first_call_ms, detail));
    let sizes = report.guests.first().map_or(0, |measured| measured.running.calls.len());
    for index in 0..sizes {
        let size = bytes(report.guests[0].running.calls[index].bytes as f64);
        row(&format!("calls/s, {size} in and out"), &|measured| {
            rate(&measured.running.calls[index].per_second, detail)
        });
        row("- from outside of Tokio", &|measured| {
            rate(&measured.running.calls[index].per_second_from_outside, detail)
        });
        row("- bare typed call", &|measured| rate(&measured.running.calls[index].bare_per_second, detail));
        row("- time of a call over a bare one", &|measured| {
            spread(&measured.running.calls[index].overhead, detail, |value| format!("{value:.2}x"))
        });
    }
    row("linear memory of an instance", &|measured| bytes(measured.running.linear_memory_bytes as f64));
    row("host memory of an instance", &|measured| spread(&measured.running.resident_memory_bytes, detail, bytes));
    let calls = report.guests.first().map_or(0, |measured| measured.running.leaks.calls);
    row(&format!("{calls} calls: memory"), &|measured| {
        match measured.running.leaks.verdict {
            Verdict::Bounded => "bounded",
            Verdict::Grows => "**grows**",
            Verdict::Fails => "**fails**",
        }
        .to_owned()
    });
    row("- peak of the first and second half", &|measured| {
        let leaks = &measured.running.leaks;
        let peaks = [leaks.first_half, leaks.second_half].map(|half| bytes(half.resident_bytes as f64));
        format!("{}, {}", peaks[0], peaks[1])
    });
    row("- failed, instances replaced", &|measured| {
        format!("{}, {}", measured.running.leaks.failed, measured.running.leaks.recycled)
    });
    let _ = write!(text, "\n{}\n", origin(report, detail));
    text
}

/// One sentence about the run.
fn origin(report: &Report, detail: Detail) -> String {
    let machine = &report.machine;
    let what = match detail {
        Detail::Medians => "Medians",
        Detail::Spread => "Medians (quartiles)",
    };
    format!(
        "{what} of `cargo dev bench`, {date}, profile `{profile}`: {cpu}, {cores} cores, {memory}, load {load:.1}; {kernel}; {rustc}; wasmtime {wasmtime}.",
        date = report.date.split('T').next().unwrap_or_default(),
        profile = report.profile,
        cpu = machine.cpu,
        cores = machine.cores,
        memory = bytes(machine.memory_bytes as f64),
        load = machine.load,
        kernel = machine.kernel,
        rustc = machine.rustc.split(" (").next().unwrap_or_default(),
        wasmtime = machine.wasmtime,
    )
}

fn spread(summary: &Summary, detail: Detail, show: impl Fn(f64) -> String) -> String {
    let median = show(summary.median);
    match detail {
        Detail::Spread if summary.repetitions > 1 => {
            format!("{median} ({}-{})", show(summary.lower_quartile), show(summary.upper_quartile))
        }
        Detail::Spread | Detail::Medians => median,
    }
}

fn rate(summary: &Summary, detail: Detail) -> String {
    spread(summary, detail, |value| grouped(value.round() as u64))
}

fn time(summary: &Summary, detail: Detail) -> String {
    spread(summary, detail, milliseconds)
}

/// With three digits, in the unit that fits.
fn milliseconds(value: f64) -> String {
    match value {
        _ if value < 1.0 => format!("{:.0} us", value * 1e3),
        _ if value < 1e3 => format!("{} ms", three_digits(value)),
        _ => format!("{} s", three_digits(value / 1e3)),
    }
}

fn bytes(value: f64) -> String {
    const KIB: f64 = 1024.0;
    match value {
        _ if value < KIB => format!("{value:.0} B"),
        _ if value < KIB * KIB => format!("{} KiB", three_digits(value / KIB)),
        _ if value < KIB * KIB * KIB => format!("{} MiB", three_digits(value / KIB / KIB)),
        _ => format!("{} GiB", three_digits(value / KIB / KIB / KIB)),
    }
}

fn three_digits(value: f64) -> String {
    let text = match value {
        _ if value < 10.0 => format!("{value:.2}"),
        _ if value < 100.0 => format!("{value:.1}"),
        _ => return format!("{value:.0}"),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn numbers_are_in_units_that_fit() {
        assert_eq!(milliseconds(0.0314), "31 us");
        assert_eq!(milliseconds(4.567), "4.57 ms");
        assert_eq!(milliseconds(8000.0), "8 s");
        assert_eq!(bytes(16.0), "16 B");
        assert_eq!(bytes(65536.0), "64 KiB");
        assert_eq!(bytes(18.4 * 1024.0 * 1024.0), "18.4 MiB");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
    }

    #[test]
    fn the_table_has_a_column_for_each_guest_and_says_where_it_was_taken() {
        insta::assert_snapshot!(markdown(&report(), Detail::Medians));
    }

    #[test]
    fn the_spread_is_shown_where_it_is_asked_for() {
        let text = markdown(&report(), Detail::Spread);
        assert!(text.contains("| 2.00x (1.50x-2.50x) |"), "{text}");
    }
}
