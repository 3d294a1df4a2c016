//! The values of one running case: made from the seed, kept from results, and how cases refer to them.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::host::val::{Val, unhex, val_bytes, val_number};

/// Characters of one to four bytes in UTF-8, none of them special in a path.
const UNICODE: &[char] = &['a', 'Z', '0', 'é', 'ß', 'я', 'ç', 'あ', '中', '€', '한', '😀', '🦀', '𝄞', '🏔'];

/// Parts of a list that get a name; no case names more.
const MAX_PARTS: usize = 64;

/// One value of a case.
#[derive(Debug, Clone)]
pub enum Datum {
    /// Written as JSON: text, a number, a record.
    Json(Value),
    /// Bytes.
    Bytes(Vec<u8>),
    /// What an operation returned.
    Val(Val),
}

/// The values of one running case.
#[derive(Debug, Default)]
pub struct Scope {
    values: HashMap<String, Datum>,
    volatile: Vec<String>,
    unnamed: usize,
    resources: HashMap<String, (String, u64)>,
}

impl Scope {
    /// Makes the case's values from the seed. The same seed and case give the same values for every SDK.
    ///
    /// # Errors
    /// Fails on a generator that the format does not have.
    pub fn new(seed: u64, case: &str, generators: &std::collections::BTreeMap<String, Value>) -> Result<Self> {
        let mut random = ChaCha8Rng::from_seed(mix(seed, case));
        let mut scope = Self::default();
        for (name, generator) in generators {
            let datum = generate(generator, &mut random).with_context(|| format!("value {name}"))?;
            scope.values.insert(name.clone(), datum);
        }
        Ok(scope)
    }

    /// Adds a value.
    pub fn set(&mut self, name: &str, datum: Datum) {
        self.values.insert(name.to_owned(), datum);
    }

    /// Adds a value that differs from run to run, and that reports therefore name and do not show.
    pub fn set_volatile(&mut self, name: &str, datum: Datum) {
        self.volatile.push(name.to_owned());
        self.set(name, datum);
    }

    /// Adds a result and, where it is a record, tuple or list, each of its parts as `name.part`.
    pub fn set_result(&mut self, name: &str, val: Val) {
        let parts: Vec<(String, &Val)> = match &val {
            Val::Record(fields) => fields.iter().map(|(field, part)| (field.clone(), part)).collect(),
            Val::Tuple(items) | Val::List(items) if !matches!(items.first(), Some(Val::U8(_))) => {
                items.iter().take(MAX_PARTS).enumerate().map(|(at, part)| (at.to_string(), part)).collect()
            }
            _ => Vec::new(),
        };
        for (part, value) in parts {
            self.set_result(&format!("{name}.{part}"), value.clone());
        }
        // Ports and ids of processes are what the operating system made them.
        if name.ends_with(".port") || name.ends_with(".id") {
            self.volatile.push(name.to_owned());
        }
        self.set(name, Datum::Val(val));
    }

    /// The text with every value that differs from run to run replaced by its name.
    pub fn masked(&self, text: &str) -> String {
        let mut values: Vec<(String, &String)> = self
            .volatile
            .iter()
            .filter_map(|name| Some((self.values.get(name).and_then(text_of)?, name)))
            .filter(|(value, _)| value.len() > 1)
            .collect();
        // The longest first: one path may be the beginning of another.
        values.sort_by(|(a, first), (b, second)| (b.len(), first).cmp(&(a.len(), second)));
        let mut masked = text.to_owned();
        for (value, name) in values {
            masked = replaced(&masked, &value, &format!("${{{name}}}"));
        }
        masked
    }

    /// Keeps a resource that the case gives no name.
    pub fn keep_unnamed(&mut self, instance: &str, resource: u64) {
        self.unnamed += 1;
        self.keep(&format!("unnamed {}", self.unnamed), instance, resource);
    }

    /// Keeps a resource of the named instance.
    pub fn keep(&mut self, name: &str, instance: &str, resource: u64) {
        self.resources.insert(name.to_owned(), (instance.to_owned(), resource));
    }

    /// A kept resource.
    ///
    /// # Errors
    /// Fails when there is none of the name.
    pub fn resource(&self, name: &str) -> Result<u64> {
        self.resources
            .get(name)
            .map(|(_, resource)| *resource)
            .with_context(|| format!("no resource is kept as {name}"))
    }

    /// Takes a kept resource out.
    ///
    /// # Errors
    /// Fails when there is none of the name.
    pub fn take_resource(&mut self, name: &str) -> Result<u64> {
        self.resources
            .remove(name)
            .map(|(_, resource)| resource)
            .with_context(|| format!("no resource is kept as {name}"))
    }

    /// Takes every kept resource out, with the name of its instance.
    pub fn take_resources(&mut self) -> Vec<(String, u64)> {
        self.resources.drain().map(|(_, kept)| kept).collect()
    }

