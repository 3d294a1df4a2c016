//! Files that are no component, half of one, or one for another host.

use airssys_wasm_toolchain::component::{MANIFEST_SECTION, Preview1, embed_manifest, encode};
use insta::assert_snapshot;

use crate::guests::{self, core, hollow, of_contract, of_text};
use crate::refusal::Place;

/// What the host takes.
const MAX_COMPONENT_BYTES: u64 = 128 << 20;

/// What `call` and `inspect` say of a file.
fn refused(content: impl AsRef<[u8]>) -> String {
    let place = Place::new();
    place.write("it.wasm", content);
    place.refusals(&[&["call", "it.wasm", "greet"], &["inspect", "it.wasm"]])
}

/// What `call` says of a component that can be inspected, and what `inspect` says of it.
fn uncallable(content: impl AsRef<[u8]>) -> String {
    let place = Place::new();
    place.write("it.wasm", content);
    let call = place.refusal(&["call", "it.wasm", "greet"]);
    let inspected = place.command(&["inspect", "it.wasm"]).output().expect("the tool starts");
    assert!(inspected.status.success(), "{}", airssys_wasm_tests::stderr(&inspected));
    let text = airssys_wasm_tests::stdout(&inspected);
    let problem = text.find("this host cannot run it").expect("inspect says that it cannot run");
    format!("{call}\ninspect it.wasm\n{}", &text[problem..])
}

#[test]
fn a_file_that_is_absent_or_a_folder() {
    let place = Place::new();
    std::fs::create_dir(place.path("folder.wasm")).expect("created");
    assert_snapshot!(place.refusals(&[
        &["call", "absent.wasm", "greet"],
        &["inspect", "absent.wasm"],
        &["call", "absent.wasm", "greet", "--grant-declared"],
        &["call", "folder.wasm", "greet"],
        &["inspect", "folder.wasm"],
    ]));
}

#[test]
fn an_empty_file() {
    assert_snapshot!(refused(""));
}

#[test]
fn a_file_that_is_something_else_says_what_it_looks_like() {
    let kinds: [(&str, &[u8]); 7] = [
        ("text", b"#!/bin/sh\necho hello\n"),
        ("image", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"),
        ("archive", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("page", b"<!DOCTYPE html><title>404</title>"),
        ("pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n"),
        ("source", b"(component)"),
        ("bytes", b"\xff\xfe\x00\x01\x80"),
    ];
    let place = Place::new();
    let mut said = String::new();
    for (name, content) in kinds {
        let file = format!("{name}.wasm");
        place.write(&file, content);
        said.push_str(&place.refusals(&[&["call", &file, "greet"], &["inspect", &file]]));
        said.push('\n');
    }
    assert_snapshot!(said);
}

#[test]
fn a_component_that_is_cut_off() {
    let whole = hollow();
    let place = Place::new();
    // In the magic number, in the version, in a section's head, in the core module, in the last section.
    let said = [3, 6, 9, whole.len() / 2, whole.len() - 1].map(|end| {
        place.write("it.wasm", &whole[..end]);
        let text = place.refusals(&[&["call", "it.wasm", "greet"], &["inspect", "it.wasm"]]);
        text.replace(&format!("after {end} bytes"), "after [END] bytes")
    });
    assert!(said.iter().all(|text| *text == said[0]), "{said:#?}");
    assert_snapshot!(said[0]);
}

#[test]
fn a_component_that_is_damaged() {
    let mut damaged = hollow();
    damaged.extend([99, 1, 0]);
    assert_snapshot!(refused(damaged));
}

#[test]
fn a_core_module() {
    assert_snapshot!(uncallable(core()));
}

#[test]
fn a_component_without_component_toml() {
    assert_snapshot!(uncallable(encode(&core(), "minimal", Preview1::Refused).expect("it fits")));
}

#[test]
fn a_component_of_another_world() {
    let command = r#"(component
        (core module $m (func (export "run") (result i32) i32.const 0))
        (core instance $i (instantiate $m))
        (func $run (result (result)) (canon lift (core func $i "run")))
        (instance $exported (export "run" (func $run)))
        (export "wasi:cli/run@0.2.0" (instance $exported)))"#;
    assert_snapshot!(uncallable(wat::parse_str(command).expect("it parses")));
}

#[test]
fn a_component_that_exports_nothing() {
    assert_snapshot!(uncallable(of_text("(component)")));
}

#[test]
fn all_missing_imports_are_listed_at_once() {
    assert_snapshot!(uncallable(of_text(
        r#"(component
        (import "wasi:http/types@0.2.0" (instance))
        (import "wasi:clocks/wall-clock@0.3.0" (instance))
        (import "wasi:clocks/wall-clock@0.1.0" (instance))
        (import "wasi:clocks/sundial@0.2.0" (instance))
        (import "wasi:cli/stdout@0.2.6" (instance))
        (import "airssys:core/host-service@1.0.0" (instance))
        (import "airssys:core/host-services@1.0.0" (instance))
        (import "airssys:core/host-services@2.0.0" (instance))
        (import "airssys:ext-teleport/pads@1.0.0" (instance))
        (import "acme:shop/cart@1.0.0" (instance))
        (import "log" (func)))"#
    )));
}

