//! What `call` sets for the host: a file, and options that go before it.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use airssys_wasm::config::{Dns, TrustStore};
use airssys_wasm::records::RecordFile;
use airssys_wasm::{Mount, RuntimeConfig, Start};
use airssys_wasm_policy::Permissions;
use anyhow::{Context, Result};

use crate::arguments::Call;
use crate::exit_code::{ExitCode, InputError};
use crate::failure::{Problem, SettingsErrors};

/// The settings of a host that serves one call: of the file, then of the options.
pub fn of(arguments: &Call) -> Result<RuntimeConfig> {
    let mut config = match &arguments.host_config {
        Some(file) => {
            let text = airssys_wasm_toolchain::read_text(file)?;
            let read = RuntimeConfig::from_toml(&text, file).map_err(SettingsErrors::from);
            read.with_context(|| format!("failed to read the settings of {}", file.display()))?
        }
        None => RuntimeConfig::default(),
    };
    // One of the same place replaces that of the file; two options of the same place are a slip, which is refused.
    let mounts = arguments.mount.iter().map(|text| mount(text)).collect::<Result<Vec<_>>>()?;
    let place = |mount: &Mount| mount.guest.trim_end_matches('/').to_owned();
    config.mounts.retain(|other| mounts.iter().all(|mount| place(mount) != place(other)));
    config.mounts.extend(mounts);
    if let Some(file) = &arguments.grant {
        let text = airssys_wasm_toolchain::read_text(file)?;
        let permissions = Permissions::parse(&text, &file.display().to_string()).map_err(SettingsErrors::from);
        config.granted = permissions.with_context(|| format!("failed to read the grants of {}", file.display()))?;
    }
    set_network(arguments, &mut config)?;
    config.processes.unconfined |= arguments.allow_unconfined_children;
    config.processes.inherit_stdio |= arguments.inherit_stdio;
    if arguments.quota.is_some() {
        config.filesystem_limits.quota_bytes = arguments.quota;
    }
    // Who sets a limit allows it, too.
    let ceilings = &mut config.limit_ceilings;
    ceilings.memory_bytes = ceilings.memory_bytes.max(arguments.memory.unwrap_or(0));
    ceilings.execution_time = ceilings.execution_time.max(arguments.timeout.unwrap_or_default());
    if let Some(folder) = &arguments.cache {
        config.cache = airssys_wasm::CacheFolder::At(folder.clone());
    }
    if let Some(file) = &arguments.audit {
        config.audit = Arc::new(records(file, "--audit")?);
    }
    if let Some(file) = &arguments.log {
        config.log = Some(Arc::new(records(file, "--log")?));
    }
    Ok(config)
}

/// The component that is called, with the limits of the options.
pub fn limited(arguments: &Call, start: Start) -> Start {
    let start = match arguments.memory {
        Some(bytes) => start.max_memory_bytes(bytes),
        None => start,
    };
    match arguments.timeout {
        Some(time) => start.max_execution_time(time),
        None => start,
    }
}

fn records(file: &Path, option: &str) -> Result<RecordFile> {
    RecordFile::append(file).map_err(|source| {
        let problem = format!("failed to write to {}", file.display());
        let help = format!("{option} takes a file in a folder that exists and that you may write to");
        Problem { source: Some(source), ..Problem::input("unwritable", problem, help) }.into()
    })
}

fn mount(text: &OsStr) -> Result<Mount> {
    let wrong = || {
        let shown = text.to_string_lossy();
        InputError(format!("--mount {shown}: write GUEST=HOST or GUEST=HOST:ro, e.g. /data=./data"))
    };
    let bytes = text.as_bytes();
    let at = bytes.iter().position(|byte| *byte == b'=').ok_or_else(wrong)?;
    let (guest, host) = (&bytes[..at], &bytes[at + 1..]);
    let (host, read_only) = match host.strip_suffix(b":ro") {
        Some(host) => (host, true),
        None => (host, false),
    };
    if !guest.starts_with(b"/") || host.is_empty() {
        return Err(wrong().into());
    }
    let Ok(guest) = std::str::from_utf8(guest) else {
        let problem =
            format!("the guest path of --mount has to be text in UTF-8, and {:?} is not", OsStr::from_bytes(guest));
        let help = "components name files in UTF-8; the folder of the host may have any name".to_owned();
        return Err(Problem { exit: ExitCode::Usage, ..Problem::input("usage", problem, help) }.into());
    };
    let mount = if read_only { Mount::read_only } else { Mount::writable };
    Ok(mount(guest, OsStr::from_bytes(host)))
}

/// Who resolves names, and whose certificates are trusted.
fn set_network(arguments: &Call, config: &mut RuntimeConfig) -> Result<()> {
    let network = &mut config.network;
    if !arguments.dns_server.is_empty() {
        network.dns = Dns::Servers(arguments.dns_server.clone());
    }
    for file in &arguments.trust_ca {
        let text = airssys_wasm_toolchain::read_text(file)?;
        let certificates = TrustStore::read_pem(text.as_bytes()).map_err(|error| {
            let problem = format!("failed to read the certificates of {}: {error}", file.display());
            Problem::input("invalid-certificate", problem, "--trust-ca takes a PEM file of certificate authorities")
        })?;
        network.trust.add(certificates);
    }
    Ok(())
}
