//! Files with far too much of something.

use airssys_wasm::{CacheFolder, Runtime, RuntimeConfig};
use airssys_wasm_tests::{stderr, stdout};

use super::component::{MANIFEST, Place, bare, component, leb128, with_manifest, with_section};
use super::{tool_with_little_memory, with_little_memory};

/// The longest text that a refusal may have: what lists 64 names with what is wrong with each.
const MAX_REFUSAL_BYTES: usize = 32 << 10;

/// What comes of a file.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// It is refused with this code.
    Refused(&'static str),
    /// It runs.
    Runs,
    /// One of the two, as the engine likes.
    Either,
}

use Outcome::{Either, Refused, Runs};

/// Makes a file.
pub(super) type Make = Box<dyn FnOnce() -> Vec<u8>>;

/// What every component begins with.
const HEADER: [u8; 8] = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];

/// A section of `count` items, each made of its number.
fn items(id: u8, count: usize, item: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let content = [leb128(count), (0..count).flat_map(item).collect()].concat();
    [vec![id], leb128(content.len()), content].concat()
}

/// A name in an import or export section.
fn name(text: &str) -> Vec<u8> {
    [vec![0], leb128(text.len()), text.as_bytes().to_vec()].concat()
}

/// So many imports of functions, named by their numbers.
fn imports(count: usize, named: impl Fn(usize) -> String) -> Vec<u8> {
    // The type of a function without parameters and results comes first.
    let types = items(7, 1, |_| vec![0x40, 0, 1, 0]);
    let imports = items(10, count, |number| [name(&named(number)), vec![1, 0]].concat());
    [HEADER.to_vec(), types, imports].concat()
}

fn exports(count: usize) -> Vec<u8> {
    let exports = items(11, count, |number| [name(&format!("e{number}")), vec![1, 0, 0]].concat());
    [HEADER.to_vec(), exports].concat()
}

/// Components within each other.
fn nested(levels: usize) -> Vec<u8> {
    (0..levels).fold(HEADER.to_vec(), |inner, _| [HEADER.to_vec(), vec![4], leb128(inner.len()), inner].concat())
}

/// Types each of which is made of the one before, several times.
fn types(count: usize, times: usize) -> Vec<u8> {
    let tuple = |number: usize| match number {
        0 => vec![0x79],
        number => [vec![0x6f], leb128(times), leb128(number - 1).repeat(times)].concat(),
    };
    // Numbers of types are signed.
    assert!(count < 64);
    [HEADER.to_vec(), items(7, count, tuple)].concat()
}

fn patterns(count: usize, pattern: &str) -> String {
    let each = |number| format!("{{ action = \"read\", path = \"/{number}{pattern}\" }},");
    format!("{MANIFEST}[permissions]\nfilesystem = [{}]\n", (0..count).map(each).collect::<String>())
}

/// A component that runs, with one more section.
fn sound_and(id: u8, content: &[u8]) -> Vec<u8> {
    [component("f", Place::Nowhere), vec![id], leb128(content.len()), content.to_vec()].concat()
}