    /// The value that a whole string such as `$name` names.
    ///
    /// # Errors
    /// Fails when the name is unknown.
    pub fn named(&self, text: &str) -> Result<Option<&Datum>> {
        let Some(name) = text.strip_prefix('$') else { return Ok(None) };
        if name.starts_with('{') {
            return Ok(None);
        }
        self.values.get(name).map(Some).with_context(|| format!("no value is named {name}"))
    }

    /// Text with every `${name}` filled in; `{"repeat": text, "times": n}` too.
    ///
    /// # Errors
    /// Fails on an unknown name or when the JSON is no text.
    pub fn text(&self, json: &Value) -> Result<String> {
        match json {
            Value::String(text) => match self.named(text)? {
                Some(datum) => text_of(datum).with_context(|| format!("{text} is no text")),
                None => self.fill(text),
            },
            Value::Object(object) if object.contains_key("repeat") => {
                Ok(self.text(&object["repeat"])?.repeat(times(object)?))
            }
            other => bail!("{other} is no text"),
        }
    }

    /// Fills in every `${name}` of a text.
    ///
    /// # Errors
    /// Fails on an unknown name.
    pub fn fill(&self, text: &str) -> Result<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').with_context(|| format!("{text}: ${{ without }}"))?;
            let datum = self.values.get(name).with_context(|| format!("no value is named {name}"))?;
            filled.push_str(before);
            filled.push_str(&text_of(datum).with_context(|| format!("{name} is no text"))?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// Bytes, in one of the forms of the format.
    ///
    /// # Errors
    /// Fails when the JSON is none of them.
    pub fn bytes(&self, json: &Value) -> Result<Vec<u8>> {
        match json {
            Value::String(text) => match self.named(text)? {
                Some(Datum::Bytes(bytes)) => Ok(bytes.clone()),
                Some(Datum::Val(Val::String(kept))) => Ok(kept.clone().into_bytes()),
                Some(Datum::Val(val)) => val_bytes(val).with_context(|| format!("{text} is no list of bytes")),
                Some(datum) => Ok(text_of(datum).with_context(|| format!("{text} is no text"))?.into_bytes()),
                None => bail!("{text:?} is no bytes; write {{\"text\": …}}"),
            },
            Value::Array(numbers) => numbers
                .iter()
                .map(|number| number.as_u64().and_then(|n| u8::try_from(n).ok()).context("not a byte"))
                .collect(),
            Value::Object(object) => self.bytes_form(object),
            other => bail!("{other} is no bytes"),
        }
    }

    fn bytes_form(&self, object: &serde_json::Map<String, Value>) -> Result<Vec<u8>> {
        if let Some(text) = object.get("text") {
            return Ok(self.text(text)?.into_bytes());
        }
        if let Some(hex) = object.get("hex") {
            let text = hex.as_str().context("hex is a text")?;
            return unhex(text).with_context(|| format!("{text:?} is no hexadecimal text"));
        }
        if let Some(count) = object.get("zeros") {
            return Ok(vec![0; self.number(count)? as usize]);
        }
        if let Some(parts) = object.get("concat") {
            let parts = parts.as_array().context("concat is a list")?;
            return Ok(parts.iter().map(|part| self.bytes(part)).collect::<Result<Vec<_>>>()?.concat());
        }
        if let Some(part) = object.get("repeat") {
            return Ok(self.bytes(part)?.repeat(times(object)?));
        }
        if let Some(whole) = object.get("slice") {
            let whole = self.bytes(whole)?;
            let bound = |key: &str, default: usize| match object.get(key) {
                Some(number) => self.number(number).map(|n| (n as usize).min(whole.len())),
                None => Ok(default),
            };
            let (from, to) = (bound("from", 0)?, bound("to", whole.len())?);
            return Ok(whole.get(from..to).unwrap_or_default().to_vec());
        }
        bail!("{} is no bytes", Value::Object(object.clone()))
    }

    /// A whole number: a JSON number, decimal text, a value, or the length of a value as `{"length": …}`.
    ///
    /// # Errors
    /// Fails when the JSON is no whole number.
    pub fn number(&self, json: &Value) -> Result<i128> {
        match json {
            Value::Number(number) => number.to_string().parse().with_context(|| format!("{number} is not whole")),
            Value::String(text) => match self.named(text)? {
                Some(Datum::Json(json)) => self.number(json),
                Some(Datum::Val(val)) => val_number(val).with_context(|| format!("{text} is no number")),
                Some(Datum::Bytes(_)) => bail!("{text} is no number"),
                None => self.fill(text)?.parse().with_context(|| format!("{text} is no number")),
            },
            Value::Object(object) if object.contains_key("length") => Ok(self.bytes(&object["length"])?.len() as i128),
            other => bail!("{other} is no number"),
        }
    }
}

fn times(object: &serde_json::Map<String, Value>) -> Result<usize> {
    let count = object.get("times").and_then(Value::as_u64).context("repeat needs times")?;
    Ok(usize::try_from(count)?)
}

fn text_of(datum: &Datum) -> Option<String> {
    match datum {
        Datum::Json(Value::String(text)) | Datum::Val(Val::String(text)) => Some(text.clone()),
        Datum::Json(Value::Number(number)) => Some(number.to_string()),
        Datum::Json(Value::Object(id)) => {
            let part = |key: &str| id.get(key).and_then(Value::as_str);
            Some(format!("{}/{}@{}", part("namespace")?, part("name")?, part("version")?))
        }
        Datum::Val(val) => val_number(val).map(|number| number.to_string()),
        Datum::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
        Datum::Json(_) => None,
    }
}

/// Every occurrence of `value` that is not part of a longer number or word replaced.
fn replaced(text: &str, value: &str, name: &str) -> String {
    let inner = |character: Option<char>| character.is_some_and(|character| character.is_ascii_alphanumeric());
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(value) {
        result.push_str(before);
        let part = inner(result.chars().next_back()) || inner(after.chars().next());
        result.push_str(if part { value } else { name });
        rest = after;
    }
    result.push_str(rest);
    result
}

/// A result in the form that cases are written in.
pub fn json_of(val: &Val) -> Value {
    let list = |items: &[Val]| Value::Array(items.iter().map(json_of).collect());
    let one = |name: &str, payload: Value| Value::Object([(name.to_owned(), payload)].into_iter().collect());
    match val {
        Val::Bool(value) => Value::Bool(*value),
        Val::String(text) => Value::String(text.clone()),
        Val::List(items) | Val::Tuple(items) => list(items),
        Val::Record(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), json_of(value))).collect())
        }
        Val::Enum(name) | Val::Variant(name, None) => Value::String(name.clone()),
        Val::Variant(name, Some(payload)) => one(name, json_of(payload)),
        Val::Option(Some(some)) => json_of(some),
        Val::Flags(names) => Value::Array(names.iter().cloned().map(Value::String).collect()),
        Val::Result(Ok(payload)) => one("ok", payload.as_deref().map_or(Value::Null, json_of)),
        Val::Result(Err(payload)) => one("err", payload.as_deref().map_or(Value::Null, json_of)),
        other => val_number(other).map_or(Value::Null, |number| Value::String(number.to_string())),
    }
}

