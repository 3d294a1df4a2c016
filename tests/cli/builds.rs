//! What makes a component be built again, and what does not: with the real compilers, which know what they read.

use std::path::{Path, PathBuf};

use airssys_wasm_tests::{root, stderr, stdout};
use serde_json::Value;

use crate::refusal::Place;

/// Builds a folder of a place; the component, and whether it came from the cache.
pub fn built(place: &Place, folder: &str, more: &[&str]) -> (Vec<u8>, bool) {
    let output = place.command(&[&["--format", "json", "build", folder], more].concat()).output().expect("it starts");
    assert!(output.status.success(), "{folder}: {}", stderr(&output));
    let said: Value = serde_json::from_str(&stdout(&output)).expect("one JSON document");
    let component = PathBuf::from(said["component"].as_str().expect("a path"));
    (std::fs::read(component).expect("readable"), said["cached"].as_bool().expect("it says so"))
}

/// Makes a project from a template.
pub fn new(place: &Place, language: &str, path: &str) {
    let above = place.path(path).parent().expect("it is in the place").to_owned();
    std::fs::create_dir_all(above).expect("created");
    let made = place.command(&["new", "acme/hello", "--lang", language, "--path", path]).output().expect("it starts");
    assert!(made.status.success(), "{}", stderr(&made));
    unlike_others(place, path);
}

/// Makes what is built here something that was never built before: the same bytes would come from the cache.
fn unlike_others(place: &Place, path: &str) {
    let manifest = place.path(&format!("{path}/Component.toml"));
    let text = std::fs::read_to_string(&manifest).expect("readable");
    let name = place.folder().file_name().expect("it has a name").to_string_lossy();
    std::fs::write(manifest, format!("{text}\n# {name}\n")).expect("written");
}

/// Replaces a piece of a file.
pub fn edit(path: &Path, old: &str, new: &str) {
    let text = std::fs::read_to_string(path).expect("readable");
    assert!(text.contains(old), "{old:?} is not in {}", path.display());
    std::fs::write(path, text.replacen(old, new, 1)).expect("written");
}

fn has(component: &[u8], text: &str) -> bool {
    component.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Changes one file after the other, and expects each to be noticed once.
///
/// Every file holds the text `<its mark>-1`, which ends up in the component, and is changed to `<its mark>-2`.
fn notices(place: &Place, folder: &str, files: &[(&str, &str)]) {
    let (component, cached) = built(place, folder, &[]);
    assert!(!cached, "the first build is one");
    for (file, mark) in files {
        assert!(has(&component, &format!("{mark}-1")), "{file} is in the component");
    }
    assert!(built(place, folder, &[]).1, "nothing has changed");
    for (file, mark) in files {
        edit(&place.path(file), &format!("{mark}-1"), &format!("{mark}-2"));
        let (component, cached) = built(place, folder, &[]);
        assert!(!cached && has(&component, &format!("{mark}-2")), "a change of {file} is noticed, {cached}");
    }
    assert!(built(place, folder, &[]).1, "nothing has changed since");
}

/// A project in Rust over the SDK of this checkout, with this text as the body of `greet`.
pub fn rust(place: &Place, folder: &str, greet: &str, more: &str) {
    let sdk = root().join("sdk-rust");
    place.write(
        &format!("{folder}/Cargo.toml"),
        format!(
            "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n\
             [dependencies]\nairssys-wasm-sdk = {{ path = {sdk:?} }}\n{more}\n[workspace]\n"
        ),
    );
    place.write(
        &format!("{folder}/src/lib.rs"),
        format!(
            "#[derive(Default)]\nstruct Hello;\n\n#[airssys_wasm_sdk::component]\nimpl Hello {{\n    #[operation]\n    \
             fn greet(&mut self, name: String) -> String {{\n        {greet}\n    }}\n}}\n"
        ),
    );
    place.write(&format!("{folder}/Component.toml"), manifest("rust"));
    unlike_others(place, folder);
}

pub fn manifest(language: &str) -> String {
    format!(
        "[component]\nname = \"acme/hello\"\nversion = \"0.1.0\"\noperations = [\"greet\"]\n[build]\nlanguage = \"{language}\"\n"
    )
}

#[test]
fn rust_is_built_again_whatever_cargo_reads_has_changed() {
    let mut place = Place::new();
    rust(
        &place,
        "work/hello",
        r#"format!("{name} {} {} {} {} {:?}", target::MARK, shared::MARK, include_str!("../../outside.txt"), marks::MARK,
            option_env!("AIRSSYS_TEST_MARK"))"#,
        "marks = { path = \"../marks\" }",
    );
    edit(
        &place.path("work/hello/src/lib.rs"),
        "#[derive",
        "mod target;\n#[path = \"../../shared.rs\"]\nmod shared;\n\n#[derive",
    );
    place.write("work/hello/src/target/mod.rs", "pub const MARK: &str = \"module-1\";\n");
    place.write("work/shared.rs", "pub const MARK: &str = \"path-1\";\n");
    place.write("work/outside.txt", "included-1");
    place.write("work/marks/Cargo.toml", "[package]\nname = \"marks\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    place.write("work/marks/src/lib.rs", "pub const MARK: &str = \"dependency-1\";\n");
    let files = [
        ("work/hello/src/target/mod.rs", "module"),
        ("work/shared.rs", "path"),
        ("work/outside.txt", "included"),
        ("work/marks/src/lib.rs", "dependency"),
    ];
    notices(&place, "work/hello", &files);

    place.set("AIRSSYS_TEST_MARK", "variable-1");
    let (component, cached) = built(&place, "work/hello", &[]);
    assert!(!cached && has(&component, "variable-1"), "a variable that the source reads is noticed");
    place.set("AIRSSYS_TEST_OTHER", "1");
    assert!(built(&place, "work/hello", &[]).1, "one that it does not read is none of its business");
}

