//! The paths that code mentions, within macros too.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemMacro, ItemUse, Macro, Meta, Path, TraitItem};

use super::modules::{Crate, Mention, Segments, attributes, is_for_tests};

/// Notes all paths of an item that is no module and no `use`.
pub fn of_item(known: &mut Crate, module: usize, item: &Item) {
    Walk { known, module }.visit_item(item);
}

struct Walk<'a> {
    known: &'a mut Crate,
    module: usize,
}

impl Walk<'_> {
    fn note(&mut self, path: Segments) {
        // A single name is the module's own, or was imported, which is noted there.
        if path.len() > 1 {
            self.known.mentions.push(Mention { module: self.module, path, is_macro: false });
        }
    }

    fn note_all(&mut self, tokens: &TokenStream, wanted: impl Fn(&Segments) -> bool) {
        let mut paths = Vec::new();
        paths_in(tokens.clone(), &mut paths);
        for path in paths.into_iter().filter(wanted) {
            self.note(path);
        }
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        let is_left_out = matches!(item, TraitItem::Fn(item) if is_for_tests(&item.attrs));
        if !is_left_out {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !is_for_tests(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if !is_for_tests(&arm.attrs) {
            visit::visit_arm(self, arm);
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if !is_for_tests(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.known.import(self.module, item, false);
    }

    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {
        // `pub(in crate::a)` opens something and uses nothing.
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            self.note(path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta
            && !list.path.is_ident("cfg")
        {
            self.note_all(&list.tokens, |_| true);
            if list.path.is_ident("serde") {
                for path in paths_in_texts(&list.tokens) {
                    self.note(path);
                }
            }
        }
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        if let Some(name) = called.path.get_ident() {
            let path = vec![name.unraw().to_string()];
            self.known.mentions.push(Mention { module: self.module, path, is_macro: true });
        }
        self.visit_path(&called.path);
        self.note_all(&called.tokens, |_| true);
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        if item.ident.is_none() {
            return visit::visit_item_macro(self, item);
        }
        // What a macro says is read where it is called: only what begins at the root means the same everywhere.
        self.note_all(&item.mac.tokens, |path| path[0] == "crate");
    }
}

/// Every sequence of names with `::` between them.
fn paths_in(tokens: TokenStream, found: &mut Vec<Segments>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let separates = |at: usize| is(at, ':') && is(at + 1, ':');
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) => paths_in(group.stream(), found),
            TokenTree::Ident(first) => {
                let mut path = vec![first.unraw().to_string()];
                // What comes after a dot is a field or a method, what comes after `::` begins elsewhere.
                let is_start = !(at > 0 && is(at - 1, '.') || at > 1 && separates(at - 2));
                while separates(at + 1)
                    && let Some(TokenTree::Ident(next)) = tokens.get(at + 3)
                {
                    path.push(next.unraw().to_string());
                    at += 3;
                }
                let group = match tokens.get(at + 3) {
                    Some(TokenTree::Group(group)) if separates(at + 1) => Some(group),
                    _ => None,
                };
                match group {
                    // `use a::{b, c};`
                    Some(group) if group.delimiter() == Delimiter::Brace && is_start => {
                        let mut inner = Vec::new();
                        paths_in(group.stream(), &mut inner);
                        let names = group.stream().into_iter().filter_map(|token| match token {
                            TokenTree::Ident(name) => Some(vec![name.unraw().to_string()]),
                            _ => None,
                        });
                        for rest in inner.into_iter().chain(names) {
                            found.push(path.iter().cloned().chain(rest).collect());
                        }
                        at += 3;
                    }
                    _ if is_start && path.len() > 1 => found.push(path),
                    _ => {}
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Texts that are paths, as serde has them.
fn paths_in_texts(tokens: &TokenStream) -> Vec<Segments> {
    let mut found = Vec::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => found.extend(paths_in_texts(&group.stream())),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let path: Option<Path> = syn::parse_str(text.trim_matches('"')).ok();
                found
                    .extend(path.map(|path| path.segments.iter().map(|part| part.ident.unraw().to_string()).collect()));
            }
            _ => {}
        }
    }
    found
}
