//! The `[permissions]` of `Component.toml`, decided as hosts decide them.

mod host;
mod pattern;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use host::{Host, HostPattern};
use pattern::{PathPattern, PortRange, TargetPattern};

use crate::ComponentId;

const KINDS: [&str; 5] = ["filesystem", "network", "process", "messaging", "storage"];

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Access<'a> {
    /// Something done to a file or directory, by its absolute path without `..`.
    Filesystem { action: &'static str, path: &'a str },
    /// Something done on the network; the address is the one that the host, a name, leads to, if that is known.
    Network { action: &'static str, host: &'a str, port: Option<u16>, address: Option<IpAddr> },
    /// Something done with a program, by its absolute path.
    Process { action: &'static str, program: &'a str },
    /// A message or request to a component.
    Messaging { target: &'a ComponentId },
}

/// A set of permissions. The default is none at all.
#[derive(Debug, Default)]
pub(super) struct Permissions {
    filesystem: Vec<(String, PathPattern)>,
    network: Vec<(String, HostPattern, Option<PortRange>)>,
    process: Vec<(String, PathPattern)>,
    messaging: Vec<TargetPattern>,
}

impl Permissions {
    /// Reads the table `[permissions]`.
    pub(super) fn read(table: &toml::Table) -> Result<Self, String> {
        let mut permissions = Self::default();
        for (kind, entries) in table {
            // A package of a host's own: the fake host has none of its interfaces.
            if kind.contains(':') {
                continue;
            }
            if !KINDS.contains(&kind.as_str()) {
                return Err(format!("there is no permission of the kind {kind}"));
            }
            let entries = entries.as_array().ok_or_else(|| format!("permissions.{kind} is not a list"))?;
            for entry in entries {
                let entry = entry.as_table().ok_or_else(|| format!("an entry of permissions.{kind} is not a table"))?;
                permissions.add(kind, entry).map_err(|problem| format!("permissions.{kind}: {problem}"))?;
            }
        }
        Ok(permissions)
    }

    fn add(&mut self, kind: &str, entry: &toml::Table) -> Result<(), String> {
        let text = |key: &str| {
            let value = entry.get(key).and_then(toml::Value::as_str);
            value.map(str::to_owned).ok_or_else(|| format!("{key} is missing, or not a text"))
        };
        let action = |known: &[&str]| {
            let action = text("action")?;
            if known.contains(&action.as_str()) { Ok(action) } else { Err(format!("{action:?} is not an action")) }
        };
        let keys: &[&str] = match kind {
            "filesystem" => {
                let action = action(&["read", "write", "delete", "list"])?;
                self.filesystem.push((action, PathPattern::parse(&text("path")?)?));
                &["action", "path"]
            }
            "network" => {
                let action = action(&["outbound", "inbound", "resolve"])?;
                let port = entry.get("port").map(PortRange::read).transpose()?;
                self.network.push((action, HostPattern::parse(&text("host")?)?, port));
                &["action", "host", "port"]
            }
            "process" => {
                let action = action(&["spawn", "signal"])?;
                self.process.push((action, PathPattern::parse(&text("program")?)?));
                &["action", "program"]
            }
            "messaging" => {
                self.messaging.push(TargetPattern::parse(&text("target")?)?);
                &["target"]
            }
            // Storage, which no operation asks for.
            _ => &["namespace", "max-bytes"],
        };
        match entry.keys().find(|key| !keys.contains(&key.as_str())) {
            Some(unknown) => Err(format!("{unknown} is not one of its keys")),
            None => Ok(()),
        }
    }

    /// Adds what another set has.
    pub(super) fn extend(&mut self, other: Self) {
        self.filesystem.extend(other.filesystem);
        self.network.extend(other.network);
        self.process.extend(other.process);
        self.messaging.extend(other.messaging);
    }

    /// Whether one of them covers this.
    pub(super) fn cover(&self, access: &Access<'_>) -> bool {
        match access {
            Access::Filesystem { action, path } => {
                self.filesystem.iter().any(|(allowed, pattern)| allowed == action && pattern.matches(path))
            }
            Access::Process { action, program } => {
                self.process.iter().any(|(allowed, pattern)| allowed == action && pattern.matches(program))
            }
            Access::Network { action, host, port, address } => {
                let Some(host) = Host::parse(host, *address) else { return false };
                self.network.iter().any(|(allowed, pattern, range)| {
                    let port_fits = range.is_none_or(|range| port.is_some_and(|port| range.contains(port)));
                    allowed == action && port_fits && pattern.covers(&host)
                })
            }
            Access::Messaging { target } => self.messaging.iter().any(|pattern| pattern.matches(target)),
        }
    }
}

impl Access<'_> {
    /// What it is done to, as a denial names it.
    pub(super) fn resource(&self) -> String {
        match self {
            Access::Filesystem { path, .. } => (*path).to_owned(),
            Access::Process { program, .. } => (*program).to_owned(),
            Access::Messaging { target } => target.to_string(),
            Access::Network { host, port, address, .. } => {
                let host = if host.contains(':') { format!("[{host}]") } else { (*host).to_owned() };
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                let address = address.map(|address| format!(" ({address})")).unwrap_or_default();
                format!("{host}{port}{address}")
            }
        }
    }

    /// The line of `[permissions]` that would allow it and no more than it; empty if none can.
    pub(super) fn missing(&self) -> String {
        let line = match self {
            Access::Filesystem { action, path } => PathPattern::covering(path).map(|pattern| {
                format!("filesystem = [{{ action = \"{action}\", path = {} }}]", quoted(pattern.as_str()))
            }),
            Access::Process { action, program } => PathPattern::covering(program).map(|pattern| {
                format!("process = [{{ action = \"{action}\", program = {} }}]", quoted(pattern.as_str()))
            }),
            Access::Messaging { target } => {
                TargetPattern::covering(target).map(|pattern| format!("messaging = [{{ target = \"{pattern}\" }}]"))
            }
            Access::Network { action, host, port, address } => {
                Host::parse(host, *address).and_then(|host| HostPattern::covering(&host)).map(|pattern| {
                    let port = port.map(|port| format!(", port = {port}")).unwrap_or_default();
                    format!("network = [{{ action = \"{action}\", host = \"{pattern}\"{port} }}]")
                })
            }
        };
        line.unwrap_or_default()
    }
}

/// `text` as TOML writes it, with everything escaped that a terminal would not show as it is.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if is_invisible(c) && (c as u32) <= 0xffff => quoted.push_str(&format!("\\u{:04X}", c as u32)),
            _ if is_invisible(c) => quoted.push_str(&format!("\\U{:08X}", c as u32)),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Control characters, and those that have no width or turn the direction of writing.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}
