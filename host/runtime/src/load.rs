//! Reading a component file: what kind of file it is, the Component.toml in it, and what it imports.

use wasmparser::{Parser, Payload};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::load_error::{LoadError, UnknownImport};

/// The custom section that holds Component.toml, verbatim.
pub const MANIFEST_SECTION: &str = "airssys:manifest";

/// The interfaces this host offers, with the version track that they are compatible within.
const INTERFACES: &[(&str, Track)] = &[
    ("airssys:core/capabilities", Track::MAJOR_1),
    ("airssys:core/host-services", Track::MAJOR_1),
    ("airssys:core/types", Track::MAJOR_1),
    ("airssys:ext-filesystem/directories", Track::MAJOR_1),
    ("airssys:ext-filesystem/files", Track::MAJOR_1),
    ("airssys:ext-filesystem/paths", Track::MAJOR_1),
    ("airssys:ext-filesystem/types", Track::MAJOR_1),
    ("wasi:cli/environment", Track::MINOR_0_2),
    ("wasi:cli/exit", Track::MINOR_0_2),
    ("wasi:cli/stderr", Track::MINOR_0_2),
    ("wasi:cli/stdin", Track::MINOR_0_2),
    ("wasi:cli/stdout", Track::MINOR_0_2),
    ("wasi:cli/terminal-input", Track::MINOR_0_2),
    ("wasi:cli/terminal-output", Track::MINOR_0_2),
    ("wasi:cli/terminal-stderr", Track::MINOR_0_2),
    ("wasi:cli/terminal-stdin", Track::MINOR_0_2),
    ("wasi:cli/terminal-stdout", Track::MINOR_0_2),
    ("wasi:clocks/monotonic-clock", Track::MINOR_0_2),
    ("wasi:clocks/wall-clock", Track::MINOR_0_2),
    ("wasi:filesystem/preopens", Track::MINOR_0_2),
    ("wasi:filesystem/types", Track::MINOR_0_2),
    ("wasi:io/error", Track::MINOR_0_2),
    ("wasi:io/poll", Track::MINOR_0_2),
    ("wasi:io/streams", Track::MINOR_0_2),
    ("wasi:random/insecure", Track::MINOR_0_2),
    ("wasi:random/insecure-seed", Track::MINOR_0_2),
    ("wasi:random/random", Track::MINOR_0_2),
    ("wasi:sockets/instance-network", Track::MINOR_0_2),
    ("wasi:sockets/ip-name-lookup", Track::MINOR_0_2),
    ("wasi:sockets/network", Track::MINOR_0_2),
    ("wasi:sockets/tcp", Track::MINOR_0_2),
    ("wasi:sockets/tcp-create-socket", Track::MINOR_0_2),
    ("wasi:sockets/udp", Track::MINOR_0_2),
    ("wasi:sockets/udp-create-socket", Track::MINOR_0_2),
];

/// Names longer than this resemble none of ours, and comparing takes time with the length.
const MAX_COMPARED_BYTES: usize = 100;

/// Versions that one implementation serves, as the component model's names compare them.
#[derive(Clone, Copy)]
struct Track {
    major: &'static str,
    minor: Option<&'static str>,
}

impl Track {
    const MAJOR_1: Self = Self { major: "1", minor: None };
    const MINOR_0_2: Self = Self { major: "0", minor: Some("2") };

    fn covers(self, version: &str) -> bool {
        let mut parts = version.split('.');
        parts.next() == Some(self.major) && self.minor.is_none_or(|minor| parts.next() == Some(minor))
    }

    fn example(self) -> String {
        match self.minor {
            Some(minor) => format!("{}.{minor}.0", self.major),
            None => format!("{}.0.0", self.major),
        }
    }
}

/// The text of Component.toml in a component's bytes, if it carries one.
///
/// # Errors
///
/// Bytes that are no component in binary form.
pub(crate) fn manifest_text(bytes: &[u8]) -> Result<Option<String>, LoadError> {
    check_kind(bytes)?;
    let section = custom_section(bytes, MANIFEST_SECTION)?;
    Ok(section.map(|section| String::from_utf8_lossy(section).into_owned()))
}

