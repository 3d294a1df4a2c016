//! Calls that cannot be made: a wrong operation, input, mount or grant.

use insta::assert_snapshot;

use crate::components;
use crate::refusal::Place;

/// A folder with a component that greets.
fn with_hello() -> Place {
    let place = Place::new();
    std::fs::copy(components::hello(), place.path("hello.wasm")).expect("copied");
    place
}

#[test]
fn an_operation_that_does_not_exist_is_answered_with_those_that_do() {
    assert_snapshot!(with_hello().refusals(&[&["call", "hello.wasm", "gret", "x"], &["call", "hello.wasm", "dance"]]));
}

#[test]
fn an_input_file_that_is_absent_or_a_folder() {
    let place = with_hello();
    std::fs::create_dir(place.path("folder")).expect("created");
    assert_snapshot!(place.refusals(&[
        &["call", "hello.wasm", "greet", "@absent.txt"],
        &["call", "hello.wasm", "greet", "@folder"],
        &["call", "hello.wasm", "greet", "@"],
    ]));
}

#[test]
fn a_mount_that_cannot_be_made() {
    let place = with_hello();
    place.write("file", "");
    assert_snapshot!(place.refusals(&[
        &["call", "hello.wasm", "greet", "x", "--mount", "data"],
        &["call", "hello.wasm", "greet", "x", "--mount", "data=."],
        &["call", "hello.wasm", "greet", "x", "--mount", "/data="],
        &["call", "hello.wasm", "greet", "x", "--mount", "/data=absent"],
        &["call", "hello.wasm", "greet", "x", "--mount", "/data=file"],
        &["call", "hello.wasm", "greet", "x", "--mount", "/a/../b=."],
        &["call", "hello.wasm", "greet", "x", "--mount", "/a=.", "--mount", "/a=.:ro"],
    ]));
}

#[test]
fn a_file_of_grants_that_is_wrong() {
    let place = with_hello();
    place.write("broken.toml", "filesystem = [");
    place.write("sections.toml", "[permissions]\nfilesystem = []\n");
    place.write("unknown.toml", "filesystem = [{ action = \"raed\", path = \"data\" }]\nnetwrok = []\n");
    place.write("latin.toml", b"# gr\xfc\xdfe\n");
    place.write("huge.toml", "#".repeat((1 << 20) + 1));
    std::fs::create_dir(place.path("folder")).expect("created");
    let files = ["absent.toml", "folder", "broken.toml", "sections.toml", "unknown.toml", "latin.toml", "huge.toml"];
    let refusal = |file| place.refusal(&["call", "hello.wasm", "greet", "x", "--grant", file]);
    assert_snapshot!(files.map(refusal).join("\n"));
}

#[test]
fn name_servers_and_certificates_that_are_none() {
    let place = Place::new();
    place.write("empty.pem", "");
    place.write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert_snapshot!(place.refusals(&[
        &["call", "hello.wasm", "greet", "x", "--dns-server", "dns.example"],
        &["call", "hello.wasm", "greet", "x", "--trust-ca", "absent.pem"],
        &["call", "hello.wasm", "greet", "x", "--trust-ca", "empty.pem"],
        &["call", "hello.wasm", "greet", "x", "--trust-ca", "broken.pem"],
    ]));
}

#[test]
fn a_command_line_that_is_wrong() {
    assert_snapshot!(with_hello().refusals(&[
        &["call", "hello.wasm"],
        &["call", "hello.wasm", "greet", "--grant", "x", "--grant-declared"],
        &["biuld"],
        &["build", "--engine", "v8"],
        &["toolchain", "install", "cobol"],
    ]));
}

#[test]
fn standard_output_that_is_full() {
    let place = with_hello();
    let full = std::fs::File::options().write(true).open("/dev/full").expect("the system has it");
    let output = place.command(&["call", "hello.wasm", "greet", "x"]).stdout(full).output().expect("the tool starts");
    assert_eq!(output.status.code(), Some(10));
    assert_snapshot!(airssys_wasm_tests::stderr(&output));
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let place = with_hello();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = place.command(&["call", "hello.wasm", "greet", "x"]).stdout(writer).output().expect("the tool starts");
    assert_eq!(output.status.code(), Some(0), "{}", airssys_wasm_tests::stderr(&output));
    assert!(output.stderr.is_empty());
}
