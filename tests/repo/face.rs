//! What the crate of embedders shows at its root can be taken in at a glance.

use std::fs;

use airssys_wasm_tests::root;
use syn::{Item, UseTree, Visibility};

/// Names at the root: modules, types and functions together.
const MAX_NAMES: usize = 30;

/// The public names at the root of a crate.
fn public_names(text: &str) -> Vec<String> {
    let file = syn::parse_file(text).expect("it is Rust");
    let mut names = Vec::new();
    for item in &file.items {
        match item {
            Item::Use(used) if is_public(&used.vis) => leaves(&used.tree, &mut names),
            Item::Mod(module) if is_public(&module.vis) => names.push(module.ident.to_string()),
            Item::Struct(item) if is_public(&item.vis) => names.push(item.ident.to_string()),
            Item::Enum(item) if is_public(&item.vis) => names.push(item.ident.to_string()),
            Item::Union(item) if is_public(&item.vis) => names.push(item.ident.to_string()),
            Item::Trait(item) if is_public(&item.vis) => names.push(item.ident.to_string()),
            Item::TraitAlias(item) if is_public(&item.vis) => names.push(item.ident.to_string()),
            Item::Type(item) if is_public(&item.vis) => names.push(item.ident.to_string()),
            Item::Const(item) if is_public(&item.vis) => names.push(item.ident.to_string()),
            Item::Static(item) if is_public(&item.vis) => names.push(item.ident.to_string()),
            Item::Fn(item) if is_public(&item.vis) => names.push(item.sig.ident.to_string()),
            Item::ExternCrate(item) if is_public(&item.vis) => names.push(item.ident.to_string()),
            // What such a macro is called elsewhere is a name at the root.
            Item::Macro(item) if item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export")) => {
                names.extend(item.ident.iter().map(ToString::to_string));
            }
            _ => {}
        }
    }
    names
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The names that a `use` brings in.
fn leaves(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(renamed) => names.push(renamed.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Glob(_) => panic!("`*` shows whatever another file has"),
    }
}

#[test]
fn the_root_of_the_embedders_crate_has_few_names() {
    let text = fs::read_to_string(root().join("host/runtime/src/lib.rs")).expect("readable");
    let names = public_names(&text);
    assert!(names.len() <= MAX_NAMES, "more than {MAX_NAMES} names, of {}: {}", names.len(), names.join(", "));
    assert!(!text.contains("doc(hidden)"), "what is public is documented");
}

#[test]
fn public_names_are_those_of_modules_items_and_reexports() {
    let text = "mod a; pub mod b { pub struct NotHere; } pub use c::{d, e::{f, G as H}}; use i::J; pub(crate) use k::L;
        pub struct M; enum N {} pub fn o() {} pub const P: u8 = 0;";
    assert_eq!(public_names(text), ["b", "d", "f", "H", "M", "o", "P"]);
}