#[test]
fn thousands_of_missing_imports_are_cut_short() {
    let imports: String = (0..3000).map(|number| format!("(import \"a:b/c{number}@1.0.0\" (instance))")).collect();
    let text = Place::new();
    text.write("it.wasm", of_text(&format!("(component {imports})")));
    let said = text.refusal(&["call", "it.wasm", "greet"]);
    assert!(said.contains("a:b/c63@1.0.0") && !said.contains("a:b/c64@1.0.0"), "{said}");
    assert!(said.trim_end().ends_with("and 2936 more"), "{said}");
}

#[test]
fn a_component_built_for_the_next_major_version_of_the_contract() {
    assert_snapshot!(uncallable(of_contract("2.0.0")));
}

#[test]
fn a_component_built_for_the_next_minor_version_of_the_contract() {
    let place = Place::new();
    place.write("it.wasm", of_contract("1.1.0"));
    assert_snapshot!(place.refusal(&["call", "it.wasm", "greet"]));
}

#[test]
fn an_import_with_other_types() {
    assert_snapshot!({
        let place = Place::new();
        let text = r#"(component
            (import "airssys:core/host-services@1.0.0" (instance (export "sleep" (func (param "duration-ms" u64)))))
            (core module $m (func (export "run") (result i32) i32.const 0))
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $exported (export "run" (func $run)))
            (export "airssys:core/component-lifecycle@1.0.0" (instance $exported)))"#;
        place.write("it.wasm", of_text(text));
        place.refusal(&["call", "it.wasm", "greet"])
    });
}

#[test]
fn a_lifecycle_with_other_types() {
    assert_snapshot!({
        let place = Place::new();
        let text = r#"(component
            (core module $m (func (export "run") (result i32) i32.const 0))
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $exported (export "run" (func $run)))
            (export "airssys:core/component-lifecycle@1.0.0" (instance $exported)))"#;
        place.write("it.wasm", of_text(text));
        place.refusal(&["call", "it.wasm", "greet"])
    });
}

#[test]
fn a_component_that_is_too_large() {
    let place = Place::new();
    let file = std::fs::File::create(place.path("it.wasm")).expect("created");
    std::io::Write::write_all(&mut &file, &hollow()).expect("written");
    file.set_len(MAX_COMPONENT_BYTES + 1).expect("the file has holes");
    assert_snapshot!(place.refusals(&[
        &["call", "it.wasm", "greet"],
        &["inspect", "it.wasm"],
        &["call", "/dev/zero", "greet"],
        &["inspect", "/dev/zero"],
    ]));
}

#[test]
fn an_embedded_component_toml_that_is_wrong() {
    let broken = [
        "[component\n",
        "[component]\nname = \"acme/hollow\"\nverison = \"0.1.0\"\n",
        "[component]\nname = \"acme/hollow\"\nversion = \"0.1.0\"\n[limits]\nmax-memory-bytes = \"64 MiB\"\n",
    ];
    assert_snapshot!(broken.map(|text| uncallable(with_manifest(text))).join("\n"));
}

#[test]
fn an_embedded_component_toml_that_asks_for_more_than_the_host_allows() {
    let place = Place::new();
    place.write("it.wasm", with_manifest(&format!("{}[limits]\nmax-memory-bytes = 5000000000\n", guests::MANIFEST)));
    assert_snapshot!(place.refusal(&["call", "it.wasm", "greet"]));
}

#[test]
fn an_embedded_component_toml_that_is_not_text() {
    assert_snapshot!(uncallable(with_section(b"[component]\nname = \"acme/\xff\"\n")));
}

#[test]
fn an_embedded_component_toml_that_is_too_large() {
    let huge = "#".repeat((1 << 20) + 1);
    assert_snapshot!(uncallable(with_manifest(&huge)));
}

#[test]
fn two_component_toml_in_one_component() {
    let mut component = hollow();
    append_section(&mut component, guests::MANIFEST.replace("0.1.0", "9.9.9").as_bytes());
    assert_snapshot!(uncallable(component));
}

#[test]
fn a_component_toml_that_contradicts_the_component() {
    let hello = crate::components::hello();
    let bytes = std::fs::read(hello).expect("readable");
    let place = Place::new();
    let other = "[component]\nname = \"acme/impostor\"\nversion = \"9.9.9\"\n";
    place.write("it.wasm", embed_manifest(&bytes, other).expect("it is a component"));
    assert_snapshot!(place.refusal(&["call", "it.wasm", "greet"]));
}

fn with_manifest(text: &str) -> Vec<u8> {
    embed_manifest(&hollow(), text).expect("it is a component")
}

fn with_section(data: &[u8]) -> Vec<u8> {
    let mut component = encode(&core(), "minimal", Preview1::Refused).expect("it fits");
    append_section(&mut component, data);
    component
}

/// A custom section by hand: its number, its length, the length of its name, its name, its content.
fn append_section(component: &mut Vec<u8>, data: &[u8]) {
    let name = MANIFEST_SECTION.as_bytes();
    let length = 1 + name.len() + data.len();
    assert!(length < 1 << 14 && name.len() < 1 << 7, "the lengths are written in two bytes and one");
    component.extend([0, (length & 0x7f) as u8 | 0x80, (length >> 7) as u8, name.len() as u8]);
    component.extend(name);
    component.extend(data);
}
