//! Every attack: what is done where, what must come of it, and which language cannot do it.

use std::time::Duration;

use airssys_wasm::error::Limit;
use airssys_wasm::policy::Limits;

use crate::guests::Guest::{self, C, Go, Python, QuickJs, Rust, StarlingMonkey};
use crate::sequences::{self, Sequence};
use crate::test_bed::{CPU_TIME, GRACE};

/// One attack.
pub struct Attack {
    /// What happens, for a person.
    pub name: &'static str,
    /// Where it happens.
    pub place: Place,
    /// The operation of the guest that does it.
    pub operation: &'static str,
    /// The operation's input.
    pub input: fn(Guest) -> String,
    /// What the component may use.
    pub limits: fn(Guest) -> Limits,
    /// What must come of it.
    pub expected: fn(Guest) -> Expected,
    /// Languages that cannot do it, and why.
    pub cannot: &'static [(Guest, &'static str)],
    /// How often it is done; twice where each time takes as long as a limit says.
    pub times: usize,
}

/// Where an attack happens.
#[derive(Clone, Copy)]
pub enum Place {
    Execute,
    Init,
    Metadata,
    Health,
    Message,
    Shutdown,
    /// More than one call, or more than one component.
    Sequence(Sequence),
}

/// What must come of an attack.
#[derive(Debug, Clone)]
pub enum Expected {
    /// It is stopped by this limit.
    Limit(Limit),
    /// It is stopped by the wall clock, whatever was left of the time.
    Time,
    /// It traps.
    Trap,
    /// It fails with this case of the guest's own error.
    Error(&'static str),
    /// It is not loaded, for the reason of this code.
    Refused(&'static str),
    /// It is answered so.
    Answer(&'static str),
    /// The sequence looks after that itself.
    AsTheSequenceSays,
}

use Expected::{Answer, AsTheSequenceSays, Error, Limit as Limited, Refused, Time, Trap};

const NO_TABLES: &str = "the language has no tables, and its compiler gives no way to grow one";
const NO_POINTERS: &str = "its results are copied by the runtime of the language, which knows their length";
const NO_EXIT: &str = "the engine has no function that ends the program";

const WITHOUT_TABLES: &[(Guest, &str)] =
    &[(Rust, NO_TABLES), (Go, NO_TABLES), (StarlingMonkey, NO_TABLES), (QuickJs, NO_TABLES), (Python, NO_TABLES)];
const WITHOUT_POINTERS: &[(Guest, &str)] =
    &[(Go, NO_POINTERS), (StarlingMonkey, NO_POINTERS), (QuickJs, NO_POINTERS), (Python, NO_POINTERS)];
const WITHOUT_EXIT: &[(Guest, &str)] = &[
    (Rust, "its target has no exit: std::process::exit is an abort there, which is the trap above"),
    (StarlingMonkey, NO_EXIT),
    (QuickJs, NO_EXIT),
];
const WITHOUT_OUTPUT: &[(Guest, &str)] = &[(Rust, "its target has no standard output: println! writes nowhere")];

/// Elements that one table may have: the host's own number, which no component can change.
const TABLE_ELEMENTS: u64 = 20_000;
/// What one call may copy, likewise.
const COPIED_BYTES: u64 = 128 << 20;
/// Stack of the guest's code, likewise.
const STACK_BYTES: u64 = 1 << 20;
const GIBIBYTE: u64 = 1 << 30;
/// A page less, because an allocator that rounds up to a power of two would need twice as much.
const NEARLY_A_GIBIBYTE: u64 = GIBIBYTE - (64 << 10);

const fn attack(name: &'static str, place: Place, operation: &'static str, expected: fn(Guest) -> Expected) -> Attack {
    Attack { name, place, operation, input: |_| String::new(), limits: ordinary, expected, cannot: &[], times: 4 }
}

const fn sequence(name: &'static str, play: Sequence) -> Attack {
    attack(name, Place::Sequence(play), "", |_| AsTheSequenceSays)
}

impl Attack {
    const fn with(self, input: fn(Guest) -> String) -> Self {
        Self { input, ..self }
    }

    const fn within(self, limits: fn(Guest) -> Limits) -> Self {
        Self { limits, ..self }
    }

    const fn except(self, cannot: &'static [(Guest, &'static str)]) -> Self {
        Self { cannot, ..self }
    }

    const fn twice(self) -> Self {
        Self { times: 2, ..self }
    }

    /// Why a language cannot do it, if it cannot.
    pub fn reason(&self, guest: Guest) -> Option<&'static str> {
        self.cannot.iter().find(|(other, _)| *other == guest).map(|(_, reason)| *reason)
    }
}

fn ordinary(guest: Guest) -> Limits {
    let mut limits = Limits::default();
    limits.max_memory_bytes = Some(guest.memory());
    limits
}

fn little_cpu(guest: Guest) -> Limits {
    let mut limits = ordinary(guest);
    limits.max_cpu_time = Some(CPU_TIME);
    limits
}

fn little_time(guest: Guest) -> Limits {
    let mut limits = ordinary(guest);
    limits.max_execution_time = Some(Duration::from_secs(1));
    limits
}

fn few_files(guest: Guest) -> Limits {
    let mut limits = ordinary(guest);
    limits.max_open_files = Some(32);
    limits
}

fn room_for_a_gibibyte(guest: Guest) -> Limits {
    let bytes = if guest.is_native() { GIBIBYTE + GIBIBYTE / 8 } else { guest.memory() };
    let mut limits = Limits::default();
    limits.max_memory_bytes = Some(bytes);
    limits
}

