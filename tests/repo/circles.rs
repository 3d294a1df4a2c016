//! No files of a crate import each other in a circle: each can be read with nothing in mind but those below it.

mod graph;
mod mentions;
mod modules;
mod resolve;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use serde_json::Value;

use graph::{Circle, circles};
use modules::Crate;

use crate::workspace::metadata;

/// Where each crate of the workspace begins: its name, and the file of a library or program.
fn beginnings() -> Vec<(String, String)> {
    let metadata = metadata();
    let mut found = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        for target in package["targets"].as_array().expect("targets") {
            let kinds = target["kind"].as_array().expect("kinds").iter().filter_map(Value::as_str);
            if kinds.into_iter().any(|kind| ["lib", "bin", "proc-macro"].contains(&kind)) {
                found.push((name.to_owned(), target["src_path"].as_str().expect("a path").to_owned()));
            }
        }
    }
    found
}

/// The circles of one crate.
fn circles_of(beginning: &Path) -> Vec<Circle> {
    let read = |file: &Path| fs::read_to_string(file).ok();
    let known = Crate::load(beginning, &read).unwrap_or_else(|problem| panic!("{}: {problem}", beginning.display()));
    circles(&known, beginning.parent().expect("a file is in a folder"))
}

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let mut problems = String::new();
    for (name, beginning) in beginnings() {
        for circle in circles_of(Path::new(&beginning)) {
            problems.push_str(&format!("\n{name}: {circle}"));
        }
    }
    assert!(problems.is_empty(), "files import each other in a circle:{problems}");
}
