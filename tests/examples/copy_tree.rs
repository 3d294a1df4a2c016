//! `copy-tree` on a folder of the disk.

use std::collections::BTreeMap;
use std::path::Path;

use airssys_wasm::{Mount, Runtime, RuntimeConfig, Start};

use crate::example::{all, answered, same, text};
use crate::fixes::apply_until_it_works;

/// A tree by its paths: `None` is a folder.
type Tree = BTreeMap<String, Option<Vec<u8>>>;

const MEBIBYTE: usize = 1 << 20;

fn tree() -> Tree {
    let large = (0..MEBIBYTE).map(|at| (at.wrapping_mul(2_654_435_761) >> 7) as u8).collect();
    let file = |path: &str, content: Vec<u8>| (path.to_owned(), Some(content));
    let folder = |path: &str| (path.to_owned(), None);
    BTreeMap::from([
        file("empty", Vec::new()),
        file("large.bin", large),
        file("with a space", b"1\0\xff\n".to_vec()),
        folder("nothing in it"),
        folder("deep"),
        folder("deep/deeper"),
        folder("deep/deeper/deepest"),
        file("deep/deeper/deepest/note", b"down here".to_vec()),
        folder("größer-大-🗂"),
        file("größer-大-🗂/naïve 🦀.txt", "日本語".into()),
    ])
}

fn write(folder: &Path, tree: &Tree) {
    std::fs::create_dir_all(folder).expect("created");
    // Sorted by path: a folder comes before what is in it.
    for (path, content) in tree {
        match content {
            Some(content) => std::fs::write(folder.join(path), content).expect("written"),
            None => std::fs::create_dir(folder.join(path)).expect("created"),
        }
    }
}

fn read(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).expect("readable") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("it is in the folder").to_str().expect("UTF-8").to_owned();
            let content = path.is_file().then(|| std::fs::read(&path).expect("readable"));
            if content.is_none() {
                waiting.push(path);
            }
            tree.insert(name, content);
        }
    }
    tree
}

fn mounted(folder: &Path) -> Mount {
    Mount::writable("/data", folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn copy_tree_copies_every_byte() {
    let runtime = Runtime::new(RuntimeConfig::default()).expect("a runtime");
    let original = tree();
    let contents: Vec<&Vec<u8>> = original.values().flatten().collect();
    let bytes: usize = contents.iter().map(|content| content.len()).sum();
    let expected = format!("copied {} files, {bytes} bytes", contents.len());
    let mut refusals = Vec::new();
    for example in all("copy-tree") {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join("from"), &original);
        let mount = mounted(folder.path());
        let component = example.load_with(&runtime, |start| start.mount(mount).grant(example.declared())).await;

        let said = text(&component, "copy-tree", "/data/from\n/data/to/here").await.expect("it copies");
        assert_eq!(said, expected, "{}", example.language);
        assert!(read(&folder.path().join("to/here")) == original, "{}: the copy differs", example.language);
        assert!(read(&folder.path().join("from")) == original, "{}: the original has changed", example.language);

        let again =
            text(&component, "copy-tree", "/data/from\n/data/to/here\n").await.expect("it replaces what is there");
        assert_eq!(again, expected, "{}", example.language);
        let inside = text(&component, "copy-tree", "/data/from\n/data/from/copy").await.expect("it comes to an end");
        assert_eq!(inside, expected, "{}", example.language);
        assert!(read(&folder.path().join("from/copy")) == original, "{}: the copy differs", example.language);

        let of = |error| answered(&error).0;
        let absent = of(text(&component, "copy-tree", "/data/absent\n/data/x").await.expect_err("nothing is there"));
        let malformed = text(&component, "copy-tree", "/data/from").await.expect_err("one line");
        let malformed = (answered(&malformed).0, answered(&malformed).1.to_owned());
        let outside = of(text(&component, "copy-tree", "/data/from\n/other").await.expect_err("it has no permission"));
        refusals.push((example.language.clone(), (absent, malformed, outside)));
        runtime.unload(component.id()).await.expect("unloaded");
    }
    let (absent, malformed, outside) = same(refusals);
    assert_eq!((absent, outside), ("processing-failed", "permission-denied"));
    assert_eq!(malformed, ("invalid-input", "expected FROM and TO, a line each".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_copy_tree_is_refused_names_what_to_add() {
    let runtime = Runtime::new(RuntimeConfig::default()).expect("a runtime");
    let mut applied = Vec::new();
    for example in all("copy-tree") {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join("from"), &Tree::from([("file".to_owned(), Some(b"content".to_vec()))]));
        let settings = |start: Start| start.mount(mounted(folder.path()));
        let (output, lines) =
            apply_until_it_works(&runtime, &example, settings, "copy-tree", b"/data/from\n/data/to").await;
        assert_eq!(output, b"copied 1 files, 7 bytes", "{}", example.language);
        applied.push((example.language.clone(), lines));
    }
    assert!(!same(applied).is_empty());
}
