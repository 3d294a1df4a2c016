//! The modules of a crate: in which file each is, which names it has, and which paths it mentions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::ext::IdentExt as _;
use syn::{Attribute, Item, ItemMod, ItemUse, Meta, UseTree};

use super::mentions;

/// The first module: that of the file in which the crate begins.
pub const ROOT: usize = 0;

/// The segments of a path, with `crate`, `self` and `super` among them.
pub type Segments = Vec<String>;

/// A crate as far as paths go.
#[derive(Debug, Default)]
pub struct Crate {
    pub files: Vec<PathBuf>,
    pub modules: Vec<Module>,
    pub mentions: Vec<Mention>,
}

/// One module.
#[derive(Debug)]
pub struct Module {
    pub file: usize,
    pub parent: usize,
    /// What each of its names stands for; a name may stand for a module and a function at once.
    pub names: BTreeMap<String, Vec<Binding>>,
    /// What it imports all names of.
    pub globs: Vec<Segments>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// Something that the module defines.
    Item,
    /// A macro, which modules further down in the text know without an import.
    Macro,
    Module(usize),
    Import(Segments),
}

/// A path in a module.
#[derive(Debug)]
pub struct Mention {
    pub module: usize,
    pub path: Segments,
    /// Whether it is the name of a macro alone.
    pub is_macro: bool,
}

/// Reads a file; nothing if there is none.
pub type Read<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// Where the files of a module's own modules are.
struct Place {
    /// Where `#[path]` begins.
    file: PathBuf,
    /// Where `mod name;` begins.
    modules: PathBuf,
}

impl Crate {
    /// Reads a crate from the file in which it begins, without what is there for tests alone.
    pub fn load(beginning: &Path, read: Read<'_>) -> Result<Crate, String> {
        let mut known = Crate::default();
        let folder = beginning.parent().unwrap_or(Path::new("")).to_owned();
        let place = Place { file: folder.clone(), modules: folder };
        known.file(beginning, ROOT, &place, read)?;
        Ok(known)
    }

    fn file(&mut self, path: &Path, parent: usize, place: &Place, read: Read<'_>) -> Result<usize, String> {
        let text = read(path).ok_or_else(|| format!("{} cannot be read", path.display()))?;
        let parsed = syn::parse_file(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        self.files.push(path.to_owned());
        let module = self.module(self.files.len() - 1, parent);
        self.items(module, &parsed.items, place, read)?;
        Ok(module)
    }

    fn module(&mut self, file: usize, parent: usize) -> usize {
        self.modules.push(Module { file, parent, names: BTreeMap::new(), globs: Vec::new() });
        self.modules.len() - 1
    }

    fn items(&mut self, module: usize, items: &[Item], place: &Place, read: Read<'_>) -> Result<(), String> {
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                Item::Mod(declared) => self.declared(module, declared, place, read)?,
                Item::Use(imported) => self.import(module, imported, true),
                other => {
                    if let Some((name, binding)) = defined(other) {
                        // Macros for everybody are at the root, wherever they are defined.
                        if binding == Binding::Macro && has(attributes(other), "macro_export") {
                            let path = self.path_to(module, &name);
                            self.bind(ROOT, name.clone(), Binding::Import(path));
                        }
                        self.bind(module, name, binding);
                    }
                    mentions::of_item(self, module, other);
                }
            }
        }
        Ok(())
    }

    /// The path from the root to a name of a module.
    fn path_to(&self, module: usize, name: &str) -> Segments {
        let mut path = vec![name.to_owned()];
        let mut here = module;
        while here != ROOT {
            let above = self.modules[here].parent;
            let own = self.modules[above].names.iter().find(|(_, all)| all.contains(&Binding::Module(here)));
            path.insert(0, own.map(|(name, _)| name.clone()).unwrap_or_default());
            here = above;
        }
        path.insert(0, "crate".to_owned());
        path
    }

    fn bind(&mut self, module: usize, name: String, binding: Binding) {
        self.modules[module].names.entry(name).or_default().push(binding);
    }

    fn declared(&mut self, parent: usize, item: &ItemMod, place: &Place, read: Read<'_>) -> Result<(), String> {
        let name = item.ident.unraw().to_string();
        // Known before what is in it is read, which may mention it.
        let next = self.modules.len();
        self.bind(parent, name.clone(), Binding::Module(next));
        if let Some((_, items)) = &item.content {
            let module = self.module(self.modules[parent].file, parent);
            let below = place.modules.join(&name);
            return self.items(module, items, &Place { file: below.clone(), modules: below }, read);
        }
        let (path, place) = match text_of(&item.attrs, "path") {
            Some(given) => {
                let path = place.file.join(given);
                let folder = path.parent().unwrap_or(Path::new("")).to_owned();
                (path, Place { file: folder.clone(), modules: folder })
            }
            None => {
                let alone = place.modules.join(format!("{name}.rs"));
                let folder = place.modules.join(&name);
                match read(&alone) {
                    Some(_) => (alone, Place { file: place.modules.clone(), modules: folder }),
                    None => (folder.join("mod.rs"), Place { file: folder.clone(), modules: folder }),
                }
            }
        };
        self.file(&path, parent, &place, read).map(drop)
    }

    /// What a `use` brings; one in a block is taken for the whole module, where the name is free there.
    pub fn import(&mut self, module: usize, item: &ItemUse, is_of_module: bool) {
        if item.leading_colon.is_some() {
            return;
        }
        let mut leaves = Vec::new();
        leaves_of(&item.tree, &mut Vec::new(), &mut leaves);
        for (path, name) in leaves {
            match name {
                Some(name) if is_of_module || !self.modules[module].names.contains_key(&name) => {
                    self.bind(module, name, Binding::Import(path.clone()));
                }
                Some(_) => {}
                None => self.modules[module].globs.push(path.clone()),
            }
            self.mentions.push(Mention { module, path, is_macro: false });
        }
    }
}

