//! The `#[component]` attribute of `airssys-wasm-sdk`; see there.

mod manifest;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Error, FnArg, ImplItem, ImplItemFn, ItemImpl, LitStr, Result, Type};

/// Makes a component of an `impl` block.
///
/// On an `impl` block of methods, each `#[operation]` method becomes an operation of its name in kebab-case
/// (`resize_image` is `resize-image`). It takes `&mut self`, optionally the input (`Vec<u8>` or `String`) and
/// optionally `&ExecutionContext`, and returns bytes, a `String`, nothing, or a `Result` of these with an
/// `ExecutionError`. The type starts from its `Default`. What describes the component is read from the
/// `Component.toml` beside `Cargo.toml`, whose `operations`, if listed, must be the methods.
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
    for item in &mut block.items {
        if let ImplItem::Fn(method) = item
            && take_operation_attribute(method)
        {
            let name = method.sig.ident.to_string().replace('_', "-");
            arms.push(arm(&name, method)?);
            names.push(name);
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
                _config: ::airssys_wasm_sdk::ComponentConfig,
            ) -> ::std::result::Result<Self, ::airssys_wasm_sdk::ComponentError> {
                ::std::result::Result::Ok(<Self as ::std::default::Default>::default())
            }

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

fn take_operation_attribute(method: &mut ImplItemFn) -> bool {
    let before = method.attrs.len();
    method.attrs.retain(|attribute| !attribute.path().is_ident("operation"));
    method.attrs.len() < before
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
