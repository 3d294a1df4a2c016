//! Instructions instead of time: the same on a busy machine, so that every change can be checked. This program does
//! something so often, and twice as often, each under valgrind; the difference is the cost, without start and warm-up.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use airssys_wasm::RuntimeConfig;
use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::guest::Guest;
use crate::host::{Host, SMALL};
use crate::numbers::grouped;
use crate::permission;
use crate::plan::SIZES;
use crate::task::{Code, Counted, Task};

/// The counts that are kept, in the checkout.
const FILE: &str = "host/bench/counts.json";
/// The name and version of their format.
const SCHEMA: &str = "airssys-bench-counts/1";
/// By how much a count may differ from the one that is kept, in percent: threads wake up at other moments, and maps have
/// other seeds.
const TOLERATED_PERCENT: u64 = 5;
/// Instances at a time: the pool reserves address space, of which there are 128 GiB under valgrind.
const INSTANCES: u32 = 2;

/// What is done with counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Action {
    /// Print them.
    Show,
    /// Compare them with those that are kept, and fail when one differs.
    Check,
    /// Keep them.
    Write,
}

impl Counted {
    const ALL: &[Self] = &[Self::Call, Self::LargeCall, Self::Instance, Self::Allowed, Self::Refused];

    fn name(self) -> &'static str {
        match self {
            Self::Call => "call of 16 B",
            Self::LargeCall => "call of 64 KiB",
            Self::Instance => "instance with init and first call",
            Self::Allowed => "permission allowed",
            Self::Refused => "permission refused",
        }
    }

    /// How often it is done, and twice.
    fn times(self) -> usize {
        match self {
            Self::Call => 1_000,
            Self::LargeCall => 100,
            Self::Instance => 40,
            Self::Allowed | Self::Refused => 1_000,
        }
    }
}

/// Instructions, by what was counted.
type Counts = BTreeMap<String, u64>;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    schema: String,
    /// By processor and profile: other ones run other instructions.
    counts: BTreeMap<String, Counts>,
}

/// Does something so often.
///
/// # Errors
/// Fails as what is done does.
pub fn perform(what: Counted, code: &Code, times: usize) -> Result<()> {
    if let Counted::Allowed | Counted::Refused = what {
        let gate = permission::gate()?;
        for _ in 0..times {
            let (access, allowed) = match what {
                Counted::Allowed => (permission::allowed(), true),
                _ => (permission::refused(), false),
            };
            ensure!(gate.authorize(permission::OPEN, access).is_ok() == allowed, "the policy decides otherwise");
        }
        return Ok(());
    }
    let mut config = RuntimeConfig::default();
    config.max_instances = INSTANCES;
    let host = Host::on_this_thread(&code.cache, config)?;
    let component = host.load(&code.component)?;
    // Calls come from one task: making one is no part of a call.
    match what {
        Counted::Call => _ = host.calls(&component, &Arc::new(SMALL.to_vec()), times)?,
        Counted::LargeCall => _ = host.calls(&component, &Arc::new(vec![0x5a; SIZES[1]]), times)?,
        _ => {
            for number in 0..times {
                host.shut_down(host.further_instance(&component, number)?.0)?;
            }
        }
    }
    host.shut_down(component)
}

