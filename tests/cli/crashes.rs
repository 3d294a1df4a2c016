//! What a user sees when a component dies, in every language.

use std::path::{Path, PathBuf};
use std::process::Output;

use airssys_wasm_tests::{root, run, stderr, stdout};
use serde_json::Value;

/// A guest of tests/components/crash, built with what the arguments say.
fn build(language: &str, more: &[&str]) -> PathBuf {
    let folder = root().join("tests/components/crash").join(language);
    let out = root().join("target/crash").join(format!("{language}{}.wasm", more.join("")));
    let out = out.to_string_lossy().into_owned();
    let folder = folder.to_string_lossy().into_owned();
    let output = run(&root(), &[&["build", &folder, "--output", &out], more].concat());
    assert!(output.status.success(), "{language}: {}", stderr(&output));
    out.into()
}

/// Calls an operation that is the end of the instance.
fn crash(component: &Path, operation: &str) -> Output {
    let output = run(&root(), &["call", &component.to_string_lossy(), operation]);
    assert_eq!(output.status.code(), Some(6), "{}: {}", component.display(), stderr(&output));
    assert!(stdout(&output).is_empty(), "standard output is data");
    output
}

/// What the user sees of a guest that calls itself for ever: a limit, and where.
fn seen_of_recursion(component: &Path) -> String {
    let output = run(&root(), &["call", &component.to_string_lossy(), "recurse"]);
    assert_eq!(output.status.code(), Some(7), "{}: {}", component.display(), stderr(&output));
    let text = stderr(&output);
    assert_has(&text, &["was stopped in execute recurse", "bytes of stack are used up"]);
    text
}

/// What the user sees.
fn seen(component: &Path, operation: &str) -> String {
    stderr(&crash(component, operation))
}

/// What a program sees.
fn told(component: &Path, operation: &str) -> Value {
    let output = run(&root(), &["--format", "json", "call", &component.to_string_lossy(), operation]);
    assert_eq!(output.status.code(), Some(6), "{}", stderr(&output));
    let text = stderr(&output);
    // Lines of the guest's log come before it.
    let document = text.lines().last().expect("a document");
    let error: Value = serde_json::from_str(document).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(error["schema"], "airssys-error/1");
    assert_eq!(error["exit-code"], 6);
    error["crash"].clone()
}

/// The functions of a list of frames, with their places as far as they are known.
fn frames(frames: &Value) -> Vec<String> {
    let frames = frames.as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let show = |frame: &Value| format!("{} {}:{}", text(&frame["function"]), text(&frame["file"]), frame["line"]);
    frames.iter().map(show).collect()
}

fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in: {text}");
    }
}

/// A snapshot without what changes from machine to machine and from compiler to compiler.
macro_rules! assert_seen {
    ($text:expr) => {
        insta::with_settings!({ filters => vec![
            (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "[time]"),
            (r"at 0x[0-9a-f]+", "at [offset]"),
            (r"\+0x[0-9a-f]+", "+[offset]"),
            (r"function\[\d+\]", "function[[index]]"),
            (r"\(\d+ frames? of the (SDK and the language's runtime|SDK|language's runtime)\)", "([n] frames of the $1)"),
            (r"(?m)^    [ \d]\d: ", "    [n]: "),
            (r"\d+ more times", "[n] more times"),
            (r"(\s|\()/\S+/tests/components", "${1}tests/components"),
        ] }, { insta::assert_snapshot!($text) })
    };
}

#[test]
fn a_panic_of_rust_shows_its_place_and_its_functions() {
    let component = build("rust", &["--debug"]);
    assert_seen!(seen(&component, "panic"));
    for (operation, function) in [("trap", "crash::stop"), ("abort", "crash::give_up")] {
        assert_has(&seen(&component, operation), &["(rust) trapped in execute", operation, function, "src/lib.rs:"]);
    }
    assert_has(&seen_of_recursion(&component), &["(rust)", "crash::deeper", "src/lib.rs:"]);
    let told = told(&component, "panic");
    assert_eq!(told["language"], "rust");
    assert_eq!(told["operation"], "execute panic");
    assert_eq!(told["kind"], "unreachable");
    assert_eq!(told["panic"]["kind"], "panic");
    assert_eq!(told["panic"]["message"], "index out of bounds: the len is 3 but the index is 7");
    let stack = frames(&told["backtrace"]);
    assert!(stack.iter().any(|frame| frame.contains("crash::pick") && frame.contains("src/lib.rs:")), "{stack:#?}");
    assert!(stack.len() > 10, "nothing is folded for programs: {stack:#?}");
}

#[test]
fn a_release_build_of_rust_still_tells_the_panic() {
    let component = build("rust", &[]);
    assert_has(
        &seen(&component, "panic"),
        &["panicked at src/lib.rs:", "the len is 3 but the index is 7", "build it with --debug"],
    );
    assert_has(&seen_of_recursion(&component), &["crash::deeper"]);
}

