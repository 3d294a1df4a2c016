//! Values of the component model as they go to a host under test and come back, in memory and in JSON.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

/// A value of the component model, of the types that the contract uses.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the names of the component model")]
pub enum Val {
    Bool(bool),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    S32(i32),
    String(String),
    List(Vec<Val>),
    Record(Vec<(String, Val)>),
    Tuple(Vec<Val>),
    Variant(String, Option<Box<Val>>),
    Enum(String),
    Option(Option<Box<Val>>),
    Result(Result<Option<Box<Val>>, Option<Box<Val>>>),
    Flags(Vec<String>),
    /// A resource of the instance, by the number that the host has given it.
    Resource(u64),
}

impl Val {
    /// A list of bytes.
    pub fn bytes(bytes: &[u8]) -> Self {
        Self::List(bytes.iter().copied().map(Self::U8).collect())
    }

    fn to_json(&self) -> Value {
        let payload = |payload: &Option<Box<Val>>| payload.as_deref().map_or(Value::Null, Self::to_json);
        let list = |items: &[Val]| Value::Array(items.iter().map(Self::to_json).collect());
        match self {
            Self::Bool(value) => json!({ "bool": value }),
            Self::U8(value) => json!({ "u8": value }),
            Self::U16(value) => json!({ "u16": value }),
            Self::U32(value) => json!({ "u32": value }),
            // Not every JSON reader keeps whole numbers above 2^53.
            Self::U64(value) => json!({ "u64": value.to_string() }),
            Self::S32(value) => json!({ "s32": value }),
            Self::String(value) => json!({ "string": value }),
            Self::List(items) => match val_bytes(self) {
                Some(bytes) if !bytes.is_empty() => json!({ "bytes": hex(&bytes) }),
                _ => json!({ "list": list(items) }),
            },
            Self::Record(fields) => {
                json!({ "record": fields.iter().map(|(name, value)| json!([name, value.to_json()])).collect::<Vec<_>>() })
            }
            Self::Tuple(items) => json!({ "tuple": list(items) }),
            Self::Variant(name, inner) => json!({ "variant": [name, payload(inner)] }),
            Self::Enum(name) => json!({ "enum": name }),
            Self::Option(inner) => json!({ "option": payload(inner) }),
            Self::Result(Ok(inner)) => json!({ "ok": payload(inner) }),
            Self::Result(Err(inner)) => json!({ "err": payload(inner) }),
            Self::Flags(names) => json!({ "flags": names }),
            Self::Resource(number) => json!({ "resource": number }),
        }
    }

    fn from_json(json: &Value) -> Option<Self> {
        let object = json.as_object().filter(|object| object.len() == 1)?;
        let (kind, value) = object.iter().next()?;
        let payload = |value: &Value| -> Option<Option<Box<Val>>> {
            if value.is_null() { Some(None) } else { Some(Some(Box::new(Self::from_json(value)?))) }
        };
        let list = || value.as_array()?.iter().map(Self::from_json).collect::<Option<Vec<_>>>();
        let text = || value.as_str().map(str::to_owned);
        fn number<T: TryFrom<i64>>(value: &Value) -> Option<T> {
            T::try_from(value.as_i64()?).ok()
        }
        Some(match kind.as_str() {
            "bool" => Self::Bool(value.as_bool()?),
            "u8" => Self::U8(number(value)?),
            "u16" => Self::U16(number(value)?),
            "u32" => Self::U32(number(value)?),
            "u64" => Self::U64(value.as_str()?.parse().ok()?),
            "s32" => Self::S32(number(value)?),
            "string" => Self::String(text()?),
            "bytes" => Self::bytes(&unhex(value.as_str()?)?),
            "list" => Self::List(list()?),
            "record" => {
                let field = |field: &Value| match field.as_array()?.as_slice() {
                    [name, value] => Some((name.as_str()?.to_owned(), Self::from_json(value)?)),
                    _ => None,
                };
                Self::Record(value.as_array()?.iter().map(field).collect::<Option<_>>()?)
            }
            "tuple" => Self::Tuple(list()?),
            "variant" => match value.as_array()?.as_slice() {
                [name, inner] => Self::Variant(name.as_str()?.to_owned(), payload(inner)?),
                _ => return None,
            },
            "enum" => Self::Enum(text()?),
            "option" => Self::Option(payload(value)?),
            "ok" => Self::Result(Ok(payload(value)?)),
            "err" => Self::Result(Err(payload(value)?)),
            "flags" => {
                let names = value.as_array()?.iter().map(|name| name.as_str().map(str::to_owned));
                Self::Flags(names.collect::<Option<_>>()?)
            }
            "resource" => Self::Resource(value.as_u64()?),
            _ => return None,
        })
    }
}

