//! Reads a manifest section by section. Whatever is wrong is noted and the reading goes on, so that one run shows it all.

use std::collections::HashSet;

use toml_edit::Document;

use super::node::{Node, Section};
use super::problems::{Problems, Sections};
use super::{BuildSection, ComponentSection, ConfigSection, Engine, Language, Limits, Manifest, ManifestErrors};
use crate::component_id::{check_part, parse_version};
use crate::permissions::check_namespace;
use crate::{
    FilesystemPermission, HostPattern, InvalidValue, MessagingPermission, NetworkAction, NetworkPermission,
    PathPattern, Permissions, PortRange, ProcessPermission, StoragePermission, TargetPattern,
};

/// Every decision walks the list: a longer one would make each call of a component cost the host too much.
const MAX_PERMISSIONS: usize = 1024;

/// All patterns of `[permissions]` together, in bytes: matching them all takes time in proportion to that and to what is
/// matched, and a decision must not take longer than a call to the host may. A pattern has some 20 bytes, so that is three
/// times what the longest list needs.
const MAX_PATTERNS_BYTES: usize = 64 << 10;

const ROOT: &[&str] = &["component", "build", "permissions", "limits", "config"];
const COMPONENT: &[&str] = &["name", "version", "description", "authors", "license", "operations"];
const BUILD: &[&str] = &["language", "source", "world", "engine", "bindings", "sdk", "wasi"];
pub(super) const PERMISSIONS: &[&str] = &["filesystem", "network", "process", "storage", "messaging"];
const LIMITS: &[&str] =
    &["max-memory-bytes", "max-cpu-time-ms", "max-execution-time-ms", "max-open-files", "max-mailbox-messages"];
const CONFIG: &[&str] = &["environment", "data"];

/// Every section with its keys.
pub(super) const SECTIONS: Sections =
    &[("component", COMPONENT), ("build", BUILD), ("permissions", PERMISSIONS), ("limits", LIMITS), ("config", CONFIG)];

pub(super) fn manifest(text: &str, file: &str) -> Result<Manifest, ManifestErrors> {
    document(text, file, ROOT, SECTIONS, |root, problems| {
        let name_and_version = "[component] with name = \"acme/hello\" and version = \"0.1.0\"";
        let component =
            root.require(problems, "component", name_and_version).and_then(|node| component(node, problems));
        let build = root.get("build").map(|node| build(node, problems)).unwrap_or_default();
        let permissions = root
            .get("permissions")
            .and_then(|node| node.table(problems, PERMISSIONS))
            .map(|section| permission_lists(&section, problems))
            .unwrap_or_default();
        let limits = root.get("limits").map(|node| limits(node, problems)).unwrap_or_default();
        let config = root.get("config").map(|node| config(node, problems)).unwrap_or_default();
        Some(Manifest { component: component?, build, permissions, limits, config })
    })
}

pub(super) fn permissions(text: &str, file: &str) -> Result<Permissions, ManifestErrors> {
    document(text, file, PERMISSIONS, SECTIONS, |root, problems| Some(permission_lists(root, problems)))
}

/// Reads a TOML file that people write: `value` takes what it knows from the whole file, a table that has only the keys
/// `known`, and notes what is wrong. `file` is what messages call it, `sections` are the tables that files of its kind
/// have.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file; at least that it is no TOML, or has more than
/// [`Manifest::MAX_BYTES`].
pub fn document<T>(
    text: &str,
    file: &str,
    known: &'static [&'static str],
    sections: Sections,
    value: impl FnOnce(&Section<'_>, &mut Problems<'_>) -> Option<T>,
) -> Result<T, ManifestErrors> {
    let mut problems = Problems::new(file, text, sections);
    if text.len() > Manifest::MAX_BYTES {
        problems.report(0, "", InvalidValue::new(format!("larger than {} bytes", Manifest::MAX_BYTES)));
        return problems.finish(None);
    }
    match Document::parse(text) {
        Ok(document) => {
            let root = Section::root(document.as_table(), &mut problems, known);
            let value = value(&root, &mut problems);
            problems.finish(value)
        }
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let problem = error.message().trim().replace('\n', ", ");
            problems.report(at, "", InvalidValue::new(format!("not valid TOML: {problem}")));
            problems.finish(None)
        }
    }
}

