//! Reading any TOML file that people write.

use toml_edit::{Document, TableLike};

use super::node::Section;
use super::problems::{Problems, Sections};
use super::{Manifest, ManifestErrors};
use crate::InvalidValue;

/// Reads a TOML file that people write: `value` takes what it knows from the whole file, a table that has only the keys
/// `known`, and notes what is wrong. `file` is what messages call it, `sections` are the tables that files of its kind
/// have.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file; at least that it is no TOML, or has more than
/// [`Manifest::MAX_BYTES`].
pub fn document<T>(
    text: &str,
    file: &str,
    known: &'static [&'static str],
    sections: Sections,
    value: impl FnOnce(&Section<'_>, &mut Problems<'_>) -> Option<T>,
) -> Result<T, ManifestErrors> {
    table(text, file, sections, |table, problems| {
        let root = Section::root(table, problems, known);
        value(&root, problems)
    })
}

/// The same, where `value` takes the whole table and looks at its keys itself.
pub(super) fn table<T>(
    text: &str,
    file: &str,
    sections: Sections,
    value: impl FnOnce(&dyn TableLike, &mut Problems<'_>) -> Option<T>,
) -> Result<T, ManifestErrors> {
    let mut problems = Problems::new(file, text, sections);
    if text.len() > Manifest::MAX_BYTES {
        problems.report(0, "", InvalidValue::new(format!("larger than {} bytes", Manifest::MAX_BYTES)));
        return problems.finish(None);
    }
    match Document::parse(text) {
        Ok(document) => {
            let value = value(document.as_table(), &mut problems);
            problems.finish(value)
        }
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let problem = error.message().trim().replace('\n', ", ");
            problems.report(at, "", InvalidValue::new(format!("not valid TOML: {problem}")));
            problems.finish(None)
        }
    }
}
