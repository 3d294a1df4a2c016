//! Components that do what none should, in each language, against the host: every attack is stopped and named, the
//! bystanders notice nothing, and nothing is left of it.

mod files;
mod guests;
mod sequences;
mod table;
mod test_bed;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use airssys_wasm::error::{GuestFailure, Limit};
use airssys_wasm::policy::ComponentId;
use airssys_wasm::records::MAX_LOG_MESSAGE_BYTES;
use airssys_wasm::{Component, Error, HealthStatus};

use guests::Guest;
use table::{ATTACKS, Attack, Expected, Place};
use test_bed::{TestBed, resident_bytes};

/// Descriptors and memory are the whole process's: one language after the other.
static ALONE: Mutex<()> = Mutex::new(());

/// Memory that the second half of the repetitions of an attack may add, and the second half of all attacks: the engine keeps
/// 16 MiB of each place that an instance was in, of which the last may be used late, and allocators keep some in hand.
const MOST_GROWTH_BYTES: u64 = 48 << 20;
/// Set by `cargo dev prove`, which has the machine to itself: times are checked then, and only shown otherwise.
const PROVE: &str = "AIRSSYS_WASM_PROVE";
/// What 99 of 100 answers of the bystander may take while another component does what it should not.
const MOST_WAITING: Duration = Duration::from_millis(100);
/// Text of an error that a guest gives, at most.
const MAX_ERROR_BYTES: usize = 1 << 20;

#[test]
fn rust_components_do_no_harm() {
    play(Guest::Rust);
}

#[test]
fn go_components_do_no_harm() {
    play(Guest::Go);
}

#[test]
fn javascript_components_on_starlingmonkey_do_no_harm() {
    play(Guest::StarlingMonkey);
}

#[test]
fn javascript_components_on_quickjs_do_no_harm() {
    play(Guest::QuickJs);
}

#[test]
fn python_components_do_no_harm() {
    play(Guest::Python);
}

#[test]
fn c_components_do_no_harm() {
    play(Guest::C);
}

#[test]
fn every_language_does_every_attack_or_says_why_it_cannot() {
    for attack in ATTACKS {
        for (place, (guest, reason)) in attack.cannot.iter().enumerate() {
            assert!(reason.len() > 20, "{}: {} has no reason", attack.name, guest.name());
            let twice = attack.cannot[..place].iter().any(|(other, _)| other == guest);
            assert!(!twice, "{}: {} is listed twice", attack.name, guest.name());
        }
        assert!(Guest::ALL.iter().any(|guest| attack.reason(*guest).is_none()), "{}: nobody does it", attack.name);
        assert!(attack.times >= 2 && attack.times.is_multiple_of(2), "{}: there are two halves", attack.name);
    }
    let manifests = Guest::ALL.map(|guest| {
        let text = std::fs::read_to_string(guest.folder().join("Component.toml")).expect("readable");
        airssys_wasm::policy::Manifest::parse(&text, "Component.toml").expect("valid").component.operations
    });
    for operations in &manifests {
        assert_eq!(*operations, manifests[0], "all languages have the same operations");
        for attack in ATTACKS.iter().filter(|attack| !matches!(attack.place, Place::Sequence(_))) {
            assert!(operations.iter().any(|operation| operation == attack.operation), "{}", attack.name);
        }
    }
}

/// All attacks in one language.
fn play(guest: Guest) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // What takes long when it is not there yet comes before anything is measured.
    drop((guest.component(), Guest::C.component()));
    // One thread for all components: what holds it up holds up the bystander.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("threads");
    let before = resident_bytes();
    println!("\n| attack | language | what happened |\n|---|---|---|");
    runtime.block_on(async {
        let bed = TestBed::new(guest).await;
        let mut warm = 0;
        for (place, attack) in ATTACKS.iter().enumerate() {
            let happened = match attack.reason(guest) {
                None => repeat(&bed, attack).await,
                Some(reason) => {
                    is_unknown(&bed, attack).await;
                    format!("not possible: {reason}")
                }
            };
            println!("| {} | {} | {happened} |", attack.name, guest.name());
            if place < ATTACKS.len() / 2 {
                warm = resident_bytes().max(warm);
            }
        }
        let growth = resident_bytes().saturating_sub(warm);
        assert!(growth <= MOST_GROWTH_BYTES, "{growth} bytes of memory are left of the second half of the attacks");
        bed.close().await;
    });
    let (before, after) = (before >> 20, resident_bytes() >> 20);
    println!("\nMemory of the host: {before} MiB before {}, {after} MiB after.", guest.name());
}

