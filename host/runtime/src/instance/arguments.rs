//! Checks arguments of a call by name before the guest is touched, and keeps track of the resources in them.
//!
//! The engine finds a wrong type too, but only on the way into the guest, and then the instance would have to go for a
//! mistake of the embedder.

use wasmtime::component::{ResourceAny, Type, Val};

/// The resources of one call's arguments.
#[derive(Debug, Default)]
pub(crate) struct Resources {
    /// All of them.
    pub(crate) used: Vec<ResourceAny>,
    /// Those that the guest keeps.
    pub(crate) given: Vec<ResourceAny>,
}

impl Resources {
    /// Checks `value` against `expected` and notes the resources in it.
    ///
    /// # Errors
    ///
    /// A description of the first part that does not fit.
    pub(crate) fn check(&mut self, value: &Val, expected: &Type) -> Result<(), String> {
        let fits = match (value, expected) {
            (Val::Bool(_), Type::Bool)
            | (Val::S8(_), Type::S8)
            | (Val::U8(_), Type::U8)
            | (Val::S16(_), Type::S16)
            | (Val::U16(_), Type::U16)
            | (Val::S32(_), Type::S32)
            | (Val::U32(_), Type::U32)
            | (Val::S64(_), Type::S64)
            | (Val::U64(_), Type::U64)
            | (Val::Float32(_), Type::Float32)
            | (Val::Float64(_), Type::Float64)
            | (Val::Char(_), Type::Char)
            | (Val::String(_), Type::String) => true,
            (Val::List(items), Type::List(list)) => {
                let element = list.ty();
                // Bytes are checked without a look at each one's type, of which there may be millions.
                if matches!(element, Type::U8) {
                    items.iter().all(|item| matches!(item, Val::U8(_)))
                } else {
                    return items.iter().try_for_each(|item| self.check(item, &element));
                }
            }
            (Val::Record(fields), Type::Record(record)) => {
                if fields.len() != record.fields().len() {
                    return Err(format!("a record of {} fields has {}", record.fields().len(), fields.len()));
                }
                for ((name, value), field) in fields.iter().zip(record.fields()) {
                    if name != field.name {
                        return Err(format!("field {name} stands where {} belongs", field.name));
                    }
                    self.check(value, &field.ty).map_err(|error| format!("{name}: {error}"))?;
                }
                true
            }
            (Val::Tuple(items), Type::Tuple(tuple)) => {
                if items.len() != tuple.types().len() {
                    return Err(format!("a tuple of {} has {}", tuple.types().len(), items.len()));
                }
                return items.iter().zip(tuple.types()).try_for_each(|(item, expected)| self.check(item, &expected));
            }
            (Val::Variant(name, payload), Type::Variant(variant)) => {
                let case = variant.cases().find(|case| case.name == name).ok_or_else(|| no_case(name))?;
                return self.check_payload(payload.as_deref(), case.ty.as_ref());
            }
            (Val::Enum(name), Type::Enum(cases)) => {
                return cases.names().any(|case| case == name).then_some(()).ok_or_else(|| no_case(name));
            }
            (Val::Flags(names), Type::Flags(flags)) => {
                let unknown = names.iter().find(|name| !flags.names().any(|flag| flag == name.as_str()));
                return unknown.map_or(Ok(()), |name| Err(no_case(name)));
            }
            (Val::Option(None), Type::Option(_)) => true,
            (Val::Option(Some(value)), Type::Option(option)) => return self.check(value, &option.ty()),
            (Val::Result(Ok(value)), Type::Result(result)) => {
                return self.check_payload(value.as_deref(), result.ok().as_ref());
            }
            (Val::Result(Err(value)), Type::Result(result)) => {
                return self.check_payload(value.as_deref(), result.err().as_ref());
            }
            (Val::Resource(resource), Type::Own(expected)) if resource.ty() == *expected => {
                self.used.push(*resource);
                self.given.push(*resource);
                true
            }
            (Val::Resource(resource), Type::Borrow(expected)) if resource.ty() == *expected => {
                self.used.push(*resource);
                true
            }
            _ => false,
        };
        fits.then_some(()).ok_or_else(|| format!("{} is not of the type {expected:?}", kind(value)))
    }

    fn check_payload(&mut self, value: Option<&Val>, expected: Option<&Type>) -> Result<(), String> {
        match (value, expected) {
            (None, None) => Ok(()),
            (Some(value), Some(expected)) => self.check(value, expected),
            (Some(_), None) => Err("a value stands where none belongs".into()),
            (None, Some(_)) => Err("a value is missing".into()),
        }
    }
}

fn no_case(name: &str) -> String {
    format!("there is no case {name}")
}

fn kind(value: &Val) -> &'static str {
    match value {
        Val::Bool(_) => "a bool",
        Val::S8(_) | Val::U8(_) | Val::S16(_) | Val::U16(_) => "a small integer",
        Val::S32(_) | Val::U32(_) | Val::S64(_) | Val::U64(_) => "an integer",
        Val::Float32(_) | Val::Float64(_) => "a float",
        Val::Char(_) => "a char",
        Val::String(_) => "a string",
        Val::List(_) => "a list",
        Val::Record(_) => "a record",
        Val::Tuple(_) => "a tuple",
        Val::Variant(..) => "a variant",
        Val::Enum(_) => "an enum",
        Val::Option(_) => "an option",
        Val::Result(_) => "a result",
        Val::Flags(_) => "flags",
        Val::Resource(_) => "a resource of another type",
        _ => "a value",
    }
}

/// Every resource in `values`.
pub(crate) fn resources_in(values: &[Val]) -> Vec<ResourceAny> {
    fn collect(value: &Val, found: &mut Vec<ResourceAny>) {
        match value {
            Val::Resource(resource) => found.push(*resource),
            // A list of bytes may be long, and holds no resource in any place if it holds none in the first.
            Val::List(items) if matches!(items.first(), Some(Val::U8(_))) => {}
            Val::List(items) | Val::Tuple(items) => items.iter().for_each(|item| collect(item, found)),
            Val::Record(fields) => fields.iter().for_each(|(_, value)| collect(value, found)),
            Val::Variant(_, Some(value)) | Val::Option(Some(value)) => collect(value, found),
            Val::Result(Ok(Some(value)) | Err(Some(value))) => collect(value, found),
            _ => {}
        }
    }
    let mut found = Vec::new();
    values.iter().for_each(|value| collect(value, &mut found));
    found
}
