//! What of WIT not every language can take. A host's interface is for guests in any of them.

use wit_parser::{Function, FunctionKind, InterfaceId, Resolve, Type, TypeDef, TypeDefKind, WorldId, WorldItem};

use super::WitError;

/// What is in the way, and what to write instead.
struct Obstacle(String, &'static str);

/// Checks the interfaces of a world that are not the contract's.
pub(super) fn check(resolve: &Resolve, world: WorldId) -> Result<(), WitError> {
    for (key, item) in &resolve.worlds[world].imports {
        let WorldItem::Interface { id, .. } = item else { continue };
        let interface = resolve.name_world_key(key);
        let obstacle = if interface.starts_with("airssys:") {
            None
        } else if interface.starts_with("wasi:") {
            let fix = "take numbers, text and bytes, or a resource of the interface's own";
            Some(Obstacle("it is of WASI, and no interface of a host's own has handles of WASI".to_owned(), fix))
        } else {
            obstacle(resolve, *id)
        };
        if let Some(Obstacle(what, fix)) = obstacle {
            return Err(WitError::Unsupported { interface, what, fix });
        }
    }
    Ok(())
}

fn obstacle(resolve: &Resolve, id: InterfaceId) -> Option<Obstacle> {
    let interface = &resolve.interfaces[id];
    for (name, id) in &interface.types {
        if let Some((what, fix)) = in_definition(resolve, &resolve.types[*id]) {
            return Some(Obstacle(format!("type {name} has {what}"), fix));
        }
    }
    for (name, function) in &interface.functions {
        if let Some((what, fix)) = in_function(resolve, function) {
            return Some(Obstacle(format!("function {name} {what}"), fix));
        }
    }
    None
}

type What = (String, &'static str);

fn in_function(resolve: &Resolve, function: &Function) -> Option<What> {
    match function.kind {
        FunctionKind::Freestanding | FunctionKind::Method(_) | FunctionKind::Static(_) => {}
        FunctionKind::Constructor(_) => {
            let of = function.result.and_then(|result| match result {
                Type::Id(id) => Some(&resolve.types[id].kind),
                _ => None,
            });
            if matches!(of, Some(TypeDefKind::Result(_))) {
                let fix = "write a static function that returns the result: `open: static func() -> result<…>`";
                return Some(("can fail, and a constructor cannot".to_owned(), fix));
            }
        }
        FunctionKind::AsyncFreestanding | FunctionKind::AsyncMethod(_) | FunctionKind::AsyncStatic(_) => {
            let fix = "leave out `async`: the host may wait in any function";
            return Some(("is async".to_owned(), fix));
        }
        _ => return Some(("is a property".to_owned(), "write a function that gets it, and one that sets it")),
    }
    let types = function.params.iter().map(|param| param.ty).chain(function.result);
    types.into_iter().find_map(|ty| in_type(resolve, ty)).map(|(what, fix)| (format!("has {what}"), fix))
}

/// What is in a type where it is used: a type with a name is looked at where it is defined.
fn in_type(resolve: &Resolve, ty: Type) -> Option<What> {
    match ty {
        Type::S64 => {
            Some(("an s64".to_owned(), "write s32, u64 or f64: one engine of JavaScript stops at a negative s64"))
        }
        Type::ErrorContext => Some(("an error-context".to_owned(), "write a variant with the errors that there are")),
        Type::Id(id) => {
            let definition = &resolve.types[id];
            if definition.name.is_some() { None } else { in_definition(resolve, definition) }
        }
        _ => None,
    }
}

fn in_definition(resolve: &Resolve, definition: &TypeDef) -> Option<What> {
    let of = |ty: &Type| in_type(resolve, *ty);
    let optional = |ty: &Option<Type>| ty.as_ref().and_then(of);
    let lists = "write list<…>: it has no length in its type in most languages";
    match &definition.kind {
        TypeDefKind::Record(record) => record.fields.iter().find_map(|field| of(&field.ty)),
        TypeDefKind::Tuple(tuple) => tuple.types.iter().find_map(of),
        TypeDefKind::Variant(variant) => variant.cases.iter().find_map(|case| optional(&case.ty)),
        TypeDefKind::Option(ty) | TypeDefKind::List(ty) | TypeDefKind::Type(ty) => of(ty),
        TypeDefKind::Result(result) => optional(&result.ok).or_else(|| optional(&result.err)),
        TypeDefKind::FixedLengthList(..) => Some(("a list of fixed length".to_owned(), lists)),
        TypeDefKind::Map(..) => Some(("a map".to_owned(), "write list<tuple<key, value>>")),
        TypeDefKind::Future(_) => Some(("a future".to_owned(), "return the value: the host may wait in any function")),
        TypeDefKind::Stream(_) => {
            Some(("a stream".to_owned(), "write a resource with a function that returns the next list<u8>"))
        }
        TypeDefKind::Flags(_)
        | TypeDefKind::Enum(_)
        | TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Unknown => None,
    }
}
