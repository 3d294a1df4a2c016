//! What this host offers to components, and what is to be said of an import that is not among it.

use crate::contract::{CONTRACT_VERSION, LIFECYCLE};
use crate::load_error::LoadError;
use crate::names::Bounded;
use crate::unknown_imports::{MAX_LISTED, Missing, UnknownImport, UnknownImports};

/// The interfaces this host offers, with the version track that they are compatible within.
const INTERFACES: &[(&str, Track)] = &[
    ("airssys:core/capabilities", Track::MAJOR_1),
    ("airssys:core/host-services", Track::MAJOR_1),
    ("airssys:core/types", Track::MAJOR_1),
    ("airssys:ext-filesystem/directories", Track::MAJOR_1),
    ("airssys:ext-filesystem/files", Track::MAJOR_1),
    ("airssys:ext-filesystem/paths", Track::MAJOR_1),
    ("airssys:ext-filesystem/types", Track::MAJOR_1),
    ("airssys:ext-network/connections", Track::MAJOR_1),
    ("airssys:ext-network/tcp", Track::MAJOR_1),
    ("airssys:ext-network/types", Track::MAJOR_1),
    ("airssys:ext-network/udp", Track::MAJOR_1),
    ("airssys:ext-process/processes", Track::MAJOR_1),
    ("airssys:ext-process/signals", Track::MAJOR_1),
    ("airssys:ext-process/stdio", Track::MAJOR_1),
    ("airssys:ext-process/types", Track::MAJOR_1),
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
/// The name of an import or export as it is kept for a message: twice as long as the longest one of the contract.
const MAX_KEPT_BYTES: usize = 128;
/// Imports, and exports, whose names are looked at one by one. No SDK makes more than a hundred, and the engine takes no
/// component of more.
const MAX_SEEN: usize = 100_000;

/// Versions that one implementation serves, as the component model's names compare them.
#[derive(Clone, Copy)]
struct Track {
    major: u64,
    minor: Option<u64>,
}

impl Track {
    const MAJOR_1: Self = Self { major: 1, minor: None };
    const MINOR_0_2: Self = Self { major: 0, minor: Some(2) };

    fn covers(self, version: &str) -> bool {
        let (major, minor, _) = numbers(version);
        Some(self.major) == major && self.minor.is_none_or(|own| minor == Some(own))
    }

    /// Whether a version comes after all that this one serves.
    fn is_before(self, version: &str) -> bool {
        let (major, minor, _) = numbers(version);
        (major, minor) > (Some(self.major), self.minor.or(minor))
    }

    fn example(self) -> String {
        match self.minor {
            Some(minor) => format!("{}.{minor}.0", self.major),
            None => format!("{}.0.0", self.major),
        }
    }
}

/// The numbers of a version, as far as they are any.
fn numbers(version: &str) -> (Option<u64>, Option<u64>, Option<u64>) {
    let core = version.split(['-', '+']).next().unwrap_or(version);
    let mut parts = core.split('.').map(|part| part.parse().ok());
    (parts.next().flatten(), parts.next().flatten(), parts.next().flatten())
}

/// A name as in `wasi:io/streams@0.2.0`, in its parts.
struct Name<'a> {
    package: &'a str,
    interface: &'a str,
    version: &'a str,
}

impl<'a> Name<'a> {
    fn parse(name: &'a str) -> Option<Self> {
        let (path, version) = name.split_once('@')?;
        let (package, interface) = path.split_once('/')?;
        package.contains(':').then_some(Self { package, interface, version })
    }
}

/// Whether this host can call an interface of the contract with this name.
fn is_contract(name: &str) -> bool {
    Name::parse(name).is_some_and(|name| Track::MAJOR_1.covers(name.version))
}

/// What a component imports, as far as that matters to this host.
#[derive(Default)]
pub(crate) struct Imports {
    seen: usize,
    unknown: UnknownImports,
    /// The first one from a package of the contract that is newer than this host's, though compatible by its version.
    newer: Option<String>,
}

impl Imports {
    /// Counts an import of which there is nothing to say: the embedder provides it. `false`: there have been too many.
    pub(crate) fn count(&mut self) -> bool {
        let has_room = self.seen < MAX_SEEN;
        self.seen += usize::from(has_room);
        has_room
    }

