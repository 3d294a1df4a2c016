//! Where compiled components are kept, and what is said where they cannot be.

use std::process::Output;

use airssys_wasm_tests::{stderr, stdout};

use crate::components;
use crate::refusal::{Place, tree};

fn place() -> Place {
    let place = Place::new();
    std::fs::copy(components::hello(), place.path("hello.wasm")).expect("copied");
    place
}

/// Calls with these variables and no other that names a folder.
fn call(place: &Place, variables: &[(&str, &str)]) -> Output {
    let mut command = place.command(&["call", "hello.wasm", "greet", "World"]);
    for name in ["AIRSSYS_WASM_CACHE", "XDG_CACHE_HOME", "HOME"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().expect("the tool starts");
    assert_eq!(stdout(&output), "Hello, World!", "{}", stderr(&output));
    output
}

#[test]
fn one_variable_names_the_folder_of_everything() {
    let place = place();
    let path = |name: &str| place.path(name).display().to_string();
    let (own, cache, home) = (path("own"), path("cache"), path("home"));
    let kept = |folder: &str| tree(&place.path(folder)).iter().filter(|name| name.ends_with(".cwasm")).count();
    let all = [("AIRSSYS_WASM_CACHE", &*own), ("XDG_CACHE_HOME", &*cache), ("HOME", &*home)];
    for (first, folder) in
        [(0, "own/compiled"), (1, "cache/airssys-wasm/compiled"), (2, "home/.cache/airssys-wasm/compiled")]
    {
        assert_eq!(stderr(&call(&place, &all[first..])), "");
        assert_eq!(kept(folder), 1, "{folder}");
    }
    assert_eq!(stderr(&call(&place, &[("AIRSSYS_WASM_CACHE", "relative"), ("HOME", "/dev/null")])), "");
    assert_eq!(kept("relative/compiled"), 1);
}

#[test]
fn a_folder_that_cannot_be_used_is_warned_of_once_with_the_way_out() {
    let place = place();
    for variables in [&[][..], &[("HOME", "")], &[("HOME", "/dev/null")], &[("AIRSSYS_WASM_CACHE", "/dev/null/x")]] {
        let said = stderr(&call(&place, variables));
        assert_eq!(said.lines().count(), 1, "{variables:?}: {said}");
        assert!(said.contains("not kept") && said.contains("let AIRSSYS_WASM_CACHE name a folder"), "{said}");
    }
}
