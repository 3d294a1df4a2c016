//! `[permissions]`: a list for each kind, and one for each package of an embedder's own.

use std::collections::BTreeMap;

use super::keys::PERMISSIONS;
use super::node::{Node, Section};
use super::problems::Problems;
use crate::interface::{MAX_FIELDS, check_action, check_field, too_many_fields};
use crate::permissions::check_namespace;
use crate::{
    FieldPattern, FilesystemPermission, HostPattern, InterfacePermission, InvalidValue, MessagingPermission,
    NetworkAction, NetworkPermission, PackageName, PathPattern, Permissions, PortRange, ProcessPermission,
    StoragePermission, TargetPattern,
};

/// Every decision walks the list: a longer one would make each call of a component cost the host too much.
const MAX_PERMISSIONS: usize = 1024;

/// All patterns of `[permissions]` together, in bytes: matching them all takes time in proportion to that and to what is
/// matched, and a decision must not take longer than a call to the host may. A pattern has some 20 bytes, so that is three
/// times what the longest list needs.
const MAX_PATTERNS_BYTES: usize = 64 << 10;

impl Node<'_> {
    /// The value as permissions: a table with the keys of `[permissions]` in Component.toml.
    pub fn permissions(self, problems: &mut Problems<'_>) -> Option<Permissions> {
        let section = self.table_with_packages(problems, PERMISSIONS)?;
        Some(permission_lists(&section, problems))
    }
}

pub(super) fn permission_lists(section: &Section<'_>, problems: &mut Problems<'_>) -> Permissions {
    let mut room = MAX_PATTERNS_BYTES;
    Permissions {
        filesystem: list(section, "filesystem", problems, &mut room, |node, problems| {
            let fields = node.table(problems, &["action", "path"])?;
            let action = fields.require(problems, "action", "action = \"read\"").and_then(|node| node.parsed(problems));
            let path = fields.require(problems, "path", "path = \"/data/**\"").and_then(|node| node.parsed(problems));
            let path: PathPattern = path?;
            let bytes = path.as_str().len();
            Some((bytes, FilesystemPermission { action: action?, path }))
        }),
        network: list(section, "network", problems, &mut room, network_permission),
        process: list(section, "process", problems, &mut room, |node, problems| {
            let fields = node.table(problems, &["action", "program"])?;
            let action =
                fields.require(problems, "action", "action = \"spawn\"").and_then(|node| node.parsed(problems));
            let program = fields
                .require(problems, "program", "program = \"/usr/bin/git\"")
                .and_then(|node| node.parsed(problems));
            let program: PathPattern = program?;
            let bytes = program.as_str().len();
            Some((bytes, ProcessPermission { action: action?, program }))
        }),
        storage: list(section, "storage", problems, &mut room, |node, problems| {
            let fields = node.table(problems, &["namespace", "max-bytes"])?;
            let namespace = fields
                .require(problems, "namespace", "namespace = \"cache\"")
                .and_then(|node| node.checked_text(problems, check_namespace));
            let max_bytes = fields.get("max-bytes").map(|node| node.amount(problems));
            let namespace = namespace?;
            let bytes = namespace.len();
            Some((bytes, StoragePermission { namespace, max_bytes: max_bytes.unwrap_or_default() }))
        }),
        messaging: list(section, "messaging", problems, &mut room, |node, problems| {
            let fields = node.table(problems, &["target"])?;
            let target =
                fields.require(problems, "target", "target = \"acme/*\"").and_then(|node| node.parsed(problems));
            let target: TargetPattern = target?;
            let bytes = target.to_string().len();
            Some((bytes, MessagingPermission { target }))
        }),
        interfaces: interfaces(section, problems, &mut room),
    }
}

/// The permissions on interfaces of an embedder's own, which all together are no more than those of one kind.
fn interfaces(
    section: &Section<'_>,
    problems: &mut Problems<'_>,
    room: &mut usize,
) -> BTreeMap<PackageName, Vec<InterfacePermission>> {
    let mut interfaces = BTreeMap::new();
    let mut left = MAX_PERMISSIONS;
    for (key, at) in section.packages() {
        let package: PackageName = match key.parse() {
            Ok(package) => package,
            Err(invalid) => {
                problems.report(at, &section.key(key), invalid);
                continue;
            }
        };
        let permissions = list_of(section, key, left, problems, room, interface_permission);
        left -= permissions.len();
        if !permissions.is_empty() {
            interfaces.insert(package, permissions);
        }
    }
    interfaces
}

