//! Compilers that are missing, too old or broken, and registries that cannot be reached.

use insta::assert_snapshot;

use crate::interrupted::{begun, fifo, in_a_group, kill_group};
use crate::refusal::{Place, tree};

/// The port of an address that nobody listens at: it is reserved for that which needs no answer.
const NOWHERE: &str = "http://127.0.0.1:9/";

/// A project in a language, with its smallest source.
fn project(language: &str) -> Place {
    let place = Place::new();
    let files: &[(&str, &str)] = match language {
        "rust" => &[("Cargo.toml", "[package]\nname = \"x\"\nversion = \"0.1.0\"\n"), ("src/lib.rs", "")],
        "go" => &[("go.mod", "module x\n"), ("main.go", "package main\n")],
        "js" => &[("src/index.ts", "")],
        "python" => &[("app.py", "")],
        other => panic!("no project in {other}"),
    };
    for (file, text) in files {
        place.write(file, text);
    }
    let manifest = "[component]\nname = \"acme/hello\"\nversion = \"0.1.0\"\n[build]\nlanguage = ";
    place.write("Component.toml", format!("{manifest}\"{language}\"\n"));
    place
}

/// What `build` and `toolchain install` say in a language with these programs, and no others, on PATH.
fn refused(language: &str, programs: &[(&str, &str)]) -> String {
    let mut place = project(language);
    std::fs::create_dir(place.path("bin")).expect("created");
    for (name, script) in programs {
        place.program(&format!("bin/{name}"), script);
    }
    place.set("PATH", place.path("bin"));
    place.set("AIRSSYS_WASM_CACHE", place.path("cache"));
    let said = place.refusals(&[&["build"], &["toolchain", "install", language]]);
    assert_eq!(tree(&place.path("target/airssys")), Vec::<String>::new(), "nothing half-written");
    assert_eq!(tree(&place.path("cache/tools")), Vec::<String>::new(), "nothing half-installed");
    said
}

#[test]
fn a_tool_that_is_missing() {
    assert_snapshot!(["rust", "go", "js", "python"].map(|language| refused(language, &[])).join("\n"));
}

#[test]
fn a_tool_that_is_too_old() {
    assert_snapshot!(
        [
            refused("rust", &[("rustc", "echo 'rustc 1.60.0 (7737e0b5c 2022-04-04)'")]),
            refused("go", &[("go", "echo go version go1.20.1 linux/amd64")]),
            refused("js", &[("node", "echo v16.20.2"), ("npm", "exit 1")]),
            refused("python", &[("python3", "echo Python 3.8.10")]),
        ]
        .join("\n")
    );
}

#[test]
fn a_tool_that_does_not_work() {
    assert_snapshot!(
        [
            refused("rust", &[("rustc", "echo 'error: no default toolchain is configured' >&2; exit 1")]),
            refused("go", &[("go", "echo 'the license has expired' >&2; exit 1")]),
            refused("js", &[("node", "echo hello")]),
        ]
        .join("\n")
    );
}

#[test]
fn a_program_for_another_machine() {
    let mut place = project("go");
    place.alone("bin");
    place.program("bin/go", "");
    place.write("bin/go", b"\x7fELF not for this machine");
    place.set("PATH", place.path("bin"));
    assert_snapshot!(place.refusal(&["build"]));
}

#[test]
fn the_package_index_of_python_cannot_be_reached() {
    let mut place = Place::new();
    place.set("AIRSSYS_WASM_CACHE", place.path("cache"));
    place.set("PIP_INDEX_URL", NOWHERE);
    place.set("PIP_EXTRA_INDEX_URL", "");
    place.set("PIP_CONFIG_FILE", "/dev/null");
    place.set("PIP_RETRIES", "0");
    place.set("PIP_NO_CACHE_DIR", "1");
    let said = place.refusal(&["toolchain", "install", "python"]);
    assert_snapshot!(without_talk(&said));
    assert_eq!(tree(&place.path("cache/tools")), Vec::<String>::new(), "nothing half-installed");
}