/// A number that tells contents apart.
pub(crate) fn fingerprint(parts: &[&[u8]]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// A seed for the generator of one case, so that cases do not depend on one another's order.
fn mix(seed: u64, case: &str) -> [u8; 32] {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut bytes = [0; 32];
    for (part, chunk) in bytes.chunks_mut(8).enumerate() {
        let mut hasher = DefaultHasher::new();
        (seed, case, part).hash(&mut hasher);
        chunk.copy_from_slice(&hasher.finish().to_le_bytes());
    }
    bytes
}

fn generate(generator: &Value, random: &mut ChaCha8Rng) -> Result<Datum> {
    let (kind, options) = generator
        .as_object()
        .and_then(|object| object.iter().next())
        .with_context(|| format!("{generator} is no generator"))?;
    let length = |random: &mut ChaCha8Rng| -> Result<usize> {
        match options.get("length") {
            Some(Value::Array(range)) if range.len() == 2 => {
                let bound = |value: &Value| value.as_u64().context("a length is a number");
                Ok(random.random_range(bound(&range[0])?..=bound(&range[1])?) as usize)
            }
            Some(number) => Ok(number.as_u64().context("a length is a number")? as usize),
            None => bail!("{kind} needs a length"),
        }
    };
    Ok(match kind.as_str() {
        "text" => {
            let characters = b"abcdefghijklmnopqrstuvwxyz0123456789";
            let length = length(random)?;
            let text = (0..length).map(|_| char::from(characters[random.random_range(0..characters.len())])).collect();
            Datum::Json(Value::String(text))
        }
        "unicode" => {
            let length = length(random)?;
            let text = (0..length).map(|_| UNICODE[random.random_range(0..UNICODE.len())]).collect();
            Datum::Json(Value::String(text))
        }
        "bytes" => {
            let mut bytes = vec![0; length(random)?];
            random.fill(bytes.as_mut_slice());
            Datum::Bytes(bytes)
        }
        "integer" => {
            let bound = |at: usize| -> Result<u64> {
                let number = options.get(at).context("integer needs [low, high]")?;
                Ok(number.to_string().trim_matches('"').parse()?)
            };
            Datum::Json(Value::Number(random.random_range(bound(0)?..=bound(1)?).into()))
        }
        "one-of" => {
            let choices = options.as_array().context("one-of needs a list")?;
            Datum::Json(choices[random.random_range(0..choices.len())].clone())
        }
        other => bail!("{other} is no generator"),
    })
}