/// Counts, and does with the counts what is asked.
///
/// # Errors
/// Fails where there is no valgrind, and for a check when a count differs from the one that is kept.
pub fn run(root: &Path, action: Action) -> Result<()> {
    let guest = Guest::in_rust(&root.join("tests/components/echo/rust"))?;
    let cache = tempfile::tempdir()?;
    let code = Code { component: guest.component, cache: cache.path().to_owned() };
    // What is compiled for the processor that valgrind shows is not what is compiled for the real one: it is compiled once
    // here, and then taken from the folder.
    instructions(&code, Counted::Call, 0)?;
    let mut counts = Counts::new();
    for what in Counted::ALL {
        let times = what.times();
        let (once, twice) = std::thread::scope(|scope| {
            let twice = scope.spawn(|| instructions(&code, *what, times * 2));
            let once = instructions(&code, *what, times);
            (once, twice.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let (once, twice) = (once?, twice?);
        let each = twice.checked_sub(once).context("twice as much takes fewer instructions")? / times as u64;
        println!("{:>12} {}", grouped(each), what.name());
        counts.insert(what.name().to_owned(), each);
    }
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let place = format!("{} {profile}", std::env::consts::ARCH);
    let file = root.join(FILE);
    match action {
        Action::Show => Ok(()),
        Action::Check => {
            let kept = read(&file)?;
            let kept = kept.counts.get(&place).with_context(|| format!("{FILE} has no counts for {place}; {HELP}"))?;
            let differences = differences(kept, &counts);
            ensure!(differences.is_empty(), "{}\n{HELP}, if that is meant", differences.join("\n"));
            Ok(())
        }
        Action::Write => {
            let empty = || Kept { schema: SCHEMA.to_owned(), counts: BTreeMap::new() };
            let mut kept = if file.exists() { read(&file)? } else { empty() };
            kept.counts.insert(place, counts);
            let text = serde_json::to_string_pretty(&kept)? + "\n";
            std::fs::write(&file, text).with_context(|| format!("failed to write {}", file.display()))
        }
    }
}

/// How counts are written.
const HELP: &str = "`cargo dev bench --counts write` keeps new ones";

fn read(file: &Path) -> Result<Kept> {
    let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let kept: Kept = serde_json::from_str(&text).with_context(|| format!("{} holds no counts", file.display()))?;
    ensure!(kept.schema == SCHEMA, "{} is {}, this program reads {SCHEMA}", file.display(), kept.schema);
    Ok(kept)
}

/// What differs by more than is tolerated. Fewer instructions are a difference as well: kept ones that are too many would
/// hide what comes next.
fn differences(kept: &Counts, counts: &Counts) -> Vec<String> {
    let mut differences = Vec::new();
    for name in kept.keys().chain(counts.keys().filter(|name| !kept.contains_key(*name))) {
        let line = match (kept.get(name), counts.get(name)) {
            (Some(kept), Some(count)) => {
                if count.abs_diff(*kept) * 100 <= kept * TOLERATED_PERCENT {
                    continue;
                }
                let percent = (*count as f64 / *kept as f64 - 1.0) * 100.0;
                format!("{name}: {count} instructions, not {kept}: {percent:+.1} %")
            }
            (Some(_), None) => format!("{name} is not counted any more"),
            (None, _) => format!("{name} has no count that is kept"),
        };
        differences.push(line);
    }
    differences
}

/// The instructions of a process that does something so often.
fn instructions(code: &Code, what: Counted, times: usize) -> Result<u64> {
    let task = serde_json::to_string(&Task::Counted { code: code.clone(), what, times })?;
    let mut valgrind = Command::new("valgrind");
    // No call graph: a guest runs on a stack of its own, which a graph would have to follow.
    valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    valgrind.arg(std::env::current_exe()?).args(["--task", &task]);
    // The C library copies memory in other ways on other processors, and rounds of one instruction count as many.
    valgrind.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-ERMS,-FSRM");
    let output = match valgrind.output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("counting instructions takes valgrind, which is not here; install it: `apt-get install valgrind`")
        }
        Err(error) => return Err(error).context("failed to start valgrind"),
    };
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} under valgrind ended with {}\n{text}", what.name(), output.status);
    counted(&text).with_context(|| format!("valgrind says no number\n{text}"))
}

/// The number in what valgrind writes.
fn counted(text: &str) -> Option<u64> {
    let (_, number) = text.lines().find_map(|line| line.split_once("I   refs:").or(line.split_once("I refs:")))?;
    number.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(numbers: &[(&str, u64)]) -> Counts {
        numbers.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    #[test]
    fn more_and_fewer_instructions_than_are_tolerated_are_differences() {
        let kept = counts(&[("a", 1000), ("b", 1000), ("c", 1000), ("d", 1000), ("gone", 1)]);
        let now = counts(&[("a", 1050), ("b", 950), ("c", 1060), ("d", 900), ("new", 1)]);
        assert_eq!(
            differences(&kept, &now),
            [
                "c: 1060 instructions, not 1000: +6.0 %",
                "d: 900 instructions, not 1000: -10.0 %",
                "gone is not counted any more",
                "new has no count that is kept",
            ]
        );
    }

    #[test]
    fn the_number_is_the_one_that_valgrind_writes() {
        assert_eq!(counted("==7== \n==7== I   refs:      1,130,717\n"), Some(1_130_717));
        assert_eq!(counted("==7== I refs:        130,717\n"), Some(130_717));
        assert_eq!(counted("==7== Command: echo\n"), None);
    }

    #[test]
    fn counts_are_kept_for_everything_that_is_counted() {
        let kept = read(&crate::root().join(FILE)).unwrap();
        let names: Vec<_> = Counted::ALL.iter().map(|what| what.name().to_owned()).collect();
        for (place, counts) in kept.counts {
            assert!(names.iter().all(|name| counts.contains_key(name)), "{place}: {counts:?}");
        }
    }
}