pub(super) fn files() -> Vec<(&'static str, Make, Outcome)> {
    fn sound() -> Vec<u8> {
        component("f", Place::Nowhere)
    }
    fn sections(count: usize, name: &str, content: &[u8]) -> Vec<u8> {
        (0..count).fold(sound(), |file, _| with_section(file, name, content))
    }
    fn manifest(text: &str) -> Vec<u8> {
        with_manifest(bare("f", Place::Nowhere), text)
    }
    fn make(make: impl FnOnce() -> Vec<u8> + 'static) -> Make {
        Box::new(make)
    }
    vec![
        ("2 MiB of imports", make(|| imports(250_000, |n| format!("a{n}"))), Refused("unknown-imports")),
        ("40 MiB of imports", make(|| imports(4_000_000, |n| format!("a{n}"))), Refused("unknown-imports")),
        (
            "imports that are almost known",
            make(|| imports(50_000, |n| format!("airssys:core/host-service{n}@1.0.0"))),
            Refused("unknown-imports"),
        ),
        (
            "imports with names of 90 KB",
            make(|| imports(300, |n| format!("{n}{}", "a".repeat(90_000)))),
            Refused("unknown-imports"),
        ),
        (
            "known imports without end",
            make(|| imports(150_000, |n| format!("airssys:core/types@1.0.{n}"))),
            Refused("unknown-imports"),
        ),
        (
            "imports that say they are many",
            make(|| [&HEADER[..], &[10, 5], &[0xff; 4], &[0x0f]].concat()),
            Refused("invalid-component"),
        ),
        ("4 million exports", make(|| exports(4_000_000)), Refused("wrong-world")),
        ("a custom section of 64 MiB", make(|| with_section(sound(), "data", &vec![0; 64 << 20])), Runs),
        ("a million custom sections", make(|| sections(1_000_000, "", &[])), Runs),
        ("many Component.toml", make(|| sections(200_000, "airssys:manifest", &[])), Refused("several-manifests")),
        ("many source maps", make(|| sections(200_000, "airssys:source-map", b"x")), Runs),
        ("a source map of 16 MiB", make(|| with_section(sound(), "airssys:source-map", &vec![b'A'; 16 << 20])), Runs),
        ("components within each other", make(|| sound_and(4, &nested(2_000))), Either),
        ("types that double", make(|| sound_and(4, &types(60, 2))), Either),
        ("types without end", make(|| sound_and(7, &[leb128(4_000_000), vec![0x79; 4_000_000]].concat())), Either),
        (
            "a memory of 4 GiB",
            make(|| sound_and(1, &wat::parse_str("(module (memory 65536))").expect("a module"))),
            Either,
        ),
        ("a Component.toml of 2 MiB", make(|| manifest(&"#".repeat(2 << 20))), Refused("bad-manifest")),
        (
            "a Component.toml of one key again and again",
            make(|| manifest(&"x.y = 1\n".repeat(100_000))),
            Refused("bad-manifest"),
        ),
        (
            "1 MiB of unknown keys",
            make(|| manifest(&(0..100_000).map(|n| format!("k{n}=1\n")).collect::<String>())),
            Refused("bad-manifest"),
        ),
        ("a Component.toml of brackets", make(|| manifest(&"[".repeat(1_000_000))), Refused("bad-manifest")),
        (
            "a Component.toml of one long key",
            make(|| manifest(&("a.".repeat(500_000) + "a=1"))),
            Refused("bad-manifest"),
        ),
        ("1,024 patterns", make(|| manifest(&patterns(1024, "/**/X/*a?b/Z"))), Runs),
        ("1,024 long patterns", make(|| manifest(&patterns(1024, &"/**/X/*a".repeat(12)))), Refused("bad-manifest")),
        (
            "a version of 300 bytes",
            make(|| manifest(&MANIFEST.replace("1.0.0", &format!("1.0.0+{}", "a".repeat(294))))),
            Refused("bad-manifest"),
        ),
        (
            "a Component.toml for a terminal",
            make(|| manifest(&format!("{MANIFEST}\"\u{202e}\\u001b[2K\" = 1\ndescription = 1"))),
            Refused("bad-manifest"),
        ),
        (
            "a Component.toml that is none",
            make(|| manifest("[\u{202e}\u{7f}\u{1b}[2K]\n\u{1b} = \"\u{202e}")),
            Refused("bad-manifest"),
        ),
    ]
}

#[test]
fn a_file_with_far_too_much_of_something_is_refused_or_runs_at_little_cost() {
    with_little_memory(
        "files::crafted::a_file_with_far_too_much_of_something_is_refused_or_runs_at_little_cost",
        || {
            let tokio =
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("threads");
            let mut config = RuntimeConfig::default();
            config.cache = CacheFolder::Disabled;
            config.max_instances = 4;
            tokio.block_on(async {
                let runtime = Runtime::new(config).expect("the machine has an engine");
                for (what, make, expected) in files() {
                    let bytes = make();
                    println!("{what}: {} bytes", bytes.len());
                    let (outcome, refusal) = match runtime.start(bytes).await {
                        Ok(component) => {
                            component.call("die", "").await.expect("it runs");
                            component.shutdown().await.expect("it shuts down");
                            (Runs, String::new())
                        }
                        Err(error) => {
                            let source = std::error::Error::source(&error).expect("why");
                            let causes = std::iter::successors(Some(source), |cause| cause.source());
                            (Refused(error.code()), causes.map(ToString::to_string).collect::<Vec<_>>().join("\n"))
                        }
                    };
                    assert!(expected == Either || outcome == expected, "{what}: {outcome:?}: {refusal:.2000}");
                    // What lists a thousand mistakes of a Component.toml is longer, and each of them is bounded.
                    let most = if outcome == Refused("bad-manifest") { 1 << 20 } else { MAX_REFUSAL_BYTES };
                    assert!(refusal.len() <= most, "{what}: {} bytes", refusal.len());
                    let dangerous =
                        |sign: char| sign != '\n' && sign.is_control() || ('\u{202a}'..='\u{202e}').contains(&sign);
                    assert!(!refusal.contains(dangerous), "{what}: {refusal:?}");
                }
            });
        },
    );
}

#[test]
fn the_tool_refuses_a_file_of_many_imports_and_says_how_many_there_are() {
    let folder = tempfile::tempdir().expect("a folder for tests");
    std::fs::write(folder.path().join("many.wasm"), imports(90_000, |number| format!("a{number}"))).expect("writable");
    let output = tool_with_little_memory(folder.path(), &["call", "many.wasm", "die"]);
    let text = stderr(&output);
    assert_ne!(output.status.code(), Some(0), "{text}");
    assert_eq!(stdout(&output), "");
    assert!(text.contains("and 89936 more") && text.len() < MAX_REFUSAL_BYTES, "{text:.4000}");
}
