//! `airssys-wasm call`.

use std::ffi::OsStr;
use std::fmt::Write;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use airssys_wasm::error::{ExecutionError, GuestFailure};
use airssys_wasm::{Component, Error, Runtime, Start};
use airssys_wasm_policy::{FilesystemAction, FilesystemPermission, Manifest, printable_line, suggest};
use anyhow::{Context, Result};
use serde_json::json;

use super::settings;
use crate::arguments::Call;
use crate::exit_code::{ExitCode, InputError};
use crate::failure::{Problem, Unmounted};
use crate::locating;
use crate::output::{Output, shown};

/// Operations of a component that a message lists.
const MAX_LISTED: usize = 64;

/// Starts the component, calls one operation, prints the answer as it is.
pub fn run(arguments: &Call, output: &Output) -> Result<ExitCode> {
    let input = input(arguments.input.as_deref())?;
    let config = settings::of(arguments)?;
    let mounted: Vec<String> = config.mounts.iter().map(|mount| mount.guest.clone()).collect();
    let runtime = Runtime::new(config)?;
    let answered = super::conformance::tokio_runtime()?.block_on(async {
        let mut others = Vec::new();
        for file in &arguments.with {
            others.push(started(arguments, file, runtime.start(file), output).await?);
        }
        let start = settings::limited(arguments, runtime.start(&arguments.file));
        let component = started(arguments, &arguments.file, start, output).await?;
        output.talk().guest_runs(&format!("calling {}", arguments.operation));
        let answer = component.call(&arguments.operation, input).await;
        let known = match &answer {
            Err(error) if is_unknown_operation(error) => component.metadata().await.ok(),
            _ => None,
        };
        // The others first: what they have been asked is answered before anybody goes.
        let mut others_ended = Ok(());
        for other in others {
            others_ended = others_ended.and(other.shutdown().await);
        }
        let ended = component.shutdown().await;
        let answer = match (answer, known) {
            (Err(error), Some(known)) => return Err(unknown_operation(&arguments.operation, &known.operations, error)),
            (Err(error), None) => return Err(explained(error, &arguments.file, &mounted)),
            (Ok(answer), _) => answer,
        };
        ended?;
        others_ended?;
        anyhow::Ok(answer)
    });
    let files = arguments.with.iter().chain([&arguments.file]);
    let answer = answered.map_err(|error| locating::locate(error, files, output.talk()))?;
    // What is still to be written to files of records is written before the answer shows that all is done.
    drop(runtime);
    if output.is_json() {
        let value = json!({
            "schema": "airssys-call/1",
            "operation": arguments.operation,
            "text": std::str::from_utf8(&answer).ok(),
            "bytes": answer,
        });
        output.result(&value, String::new)?;
    } else {
        output.answer(&answer)?;
    }
    Ok(ExitCode::Success)
}

/// Starts a component with what it is granted.
async fn started(arguments: &Call, file: &Path, mut start: Start, output: &Output) -> Result<Component> {
    // Whatever keeps it from being started is said once, when it is started.
    if arguments.grant_declared
        && let Some(manifest) = declared(file)?
    {
        output.talk().say(&granted(&manifest));
        start = start.grant(manifest.permissions);
    }
    output.talk().loads(&shown(file));
    Ok(start.await?)
}

/// What the component says of itself, as far as that can be read.
fn declared(file: &Path) -> Result<Option<Manifest>> {
    let bytes = airssys_wasm::inspect::read_component(file)?;
    let text = airssys_wasm_toolchain::component::manifest(&bytes);
    Ok(text.and_then(|text| Manifest::parse(&text, "Component.toml").ok()))
}

/// What is granted, a line for each permission.
fn granted(manifest: &Manifest) -> String {
    let mut text = format!("{} is granted what its Component.toml asks for:\n", manifest.component.name);
    for (kind, permission) in manifest.permissions.entries() {
        let _ = writeln!(text, "  {kind} {}", printable_line(&permission));
    }
    if manifest.permissions.is_empty() {
        text.push_str("  nothing\n");
    }
    text
}

/// An error of a call, with the mount that is missing where nothing else says so: through WASI a component sees no more of
/// a folder that is not mounted than of one that does not exist, and its language says so in words only.
fn explained(error: Error, file: &Path, mounted: &[String]) -> anyhow::Error {
    if error.refusals().iter().any(|refusal| refusal.mount.is_some()) {
        return error.into();
    }
    let said = last_said(&error);
    let Ok(Some(manifest)) = declared(file) else { return error.into() };
    let mut folders: Vec<String> = Vec::new();
    for permission in &manifest.permissions.filesystem {
        let folder = folder_of(permission);
        let is_mounted = mounted.iter().any(|guest| below(&folder, guest) || below(guest, &folder));
        let is_meant = said.iter().any(|said| said.contains(&folder) || said.contains(NO_SUCH_FILE));
        if is_meant && !is_mounted && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    match folders.is_empty() {
        true => error.into(),
        false => Unmounted { error, folders }.into(),
    }
}

/// The folder to mount for what a permission is about: where its pattern begins, or the folder of a single file.
fn folder_of(permission: &FilesystemPermission) -> String {
    let start = permission.path.literal_start();
    let is_file = start == permission.path.as_str() && permission.action != FilesystemAction::List;
    match start.rsplit_once('/') {
        Some((folder, _)) if is_file && !folder.is_empty() => folder.to_owned(),
        _ => start,
    }
}

/// What C libraries, and the languages above them, say of a file that is not there.
const NO_SUCH_FILE: &str = "No such file or directory";

/// What a guest said of why it failed.
fn last_said(error: &Error) -> Vec<String> {
    let mut said = Vec::new();
    if let Error::Guest(guest) = error {
        said.push(guest.failure.text().to_owned());
    }
    if let Some(trap) = error.trap() {
        said.push(trap.message());
        said.extend(trap.recent_output.iter().map(|word| word.text.clone()));
    }
    said
}

/// Whether a path is a folder or below it.
fn below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn input(argument: Option<&OsStr>) -> Result<Vec<u8>> {
    let Some(argument) = argument else { return Ok(Vec::new()) };
    match argument.as_bytes() {
        b"-" => {
            let mut input = Vec::new();
            std::io::stdin().lock().read_to_end(&mut input).context("failed to read standard input")?;
            Ok(input)
        }
        b"@" => Err(InputError("no file is named after the @: write @FILE, or - for standard input".to_owned()).into()),
        [b'@', file @ ..] => {
            let file = Path::new(OsStr::from_bytes(file));
            Ok(std::fs::read(file).map_err(|error| {
                let help = format!(
                    "@ means that the input is in a file: name one that can be read, or leave out the @ of @{}",
                    file.display()
                );
                Problem::unreadable(file, &help, error)
            })?)
        }
        bytes => Ok(bytes.to_vec()),
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
