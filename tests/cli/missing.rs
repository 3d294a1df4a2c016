//! A refusal says what is missing: what the component declares, what the host grants, or what is mounted.

use airssys_wasm_tests::stderr;
use insta::assert_snapshot;

use crate::refusal::with_project;

#[test]
fn a_declaration_a_grant_and_a_mount_that_are_missing_are_told_apart() {
    let (place, component) = with_project("acme/journal", "files");
    std::fs::copy(component, place.path("journal.wasm")).expect("copied");
    std::fs::create_dir(place.path("data")).expect("created");
    place.write("reading.toml", "filesystem = [{ action = \"read\", path = \"/data/**\" }]\n");
    let add = ["call", "journal.wasm", "add", "x"];
    let lines: [&[&str]; 6] = [
        &[],
        &["--mount", "/data=data"],
        &["--mount", "/data=data", "--grant", "reading.toml"],
        &["--grant-declared"],
        &["--grant-declared", "--mount", "/dta=data"],
        &["--grant-declared", "--mount", "/data=data:ro"],
    ];
    let said: Vec<String> = lines.iter().map(|more| place.refusal(&[&add, *more].concat())).collect();
    assert_snapshot!(said.join("\n"));
}

#[test]
fn a_file_of_the_standard_library_that_is_not_mounted_is_not_blamed_on_the_component() {
    let place = crate::refusal::Place::new();
    // fopen("/data/..") through WASI, which sees nothing of a folder that is not mounted.
    let manifest = r#"
[component]
name = "acme/reader"
version = "0.1.0"
description = "Reads."
operations = ["read"]

[build]
language = "c"
wasi = true
sdk = "sdk"

[permissions]
filesystem = [{ action = "read", path = "/data/**" }]
"#;
    place.write("c/Component.toml", manifest);
    let sdk = airssys_wasm_tests::root().join("sdk-c");
    std::os::unix::fs::symlink(sdk, place.path("c/sdk")).expect("linked");
    place.write(
        "c/src/main.c",
        r#"#include <airssys/airssys.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
static airssys_code read_it(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output, airssys_error *error) {
    (void)input; (void)context; (void)output;
    FILE *file = fopen("/data/x", "r");
    if (file == NULL) {
        const char *why = strerror(errno);
        return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, (airssys_string){why, strlen(why)});
    }
    fclose(file);
    return AIRSSYS_OK;
}
static const airssys_operation operations[] = {{AIRSSYS_STRING_INIT("read"), read_it}};
static const airssys_component reader = {
    .id = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("reader"), AIRSSYS_STRING_INIT("0.1.0")},
    .description = AIRSSYS_STRING_INIT("Reads."),
    .operations = operations,
    .operation_count = 1,
};
const airssys_component *airssys_component_define(void) { return &reader; }
"#,
    );
    let built = place.command(&["build", "c"]).output().expect("the tool starts");
    assert!(built.status.success(), "{}", stderr(&built));
    assert_snapshot!(place.refusal(&["call", "c/target/airssys/reader.wasm", "read", "--grant-declared"]));
}
