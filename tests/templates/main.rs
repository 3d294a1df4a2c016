//! Every template, as a new user would take it: `new`, its unit tests, `build`, the first call.
//!
//! The projects stay in `target/templates`, so that a second run finds what has not changed built already.

mod readme;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use airssys_wasm_tests::{root, run, stderr, stdout, tool};
use serde_json::Value;

/// The name that every project gets here: one that shows where a template writes its own.
const NAME: &str = "log-shipper";

/// What a careful author runs before every commit, in the languages whose tests do not.
fn lints(language: &str) -> Vec<String> {
    let lines: &[&str] = match language {
        "rust" => &["cargo fmt --check", "cargo clippy --quiet --all-targets -- -D warnings"],
        "go" => &["test -z \"$(gofmt -l *.go)\"", "go vet ."],
        "js" => &["ROOT/sdk-js/node_modules/.bin/tsc --noEmit --project jsconfig.json"],
        "python" => &["python3 -m mypy", "python3 -m ruff check .", "python3 -m ruff format --check ."],
        _ => &[],
    };
    lines.iter().map(|line| line.replace("ROOT", &root().display().to_string())).collect()
}

/// A template as the tool describes it.
struct Template {
    language: String,
    kind: String,
    about: Value,
}

impl Template {
    fn all() -> Vec<Template> {
        let listed = run(&root(), &["new", "--list", "--format", "json"]);
        let listed: Value = serde_json::from_str(&stdout(&listed)).expect("one JSON document");
        let rows = listed["templates"].as_array().expect("templates");
        let text = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
        rows.iter()
            .map(|row| Template {
                language: text(row, "language"),
                kind: text(row, "template"),
                about: row["about"].clone(),
            })
            .collect()
    }

    fn list(&self, key: &str) -> Vec<String> {
        let list = self.about[key].as_array().into_iter().flatten();
        list.map(|word| word.as_str().expect("a text").to_owned()).collect()
    }

    /// Makes the project, runs what its README says, and returns the seconds of each step.
    fn try_it(&self) -> Vec<(&'static str, f32)> {
        let folder = root().join("target/templates").join(format!("{}-{}", self.language, self.kind));
        let project = folder.join(NAME);
        match std::fs::remove_dir_all(&project) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{}: {error}", project.display()),
            _ => {}
        }
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        // This repository has its own way of formatting, which its users need not share.
        std::fs::write(folder.join("rustfmt.toml"), "").expect("a file can be written");
        let mut times = Vec::new();
        let mut timed = |step: &'static str, run: &mut dyn FnMut()| {
            let started = Instant::now();
            run();
            times.push((step, started.elapsed().as_secs_f32()));
        };
        timed("new", &mut || {
            let arguments = ["new", &format!("acme/{NAME}"), "--lang", &self.language, "--template", &self.kind];
            succeeds(&mut command(&folder, tool(), &arguments));
        });
        for word in ["my-component", "my_component", "MyComponent", "my-namespace"] {
            assert_eq!(mentions(&project, word), BTreeSet::new(), "the name is filled in");
        }
        timed("setup", &mut || self.list("setup").iter().for_each(|line| succeeds(&mut shell(&project, line))));
        timed("tests", &mut || self.list("test").iter().for_each(|line| tested(&mut shell(&project, line))));
        let mut component = String::new();
        timed("build", &mut || {
            let built = command(&project, tool(), &["build", "--format", "json"]).output().expect("the tool starts");
            assert!(built.status.success(), "{}", stderr(&built));
            let built: Value = serde_json::from_str(&stdout(&built)).expect("one JSON document");
            component = built["component"].as_str().expect("a path").to_owned();
        });
        assert!(component.ends_with(&format!("target/airssys/{NAME}.wasm")), "{component}");
        timed("call", &mut || {
            let mut call = command(&project, tool(), &["call", &component]);
            let answer = call.args(self.list("call")).output().expect("the tool starts");
            assert!(answer.status.success(), "{}", stderr(&answer));
            assert_eq!(stdout(&answer), self.about["answer"].as_str().expect("an answer"));
        });
        lints(&self.language).iter().for_each(|line| succeeds(&mut shell(&project, line)));
        times
    }
}

