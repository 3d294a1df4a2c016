//! The `#[component]` attribute of `airssys-wasm-sdk`; see there.

mod attribute;
mod condition;
mod lifecycle;
mod manifest;
mod operation;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Error, ImplItem, ItemImpl, LitStr, Result, Type};

use attribute::take_attribute;
use condition::Condition;
use lifecycle::Lifecycle;
use manifest::Manifest;
use operation::Operation;

/// Makes a component of an `impl` block.
///
/// On an `impl` block of methods, each `#[operation]` method becomes an operation. It takes `&mut self` or `&self`,
/// optionally the input (`Vec<u8>` or `String`) and optionally `&ExecutionContext`, and returns bytes, a `String`,
/// nothing, or a `Result` of these with an `ExecutionError`. The type starts from its `Default`. What describes the
/// component is read from the `Component.toml` beside `Cargo.toml`, whose `operations`, if listed, must be the methods.
///
/// The operation has the name of the method in kebab-case: `resize_image` is `resize-image`. `r#move` and `move_` are
/// both `move`. `#[operation(name = "moveTo")]` gives it any other name. `#[cfg(…)]` on a method holds for its operation.
///
/// The other functions of the life cycle are methods marked `#[init]`, `#[handle_message]`, `#[handle_callback]`,
/// `#[health]` or `#[shutdown]`, with the parameters and the result that they have in `Component`.
///
/// On `impl Component for …` it exports that implementation as it stands.
///
/// In both forms an error of the host that leaves `init` with `?` is `ComponentError::InitializationFailed`; one that
/// leaves another function of the life cycle is `ComponentError::Internal`.
#[proc_macro_attribute]
pub fn component(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = Tokens::from(arguments);
    if !arguments.is_empty() {
        return Error::new(arguments.span(), "#[component] takes no arguments: Component.toml describes the component")
            .into_compile_error()
            .into();
    }
    let block = syn::parse_macro_input!(item as ItemImpl);
    let expanded = if block.trait_.is_some() {
        Ok(export(block))
    } else {
        let read = manifest::read().map_err(|problem| Error::new(block.self_ty.span(), problem));
        read.and_then(|manifest| operations(block, &manifest))
    };
    expanded.unwrap_or_else(Error::into_compile_error).into()
}

/// The exports for a type that implements `Component`.
fn exports(component: &Type) -> Tokens {
    quote! {
        const _: () = {
            ::std::thread_local! {
                static INSTANCE: ::std::cell::RefCell<::std::option::Option<#component>> =
                    const { ::std::cell::RefCell::new(::std::option::Option::None) };
            }
            impl ::airssys_wasm_sdk::__private::Exported for #component {
                fn with<R>(
                    run: impl ::std::ops::FnOnce(&::std::cell::RefCell<::std::option::Option<Self>>) -> R,
                ) -> R {
                    INSTANCE.with(run)
                }
            }
            type Exports = ::airssys_wasm_sdk::__private::Adapter<#component>;
            ::airssys_wasm_sdk::bindings::export_component!(
                Exports with_types_in ::airssys_wasm_sdk::bindings
            );
        };
    }
}

fn export(mut block: ItemImpl) -> Tokens {
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item
            && function.sig.ident == "init"
        {
            lifecycle::note_start(function);
        }
    }
    let exports = exports(&block.self_ty);
    quote! { #block #exports }
}

