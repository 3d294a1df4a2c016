//! Which WIT of a host's own a component can be built with, and what is said of other.

use std::fs;
use std::path::Path;

use airssys_wasm_policy::Manifest;

use super::*;

const DATABASE: &str = "package acme:database@0.1.0;\ninterface client {\n  use airssys:core/capabilities@1.0.0.{permission-denial};\n  \
                        query: func(sql: string) -> result<list<u8>, permission-denial>;\n}\n";

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn imports(lines: &str) -> Vec<Import> {
    let text = format!("[component]\nname = \"a/b\"\nversion = \"1.0.0\"\n[imports]\n{lines}");
    Manifest::parse(&text, "Component.toml").unwrap_or_else(|errors| panic!("{errors}")).imports
}

/// The world with this interface, whose package is the one file there is.
fn with(text: &str) -> Result<World, WitError> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "wit/host.wit", text);
    World::with_imports("minimal", &imports("\"a:b/c\" = { wit = \"wit\" }"), folder.path())
}

#[test]
fn a_world_without_imports_is_that_of_the_contract() {
    let world = World::with_imports("full", &[], Path::new("unused")).unwrap();
    assert_eq!((world.name(), world.generated_name()), ("full", "full"));
    assert!(world.imports_alone().is_none() && world.files().next().is_none());
    assert!(matches!(World::with_imports("fuller", &[], Path::new("x")), Err(WitError::UnknownWorld(_))));
}

#[test]
fn what_is_imported_joins_the_world_of_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "wit/acme-database/database.wit", DATABASE);
    write(folder.path(), "wit/acme-database/notes.txt", "no WIT");
    let imports = imports("\"acme:database/client@0.1.0\" = { wit = \"wit/acme-database\" }");
    let world = World::with_imports("with-filesystem", &imports, folder.path()).unwrap();
    assert_eq!(world.name(), "with-filesystem");
    assert_eq!(world.imported_packages(), ["acme:database"]);
    let (resolve, id) = world.resolved();
    let names = |id: WorldId| -> Vec<String> {
        resolve.worlds[id].imports.keys().map(|key| resolve.name_world_key(key)).collect()
    };
    let joined = names(id);
    for name in ["acme:database/client@0.1.0", "airssys:ext-filesystem/files@1.0.0", "airssys:core/host-services@1.0.0"]
    {
        assert!(joined.contains(&name.to_owned()), "{name} is not in {joined:?}");
    }
    assert_eq!(
        names(world.imports_alone().unwrap()),
        ["airssys:core/capabilities@1.0.0", "acme:database/client@0.1.0"]
    );
    // What is written is what was resolved.
    let out = folder.path().join("out");
    world.write(&out).unwrap();
    let mut read = Resolve::default();
    let (package, _) = read.push_path(&out).unwrap();
    assert!(read.packages[package].worlds.contains_key(world.generated_name()));
}

#[test]
fn modules_of_python_have_names_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "one/a.wit",
        "package acme:data-base;\ninterface files { f: func(); }\ninterface client { f: func(); }\n",
    );
    write(
        folder.path(),
        "two/b.wit",
        "package acme:model;\ninterface client { f: func(); }\ninterface inference { f: func(); }\n",
    );
    let lines = "\"acme:data-base/files\" = { wit = \"one\" }\n\"acme:data-base/client\" = { wit = \"one\" }\n\
                 \"acme:model/client\" = { wit = \"two\" }\n\"acme:model/inference\" = { wit = \"two\" }";
    let world = World::with_imports("minimal", &imports(lines), folder.path()).unwrap();
    let mut names = world.python_names();
    names.sort();
    let expected = [
        ("acme:data-base/client", "data_base_client"),
        ("acme:data-base/files", "data_base_files"),
        ("acme:model/client", "model_client"),
    ];
    assert_eq!(names, expected.map(|(interface, name)| (interface.to_owned(), name.to_owned())));
}

