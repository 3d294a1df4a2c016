//! Projects that stand around blocks.
//!
//! Each folder of `tests/documents` is a project in one language. A comment in one of its files is where a block goes:
//! `// block: sdk-go/README.md#files`. Where imports cannot stand in a function, as in JavaScript, `// imports: …` and
//! `// rest: …` are the two parts of a block. The file `session` says what is then typed in the project.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use airssys_wasm_tests::{files, read, remove_folder, root};

use super::blocks::{Block, blocks};
use super::sessions;

const FOLDER: &str = "tests/documents";

/// The files of the projects, relative to the folder.
fn sources() -> impl Iterator<Item = PathBuf> {
    files().into_iter().filter_map(|file| file.strip_prefix(FOLDER).ok().map(Path::to_owned))
}

fn text(source: &Path) -> String {
    read(Path::new(FOLDER).join(source))
}

/// A comment that stands for a block: `block`, `imports` or `rest`, and the name.
fn place(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let (part, name) = line.strip_prefix("// ").or_else(|| line.strip_prefix("# "))?.split_once(": ")?;
    ["block", "imports", "rest"].contains(&part).then_some((part, name))
}

/// The names of all blocks that have a place in a project.
pub fn placed() -> BTreeSet<String> {
    let names = sources().flat_map(|source| {
        let text = text(&source);
        text.lines().filter_map(place).map(|(_, name)| name.to_owned()).collect::<Vec<_>>()
    });
    names.collect()
}

/// A file with the blocks in their places, as deep as the comments.
fn filled(text: &str, blocks: &[Block]) -> String {
    let mut filled = String::new();
    for line in text.lines() {
        filled += &format!("{line}\n");
        let Some((part, name)) = place(line) else { continue };
        let block =
            blocks.iter().find(|block| block.name == name).unwrap_or_else(|| panic!("there is no block {name}"));
        let depth = &line[..line.len() - line.trim_start().len()];
        for shown in block.text.lines() {
            let is_import = shown.starts_with("import ");
            if part == "block" || (part == "imports") == is_import {
                let shown = if shown.is_empty() { String::new() } else { format!("{depth}{shown}") };
                filled += &format!("{shown}\n");
            }
        }
    }
    filled
}

/// Fills the places of a project, and types its session.
fn try_project(name: &str) {
    let project = root().join("target/documents").join(name);
    remove_folder(&project);
    let blocks = blocks();
    for source in sources().filter(|source| source.starts_with(name)) {
        let target = root().join("target/documents").join(&source);
        std::fs::create_dir_all(target.parent().expect("a file is in a folder")).expect("a folder can be made");
        std::fs::write(&target, filled(&text(&source), &blocks)).expect("a file can be written");
    }
    sessions::run(&project, &text(&Path::new(name).join("session")));
}

#[test]
fn c() {
    try_project("c");
}

#[test]
fn go() {
    try_project("go");
}

#[test]
fn js() {
    try_project("js");
}

#[test]
fn python() {
    try_project("python");
}

#[test]
fn rust() {
    try_project("rust");
}

#[test]
fn every_project_is_tried() {
    let named = |source: PathBuf| source.iter().next().expect("a name").to_string_lossy().into_owned();
    let on_disk: BTreeSet<String> = sources().map(named).collect();
    assert_eq!(on_disk.iter().collect::<Vec<_>>(), ["c", "go", "js", "python", "rust"]);
}

#[test]
fn a_block_stands_at_its_place() {
    let text = "import a\n\nb()\n";
    let blocks = [Block { name: "x.md#y".to_owned(), language: "js".to_owned(), text: text.to_owned() }];
    assert_eq!(filled("  // block: x.md#y\nend", &blocks), "  // block: x.md#y\n  import a\n\n  b()\nend\n");
    assert_eq!(filled("# imports: x.md#y\n", &blocks), "# imports: x.md#y\nimport a\n");
    assert_eq!(filled("# rest: x.md#y\n", &blocks), "# rest: x.md#y\n\nb()\n");
}