impl Serialize for Val {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Val {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Map::deserialize(deserializer).map(Value::Object)?;
        Self::from_json(&json).ok_or_else(|| serde::de::Error::custom(format!("{json} is no value of the protocol")))
    }
}

/// The bytes of a `list<u8>`.
pub fn val_bytes(val: &Val) -> Option<Vec<u8>> {
    let Val::List(items) = val else { return None };
    items.iter().map(|item| if let Val::U8(byte) = item { Some(*byte) } else { None }).collect()
}

/// The number in a value of any integer type.
pub fn val_number(val: &Val) -> Option<i128> {
    Some(match val {
        Val::U8(n) => i128::from(*n),
        Val::U16(n) => i128::from(*n),
        Val::U32(n) => i128::from(*n),
        Val::U64(n) => i128::from(*n),
        Val::S32(n) => i128::from(*n),
        _ => return None,
    })
}

/// Bytes as a text of two hexadecimal digits each.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// The bytes that [`hex`] has written.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| if let [high, low] = pair { Some(digit(*high)? << 4 | digit(*low)?) } else { None }).collect()
}

/// Bytes in JSON, as hexadecimal text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        unhex(&text).map(Self).ok_or_else(|| serde::de::Error::custom("not hexadecimal"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_comes_back_from_json_as_it_was() {
        let boxed = |val: Val| Some(Box::new(val));
        let values = [
            Val::Bool(true),
            Val::U8(255),
            Val::U16(65_535),
            Val::U32(u32::MAX),
            Val::U64(u64::MAX),
            Val::S32(-7),
            Val::String("zwölf \0 🦀".to_owned()),
            Val::List(Vec::new()),
            Val::bytes(b"\x00\xff"),
            Val::List(vec![Val::String(String::new())]),
            Val::Record(vec![("a-b".to_owned(), Val::Option(None)), ("c".to_owned(), Val::U8(0))]),
            Val::Tuple(vec![Val::U8(127), Val::U8(0), Val::U8(0), Val::U8(1)]),
            Val::Variant("other".to_owned(), boxed(Val::U8(64))),
            Val::Variant("kill".to_owned(), None),
            Val::Enum("ipv4".to_owned()),
            Val::Option(boxed(Val::Option(None))),
            Val::Result(Ok(None)),
            Val::Result(Ok(boxed(Val::Resource(3)))),
            Val::Result(Err(boxed(Val::Enum("locked".to_owned())))),
            Val::Flags(vec!["read".to_owned()]),
        ];
        for value in values {
            let json = serde_json::to_string(&value).unwrap();
            let back: Val = serde_json::from_str(&json).unwrap();
            // A tuple of bytes is no list of bytes: the kinds stay apart.
            assert_eq!(back, value, "{json}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for wrong in [r#"{"u8":256}"#, r#"{"u64":1}"#, r#"{"bytes":"0"}"#, r#"{"u8":1,"u16":1}"#, r#"{"s64":1}"#, "{}"]
        {
            assert!(serde_json::from_str::<Val>(wrong).is_err(), "{wrong}");
        }
    }
}
