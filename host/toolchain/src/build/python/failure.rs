//! What went wrong with a Python program, in words of this crate.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::super::BuildError;
use super::destructors::UnknownInterpreter;
use crate::component::ComponentError;
use crate::contract;

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

/// What stands before the name of an interface that is not there: in words of Python, and of the SDK.
const MISSING: [&str; 3] =
    ["cannot import name '", "No module named 'wit_world.imports.", "the world of this component does not have "];

/// The interface that a program imports and its world does not have, if that is what its failure is about.
pub(super) fn missing_interface(failure: &BuildError, world: &str) -> Option<ComponentError> {
    let BuildError::Program { problem, .. } = failure else { return None };
    let of = |module: &str| contract::interfaces().find(|interface| module_of(interface).as_deref() == Some(module));
    let named = |sign: &str| {
        let (_, rest) = problem.split_once(sign)?;
        let is_its_own = !sign.ends_with("name '") || rest.contains("' from 'wit_world.imports'");
        words(rest).next().filter(|_| is_its_own).and_then(|name| of(&name.replace('-', "_")))
    };
    let first = MISSING.into_iter().find_map(named)?;
    // The SDK needs the types before the interface that the author asks for.
    let extension = first.split('/').next()?;
    let mut asked = problem.lines().filter(|line| line.contains("airssys_wasm")).flat_map(words).filter_map(of);
    let asked = asked.find(|interface| interface.starts_with(extension) && !interface.contains("/types@"));
    Some(ComponentError::Imports { world: world.to_owned(), imports: vec![asked.unwrap_or(first)] })
}

/// The names in a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').filter(|word| !word.is_empty())
}

/// What the generator calls the module of an interface, which is one of an extension.
fn module_of(interface: &str) -> Option<String> {
    let (extension, rest) = interface.strip_prefix("airssys:ext-")?.split_once('/')?;
    let name = rest.split('@').next().unwrap_or(rest);
    let module = if name == "types" { format!("{extension}_types") } else { name.to_owned() };
    Some(module.replace('-', "_"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_that_the_world_lacks_is_found_in_what_python_says() {
        for (said, interface) in [
            (
                "app.py:1: ImportError: cannot import name 'tcp' from 'wit_world.imports' (/x)",
                "airssys:ext-network/tcp@1.0.0",
            ),
            ("No module named 'wit_world.imports.network_types'", "airssys:ext-network/types@1.0.0"),
            (
                "app.py:3: ImportError: the world of this component does not have network-types: choose one\n    from \
                 airssys_wasm import tcp as tcp",
                "airssys:ext-network/tcp@1.0.0",
            ),
            ("cannot import name 'signals' from 'wit_world.imports'", "airssys:ext-process/signals@1.0.0"),
        ] {
            let failure = BuildError::Program { problem: said.to_owned(), code: "missing-module", fix: None };
            let found = missing_interface(&failure, "minimal");
            assert!(
                matches!(&found, Some(ComponentError::Imports { imports, .. }) if imports == &[interface]),
                "{said}: {found:?}"
            );
        }
        for said in ["No module named 'x'", "cannot import name 'files' from 'x'"] {
            let other = BuildError::Program { problem: said.to_owned(), code: "missing-module", fix: None };
            assert!(missing_interface(&other, "minimal").is_none(), "{said}");
        }
    }
}