/// An attack several times: the second half must add nothing to what the first half left.
async fn repeat(bed: &TestBed, attack: &Attack) -> String {
    let (mut happened, mut resident, mut times) = (String::new(), [0; 2], Vec::new());
    for half in &mut resident {
        for _ in 0..attack.times / 2 {
            let (outcome, answers) = bed.beside_bystander(attack.name, once(bed, attack)).await;
            happened = outcome;
            times.extend(answers);
            bed.becomes_quiet(attack.name).await;
        }
        *half = resident_bytes();
    }
    let growth = resident[1].saturating_sub(resident[0]);
    assert!(growth <= MOST_GROWTH_BYTES, "{}: {growth} bytes of memory are left", attack.name);
    assert!(!bed.witness.too_large.load(std::sync::atomic::Ordering::Relaxed), "{}: a log record", attack.name);
    let waited = waited(attack.name, times);
    format!("{happened}; the bystander answered {waited}; {} MiB", resident[1] >> 20)
}

/// How long the bystander waited for its answers, which is checked where times are.
fn waited(attack: &str, mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let slow = times[(times.len() * 99).div_ceil(100) - 1];
    let is_proof = std::env::var_os(PROVE).is_some();
    assert!(!is_proof || slow <= MOST_WAITING, "{attack}: the bystander waited for {slow:?}");
    format!("{} calls, p99 {:.1} ms", times.len(), slow.as_secs_f64() * 1000.0)
}

/// An operation that a language cannot have, it does not have.
async fn is_unknown(bed: &TestBed, attack: &Attack) {
    let component = bed.start("modest", &[], (attack.limits)(bed.guest)).await.expect("it loads");
    let error = component.call(attack.operation, "1").await.expect_err("it is not possible");
    let Error::Guest(error) = error else { panic!("{}: {error}", attack.name) };
    assert_eq!(error.failure.case(), "unknown-operation", "{}", attack.name);
    component.shutdown().await.expect("it shuts down");
    bed.becomes_quiet(attack.name).await;
}

/// An attack once, from loading to unloading.
async fn once(bed: &TestBed, attack: &Attack) -> String {
    let guest = bed.guest;
    let (input, limits, expected) = ((attack.input)(guest), (attack.limits)(guest), (attack.expected)(guest));
    let line = format!("{} {input}", attack.operation);
    let load = |environment: &[(&str, &str)]| bed.start("attacker", environment, limits.clone());
    match attack.place {
        Place::Sequence(play) => play(bed).await,
        Place::Init => {
            let error = load(&[("INIT", &line)]).await.expect_err("it does not start");
            // The name is free, and nothing else is remembered of it.
            end(load(&[]).await.expect("another one starts")).await;
            check(attack, "init", Err(error), &expected)
        }
        Place::Metadata => {
            bed.set_metadata(Some(&line));
            let error = load(&[]).await.expect_err("it is not loaded");
            bed.set_metadata(None);
            end(load(&[]).await.expect("another one starts")).await;
            check(attack, "metadata", Err(error), &expected)
        }
        Place::Execute => {
            let component = load(&[]).await.expect("it starts");
            let result = component.call(attack.operation, input.as_bytes()).await;
            let happened = check(attack, &format!("execute {}", attack.operation), result, &expected);
            answers(&component).await;
            end(component).await;
            happened
        }
        Place::Message => {
            let component = load(&[("MESSAGE", &line)]).await.expect("it starts");
            let sender: ComponentId = test_bed::id("somebody").parse().expect("an id");
            let result = component.deliver_message(&sender, "message").await.map(|()| Vec::new());
            let happened = check(attack, "handle-message", result, &expected);
            answers(&component).await;
            end(component).await;
            happened
        }
        Place::Health => {
            let component = load(&[("HEALTH", &line)]).await.expect("it starts");
            let health = component.health().await.expect("there is an answer");
            assert_eq!(health.status, HealthStatus::Unhealthy, "{}", attack.name);
            let reason = health.reason.expect("the host says why");
            assert!(reason.contains(&test_bed::id("attacker")) && reason.contains("health"), "{reason}");
            let Expected::Limit(limit) = expected else { panic!("{}", attack.name) };
            assert!(reason.ends_with(&limit.to_string()), "{reason}");
            answers(&component).await;
            end(component).await;
            format!("unhealthy: {limit}")
        }
        Place::Shutdown => {
            let component = load(&[("SHUTDOWN", &line)]).await.expect("it starts");
            answers(&component).await;
            let result = component.shutdown().await.map(|()| Vec::new());
            let gone = component.call("echo", "").await.expect_err("it is gone");
            assert_eq!(gone.code(), "component-gone");
            check(attack, "shutdown", result, &expected)
        }
    }
}

