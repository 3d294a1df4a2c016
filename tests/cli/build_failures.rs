//! What is said when a source does not become a component: the cause first, then what helps against that cause.

use airssys_wasm_tests::stdout;
use serde_json::Value;

use crate::builds::{built, edit, manifest, new, rust};
use crate::refusal::Place;

/// The lines of a refusal that say what helps.
fn help(said: &str) -> Vec<&str> {
    said.lines().filter_map(|line| line.trim_start().strip_prefix("help: ")).collect()
}

#[test]
fn an_interface_without_its_permission_is_explained_in_one_way_in_every_language() {
    let place = Place::new();
    rust(&place, "rust", "let _ = airssys_wasm_sdk::tcp::connect((\"h\", 1), None); name", "");
    new(&place, "go", "go");
    place.write(
        "go/tcp.go",
        "package main\n\nimport \"github.com/airssys/airssys-wasm/sdk-go/tcp\"\n\nfunc init() { _, _ = \
         tcp.Connect(tcp.Endpoint{Host: \"h\", Port: 1}) }\n",
    );
    new(&place, "c", "c");
    place.write(
        "c/src/tcp.c",
        "#include <airssys/airssys.h>\n__attribute__((used)) airssys_code dial(const airssys_endpoint *to, \
         airssys_tcp_stream *stream, airssys_error *error) {\n    airssys_optional_u32 timeout = {false, 0};\n    \
         return airssys_tcp_connect(to, timeout, stream, error);\n}\n",
    );
    new(&place, "js", "js");
    edit(
        &place.path("js/src/index.js"),
        "import {",
        "import * as tcp from \"@airssys/wasm/tcp\";\nglobalThis.tcp = tcp;\nimport {",
    );
    new(&place, "python", "python");
    edit(&place.path("python/app.py"), "from airssys_wasm", "from airssys_wasm import tcp as tcp\nfrom airssys_wasm");
    for folder in ["rust", "go", "c", "js", "python"] {
        let said = place.refusal(&["build", folder]);
        let explained = "the component imports airssys:ext-network/tcp@1.0.0, which world minimal does not have";
        assert!(said.contains(explained), "{folder}: {said}");
        assert_eq!(
            help(&said),
            ["tcp comes with permissions for network: write what the component needs into [permissions] of \
                 Component.toml, as in network = [{ action = \"outbound\", host = \"example.com\", port = 443 }]"],
            "{folder}: {said}"
        );
    }
}

#[test]
fn a_crate_that_calls_javascript_is_named_with_its_feature() {
    let place = Place::new();
    rust(&place, "hello", "format!(\"{name} {}\", clock::now())", "clock = { path = \"../clock\" }");
    place.write(
        "clock/Cargo.toml",
        "[package]\nname = \"clock\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[features]\ndefault = [\"browser\"]\n\
         browser = [\"dep:wasm-bindgen\"]\n[target.'cfg(target_os = \"unknown\")'.dependencies]\n\
         wasm-bindgen = { path = \"../wasm-bindgen\", optional = true }\n",
    );
    place.write(
        "clock/src/lib.rs",
        "#[cfg(target_os = \"unknown\")]\npub fn now() -> f64 { wasm_bindgen::now() }\n#[cfg(not(target_os = \
         \"unknown\"))]\npub fn now() -> f64 { 0.0 }\n",
    );
    place.write(
        "wasm-bindgen/Cargo.toml",
        "[package]\nname = \"wasm-bindgen\"\nversion = \"0.2.100\"\nedition = \"2024\"\n",
    );
    place.write(
        "wasm-bindgen/src/lib.rs",
        "#[link(wasm_import_module = \"__wbindgen_placeholder__\")]\nunsafe extern \"C\" { safe fn __wbg_now() -> f64; }\n\
         pub fn now() -> f64 { __wbg_now() }\n",
    );
    let said = place.refusal(&["build", "hello"]);
    let explained = "the module imports __wbindgen_placeholder__.__wbg_now, which only JavaScript would give";
    assert!(said.contains(explained) && said.contains("exit code 5, unexpected-imports"), "{said}");
    assert_eq!(
        help(&said),
        [
            "clock calls JavaScript by its feature browser, which is on by default: depend on it with default-features = false and \
          the features that you need; or write wasi = true in [build] of Component.toml, with which clocks and random numbers \
          come from the host"
        ],
        "{said}"
    );

    edit(&place.path("hello/Component.toml"), "[build]", "[build]\nwasi = true");
    built(&place, "hello", &[]);
}

#[test]
fn functions_that_nobody_defines_are_listed() {
    let place = Place::new();
    rust(
        &place,
        "hello",
        "unsafe extern \"C\" { safe fn clock_ticks() -> u32; }\nformat!(\"{name} {}\", clock_ticks())",
        "",
    );
    let said = place.refusal(&["build", "hello"]);
    assert!(said.contains("the module imports env.clock_ticks, which nobody gives"), "{said}");
    assert!(matches!(help(&said).as_slice(), [one] if one.contains("link the library that does")), "{said}");
}

