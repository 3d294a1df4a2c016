//! The generated section of README.md.

use std::path::Path;

use anyhow::{Context, Result};

use crate::report::Report;
use crate::table::{Detail, markdown};

const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";

/// Writes the table between the markers of a file.
///
/// # Errors
/// Fails when the file cannot be read or written, or lacks the markers.
pub fn rewrite(file: &Path, report: &Report) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let text = replaced(&text, &markdown(report, Detail::Medians))
        .with_context(|| format!("{} lacks the lines {BEGIN} and {END}", file.display()))?;
    std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
}

fn replaced(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nz\n");
        let new = replaced(&text, "new\n").unwrap();
        assert_eq!(new, format!("a\n{BEGIN}\nnew\n{END}\nz\n"));
        assert_eq!(replaced(&new, "new\n").unwrap(), new);
        assert_eq!(replaced("a\nz\n", "new\n"), None);
    }

    #[test]
    fn the_readme_has_the_markers() {
        let text = std::fs::read_to_string(crate::root().join("README.md")).unwrap();
        assert!(replaced(&text, "").is_some());
    }
}