    /// Takes note of an import. `false`: there have been too many, and this one is not looked at.
    pub(crate) fn see(&mut self, name: &str) -> bool {
        if !self.count() {
            return false;
        }
        if is_known(name) {
            self.newer = self.newer.take().or_else(|| newer(name));
        } else if self.unknown.listed.len() < MAX_LISTED {
            let (nearest, missing) = (nearest(name), missing(name));
            self.unknown.listed.push(UnknownImport { name: kept(name), nearest, missing });
        } else {
            self.unknown.more += 1;
        }
        true
    }

    /// So many come that are not looked at.
    pub(crate) fn see_no_more(&mut self, count: usize) {
        self.unknown.more = self.unknown.more.saturating_add(count);
    }

    pub(crate) fn check(&self) -> Result<(), LoadError> {
        if self.unknown.listed.is_empty() && self.unknown.more == 0 {
            return Ok(());
        }
        Err(LoadError::UnknownImports(self.unknown.clone()))
    }

    /// The package and version of the contract that it was built for, if this host's is older.
    pub(crate) fn newer(&self) -> Option<&str> {
        self.newer.as_deref()
    }
}

/// What a component exports, as far as that matters to this host.
#[derive(Default)]
pub(crate) struct Exports {
    seen: usize,
    lifecycle: Option<String>,
    first: Vec<String>,
    more: usize,
}

impl Exports {
    /// Takes note of an export. `false`: there have been too many, and this one is not looked at.
    pub(crate) fn see(&mut self, name: &str) -> bool {
        if self.seen == MAX_SEEN {
            return false;
        }
        self.seen += 1;
        if self.lifecycle.is_none() && name.split('@').next() == Some(LIFECYCLE) {
            self.lifecycle = Some(kept(name));
        } else if self.first.len() < MAX_LISTED {
            self.first.push(kept(name));
        } else {
            self.more += 1;
        }
        true
    }

    /// So many come that are not looked at.
    pub(crate) fn see_no_more(&mut self, count: usize) {
        self.more = self.more.saturating_add(count);
    }

    pub(crate) fn check(&self) -> Result<(), LoadError> {
        match &self.lifecycle {
            Some(export) if is_contract(export) => Ok(()),
            Some(export) => Err(LoadError::OtherContract { exports: export.clone() }),
            None => Err(LoadError::NoLifecycle { exports: self.first.clone(), more: self.more }),
        }
    }
}

/// As much of a name as a message has room for.
fn kept(name: &str) -> String {
    Bounded::of(name, MAX_KEPT_BYTES)
}

/// The package and version of an import from a package of the contract that is newer than this host's.
fn newer(import: &str) -> Option<String> {
    let name = Name::parse(import).filter(|name| name.package.starts_with("airssys:"))?;
    let is_newer = numbers(name.version) > numbers(CONTRACT_VERSION);
    is_newer.then(|| kept(&format!("{}@{}", name.package, kept(name.version))))
}

fn is_known(import: &str) -> bool {
    let Some((interface, version)) = import.split_once('@') else {
        return false;
    };
    INTERFACES.iter().any(|(known, track)| *known == interface && track.covers(version))
}

fn missing(import: &str) -> Missing {
    let Some(name) = Name::parse(import) else { return Missing::NotAnInterface };
    let package = kept(name.package);
    let of_package = |known: &&(&str, Track)| known.0.split_once('/').is_some_and(|(known, _)| known == name.package);
    let Some((_, track)) = INTERFACES.iter().find(of_package) else { return Missing::Package { package } };
    if track.covers(name.version) {
        return Missing::Interface { package, interface: kept(name.interface) };
    }
    let (asked, host) = (kept(name.version), track.example());
    if track.is_before(name.version) {
        Missing::Newer { package, asked, host }
    } else {
        Missing::Older { package, asked, host }
    }
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
    // Two that only share their package are not alike.
    let alike = match Name::parse(import) {
        Some(name) => name.interface.len() / 2 + 1,
        None => interface.len() / 2,
    };
    (distance <= alike).then(|| format!("{known}@{}", track.example()))
}

