//! Our own host with one thing wrong: what it is asked or what it answers is changed on the way.

use airssys_wasm_policy::Permissions;
use anyhow::{Context, Result};

use super::own::{OwnHost, Policy};
use super::protocol::{HostError, Load, Records, Reply, Request, Settings};
use super::val::Val;

/// What is wrong with the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Allows what these permissions say, whatever is declared and granted. They are JSON.
    Allows(&'static str),
    /// Takes what is declared for granted.
    GrantsIgnored,
    /// Takes what is granted for declared.
    DeclarationsIgnored,
    /// Names another line of Component.toml than the one that would allow what was refused.
    DenialsMisleading,
    /// Writes no decision down.
    AuditLost,
    /// Writes down only what it has allowed.
    DenialsUnrecorded,
    /// Writes every decision down as one that allows.
    DenialsRecordedAsAllowed,
    /// Lets components write to what they see read-only.
    ReadOnlyIgnored,
    /// Passes no environment on.
    EnvironmentLost,
    /// Passes the data of the config on without its last byte.
    DataCut,
    /// Sets no limits.
    LimitsIgnored,
    /// Passes messages on as if another component had sent them.
    SenderForged,
    /// Passes calls from outside on as its own.
    CallerForged,
    /// Passes calls on without the trace that they belong to.
    TraceLost,
    /// Keeps nothing of what guests log.
    LogLost,
    /// Finds every component healthy.
    AlwaysHealthy,
    /// Answers to `shutdown` without calling it.
    ShutdownSkipped,
    /// Keeps resources that were dropped.
    ResourcesKept,
    /// Lists directories without an end.
    ListsUnbounded,
    /// Opens any number of sockets.
    SocketsUnbounded,
    /// Starts any number of processes.
    ProcessesUnbounded,
    /// Looks names of programs up nowhere.
    SearchPathLost,
    /// Trusts no authority.
    TrustLost,
}

/// A host with a flaw.
pub struct MutantHost {
    host: OwnHost,
    flaw: Flaw,
}

impl MutantHost {
    /// Starts it.
    ///
    /// # Errors
    /// The engine does not start.
    pub fn new(settings: &Settings, flaw: Flaw) -> Result<Self> {
        let mut settings = settings.clone();
        match flaw {
            Flaw::ListsUnbounded => settings.list_entries = u64::from(u32::MAX),
            Flaw::SocketsUnbounded => settings.sockets = u32::MAX,
            Flaw::ProcessesUnbounded => settings.processes = u32::MAX,
            Flaw::SearchPathLost => settings.program_folders.clear(),
            Flaw::TrustLost => settings.trusted_certificates.clear(),
            _ => {}
        }
        Ok(Self { host: OwnHost::new(&settings, Policy::Enforced)?, flaw })
    }

    /// Does what is asked, or something else.
    ///
    /// # Errors
    /// The outer error: the flaw is none.
    pub async fn ask(&self, mut request: Request) -> Result<Result<Reply, HostError>> {
        match (&mut request, self.flaw) {
            (Request::Load(load), flaw) => change_load(load, flaw)?,
            (Request::Message { from, .. }, Flaw::SenderForged) => {
                let (sender, version) = from.split_once('@').context("an id has a version")?;
                *from = format!("{sender}-forged@{version}");
            }
            (Request::Execute { external, .. }, Flaw::CallerForged) => *external = None,
            (Request::Execute { trace_parent, .. }, Flaw::TraceLost) => *trace_parent = None,
            (Request::Shutdown { .. }, Flaw::ShutdownSkipped) | (Request::Drop { .. }, Flaw::ResourcesKept) => {
                return Ok(Ok(Reply::Done));
            }
            (Request::Health { .. }, Flaw::AlwaysHealthy) => {
                return Ok(Ok(Reply::Value(Some(Val::Enum("healthy".to_owned())))));
            }
            _ => {}
        }
        let mut answered = self.host.ask(request).await;
        match &mut answered {
            Ok(Reply::Records(records)) => change_records(records, self.flaw),
            Ok(Reply::Value(Some(val))) if self.flaw == Flaw::DenialsMisleading => mislead(val),
            _ => {}
        }
        Ok(answered)
    }
}

fn change_load(load: &mut Load, flaw: Flaw) -> Result<()> {
    match flaw {
        Flaw::Allows(permissions) => {
            let extra: Permissions = serde_json::from_str(permissions).context("the permissions of a flaw")?;
            extend(&mut load.declared, &extra);
            extend(&mut load.granted, &extra);
        }
        Flaw::GrantsIgnored => load.granted = load.declared.clone(),
        Flaw::DeclarationsIgnored => load.declared = load.granted.clone(),
        Flaw::ReadOnlyIgnored => load.mounts.iter_mut().for_each(|mount| mount.read_only = false),
        Flaw::EnvironmentLost => load.environment.clear(),
        Flaw::DataCut => {
            if let Some(data) = &mut load.data {
                data.0.pop();
            }
        }
        Flaw::LimitsIgnored => load.limits.clear(),
        _ => {}
    }
    Ok(())
}

fn extend(permissions: &mut Permissions, extra: &Permissions) {
    permissions.filesystem.extend(extra.filesystem.iter().cloned());
    permissions.network.extend(extra.network.iter().cloned());
    permissions.process.extend(extra.process.iter().cloned());
    permissions.messaging.extend(extra.messaging.iter().cloned());
}

fn change_records(records: &mut Records, flaw: Flaw) {
    match flaw {
        Flaw::AuditLost => records.audit.clear(),
        Flaw::DenialsUnrecorded => records.audit.retain(|record| record.decision == "allowed"),
        Flaw::DenialsRecordedAsAllowed => {
            records.audit.iter_mut().for_each(|record| "allowed".clone_into(&mut record.decision));
        }
        Flaw::LogLost => records.log.clear(),
        _ => {}
    }
}

/// Makes the line that a denial names allow something else.
fn mislead(val: &mut Val) {
    let Val::Result(Err(Some(error))) = val else { return };
    let Val::Variant(case, Some(payload)) = &mut **error else { return };
    let Val::Record(fields) = &mut **payload else { return };
    if case == "permission-denied"
        && let Some((_, missing)) = fields.iter_mut().find(|(name, _)| name == "missing")
    {
        *missing = Val::String(r#"messaging = [{ target = "any/any" }]"#.to_owned());
    }
}