async fn answers(component: &Component) {
    let answer = component.call("echo", "once more").await.unwrap_or_else(|error| panic!("it answers again: {error}"));
    assert_eq!(answer, b"once more");
}

async fn end(component: Component) {
    component.shutdown().await.expect("it shuts down");
}

/// Compares what came of an attack with what must, and says it in short.
fn check(attack: &Attack, operation: &str, result: airssys_wasm::Result<Vec<u8>>, expected: &Expected) -> String {
    let who = test_bed::id("attacker");
    let named = |component: &ComponentId, called: &str| {
        assert_eq!((component.to_string().as_str(), called), (who.as_str(), operation), "{}", attack.name);
    };
    let error = match (result, expected) {
        (Ok(answer), Expected::Answer(expected)) => {
            assert_eq!(String::from_utf8_lossy(&answer), *expected, "{}", attack.name);
            return if expected.is_empty() { "answered".to_owned() } else { format!("answered: {expected}") };
        }
        (Ok(answer), _) => panic!("{}: {} bytes of answer instead of {expected:?}", attack.name, answer.len()),
        (Err(error), _) => error,
    };
    let text = error.to_string();
    assert!(text.len() <= MAX_ERROR_BYTES + 1000, "{}: an error of {} bytes", attack.name, text.len());
    match (&error, expected) {
        (Error::Limit(exceeded), Expected::Limit(limit)) if exceeded.limit == *limit => {
            named(&exceeded.component, &exceeded.operation);
            assert_eq!(error.hint().is_some(), limit.key().is_some(), "{}: {:?}", attack.name, error.hint());
        }
        (Error::Limit(exceeded), Expected::Time) if matches!(exceeded.limit, Limit::ExecutionTime(_)) => {
            named(&exceeded.component, &exceeded.operation);
        }
        (Error::Trap(trap), Expected::Trap) => {
            named(&trap.component, &trap.operation);
            assert!(!trap.message().is_empty() && trap.message().len() <= 2 * MAX_LOG_MESSAGE_BYTES, "{}", attack.name);
        }
        (Error::Guest(guest), Expected::Error(case)) => {
            named(&guest.component, &guest.operation);
            assert_eq!(guest.failure.case(), *case, "{}", attack.name);
            assert!(matches!(guest.failure, GuestFailure::Execution(_)));
            assert!(guest.failure.text().len() <= MAX_ERROR_BYTES, "{}", attack.name);
            return format!("{}: {case}, cut to {} bytes", error.code(), guest.failure.text().len());
        }
        (Error::Load { source, .. }, Expected::Refused(code)) => {
            assert_eq!(error.code(), *code, "{}", attack.name);
            return format!("{code}: {source}");
        }
        _ => panic!("{}: {} ({text}) instead of {expected:?}", attack.name, error.code()),
    }
    let short: String = text.chars().take(160).collect::<String>().replace('\n', " ").replace('|', "/");
    format!("{}: {short}", error.code())
}
