//! A Component.toml that is absent, broken or contradicts itself.

use insta::assert_snapshot;

use crate::refusal::Place;

const COMPONENT: &str = "[component]\nname = \"acme/hello\"\nversion = \"0.1.0\"\n";

/// What `build` says of a Component.toml, in a folder with a source for Python.
fn refused(manifest: impl AsRef<[u8]>) -> String {
    let place = Place::new();
    place.write("app.py", "x = 1\n");
    place.write("Component.toml", manifest);
    let said = place.refusal(&["build"]);
    assert!(!place.path("target").exists(), "nothing is written before all is well");
    said
}

fn all_refused(rest: &[&str]) -> String {
    rest.iter().map(|rest| refused(format!("{COMPONENT}{rest}"))).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_component_toml() {
    let place = Place::new();
    place.write("outer/Component.toml", COMPONENT);
    place.write("outer/src/lib.rs", "");
    assert_snapshot!(place.refusals(&[
        &["build"],
        &["build", "absent"],
        &["build", "absent/Component.toml"],
        &["build", "outer/src"],
    ]));
}

#[test]
fn text_that_is_no_toml() {
    assert_snapshot!(all_refused(&["[build\n", "language = rust\n", "x = \"\u{0}\"\n", "name = \"acme/other\"\n"]));
}

#[test]
fn missing_keys() {
    assert_snapshot!([refused(""), refused("[component]\n"), refused(COMPONENT)].join("\n"));
}

#[test]
fn unknown_keys() {
    assert_snapshot!(all_refused(&["[biuld]\n", "[build]\nlangauge = \"python\"\n", "language = \"python\"\n"]));
}

#[test]
fn values_of_wrong_types() {
    assert_snapshot!(all_refused(&[
        "authors = \"me\"\n[build]\nlanguage = [\"python\"]\n[limits]\nmax-open-files = \"3\"\n[config]\ndata = 1\n",
        "[permissions]\nfilesystem = \"/data\"\n",
        "[[build]]\nlanguage = \"python\"\n",
    ]));
}

#[test]
fn a_language_that_there_is_not() {
    assert_snapshot!(all_refused(&["[build]\nlanguage = \"golang\"\n", "[build]\nlanguage = \"cobol\"\n"]));
}

#[test]
fn keys_that_contradict_each_other() {
    assert_snapshot!(all_refused(&[
        "[build]\nlanguage = \"python\"\nengine = \"quickjs\"\n",
        "[build]\nlanguage = \"python\"\nbindings = \"gen\"\n",
        "[permissions]\nmessaging = [{ target = \"a/b\" }, { target = \"a/b\" }]\n",
    ]));
}

#[test]
fn a_world_without_what_the_permissions_ask_for() {
    let files = "filesystem = [{ action = \"read\", path = \"/data/**\" }]\n";
    let network = "network = [{ action = \"outbound\", host = \"*\" }]\n";
    let manifest = |world: &str, permissions: &str| {
        format!("[build]\nlanguage = \"python\"\nworld = \"{world}\"\n[permissions]\n{permissions}")
    };
    assert_snapshot!(all_refused(&[
        &manifest("minimal", files),
        &manifest("with-network", files),
        &manifest("with-filesystem", &[files, network].concat()),
    ]));
}

#[test]
fn a_world_that_there_is_not() {
    assert_snapshot!(all_refused(&[
        "[build]\nlanguage = \"python\"\nworld = \"with-filesytem\"\n",
        "[build]\nlanguage = \"python\"\nworld = \"everything\"\n",
    ]));
}

#[test]
fn bytes_that_are_no_text() {
    assert_snapshot!([refused(b"\xff\xfe[\0c\0"), refused(b"[component]\nname = \"acme/gr\xfc\xdfe\"\n")].join("\n"));
}

#[test]
fn a_file_that_is_too_large_or_none_at_all() {
    let place = Place::new();
    place.write("Component.toml", "#".repeat((1 << 20) + 1));
    std::fs::create_dir_all(place.path("folder/Component.toml")).expect("created");
    assert_snapshot!(place.refusals(&[&["build"], &["build", "/dev/zero"], &["build", "folder"]]));
}
