//! How components are named: `acme/hello`, and one version of it, `acme/hello@1.2.0`.

use std::fmt;
use std::str::FromStr;

use semver::Version;

use crate::InvalidValue;
use crate::keyword::serde_as_string;

/// Each part of a name ends up in file names, registry paths and metric labels; 64 bytes fits them all.
const MAX_PART_BYTES: usize = 64;

/// A version ends up there too, and in the mailbox of whoever gets a message. The longest in use are dates and hashes of
/// commits, some 60 bytes.
const MAX_VERSION_BYTES: usize = 128;

/// Names a component in any version, as in `acme/hello`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentName {
    /// Who publishes it.
    pub namespace: String,
    /// What it is called there.
    pub name: String,
}

/// Names one version of one component, as in `acme/hello@1.2.0`.
///
/// The parts are public and unchecked, because a guest can ask for any target; [`FromStr`] checks them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentId {
    /// Who publishes it.
    pub namespace: String,
    /// What it is called there.
    pub name: String,
    /// Which version of it.
    pub version: Version,
}

impl ComponentId {
    /// The name without the version.
    pub fn component_name(&self) -> ComponentName {
        ComponentName { namespace: self.namespace.clone(), name: self.name.clone() }
    }
}

impl ComponentName {
    /// This name in one version.
    pub fn with_version(self, version: Version) -> ComponentId {
        ComponentId { namespace: self.namespace, name: self.name, version }
    }
}

impl fmt::Display for ComponentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

impl fmt::Display for ComponentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}@{}", self.namespace, self.name, self.version)
    }
}

impl FromStr for ComponentName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > 2 * MAX_PART_BYTES + 1 {
            let problem = format!("component name of more than {} bytes", 2 * MAX_PART_BYTES + 1);
            return Err(InvalidValue::with_help(problem, "write a shorter name"));
        }
        let refuse = |problem: &str| {
            let problem = format!("{problem} in component name {text:?}");
            match sanitized(text) {
                Some(name) => InvalidValue::with_help(problem, format!("write {name:?}")),
                None => InvalidValue::with_help(problem, "write `namespace/name`, as in \"acme/hello\""),
            }
        };
        let Some((namespace, name)) = text.split_once('/') else {
            return Err(refuse("no `/`"));
        };
        for part in [namespace, name] {
            check_part(part).map_err(refuse)?;
        }
        Ok(ComponentName { namespace: namespace.to_owned(), name: name.to_owned() })
    }
}

impl FromStr for ComponentId {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((name, version)) = text.split_once('@') else {
            let shown = &text[..text.floor_char_boundary(2 * MAX_PART_BYTES)];
            return Err(InvalidValue::with_help(
                format!("no version in component id {shown:?}"),
                "write `namespace/name@version`, as in \"acme/hello@1.2.0\"",
            ));
        };
        Ok(name.parse::<ComponentName>()?.with_version(parse_version(version)?))
    }
}

serde_as_string!(ComponentName);
serde_as_string!(ComponentId);

/// Names are kebab-case, as in WIT: what is a name here is one in a registry and in a world, too.
pub(crate) fn check_part(part: &str) -> Result<(), &'static str> {
    let bytes = part.as_bytes();
    if part.is_empty() {
        return Err("empty part");
    }
    if part.len() > MAX_PART_BYTES {
        return Err("part of more than 64 bytes");
    }
    if !bytes.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        return Err("character other than a-z, 0-9 and `-`");
    }
    if !bytes[0].is_ascii_lowercase() {
        return Err("part that does not start with a letter");
    }
    if part.ends_with('-') || part.contains("--") {
        return Err("stray `-`");
    }
    Ok(())
}

/// The nearest valid name to `text`, if small changes make one.
fn sanitized(text: &str) -> Option<String> {
    let near = text.trim().to_ascii_lowercase().replace(['_', ' ', '.'], "-");
    let (namespace, name) = near.split_once('/')?;
    (check_part(namespace).is_ok() && check_part(name).is_ok()).then_some(near)
}