#[test]
fn the_registry_of_npm_cannot_be_reached() {
    let mut place = Place::new();
    place.set("AIRSSYS_WASM_CACHE", place.path("cache"));
    place.set("npm_config_registry", NOWHERE);
    place.set("npm_config_cache", place.path("npm"));
    place.set("npm_config_fetch_retries", "0");
    let said = place.refusal(&["toolchain", "install", "js"]);
    assert_snapshot!(without_talk(&said));
    assert_eq!(tree(&place.path("cache/tools")), Vec::<String>::new(), "nothing half-installed");
}

#[test]
fn the_server_of_rust_cannot_be_reached() {
    let rustc = "case $1 in --version) echo 'rustc 1.95.0 (0 2026-01-01)';; *) echo /nowhere;; esac";
    let rustup = "echo 'error: could not download file' >&2; exit 1";
    assert_snapshot!(refused("rust", &[("rustc", rustc), ("rustup", rustup), ("cargo", "exit 1")]));
}

/// What this tool says, without the lines that the installer wrote, which change with its version.
fn without_talk(said: &str) -> String {
    let mut shown = String::new();
    for line in said.lines() {
        let talk = line.starts_with("      ");
        if !talk {
            shown.push_str(line);
            shown.push('\n');
        } else if !shown.ends_with("[WHAT THE INSTALLER SAYS]\n") {
            shown.push_str("      [WHAT THE INSTALLER SAYS]\n");
        }
    }
    shown
}

/// An index of Python packages is not to be had in a test, so pip is played: it writes a part of the package, and then
/// does as it is told.
fn with_pip(place: &mut Place, then: &str) {
    place.alone("bin");
    let script = format!(
        r#"case "$1 $2 $3 $4" in
--version*) echo Python 3.11.0; exit;;
"-m pip --disable-pip-version-check --version") echo pip 25.0; exit;;
esac
while [ "$1" != --target ]; do shift; done
mkdir "$2/componentize_py"; echo part > "$2/componentize_py/part"
{then}"#
    );
    place.program("bin/python3", &script);
}

#[test]
fn an_install_that_was_killed_is_done_again() {
    let mut place = Place::new();
    let gate = place.path("gate");
    fifo(&gate);
    with_pip(&mut place, &format!("echo started > {0}; read rest < {0}", gate.display()));
    let mut installing = in_a_group(place.command(&["toolchain", "install", "python"])).spawn().expect("it starts");
    begun(&gate);
    kill_group(&installing);
    installing.wait().expect("it ended");
    let half = tree(&place.path("cache/tools"));
    assert!(half.iter().any(|name| name.ends_with("componentize_py/part")), "killed in the middle: {half:?}");

    with_pip(&mut place, "");
    let again = place.command(&["toolchain", "install", "python"]).output().expect("it starts");
    assert!(again.status.success(), "{}", airssys_wasm_tests::stderr(&again));
    let whole = tree(&place.path("cache/tools"));
    assert!(!whole.iter().any(|name| name.starts_with('.')), "what the killed one left is gone: {whole:?}");
    assert!(whole.iter().any(|name| name.ends_with("componentize_py/part")), "{whole:?}");
}

#[test]
fn installs_at_the_same_time_do_the_work_once() {
    let mut place = Place::new();
    let runs = place.path("runs");
    with_pip(&mut place, &format!("echo run >> {}", runs.display()));
    let all: Vec<_> = (0..4)
        .map(|_| in_a_group(place.command(&["toolchain", "install", "python"])).spawn().expect("it starts"))
        .collect();
    for mut one in all {
        assert!(one.wait().expect("it ended").success());
    }
    assert_eq!(std::fs::read_to_string(runs).expect("pip ran"), "run\n");
}

#[test]
fn an_install_that_brings_something_else_is_not_kept() {
    let mut place = Place::new();
    with_pip(&mut place, r#"rm -r "$2/componentize_py""#);
    assert_snapshot!(place.refusal(&["toolchain", "install", "python"]));
    assert_eq!(tree(&place.path("cache/tools")), Vec::<String>::new(), "nothing half-installed");
}
