//! What is written into the repository: the section of README.md, and the page with everything and its pictures.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::chart;
use crate::comparison::Comparison;
use crate::family::Family;
use crate::report::Report;
use crate::table::{Detail, markdown, summary};

/// Where the page and the pictures are, in the checkout.
const FOLDER: &str = "docs/bench";
const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";

/// Writes the table of README.md between its markers, a page with everything, and a picture of each comparison.
///
/// # Errors
/// Fails when a file cannot be read or written, or README.md lacks the markers.
pub fn write(root: &Path, report: &Report) -> Result<()> {
    let file = root.join("README.md");
    let text = std::fs::read_to_string(&file).with_context(|| format!("failed to read {}", file.display()))?;
    let table =
        summary(report) + "\n[docs/bench](docs/bench/README.md) has all tables with their spread, and pictures.\n";
    let text =
        replaced(&text, &table).with_context(|| format!("{} lacks the lines {BEGIN} and {END}", file.display()))?;
    put(&file, &text)?;
    let folder = root.join(FOLDER);
    std::fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    for (name, picture) in pictures(report) {
        put(&folder.join(name), &picture)?;
    }
    put(&folder.join("README.md"), &page(report))
}

fn put(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
}

fn page(report: &Report) -> String {
    let mut text =
        "# What it costs\n\n`cargo dev bench --release --docs` writes this page. The pictures have logarithmic \
                    scales; the black lines go from the 10th to the 90th percentile.\n\n"
            .to_owned();
    for (name, _) in pictures(report) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "![{0}]({name})", name.trim_end_matches(".svg"));
    }
    text.push('\n');
    text + &markdown(report, Detail::Spread)
}

/// Names of files, and what is in them: one for each family and what it was measured with, or one for the family where the
/// same was measured with each.
fn pictures(report: &Report) -> Vec<(String, String)> {
    let mut pictures = Vec::new();
    for family in Family::ALL {
        let comparisons: Vec<&Comparison> = report.of(*family).collect();
        let title = family.title().replace('`', "");
        let same = |comparison: &&Comparison| comparison.what == comparisons[0].what;
        if comparisons.len() > 1 && comparisons.iter().all(same) {
            let group: Vec<_> =
                comparisons.iter().map(|comparison| (comparison.subject.as_str(), *comparison)).collect();
            pictures.push((format!("{}.svg", family.name()), chart::svg(&title, &group)));
            continue;
        }
        for group in comparisons.chunk_by(|one, other| one.subject == other.subject) {
            let subject = &group[0].subject;
            let name: String =
                subject.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
            let group: Vec<_> = group.iter().map(|comparison| (comparison.what.as_str(), *comparison)).collect();
            let picture = chart::svg(&format!("{title} ({subject})"), &group);
            pictures.push((format!("{}-{name}.svg", family.name()), picture));
        }
    }
    pictures
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
    fn the_page_shows_every_picture_that_is_written() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("README.md"), format!("{BEGIN}\n{END}\n")).unwrap();
        write(folder.path(), &crate::report::tests::report()).unwrap();
        let page = std::fs::read_to_string(folder.path().join("docs/bench/README.md")).unwrap();
        assert!(page.contains("](calls-rust.svg)"), "{page}");
        let picture = std::fs::read_to_string(folder.path().join("docs/bench/calls-rust.svg")).unwrap();
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"), "{picture}");
    }

    #[test]
    fn the_same_of_many_guests_is_one_picture() {
        let mut report = crate::report::tests::report();
        for (comparison, guest) in report.results.comparisons.iter_mut().zip(["rust", "js@quickjs"]) {
            (comparison.subject, comparison.what) = (guest.to_owned(), "instance".to_owned());
        }
        let names: Vec<_> = pictures(&report).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["calls.svg"]);
        report.results.comparisons[1].what = "call".to_owned();
        let names: Vec<_> = pictures(&report).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["calls-rust.svg", "calls-js-quickjs.svg"]);
    }

    #[test]
    fn the_readme_has_the_markers() {
        let text = std::fs::read_to_string(crate::root().join("README.md")).unwrap();
        assert!(replaced(&text, "").is_some());
    }
}
