//! Arguments and names that are no UTF-8: the system allows them, so they are files, folders and inputs like others.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use airssys_wasm_tests::{stderr, stdout};
use insta::assert_snapshot;
use serde_json::Value;

use crate::components;
use crate::refusal::{Place, tree};

/// A name in Latin-1.
const CAFE: &[u8] = b"caf\xe9";

fn words(words: &[&[u8]]) -> Vec<OsString> {
    words.iter().map(|word| OsStr::from_bytes(word).to_owned()).collect()
}

#[test]
fn an_argument_that_has_to_be_text_is_named_and_ends_with_2() {
    let place = Place::new();
    let mut said = String::new();
    let lines: [&[&[u8]]; 8] = [
        &[b"call", b"x.wasm", b"gr\xffet"],
        &[b"call", b"x.wasm", b"greet", b"--mount", b"/d\xff=."],
        &[b"new", b"hell\xff", b"--lang", b"c"],
        &[b"build", b"--engine=\xff"],
        &[b"conformance", b"run", b"--sdk", b"\xff"],
        &[b"toolchain", b"install", b"\xff"],
        &[b"completions", b"\xff"],
        &[b"\xff"],
    ];
    for arguments in lines {
        let human = place.command(&words(arguments)).output().expect("the tool starts");
        assert_eq!(human.status.code(), Some(2), "{arguments:?}: {}", stderr(&human));
        said.push_str(&stderr(&human));
        let format: &[&[u8]] = &[b"--format", b"json"];
        let json = place.command(&words(&[arguments, format].concat())).output().expect("the tool starts");
        assert_eq!(json.status.code(), Some(2), "{}", stderr(&json));
        let error: Value = serde_json::from_str(&stderr(&json)).expect("one document");
        assert_eq!((&error["code"], &error["exit-code"]), (&"usage".into(), &2.into()));
    }
    assert_snapshot!(said);
}

#[test]
fn an_input_has_any_bytes_and_so_have_names_of_files_and_folders() {
    let place = Place::new();
    let folder = place.folder().join(OsStr::from_bytes(CAFE));
    std::fs::create_dir(&folder).expect("created");
    std::fs::copy(components::hello(), folder.join("hello.wasm")).expect("copied");
    std::fs::write(folder.join("input"), "File").expect("written");
    let component = [CAFE, b"/hello.wasm"].concat();
    let (at_file, mount) = ([b"@", CAFE, b"/input"].concat(), [b"/data=", CAFE].concat());
    let calls: [(&[u8], &[u8]); 2] = [(b"W\xffrld", b"Hello, W\xffrld!"), (&at_file, b"Hello, File!")];
    for (input, expected) in calls {
        let arguments = words(&[b"call", &component, b"greet", input, b"--mount", &mount]);
        let output = place.command(&arguments).output().expect("the tool starts");
        assert_eq!(output.stdout, expected, "{}", stderr(&output));
    }
    let inspected = place.command(&words(&[b"inspect", &component])).output().expect("the tool starts");
    assert!(inspected.status.success(), "{}", stderr(&inspected));
}

#[test]
fn files_that_are_not_there_are_named_whatever_their_bytes() {
    let place = Place::new();
    std::fs::copy(components::hello(), place.path("hello.wasm")).expect("copied");
    let lines: [&[&[u8]]; 11] = [
        &[b"call", CAFE, b"greet"],
        &[b"inspect", CAFE],
        &[b"call", b"hello.wasm", b"greet", b"x", b"--grant", CAFE],
        &[b"call", b"hello.wasm", b"greet", b"x", b"--host-config", CAFE],
        &[b"call", b"hello.wasm", b"greet", b"x", b"--trust-ca", CAFE],
        &[b"call", b"hello.wasm", b"greet", b"x", b"--with", CAFE],
        &[b"call", b"hello.wasm", b"greet", b"@caf\xe9"],
        &[b"build", CAFE],
        &[b"conformance", b"report", CAFE, b"--as", b"tap"],
        &[b"conformance", b"compare", CAFE, CAFE],
        &[b"conformance", b"run", b"--guest", CAFE],
    ];
    let formats: [&[&[u8]]; 2] = [&[], &[b"--format", b"json"]];
    for arguments in lines {
        for format in formats {
            let line = words(&[format, arguments].concat());
            let output = place.command(&line).output().expect("the tool starts");
            assert_eq!(output.status.code(), Some(3), "{line:?}: {}", stderr(&output));
            assert!(stderr(&output).contains("caf\u{fffd}"), "{line:?}: {}", stderr(&output));
        }
    }
}

#[test]
fn a_project_is_made_in_a_folder_of_any_name_or_refused_before_anything_is_written() {
    for (language, tool) in [("c", None), ("go", None), ("rust", Some("cargo")), ("ts", Some("node"))] {
        let place = Place::new();
        let path = [CAFE, b"/p"].concat();
        let arguments =
            words(&[b"--format", b"json", b"new", b"hello", b"--lang", language.as_bytes(), b"--path", &path]);
        let output = place.command(&arguments).output().expect("the tool starts");
        match tool {
            None => {
                let made: Value = serde_json::from_str(&stdout(&output)).expect("one document");
                assert_eq!((&made["project"], &made["inexact"]), (&"caf\u{fffd}/p".into(), &vec!["project"].into()));
                assert_eq!(made["next"][0], r"cd $'caf\xe9/p'");
                assert!(place.folder().join(OsStr::from_bytes(&path)).join("Component.toml").is_file());
            }
            Some(tool) => {
                assert_eq!(output.status.code(), Some(3), "{language}: {}", stderr(&output));
                let error: Value = serde_json::from_str(&stderr(&output)).expect("one document");
                let text = error["causes"][0].as_str().expect("a text");
                assert!(text.contains(tool) && text.contains("caf\u{fffd}/p"), "{text}");
                assert_eq!(tree(place.folder()), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn a_build_in_a_folder_of_any_name_says_where_the_component_is() {
    let place = Place::new();
    let new = words(&[b"new", b"hello", b"--lang", b"c", b"--path", CAFE]);
    assert!(place.command(&new).output().expect("the tool starts").status.success());
    let built = place.command(&words(&[b"--format", b"json", b"build", CAFE])).output().expect("the tool starts");
    assert!(built.status.success(), "{}", stderr(&built));
    let built: Value = serde_json::from_str(&stdout(&built)).expect("one document");
    assert!(built["component"].as_str().is_some_and(|path| path.ends_with("caf\u{fffd}/target/airssys/hello.wasm")));
    assert_eq!(built["inexact"], Value::from(vec!["component"]));
}
