//! A component that dies in a function with a crafted name.

use airssys_wasm::error::{GuestTrap, TrapKind};
use airssys_wasm::{CacheFolder, Component, Runtime, RuntimeConfig};
use airssys_wasm_tests::{stderr, stdout};

use super::component::{Place, component};
use super::{tool_with_little_memory, with_little_memory};

/// The longest name that is told.
const MAX_NAME_BYTES: usize = 512;

/// 1,119 bytes of C++, in which each level stands for 60 times the level before: 46 billion types altogether.
fn doubling() -> String {
    let mut name = "_Z1fSt5tupleIiE".to_owned();
    for level in 0..6 {
        name += &format!("S_I{}E", format!("S{level}_").repeat(60));
    }
    name
}

/// The same in Rust's scheme, with `B` for what was before.
fn doubling_rust() -> String {
    const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let digit = |number: usize| char::from(DIGITS[number % 62]);
    // After 63 characters, so that each number has two digits.
    let mut name = format!("_RINvC1a62_{}", "f".repeat(62));
    let mut at = name.len() - 2;
    name += "TjjjjE";
    for _ in 0..80 {
        let back = format!("B{}{}_", digit((at - 1) / 62), digit(at - 1));
        at = name.len() - 2;
        name += &format!("T{}E", back.repeat(4));
    }
    name + "E"
}

/// Names of all schemes, with what they begin with once they are told.
pub(super) fn names() -> Vec<(&'static str, String, &'static str)> {
    vec![
        ("C++ that doubles", doubling(), "_Z1fSt5tupleIiE"),
        (
            "C++ that doubles in few bytes",
            doubling()[..480].rsplit_once("S_I").unwrap().0.to_owned(),
            "f(std::tuple<int>",
        ),
        ("C++ with packs", format!("_Z1fI{}EvDpT_", "JiJiiEE".replace("JiiE", "").repeat(40)), ""),
        ("C++ with lambdas", format!("_Z1f{}vE_", "UlvE_".repeat(80)), ""),
        ("C++ with lambdas within each other", format!("_Z1f{}i", "Ul".repeat(200)), ""),
        ("C++ with expressions", format!("_Z1fIX{}Li1EEEvv", "pl".repeat(200)), ""),
        ("C++ with conversions", format!("_ZN1a{}iEv", "cvT_I".repeat(100)), ""),
        ("C++ that begins again and again", format!("_Z{}", "1fI".repeat(160)), ""),
        ("C++ within functions", format!("_Z{}4mainvE1fv", "Z".repeat(200)), ""),
        ("100 KB that refer to nothing", format!("_Z1f{}", "S_".repeat(49_000)), "_Z1fS_S_"),
        ("Rust that doubles", doubling_rust(), "a::f"),
        ("Rust of a long path", format!("_R{}C1a{}", "Nv".repeat(400), "1b".repeat(400)), ""),
        ("Rust with binders", "_RIC1aFG_ZZZZZZZZZ_EuE".to_owned(), ""),
        ("legacy Rust", format!("_ZN{}17h0123456789abcdefE", "4$LT$".repeat(200)), "<::<::"),
        ("legacy Rust of a wrong length", "_ZN99999999999999999999aE".to_owned(), "_ZN9999"),
        ("D", format!("_D{}FiZv", "4core".repeat(10_000)), "_D4core"),
        ("Swift", format!("$s{}yyF", "4main".repeat(10_000)), "$s4main"),
        ("nothing", String::new(), ""),
        ("a terminal's", "\u{1b}[2K\u{202e}\0\n".repeat(1000), "\u{1b}[2K"),
    ]
}

#[test]
fn a_trap_in_a_function_with_a_crafted_name_is_reported_wherever_it_happens() {
    let test = "files::names::a_trap_in_a_function_with_a_crafted_name_is_reported_wherever_it_happens";
    with_little_memory(test, || {
        let tokio =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("threads");
        tokio.block_on(async {
            let mut config = RuntimeConfig::default();
            config.cache = CacheFolder::Disabled;
            config.max_instances = 4;
            let runtime = Runtime::new(config).expect("the machine has an engine");
            for (what, name, beginning) in names() {
                println!("{what}");
                for place in [Place::Execute, Place::Init, Place::Metadata, Place::Start, Place::Health] {
                    // All places once, with the worst of them.
                    if place != Place::Execute && name != doubling() {
                        continue;
                    }
                    let trap = dies(&runtime, component(&name, place), place).await;
                    let Some(trap) = trap else { continue };
                    assert_eq!(trap.kind, TrapKind::Unreachable, "{what}");
                    let frame = &trap.backtrace[0];
                    assert!(frame.function.starts_with(beginning), "{what}: {}", frame.function);
                    assert!(frame.function.len() <= MAX_NAME_BYTES, "{what}: {} bytes", frame.function.len());
                    assert!(format!("{trap:?}{trap}").len() < 64 << 10, "{what}");
                }
            }
        });
    });
}

/// Lets a component die, and gives what is told of it.
async fn dies(runtime: &Runtime, bytes: Vec<u8>, place: Place) -> Option<GuestTrap> {
    let loaded = runtime.start(bytes).await;
    let error = match place {
        Place::Execute => {
            let component: Component = loaded.expect("it loads");
            let error = component.call("die", "").await.expect_err("it dies");
            component.shutdown().await.expect("it shuts down");
            error
        }
        Place::Health => {
            let component: Component = loaded.expect("it loads");
            let health = component.health().await.expect("there is an answer");
            let reason = health.reason.expect("the host says why");
            assert!(reason.contains("trapped in health") && reason.len() < 4096, "{reason}");
            component.shutdown().await.expect("it shuts down");
            return None;
        }
        _ => loaded.expect_err("it dies while it is loaded"),
    };
    Some(error.trap().unwrap_or_else(|| panic!("{place:?}: {error}")).clone())
}

#[test]
fn the_tool_shows_a_trap_in_a_function_with_a_crafted_name() {
    let folder = tempfile::tempdir().expect("a folder for tests");
    for (file, name) in [("long.wasm", doubling()), ("short.wasm", doubling()[..480].to_owned())] {
        std::fs::write(folder.path().join(file), component(&name, Place::Execute)).expect("writable");
        let output = tool_with_little_memory(folder.path(), &["call", file, "die"]);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(6), "{text}");
        assert_eq!(stdout(&output), "");
        assert!(text.contains("test/file@1.0.0 trapped in execute die") && text.contains("unreachable"), "{text}");
        assert!(text.contains("_Z1fSt5tupleIiE") && text.len() < 8 << 10, "{text}");
    }
}