#[test]
fn crates_of_the_same_name_in_two_workspaces_are_two_crates() {
    let place = Place::new();
    for folder in ["one", "other"] {
        let greet = format!("format!(\"{{name}} {folder}-hello {{}}\", common::MARK)");
        rust(&place, folder, &greet, "common = { path = \"common\" }");
        let manifest = "[package]\nname = \"common\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
        place.write(&format!("{folder}/common/Cargo.toml"), manifest);
        place.write(&format!("{folder}/common/src/lib.rs"), format!("pub const MARK: &str = \"{folder}-common\";\n"));
    }
    for folder in ["one", "other", "one"] {
        let (component, _) = built(&place, folder, &["--force"]);
        assert!(has(&component, &format!("{folder}-hello")), "{folder} has its own source");
        assert!(has(&component, &format!("{folder}-common")), "{folder} has its own crate");
    }
}

#[test]
fn go_is_built_again_whatever_its_compiler_reads_has_changed() {
    let place = Place::new();
    new(&place, "go", "work/hello");
    place.write("work/go.work", "go 1.26\nuse ./hello\nuse ./marks\n");
    place.write("work/marks/go.mod", "module example.org/marks\ngo 1.26\n");
    place.write("work/marks/marks.go", "package marks\n\nconst Mark = \"workspace-1\"\n");
    place.write("work/hello/internal/target/target.go", "package target\n\nconst Mark = \"module-1\"\n");
    place.write("work/hello/embedded.txt", "embedded-1");
    place.write("work/hello/plain.go", "//go:build !tagged\n\npackage main\n\nconst tagged = \"plain-1\"\n");
    place.write("work/hello/tagged.go", "//go:build tagged\n\npackage main\n\nconst tagged = \"tagged-1\"\n");
    let module = std::fs::read_to_string(place.path("work/hello/go.mod")).expect("readable");
    let module =
        module.lines().find_map(|line| line.strip_prefix("module ")).expect("go.mod names its module").to_owned();
    place.write(
        "work/hello/marks.go",
        format!(
            "package main\n\nimport (\n\t_ \"embed\"\n\n\t\"example.org/marks\"\n\t\"{module}/internal/target\"\n)\n\n\
             //go:embed embedded.txt\nvar embedded string\n\n\
             func init() {{ println(marks.Mark, target.Mark, embedded, tagged) }}\n"
        ),
    );
    let files = [
        ("work/marks/marks.go", "workspace"),
        ("work/hello/internal/target/target.go", "module"),
        ("work/hello/embedded.txt", "embedded"),
        ("work/hello/plain.go", "plain"),
    ];
    notices(&place, "work/hello", &files);

    let mut place = place;
    place.write("goenv", "GOFLAGS=-tags=tagged\n");
    place.set("GOENV", place.path("goenv"));
    let (component, cached) = built(&place, "work/hello", &[]);
    assert!(!cached && has(&component, "tagged-1"), "what `go env -w` has written is noticed");
}

#[test]
fn c_is_built_again_whatever_its_compiler_reads_has_changed() {
    let place = Place::new();
    new(&place, "c", "work/hello");
    place.write("work/common.h", "#define OUTSIDE \"outside-1\"\n");
    place.write("work/hello/src/inner/inner.h", "#define INNER \"inner-1\"\n");
    place.write(
        "work/hello/src/marks.c",
        "#include \"../../common.h\"\n#include \"inner/inner.h\"\n#if __has_include(\"later.h\")\n#include \"later.h\"\n#else\n\
         #define LATER \"\"\n#endif\n__attribute__((used)) const char marks[] = OUTSIDE INNER LATER;\n",
    );
    notices(&place, "work/hello", &[("work/common.h", "outside"), ("work/hello/src/inner/inner.h", "inner")]);

    place.write("work/hello/src/later.h", "#define LATER \"later-1\"\n");
    let (component, cached) = built(&place, "work/hello", &[]);
    assert!(!cached && has(&component, "later-1"), "a header that was not there is noticed");
}