fn component(node: Node<'_>, problems: &mut Problems<'_>) -> Option<ComponentSection> {
    let section = node.table(problems, COMPONENT)?;
    let name = section.require(problems, "name", "name = \"acme/hello\"").and_then(|node| node.parsed(problems));
    let version = section
        .require(problems, "version", "version = \"0.1.0\"")
        .and_then(|node| parse_version(node.text(problems)?).map_err(|invalid| node.refuse(problems, invalid)).ok());
    let description = section.get("description").and_then(|node| node.text(problems)).unwrap_or_default().to_owned();
    let authors = section.get("authors").map(|node| {
        let authors = node.array(problems);
        authors.iter().filter_map(|author| author.checked_text(problems, |text| not_blank("author", text))).collect()
    });
    let license = section.get("license").and_then(|node| {
        node.checked_text(problems, |text| {
            let help = "write an SPDX expression such as \"MIT\", or leave it out";
            not_blank("license", text).map_err(|invalid| InvalidValue::with_help(invalid.problem, help))
        })
    });
    let operations = section.get("operations").map(|node| operations(node, problems)).unwrap_or_default();
    Some(ComponentSection {
        name: name?,
        version: version?,
        description,
        authors: authors.unwrap_or_default(),
        license,
        operations,
    })
}

fn operations(node: Node<'_>, problems: &mut Problems<'_>) -> Vec<String> {
    let mut operations = Vec::new();
    let mut seen = HashSet::new();
    for node in node.array(problems) {
        let check = |text: &str| {
            not_blank("operation", text)?;
            if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
                return Err(InvalidValue::with_help(
                    format!("white space in operation {text:?}"),
                    "write a name as in \"greet\"",
                ));
            }
            if !seen.insert(text.to_owned()) {
                return Err(InvalidValue::new(format!("operation {text:?} is given twice")));
            }
            Ok(())
        };
        operations.extend(node.checked_text(problems, check));
    }
    operations
}

fn not_blank(what: &str, text: &str) -> Result<(), InvalidValue> {
    if text.trim().is_empty() { Err(InvalidValue::new(format!("empty {what}"))) } else { Ok(()) }
}

fn build(node: Node<'_>, problems: &mut Problems<'_>) -> BuildSection {
    let Some(section) = node.table(problems, BUILD) else { return BuildSection::default() };
    let language_node = section.get("language");
    let language: Option<Language> = language_node.as_ref().and_then(|node| node.parsed(problems));
    let engine_node = section.get("engine");
    let engine: Option<Engine> = engine_node.as_ref().and_then(|node| node.parsed(problems));
    let bindings_node = section.get("bindings");
    let bindings = bindings_node.as_ref().and_then(|node| node.checked_text(problems, inner_path));
    let source = section.get("source").and_then(|node| node.checked_text(problems, inner_path));
    let world = section.get("world").and_then(|node| {
        node.checked_text(problems, |text| {
            check_part(text).map_err(|problem| {
                InvalidValue::with_help(
                    format!("{problem} in world {text:?}"),
                    "write the name alone, as in \"with-filesystem\"",
                )
            })
        })
    });
    let wasi_node = section.get("wasi");
    let wasi = wasi_node.as_ref().and_then(|node| node.flag(problems)).unwrap_or_default();
    let sdk = section.get("sdk").and_then(|node| node.checked_text(problems, relative_path));

    // A language that is there but wrong is a problem of its own; what depends on it is then left alone.
    let only_for = |node: Option<&Node<'_>>, languages: &[Language], problems: &mut Problems<'_>| {
        let Some(node) = node else { return };
        let wrong = match language {
            Some(language) => !languages.contains(&language),
            None => language_node.is_none(),
        };
        if wrong {
            let words: Vec<String> = languages.iter().map(|language| format!("language = \"{language}\"")).collect();
            let found =
                language.map_or("no language is given".to_owned(), |language| format!("this is \"{language}\""));
            let invalid = InvalidValue::with_help(
                format!("only for {}, and {found}", words.join(" or ")),
                "leave it out, or set the language",
            );
            node.refuse(problems, invalid);
        }
    };
    only_for(engine_node.as_ref(), &[Language::Js], problems);
    only_for(bindings_node.as_ref(), &[Language::Go, Language::C], problems);
    only_for(wasi_node.as_ref(), &[Language::Rust, Language::C], problems);
    BuildSection { language, source, world, engine, bindings, sdk, wasi }
}