#[test]
fn what_of_the_standard_library_fails_without_wasi_is_said_when_it_is_built() {
    let place = Place::new();
    let said = |greet: &str, wasi: bool| {
        rust(&place, "hello", greet, "");
        if wasi {
            edit(&place.path("hello/Component.toml"), "[build]", "[build]\nwasi = true");
        }
        let output = place.command(&["--format", "json", "build", "hello"]).output().expect("it starts");
        let built: Value = serde_json::from_str(&stdout(&output)).expect("one JSON document");
        built["warnings"].clone()
    };
    assert_eq!(said("format!(\"{name}\")", false), Value::Array(Vec::new()));
    let warning = |greet: &str| said(greet, false)[0].as_str().unwrap_or_default().to_owned();
    let time = warning("format!(\"{name}{:?}\", std::time::SystemTime::now())");
    assert!(time.contains("std::time") && time.contains("wasi = true"), "{time}");
    let files = warning("std::fs::read_to_string(name).unwrap_or_else(|error| error.to_string())");
    assert!(files.contains("files, sockets") && files.contains("wasi = true"), "{files}");
    assert_eq!(
        said("std::fs::read_to_string(name).unwrap_or_else(|error| error.to_string())", true),
        Value::Array(Vec::new())
    );
}

#[test]
fn the_first_error_of_a_compiler_is_shown_however_many_follow() {
    let place = Place::new();
    new(&place, "c", "hello");
    let errors: String =
        (1..=60).map(|number| format!("int f{number}(void) {{ return missing_{number}; }}\n")).collect();
    place.write("hello/src/errors.c", errors);
    let said = place.refusal(&["build", "hello"]);
    assert!(said.contains("missing_1'"), "{said}");
    assert!(said.lines().count() < 80, "{said}");
}

#[test]
fn go_says_what_is_wrong_and_helps_against_that() {
    let place = Place::new();
    new(&place, "go", "hello");
    let main = std::fs::read_to_string(place.path("hello/main.go")).expect("readable");
    place.write("hello/wrong.go", "package main\n\nvar wrong int = \"text\"\n");
    let said = place.refusal(&["build", "hello"]);
    assert!(said.contains("wrong.go:3:17") && help(&said).is_empty(), "{said}");
    place.write("hello/wrong.go", "package main\n\nimport _ \"example.org/no/such/package\"\n");
    let said = place.refusal(&["build", "hello"]);
    assert_eq!(help(&said), ["run: go get example.org/no/such/package"], "{said}");
    std::fs::remove_file(place.path("hello/wrong.go")).expect("removed");
    place.write("hello/main.go", &main);
    built(&place, "hello", &[]);
}

#[test]
fn wrong_types_of_typescript_are_refused_unless_nobody_wants_to_know() {
    let place = Place::new();
    new(&place, "ts", "hello");
    edit(&place.path("hello/Component.toml"), "[build]", "[build]\nengine = \"quickjs\"");
    built(&place, "hello", &[]);
    // What is wrong in a file that is not a part of the program does not matter.
    place.write("hello/src/unused.ts", "export const unused: string = 1;\n");
    assert!(built(&place, "hello", &[]).1);
    let index = place.path("hello/src/index.ts");
    let text = std::fs::read_to_string(&index).expect("readable");
    std::fs::write(&index, format!("{text}\nexport const n: string = 0x0a;\n")).expect("written");
    let said = place.refusal(&["build", "hello"]);
    assert!(said.contains("error TS2322: Type 'number' is not assignable to type 'string'."), "{said}");
    assert!(said.contains("src/index.ts(") && said.contains("exit code 5, tool-failed"), "{said}");
    assert_eq!(help(&said), ["--no-check builds without looking at types"], "{said}");
    built(&place, "hello", &["--no-check"]);
}

#[test]
fn a_program_without_settings_for_typescript_is_checked_too() {
    let place = Place::new();
    new(&place, "ts", "hello");
    edit(&place.path("hello/Component.toml"), "[build]", "[build]\nengine = \"quickjs\"");
    std::fs::remove_file(place.path("hello/tsconfig.json")).expect("removed");
    built(&place, "hello", &[]);
    let index = place.path("hello/src/index.ts");
    edit(&index, "if (name === \"\")", "if (name === 1)");
    let said = place.refusal(&["build", "hello"]);
    assert!(said.contains("src/index.ts(") && said.contains("error TS"), "{said}");
}

#[test]
fn a_component_toml_alone_is_enough_to_be_told_what_is_missing() {
    let place = Place::new();
    place.write("Component.toml", manifest("go"));
    place.write("go.mod", "module x\n\ngo 1.26\n");
    place.write("main.go", "package main\n\nfunc main() {}\n");
    let said = place.refusal(&["build"]);
    assert!(said.contains("does not export") || said.contains("failed to make a component"), "{said}");
}
