//! Guests that import an interface which the contract does not have, in every language: they are built as any component,
//! and import that interface besides what every component imports.

use std::collections::BTreeSet;

use airssys_wasm::policy::{Engine, Manifest};
use airssys_wasm_tests::{read, root};
use airssys_wasm_toolchain::component;

use crate::example::{Example, guests, languages};

/// Each example of a host with its interface.
const INTERFACES: [(&str, &str); 2] =
    [("database", "acme:database/client@0.1.0"), ("model", "acme:model/inference@0.1.0")];

/// What every component may import of the contract. Interfaces that only have types come with those that use them.
const CONTRACT: [&str; 3] =
    ["airssys:core/capabilities@1.0.0", "airssys:core/host-services@1.0.0", "airssys:core/types@1.0.0"];

fn imported(example: &Example, engine: Option<Engine>) -> BTreeSet<String> {
    let bytes = std::fs::read(example.built_for(engine)).expect("it is built");
    let found = component::inspect(&bytes).expect("it is a component");
    let manifest = found.manifest.expect("it carries its Component.toml");
    assert_eq!(manifest, example.manifest(), "{example:?}");
    found.imports.into_iter().map(|interface| interface.name).collect()
}

#[test]
fn a_guest_of_every_language_imports_the_interface_of_the_host_and_nothing_else() {
    for (name, interface) in INTERFACES {
        let guests = guests(name);
        let of: Vec<&str> = guests.iter().map(|guest| guest.language.as_str()).collect();
        assert_eq!(of, languages(), "{name} has a guest in every language");
        for guest in guests {
            let engines: &[Option<Engine>] = match guest.language.as_str() {
                "js" => &[Some(Engine::Starlingmonkey), Some(Engine::Quickjs)],
                _ => &[None],
            };
            for engine in engines {
                let mut imports = imported(&guest, *engine);
                assert!(imports.remove(interface), "{guest:?} imports {imports:?}");
                imports.retain(|import| !CONTRACT.contains(&import.as_str()));
                assert_eq!(imports, BTreeSet::new(), "{guest:?}");
            }
        }
    }
}

#[test]
fn the_guests_of_one_host_ask_for_the_same() {
    for (name, interface) in INTERFACES {
        for guest in guests(name) {
            let manifest = Manifest::parse(&guest.manifest(), "Component.toml").expect("a Component.toml");
            let imports: Vec<String> = manifest.imports.iter().map(|import| import.name.to_string()).collect();
            assert_eq!(imports, [interface], "{guest:?}");
            assert_eq!(manifest.permissions, guests(name)[0].declared(), "{guest:?}");
            // The folder is the host's own, so that both have one text.
            let wit = guest.folder().join(&manifest.imports[0].wit).canonicalize().expect("its WIT is there");
            let of_host = root().join("host/examples").join(name).join("wit").canonicalize().expect("a folder");
            assert_eq!(wit, of_host, "{guest:?}");
        }
    }
}

/// What each README shows of such a guest is what the guest has, line by line and in this order.
#[test]
fn what_the_readmes_show_of_an_interface_of_the_hosts_own_is_what_a_guest_does() {
    for (language, source) in [
        ("rust", "src/lib.rs"),
        ("go", "main.go"),
        ("js", "src/index.ts"),
        ("python", "app.py"),
        ("c", "src/database.c"),
    ] {
        let readme = read(format!("sdk-{language}/README.md"));
        let source = read(format!("host/examples/database/guests/{language}/{source}"));
        let (_, section) = readme.split_once("\n## Interfaces of a host's own\n").expect("the section");
        let section = section.split("\n## ").next().unwrap_or(section);
        // The first block is Component.toml.
        let shown = section.split("```").nth(3).expect("two blocks");
        let mut lines = source.lines().map(str::trim);
        let mut count = 0;
        for line in shown.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()) {
            assert!(lines.any(|there| there == line), "sdk-{language}/README.md shows {line:?}, which is not there");
            count += 1;
        }
        assert!(count > 3, "sdk-{language}/README.md shows something");
    }
}
