//! JavaScript and TypeScript: bundled by esbuild, then put into a component together with an engine.

use airssys_wasm_policy::{ComponentSection, Engine, Manifest};
use serde_json::{Value, json};

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
    let said = job.scratch.join("said");
    let manifest = Manifest::parse(&project.text, &project.file.display().to_string())?;
    let request = json!({
        "tools": tools,
        "entry": project.source,
        "project": project.folder,
        "sdk": project.sdk,
        "engine": project.engine.to_string(),
        "world": project.world,
        "wit": job.contract()?,
        "folder": folder,
        "component": described(&manifest.component),
        "out": component,
        "said": said,
    });

    let step = match project.engine {
        Engine::Quickjs => "putting JavaScript and QuickJS into a component",
        Engine::Starlingmonkey => "putting JavaScript and StarlingMonkey into a component",
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
    for line in String::from_utf8_lossy(&super::read(&said)?).lines() {
        job.progress.report(Event::Said { line });
    }
    // Both engines have clocks or randomness from WASI.
    Ok((bytes, Extra::Wasi))
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
