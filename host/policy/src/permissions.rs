//! What a component declares, or a host grants: the `[permissions]` table as values.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::component_id::check_part;
use crate::interface::{InterfacePermission, PackageName};
use crate::pattern::{Host, HostPattern, PathPattern, PortRange, TargetPattern};
use crate::question::Question;
use crate::quoted::quoted;
use crate::{Access, FilesystemAction, InvalidValue, NetworkAction, ProcessAction};

/// Allows one action on the files of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FilesystemPermission {
    /// What may be done.
    pub action: FilesystemAction,
    /// To which guest paths.
    pub path: PathPattern,
}

impl FilesystemPermission {
    /// Allows `action` on the guest paths of a pattern.
    pub fn new(action: FilesystemAction, path: PathPattern) -> Self {
        Self { action, path }
    }
}

/// Allows one action on the hosts of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NetworkPermission {
    /// What may be done.
    pub action: NetworkAction,
    /// With which hosts.
    pub host: HostPattern,
    /// On which ports; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<PortRange>,
}

impl NetworkPermission {
    /// Allows `action` with the hosts of a pattern, on any port.
    pub fn new(action: NetworkAction, host: HostPattern) -> Self {
        Self { action, host, port: None }
    }
}

/// Allows one action on the programs of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ProcessPermission {
    /// What may be done.
    pub action: ProcessAction,
    /// With which programs, by resolved absolute path.
    pub program: PathPattern,
}

impl ProcessPermission {
    /// Allows `action` with the programs of a pattern.
    pub fn new(action: ProcessAction, program: PathPattern) -> Self {
        Self { action, program }
    }
}

/// Allows keeping data in a namespace of the component's own storage. No operation of the contract asks for it yet: it is
/// read and shown, and allows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct StoragePermission {
    /// What the data is kept under: a kebab-case name.
    #[serde(deserialize_with = "deserialize_namespace")]
    pub namespace: String,
    /// How much may be kept, in bytes; none means: the host's default applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
}

/// Checks the name of a storage namespace, which ends up in file names.
pub(crate) fn check_namespace(namespace: &str) -> Result<(), InvalidValue> {
    check_part(namespace).map_err(|problem| {
        InvalidValue::with_help(format!("{problem} in storage namespace {namespace:?}"), "write a name as in \"cache\"")
    })
}

fn deserialize_namespace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let namespace = String::deserialize(deserializer)?;
    check_namespace(&namespace).map_err(D::Error::custom)?;
    Ok(namespace)
}

/// Allows sending messages and requests to the components of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MessagingPermission {
    /// To which components.
    pub target: TargetPattern,
}

impl MessagingPermission {
    /// Allows sending to the components of a pattern.
    pub fn new(target: TargetPattern) -> Self {
        Self { target }
    }
}

/// A set of permissions; the default is none at all. Has the shape of `[permissions]` in every format of serde, and
/// `Display` writes the lines of that table.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Permissions {
    /// On files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filesystem: Vec<FilesystemPermission>,
    /// On the network.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub network: Vec<NetworkPermission>,
    /// On programs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub process: Vec<ProcessPermission>,
    /// On storage.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub storage: Vec<StoragePermission>,
    /// On messaging.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messaging: Vec<MessagingPermission>,
    /// On interfaces of the embedder's own, by package. A key of the table that is none of the others is a package here.
    #[serde(flatten)]
    pub interfaces: BTreeMap<PackageName, Vec<InterfacePermission>>,
}

impl Permissions {
    /// No permission at all.
    pub fn none() -> Self {
        Permissions::default()
    }

    /// Whether no permission is in it.
    pub fn is_empty(&self) -> bool {
        *self == Permissions::none()
    }

    /// Every permission by its key in `[permissions]`, and as it is shown to people.
    pub fn entries(&self) -> Vec<(&str, String)> {
        // Every field by name: a new kind of permission has to be shown, too.
        let Self { filesystem, network, process, storage, messaging, interfaces } = self;
        let mut entries: Vec<(&str, String)> = Vec::new();
        entries.extend(filesystem.iter().map(|allowed| ("filesystem", allowed.to_string())));
        entries.extend(network.iter().map(|allowed| ("network", allowed.to_string())));
        entries.extend(process.iter().map(|allowed| ("process", allowed.to_string())));
        entries.extend(storage.iter().map(|allowed| ("storage", allowed.to_string())));
        entries.extend(messaging.iter().map(|allowed| ("messaging", allowed.to_string())));
        for (package, permissions) in interfaces {
            entries.extend(permissions.iter().map(|allowed| (package.as_str(), allowed.to_string())));
        }
        entries
    }