/// A path that is written the same way on every system.
fn relative_path(text: &str) -> Result<(), InvalidValue> {
    let refuse = |problem: &str, help: &str| Err(InvalidValue::with_help(format!("{problem}: {text:?}"), help));
    if text.is_empty() {
        return refuse("empty path", "write \".\" for the folder of this file");
    }
    if text.chars().any(char::is_control) {
        return refuse("control character in a path", "write a path of printable characters");
    }
    if text.contains('\\') {
        return refuse("`\\` in a path", "write `/` between folders, on Windows too");
    }
    Ok(())
}

/// A path that stays inside the folder of the manifest: building a component writes and reads nowhere else.
fn inner_path(text: &str) -> Result<(), InvalidValue> {
    relative_path(text)?;
    let refuse = |problem: &str, help: &str| Err(InvalidValue::with_help(format!("{problem}: {text:?}"), help));
    let drive = text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic();
    if text.starts_with('/') || drive {
        return refuse("absolute path", "write it relative to the folder of this file");
    }
    if text.split('/').any(|segment| segment == "..") {
        return refuse("`..` in a path", "it has to stay inside the folder of this file");
    }
    Ok(())
}

fn limits(node: Node<'_>, problems: &mut Problems<'_>) -> Limits {
    let Some(section) = node.table(problems, LIMITS) else { return Limits::default() };
    Limits {
        max_memory_bytes: section.get("max-memory-bytes").and_then(|node| node.amount(problems)),
        max_cpu_time_ms: section.get("max-cpu-time-ms").and_then(|node| node.amount(problems)),
        max_execution_time_ms: section.get("max-execution-time-ms").and_then(|node| node.amount(problems)),
        max_open_files: section.get("max-open-files").and_then(|node| node.amount(problems)),
        max_mailbox_messages: section.get("max-mailbox-messages").and_then(|node| node.amount(problems)),
    }
}

fn config(node: Node<'_>, problems: &mut Problems<'_>) -> ConfigSection {
    let Some(section) = node.table(problems, CONFIG) else { return ConfigSection::default() };
    let mut environment = Vec::new();
    for (name, node) in section.get("environment").map(|node| node.entries(problems)).unwrap_or_default() {
        if name.is_empty() || name.contains(['=', '\0']) {
            let help = "write a name as in LOG_LEVEL";
            node.refuse(problems, InvalidValue::with_help(format!("{name:?} cannot name an environment value"), help));
        } else if let Some(value) = node.text(problems) {
            environment.push((name.to_owned(), value.to_owned()));
        }
    }
    let data = section.get("data").and_then(|node| node.text(problems)).map(|text| text.as_bytes().to_vec());
    ConfigSection { environment, data }
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
    }
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
    let nodes = section.get(kind).map(|node| node.array(problems)).unwrap_or_default();
    let mut read: Vec<(usize, T)> = Vec::new();
    for (index, node) in nodes.into_iter().enumerate() {
        if index >= MAX_PERMISSIONS {
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