/// Parses a version, telling what a nearly right one should be.
pub(crate) fn parse_version(text: &str) -> Result<Version, InvalidValue> {
    if text.len() > MAX_VERSION_BYTES {
        return Err(InvalidValue::with_help(
            format!("version of more than {MAX_VERSION_BYTES} bytes"),
            "leave out what stands behind the `-` or `+`, or shorten it",
        ));
    }
    Version::parse(text).map_err(|error| {
        let problem = format!("{text:?} is not a semantic version: {error}");
        let bare = text.trim().trim_start_matches(['v', 'V', '=']);
        let near =
            ["", ".0", ".0.0"].iter().map(|rest| format!("{bare}{rest}")).find(|near| Version::parse(near).is_ok());
        match near {
            Some(near) => InvalidValue::with_help(problem, format!("write {near:?}")),
            None => InvalidValue::with_help(problem, "write three numbers, as in \"1.2.0\""),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        for text in ["acme/hello@1.2.0", "a/b@0.0.1-rc.1+build.5", "airssys/driver-rust@1.0.0"] {
            let id: ComponentId = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
            assert_eq!(serde_json::from_str::<ComponentId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
        }
    }

    #[test]
    fn names_outside_the_form_are_refused() {
        for text in [
            "",
            "/",
            "acme",
            "acme/",
            "/hello",
            "Acme/hello",
            "acme/hello/x",
            "acme/-x",
            "acme/x-",
            "acme/x--y",
            "acme/1x",
            "acme/x y",
            "acme/x_y",
            "acme/ü",
            "acme/x\0",
            "acme/hello@1.0.0",
        ] {
            assert!(text.parse::<ComponentName>().is_err(), "{text:?}");
        }
        assert!(format!("a/{}", "x".repeat(64)).parse::<ComponentName>().is_ok());
        assert!(format!("a/{}", "x".repeat(65)).parse::<ComponentName>().is_err());
    }

    #[test]
    fn a_refusal_says_what_to_write() {
        let help = |text: &str| text.parse::<ComponentName>().unwrap_err().help.unwrap();
        assert_eq!(help("Acme/My_Thing"), "write \"acme/my-thing\"");
        assert_eq!(help("hello"), "write `namespace/name`, as in \"acme/hello\"");
        assert_eq!(parse_version("v1.2").unwrap_err().help.unwrap(), "write \"1.2.0\"");
        assert_eq!(parse_version("1").unwrap_err().help.unwrap(), "write \"1.0.0\"");
        assert_eq!(parse_version("latest").unwrap_err().help.unwrap(), "write three numbers, as in \"1.2.0\"");
    }

    #[test]
    fn every_part_of_an_id_has_a_longest_length() {
        let version = |bytes: usize| format!("1.0.0+{}", "a".repeat(bytes - "1.0.0+".len()));
        assert!(parse_version(&version(128)).is_ok());
        let error = parse_version(&version(129)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "version of more than 128 bytes (help: leave out what stands behind the `-` or `+`, or shorten it)"
        );
        let longest = format!("{0}/{0}@{1}", "a".repeat(64), version(128));
        assert!(longest.parse::<ComponentId>().is_ok());
        for id in [format!("a/b@{}", version(129)), format!("{}/b@1.0.0", "a".repeat(65)), "a".repeat(1 << 20)] {
            let error = id.parse::<ComponentId>().unwrap_err().to_string();
            assert!(error.len() < 400, "{} bytes", error.len());
        }
    }

    #[test]
    fn versions_order_as_versions() {
        let id = |text: &str| text.parse::<ComponentId>().unwrap();
        assert!(id("acme/a@1.10.0") > id("acme/a@1.9.0"));
        assert!(id("acme/a@9.0.0") < id("acme/b@1.0.0"));
    }
}