fn room_for_more_than_is_copied(guest: Guest) -> Limits {
    let mut limits = ordinary(guest);
    limits.max_memory_bytes = Some(8 * COPIED_BYTES);
    limits
}

fn by_cpu(_: Guest) -> Expected {
    Limited(Limit::CpuTime(CPU_TIME))
}

fn by_memory(guest: Guest) -> Expected {
    Limited(Limit::Memory(guest.memory()))
}

fn trapped(_: Guest) -> Expected {
    Trap
}

/// Each language ends endless recursion in its own way, and the host whatever it does.
fn recursion(guest: Guest) -> Expected {
    match guest {
        C | Rust | Go | QuickJs => Limited(Limit::Stack(STACK_BYTES)),
        // Exceptions that nobody catches.
        StarlingMonkey | Python => Trap,
    }
}

/// All attacks, in the order in which they take place.
pub const ATTACKS: &[Attack] = &[
    attack("a trap in init", Place::Init, "trap", trapped),
    attack("a trap in an operation", Place::Execute, "trap", trapped),
    attack("a trap in handle-message", Place::Message, "trap", trapped),
    attack("an endless loop in init", Place::Init, "spin", by_cpu).within(little_cpu),
    attack("an endless loop in an operation", Place::Execute, "spin", by_cpu).within(little_cpu),
    attack("an endless loop in metadata", Place::Metadata, "spin", by_cpu).within(little_cpu),
    attack("an endless loop in health", Place::Health, "spin", by_cpu).within(little_cpu),
    attack("an endless loop in handle-message", Place::Message, "spin", by_cpu).within(little_cpu),
    attack("a time bomb in shutdown", Place::Shutdown, "spin", |_| Limited(Limit::ExecutionTime(GRACE))).twice(),
    attack("an hour of sleep", Place::Execute, "sleep", |_| Time)
        .with(|_| "3600000".into())
        .within(little_time)
        .twice(),
    attack("endless recursion", Place::Execute, "recurse", recursion),
    attack("memory growth", Place::Execute, "grow-memory", by_memory),
    attack("memory growth in init", Place::Init, "grow-memory", by_memory),
    attack("memory growth in metadata", Place::Metadata, "grow-memory", by_memory),
    attack("table growth", Place::Execute, "grow-table", |_| Limited(Limit::TableElements(TABLE_ELEMENTS)))
        .with(|_| "1000".into())
        .except(WITHOUT_TABLES),
    attack("a result of 1 GiB (less a page)", Place::Execute, "big-result", |guest| {
        if guest.is_native() { Limited(Limit::CopiedBytes(COPIED_BYTES)) } else { by_memory(guest) }
    })
    .with(|_| NEARLY_A_GIBIBYTE.to_string())
    .within(room_for_a_gibibyte),
    attack("a result larger than what is copied", Place::Execute, "big-result", |_| {
        Limited(Limit::CopiedBytes(COPIED_BYTES))
    })
    .with(|_| (COPIED_BYTES + 1).to_string())
    .within(room_for_more_than_is_copied)
    .twice(),
    attack("a result outside of the memory", Place::Execute, "wild-result", trapped).except(WITHOUT_POINTERS),
    attack("a panic with a message of 1 MiB", Place::Execute, "panic", trapped).with(|_| (1 << 20).to_string()),
    attack("an error text of 2 MiB", Place::Execute, "fail", |_| Error("processing-failed"))
        .with(|_| (2 << 20).to_string()),
    attack("an exit", Place::Execute, "exit", trapped).except(WITHOUT_EXIT),
    attack("metadata of 1 MiB", Place::Metadata, "big-result", |_| Refused("metadata-too-large"))
        .with(|_| (1 << 20).to_string()),
    sequence("1,000,000 log lines", sequences::log_lines).twice(),
    attack("log lines without end", Place::Execute, "log", by_cpu).with(|_| "1000000000".into()).within(little_cpu),
    attack("a log record with fields of 1 MiB", Place::Execute, "log-fields", |_| Answer(""))
        .with(|_| (1 << 20).to_string()),
    sequence("64 MiB of output at once", sequences::output_at_once).twice(),
    attack("100,000 lines of output", Place::Execute, "print", |_| Answer(""))
        .with(|guest| if guest == StarlingMonkey { "5000".into() } else { "100000".into() })
        .except(WITHOUT_OUTPUT)
        .twice(),
    attack("10,000 open files", Place::Execute, "open-files", |_| Answer("32 too-many-open-files"))
        .with(|_| "10000".into())
        .within(few_files),
    attack("10,000 open directories", Place::Execute, "open-cursors", |_| Answer("32 too-many-open-files"))
        .with(|_| "10000".into())
        .within(few_files),
    sequence("files that are never closed", sequences::files_never_closed),
    attack("a path of 2,000 folders", Place::Execute, "deep-path", |_| Answer("0 not-found")).with(|_| "2000".into()),
    attack("a path of 500,000 folders", Place::Execute, "deep-path", |_| Answer("0 invalid-path"))
        .with(|_| "500000".into()),
    sequence("5,000 refused calls", sequences::refused_calls).twice(),
    sequence("a message flood to a slow component", sequences::message_flood),
    sequence("messages to itself without end", sequences::messages_to_itself),
    sequence("requests that are never answered", sequences::unanswered_requests),
    sequence("requests to a component that goes", sequences::requests_to_the_gone).twice(),
    sequence("a storm of callbacks", sequences::callback_storm),
    sequence("a message before init", sequences::message_before_init),
];
