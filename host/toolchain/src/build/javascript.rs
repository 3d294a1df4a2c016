//! JavaScript and TypeScript: bundled by esbuild, then put into a component together with an engine.

use airssys_wasm_policy::Engine;
use serde_json::json;

use super::{BuildError, Job};
use crate::component::{Extra, SOURCE_MAP_SECTION, append_section};
use crate::error::Error;
use crate::install;
use crate::progress::Event;
use crate::tool::Tool;

/// What runs in Node.
pub(super) const SCRIPT: &str = include_str!("javascript.mjs");

pub(super) fn build(job: &Job<'_>) -> Result<(Vec<u8>, Extra), Error> {
    let project = job.project;
    let tools = install::javascript(job.cache, job.progress)?;
    let (node, _) = install::node()?;
    let write_error = |path: &std::path::Path| {
        let path = path.to_owned();
        move |source| BuildError::Write { path, source }
    };
    let script = job.scratch.join("build.mjs");
    std::fs::write(&script, SCRIPT).map_err(write_error(&script))?;
    let folder = job.scratch.join("bundle");
    std::fs::create_dir(&folder).map_err(write_error(&folder))?;
    let component = job.scratch.join("component.wasm");
    let request = json!({
        "tools": tools,
        "entry": project.source,
        "project": project.folder,
        "sdk": project.sdk,
        "engine": project.engine.to_string(),
        "world": project.world,
        "wit": job.contract()?,
        "folder": folder,
        "out": component,
    });

    let (step, extra) = match project.engine {
        Engine::Quickjs => ("putting JavaScript and QuickJS into a component", Extra::Refused),
        Engine::Starlingmonkey => ("putting JavaScript and StarlingMonkey into a component", Extra::Wasi),
    };
    job.progress.report(Event::Step(step));
    Tool::new("the JavaScript build", node)
        .arg(script)
        .arg(request.to_string())
        .folder(&project.folder)
        .env_remove("NODE_OPTIONS")
        .run(job.progress)?;
    let mut bytes = super::read(&component)?;
    append_section(&mut bytes, SOURCE_MAP_SECTION, &super::read(&folder.join("sources"))?);
    Ok((bytes, extra))
}
