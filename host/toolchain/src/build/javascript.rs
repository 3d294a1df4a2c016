//! JavaScript and TypeScript: bundled by esbuild, then put into a component together with an engine.

use std::fs;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::{ComponentSection, Engine};
use serde::Deserialize;
use serde_json::{Value, json};

use super::inputs::Key;
use super::job::{Job, Prepared};
use super::scripts::JAVASCRIPT;
use super::{BuildError, read, typescript};
use crate::component::{self, Extra, SOURCE_MAP_SECTION, append_section};
use crate::error::Error;
use crate::progress::Event;
use crate::tool::Tool;
use crate::{causes, environment, install};

/// What the bundler says of what it made.
#[derive(Deserialize)]
struct Bundle {
    /// The interfaces that are left to be imported.
    imports: Vec<String>,
    /// The files that it has read.
    inputs: Vec<PathBuf>,
}

pub(super) fn prepare<'a>(job: &'a Job<'a>) -> Result<Prepared<'a>, Error> {
    let project = job.project;
    let tools = install::javascript(job.cache, job.progress)?;
    let (node, _) = install::node()?;
    let write_error = |path: &Path| {
        let path = path.to_owned();
        move |source| BuildError::Write { path, source }
    };
    let script = job.scratch.join("build.mjs");
    fs::write(&script, JAVASCRIPT).map_err(write_error(&script))?;
    let folder = job.scratch.join("bundle");
    fs::create_dir(&folder).map_err(write_error(&folder))?;
    let out = job.scratch.join("component.wasm");
    let request = json!({
        "tools": tools,
        "entry": project.source,
        "project": project.folder,
        "sdk": project.sdk,
        "engine": project.engine.to_string(),
        "world": project.world.generated_name(),
        "imports": project.world.imported_packages(),
        "wit": job.contract()?,
        "folder": folder,
        "component": described(&project.component),
        "out": out,
    })
    .to_string();
    let run = {
        let node = node.clone();
        move |step: &str| {
            Tool::new("the JavaScript build", &node)
                .arg(&script)
                .arg(step)
                .arg(&request)
                .folder(&project.folder)
                .unseen(environment::NODE)
                .ear(causes::JAVASCRIPT)
                .run(job.progress)
        }
    };

    job.progress.report(Event::Step("bundling JavaScript"));
    run("bundle")?;
    let part = |name| read::bytes(&folder.join(name));
    let (bundle, sources) = (part("bundle.js")?, part("sources")?);
    let Bundle { imports, inputs } = serde_json::from_slice(&part("bundle.json")?).expect("the script writes it so");
    component::check_imports(imports.iter().map(String::as_str), project.world.name())?;
    if job.check {
        typescript::check(job, &node, &tools, &inputs)?;
    }
    // The engines put clocks and random numbers of the build into a component, so that it is another one each time. Of one
    // bundle it is made once.
    let mut key = Key::new(project);
    key.bytes(&bundle).bytes(&sources);
    // Both engines have clocks or randomness from WASI.
    Ok(Prepared::new(key, Extra::Wasi, move || {
        job.progress.report(Event::Step(match project.engine {
            Engine::Quickjs => "putting JavaScript and QuickJS into a component",
            Engine::Starlingmonkey => "putting JavaScript and StarlingMonkey into a component",
        }));
        run("componentize")?;
        let mut bytes = read::bytes(&out)?;
        append_section(&mut bytes, SOURCE_MAP_SECTION, &sources);
        Ok(bytes)
    }))
}

/// Tells what the program has written to its console while it was built, also if that was earlier.
pub(super) fn tell(job: &Job<'_>, component: &[u8]) {
    for line in said(component).lines() {
        job.progress.report(Event::Said { line });
    }
}

/// What the SDK puts before what the program has written to its console while it was built, with how many bytes that is in
/// eight digits and a line end, and behind it.
const SAID: &[u8] = b"\x02airssys-wasm build log ";
const SAID_END: u8 = 3;
const SAID_DIGITS: usize = 8;

/// What the program has written to its console while it was built, which lies in the memory of the component.
fn said(component: &[u8]) -> String {
    let text = |start: usize| {
        let head = start + SAID.len();
        let digits = component.get(head..head + SAID_DIGITS)?;
        let from = head + SAID_DIGITS + 1;
        let length: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
        // Of the parts that it was made of there may be some left: only the whole has an end.
        let end = from.checked_add(length)?;
        (component.get(end) == Some(&SAID_END)).then(|| String::from_utf8_lossy(&component[from..end]))
    };
    let starts = component.iter().enumerate().filter(|(_, byte)| **byte == SAID[0]).map(|(at, _)| at);
    starts.filter(|at| component[*at..].starts_with(SAID)).find_map(text).unwrap_or_default().into_owned()
}

/// What Component.toml says of the component, without what it leaves out.
fn described(component: &ComponentSection) -> Value {
    let mut described = json!({ "name": component.name.to_string(), "version": component.version.to_string() });
    if !component.description.is_empty() {
        described["description"] = component.description.clone().into();
    }
    if !component.authors.is_empty() {
        described["authors"] = component.authors.clone().into();
    }
    if let Some(license) = &component.license {
        described["license"] = license.clone().into();
    }
    if !component.operations.is_empty() {
        described["operations"] = component.operations.clone().into();
    }
    described
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_said_is_the_whole_text_and_not_a_part_that_was_left() {
        let log = |text: &str, end: &[u8]| [SAID, format!("{:08}\n{text}", text.len()).as_bytes(), end].concat();
        let component =
            [b"\x02 before".as_slice(), &log("a part", b"x"), b"between", &log("é\nb\n", &[SAID_END])].concat();
        assert_eq!(said(&component), "é\nb\n");
        for nothing in [b"".as_slice(), SAID, b"\x02", &log("cut", b""), &[SAID, b"99999999\nx"].concat()] {
            assert_eq!(said(nothing), "");
        }
    }
}