    /// Whether one permission of the set covers `access`, wherever the host runs.
    pub fn cover(&self, access: &Access) -> bool {
        Question::of(access, None).is_some_and(|question| self.answer(&question))
    }

    /// The same for a question that has been read.
    pub(crate) fn answer(&self, question: &Question<'_>) -> bool {
        match question.access {
            Access::Filesystem { action, path } => {
                let mut allowed = self.filesystem.iter().filter(|allowed| allowed.action == *action);
                allowed.any(|allowed| allowed.path.matches_resolved(path))
            }
            Access::Network { action, port, .. } => {
                let Some(host) = &question.host else { return false };
                self.network.iter().any(|allowed| {
                    allowed.action == *action
                        && allowed.port.is_none_or(|range| port.is_some_and(|port| range.contains(port)))
                        && allowed.host.covers(host)
                })
            }
            Access::Process { action, program } => {
                let mut allowed = self.process.iter().filter(|allowed| allowed.action == *action);
                allowed.any(|allowed| allowed.program.matches_resolved(program))
            }
            Access::Messaging { target } => self.messaging.iter().any(|allowed| allowed.target.matches(target)),
            Access::Interface { package, action, fields } => {
                let allowed = self.interfaces.get(package.as_str()).into_iter().flatten();
                allowed.into_iter().any(|allowed| allowed.covers(action, fields, question.is_near))
            }
        }
    }

    /// Whether one permission of the set covers `access` and the same on everything that is or ever will be below its
    /// path. Only paths have something below them.
    pub fn cover_below(&self, access: &Access) -> bool {
        match access {
            Access::Filesystem { action, path } => {
                self.filesystem.iter().any(|allowed| allowed.action == *action && allowed.path.matches_below(path))
            }
            Access::Process { action, program } => {
                self.process.iter().any(|allowed| allowed.action == *action && allowed.program.matches_below(program))
            }
            Access::Network { .. } | Access::Messaging { .. } | Access::Interface { .. } => false,
        }
    }

    /// Whether it covers this on every address of IPv4 and of IPv6, non-public ones included, which takes `0.0.0.0/0` and
    /// `::/0`.
    pub fn cover_every_address(&self, action: NetworkAction, port: u16) -> bool {
        let families: [IpAddr; 2] = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
        families.into_iter().all(|family| {
            self.network.iter().any(|allowed| {
                allowed.action == action
                    && allowed.port.is_none_or(|range| range.contains(port))
                    && allowed.host.covers_all_like(family)
            })
        })
    }

    /// The smallest set that covers `access`; none if no permission can, as with a path that has not been resolved.
    pub fn covering(access: &Access) -> Option<Permissions> {
        Permissions::covering_at(access, false)
    }

    /// The same; `is_near` says whether the address is one of the host's surroundings.
    pub(crate) fn covering_at(access: &Access, is_near: bool) -> Option<Permissions> {
        let mut smallest = Permissions::none();
        match access {
            Access::Filesystem { action, path } => {
                smallest.filesystem.push(FilesystemPermission { action: *action, path: PathPattern::covering(path)? });
            }
            Access::Network { action, host, port, address } => {
                let host = HostPattern::covering(&Host { is_near, ..Host::parse(host, *address)? })?;
                smallest.network.push(NetworkPermission { action: *action, host, port: port.map(PortRange::single) });
            }
            Access::Process { action, program } => {
                smallest.process.push(ProcessPermission { action: *action, program: PathPattern::covering(program)? });
            }
            Access::Messaging { target } => {
                smallest.messaging.push(MessagingPermission { target: TargetPattern::covering(target)? });
            }
            Access::Interface { package, action, fields } => {
                let permission = InterfacePermission::covering(action, fields, is_near)?;
                smallest.interfaces.insert(package.parse().ok()?, vec![permission]);
            }
        }
        Some(smallest)
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        line(&mut lines, "filesystem", &self.filesystem);
        line(&mut lines, "network", &self.network);
        line(&mut lines, "process", &self.process);
        line(&mut lines, "storage", &self.storage);
        line(&mut lines, "messaging", &self.messaging);
        for (package, permissions) in &self.interfaces {
            line(&mut lines, &format!("\"{package}\""), permissions);
        }
        f.write_str(&lines.join("\n"))
    }
}

