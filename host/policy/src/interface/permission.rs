//! One permission for an interface of the embedder's own, and what it is compared with.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::{FieldKind, MAX_FIELDS};
use crate::InvalidValue;
use crate::component_id::check_part;
use crate::keyword::serde_as_string;
use crate::pattern::{Host, HostPattern, MAX_PATH_BYTES, NamePattern, PathPattern};
use crate::quoted::quoted;

/// One thing that an embedder's interface asks about: the name of a field, and the value that it has in this call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceField {
    /// The field, as the embedder has described it: `table`.
    pub name: String,
    /// What its values are.
    pub kind: FieldKind,
    /// The value. That of a path is absolute and resolved; any other is denied. That of a host is a name or an address.
    pub value: String,
}

impl InterfaceField {
    /// A field whose value is a name.
    pub fn name(name: impl Into<String>, value: impl Into<String>) -> InterfaceField {
        InterfaceField { name: name.into(), kind: FieldKind::Name, value: value.into() }
    }

    /// A field whose value is an absolute path, resolved.
    pub fn path(name: impl Into<String>, value: impl Into<String>) -> InterfaceField {
        InterfaceField { name: name.into(), kind: FieldKind::Path, value: value.into() }
    }

    /// A field whose value is a host: a name, or an IP address.
    pub fn host(name: impl Into<String>, value: impl Into<String>) -> InterfaceField {
        InterfaceField { name: name.into(), kind: FieldKind::Host, value: value.into() }
    }
}

/// The pattern of one field. What it means is known when the field is asked about, because only the embedder knows the
/// kind of a field.
#[derive(Debug, Clone)]
pub struct FieldPattern {
    text: String,
    name: Option<NamePattern>,
    path: Option<PathPattern>,
    host: Option<HostPattern>,
}

impl FieldPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the value is covered. A text that is no pattern of this kind covers nothing.
    pub fn matches(&self, kind: FieldKind, value: &str) -> bool {
        self.covers(kind, value, false)
    }

    /// The same; `is_near` says whether the value is an address of the host's surroundings.
    pub(crate) fn covers(&self, kind: FieldKind, value: &str, is_near: bool) -> bool {
        match kind {
            FieldKind::Name => self.name.as_ref().is_some_and(|pattern| pattern.matches(value)),
            FieldKind::Path => {
                value.len() <= MAX_PATH_BYTES && self.path.as_ref().is_some_and(|pattern| pattern.matches(value))
            }
            FieldKind::Host => {
                let host = Host::parse(value, None).map(|host| Host { is_near, ..host });
                host.zip(self.host.as_ref()).is_some_and(|(host, pattern)| pattern.covers(&host))
            }
        }
    }

    /// Checks that it is a pattern of this kind.
    pub(super) fn check(&self, kind: FieldKind) -> Result<(), InvalidValue> {
        match kind {
            FieldKind::Name => self.text.parse::<NamePattern>().map(drop),
            FieldKind::Path => self.text.parse::<PathPattern>().map(drop),
            FieldKind::Host => self.text.parse::<HostPattern>().map(drop),
        }
    }

    /// The narrowest pattern that covers the value, if any can.
    pub(crate) fn covering(kind: FieldKind, value: &str, is_near: bool) -> Option<FieldPattern> {
        let text = match kind {
            FieldKind::Name => NamePattern::covering(value)?.to_string(),
            FieldKind::Path => PathPattern::covering(value)?.as_str().to_owned(),
            FieldKind::Host => {
                let host = Host::parse(value, None).map(|host| Host { is_near, ..host })?;
                HostPattern::covering(&host)?.to_string()
            }
        };
        text.parse::<FieldPattern>().ok().filter(|pattern| pattern.covers(kind, value, is_near))
    }
}

impl FromStr for FieldPattern {
    type Err = InvalidValue;

    /// Reads a text that is a pattern of one kind at least. Whether it is one of the right kind is found out with
    /// [`Permissions::check`](crate::Permissions::check).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.parse::<NamePattern>();
        // What begins like a path and is long may be a path.
        let path = text.parse::<PathPattern>().ok();
        let name = match name {
            Err(invalid) if path.is_none() => return Err(invalid),
            name => name.ok(),
        };
        Ok(FieldPattern { text: text.to_owned(), name, path, host: text.parse().ok() })
    }
}

