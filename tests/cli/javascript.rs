//! What an author of JavaScript finds around a component, on both engines: globals, promises, timers, packages of others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use airssys_wasm_tests::{root, run, stderr, stdout};
use tempfile::TempDir;

const ENGINES: [&str; 2] = ["starlingmonkey", "quickjs"];

/// A copy of tests/components/globals/js in which its packages are installed.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let source = root().join("tests/components/globals/js");
    copy(&source.join("src"), &folder.path().join("src"));
    copy(&source.join("packages"), &folder.path().join("node_modules"));
    let manifest = fs::read_to_string(source.join("Component.toml")).expect("it is there");
    let sdk = root().join("sdk-js");
    let manifest = manifest.replace("../../../../sdk-js", sdk.to_str().expect("the checkout's path is UTF-8"));
    fs::write(folder.path().join("Component.toml"), manifest).expect("written");
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).expect("copied");
        }
    }
}

fn build(folder: &Path, engine: &str) -> Output {
    run(folder, &["build", "--engine", engine])
}

/// The component of an engine with what its build said, built once.
fn built(engine: &str) -> (PathBuf, String) {
    static BUILT: [OnceLock<(TempDir, PathBuf, String)>; ENGINES.len()] = [const { OnceLock::new() }; ENGINES.len()];
    let number = ENGINES.iter().position(|known| *known == engine).expect("an engine");
    let (_, component, said) = BUILT[number].get_or_init(|| {
        let folder = project();
        let output = build(folder.path(), engine);
        assert!(output.status.success(), "{engine}: {}", stderr(&output));
        let component = folder.path().join(stdout(&output).trim());
        (folder, component, stderr(&output))
    });
    (component.clone(), said.clone())
}

fn call(engine: &str, operation: &str) -> Output {
    let (component, _) = built(engine);
    run(&root(), &["-v", "call", component.to_str().expect("a path of ours"), operation])
}

/// What an operation answers.
fn answer(engine: &str, operation: &str) -> String {
    let output = call(engine, operation);
    assert!(output.status.success(), "{engine} {operation}: {}", stderr(&output));
    stdout(&output)
}

/// What an operation that succeeds writes to the log.
fn log(engine: &str, operation: &str) -> String {
    let output = call(engine, operation);
    assert!(output.status.success(), "{engine} {operation}: {}", stderr(&output));
    stderr(&output)
}

/// What is said of an operation that ends its instance.
fn trap(engine: &str, operation: &str) -> String {
    let output = call(engine, operation);
    assert_eq!(output.status.code(), Some(6), "{engine} {operation}: {}", stderr(&output));
    stderr(&output)
}

#[track_caller]
fn assert_has(engine: &str, text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{engine}: {part:?} is missing in: {text}");
    }
}

#[test]
fn the_console_writes_what_that_of_node_writes() {
    for engine in ENGINES {
        let text = log(engine, "console");
        assert_has(
            engine,
            &text,
            &[
                "Map(1) { 'a' => 1 } Set(1) { 'b' }",
                "Ann is 42 and {\"a\":[1]}% { nested: { deeper: { deepest: [Object] } } }",
                "account: Account { owner: 'Ann' }",
                "self: [Circular *1]",
                "Error: outer",
                "[cause]: TypeError: inner",
                "│ (index) │ a │",
                "  inside",
                "default: 1",
                "Assertion failed: assertion of mine",
                "{ a: [Object] }",
                "Trace: trace",
            ],
        );
    }
}

#[test]
fn clocks_and_randomness_are_those_of_the_host() {
    for engine in ENGINES {
        assert_eq!(answer(engine, "time").trim(), "true", "{engine}");
        let (first, second) = (answer(engine, "random"), answer(engine, "random"));
        let (one, other): (Vec<_>, Vec<_>) = (first.split(' ').collect(), second.split(' ').collect());
        assert_eq!((one.len(), one[0].len(), &one[0][14..15]), (18, 36, "4"), "{engine}: {first}");
        assert_ne!(one[0], other[0], "{engine}: an instance repeats the UUID of another");
        assert_ne!(one[1..17], other[1..17], "{engine}: an instance repeats the bytes of another");
        assert_ne!(one[17], other[17], "{engine}: an instance repeats Math.random of another");
    }
}

#[test]
fn promises_and_timers_are_done_before_the_answer() {
    for engine in ENGINES {
        let expected =
            "a promise from the build, microtask, async function, async iteration 1, async iteration 2, 1, 2";
        assert_has(engine, &log(engine, "jobs"), &[expected]);
        assert_has(engine, &log(engine, "timers"), &["tick, tick, third true"]);
    }
}

