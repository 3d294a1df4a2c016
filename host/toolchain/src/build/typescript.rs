//! The types of a program in TypeScript, checked by the pinned compiler with the project's own settings.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::BuildError;
use super::job::Job;
use crate::error::Error;
use crate::progress::Event;
use crate::tool::Tool;
use crate::{causes, environment};

/// What runs in Node.
const SCRIPT: &str = include_str!("typescript.mjs");

/// Checks the types if one of the files that the bundler has read is in TypeScript and the author's own.
pub(super) fn check(job: &Job<'_>, node: &Path, tools: &Path, inputs: &[PathBuf]) -> Result<(), Error> {
    let project = job.project;
    let own: Vec<_> = inputs.iter().filter(|file| is_own(file, project.sdk.as_deref())).collect();
    if !own.iter().any(|file| is_typescript(file)) {
        return Ok(());
    }
    job.progress.report(Event::Step("checking types"));
    let folder = job.scratch.join("types");
    let script = job.scratch.join("types.mjs");
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&script, SCRIPT));
    written.map_err(|source| BuildError::Write { path: script.clone(), source })?;
    let request = json!({
        "tools": tools,
        "entry": project.source,
        "project": project.folder,
        "sdk": project.sdk,
        "folder": folder,
        "declarations": project.world.imports_alone().map(|_| project.imports.join("imports.d.ts")),
        "inputs": own,
    });
    Tool::new("the type check", node)
        .arg(script)
        .arg(request.to_string())
        .folder(&project.folder)
        .unseen(environment::NODE)
        .ear(causes::TYPESCRIPT)
        .advice("--no-check builds without looking at types")
        .run(job.progress)?;
    Ok(())
}

/// Whether a file is neither a package's nor the SDK's: their authors have checked it.
fn is_own(file: &Path, sdk: Option<&Path>) -> bool {
    !file.components().any(|piece| piece.as_os_str() == "node_modules") && sdk.is_none_or(|sdk| !file.starts_with(sdk))
}

fn is_typescript(file: &Path) -> bool {
    file.extension().is_some_and(|extension| ["ts", "tsx", "mts", "cts"].iter().any(|one| extension == *one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_the_sdk_are_not_the_authors() {
        let sdk = Some(Path::new("/p/sdk"));
        assert!(is_own(Path::new("/p/src/index.ts"), sdk));
        assert!(!is_own(Path::new("/p/sdk/src/index.ts"), sdk));
        assert!(!is_own(Path::new("/p/node_modules/x/index.ts"), sdk));
        assert!(is_typescript(Path::new("/p/a.mts")) && !is_typescript(Path::new("/p/a.js")));
    }
}
