//! What the contract promises in numbers, counted from the WIT.

use std::collections::BTreeMap;

use airssys_wasm_tests::root;
use wit_parser::{Interface, Resolve, Type, TypeDefKind};

fn contract() -> Resolve {
    let mut resolve = Resolve::default();
    resolve.push_path(root().join("wit")).expect("wit/ parses");
    resolve
}

fn interfaces(resolve: &Resolve) -> Vec<(String, &Interface)> {
    resolve
        .interfaces
        .iter()
        .map(|(_, interface)| {
            let package = &resolve.packages[interface.package.expect("every interface is in a package")].name;
            (package.name.clone(), interface)
        })
        .collect()
}

#[test]
fn the_contract_has_four_packages_sixteen_interfaces_and_115_operations() {
    let resolve = contract();
    let mut operations: BTreeMap<String, usize> = BTreeMap::new();
    for (package, interface) in interfaces(&resolve) {
        *operations.entry(package).or_default() += interface.functions.len();
    }
    let counted: Vec<(&str, usize)> = operations.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(
        counted,
        [("core", 15), ("ext-filesystem", 36), ("ext-network", 32), ("ext-process", 32)],
        "operations by package"
    );
    assert_eq!(counted.iter().map(|(_, count)| count).sum::<usize>(), 115);
    assert_eq!(interfaces(&resolve).len(), 16, "interfaces");
}

#[test]
fn the_contract_stands_in_sixteen_files_and_the_worlds() {
    let mut files = Vec::new();
    for package in std::fs::read_dir(root().join("wit/deps")).expect("wit/deps is there") {
        for file in std::fs::read_dir(package.expect("readable").path()).expect("a package is a folder") {
            files.push(file.expect("readable").path());
        }
    }
    assert_eq!(files.len(), 16);
    assert!(root().join("wit/worlds.wit").is_file());
}

/// A named type counts unless a `use` brings it in from another interface.
#[test]
fn the_contract_has_82_types() {
    let resolve = contract();
    let mut count = 0;
    for (_, interface) in interfaces(&resolve) {
        for id in interface.types.values() {
            let used = matches!(resolve.types[*id].kind, TypeDefKind::Type(Type::Id(other))
                if resolve.types[other].owner != resolve.types[*id].owner);
            count += usize::from(!used);
        }
    }
    assert_eq!(count, 82);
}

#[test]
fn every_operation_says_what_it_does_and_which_permission_it_needs() {
    let resolve = contract();
    let mut silent = Vec::new();
    for (package, interface) in interfaces(&resolve) {
        let name = interface.name.clone().unwrap_or_default();
        assert!(interface.docs.contents.is_some(), "{package}/{name} has no docs");
        for function in interface.functions.values() {
            let docs = function.docs.contents.clone().unwrap_or_default();
            let exported = name == "component-lifecycle";
            if docs.is_empty() || (!exported && !docs.contains("Permission:")) {
                silent.push(format!("{package}/{name}.{}", function.name));
            }
        }
    }
    assert!(silent.is_empty(), "without docs or permission: {silent:?}");
}

#[test]
fn no_generator_is_met_with_what_it_cannot_take() {
    let resolve = contract();
    for (_, definition) in resolve.types.iter() {
        let name = definition.name.clone().unwrap_or_default();
        match &definition.kind {
            TypeDefKind::Flags(flags) => assert!(flags.flags.len() <= 32, "{name} has more than 32 flags"),
            TypeDefKind::Stream(_) | TypeDefKind::Future(_) | TypeDefKind::Map(..) => {
                panic!("{name}: not every generator has streams, futures or maps")
            }
            TypeDefKind::Record(record) => {
                assert!(record.fields.iter().all(|field| field.ty != Type::S64), "{name}: s64 aborts on one engine");
            }
            _ => {}
        }
    }
}