fn try_language(language: &str) {
    let templates: Vec<Template> = Template::all().into_iter().filter(|found| found.language == language).collect();
    let kinds: Vec<&str> = templates.iter().map(|template| template.kind.as_str()).collect();
    assert_eq!(kinds, ["minimal", "files", "messenger"], "{language} has every template");
    for template in &templates {
        let times = template.try_it();
        let total: f32 = times.iter().map(|(_, seconds)| seconds).sum();
        let steps: Vec<String> = times.iter().map(|(step, seconds)| format!("{step} {seconds:.1}")).collect();
        // Past what captures the output of tests: somebody wants to know.
        let line = format!("{language}-{}: {total:.1} s from new to answer ({})\n", template.kind, steps.join(", "));
        std::io::stderr().write_all(line.as_bytes()).expect("standard error is open");
    }
}

#[test]
fn rust() {
    try_language("rust");
}

#[test]
fn go() {
    try_language("go");
}

#[test]
fn js() {
    try_language("js");
}

#[test]
fn ts() {
    try_language("ts");
}

#[test]
fn python() {
    try_language("python");
}

#[test]
fn c() {
    try_language("c");
}

#[test]
fn no_template_is_forgotten() {
    let listed: BTreeSet<String> =
        Template::all().iter().map(|template| format!("{}-{}", template.language, template.kind)).collect();
    let on_disk: BTreeSet<String> = std::fs::read_dir(root().join("templates"))
        .expect("templates/ is there")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"))
        .collect();
    assert_eq!(listed, on_disk);
    assert_eq!(listed.len(), 18);
}

#[test]
fn every_readme_fits_a_screen_and_shows_the_commands() {
    for template in Template::all() {
        let name = format!("{}-{}", template.language, template.kind);
        let readme = root().join("templates").join(&name).join("content/README.md");
        let text = std::fs::read_to_string(&readme).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(text.lines().count() <= 40, "{name}: more than a screen");
        let call = template.list("call")[0].clone();
        for command in template.list("test").into_iter().chain(["airssys-wasm build".to_owned(), call]) {
            assert!(text.contains(&command), "{name}: {command}");
        }
    }
}

#[test]
fn one_kind_of_template_has_one_manifest_in_every_language() {
    let all = Template::all();
    for kind in ["minimal", "files", "messenger"] {
        let manifests = all.iter().filter(|template| template.kind == kind).map(|template| {
            let name = format!("{}-{kind}", template.language);
            let file = root().join("templates").join(&name).join("content/Component.toml");
            let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
            // How it is built is the one thing that depends on the language.
            let (component, rest) = text.split_once("[build]").expect("[build] comes second");
            let (_, rest) = rest.split_once("\n# What is not asked for").expect("[permissions] comes third");
            (component.to_owned(), rest.to_owned())
        });
        assert_eq!(manifests.collect::<BTreeSet<_>>().len(), 1, "{kind}");
    }
}

/// Files of a project, its SDK and results apart, that contain a word.
fn mentions(folder: &Path, word: &str) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.ends_with("sdk") {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if std::fs::read_to_string(&path).is_ok_and(|text| text.contains(word)) {
                found.insert(path);
            }
        }
    }
    found
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}\n{}{}", stdout(&output), stderr(&output));
}

/// Runs a test command, which must not pass for want of tests.
fn tested(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = stdout(&output) + &stderr(&output);
    assert!(output.status.success(), "{command:?}\n{text}");
    for nothing in ["no test files", "running 0 tests", "No tests were found", "# tests 0", "no tests ran"] {
        assert!(!text.contains(nothing), "{command:?}: {nothing}\n{text}");
    }
}

/// A line of a README, as typed into a shell.
fn shell(folder: &Path, line: &str) -> Command {
    command(folder, Path::new("sh"), &["-c", line])
}

/// A command as a user starts it: no variables of the cargo that runs these tests, and the tools that the checks of this
/// repository install (pytest, and CMake where the machine has none) on the path.
fn command(folder: &Path, program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).env("NO_COLOR", "1");
    for (name, _) in std::env::vars_os() {
        let cargo = name.to_str().is_some_and(|name| name.starts_with("CARGO_") || name.starts_with("RUST"));
        let kept = ["CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"].iter().any(|kept| name == *kept);
        if cargo && !kept {
            command.env_remove(name);
        }
    }
    let own = root().join("target/python/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path))).expect("a path");
    // What the Rust projects have in common is compiled once.
    command.env("PATH", path).env("CARGO_TARGET_DIR", root().join("target/templates/cargo"));
    command
}