fn line(lines: &mut Vec<String>, kind: &str, permissions: &[impl fmt::Display]) {
    if !permissions.is_empty() {
        let written: Vec<String> = permissions.iter().map(ToString::to_string).collect();
        lines.push(format!("{kind} = [{}]", written.join(", ")));
    }
}

impl fmt::Display for FilesystemPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ action = \"{}\", path = {} }}", self.action, quoted(self.path.as_str()))
    }
}

impl fmt::Display for NetworkPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ action = \"{}\", host = \"{}\"", self.action, self.host)?;
        if let Some(port) = self.port {
            write!(f, ", port = {port}")?;
        }
        f.write_str(" }")
    }
}

impl fmt::Display for ProcessPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ action = \"{}\", program = {} }}", self.action, quoted(self.program.as_str()))
    }
}

impl fmt::Display for StoragePermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ namespace = {}", quoted(&self.namespace))?;
        if let Some(bytes) = self.max_bytes {
            write!(f, ", max-bytes = {bytes}")?;
        }
        f.write_str(" }")
    }
}

impl fmt::Display for MessagingPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ target = \"{}\" }}", self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printable::is_invisible;

    const ALL_KINDS: &str = r#"filesystem = [{ action = "read", path = "/data/**" }, { action = "list", path = "/data" }]
