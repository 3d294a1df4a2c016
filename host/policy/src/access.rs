//! What is asked for.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::printable::is_invisible;
use crate::quoted::quoted;
use crate::{ComponentId, FilesystemAction, InterfaceField, NetworkAction, ProcessAction};

/// What is asked for.
// Exhaustive: whoever decides has to think of everything that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Something done to a file or directory.
    Filesystem {
        /// What is done.
        action: FilesystemAction,
        /// The absolute guest path that is really meant, `..` and symlinks resolved. Any other path is denied.
        path: String,
    },
    /// Something done on the network.
    Network {
        /// What is done.
        action: NetworkAction,
        /// The name or IP address as the guest gave it.
        host: String,
        /// The port, where there is one; looking up a name has none.
        port: Option<u16>,
        /// The address that the name led to. Asked without it, the answer tells whether the name may be looked up; each
        /// address found has to be asked for again, because a name's permission does not cover non-public addresses.
        address: Option<IpAddr>,
    },
    /// Something done with a program.
    Process {
        /// What is done.
        action: ProcessAction,
        /// The resolved absolute path of the program.
        program: String,
    },
    /// A message or request.
    Messaging {
        /// Whom it is for.
        target: ComponentId,
    },
    /// Something done through an interface of the embedder's own.
    Interface {
        /// The package of the interface, as in `acme:database`.
        package: String,
        /// What is done, in the embedder's word.
        action: String,
        /// On what: each field that the embedder has described, with its value.
        fields: Vec<InterfaceField>,
    },
}

impl Access {
    /// The kind of permission that this takes, as in `filesystem.read` or `acme:database.query`.
    pub fn action(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Access::Filesystem { action: FilesystemAction::Read, .. } => "filesystem.read",
            Access::Filesystem { action: FilesystemAction::Write, .. } => "filesystem.write",
            Access::Filesystem { action: FilesystemAction::Delete, .. } => "filesystem.delete",
            Access::Filesystem { action: FilesystemAction::List, .. } => "filesystem.list",
            Access::Network { action: NetworkAction::Outbound, .. } => "network.outbound",
            Access::Network { action: NetworkAction::Inbound, .. } => "network.inbound",
            Access::Network { action: NetworkAction::Resolve, .. } => "network.resolve",
            Access::Process { action: ProcessAction::Spawn, .. } => "process.spawn",
            Access::Process { action: ProcessAction::Signal, .. } => "process.signal",
            Access::Messaging { .. } => "messaging.send",
            Access::Interface { package, action, .. } => return Cow::Owned(format!("{package}.{action}")),
        })
    }

    /// What it is done to: a guest path, `host:port`, a program, a component, or the fields of an embedder's interface with
    /// their values, as in `database=orders table=customers`.
    pub fn resource(&self) -> String {
        match self {
            Access::Filesystem { path, .. } => path.clone(),
            Access::Network { host, port, address, .. } => {
                let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                let address = address.map(|address| format!(" ({address})")).unwrap_or_default();
                format!("{host}{port}{address}")
            }
            Access::Process { program, .. } => program.clone(),
            Access::Messaging { target } => target.to_string(),
            Access::Interface { fields, .. } => {
                let written: Vec<String> =
                    fields.iter().map(|field| format!("{}={}", field.name, word(&field.value))).collect();
                written.join(" ")
            }
        }
    }
}

/// A value as it is, or in quotes where it would look like something else than one value.
fn word(value: &str) -> Cow<'_, str> {
    let is_plain = !value.is_empty()
        && !value.chars().any(|c| c.is_whitespace() || is_invisible(c) || matches!(c, '=' | '"' | '\\'));
    if is_plain { Cow::Borrowed(value) } else { Cow::Owned(quoted(value)) }
}
