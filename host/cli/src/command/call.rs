//! `airssys-wasm call`.

use std::io::{IsTerminal, Read};

use airssys_wasm::{LoadOptions, Mount, Runtime, RuntimeConfig};
use airssys_wasm_policy::{Manifest, Permissions};
use anyhow::{Context, Result};
use serde_json::json;

use crate::arguments::Call;
use crate::exit_code::{ExitCode, InputError};
use crate::output::Output;

/// Loads the component, calls one operation, prints the answer as it is.
pub fn run(arguments: &Call, output: &Output) -> Result<ExitCode> {
    let input = input(arguments.input.as_deref())?;
    let mut options = LoadOptions::default();
    options.mounts = Some(arguments.mount.iter().map(|text| mount(text)).collect::<Result<_>>()?);
    options.granted = granted(arguments)?;
    let answer = super::conformance::tokio_runtime()?.block_on(async {
        let mut config = RuntimeConfig::default();
        // The process ends with the call: however long the guest makes it, nobody else waits.
        config.debug_info = true;
        let runtime = Runtime::new(config)?;
        let component = runtime.load_component_with(arguments.file.as_path(), options).await?;
        let answer = component.call(&arguments.operation, input).await;
        let ended = component.shutdown().await;
        let answer = answer?;
        ended?;
        anyhow::Ok(answer)
    })?;
    if output.is_json() {
        let value = json!({
            "schema": "airssys-call/1",
            "operation": arguments.operation,
            "text": std::str::from_utf8(&answer).ok(),
            "bytes": answer,
        });
        output.result(&value, String::new)?;
    } else {
        output.bytes(&answer)?;
        // For people the prompt comes on a line of its own; programs get what the component answered, no more.
        if std::io::stdout().is_terminal() && !answer.ends_with(b"\n") {
            output.bytes(b"\n")?;
        }
    }
    Ok(ExitCode::Success)
}

fn input(argument: Option<&str>) -> Result<Vec<u8>> {
    match argument {
        None => Ok(Vec::new()),
        Some("-") => {
            let mut input = Vec::new();
            std::io::stdin().lock().read_to_end(&mut input).context("failed to read standard input")?;
            Ok(input)
        }
        Some(text) => match text.strip_prefix('@') {
            Some(file) => std::fs::read(file).with_context(|| format!("failed to read {file}")),
            None => Ok(text.as_bytes().to_vec()),
        },
    }
}

fn mount(text: &str) -> Result<Mount> {
    let wrong = || InputError(format!("--mount {text}: write GUEST=HOST or GUEST=HOST:ro, e.g. /data=./data"));
    let (guest, host) = text.split_once('=').ok_or_else(wrong)?;
    let (host, read_only) = match host.strip_suffix(":ro") {
        Some(host) => (host, true),
        None => (host, false),
    };
    if !guest.starts_with('/') || host.is_empty() {
        return Err(wrong().into());
    }
    Ok(Mount { guest: guest.to_owned(), host: host.into(), read_only })
}

/// What the operator grants: nothing, unless told otherwise.
fn granted(arguments: &Call) -> Result<Option<Permissions>> {
    if let Some(file) = &arguments.grant {
        let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
        return Ok(Some(Permissions::parse(&text, &file.display().to_string())?));
    }
    if !arguments.grant_declared {
        return Ok(None);
    }
    let file = &arguments.file;
    let bytes = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    let manifest = airssys_wasm_toolchain::component::manifest(&bytes);
    let text = manifest.ok_or_else(|| InputError(format!("{} carries no Component.toml", file.display())))?;
    Ok(Some(Manifest::parse(&text, "Component.toml")?.permissions))
}
