//! TOML with places: what a value is, where it stands, and what its key is called.

use std::ops::Range;
use std::str::FromStr;

use toml_edit::{Item, Key, TableLike, Value};

use super::problems::{MAX_PROBLEMS, Problems, Sections};
use super::suggest;
use crate::{InvalidValue, amount};

/// One value of the file.
pub struct Node<'t> {
    content: Content<'t>,
    /// The key with its tables, as in `permissions.filesystem[0].path`.
    pub(super) key: String,
    /// Where the value starts, in bytes; for a table without braces, where its name is.
    pub(super) at: usize,
}

/// Where a value is.
pub(super) struct Place {
    key: String,
    at: usize,
}

impl Place {
    /// Notes that the value is wrong.
    pub(super) fn refuse(&self, problems: &mut Problems<'_>, invalid: InvalidValue) {
        problems.report(self.at, &self.key, invalid);
    }

    /// Notes that one of its keys is wrong, or missing.
    pub(super) fn refuse_key(&self, problems: &mut Problems<'_>, name: &str, invalid: InvalidValue) {
        problems.report(self.at, &format!("{}.{name}", self.key), invalid);
    }
}

enum Content<'t> {
    Table(&'t dyn TableLike),
    Array(Vec<(Content<'t>, Option<usize>)>),
    Text(&'t str),
    Integer(i64),
    Boolean(bool, Option<Range<usize>>),
    /// Of a type that no key takes; with its name, and where it is written.
    Other(&'static str, Option<Range<usize>>),
}

impl<'t> Content<'t> {
    fn of_item(item: &'t Item) -> Self {
        match item {
            Item::None => Content::Other("nothing", None),
            Item::Value(value) => Content::of_value(value),
            Item::Table(table) => Content::Table(table),
            Item::ArrayOfTables(tables) => {
                Content::Array(tables.iter().map(|table| (Content::Table(table), start(table.span()))).collect())
            }
        }
    }

    fn of_value(value: &'t Value) -> Self {
        match value {
            Value::String(text) => Content::Text(text.value()),
            Value::Integer(number) => Content::Integer(*number.value()),
            Value::Float(number) => Content::Other("a float", number.span()),
            Value::Boolean(answer) => Content::Boolean(*answer.value(), answer.span()),
            Value::Datetime(time) => Content::Other("a date or time", time.span()),
            Value::Array(values) => {
                Content::Array(values.iter().map(|value| (Content::of_value(value), start(value.span()))).collect())
            }
            Value::InlineTable(table) => Content::Table(table),
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Content::Table(_) => "a table",
            Content::Array(_) => "an array",
            Content::Text(_) => "a string",
            Content::Integer(_) => "an integer",
            Content::Boolean(..) => "a boolean",
            Content::Other(name, _) => name,
        }
    }
}

fn start(span: Option<Range<usize>>) -> Option<usize> {
    span.map(|span| span.start)
}

impl<'t> Node<'t> {
    /// Notes that the value is wrong.
    pub fn refuse(&self, problems: &mut Problems<'_>, invalid: InvalidValue) {
        problems.report(self.at, &self.key, invalid);
    }

    /// Where it is, for what turns out to be wrong when it has been read.
    pub(super) fn place(&self) -> Place {
        Place { key: self.key.clone(), at: self.at }
    }

    fn wrong_type(&self, problems: &mut Problems<'_>, expected: &str, help: Option<String>) {
        let problem = format!("expected {expected}, found {}", self.content.type_name());
        self.refuse(problems, InvalidValue { problem, help });
    }

    /// The value as a table that has only `known` keys; every other is a problem.
    pub fn table(self, problems: &mut Problems<'_>, known: &'static [&'static str]) -> Option<Section<'t>> {
        let section = self.section(problems)?;
        section.refuse_unknown_keys(problems, known, |_| false);
        Some(section)
    }

    fn section(self, problems: &mut Problems<'_>) -> Option<Section<'t>> {
        let Content::Table(table) = self.content else {
            self.wrong_type(problems, "a table", None);
            return None;
        };
        Some(Section { table, key: self.key, at: self.at })
    }

    /// The same, where every other key that has a colon is one too.
    pub(super) fn table_with_packages(
        self,
        problems: &mut Problems<'_>,
        known: &'static [&'static str],
    ) -> Option<Section<'t>> {
        let section = self.section(problems)?;
        section.refuse_unknown_keys(problems, known, is_package);
        Some(section)
    }

    /// The values of a table whose keys are free, in the order of the file.
    pub fn entries(self, problems: &mut Problems<'_>) -> Vec<(&'t str, Node<'t>)> {
        let Content::Table(table) = self.content else {
            self.wrong_type(problems, "a table", Some("write { KEY = \"value\" }".to_owned()));
            return Vec::new();
        };
        let section = Section { table, key: self.key, at: self.at };
        let mut entries: Vec<_> =
            table.iter().filter_map(|(name, _)| section.get(name).map(|node| (name, node))).collect();
        entries.sort_by_key(|(_, node)| node.at);
        entries
    }

    /// The values of an array.
    pub fn array(self, problems: &mut Problems<'_>) -> Vec<Node<'t>> {
        let help = match &self.content {
            Content::Array(_) => None,
            Content::Table(_) => Some("write [{ … }], even for one".to_owned()),
            Content::Text(text) => Some(format!("write [{text:?}], even for one")),
            _ => None,
        };
        let Content::Array(values) = self.content else {
            self.wrong_type(problems, "an array", help);
            return Vec::new();
        };
        let place = |(index, (content, at)): (usize, (Content<'t>, Option<usize>))| Node {
            content,
            key: format!("{}[{index}]", self.key),
            at: at.unwrap_or(self.at),
        };
        values.into_iter().enumerate().map(place).collect()
    }

    /// The value as a string.
    pub fn text(&self, problems: &mut Problems<'_>) -> Option<&'t str> {
        let quoted = match &self.content {
            Content::Text(text) => return Some(text),
            Content::Integer(number) => Some(format!("write \"{number}\"")),
            Content::Boolean(_, Some(span)) | Content::Other(_, Some(span)) => {
                problems.source(span.clone()).map(|source| format!("write \"{source}\""))
            }
            _ => None,
        };
        self.wrong_type(problems, "a string", quoted);
        None
    }

    /// The value as a string that `check` accepts.
    pub fn checked_text(
        &self,
        problems: &mut Problems<'_>,
        check: impl FnOnce(&str) -> Result<(), InvalidValue>,
    ) -> Option<String> {
        let text = self.text(problems)?;
        match check(text) {
            Ok(()) => Some(text.to_owned()),
            Err(invalid) => {
                self.refuse(problems, invalid);
                None
            }
        }
    }

    /// The value as a string that reads as a `T`.
    pub fn parsed<T: FromStr<Err = InvalidValue>>(&self, problems: &mut Problems<'_>) -> Option<T> {
        match self.text(problems)?.parse() {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.refuse(problems, invalid);
                None
            }
        }
    }

    /// The value as a yes or no.
    pub fn flag(&self, problems: &mut Problems<'_>) -> Option<bool> {
        let help = match &self.content {
            Content::Boolean(answer, _) => return Some(*answer),
            Content::Text(text @ ("true" | "false")) => Some(format!("write {text}, without quotes")),
            _ => Some("write true or false".to_owned()),
        };
        self.wrong_type(problems, "a boolean", help);
        None
    }

    /// The value as an integer or a string, whichever it is.
    pub fn integer_or_text(&self, problems: &mut Problems<'_>) -> Option<Result<i64, &'t str>> {
        match self.content {
            Content::Integer(number) => Some(Ok(number)),
            Content::Text(text) => Some(Err(text)),
            _ => {
                self.wrong_type(problems, "an integer or a string", None);
                None
            }
        }
    }

    /// The value as an amount of something: an integer above zero that fits.
    pub fn amount<T: TryFrom<i64>>(&self, problems: &mut Problems<'_>) -> Option<T> {
        let number = match self.content {
            Content::Integer(number) => number,
            Content::Text(text) => {
                let number = meant(&self.key, text).map(|number| format!("write {number}, without quotes"));
                self.wrong_type(problems, "an integer", number);
                return None;
            }
            _ => {
                self.wrong_type(problems, "an integer", None);
                return None;
            }
        };
        let invalid = match T::try_from(number) {
            Ok(amount) if number > 0 => return Some(amount),
            _ if number == 0 => InvalidValue::with_help("0 would allow nothing", "leave it out for the host's default"),
            _ if number < 0 => InvalidValue::new(format!("{number} is below zero")),
            _ => InvalidValue::new(format!("{number} is too large")),
        };
        self.refuse(problems, invalid);
        None
    }
}

/// The number that somebody meant who wrote it as a text, perhaps with a unit of what the key is counted in.
fn meant(key: &str, text: &str) -> Option<u64> {
    const BYTES: &[(&str, u64)] = &[
        ("", 1),
        ("B", 1),
        ("K", 1 << 10),
        ("KiB", 1 << 10),
        ("M", 1 << 20),
        ("MiB", 1 << 20),
        ("G", 1 << 30),
        ("GiB", 1 << 30),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
    ];
    const MILLISECONDS: &[(&str, u64)] =
        &[("", 1), ("ms", 1), ("s", 1_000), ("m", 60_000), ("min", 60_000), ("h", 3_600_000)];
    const PIECES: &[(&str, u64)] = &[("", 1)];
    let units = if key.ends_with("-bytes") {
        BYTES
    } else if key.ends_with("-ms") {
        MILLISECONDS
    } else {
        PIECES
    };
    amount(&text.replace(' ', ""), units)
}

/// One table of the file.
pub struct Section<'t> {
    table: &'t dyn TableLike,
    key: String,
    at: usize,
}

impl<'t> Section<'t> {
    /// The whole file as a table that has only `known` keys; every other is a problem.
    pub(super) fn root(
        table: &'t dyn TableLike,
        problems: &mut Problems<'_>,
        known: &'static [&'static str],
    ) -> Section<'t> {
        let section = Section { table, key: String::new(), at: 0 };
        section.refuse_unknown_keys(problems, known, |_| false);
        section
    }

    /// The whole file as a table that has only `known` keys, and those with a colon.
    pub(super) fn root_with_packages(
        table: &'t dyn TableLike,
        problems: &mut Problems<'_>,
        known: &'static [&'static str],
    ) -> Section<'t> {
        let section = Section { table, key: String::new(), at: 0 };
        section.refuse_unknown_keys(problems, known, is_package);
        section
    }

    /// The values of the keys with a colon, in the order of the file, each with where its key is.
    pub(super) fn packages(&self) -> Vec<(&'t str, usize)> {
        let place = |name| self.table.get_key_value(name).and_then(|(key, _)| start(key.span())).unwrap_or(self.at);
        let keys = self.table.iter().map(|(name, _)| name).filter(|name| is_package(name));
        let mut keys: Vec<_> = keys.map(|name| (name, place(name))).collect();
        keys.sort_by_key(|(_, at)| *at);
        keys
    }

    /// The value of a key, if there is one.
    pub fn get(&self, name: &str) -> Option<Node<'t>> {
        let (key, item) = self.table.get_key_value(name)?;
        let at = start(item.span()).or_else(|| start(key.span())).unwrap_or(self.at);
        Some(Node { content: Content::of_item(item), key: self.key_of(key), at })
    }

    /// The value of a key; that there is none is a problem, for which `example` is the help.
    pub fn require(&self, problems: &mut Problems<'_>, name: &str, example: &str) -> Option<Node<'t>> {
        let node = self.get(name);
        if node.is_none() {
            let key = self.key_of(&Key::new(name));
            problems.report(self.at, &key, InvalidValue::with_help("missing", format!("write {example}")));
        }
        node
    }

    /// How a key of this table is called in messages.
    pub(super) fn key(&self, name: &str) -> String {
        self.key_of(&Key::new(name))
    }

    fn key_of(&self, key: &Key) -> String {
        let name = key.display_repr();
        // A key of a foreign manifest may hold anything; in a message it takes one line.
        let name = if name.chars().any(char::is_control) { format!("{:?}", key.get()).into() } else { name };
        if self.key.is_empty() { name.into_owned() } else { format!("{}.{name}", self.key) }
    }

    fn refuse_unknown_keys(
        &self,
        problems: &mut Problems<'_>,
        known: &'static [&'static str],
        free: impl Fn(&str) -> bool,
    ) {
        let unknown = self.table.iter().filter(|(name, _)| !known.contains(name) && !free(name));
        // One more than are kept, so that it shows that there were more.
        for (name, _) in unknown.take(MAX_PROBLEMS + 1) {
            let Some((key, item)) = self.table.get_key_value(name) else { continue };
            // Grants are what [permissions] holds; whoever copies them from there copies the header too.
            let headed = self.key.is_empty() && elsewhere_is(problems.sections(), known, name);
            let help = match (elsewhere(problems.sections(), name), suggest(name, known.iter().copied())) {
                _ if headed => format!("leave [{name}] out: this file has its keys, at top level"),
                (Some(section), _) if section != self.key => format!("`{name}` belongs to [{section}]"),
                (_, Some(near)) => format!("did you mean `{near}`?"),
                _ => format!("known here: {}", known.join(", ")),
            };
            let at = start(key.span()).or_else(|| start(item.span())).unwrap_or(self.at);
            problems.report(at, &self.key_of(key), InvalidValue::with_help("unknown key", help));
        }
    }
}

/// Whether a key of `[permissions]` names a package of an embedder's own.
fn is_package(key: &str) -> bool {
    key.contains(':')
}

/// Whether the section of this name is the one that has exactly these keys.
fn elsewhere_is(sections: Sections, known: &[&str], name: &str) -> bool {
    sections.iter().any(|(section, keys)| *section == name && *keys == known)
}

/// The section that has a key of this name.
fn elsewhere(sections: Sections, name: &str) -> Option<&'static str> {
    sections.iter().find(|(_, keys)| keys.contains(&name)).map(|(section, _)| *section)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_a_unit_is_a_number_to_be_written() {
        for (key, text, number) in [
            ("max-open-files", "7", Some(7)),
            ("max-memory-bytes", "128 MiB", Some(128 << 20)),
            ("max-memory-bytes", "128M", Some(128 << 20)),
            ("max-memory-bytes", "1gb", Some(1_000_000_000)),
            ("max-cpu-time-ms", "30s", Some(30_000)),
            ("max-cpu-time-ms", "5 min", Some(300_000)),
            ("max-cpu-time-ms", "5m", Some(300_000)),
            ("max-cpu-time-ms", "250ms", Some(250)),
            ("max-cpu-time-ms", "5 MiB", None),
            ("max-memory-bytes", "5s", None),
            ("max-open-files", "1k", None),
            ("max-memory-bytes", "a lot", None),
            ("max-memory-bytes", "-1", None),
            ("max-memory-bytes", "99999999999 GiB", None),
            ("max-memory-bytes", "", None),
        ] {
            assert_eq!(meant(key, text), number, "{key} {text:?}");
        }
    }
}