#[test]
fn a_panic_of_go_shows_its_functions_with_and_without_debug() {
    for more in [&[][..], &["--debug"]] {
        let component = build("go", more);
        let text = seen(&component, "panic");
        assert_has(&text, &["(go)", "execute panic", "index out of range [7] with length 3", "main.pick", "main.go:"]);
        assert!(!text.contains("--debug"), "names are there: {text}");
        assert_has(&seen_of_recursion(&component), &["(go)", "main.deeper"]);
        assert_has(&seen(&component, "exit"), &["main.crash.Execute", "it exited with status 3"]);
        let arguments = run(&root(), &["call", &component.to_string_lossy(), "arguments"]);
        assert_eq!(stdout(&arguments), "airssys/crash-go crash-go", "{}", stderr(&arguments));
        if more.is_empty() {
            assert_seen!(text);
        }
    }
}

#[test]
fn what_a_runtime_writes_before_it_gives_up_is_shown() {
    let component = build("go", &[]);
    let text = seen(&component, "goroutine");
    assert_has(
        &text,
        &["the guest wrote last:\n    panic: runtime error: index out of range", "main.pick", "main.go:"],
    );
    let told = told(&component, "goroutine");
    assert_eq!(told["panic"], Value::Null);
    assert_eq!(told["last-words"][0]["stream"], "stderr");
    assert_eq!(told["last-words"][0]["text"], "panic: runtime error: index out of range [7] with length 3");
}

#[test]
fn an_exception_of_javascript_shows_the_lines_of_the_source() {
    for engine in ["starlingmonkey", "quickjs"] {
        let component = build("js", &["--engine", engine]);
        let text = seen(&component, "panic");
        assert_has(&text, &["(js)", "execute panic: uncaught TypeError: ", "firstPrice", "src/index.ts:10:"]);
        let told = told(&component, "panic");
        assert_eq!(told["language"], "js");
        assert_eq!(told["panic"]["kind"], "exception");
        assert_eq!(told["panic"]["exception"], "TypeError");
        let stack = frames(&told["panic"]["stack"]);
        assert_eq!(stack[..2], ["firstPrice src/index.ts:10", "panic src/index.ts:25"], "{engine}");
        if engine == "starlingmonkey" {
            assert_has(&seen(&component, "recurse"), &["uncaught InternalError", "deeper", "src/index.ts:14:"]);
            assert_seen!(text);
        } else {
            assert_has(&seen_of_recursion(&component), &["(js)"]);
        }
    }
}

#[test]
fn an_exception_of_python_shows_its_traceback_with_the_source() {
    let component = build("python", &[]);
    let text = seen(&component, "panic");
    assert_has(&text, &["return prices[fruit]", "KeyError: 'pear'", "ValueError: no price for pear"]);
    assert!(!text.contains("airssys_wasm/"), "the SDK is not the author's business: {text}");
    assert_seen!(text);
    assert_has(&seen(&component, "recurse"), &["uncaught RecursionError", "in deeper", "more times"]);
    assert_has(&seen(&component, "abort"), &["(python) trapped in execute abort", "unreachable"]);
    let told = told(&component, "panic");
    assert_eq!(told["panic"]["exception"], "ValueError");
    let stack = frames(&told["panic"]["stack"]);
    assert_eq!(stack[..2], ["price app.py:33", "Crash.panic app.py:15"]);
    assert!(stack.iter().any(|frame| frame.contains("airssys_wasm/_exports.py")), "{stack:#?}");
}

#[test]
fn a_crash_of_c_shows_its_functions_and_lines() {
    let component = build("c", &["--debug"]);
    assert_seen!(seen(&component, "panic"));
    for (operation, parts) in [
        ("trap", ["integer divide by zero", "divide ", "crash.c:18"]),
        ("assert", ["panicked at ", "crash.c:22: assertion failed in check: length > 7", "check "]),
        ("recurse", ["trapped in execute recurse", "deeper ", "crash.c:3"]),
        ("abort", ["trapped in execute abort", "give_up ", "crash.c:47"]),
    ] {
        assert_has(&seen(&component, operation), &parts);
    }
    let told = told(&component, "trap");
    assert_eq!((&told["language"], &told["kind"]), (&Value::from("c"), &Value::from("division-by-zero")));
    assert_eq!(told["panic"], Value::Null);
    let stack = frames(&told["backtrace"]);
    assert!(stack[0].starts_with("divide ") && stack[0].ends_with("src/crash.c:18"), "{stack:#?}");
}

#[test]
fn a_release_build_of_c_keeps_its_names_and_its_assertions() {
    let component = build("c", &[]);
    assert_has(&seen(&component, "panic"), &["panicked: no luck", "no_luck"]);
    assert_has(&seen(&component, "assert"), &["assertion failed in check: length > 7"]);
    let bytes = std::fs::read(&component).expect("readable").len();
    assert!(bytes < 60_000, "names are kept, debug information is not: {bytes} bytes");
}