#[test]
fn what_nobody_catches_ends_the_call_and_is_named() {
    for engine in ENGINES {
        let text = trap(engine, "rejection");
        assert_has(engine, &text, &["RangeError: nobody listens", "nothing handles it", "src/index.ts:"]);
        assert_has(engine, &trap(engine, "interval"), &["RangeError: in a timer", "src/index.ts:"]);
        assert_has(engine, &trap(engine, "async"), &["execute must not be async"]);
        let output = call(engine, "declared");
        assert_ne!(output.status.code(), Some(6), "{engine}: {}", stderr(&output));
        assert_has(engine, &stderr(&output), &["after the error", "as declared"]);
    }
}

#[test]
fn globals_of_the_web_are_there_or_say_why_not() {
    for engine in ENGINES {
        let text = answer(engine, "web");
        let expected = [
            "https://example.com:8443/b?x=1&y=+z&n=%C3%BC#end",
            "true",
            "true 1970-01-01T00:00:00.000Z",
            "YWJj abc",
            "é€😀",
            "file:///bundle.js",
            "true",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected, "{engine}");
        let absent = answer(engine, "absent");
        assert_has(engine, &absent, &["UnavailableError: fetch is not here", "@airssys/wasm/tcp"]);
    }
}

#[test]
fn what_only_one_engine_has_is_as_documented() {
    let starlingmonkey = answer("starlingmonkey", "engine");
    let quickjs = answer("quickjs", "engine");
    insta::assert_snapshot!(format!("starlingmonkey\n{starlingmonkey}\nquickjs\n{quickjs}"));
}

#[test]
fn packages_are_taken_as_for_a_browser() {
    for engine in ENGINES {
        let text = answer(engine, "packages");
        let expected = ["the browser condition", "the browser field, and 0 of fs, in production", "does without files"];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected, "{engine}");
    }
}

#[test]
fn what_is_said_while_a_component_is_built_is_heard() {
    for engine in ENGINES {
        let (_, said) = built(engine);
        assert_has(engine, &said, &["built with { top: 'level' }"]);
    }
}

#[test]
fn an_interface_that_no_permission_brings_is_named_with_the_line_that_does() {
    let text = refused("quickjs", "import { readFile } from \"@airssys/wasm/files\";\nconsole.log(readFile);");
    let line = "filesystem = [{ action = \"read\", path = \"/data/**\" }]";
    assert_has(
        "quickjs",
        &text,
        &["files comes with permissions for filesystem", "[permissions] of Component.toml", line],
    );
}

/// What a failing build says, whose program has these lines in front.
fn refused(engine: &str, first: &str) -> String {
    let folder = project();
    let source = folder.path().join("src/index.ts");
    let program = fs::read_to_string(&source).expect("it is there");
    fs::write(&source, format!("{first}\n{program}")).expect("written");
    let output = build(folder.path(), engine);
    assert!(!output.status.success(), "{engine}: it was built");
    stderr(&output)
}

#[test]
fn a_package_that_needs_node_is_named_with_the_module() {
    let text = refused("quickjs", "import \"needs-files\";");
    assert_has(
        "quickjs",
        &text,
        &["node:fs is needed by the package needs-files", "node_modules/needs-files/index.js:1:"],
    );
    let text = refused("quickjs", "import { join } from \"node:path\"; console.log(join);");
    assert_has("quickjs", &text, &["node:path is needed by this module", "src/index.ts:1:"]);
}

#[test]
fn what_stops_a_build_is_named_with_its_place_in_the_source() {
    for engine in ENGINES {
        let text =
            refused(engine, "function tooEarly(): never {\n  throw new RangeError(\"too early\");\n}\ntooEarly();");
        assert_has(engine, &text, &["too early", "src/index.ts:2:", "src/index.ts:4:", "code outside of functions"]);
        assert!(!text.contains("bundle.js:"), "{engine}: {text}");
    }
    let text = refused("quickjs", "setTimeout(() => {}, 1);");
    assert_has("quickjs", &text, &["setTimeout is not to be had while a component is built", "src/index.ts:1:"]);
    let text = refused("quickjs", "void Promise.reject(new RangeError(\"unheard\"));");
    assert_has("quickjs", &text, &["unheard", "src/index.ts:1:"]);
    let text = refused("quickjs", "const five = await 5; console.log(five);");
    assert_has("quickjs", &text, &["await outside of functions", "src/index.ts:1:"]);
    let text = refused("starlingmonkey", "export const letter = /^\\p{L}$/u;");
    assert_has("starlingmonkey", &text, &["engine = \"quickjs\"", "src/index.ts:1:"]);
}