network = [{ action = "outbound", host = "*.example.com", port = 443 }, { action = "inbound", host = "10.0.0.0/8", port = "8000-8100" }, { action = "resolve", host = "*" }]
process = [{ action = "spawn", program = "/usr/bin/*" }]
storage = [{ namespace = "cache", max-bytes = 1048576 }, { namespace = "log" }]
messaging = [{ target = "acme/*" }, { target = "acme/x@1.*" }]
"acme:database" = [{ action = "query", database = "orders", table = "*" }]"#;

    #[test]
    fn toml_and_json_say_the_same() {
        let permissions = Permissions::parse(ALL_KINDS, "grants.toml").unwrap();
        assert_eq!(permissions.to_string(), ALL_KINDS);
        let json = serde_json::to_string(&permissions).unwrap();
        assert_eq!(
            json,
            concat!(
                r#"{"filesystem":[{"action":"read","path":"/data/**"},{"action":"list","path":"/data"}],"#,
                r#""network":[{"action":"outbound","host":"*.example.com","port":443},"#,
                r#"{"action":"inbound","host":"10.0.0.0/8","port":"8000-8100"},{"action":"resolve","host":"*"}],"#,
                r#""process":[{"action":"spawn","program":"/usr/bin/*"}],"#,
                r#""storage":[{"namespace":"cache","max-bytes":1048576},{"namespace":"log"}],"#,
                r#""messaging":[{"target":"acme/*"},{"target":"acme/x@1.*"}],"#,
                r#""acme:database":[{"action":"query","database":"orders","table":"*"}]}"#
            )
        );
        assert_eq!(serde_json::from_str::<Permissions>(&json).unwrap(), permissions);
        assert_eq!(serde_json::to_string(&Permissions::none()).unwrap(), "{}");
        assert_eq!(serde_json::from_str::<Permissions>("{}").unwrap(), Permissions::none());
        assert!(Permissions::none().is_empty() && !permissions.is_empty());
    }

    #[test]
    fn json_outside_the_form_is_refused() {
        for json in [
            r#"{"files":[]}"#,
            r#"{"filesystem":[{"action":"read","path":"/a","why":"x"}]}"#,
            r#"{"filesystem":[{"action":"read"}]}"#,
            r#"{"filesystem":[{"action":"Read","path":"/a"}]}"#,
            r#"{"filesystem":[{"action":"read","path":"/a/../b"}]}"#,
            r#"{"network":[{"action":"outbound","host":"a b"}]}"#,
            r#"{"network":[{"action":"outbound","host":"a","port":70000}]}"#,
            r#"{"storage":[{"namespace":"../x"}]}"#,
            r#"{"storage":[{"namespace":"x","max_bytes":1}]}"#,
            r#"{"messaging":[{"target":"*"}]}"#,
            r#"{"wasi:io":[]}"#,
            r#"{"acme:database/client":[]}"#,
            r#"{"acme:database":[{"database":"orders"}]}"#,
            r#"{"acme:database":[{"action":"query","database":1}]}"#,
        ] {
            assert!(serde_json::from_str::<Permissions>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn nothing_is_covered_by_no_permission_or_by_one_of_another_action() {
        let permissions = Permissions::parse(ALL_KINDS, "grants.toml").unwrap();
        let file = |action, path: &str| Access::Filesystem { action, path: path.to_owned() };
        for action in FilesystemAction::ALL {
            assert!(!Permissions::none().cover(&file(*action, "/data/a")));
            assert_eq!(permissions.cover(&file(*action, "/data/a")), *action == FilesystemAction::Read, "{action}");
        }
        let program = |action| Access::Process { action, program: "/usr/bin/git".to_owned() };
        assert!(permissions.cover(&program(ProcessAction::Spawn)));
        assert!(!permissions.cover(&program(ProcessAction::Signal)));
    }

    #[test]
    fn a_port_has_to_be_one_of_the_permission() {
        let permissions = Permissions::parse(ALL_KINDS, "grants.toml").unwrap();
        let covers = |action, host: &str, port| {
            permissions.cover(&Access::Network { action, host: host.to_owned(), port, address: None })
        };
        assert!(covers(NetworkAction::Outbound, "api.example.com", Some(443)));
        assert!(!covers(NetworkAction::Outbound, "api.example.com", Some(80)));
        assert!(!covers(NetworkAction::Outbound, "api.example.com", None));
        assert!(covers(NetworkAction::Inbound, "10.1.1.1", Some(8100)));
        assert!(!covers(NetworkAction::Inbound, "10.1.1.1", Some(8101)));
        assert!(!covers(NetworkAction::Inbound, "10.1.1.1", Some(0)));
        assert!(covers(NetworkAction::Resolve, "anything.example", None));
        assert!(!covers(NetworkAction::Resolve, "127.0.0.1", None));
    }

    /// Every character that TOML, patterns or terminals treat in a way of their own, and a few that nobody does.
    const ODD: &[char] = &[
        '"',
        '\\',
        '\'',
        '\n',
        '\r',
        '\t',
        '\u{1}',
        '\u{7f}',
        '\u{85}',
        '\u{200b}',
        '\u{202e}',
        '\u{feff}',
        '\u{e0041}',
        '*',
        '?',
        '[',
        ']',
        '{',
        '}',
        '#',
        '=',
        ',',
        ' ',
        '.',
        '~',
        '%',
        '$',
        'é',
        'ß',
        '漢',
        '🦀',
        '\u{10ffff}',
        'a',
        '\u{301}',
    ];

    #[test]
    fn the_covering_permission_survives_being_written_and_covers_what_it_is_for() {
        let mut paths: Vec<String> = ODD.iter().map(|odd| format!("/data/x{odd}y")).collect();
        paths.extend(ODD.iter().flat_map(|a| ODD.iter().map(move |b| format!("/{a}{b}z/{b}{a}z"))));
        for path in paths {
            let access = Access::Filesystem { action: FilesystemAction::Write, path: path.clone() };
            let line = Permissions::covering(&access).expect(&path).to_string();
            assert!(!line.chars().any(is_invisible), "{line:?}");
            let read = Permissions::parse(&line, "Component.toml").expect(&line);
            assert!(read.cover(&access), "{line}");
            assert_eq!(read.to_string(), line);
        }
    }

    #[test]
    fn the_covering_permission_of_a_connection_is_for_that_host_and_port() {
        for (host, port, address, line) in [
            ("API.example.com.", Some(443), None, Some(r#"host = "api.example.com", port = 443"#)),
            ("api.example.com", Some(443), Some("93.184.215.14"), Some(r#"host = "api.example.com", port = 443"#)),
            ("api.example.com", None, Some("10.0.0.1"), Some(r#"host = "10.0.0.1""#)),
            ("::ffff:10.0.0.1", Some(1), None, Some(r#"host = "10.0.0.1", port = 1"#)),
            ("1.1.1.1", Some(1), None, Some(r#"host = "1.1.1.1", port = 1"#)),
            ("1.1.1.1", Some(1), Some("127.0.0.1"), None),
            ("127.1", Some(1), None, None),
            ("a b", Some(1), None, None),
        ] {
            let address = address.map(|address| address.parse().unwrap());
            let access = Access::Network { action: NetworkAction::Outbound, host: host.to_owned(), port, address };
            let covering = Permissions::covering(&access);
            let expected = line.map(|line| format!("network = [{{ action = \"outbound\", {line} }}]"));
            assert_eq!(covering.as_ref().map(ToString::to_string), expected);
            assert!(covering.is_none_or(|covering| covering.cover(&access)));
        }
    }
}
