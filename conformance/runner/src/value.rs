//! Arguments: from the JSON of a case to a value of the WIT type.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use wit_parser::{Resolve, Type, TypeDefKind};

use crate::host::val::{Val, hex, val_bytes, val_number};
use crate::scope::{Datum, Scope};

/// Writes `json` as a value of `ty`.
///
/// # Errors
/// Fails when the JSON does not fit the type: the case is wrong, not the guest.
pub fn build(json: &Value, ty: &Type, resolve: &Resolve, scope: &Scope) -> Result<Val> {
    let handle = matches!(ty, Type::Id(id) if matches!(resolve.types[*id].kind, TypeDefKind::Handle(_)));
    if let Value::String(text) = json
        && !handle
        && let Some(datum) = scope.named(text)?
    {
        match datum {
            Datum::Val(val) => return Ok(val.clone()),
            Datum::Json(inner) if !inner.is_string() => return build(&inner.clone(), ty, resolve, scope),
            _ => {}
        }
    }
    Ok(match ty {
        Type::Bool => Val::Bool(json.as_bool().with_context(|| format!("{json} is no bool"))?),
        Type::U8 => Val::U8(number(json, scope)?),
        Type::U16 => Val::U16(number(json, scope)?),
        Type::U32 => Val::U32(number(json, scope)?),
        Type::U64 => Val::U64(number(json, scope)?),
        Type::S32 => Val::S32(number(json, scope)?),
        Type::String => Val::String(scope.text(json)?),
        Type::Id(id) => return build_defined(json, &resolve.types[*id].kind, resolve, scope),
        other => bail!("the contract has no type {other:?}"),
    })
}

/// The name under which the resource of an argument such as `"$stream"` is kept.
///
/// # Errors
/// Fails when the argument has another form.
pub fn resource_name(json: &Value) -> Result<&str> {
    json.as_str().and_then(|text| text.strip_prefix('$')).with_context(|| format!("{json} names no resource"))
}

fn number<T: TryFrom<i128>>(json: &Value, scope: &Scope) -> Result<T> {
    let number = scope.number(json)?;
    T::try_from(number).ok().with_context(|| format!("{number} does not fit"))
}

fn build_defined(json: &Value, kind: &TypeDefKind, resolve: &Resolve, scope: &Scope) -> Result<Val> {
    Ok(match kind {
        TypeDefKind::Handle(_) => Val::Resource(scope.resource(resource_name(json)?)?),
        TypeDefKind::Type(ty) => build(json, ty, resolve, scope)?,
        TypeDefKind::List(Type::U8) => Val::List(scope.bytes(json)?.into_iter().map(Val::U8).collect()),
        TypeDefKind::List(item) => {
            let items = json.as_array().with_context(|| format!("{json} is no list"))?;
            Val::List(items.iter().map(|json| build(json, item, resolve, scope)).collect::<Result<_>>()?)
        }
        TypeDefKind::Tuple(tuple) => {
            let items = json.as_array().with_context(|| format!("{json} is no tuple"))?;
            let items = items.iter().zip(&tuple.types).map(|(json, ty)| build(json, ty, resolve, scope));
            Val::Tuple(items.collect::<Result<_>>()?)
        }
        TypeDefKind::Option(_) if json.is_null() => Val::Option(None),
        TypeDefKind::Option(some) => Val::Option(Some(Box::new(build(json, some, resolve, scope)?))),
        TypeDefKind::Enum(cases) => {
            let text = scope.text(json)?;
            if !cases.cases.iter().any(|case| case.name == text) {
                bail!("{text} is no case of the enum");
            }
            Val::Enum(text)
        }
        TypeDefKind::Flags(flags) => {
            let names = json.as_array().with_context(|| format!("{json} is no list of flags"))?;
            let names: Vec<String> = names.iter().map(|name| scope.text(name)).collect::<Result<_>>()?;
            for name in &names {
                if !flags.flags.iter().any(|flag| flag.name == *name) {
                    bail!("{name} is no flag");
                }
            }
            Val::Flags(names)
        }
        TypeDefKind::Variant(variant) => {
            let (name, payload) = match json {
                Value::String(name) => (name, None),
                Value::Object(object) if object.len() == 1 => {
                    object.iter().next().map(|(name, payload)| (name, Some(payload))).expect("one entry")
                }
                other => bail!("{other} is no variant"),
            };
            let case = variant.cases.iter().find(|case| case.name == *name);
            let case = case.with_context(|| format!("{name} is no case of the variant"))?;
            let payload = match (&case.ty, payload) {
                (Some(ty), Some(payload)) => Some(Box::new(build(payload, ty, resolve, scope)?)),
                (None, None) => None,
                _ => bail!("case {name} has the wrong payload"),
            };
            Val::Variant(name.clone(), payload)
        }
        TypeDefKind::Record(record) => {
            let object = json.as_object().with_context(|| format!("{json} is no record"))?;
            if let Some(unknown) = object.keys().find(|key| !record.fields.iter().any(|field| field.name == **key)) {
                bail!("{unknown} is no field of the record");
            }
            let fields = record.fields.iter().map(|field| {
                let json = object.get(&field.name).unwrap_or(&Value::Null);
                let value = build(json, &field.ty, resolve, scope).with_context(|| format!("field {}", field.name))?;
                Ok((field.name.clone(), value))
            });
            Val::Record(fields.collect::<Result<_>>()?)
        }
        TypeDefKind::Result(result) => {
            let (name, payload) = json
                .as_object()
                .and_then(|object| object.iter().next())
                .with_context(|| format!("{json} is no result"))?;
            let build_side = |ty: &Option<Type>| -> Result<Option<Box<Val>>> {
                ty.as_ref().map(|ty| build(payload, ty, resolve, scope).map(Box::new)).transpose()
            };
            match name.as_str() {
                "ok" => Val::Result(Ok(build_side(&result.ok)?)),
                "err" => Val::Result(Err(build_side(&result.err)?)),
                other => bail!("{other} is neither ok nor err"),
            }
        }
        other => bail!("the contract has no type {}", other.as_str()),
    })
}