/// The first custom section of this name that the component itself has.
///
/// # Errors
///
/// Bytes that are no component in binary form.
pub(crate) fn custom_section<'a>(bytes: &'a [u8], name: &str) -> Result<Option<&'a [u8]>, LoadError> {
    let mut parser = Parser::new(0);
    let mut rest = bytes;
    loop {
        let (consumed, payload) = match parser.parse(rest, true) {
            Ok(wasmparser::Chunk::Parsed { consumed, payload }) => (consumed, payload),
            Ok(wasmparser::Chunk::NeedMoreData(_)) => unreachable!("the parser has been told that this is everything"),
            Err(error) => return Err(LoadError::Invalid(wasmtime::Error::new(error))),
        };
        let mut skip = 0;
        match payload {
            Payload::CustomSection(section) if section.name() == name => return Ok(Some(section.data())),
            // Nested modules and components are most of the file, and have custom sections of their own.
            Payload::ModuleSection { unchecked_range, .. } | Payload::ComponentSection { unchecked_range, .. } => {
                skip = unchecked_range.end - unchecked_range.start;
            }
            Payload::End(_) => return Ok(None),
            _ => {}
        }
        rest = rest
            .get(consumed + usize::try_from(skip).unwrap_or(usize::MAX)..)
            .ok_or_else(|| LoadError::Invalid(wasmtime::Error::msg("the file ends within a section")))?;
    }
}

fn check_kind(bytes: &[u8]) -> Result<(), LoadError> {
    if Parser::is_component(bytes) {
        Ok(())
    } else if Parser::is_core_wasm(bytes) {
        Err(LoadError::CoreModule)
    } else {
        Err(LoadError::NotWebAssembly)
    }
}

/// Finds every import that this host does not offer, all at once.
pub(crate) fn check_imports(engine: &Engine, component: &Component) -> Result<(), LoadError> {
    let unknown: Vec<_> = component
        .component_type()
        .imports(engine)
        .map(|(name, _)| name)
        .filter(|name| !is_known(name))
        .map(|name| UnknownImport { name: name.to_owned(), nearest: nearest(name) })
        .collect();
    if unknown.is_empty() { Ok(()) } else { Err(LoadError::UnknownImports(unknown)) }
}

fn is_known(import: &str) -> bool {
    let Some((interface, version)) = import.split_once('@') else {
        return false;
    };
    INTERFACES.iter().any(|(known, track)| *known == interface && track.covers(version))
}

/// The known interface that takes the fewest edits to reach, if it is at all alike.
fn nearest(import: &str) -> Option<String> {
    let interface = import.split('@').next().unwrap_or(import);
    if interface.len() > MAX_COMPARED_BYTES {
        return None;
    }
    let (distance, known, track) = INTERFACES
        .iter()
        .map(|(known, track)| (edit_distance(interface, known), known, track))
        .min_by_key(|(distance, ..)| *distance)?;
    (distance <= interface.len() / 2).then(|| format!("{known}@{}", track.example()))
}

fn edit_distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compatible_within_their_track() {
        for known in ["airssys:core/host-services@1.0.0", "airssys:core/types@1.7.3", "wasi:io/streams@0.2.12"] {
            assert!(is_known(known), "{known}");
        }
        for unknown in ["airssys:core/host-services", "airssys:core/types@2.0.0", "wasi:io/streams@0.3.0", "x@1.0.0"] {
            assert!(!is_known(unknown), "{unknown}");
        }
    }

    #[test]
    fn the_list_of_interfaces_is_what_the_linker_has() {
        let (engine, _ticker) = crate::engine::build(&crate::RuntimeConfig::default()).unwrap();
        for (interface, track) in INTERFACES {
            let mut linker = crate::runtime::linker(&engine).unwrap();
            // The engine gives no list; but a name that is taken cannot be taken again.
            let taken = (0..=20).any(|patch| {
                let version = track.example();
                let version = version.rsplit_once('.').unwrap().0.to_owned();
                let name = format!("{interface}@{version}.{patch}");
                linker.root().func_wrap(&name, |_, (): ()| Ok(())).is_err()
            });
            assert!(taken, "{interface} is in the list and not in the linker");
        }
    }

    #[test]
    fn distances_count_edits() {
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("same", "same"), 0);
    }
}
