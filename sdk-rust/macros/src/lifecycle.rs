//! The functions of the life cycle other than `execute`: which methods are marked for them, and how these are called.

use proc_macro2::TokenStream as Tokens;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Error, Ident, ImplItemFn, Meta, Result};

use crate::attribute::take_attribute;
use crate::condition::Condition;

/// Makes `function` note that the component starts while it runs, so that errors of the host are told as that.
pub(crate) fn note_start(function: &mut ImplItemFn) {
    let note = syn::parse_quote! {
        let _starting = ::airssys_wasm_sdk::__private::Starting::new();
    };
    function.block.stmts.insert(0, note);
}

/// A function of `Component` with a default.
struct Function {
    attribute: &'static str,
    /// Writes the function, with a call of the method of this name. The method may have the same name as the function: an
    /// inherent one comes first.
    written: fn(&Ident) -> Tokens,
}

const INIT: &str = "init";

const FUNCTIONS: &[Function] = &[
    Function {
        attribute: INIT,
        written: |method| {
            quote! {
                fn init(
                    config: ::airssys_wasm_sdk::ComponentConfig,
                ) -> ::std::result::Result<Self, ::airssys_wasm_sdk::ComponentError> {
                    Self::#method(config)
                }
            }
        },
    },
    Function {
        attribute: "handle_message",
        written: |method| {
            quote! {
                fn handle_message(
                    &mut self,
                    sender: ::airssys_wasm_sdk::ComponentId,
                    message: ::std::vec::Vec<u8>,
                ) -> ::std::result::Result<(), ::airssys_wasm_sdk::ComponentError> {
                    Self::#method(self, sender, message)
                }
            }
        },
    },
    Function {
        attribute: "handle_callback",
        written: |method| {
            quote! {
                fn handle_callback(
                    &mut self,
                    request: ::airssys_wasm_sdk::RequestId,
                    outcome: ::std::result::Result<::std::vec::Vec<u8>, ::std::string::String>,
                ) -> ::std::result::Result<(), ::airssys_wasm_sdk::ComponentError> {
                    Self::#method(self, request, outcome)
                }
            }
        },
    },
    Function {
        attribute: "health",
        written: |method| {
            quote! {
                fn health(&self) -> ::airssys_wasm_sdk::HealthStatus {
                    Self::#method(self)
                }
            }
        },
    },
    Function {
        attribute: "shutdown",
        written: |method| {
            quote! {
                fn shutdown(&mut self) -> ::std::result::Result<(), ::airssys_wasm_sdk::ComponentError> {
                    Self::#method(self)
                }
            }
        },
    },
];

/// A method that is marked.
struct Marked {
    attribute: &'static str,
    method: Ident,
    condition: Condition,
}

/// The functions that the author wrote.
#[derive(Default)]
pub(crate) struct Lifecycle(Vec<Marked>);

impl Lifecycle {
    /// Takes the mark off a method, and says which it was.
    pub(crate) fn take(&mut self, method: &mut ImplItemFn) -> Result<Option<&'static str>> {
        let mut taken = None;
        for function in FUNCTIONS {
            let name = function.attribute;
            let Some(attribute) = take_attribute(&mut method.attrs, name)? else { continue };
            if !matches!(attribute.meta, Meta::Path(_)) {
                return Err(Error::new(attribute.span(), format!("#[{name}] takes no arguments")));
            }
            if let Some(other) = taken.replace(name) {
                let problem = format!("this method is #[{other}] already, so that it is not #[{name}] too");
                return Err(Error::new(method.sig.ident.span(), problem));
            }
            if let Some(keyword) = &method.sig.asyncness {
                let problem =
                    format!("#[{name}] is not async: calls of the host wait by themselves, and nothing polls a future");
                return Err(Error::new(keyword.span(), problem));
            }
            let marked =
                Marked { attribute: name, method: method.sig.ident.clone(), condition: Condition::of(&method.attrs)? };
            let clashes = |other: &&Marked| {
                other.attribute == name && (other.condition.is_always() || marked.condition.is_always())
            };
            if let Some(other) = self.0.iter().find(clashes) {
                let problem = format!("#[{name}] has two methods, `{}` and `{}`", other.method, marked.method);
                return Err(Error::new(method.sig.ident.span(), problem));
            }
            if name == INIT {
                note_start(method);
            }
            self.0.push(marked);
        }
        Ok(taken)
    }
}

impl ToTokens for Lifecycle {
    fn to_tokens(&self, tokens: &mut Tokens) {
        for Marked { attribute, method, condition } in &self.0 {
            let written = FUNCTIONS.iter().filter(|function| function.attribute == *attribute);
            for function in written.map(|function| (function.written)(method)) {
                tokens.extend(quote! { #condition #function });
            }
        }
        // The one function that `Component` has no default for.
        let inits = self.0.iter().filter(|marked| marked.attribute == INIT);
        let inits: Vec<&Condition> = inits.map(|marked| &marked.condition).collect();
        let absent = Condition::none_of(&inits);
        if inits.is_empty() || absent.is_some() {
            tokens.extend(quote! {
                #absent
                fn init(
                    _: ::airssys_wasm_sdk::ComponentConfig,
                ) -> ::std::result::Result<Self, ::airssys_wasm_sdk::ComponentError> {
                    ::std::result::Result::Ok(<Self as ::std::default::Default>::default())
                }
            });
        }
    }
}