fn operations(mut block: ItemImpl, manifest: &Manifest) -> Result<Tokens> {
    if let Some(parameter) = block.generics.params.first() {
        return Err(Error::new(parameter.span(), "a component has no generic parameters: the host starts one type"));
    }
    let mut found: Vec<Operation> = Vec::new();
    let mut lifecycle = Lifecycle::default();
    for item in &mut block.items {
        let ImplItem::Fn(method) = item else { continue };
        let marked = take_attribute(&mut method.attrs, "operation")?;
        let function = lifecycle.take(method)?;
        match (marked, function) {
            (Some(_), Some(function)) => {
                let problem = format!("this method is an #[operation] already, so that it is not #[{function}] too");
                return Err(Error::new(method.sig.ident.span(), problem));
            }
            (Some(attribute), None) => {
                let operation = Operation::new(&attribute, method)?;
                if let Some(other) = found.iter().find(|other| other.clashes_with(&operation)) {
                    let problem = format!(
                        "operation {:?} has two methods, `{}` and `{}`",
                        operation.name, other.method, operation.method
                    );
                    return Err(Error::new(operation.method.span(), problem));
                }
                found.push(operation);
            }
            (None, _) => {}
        }
    }
    if found.is_empty() {
        return Err(Error::new(block.self_ty.span(), "no #[operation] method in this component"));
    }
    let differences = differences(&found, manifest, block.self_ty.span())?;
    let arms = found.iter().map(Operation::arm);
    let metadata = manifest.metadata(&found);
    let manifest_path = LitStr::new(&manifest.path, block.self_ty.span());
    let component = &block.self_ty;
    let exports = exports(component);
    Ok(quote! {
        #block

        // A change of Component.toml compiles the component anew.
        const _: &[u8] = ::std::include_bytes!(#manifest_path);

        #differences

        impl ::airssys_wasm_sdk::Component for #component {
            #lifecycle

            fn execute(
                &mut self,
                operation: &str,
                input: ::std::vec::Vec<u8>,
                context: ::airssys_wasm_sdk::ExecutionContext,
            ) -> ::std::result::Result<::std::vec::Vec<u8>, ::airssys_wasm_sdk::ExecutionError> {
                let _ = (&input, &context);
                match operation {
                    #(#arms)*
                    unknown => ::std::result::Result::Err(
                        ::airssys_wasm_sdk::ExecutionError::UnknownOperation(unknown.to_owned()),
                    ),
                }
            }

            #[allow(clippy::vec_init_then_push)]
            fn metadata() -> ::airssys_wasm_sdk::ComponentMetadata {
                #metadata
            }
        }

        #exports
    })
}