/// A short text of a value for people: long lists of bytes are cut, with their length.
pub fn show(val: &Val) -> String {
    const SHOWN_BYTES: usize = 48;
    if let Some(bytes) = val_bytes(val).filter(|bytes| !bytes.is_empty()) {
        return show_bytes(&bytes, SHOWN_BYTES);
    }
    let list = |items: &[Val]| items.iter().take(20).map(show).collect::<Vec<_>>().join(", ");
    match val {
        Val::String(text) if text.len() > 300 => {
            format!("{:?}… ({} bytes)", text.chars().take(100).collect::<String>(), text.len())
        }
        Val::String(text) => format!("{text:?}"),
        Val::List(items) => format!(
            "[{}]{}",
            list(items),
            if items.len() > 20 { format!(" ({} items)", items.len()) } else { String::new() }
        ),
        Val::Tuple(items) => format!("({})", list(items)),
        Val::Record(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name}: {}", show_field(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Val::Variant(name, None) | Val::Enum(name) => name.clone(),
        Val::Variant(name, Some(payload)) => format!("{name}({})", show(payload)),
        Val::Flags(names) => format!("{{{}}}", names.join(", ")),
        Val::Option(None) => "none".to_owned(),
        Val::Option(Some(some)) => format!("some({})", show(some)),
        Val::Result(Ok(payload)) => format!("ok({})", payload.as_deref().map(show).unwrap_or_default()),
        Val::Result(Err(payload)) => format!("err({})", payload.as_deref().map(show).unwrap_or_default()),
        Val::Resource(_) => "resource".to_owned(),
        Val::Bool(value) => value.to_string(),
        other => val_number(other).map_or_else(|| format!("{other:?}"), |number| number.to_string()),
    }
}

/// A field of a record. When something else happened differs from run to run, and is not what a difference is about.
fn show_field(val: &Val) -> String {
    match val {
        Val::Record(fields) if fields.iter().map(|(name, _)| name.as_str()).eq(["seconds", "nanoseconds"]) => {
            "a time".to_owned()
        }
        other => show(other),
    }
}

/// A short text of bytes for people.
pub fn show_bytes(bytes: &[u8], most: usize) -> String {
    let shown = &bytes[..bytes.len().min(most)];
    let text = match std::str::from_utf8(shown) {
        Ok(text) if !text.contains(|c: char| c.is_control() && c != '\n') => format!("{text:?}"),
        _ => hex(shown),
    };
    let more = if bytes.len() > most { "…" } else { "" };
    format!("{text}{more} ({} bytes)", bytes.len())
}
