//! The suite's reports: made, opened in a browser, and the matrix that stands in the README.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::leftovers;
use crate::steps::{command, run as run_command};
use crate::tools::{airssys_wasm, npm_install};

/// Where the matrix stands in README.md.
const BEGIN: &str = "<!-- conformance:begin -->";
const END: &str = "<!-- conformance:end -->";
/// How the matrix is written anew.
const HELP: &str = "`cargo dev conformance --readme` writes it anew";

/// Runs the whole suite, keeps the report as JSON, and prints what it says.
///
/// # Errors
/// Fails when a cell is red, or something is left of the run: a process, and with it its ports, or a temporary file.
pub fn run(root: &Path) -> Result<PathBuf> {
    let tool = airssys_wasm(root)?;
    let folder = folder(root)?;
    let report = folder.join("report.json");
    let mut suite = command(root, &tool, &["--format", "json", "conformance", "run", "--output"]);
    suite.arg(&report);
    let ended = leftovers::check(suite);
    let mut text = command(root, &tool, &["conformance", "report", "--as", "text"]);
    text.arg(&report);
    run_command(text)?;
    ended.map(|()| report)
}

/// Writes the report in every form, opens the page, and compares the matrix with the one that is published.
///
/// # Errors
/// Fails when a form cannot be written, the page does not work, or the published matrix is stale.
pub fn check(root: &Path) -> Result<()> {
    let (tool, report) = (airssys_wasm(root)?, last_report(root)?);
    for form in ["junit", "tap", "markdown", "html", "badge"] {
        write_form(root, &tool, &report, form, &report.with_extension(form))?;
    }
    let page = npm_install(root.join("tests/report-page"))?;
    let mut test = command(&page, "npm", &["test", "--silent"]);
    test.env("REPORT", &report).env("PROGRAM", &tool);
    run_command(test)?;
    for (file, text) in matrix(root, &tool, &report)? {
        let published = fs::read_to_string(&file).with_context(|| format!("failed to read {}", file.display()))?;
        if published != text {
            bail!("the matrix in {} is stale; {HELP}", file.display());
        }
    }
    Ok(())
}

/// Runs the suite and publishes its matrix.
///
/// # Errors
/// Fails when a cell is red.
pub fn write_matrix(root: &Path) -> Result<()> {
    let report = run(root)?;
    for (file, text) in matrix(root, &airssys_wasm(root)?, &report)? {
        fs::write(&file, text).with_context(|| format!("failed to write {}", file.display()))?;
    }
    Ok(())
}

/// The files that show the matrix, with what they have to say.
fn matrix(root: &Path, tool: &Path, report: &Path) -> Result<[(PathBuf, String); 2]> {
    let form = |form: &str| -> Result<String> {
        let file = report.with_extension("part");
        write_form(root, tool, report, form, &file)?;
        Ok(fs::read_to_string(&file)?)
    };
    let readme = root.join("README.md");
    let text = fs::read_to_string(&readme)?;
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("README.md has no {BEGIN}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("README.md has no {END}"))?;
    let summary = form("summary")?;
    let page =
        format!("# Conformance matrix\n\nCases passed, of all, by operation and SDK. {HELP}.\n\n{}", form("markdown")?);
    Ok([(readme, format!("{before}{BEGIN}\n{summary}{END}{after}")), (root.join("conformance/matrix.md"), page)])
}

fn write_form(root: &Path, tool: &Path, report: &Path, form: &str, file: &Path) -> Result<()> {
    let mut write = command(root, tool, &["conformance", "report", "--as", form, "--output"]);
    write.arg(file).arg(report);
    run_command(write)
}

/// The report of the last run; the suite is run if there is none.
fn last_report(root: &Path) -> Result<PathBuf> {
    let report = folder(root)?.join("report.json");
    if report.is_file() { Ok(report) } else { run(root) }
}

fn folder(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/conformance");
    fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    Ok(folder)
}
