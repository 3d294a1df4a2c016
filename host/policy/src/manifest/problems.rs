//! Collects what is wrong with one file, with lines and columns.

use std::ops::Range;

use crate::invalid::shortened;
use crate::{InvalidValue, ManifestError, ManifestErrors};

/// A manifest comes with a component, which nobody trusts yet: one that is wrong in more ways is not worth the memory.
pub(super) const MAX_PROBLEMS: usize = 1000;

/// The sections that a kind of file has, each with its keys: for saying where a key belongs that is in the wrong one.
pub type Sections = &'static [(&'static str, &'static [&'static str])];

/// What is wrong with one file so far.
pub struct Problems<'t> {
    file: &'t str,
    text: &'t str,
    sections: Sections,
    /// Where each line starts, in bytes.
    lines: Vec<usize>,
    /// Each with its place in bytes.
    found: Vec<(usize, ManifestError)>,
    left_out: bool,
}

impl<'t> Problems<'t> {
    pub(super) fn new(file: &'t str, text: &'t str, sections: Sections) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect();
        Problems { file, text, sections, lines, found: Vec::new(), left_out: false }
    }

    /// The sections that files of this kind have.
    pub(super) fn sections(&self) -> Sections {
        self.sections
    }

    /// Notes what is wrong with `key`, at byte `at` of the file.
    pub fn report(&mut self, at: usize, key: &str, invalid: InvalidValue) {
        if self.found.len() >= MAX_PROBLEMS {
            self.left_out = true;
            return;
        }
        let InvalidValue { problem, help } = invalid;
        let (problem, help, key) = (shortened(problem), help.map(shortened), shortened(key.to_owned()));
        // Where that is in the line is counted at the end, in one go: a file may be one long line.
        let error = ManifestError { file: self.file.to_owned(), line: 0, column: 0, key, problem, help };
        self.found.push((at, error));
    }

    /// What stands in a part of the file.
    pub(super) fn source(&self, span: Range<usize>) -> Option<&'t str> {
        self.text.get(span)
    }

    /// The line of a byte of the file, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= self.text.floor_char_boundary(at))
    }

    /// Gives each problem its line and column, both in characters and from 1. They are in the order of the file.
    fn place(&mut self) {
        let (mut line, mut counted, mut characters) = (0, 0, 0);
        for place in 0..self.found.len() {
            let at = self.text.floor_char_boundary(self.found[place].0);
            let own = self.line(at);
            if own != line {
                (line, counted, characters) = (own, self.lines[own - 1], 0);
                // No editor counts the mark that a file may start with.
                while self.text[counted..at].starts_with('\u{feff}') {
                    counted += '\u{feff}'.len_utf8();
                }
            }
            characters += self.text[counted..at].chars().count();
            counted = at;
            let error = &mut self.found[place].1;
            (error.line, error.column) = (line, characters + 1);
        }
    }

    /// The value, or everything that is wrong in the order of the file.
    pub(super) fn finish<T>(mut self, value: Option<T>) -> Result<T, ManifestErrors> {
        self.found.sort_by_key(|(at, _)| *at);
        self.place();
        let mut errors: Vec<ManifestError> = self.found.into_iter().map(|(_, error)| error).collect();
        match value {
            Some(value) if errors.is_empty() => Ok(value),
            _ => {
                if self.left_out
                    && let Some(last) = errors.last()
                {
                    let problem = format!("more than {MAX_PROBLEMS} problems, the others are left out");
                    errors.push(ManifestError { key: String::new(), problem, help: None, ..last.clone() });
                }
                Err(ManifestErrors(errors))
            }
        }
    }
}