#[test]
fn javascript_is_built_again_whatever_the_bundler_reads_has_changed() {
    let place = Place::new();
    new(&place, "js", "work/hello");
    edit(&place.path("work/hello/Component.toml"), "[build]", "[build]\nengine = \"quickjs\"");
    place.write("work/shared.js", "export const shared = \"outside-1\";\n");
    place.write("work/sibling/package.json", "{ \"name\": \"sibling\", \"type\": \"module\", \"main\": \"index.js\" }");
    place.write("work/sibling/index.js", "export const sibling = \"sibling-1\";\n");
    place.write("work/node_modules/x/package.json", "{ \"name\": \"x\", \"main\": \"index.js\" }");
    place.write("work/node_modules/x/index.js", "exports.x = \"package-1\";\n");
    std::os::unix::fs::symlink("../sibling", place.path("work/node_modules/sibling")).expect("linked");
    let index = place.path("work/hello/src/index.js");
    edit(
        &index,
        "import {",
        "import { shared } from \"../../shared.js\";\nimport { sibling } from \"sibling\";\nimport { x } from \"x\";\n\
         globalThis.marks = [shared, sibling, x];\nimport {",
    );
    let files = [
        ("work/shared.js", "outside"),
        ("work/sibling/index.js", "sibling"),
        ("work/node_modules/x/index.js", "package"),
    ];
    notices(&place, "work/hello", &files);

    place.write("work/node_modules/x/other.js", "exports.x = \"other-1\";\n");
    edit(&place.path("work/node_modules/x/package.json"), "index.js", "other.js");
    let (component, cached) = built(&place, "work/hello", &[]);
    assert!(!cached && has(&component, "other-1"), "where a package begins is noticed");
}

#[test]
fn what_lies_beside_a_source_is_neither_read_nor_counted() {
    let place = Place::new();
    new(&place, "c", "hello");
    assert!(!built(&place, "hello", &[]).1);
    // Reading it would take more memory than there is.
    let data = std::fs::File::create(place.path("data")).expect("created");
    data.set_len(1 << 40).expect("a file with a hole in it");
    std::os::unix::fs::symlink("../data", place.path("hello/link")).expect("linked");
    std::os::unix::fs::symlink("/nowhere", place.path("hello/dangling")).expect("linked");
    place.write("hello/data/a.txt", "what the component has written");
    place.write("hello/cache/0a1b.cwasm", "what the host has compiled");
    crate::interrupted::fifo(&place.path("hello/pipe"));
    let unreadable = place.path("hello/locked");
    std::fs::create_dir(&unreadable).expect("created");
    std::fs::set_permissions(&unreadable, std::os::unix::fs::PermissionsExt::from_mode(0o0)).expect("changed");
    assert!(built(&place, "hello", &[]).1, "none of it goes into the component");
}

#[test]
fn people_are_told_that_nothing_has_changed_and_can_force_a_build() {
    let place = Place::new();
    new(&place, "c", "hello");
    built(&place, "hello", &[]);
    let again = place.command(&["build", "hello"]).output().expect("it starts");
    assert!(stderr(&again).contains("taken from the cache"), "{}", stderr(&again));
    let forced = place.command(&["build", "hello", "--force"]).output().expect("it starts");
    assert!(!stderr(&forced).contains("taken from the cache"), "{}", stderr(&forced));
    assert!(!built(&place, "hello", &["--force"]).1);
    assert!(built(&place, "hello", &[]).1, "what was forced is kept");
}

#[test]
fn the_same_source_in_two_folders_makes_the_same_component() {
    let place = Place::new();
    for language in ["c", "go", "rust"] {
        let [one, other] = ["one", "another/and deeper"].map(|folder| {
            let path = format!("{folder}/{language}");
            new(&place, language, &path);
            if language == "c" {
                let file = place.path(&format!("{path}/src/place.c"));
                std::fs::write(file, "__attribute__((used)) const char file[] = __FILE__;\n").expect("written");
            }
            built(&place, &path, &["--force"]).0
        });
        let here = place.folder().display().to_string();
        assert!(!has(&one, &here), "{language}: the folder of the builder is not in the component");
        let home = std::env::var("HOME").expect("there is a home folder");
        assert!(!has(&one, &format!("{home}/")), "{language}: the home folder of the builder is not in the component");
        assert!(one == other, "{language}: {} and {} bytes", one.len(), other.len());
    }
}
