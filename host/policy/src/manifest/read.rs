//! Reads a manifest section by section. Whatever is wrong is noted and the reading goes on, so that one run shows it all.

use std::collections::HashSet;
use std::time::Duration;

use super::document::{document, table};
use super::keys::{BUILD, COMPONENT, CONFIG, LIMITS, PERMISSIONS, ROOT, SECTIONS};
use super::node::{Node, Section};
use super::permission_lists::permission_lists;
use super::problems::Problems;
use super::{
    BuildSection, ComponentSection, ConfigSection, Engine, Import, Language, Limits, Manifest, ManifestErrors,
};
use crate::component_id::{check_part, parse_version};
use crate::{InterfaceName, InvalidValue, Permissions};

/// Each interface is a part of every build of the component, and of every host that takes it.
const MAX_IMPORTS: usize = 32;

impl Manifest {
    /// Reads a Component.toml; `file` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file.
    pub fn parse(text: &str, file: &str) -> Result<Manifest, ManifestErrors> {
        manifest(text, file)
    }
}

impl Permissions {
    /// Reads permissions from TOML: the keys of `[permissions]`, at top level; `file` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file.
    pub fn parse(toml_text: &str, file: &str) -> Result<Permissions, ManifestErrors> {
        permissions(toml_text, file)
    }
}

fn manifest(text: &str, file: &str) -> Result<Manifest, ManifestErrors> {
    document(text, file, ROOT, SECTIONS, |root, problems| {
        let name_and_version = "[component] with name = \"acme/hello\" and version = \"0.1.0\"";
        let component =
            root.require(problems, "component", name_and_version).and_then(|node| component(node, problems));
        let build = root.get("build").map(|node| build(node, problems)).unwrap_or_default();
        let imports = root.get("imports").map(|node| imports(node, problems)).unwrap_or_default();
        let permissions = root.get("permissions").and_then(|node| node.permissions(problems)).unwrap_or_default();
        let limits = root.get("limits").map(|node| limits(node, problems)).unwrap_or_default();
        let config = root.get("config").map(|node| config(node, problems)).unwrap_or_default();
        Some(Manifest { component: component?, build, imports, permissions, limits, config })
    })
}

fn permissions(text: &str, file: &str) -> Result<Permissions, ManifestErrors> {
    table(text, file, SECTIONS, |table, problems| {
        let root = Section::root_with_packages(table, problems, PERMISSIONS);
        Some(permission_lists(&root, problems))
    })
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

fn imports(node: Node<'_>, problems: &mut Problems<'_>) -> Vec<Import> {
    let mut imports: Vec<Import> = Vec::new();
    for (index, (name, node)) in node.entries(problems).into_iter().enumerate() {
        if index >= MAX_IMPORTS {
            let problem = format!("more than {MAX_IMPORTS} interfaces");
            node.refuse(problems, InvalidValue::with_help(problem, "let an interface have more functions"));
            break;
        }
        let name: Option<InterfaceName> =
            name.parse().map_err(|invalid: InvalidValue| node.refuse(problems, invalid)).ok();
        let place = node.place();
        let wit = import_source(node, problems);
        let Some((name, wit)) = name.zip(wit) else { continue };
        // Of one package there is one text, and one set of bindings.
        let same = imports.iter().find(|known| known.name.package == name.package);
        if let Some(known) = same.filter(|known| known.wit != wit || known.name.version != name.version) {
            let problem = format!("another version or folder than that of {}", known.name);
            let help = "import the interfaces of one package in one version, from one folder";
            place.refuse(problems, InvalidValue::with_help(problem, help));
            continue;
        }
        imports.push(Import { name, wit });
    }
    imports
}

/// Where an imported interface comes from.
fn import_source(node: Node<'_>, problems: &mut Problems<'_>) -> Option<String> {
    let section = node.table(problems, &["wit", "component"])?;
    if let Some(component) = section.get("component") {
        let help = "write { wit = \"wit/acme-database\" }, with the folder of its WIT; the host provides the interface";
        let problem = "an interface of another component is not supported by this version";
        component.refuse(problems, InvalidValue::with_help(problem, help));
        return None;
    }
    let wit = section.require(problems, "wit", "wit = \"wit/acme-database\"")?;
    wit.checked_text(problems, inner_path)
}

fn limits(node: Node<'_>, problems: &mut Problems<'_>) -> Limits {
    let Some(section) = node.table(problems, LIMITS) else { return Limits::default() };
    let mut time = |key| section.get(key).and_then(|node| node.amount(problems)).map(Duration::from_millis);
    let (max_cpu_time, max_execution_time) = (time("max-cpu-time-ms"), time("max-execution-time-ms"));
    Limits {
        max_memory_bytes: section.get("max-memory-bytes").and_then(|node| node.amount(problems)),
        max_cpu_time,
        max_execution_time,
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