#[test]
fn code_that_says_otherwise_than_component_toml_is_refused() {
    let folder = project();
    let source = folder.path().join("src/index.ts");
    let program = fs::read_to_string(&source).expect("it is there");
    for (metadata, expected) in [
        (
            "metadata: { version: \"2.0.0\" }, execute",
            "metadata.version is \"2.0.0\", but Component.toml says \"1.0.0\"",
        ),
        ("execute: { ...execute, more: () => {} }", "component.operations lacks \"more\""),
    ] {
        fs::write(&source, program.replace("component({ execute })", &format!("component({{ {metadata} }})")))
            .expect("written");
        let output = build(folder.path(), "quickjs");
        assert!(!output.status.success(), "it was built");
        assert_has("quickjs", &stderr(&output), &[expected]);
    }
}

#[test]
fn a_component_is_the_same_in_each_build_and_folder() {
    for engine in ENGINES {
        let (first, _) = built(engine);
        let folder = project();
        let output = build(folder.path(), engine);
        assert!(output.status.success(), "{engine}: {}", stderr(&output));
        let second = folder.path().join(stdout(&output).trim());
        let (first, second) = (fs::read(first).expect("built"), fs::read(second).expect("built"));
        assert!(first == second, "{engine}: {} and {} bytes, not the same", first.len(), second.len());
    }
}

#[test]
fn types_are_checked_by_the_settings_of_the_template_with_the_sdk_installed() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let content = root().join("templates/ts-minimal/content");
    for folder in ["src", "node_modules/@airssys"] {
        fs::create_dir_all(at(folder)).expect("created");
    }
    for file in ["tsconfig.json", "package.json"] {
        fs::copy(content.join(file), at(file)).expect("copied");
    }
    let sdk = root().join("sdk-js");
    std::os::unix::fs::symlink(&sdk, at("node_modules/@airssys/wasm")).expect("linked");
    let manifest = fs::read_to_string(content.join("Component.toml")).expect("it is there");
    let manifest =
        manifest.replace("sdk = \"sdk\"", &format!("sdk = {:?}", sdk.to_str().expect("the checkout's path is UTF-8")));
    fs::write(at("Component.toml"), manifest).expect("written");
    let program = fs::read_to_string(content.join("src/index.ts")).expect("it is there");
    let built = |program: &str| {
        fs::write(at("src/index.ts"), program).expect("written");
        build(folder.path(), "quickjs")
    };
    for more in ["async init() {}, ", "async handleMessage() {}, ", "init() { const n: string = 5; }, "] {
        let output = built(&program.replace("component({", &format!("component({{ {more}")));
        assert!(!output.status.success(), "{more} was built");
        assert_has("quickjs", &stderr(&output), &["src/index.ts", "is not assignable to type"]);
    }
    let output = built(&program.replace("component({", "component({ init() { console.log(new URL(\"a:b\")); }, "));
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn a_lock_of_yarn_above_the_project_does_not_hide_the_sdk() {
    let folder = project();
    let above = tempfile::tempdir().expect("a folder");
    let lock = root().join("tests/components/globals/js/pnp.cjs");
    fs::copy(lock, above.path().join(".pnp.cjs")).expect("copied");
    let inner = above.path().join("project");
    fs::create_dir(&inner).expect("created");
    fs::copy(folder.path().join("Component.toml"), inner.join("Component.toml")).expect("copied");
    let manifest = fs::read_to_string(inner.join("Component.toml")).expect("copied");
    let start = manifest.find("operations").expect("a list");
    let end = manifest.find("[build]").expect("a section");
    fs::write(inner.join("Component.toml"), manifest[..start].to_owned() + &manifest[end..]).expect("written");
    fs::create_dir(inner.join("src")).expect("created");
    fs::write(
        inner.join("src/index.ts"),
        "import { component } from \"@airssys/wasm\";\nimport { log } from \"@airssys/wasm/host-services\";\n\
         export const componentLifecycle = component({ execute: { hi: () => { log(\"info\", \"hi\"); return \"hi\"; } } });\n",
    )
    .expect("written");
    let output = build(&inner, "quickjs");
    assert!(output.status.success(), "{}", stderr(&output));
}
