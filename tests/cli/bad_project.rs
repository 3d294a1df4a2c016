//! A Component.toml that is fine, in a folder that does not have what it speaks of.

use insta::assert_snapshot;

use crate::refusal::{Place, tree};

/// What `build` says of a folder with these files and this `[build]`.
fn refused(files: &[&str], build: &str) -> String {
    let place = Place::new();
    for file in files {
        place.write(file, "");
    }
    place.write("Component.toml", manifest(build));
    let before = tree(place.folder());
    let said = place.refusal(&["build"]);
    assert_eq!(tree(place.folder()), before, "nothing is written");
    format!("{} and {build}\n{said}", files.join(", "))
}

fn manifest(build: &str) -> String {
    format!("[component]\nname = \"acme/hello\"\nversion = \"0.1.0\"\n[build]\n{build}\n")
}

#[test]
fn a_source_that_is_not_there() {
    let said = ["rust", "go", "js", "python", "c"].map(|language| {
        let source = if language == "c" || language == "go" || language == "rust" { "code" } else { "code.x" };
        refused(&[], &format!("language = \"{language}\"\nsource = \"{source}\""))
    });
    assert_snapshot!(said.join("\n"));
}

#[test]
fn a_folder_that_looks_like_another_language() {
    assert_snapshot!(
        [
            refused(&["go.mod", "main.go"], "language = \"rust\""),
            refused(&["Cargo.toml", "src/lib.rs"], "language = \"js\""),
            refused(&["package.json", "src/index.ts"], "language = \"python\""),
            refused(&["src/hello.c"], "language = \"rust\""),
            refused(&["app.py"], "language = \"c\""),
            refused(&["go.mod"], "source = \".\""),
            refused(&[], "source = \".\""),
        ]
        .join("\n")
    );
}

#[test]
fn a_source_of_the_wrong_kind() {
    assert_snapshot!(
        [
            refused(&["src/index.ts"], "language = \"js\"\nsource = \"src\""),
            refused(&["app/app.py"], "language = \"python\"\nsource = \"app\""),
            refused(&["hello.c"], "language = \"c\"\nsource = \"hello.c\""),
            refused(&["src/lib.rs"], "language = \"rust\""),
        ]
        .join("\n")
    );
}

#[test]
fn an_sdk_that_is_not_there_or_is_another_one() {
    assert_snapshot!(
        [
            refused(&["src/hello.c"], "language = \"c\"\nsdk = \"../sdk-c\""),
            refused(&["src/hello.c", "sdk-go/go.mod"], "language = \"c\"\nsdk = \"sdk-go\""),
            refused(&["src/index.ts", "sdk-c/include/x.h"], "language = \"js\"\nsdk = \"sdk-c\""),
        ]
        .join("\n")
    );
}

#[test]
fn an_output_that_is_a_folder() {
    let place = Place::new();
    place.write("app.py", "x = 1\n");
    place.write("Component.toml", manifest("language = \"python\""));
    std::fs::create_dir(place.path("out")).expect("created");
    assert_snapshot!(place.refusal(&["build", "--output", "out"]));
    assert!(tree(&place.path("out")).is_empty());
}

#[test]
fn an_output_below_a_file() {
    let place = Place::new();
    place.write("app.py", "x = 1\n");
    place.write("Component.toml", manifest("language = \"python\""));
    assert_snapshot!(place.refusal(&["build", "--output", "app.py/hello.wasm"]));
}
