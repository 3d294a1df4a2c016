//! One `#[operation]` method: its name, its signature, and the arm of the dispatch that calls it.

use proc_macro2::TokenStream as Tokens;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, Expr, ExprLit, FnArg, GenericParam, Ident, ImplItemFn, Lit, Meta, MetaNameValue, PatType,
    Receiver, Result, Token, Type,
};

use crate::condition::Condition;

/// An operation and the method that it is.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) method: Ident,
    pub(crate) condition: Condition,
    arguments: Vec<Tokens>,
}

impl Operation {
    /// Reads what the attribute and the signature say.
    pub(crate) fn new(attribute: &Attribute, method: &ImplItemFn) -> Result<Self> {
        let signature = &method.sig;
        let ident = &signature.ident;
        let name = match given_name(attribute)? {
            Some((name, span)) => checked(name, span)?,
            None => checked(kebab(ident), ident.span())?,
        };
        if let Some(keyword) = &signature.asyncness {
            let problem =
                "an #[operation] is not async: calls of the host wait by themselves, and nothing polls a future";
            return Err(Error::new(keyword.span(), problem));
        }
        if let Some(keyword) = &signature.unsafety {
            return Err(Error::new(keyword.span(), "an #[operation] is not unsafe: the host calls it with any input"));
        }
        if let Some(abi) = &signature.abi {
            return Err(Error::new(abi.span(), "an #[operation] is not extern: the attribute makes the export"));
        }
        for parameter in &signature.generics.params {
            let name = match parameter {
                GenericParam::Lifetime(_) => continue,
                GenericParam::Type(parameter) => &parameter.ident,
                GenericParam::Const(parameter) => &parameter.ident,
            };
            let problem =
                format!("an #[operation] has no generic parameter `{name}`: the host sends bytes, not a type");
            return Err(Error::new(parameter.span(), problem));
        }
        Ok(Self {
            name,
            method: ident.clone(),
            condition: Condition::of(&method.attrs)?,
            arguments: arguments(ident, &signature.inputs)?,
        })
    }

    /// Whether both would be called by one name. Methods that are not always there may take turns.
    pub(crate) fn clashes_with(&self, other: &Operation) -> bool {
        self.name == other.name && (self.condition.is_always() || other.condition.is_always())
    }

    /// One arm of the dispatch: read the input, call the method, write the output.
    pub(crate) fn arm(&self) -> Tokens {
        let Self { name, method, condition, arguments } = self;
        quote! {
            #condition
            #name => ::airssys_wasm_sdk::component_lifecycle::IntoOutput::into_output(self.#method(#(#arguments),*)),
        }
    }
}

/// The name in `#[operation(name = "…")]`.
fn given_name(attribute: &Attribute) -> Result<Option<(String, proc_macro2::Span)>> {
    let list = match &attribute.meta {
        Meta::Path(_) => return Ok(None),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => return Err(unknown_argument(pair)),
    };
    let span = list.span();
    let parse = Punctuated::<MetaNameValue, Token![,]>::parse_terminated;
    let pairs = parse.parse2(list).map_err(|error| unknown_argument_at(error.span()))?;
    let mut name = None;
    for pair in pairs {
        match (&pair.value, pair.path.is_ident("name"), &name) {
            (Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), true, None) => name = Some((text.value(), span)),
            _ => return Err(unknown_argument(&pair)),
        }
    }
    Ok(name)
}

fn unknown_argument(argument: &impl ToTokens) -> Error {
    unknown_argument_at(argument.span())
}

fn unknown_argument_at(span: proc_macro2::Span) -> Error {
    Error::new(span, "the one argument of an operation is its name, given once: #[operation(name = \"…\")]")
}

/// The name that a method gives to its operation. An underscore at the end is there because the name is a keyword
/// without it.
fn kebab(method: &Ident) -> String {
    let name = method.unraw().to_string();
    name.strip_suffix('_').unwrap_or(&name).replace('_', "-")
}

/// The name, if `Component.toml` can list it and people can tell it from others.
fn checked(name: String, span: proc_macro2::Span) -> Result<String> {
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if name.is_empty() || name.contains(odd) || name.starts_with('-') || name.ends_with('-') || name.contains("--") {
        let problem = format!(
            "{name:?} is no name of an operation: write words with single `-` between them, as in \
             #[operation(name = \"resize-image\")]"
        );
        return Err(Error::new(span, problem));
    }
    Ok(name)
}

/// What the method is called with.
fn arguments(method: &Ident, inputs: &Punctuated<FnArg, Token![,]>) -> Result<Vec<Tokens>> {
    let mut inputs = inputs.iter();
    match inputs.next() {
        Some(FnArg::Receiver(receiver)) if is_borrowed(receiver) => {}
        first => {
            let span = first.map_or_else(|| method.span(), Spanned::span);
            return Err(Error::new(span, "an #[operation] takes &self or &mut self first: the component lives on"));
        }
    }
    let mut arguments = Vec::new();
    let (mut has_input, mut has_context) = (false, false);
    for input in inputs {
        let FnArg::Typed(input) = input else { continue };
        if input.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) {
            return Err(refuse(input, "put the #[cfg] on the method"));
        }
        match bare(&input.ty) {
            Type::Reference(reference) if reference.mutability.is_none() && is_context(&reference.elem) => {
                if std::mem::replace(&mut has_context, true) {
                    return Err(refuse(input, "an #[operation] takes one &ExecutionContext"));
                }
                arguments.push(quote!(&context));
            }
            Type::Reference(reference) => return Err(refuse(input, instead_of(&reference.elem))),
            Type::ImplTrait(_) => {
                return Err(refuse(input, "write Vec<u8> or String: the host sends bytes, not a type"));
            }
            owned if is_context(owned) => return Err(refuse(input, "write &ExecutionContext")),
            _ if std::mem::replace(&mut has_input, true) => {
                return Err(refuse(input, "an #[operation] takes one input; put what belongs together into it"));
            }
            _ => arguments.push(quote!(::airssys_wasm_sdk::component_lifecycle::FromInput::from_input(input)?)),
        }
    }
    Ok(arguments)
}

/// An error that names the parameter.
fn refuse(parameter: &PatType, problem: &str) -> Error {
    let name = parameter.pat.to_token_stream();
    Error::new(parameter.span(), format!("parameter `{name}`: {problem}"))
}

/// What to write where a reference to this stands.
fn instead_of(referred: &Type) -> &'static str {
    match bare(referred) {
        Type::Path(path) if path.path.is_ident("str") || path.path.is_ident("String") => "write String",
        Type::Slice(_) => "write Vec<u8>",
        other if is_context(other) => "write &ExecutionContext, which nobody changes",
        _ => "&ExecutionContext is the only reference that an #[operation] takes; the input is a Vec<u8> or a String",
    }
}

/// Whether the receiver leaves the component where it is.
fn is_borrowed(receiver: &Receiver) -> bool {
    let is_self = |referred: &Type| matches!(bare(referred), Type::Path(path) if path.path.is_ident("Self"));
    match bare(&receiver.ty) {
        Type::Reference(reference) => is_self(&reference.elem),
        _ => false,
    }
}

fn is_context(ty: &Type) -> bool {
    let Type::Path(path) = bare(ty) else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "ExecutionContext")
}

/// The type without the brackets that macros put around it.
fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}
