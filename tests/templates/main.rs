//! Every template, as a new user would take it: `new`, its unit tests, `build`, the first call.
//!
//! The projects stay in `target/templates`, so that a second run finds what has not changed built already.

mod documents;
mod shell;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use airssys_wasm_tests::{read, remove_folder, root, run, stdout, tool};
use serde_json::Value;

use documents::{blocks, sessions};
use shell::{command, shell, succeeds};

/// The name that every project gets here: one that shows where a template writes its own.
const NAME: &str = "log-shipper";

/// What a careful author runs before every commit, in the languages whose tests do not.
fn lints(language: &str) -> Vec<String> {
    let lines: &[&str] = match language {
        "rust" => &["cargo fmt --check", "cargo clippy --quiet --all-targets -- -D warnings"],
        "go" => &["test -z \"$(gofmt -l *.go)\"", "go vet ."],
        "js" => &["ROOT/sdk-js/node_modules/.bin/tsc --noEmit --project jsconfig.json"],
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

    /// Makes the project, types what its README shows, and returns the seconds of both.
    fn try_it(&self) -> [f32; 2] {
        let folder = root().join("target/templates").join(format!("{}-{}", self.language, self.kind));
        let project = folder.join(NAME);
        remove_folder(&project);
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        // This repository has its own way of formatting, which its users need not share.
        std::fs::write(folder.join("rustfmt.toml"), "").expect("a file can be written");
        let started = Instant::now();
        let arguments = ["new", &format!("acme/{NAME}"), "--lang", &self.language, "--template", &self.kind];
        succeeds(&mut command(&folder, tool(), &arguments));
        let new = started.elapsed().as_secs_f32();
        for word in ["my-component", "my_component", "MyComponent", "my-namespace"] {
            assert_eq!(mentions(&project, word), BTreeSet::new(), "the name is filled in");
        }
        let readme = std::fs::read_to_string(project.join("README.md")).expect("a project has a README");
        let shown = blocks::read("README.md", &readme).into_iter().filter(|block| block.language == "console");
        let started = Instant::now();
        let printed: String = shown.map(|block| sessions::run(&project, &block.text)).collect();
        let session = started.elapsed().as_secs_f32();
        // Tests must not pass for want of tests.
        for nothing in ["no test files", "running 0 tests", "No tests were found", "# tests 0", "no tests ran"] {
            assert!(!printed.contains(nothing), "{nothing}\n{printed}");
        }
        assert!(project.join(format!("target/airssys/{NAME}.wasm")).is_file(), "the README shows a build");
        lints(&self.language).iter().for_each(|line| succeeds(&mut shell(&project, line)));
        [new, session]
    }
}

fn try_language(language: &str) {
    let templates: Vec<Template> = Template::all().into_iter().filter(|found| found.language == language).collect();
    let kinds: Vec<&str> = templates.iter().map(|template| template.kind.as_str()).collect();
    assert_eq!(kinds, ["minimal", "files", "messenger"], "{language} has every template");
    for template in &templates {
        let [new, session] = template.try_it();
        // Past what captures the output of tests: somebody wants to know.
        let line =
            format!("{language}-{}: {:.1} s from new to answer, {new:.1} of them new\n", template.kind, new + session);
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
        let text = read(format!("templates/{name}/content/README.md"));
        assert!(text.lines().count() <= 40, "{name}: more than a screen");
        let call = template.list("call")[0].clone();
        let answer = template.about["answer"].as_str().expect("an answer").to_owned();
        let setup_and_test = template.list("setup").into_iter().chain(template.list("test"));
        for shown in setup_and_test.chain(["airssys-wasm build".to_owned(), call, answer]) {
            assert!(text.contains(&shown), "{name}: {shown}");
        }
    }
}

#[test]
fn one_kind_of_template_has_one_manifest_in_every_language() {
    let all = Template::all();
    for kind in ["minimal", "files", "messenger"] {
        let manifests = all.iter().filter(|template| template.kind == kind).map(|template| {
            let name = format!("{}-{kind}", template.language);
            let text = read(format!("templates/{name}/content/Component.toml"));
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
