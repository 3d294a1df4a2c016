//! What fields of an action there are.

use crate::keyword::keywords;

keywords! {
    /// What the values of a field are, which says how the patterns for them are read.
    pub enum FieldKind as "kind of field" {
        /// A name: see [`NamePattern`](crate::NamePattern).
        Name = "name" not "string" | "text" | "identifier",
        /// An absolute path: see [`PathPattern`](crate::PathPattern).
        Path = "path" not "file" | "folder",
        /// A host: see [`HostPattern`](crate::HostPattern).
        Host = "host" not "address" | "hostname",
    }
}

/// The most fields that one action has. Every decision looks at all of them.
pub(crate) const MAX_FIELDS: usize = 8;