/// Patterns are what they are written as.
impl PartialEq for FieldPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for FieldPattern {}

impl fmt::Display for FieldPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

serde_as_string!(FieldPattern);

/// Allows one action of an embedder's interface on what the patterns of all its fields cover.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
#[non_exhaustive]
pub struct InterfacePermission {
    /// What may be done, in the embedder's word.
    pub action: String,
    /// On what: the pattern of each field, at most eight. A field that the embedder has described and that is not among
    /// them covers nothing: that everything is meant has to be written.
    pub fields: BTreeMap<String, FieldPattern>,
}

impl InterfacePermission {
    /// Whether it covers an action on these values: it has the fields that are asked about and no others, and each covers
    /// its value.
    pub(crate) fn covers(&self, action: &str, fields: &[InterfaceField], is_near: bool) -> bool {
        self.action == action
            && self.fields.len() == fields.len()
            && self.fields.iter().all(|(name, pattern)| {
                // Asked about twice, it would stand for a field that is missing; then it is missing here.
                let mut asked = fields.iter().filter(|field| field.name == *name);
                asked.next().is_some_and(|field| pattern.covers(field.kind, &field.value, is_near))
                    && asked.next().is_none()
            })
    }

    /// The narrowest permission that covers an action on these values, if any can.
    pub(crate) fn covering(action: &str, fields: &[InterfaceField], is_near: bool) -> Option<InterfacePermission> {
        let patterns = fields.iter().map(|field| {
            check_field(&field.name).ok()?;
            Some((field.name.clone(), FieldPattern::covering(field.kind, &field.value, is_near)?))
        });
        let fields_of = patterns.collect::<Option<BTreeMap<_, _>>>()?;
        check_action(action).ok()?;
        let permission = InterfacePermission { action: action.to_owned(), fields: fields_of };
        (permission.fields.len() <= MAX_FIELDS && permission.covers(action, fields, is_near)).then_some(permission)
    }
}

/// Checks the name of an action.
pub(crate) fn check_action(name: &str) -> Result<(), InvalidValue> {
    check_part(name).map_err(|problem| {
        InvalidValue::with_help(format!("{problem} in action {name:?}"), "write a name as in \"query\"")
    })
}

/// Checks the name of a field.
pub(crate) fn check_field(name: &str) -> Result<(), InvalidValue> {
    if name == "action" {
        return Err(InvalidValue::with_help("a field cannot be called `action`", "that says what may be done"));
    }
    check_part(name).map_err(|problem| {
        InvalidValue::with_help(format!("{problem} in field {name:?}"), "write a name as in `table`")
    })
}

/// That there are more fields than there may be.
pub(crate) fn too_many_fields() -> InvalidValue {
    InvalidValue::with_help(format!("more than {MAX_FIELDS} fields"), "an action of an interface has fewer")
}

impl TryFrom<BTreeMap<String, String>> for InterfacePermission {
    type Error = InvalidValue;

    fn try_from(mut texts: BTreeMap<String, String>) -> Result<Self, Self::Error> {
        let action = texts.remove("action").ok_or_else(|| InvalidValue::new("missing field `action`"))?;
        check_action(&action)?;
        if texts.len() > MAX_FIELDS {
            return Err(too_many_fields());
        }
        let field = |(name, text): (String, String)| {
            check_field(&name)?;
            Ok((name, text.parse()?))
        };
        Ok(InterfacePermission { action, fields: texts.into_iter().map(field).collect::<Result<_, InvalidValue>>()? })
    }
}

impl Serialize for InterfacePermission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1 + self.fields.len()))?;
        map.serialize_entry("action", &self.action)?;
        for (name, pattern) in &self.fields {
            map.serialize_entry(name, pattern)?;
        }
        map.end()
    }
}

impl fmt::Display for InterfacePermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ action = \"{}\"", self.action)?;
        for (name, pattern) in &self.fields {
            write!(f, ", {name} = {}", quoted(pattern.as_str()))?;
        }
        f.write_str(" }")
    }
}