/// Each path of a `use`, with the name that it gets; none for all names of the path.
fn leaves_of(tree: &UseTree, before: &mut Segments, leaves: &mut Vec<(Segments, Option<String>)>) {
    let joined = |before: &Segments, last: &syn::Ident| {
        let mut path = before.clone();
        // `a::{self}` is `a`.
        if last != "self" || path.is_empty() {
            path.push(last.unraw().to_string());
        }
        path
    };
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.unraw().to_string());
            leaves_of(&path.tree, before, leaves);
            before.pop();
        }
        UseTree::Name(name) => {
            let path = joined(before, &name.ident);
            let name = path.last().cloned();
            leaves.push((path, name));
        }
        UseTree::Rename(renamed) => {
            leaves.push((joined(before, &renamed.ident), Some(renamed.rename.unraw().to_string())));
        }
        UseTree::Glob(_) => leaves.push((before.clone(), None)),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves_of(tree, before, leaves)),
    }
}

/// The name that an item defines in its module.
fn defined(item: &Item) -> Option<(String, Binding)> {
    let (name, binding) = match item {
        Item::Const(item) => (&item.ident, Binding::Item),
        Item::Enum(item) => (&item.ident, Binding::Item),
        Item::Fn(item) => (&item.sig.ident, Binding::Item),
        Item::Static(item) => (&item.ident, Binding::Item),
        Item::Struct(item) => (&item.ident, Binding::Item),
        Item::Trait(item) => (&item.ident, Binding::Item),
        Item::Type(item) => (&item.ident, Binding::Item),
        Item::Union(item) => (&item.ident, Binding::Item),
        Item::Macro(item) => (item.ident.as_ref()?, Binding::Macro),
        _ => return None,
    };
    Some((name.unraw().to_string(), binding))
}

/// The attributes of an item.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// The text of an attribute such as `#[path = "other.rs"]`.
fn text_of(attributes: &[Attribute], name: &str) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident(name) => match &pair.value {
            syn::Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

/// Whether something is compiled only for tests: `#[cfg(test)]`, or that and more.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            attribute.parse_args::<Meta>().is_ok_and(|condition| takes_tests(&condition))
        }
        Meta::Path(path) => path.is_ident("test"),
        _ => false,
    })
}

fn takes_tests(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => {
            let all = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
            list.parse_args_with(all).is_ok_and(|all| all.iter().any(takes_tests))
        }
        _ => false,
    }
}
