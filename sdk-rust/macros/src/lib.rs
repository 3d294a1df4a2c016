//! The `#[component]` attribute of `airssys-wasm-sdk`; see there.

mod manifest;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Error, FnArg, Ident, ImplItem, ImplItemFn, ItemImpl, LitStr, Result, Type};

/// Makes a component of an `impl` block.
///
/// On an `impl` block of methods, each `#[operation]` method becomes an operation of its name in kebab-case
/// (`resize_image` is `resize-image`). It takes `&mut self`, optionally the input (`Vec<u8>` or `String`) and
/// optionally `&ExecutionContext`, and returns bytes, a `String`, nothing, or a `Result` of these with an
/// `ExecutionError`. The type starts from its `Default`. What describes the component is read from the
/// `Component.toml` beside `Cargo.toml`, whose `operations`, if listed, must be the methods.
///
/// The other functions of the life cycle are methods marked `#[init]`, `#[handle_message]`, `#[handle_callback]`,
/// `#[health]` or `#[shutdown]`, with the parameters and the result that they have in `Component`.
///
/// On `impl Component for …` it exports that implementation as it stands.
#[proc_macro_attribute]
pub fn component(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = Tokens::from(arguments);
    if !arguments.is_empty() {
        return Error::new(arguments.span(), "#[component] takes no arguments: Component.toml describes the component")
            .into_compile_error()
            .into();
    }
    let block = syn::parse_macro_input!(item as ItemImpl);
    let expanded = if block.trait_.is_some() { export(&block) } else { operations(block) };
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

fn export(block: &ItemImpl) -> Result<Tokens> {
    let exports = exports(&block.self_ty);
    Ok(quote! { #block #exports })
}

fn operations(mut block: ItemImpl) -> Result<Tokens> {
    let mut names = Vec::new();
    let mut arms = Vec::new();
    let mut init = quote!(::std::result::Result::Ok(<Self as ::std::default::Default>::default()));
    let mut lifecycle = Vec::new();
    for item in &mut block.items {
        let ImplItem::Fn(method) = item else { continue };
        if take_attribute(method, "operation") {
            let name = method.sig.ident.to_string().replace('_', "-");
            arms.push(arm(&name, method)?);
            names.push(name);
        }
        if take_attribute(method, "init") {
            let ident = &method.sig.ident;
            init = quote!(Self::#ident(config));
        }
        for (name, signature) in lifecycle_functions() {
            if take_attribute(method, name) {
                lifecycle.push(signature(&method.sig.ident));
            }
        }
    }
    if names.is_empty() {
        return Err(Error::new(block.self_ty.span(), "no #[operation] method in this component"));
    }
    let manifest = manifest::read().map_err(|problem| Error::new(block.self_ty.span(), problem))?;
    manifest.check_operations(&names).map_err(|problem| Error::new(block.self_ty.span(), problem))?;
    let metadata = manifest.metadata(&names);
    let manifest_path = LitStr::new(&manifest.path, block.self_ty.span());
    let component = &block.self_ty;
    let exports = exports(component);
    Ok(quote! {
        #block

        // A change of Component.toml compiles the component anew.
        const _: &[u8] = ::std::include_bytes!(#manifest_path);

        impl ::airssys_wasm_sdk::Component for #component {
            fn init(
                config: ::airssys_wasm_sdk::ComponentConfig,
            ) -> ::std::result::Result<Self, ::airssys_wasm_sdk::ComponentError> {
                let _ = &config;
                #init
            }

            #(#lifecycle)*

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

            fn metadata() -> ::airssys_wasm_sdk::ComponentMetadata {
                #metadata
            }
        }

        #exports
    })
}

fn take_attribute(method: &mut ImplItemFn, name: &str) -> bool {
    let before = method.attrs.len();
    method.attrs.retain(|attribute| !attribute.path().is_ident(name));
    method.attrs.len() < before
}

/// Writes a function of the life cycle that calls the method of this name.
type Forward = fn(&Ident) -> Tokens;

/// The functions of `Component` with a default, and how each calls the method that is marked for it. The method may have
/// the same name: an inherent one comes first.
fn lifecycle_functions() -> [(&'static str, Forward); 4] {
    [
        ("handle_message", |method| {
            quote! {
                fn handle_message(
                    &mut self,
                    sender: ::airssys_wasm_sdk::ComponentId,
                    message: ::std::vec::Vec<u8>,
                ) -> ::std::result::Result<(), ::airssys_wasm_sdk::ComponentError> {
                    Self::#method(self, sender, message)
                }
            }
        }),
        ("handle_callback", |method| {
            quote! {
                fn handle_callback(
                    &mut self,
                    request: ::airssys_wasm_sdk::RequestId,
                    outcome: ::std::result::Result<::std::vec::Vec<u8>, ::std::string::String>,
                ) -> ::std::result::Result<(), ::airssys_wasm_sdk::ComponentError> {
                    Self::#method(self, request, outcome)
                }
            }
        }),
        ("health", |method| {
            quote! {
                fn health(&self) -> ::airssys_wasm_sdk::HealthStatus {
                    Self::#method(self)
                }
            }
        }),
        ("shutdown", |method| {
            quote! {
                fn shutdown(&mut self) -> ::std::result::Result<(), ::airssys_wasm_sdk::ComponentError> {
                    Self::#method(self)
                }
            }
        }),
    ]
}

/// One arm of the dispatch: read the input, call the method, write the output.
fn arm(name: &str, method: &ImplItemFn) -> Result<Tokens> {
    let ident = &method.sig.ident;
    let mut inputs = method.sig.inputs.iter();
    if !matches!(inputs.next(), Some(FnArg::Receiver(_))) {
        return Err(Error::new(ident.span(), "an #[operation] takes &self or &mut self first"));
    }
    let mut arguments = Vec::new();
    let mut has_input = false;
    for input in inputs {
        let FnArg::Typed(input) = input else { continue };
        match &*input.ty {
            Type::Reference(_) => arguments.push(quote!(&context)),
            _ if has_input => {
                return Err(Error::new(input.span(), "an #[operation] takes one input and one &ExecutionContext"));
            }
            _ => {
                has_input = true;
                arguments.push(quote!(::airssys_wasm_sdk::component_lifecycle::FromInput::from_input(input)?));
            }
        }
    }
    Ok(quote! {
        #name => ::airssys_wasm_sdk::component_lifecycle::IntoOutput::into_output(self.#ident(#(#arguments),*)),
    })
}