fn interface_permission(node: Node<'_>, problems: &mut Problems<'_>) -> Option<(usize, InterfacePermission)> {
    let place = node.place();
    let mut action = None;
    let mut fields = BTreeMap::new();
    let mut bytes = 0;
    let mut is_right = true;
    for (count, (name, node)) in node.entries(problems).into_iter().enumerate() {
        if count > MAX_FIELDS {
            node.refuse(problems, too_many_fields());
            return None;
        }
        if name == "action" {
            action = Some(node.checked_text(problems, check_action));
            continue;
        }
        let known = check_field(name).map_err(|invalid| node.refuse(problems, invalid));
        let pattern: Option<FieldPattern> = node.parsed(problems);
        match known.ok().and(pattern) {
            Some(pattern) => {
                bytes += pattern.as_str().len();
                fields.insert(name.to_owned(), pattern);
            }
            None => is_right = false,
        }
    }
    let Some(action) = action else {
        place.refuse_key(problems, "action", InvalidValue::with_help("missing", "write action = \"query\""));
        return None;
    };
    if fields.len() > MAX_FIELDS {
        place.refuse(problems, too_many_fields());
        return None;
    }
    is_right.then_some((bytes, InterfacePermission { action: action?, fields }))
}

fn network_permission(node: Node<'_>, problems: &mut Problems<'_>) -> Option<(usize, NetworkPermission)> {
    let fields = node.table(problems, &["action", "host", "port"])?;
    let action: Option<NetworkAction> =
        fields.require(problems, "action", "action = \"outbound\"").and_then(|node| node.parsed(problems));
    let host = fields.require(problems, "host", "host = \"api.example.com\"").and_then(|node| node.parsed(problems));
    let port_node = fields.get("port");
    let port = port_node.as_ref().and_then(|node| {
        let port = match node.integer_or_text(problems)? {
            Ok(number) => PortRange::from_integer(number),
            Err(text) => text.parse(),
        };
        port.map_err(|invalid| node.refuse(problems, invalid)).ok()
    });
    if let (Some(NetworkAction::Resolve), Some(node)) = (action, &port_node) {
        node.refuse(problems, InvalidValue::with_help("looking up a name takes no port", "leave it out"));
    }
    let host: HostPattern = host?;
    let bytes = host.to_string().len();
    Some((bytes, NetworkPermission { action: action?, host, port }))
}

/// The permissions of one kind, each read with the length of its pattern, for which there is so much `room`. The same one
/// twice is a slip: one of them was meant to be another.
fn list<T: PartialEq>(
    section: &Section<'_>,
    kind: &str,
    problems: &mut Problems<'_>,
    room: &mut usize,
    permission: impl Fn(Node<'_>, &mut Problems<'_>) -> Option<(usize, T)>,
) -> Vec<T> {
    list_of(section, kind, MAX_PERMISSIONS, problems, room, permission)
}

/// The same, where there may be so `many`.
fn list_of<T: PartialEq>(
    section: &Section<'_>,
    kind: &str,
    many: usize,
    problems: &mut Problems<'_>,
    room: &mut usize,
    permission: impl Fn(Node<'_>, &mut Problems<'_>) -> Option<(usize, T)>,
) -> Vec<T> {
    let nodes = section.get(kind).map(|node| node.array(problems)).unwrap_or_default();
    let mut read: Vec<(usize, T)> = Vec::new();
    for (index, node) in nodes.into_iter().enumerate() {
        if index >= many {
            let help = "write patterns that cover more";
            node.refuse(problems, InvalidValue::with_help(format!("more than {MAX_PERMISSIONS} permissions"), help));
            break;
        }
        let (at, key) = (node.at, node.key.clone());
        let Some((bytes, found)) = permission(node, problems) else { continue };
        let Some(left) = room.checked_sub(bytes) else {
            let problem = format!("more than {MAX_PATTERNS_BYTES} bytes of patterns in all permissions");
            problems.report(
                at,
                &key,
                InvalidValue::with_help(problem, "write fewer or shorter patterns that cover more"),
            );
            break;
        };
        *room = left;
        if let Some((first, _)) = read.iter().find(|(_, earlier)| *earlier == found) {
            let problem = format!("the same permission is given on line {}", problems.line(*first));
            problems.report(at, &key, InvalidValue::with_help(problem, "leave one out"));
            continue;
        }
        read.push((at, found));
    }
    read.into_iter().map(|(_, permission)| permission).collect()
}
