//! What `inspect` and `build` print, and what `call` knows.

use airssys_wasm_tests::{root, stderr, stdout};
use serde_json::Value;

use crate::refusal::{Place, with_project};

/// The operations that `call` offers for one that there is not.
fn offered(place: &Place, component: &str) -> String {
    let output = place.command(&["call", component, "nope-at-all"]).output().expect("the tool starts");
    let said = stderr(&output);
    said.split_once("it has ").unwrap_or_else(|| panic!("{said}")).1.trim().to_owned()
}

#[test]
fn inspect_lists_the_operations_that_call_knows() {
    let (place, component) = with_project("acme/journal", "files");
    std::fs::copy(component, place.path("it.wasm")).expect("copied");
    let known = offered(&place, "it.wasm");
    let inspect = |more: &[&str]| {
        let output = place.command(&[&["inspect", "it.wasm"], more].concat()).output().expect("the tool starts");
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let listed = |text: &str| -> Vec<String> {
        let below = text.split_once("operations\n").expect("a list").1;
        below.lines().take_while(|line| line.starts_with("  ")).map(|line| line.trim().to_owned()).collect()
    };
    assert_eq!(listed(&inspect(&[])).join(", "), known);
    assert_eq!(listed(&inspect(&["--operations"])).join(", "), known);
    let json: Value = serde_json::from_str(&inspect(&["--format", "json"])).expect("one document");
    assert_eq!(json["operations"], Value::from(known.split(", ").collect::<Vec<_>>()));
}

#[test]
fn operations_that_only_the_code_lists_are_asked_for() {
    let (place, _) = with_project("acme/journal", "files");
    let manifest = std::fs::read_to_string(place.path("project/Component.toml")).expect("readable");
    let without: Vec<&str> = manifest.lines().filter(|line| !line.starts_with("operations")).collect();
    place.write("project/Component.toml", without.join("\n"));
    let built = place.command(&["build", "project", "--output", "it.wasm"]).output().expect("the tool starts");
    assert!(built.status.success(), "{}", stderr(&built));
    let plain = place.command(&["inspect", "it.wasm"]).output().expect("the tool starts");
    assert!(stdout(&plain).contains("operations: its Component.toml lists none; --operations asks the component"));
    let asked = place.command(&["inspect", "it.wasm", "--operations"]).output().expect("the tool starts");
    let expected = format!("operations\n  {}\n", offered(&place, "it.wasm").replace(", ", "\n  "));
    assert!(stdout(&asked).contains(&expected), "{}", stdout(&asked));
}

#[test]
fn the_path_that_build_prints_is_as_its_arguments_were() {
    let (place, component) = with_project("acme/journal", "minimal");
    let absolute = place.path("project").display().to_string();
    let below = "target/airssys/journal.wasm";
    let real = component.canonicalize().expect("it is there");
    for (arguments, folder, printed) in [
        (&["build"][..], "project", below.to_owned()),
        (&["build", "."], "project", below.to_owned()),
        (&["build", "Component.toml"], "project", below.to_owned()),
        (&["build", "project"], ".", format!("project/{below}")),
        (&["build", "project/Component.toml"], ".", format!("project/{below}")),
        (&["build", "../project/"], "project", format!("../project/{below}")),
        (&["build", &absolute], ".", format!("{absolute}/{below}")),
        (&["build", "project", "--output", "out.wasm"], ".", "out.wasm".to_owned()),
    ] {
        let run = |format: &str| {
            let line = [arguments, &["--format", format]].concat();
            let output = place.command(&line).current_dir(place.path(folder)).output().expect("the tool starts");
            assert!(output.status.success(), "{}", stderr(&output));
            stdout(&output)
        };
        assert_eq!(run("human"), format!("{printed}\n"), "{arguments:?}");
        let json: Value = serde_json::from_str(&run("json")).expect("one document");
        let told = std::path::PathBuf::from(json["component"].as_str().expect("a path"));
        assert!(told.is_absolute() && told.is_file(), "{}", told.display());
        if !printed.starts_with("out") {
            assert_eq!(told.canonicalize().expect("it is there"), real);
        }
    }
}

#[test]
fn the_help_says_what_the_file_of_another_engine_is_called() {
    let help = airssys_wasm_tests::run(&root(), &["build", "--help"]);
    assert!(stdout(&help).contains("<name>@<engine>.wasm"), "{}", stdout(&help));
}