/// Errors for operations of `Component.toml` without a method, and for methods that it does not list. Where `#[cfg]`
/// decides whether there is a method, the compiler is left to find out.
fn differences(found: &[Operation], manifest: &Manifest, span: proc_macro2::Span) -> Result<Tokens> {
    let mut left = Tokens::new();
    if manifest.operations.is_empty() {
        return Ok(left);
    }
    for name in &manifest.operations {
        let of_name: Vec<&Condition> =
            found.iter().filter(|operation| operation.name == *name).map(|operation| &operation.condition).collect();
        let problem = format!("{}: operation {name:?} has no #[operation] method", manifest.path);
        match Condition::none_of(&of_name) {
            None if of_name.is_empty() => return Err(Error::new(span, problem)),
            None => {}
            Some(missing) => left.extend(quote! { #missing ::core::compile_error!(#problem); }),
        }
    }
    for operation in found.iter().filter(|operation| !manifest.operations.contains(&operation.name)) {
        let problem = format!("{}: component.operations lacks {:?}", manifest.path, operation.name);
        match operation.condition.attribute() {
            None => return Err(Error::new(operation.method.span(), problem)),
            Some(there) => left.extend(quote! { #there ::core::compile_error!(#problem); }),
        }
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(operations: &[&str]) -> Manifest {
        let mut manifest = Manifest::example();
        manifest.operations = operations.iter().map(|name| (*name).to_owned()).collect();
        manifest
    }

    fn refused(block: ItemImpl) -> String {
        operations(block, &manifest(&[])).expect_err("it compiles").to_string()
    }

    fn expanded(block: ItemImpl, listed: &[&str]) -> String {
        operations(block, &manifest(listed)).unwrap_or_else(|error| panic!("{error}")).to_string()
    }

    #[test]
    fn an_operation_has_the_name_that_is_meant() {
        let text = expanded(
            syn::parse_quote! {
                impl Files {
                    #[operation] fn resize_image(&mut self) {}
                    #[operation] fn r#move(&mut self) {}
                    #[operation] fn copy_(&mut self) {}
                    #[operation(name = "Verschieben")] fn other(&self) {}
                    #[operation()] fn plain(&self) {}
                }
            },
            &["resize-image", "move", "copy", "Verschieben", "plain"],
        );
        for (name, call) in [
            ("resize-image", "self . resize_image ()"),
            ("move", "self . r#move ()"),
            ("copy", "self . copy_ ()"),
            ("Verschieben", "self . other ()"),
            ("plain", "self . plain ()"),
        ] {
            assert!(text.contains(&format!("{name:?} => ")), "{name}: {text}");
            assert!(text.contains(call), "{call}: {text}");
        }
    }

    #[test]
    fn a_name_that_is_none_and_an_argument_that_is_none_are_errors() {
        let problems = [
            refused(syn::parse_quote!(impl A { #[operation] fn __(&self) {} })),
            refused(syn::parse_quote!(impl A { #[operation] fn _go(&self) {} })),
            refused(syn::parse_quote!(impl A { #[operation] fn a__b(&self) {} })),
            refused(syn::parse_quote!(impl A { #[operation(name = "a b")] fn go(&self) {} })),
            refused(syn::parse_quote!(impl A { #[operation(name = "")] fn go(&self) {} })),
        ];
        for problem in problems {
            assert!(problem.contains("is no name of an operation"), "{problem}");
        }
        let problems = [
            refused(syn::parse_quote!(impl A { #[operation(nmae = "x")] fn go(&self) {} })),
            refused(syn::parse_quote!(impl A { #[operation(name = "x", timeout = 3)] fn go(&self) {} })),
            refused(syn::parse_quote!(impl A { #[operation("x")] fn go(&self) {} })),
            refused(syn::parse_quote!(impl A { #[operation = "x"] fn go(&self) {} })),
            refused(syn::parse_quote!(impl A { #[operation(name = 3)] fn go(&self) {} })),
            refused(syn::parse_quote!(impl A { #[operation(name = "x", name = "y")] fn go(&self) {} })),
        ];
        for problem in problems {
            assert!(problem.contains("#[operation(name = \"…\")]"), "{problem}");
        }
        let twice = refused(syn::parse_quote!(impl A { #[operation] #[operation] fn go(&self) {} }));
        assert!(twice.contains("twice"), "{twice}");
        let both = refused(syn::parse_quote!(impl A { #[operation] #[init] fn go(&self) {} }));
        assert!(both.contains("not #[init] too"), "{both}");
        let argument = refused(syn::parse_quote!(impl A { #[operation] fn go(&self) {} #[health(x)] fn h(&self) {} }));
        assert!(argument.contains("#[health] takes no arguments"), "{argument}");
        let two = refused(
            syn::parse_quote!(impl A { #[operation] fn go(&self) {} #[operation(name = "go")] fn b(&self) {} }),
        );
        assert!(two.contains("two methods, `go` and `b`"), "{two}");
    }

    #[test]
    fn a_condition_of_a_method_is_that_of_its_operation() {
        let text = expanded(
            syn::parse_quote! {
                impl A {
                    #[operation] fn always(&self) {}
                    #[operation] #[cfg(feature = "x")] #[doc = "d"] #[allow(unused)] fn sometimes(&self) {}
                }
            },
            &[],
        );
        assert!(text.contains("# [cfg (feature = \"x\")] \"sometimes\" =>"), "{text}");
        assert!(text.contains("# [cfg (feature = \"x\")] operations . push (\"sometimes\""), "{text}");
        assert!(!text.contains("compile_error"), "{text}");

        let block: ItemImpl = syn::parse_quote! {
            impl A {
                #[operation] fn always(&self) {}
                #[cfg(a)] #[cfg(b)] #[operation] fn sometimes(&self) {}
                #[cfg_attr(c, cfg(d), inline)] #[operation] fn elsewhere(&self) {}
            }
        };
        let text = expanded(block.clone(), &["always", "sometimes", "elsewhere"]);
        assert!(text.contains("# [cfg (not (any (all (a , b))))] :: core :: compile_error !"), "{text}");
        assert!(text.contains("# [cfg (any (not (c) , d))] \"elsewhere\" =>"), "{text}");
        let text = expanded(block, &["always"]);
        assert!(text.contains("# [cfg (all (a , b))] :: core :: compile_error !"), "{text}");
        assert!(text.contains("component.operations lacks \\\"elsewhere\\\""), "{text}");
    }

    #[test]
    fn one_of_two_methods_may_be_the_operation() {
        let text = expanded(
            syn::parse_quote! {
                impl A {
                    #[cfg(a)] #[operation] fn go(&self) {}
                    #[cfg(not(a))] #[operation] fn go(&self) {}
                }
            },
            &["go"],
        );
        assert!(text.contains("# [cfg (not (any (a , not (a))))] :: core :: compile_error !"), "{text}");
    }

    #[test]
    fn listed_operations_are_those_of_the_methods() {
        let block: ItemImpl =
            syn::parse_quote!(impl A { #[operation] fn greet(&self) {} #[operation] fn count(&self) {} });
        assert!(operations(block.clone(), &manifest(&["count", "greet"])).is_ok());
        assert!(operations(block.clone(), &manifest(&[])).is_ok());
        let missing = operations(block.clone(), &manifest(&["greet", "count", "sing"])).expect_err("one has no method");
        assert_eq!(missing.to_string(), "Component.toml: operation \"sing\" has no #[operation] method");
        let unlisted = operations(block, &manifest(&["greet"])).expect_err("one is not listed");
        assert_eq!(unlisted.to_string(), "Component.toml: component.operations lacks \"count\"");
    }

    #[test]
    fn a_method_that_cannot_be_an_operation_says_why() {
        for (block, part) in [
            (syn::parse_quote!(impl A { #[operation] async fn go(&self) {} }), "async"),
            (syn::parse_quote!(impl A { #[operation] unsafe fn go(&self) {} }), "unsafe"),
            (syn::parse_quote!(impl A { #[operation] extern "C" fn go(&self) {} }), "extern"),
            (syn::parse_quote!(impl A { #[operation] fn go<T>(&self, x: T) {} }), "`T`"),
            (syn::parse_quote!(impl A { #[operation] fn go<const N: usize>(&self) {} }), "`N`"),
            (syn::parse_quote!(impl A { #[operation] fn go(&self, input: impl AsRef<[u8]>) {} }), "`input`"),
            (syn::parse_quote!(impl A { #[operation] fn go(self) {} }), "&self or &mut self"),
            (syn::parse_quote!(impl A { #[operation] fn go(self: Box<Self>) {} }), "&self or &mut self"),
            (syn::parse_quote!(impl A { #[operation] fn go(name: String) {} }), "&self or &mut self"),
            (syn::parse_quote!(impl A { #[operation] fn go() {} }), "&self or &mut self"),
            (syn::parse_quote!(impl A { #[operation] fn go(&self, name: &str) {} }), "`name`: write String"),
            (syn::parse_quote!(impl A { #[operation] fn go(&self, data: &[u8]) {} }), "`data`: write Vec<u8>"),
            (
                syn::parse_quote!(impl A { #[operation] fn go(&self, x: &Thing) {} }),
                "`x`: &ExecutionContext is the only",
            ),
            (syn::parse_quote!(impl A { #[operation] fn go(&self, x: &mut ExecutionContext) {} }), "`x`"),
            (
                syn::parse_quote!(impl A { #[operation] fn go(&self, x: ExecutionContext) {} }),
                "`x`: write &ExecutionContext",
            ),
            (syn::parse_quote!(impl A { #[operation] fn go(&self, a: String, b: String) {} }), "`b`"),
            (
                syn::parse_quote!(impl A { #[operation] fn go(&self, a: &ExecutionContext, b: &ExecutionContext) {} }),
                "`b`",
            ),
            (syn::parse_quote!(impl A { #[operation] fn go(&self, #[cfg(x)] a: String) {} }), "`a`"),
            (
                syn::parse_quote!(
                    impl<T> A<T> {
                        #[operation]
                        fn go(&self) {}
                    }
                ),
                "generic",
            ),
            (syn::parse_quote!(impl A { fn go(&self) {} }), "no #[operation]"),
        ] {
            let problem = refused(block);
            assert!(problem.contains(part), "{part}: {problem}");
        }
    }

    #[test]
    fn every_form_of_a_method_that_can_be_called_is_one() {
        let text = expanded(
            syn::parse_quote! {
                impl A {
                    #[operation] pub fn a(&self, context: &ExecutionContext, input: Vec<u8>) {}
                    #[operation] fn b<'a>(&'a mut self, context: &'a airssys_wasm_sdk::ExecutionContext) where Self: Sized {}
                    #[operation] fn c(self: &mut Self, _: String) -> impl IntoOutput {}
                    #[operation] fn d(self: &Self, #[allow(unused)] mut name: String) {}
                }
            },
            &[],
        );
        assert!(text.contains("self . a (& context , "), "{text}");
        assert!(text.contains("self . b (& context)"), "{text}");
    }

    #[test]
    fn the_life_cycle_calls_the_methods_that_are_marked() {
        let text = expanded(
            syn::parse_quote! {
                impl A {
                    #[operation] fn go(&self) {}
                    #[init] fn begin(config: ComponentConfig) -> Result<Self, ComponentError> { Self::read(config) }
                    #[cfg(a)] #[shutdown] fn end(&mut self) -> Result<(), ComponentError> { Ok(()) }
                }
            },
            &[],
        );
        assert!(text.contains("Self :: begin (config)"), "{text}");
        assert!(text.contains("# [cfg (a)] fn shutdown"), "{text}");
        assert_eq!(text.matches("__private :: Starting").count(), 1, "{text}");
        let twice = refused(syn::parse_quote! {
            impl A { #[operation] fn go(&self) {} #[health] fn a(&self) {} #[health] fn b(&self) {} }
        });
        assert!(twice.contains("#[health]"), "{twice}");
    }

    #[test]
    fn an_implementation_of_the_trait_notes_that_it_starts() {
        let text = export(syn::parse_quote! {
            impl Component for A {
                fn init(config: ComponentConfig) -> Result<Self, ComponentError> { read(config) }
                fn shutdown(&mut self) -> Result<(), ComponentError> { Ok(()) }
            }
        })
        .to_string();
        assert_eq!(text.matches("__private :: Starting").count(), 1, "{text}");
    }
}
