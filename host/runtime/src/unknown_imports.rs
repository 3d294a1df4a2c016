//! Imports that the host does not offer.

use std::fmt;

/// The way out for a component that is newer than the host.
pub(crate) const UPDATE: &str = "update airssys-wasm, or build the component with the SDK of its version";

/// Imports and exports that a message lists: more than any SDK makes, and a message still.
pub(crate) const MAX_LISTED: usize = 64;

/// The imports that the host does not offer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownImports {
    /// The first ones, as far as a message has room for them.
    pub listed: Vec<UnknownImport>,
    /// How many more there are. Of a file with far too many imports, those that were not looked at are among them.
    pub more: usize,
}

impl fmt::Display for UnknownImports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for import in &self.listed {
            let UnknownImport { name, missing, .. } = import;
            write!(f, "\n{}\n  {missing}\n  fix: {}", name.escape_debug(), import.fix())?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

/// An import that the host does not offer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownImport {
    /// Its name, e.g. `wasi:http/types@0.2.0`; of a very long one the beginning.
    pub name: String,
    /// The interface of this host that looks most like it.
    pub nearest: Option<String>,
    /// What keeps the host from offering it.
    pub missing: Missing,
}

/// What keeps a host from offering an import.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Missing {
    /// The host has the package in an earlier version only.
    Newer {
        /// E.g. `wasi:clocks`.
        package: String,
        /// The version of the import.
        asked: String,
        /// The nearest version that the host has.
        host: String,
    },
    /// The host has the package in a later version only.
    Older {
        /// E.g. `wasi:clocks`.
        package: String,
        /// The version of the import.
        asked: String,
        /// The nearest version that the host has.
        host: String,
    },
    /// The host has the package, but no such interface in it.
    Interface {
        /// E.g. `wasi:clocks`.
        package: String,
        /// E.g. `sundial`.
        interface: String,
    },
    /// The host has nothing of the package.
    Package {
        /// E.g. `wasi:http`.
        package: String,
    },
    /// It is not an interface of a versioned package, and hosts offer nothing else.
    NotAnInterface,
}

impl UnknownImport {
    /// What to do about this import.
    pub fn fix(&self) -> String {
        let ours = |package: &str| package.starts_with("airssys:");
        match (&self.missing, &self.nearest) {
            (Missing::Newer { package, .. }, _) if ours(package) => UPDATE.to_owned(),
            (Missing::Newer { package, host, .. } | Missing::Older { package, host, .. }, _) => {
                format!("build the component with tools for {package}@{host}")
            }
            (Missing::Interface { .. } | Missing::NotAnInterface, Some(nearest)) => {
                format!("did its author mean {nearest}?")
            }
            (Missing::Package { package }, _) if ours(package) => {
                "update airssys-wasm, or build the component without what uses it".to_owned()
            }
            _ => "build the component without what uses it".to_owned(),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { package, asked, host } => {
                write!(f, "built for {package}@{}, this host has {package}@{host}", asked.escape_debug())
            }
            Self::Older { package, asked, host } => {
                write!(f, "built for the old {package}@{}, this host has {package}@{host}", asked.escape_debug())
            }
            Self::Interface { package, interface } => {
                write!(f, "this host has no interface {} in {package}", interface.escape_debug())
            }
            Self::Package { package } => write!(f, "this host has nothing of package {}", package.escape_debug()),
            Self::NotAnInterface => f.write_str("it is not an interface with a version, and hosts offer nothing else"),
        }
    }
}
