//! What went wrong with a Python program, in words of this crate.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::super::BuildError;
use super::destructors::UnknownInterpreter;

/// What the interpreter left of a program that could not be imported.
#[derive(Deserialize)]
struct Failure {
    code: String,
    problem: String,
    help: Option<String>,
    traceback: Option<String>,
}

/// The codes of what can be wrong with a program.
const CODES: [&str; 4] = ["no-component", "syntax-error", "missing-module", "import-failed"];

/// What the interpreter tells of the failure, if the program is the cause of it.
pub(super) fn read(file: &Path) -> Option<BuildError> {
    let failure = serde_json::from_slice::<Failure>(&fs::read(file).ok()?).ok()?;
    let code = CODES.into_iter().find(|code| *code == failure.code)?;
    let mut problem = failure.problem;
    for line in failure.traceback.iter().flat_map(|traceback| traceback.lines()) {
        problem.push_str("\n  ");
        problem.push_str(line);
    }
    Some(BuildError::Program { problem, code, fix: failure.help })
}

/// The syntax of a file is wrong.
pub(super) fn syntax(problem: &str) -> BuildError {
    BuildError::Program { problem: problem.to_owned(), code: "syntax-error", fix: None }
}

/// componentize-py takes only folders whose names are text.
pub(super) fn not_unicode(folder: &Path) -> BuildError {
    BuildError::Program {
        problem: format!("componentize-py cannot take the folder {}: its name is not UTF-8", folder.display()),
        code: "not-utf-8",
        fix: Some("give the folder another name".to_owned()),
    }
}

/// The interpreter cannot list a folder with such a file.
pub(super) fn strange_name(file: &str) -> BuildError {
    BuildError::Program {
        problem: format!("componentize-py cannot list the folder of {file}: that name is not UTF-8"),
        code: "not-utf-8",
        fix: Some("give the file another name, or move it out of the folders that have modules".to_owned()),
    }
}

/// The component that was made is not of the version of componentize-py that is pinned.
pub(super) fn unknown_interpreter(error: UnknownInterpreter) -> BuildError {
    BuildError::Program {
        problem: format!("componentize-py made another component than its pinned version does: {error}"),
        code: "no-result",
        fix: Some("run: airssys-wasm toolchain install python".to_owned()),
    }
}