#[test]
fn what_lies_in_deps_is_taken_and_the_contract_is_always_its_own() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "one/a.wit", "package a:b;\ninterface c { use d:e/f.{g}; h: func() -> g; }\n");
    write(folder.path(), "one/deps/d/e.wit", "package d:e;\ninterface f { type g = u32; }\n");
    write(
        folder.path(),
        "one/deps/core/core.wit",
        "package airssys:core@1.0.0;\ninterface capabilities { nonsense: func(); }\n",
    );
    write(folder.path(), "two/e.wit", "package d:e;\ninterface f { type g = u32; }\n");
    let both = imports("\"a:b/c\" = { wit = \"one\" }\n\"d:e/f\" = { wit = \"two\" }");
    let world = World::with_imports("minimal", &both, folder.path()).unwrap();
    assert_eq!(world.imported_packages(), ["a:b", "d:e"]);

    write(folder.path(), "two/e.wit", "package d:e;\ninterface f { type g = u64; }\n");
    let error = World::with_imports("minimal", &both, folder.path()).unwrap_err();
    assert_eq!(error.code(), "bad-wit");
    assert!(error.to_string().contains("different texts of package d:e"), "{error}");
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "wit/database.wit", DATABASE);
    fs::create_dir(folder.path().join("empty")).unwrap();
    let error = |line: &str| World::with_imports("minimal", &imports(line), folder.path()).unwrap_err();
    let slip = error("\"acme:database/cleint@0.1.0\" = { wit = \"wit\" }");
    assert_eq!(slip.code(), "unknown-interface");
    assert_eq!(slip.to_string(), "wit does not have acme:database/cleint@0.1.0, it has acme:database/client@0.1.0");
    assert!(slip.help().unwrap().contains("\"acme:database/client@0.1.0\""), "{:?}", slip.help());
    assert_eq!(error("\"acme:database/client@0.2.0\" = { wit = \"wit\" }").code(), "unknown-interface");
    assert_eq!(error("\"acme:database/client@0.1.0\" = { wit = \"none\" }").code(), "unreadable");
    assert_eq!(error("\"acme:database/client@0.1.0\" = { wit = \"empty\" }").code(), "bad-wit");
}

#[test]
fn what_is_no_wit_comes_with_its_place() {
    let error = with("package a:b;\ninterface c { f: func(x: strnig); }\n").unwrap_err();
    assert_eq!(error.code(), "bad-wit");
    assert!(error.to_string().contains("wit/host.wit:2:26"), "{error}");
    let error = with("package a:b;\ninterface c { use x:y/z.{t}; }\n").unwrap_err();
    assert!(error.to_string().contains("x:y"), "{error}");
}

#[test]
fn what_a_language_cannot_take_is_named_with_what_to_write_instead() {
    for (items, what) in [
        ("f: func(x: s64);", "function f has an s64"),
        ("f: func() -> option<list<s64>>;", "function f has an s64"),
        ("record r { x: tuple<u8, s64> }", "type r has an s64"),
        ("f: func() -> list<u8, 4>;", "function f has a list of fixed length"),
        ("f: func() -> stream<u8>;", "function f has a stream"),
        ("f: func() -> future<u8>;", "function f has a future"),
        ("f: async func();", "function f is async"),
        ("f: func() -> map<string, u8>;", "function f has a map"),
        (
            "resource r { constructor(x: u8) -> result<r, string>; }",
            "function [constructor]r can fail, and a constructor cannot",
        ),
    ] {
        match with(&format!("package a:b;\ninterface c {{ {items} }}\n")) {
            Err(WitError::Unsupported { interface, what: found, fix }) => {
                assert_eq!((interface.as_str(), found.as_str()), ("a:b/c", what), "{items}");
                assert!(!fix.is_empty());
            }
            other => panic!("{items}: {other:?}"),
        }
    }
    let every = "variant v { a, b(u64) } enum e { x } flags f { y } record r { o: option<v>, t: tuple<e, char> }\n\
                 resource s { constructor(); open: static func() -> result<s, v>; read: func(n: u32) -> list<f64>; }\n\
                 g: func(s: borrow<s>, r: r) -> result<_, e>; h: func() -> f;";
    with(&format!("package a:b;\ninterface c {{ {every} }}\n")).unwrap();
}

#[test]
fn a_folder_is_read_within_bounds() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "wit/database.wit", DATABASE);
    let line = imports("\"acme:database/client@0.1.0\" = { wit = \"wit\" }");
    write(folder.path(), "wit/large.wit", &" ".repeat(4 << 20));
    let error = World::with_imports("minimal", &line, folder.path()).unwrap_err();
    assert_eq!(error.code(), "file-too-large", "{error}");
    write(folder.path(), "wit/large.wit", "");
    for index in 0..256 {
        write(folder.path(), &format!("wit/{index}.txt"), "");
    }
    let error = World::with_imports("minimal", &line, folder.path()).unwrap_err();
    assert_eq!(error.to_string(), "wit has more than 256 files");
}
