//! `airssys-wasm call`.

use std::io::{IsTerminal, Read};

use airssys_wasm::{
    Dns, Error, ExecutionError, GuestFailure, LoadOptions, Mount, NetworkConfig, Runtime, RuntimeConfig, TrustStore,
};
use airssys_wasm_policy::{Manifest, Permissions, suggest};
use airssys_wasm_toolchain::{Event, Progress};
use anyhow::{Context, Result};
use serde_json::json;

use crate::arguments::Call;
use crate::exit_code::{ExitCode, InputError};
use crate::failure::Problem;
use crate::output::Output;

/// Operations of a component that a message lists.
const MAX_LISTED: usize = 64;

/// Loads the component, calls one operation, prints the answer as it is.
pub fn run(arguments: &Call, output: &Output) -> Result<ExitCode> {
    let input = input(arguments.input.as_deref())?;
    let mut options = LoadOptions::default();
    options.mounts = Some(arguments.mount.iter().map(|text| mount(text)).collect::<Result<_>>()?);
    options.granted = granted(arguments)?;
    let network = network(arguments)?;
    // The first time a component is compiled, which takes long for the large ones.
    output.report(Event::Step("compiling and calling the component"));
    let answer = super::conformance::tokio_runtime()?.block_on(async {
        let mut config = RuntimeConfig::default();
        // The process ends with the call: however long the guest makes it, nobody else waits.
        config.debug_info = true;
        config.network = network;
        config.processes.unconfined = arguments.allow_unconfined_children;
        config.processes.inherit_stdio = arguments.inherit_stdio;
        let runtime = Runtime::new(config)?;
        let component = runtime.load_component_with(arguments.file.as_path(), options).await?;
        let answer = component.call(&arguments.operation, input).await;
        let known = match &answer {
            Err(error) if is_unknown_operation(error) => component.metadata().await.ok(),
            _ => None,
        };
        let ended = component.shutdown().await;
        let answer = match (answer, known) {
            (Err(error), Some(known)) => return Err(unknown_operation(&arguments.operation, &known.operations, error)),
            (answer, _) => answer?,
        };
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
            Some("") => {
                Err(InputError("no file is named after the @: write @FILE, or - for standard input".to_owned()).into())
            }
            Some(file) => Ok(std::fs::read(file).map_err(|error| {
                let help = format!(
                    "@ means that the input is in a file: name one that can be read, or leave out the @ of {text}"
                );
                Problem::unreadable(file.as_ref(), &help, error)
            })?),
            None => Ok(text.as_bytes().to_vec()),
        },
    }
}

fn is_unknown_operation(error: &Error) -> bool {
    let Error::Guest(error) = error else { return false };
    matches!(error.failure, GuestFailure::Execution(ExecutionError::UnknownOperation(_)))
}

/// The error of a component that does not know an operation, with those that it says it has.
fn unknown_operation(asked: &str, known: &[String], error: Error) -> anyhow::Error {
    // They are the component's own words.
    let mut names: Vec<String> = known.iter().take(MAX_LISTED).map(|name| name.escape_debug().to_string()).collect();
    if known.len() > MAX_LISTED {
        names.push(format!("and {} more", known.len() - MAX_LISTED));
    }
    let near = suggest(asked, known.iter().map(String::as_str));
    let help = match (names.is_empty(), near) {
        (true, _) => "its metadata names no operations; see its documentation".to_owned(),
        (false, None) => format!("it has {}", names.join(", ")),
        (false, Some(near)) => format!("did you mean {}? It has {}", near.escape_debug(), names.join(", ")),
    };
    let problem = error.to_string();
    Problem { exit: ExitCode::GuestError, ..Problem::input("unknown-operation", problem, help) }.into()
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

/// Who resolves names, and whose certificates are trusted.
fn network(arguments: &Call) -> Result<NetworkConfig> {
    let mut network = NetworkConfig::default();
    if !arguments.dns_server.is_empty() {
        network.dns = Dns::Servers(arguments.dns_server.clone());
    }
    let mut trusted = Vec::new();
    for file in &arguments.trust_ca {
        let text = airssys_wasm_toolchain::read_text(file)?;
        let certificates = TrustStore::read_pem(text.as_bytes()).map_err(|error| {
            let problem = format!("failed to read the certificates of {}: {error}", file.display());
            Problem::input("invalid-certificate", problem, "--trust-ca takes a PEM file of certificate authorities")
        })?;
        trusted.extend(certificates);
    }
    if !trusted.is_empty() {
        network.trust = TrustStore::SystemAnd(trusted);
    }
    Ok(network)
}

/// What the operator grants: nothing, unless told otherwise.
fn granted(arguments: &Call) -> Result<Option<Permissions>> {
    if let Some(file) = &arguments.grant {
        let text = airssys_wasm_toolchain::read_text(file)?;
        let permissions = Permissions::parse(&text, &file.display().to_string());
        return Ok(Some(permissions.with_context(|| format!("failed to read the grants of {}", file.display()))?));
    }
    if !arguments.grant_declared {
        return Ok(None);
    }
    let file = &arguments.file;
    let bytes = airssys_wasm::read_component(file)?;
    // Whatever keeps it from being loaded is said once, when it is loaded.
    let text = airssys_wasm_toolchain::component::manifest(&bytes);
    let manifest = text.and_then(|text| Manifest::parse(&text, "Component.toml").ok());
    Ok(manifest.map(|manifest| manifest.permissions))
}
