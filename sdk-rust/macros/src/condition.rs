//! `#[cfg]` on a method, which holds for what is made of the method.

use proc_macro2::TokenStream as Tokens;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Result, Token};

/// When there is a method at all.
#[derive(Debug, Default)]
pub(crate) struct Condition(Vec<Tokens>);

impl Condition {
    /// The condition that the attributes of a method state.
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut all = Vec::new();
        for attribute in attributes {
            if attribute.path().is_ident("cfg") {
                all.push(attribute.parse_args::<Tokens>()?);
            } else if attribute.path().is_ident("cfg_attr") {
                let parts = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
                let mut parts = parts.into_iter();
                let Some(if_so) = parts.next() else { continue };
                for part in parts.filter(|part| part.path().is_ident("cfg")) {
                    let then = &part.require_list()?.tokens;
                    all.push(quote!(any(not(#if_so), #then)));
                }
            }
        }
        Ok(Self(all))
    }

    /// Whether there always is a method.
    pub(crate) fn is_always(&self) -> bool {
        self.0.is_empty()
    }

    fn predicate(&self) -> Tokens {
        match &self.0[..] {
            [one] => one.clone(),
            all => quote!(all(#(#all),*)),
        }
    }

    /// The attribute that says the same, if it can be false.
    pub(crate) fn attribute(&self) -> Option<Tokens> {
        let predicate = self.predicate();
        (!self.is_always()).then(|| quote!(#[cfg(#predicate)]))
    }

    /// The attribute for what is there only if none of these is true; nothing if one always is, or there is none.
    pub(crate) fn none_of(conditions: &[&Condition]) -> Option<Tokens> {
        if conditions.is_empty() || conditions.iter().any(|condition| condition.is_always()) {
            return None;
        }
        let predicates = conditions.iter().map(|condition| condition.predicate());
        Some(quote!(#[cfg(not(any(#(#predicates),*)))]))
    }
}

impl ToTokens for Condition {
    fn to_tokens(&self, tokens: &mut Tokens) {
        tokens.extend(self.attribute());
    }
}
