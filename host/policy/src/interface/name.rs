//! How interfaces are named: `acme:database`, and one interface of that package, `acme:database/client@0.1.0`.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use semver::Version;

use crate::InvalidValue;
use crate::component_id::{check_part, parse_version};
use crate::keyword::serde_as_string;

/// Namespaces whose interfaces are the contract's or those of WASI: what is asked for in them is decided elsewhere.
const TAKEN: &[(&str, &str)] = &[
    ("airssys", "that package is the contract's own, and no embedder's: it comes with the world"),
    ("wasi", "WASI is not imported by name: it comes with wasi = true in [build], or with the language"),
];

/// Names a package of an embedder's own, as in `acme:database`. It is none of `airssys:` nor of `wasi:`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageName(String);

impl PackageName {
    /// The name, as in `acme:database`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Who publishes it, and what it is called there.
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or((&self.0, ""))
    }
}

/// So that a table with packages can be asked for a text.
impl Borrow<str> for PackageName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for PackageName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |problem: &str, help: &str| {
            Err(InvalidValue::with_help(format!("{problem} in package name {text:?}"), help))
        };
        if let Some((package, _)) = text.split_once(['/', '@']) {
            return match package.parse::<PackageName>() {
                Ok(package) => refuse("interface or version", &format!("write {:?}", package.as_str())),
                Err(invalid) => Err(invalid),
            };
        }
        let Some((namespace, name)) = text.split_once(':') else {
            return refuse("no `:`", "write `namespace:name`, as in \"acme:database\"");
        };
        for part in [namespace, name] {
            if let Err(problem) = check_part(part) {
                return refuse(problem, "write `namespace:name`, as in \"acme:database\"");
            }
        }
        if let Some((_, help)) = TAKEN.iter().find(|(taken, _)| *taken == namespace) {
            return refuse("namespace that is taken", help);
        }
        Ok(PackageName(text.to_owned()))
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

serde_as_string!(PackageName);

/// Names one interface of a package of an embedder's own, as in `acme:database/client@0.1.0`. A package without a version
/// has interfaces without one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceName {
    /// The package.
    pub package: PackageName,
    /// What it is called there.
    pub interface: String,
    /// The version of the package, if that has one.
    pub version: Option<Version>,
}

impl FromStr for InterfaceName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (names, version) = match text.split_once('@') {
            Some((names, version)) => (names, Some(version)),
            None => (text, None),
        };
        let example = "write `namespace:package/interface@version`, as in \"acme:database/client@0.1.0\"";
        let refuse = |problem: &str| InvalidValue::with_help(format!("{problem} in interface name {text:?}"), example);
        let (package, interface) = names.split_once('/').ok_or_else(|| refuse("no `/`"))?;
        let package = package.parse()?;
        check_part(interface).map_err(refuse)?;
        let version = version.map(parse_version).transpose()?;
        Ok(InterfaceName { package, interface: interface.to_owned(), version })
    }
}

impl fmt::Display for InterfaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.package, self.interface)?;
        match &self.version {
            Some(version) => write!(f, "@{version}"),
            None => Ok(()),
        }
    }
}

serde_as_string!(InterfaceName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_what_it_prints() {
        for text in ["acme:database/client@0.1.0", "a:b/c", "acme:data-base/client@1.0.0-rc.1"] {
            assert_eq!(text.parse::<InterfaceName>().unwrap().to_string(), text);
        }
        assert_eq!("acme:database".parse::<PackageName>().unwrap().parts(), ("acme", "database"));
    }

    #[test]
    fn names_outside_the_form_and_those_that_are_taken_are_refused() {
        for text in ["", ":", "acme", "acme:", ":b", "Acme:b", "a:b:c", "a:b/c", "a:b@1.0.0", "airssys:core", "wasi:io"]
        {
            assert!(text.parse::<PackageName>().is_err(), "{text:?}");
        }
        for text in ["", "a:b", "a:b/", "a:b/C", "a:b/c@1", "a:b/c/d", "/c", "wasi:io/poll@0.2.0", "airssys:core/types"]
        {
            assert!(text.parse::<InterfaceName>().is_err(), "{text:?}");
        }
    }
}