#[cfg(test)]
thread_local! {
    /// Distances that this thread has computed.
    static COMPARED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

fn edit_distance(left: &str, right: &str) -> usize {
    #[cfg(test)]
    COMPARED.set(COMPARED.get() + 1);
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
            let mut linker = crate::services::linker(&engine).unwrap();
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

    #[test]
    fn what_is_missing_is_told_apart() {
        let package = || "wasi:clocks".to_owned();
        let asked = |version: &str| (version.to_owned(), "0.2.0".to_owned());
        for version in ["0.3.0", "1.0.0", "0.3.0-rc.1"] {
            let (asked, host) = asked(version);
            let name = format!("wasi:clocks/wall-clock@{version}");
            assert_eq!(missing(&name), Missing::Newer { package: package(), asked, host }, "{name}");
        }
        let (old, host) = asked("0.1.9");
        assert_eq!(missing("wasi:clocks/wall-clock@0.1.9"), Missing::Older { package: package(), asked: old, host });
        let interface = "sundial".to_owned();
        assert_eq!(missing("wasi:clocks/sundial@0.2.0"), Missing::Interface { package: package(), interface });
        assert_eq!(missing("wasi:http/types@0.2.0"), Missing::Package { package: "wasi:http".to_owned() });
        for name in ["plain", "plain@1.0.0", "half/name@1.0.0", "wasi:clocks/wall-clock"] {
            assert_eq!(missing(name), Missing::NotAnInterface, "{name}");
        }
    }

    #[test]
    fn only_what_is_listed_is_compared_and_the_others_are_counted() {
        let mut imports = Imports::default();
        assert!(imports.see("airssys:core/types@1.0.0") && imports.check().is_ok());
        let long = "a".repeat(1000);
        assert!(imports.see(&long));
        for number in 2..MAX_SEEN {
            assert!(imports.see(&format!("airssys:core/typo{number}@1.0.0")));
        }
        assert!(!imports.see("one more"));
        imports.see_no_more(5);
        let Err(LoadError::UnknownImports(unknown)) = imports.check() else { panic!("they are unknown") };
        assert_eq!((unknown.listed.len(), unknown.more), (MAX_LISTED, MAX_SEEN - 1 - MAX_LISTED + 5));
        assert_eq!(unknown.listed[0].name, long[..MAX_KEPT_BYTES]);
        assert_eq!(unknown.listed[1].nearest.as_deref(), Some("airssys:core/types@1.0.0"));
        let text = LoadError::UnknownImports(unknown).to_string();
        assert!(text.ends_with(&format!("\nand {} more", MAX_SEEN - 1 - MAX_LISTED + 5)), "{text}");
        // One distance for each interface of the host and each import that is listed and short enough.
        assert_eq!(COMPARED.get(), INTERFACES.len() * (MAX_LISTED - 1));

        let mut exports = Exports::default();
        for number in 0..MAX_SEEN {
            assert!(exports.see(&format!("e{number}")));
        }
        assert!(!exports.see(LIFECYCLE));
        exports.see_no_more(1);
        let error = exports.check().unwrap_err();
        assert!(error.to_string().ends_with(&format!("e63, and {} more", MAX_SEEN - MAX_LISTED + 1)), "{error}");
    }

    #[test]
    fn imports_that_the_embedder_provides_are_counted_with_the_others() {
        let mut imports = Imports::default();
        assert!((0..MAX_SEEN).all(|_| imports.count()) && imports.check().is_ok());
        assert!(!imports.count() && !imports.see("airssys:core/types@1.0.0"));
    }

    #[test]
    fn a_later_minor_version_of_the_contract_is_newer() {
        assert_eq!(newer("airssys:core/types@1.1.0").as_deref(), Some("airssys:core@1.1.0"));
        assert_eq!(newer("airssys:core/types@1.0.1").as_deref(), Some("airssys:core@1.0.1"));
        for other in ["airssys:core/types@1.0.0", "wasi:io/poll@0.2.99", "plain"] {
            assert_eq!(newer(other), None, "{other}");
        }
    }
}
