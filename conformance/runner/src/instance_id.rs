//! Under which ids the instances of a case run.

/// Namespace of the ids under which a case's instances run.
pub(crate) const NAMESPACE: &str = "conformance";

/// The id of an instance of a case.
pub(crate) fn instance_id(name: &str) -> String {
    format!("{NAMESPACE}/{name}@1.0.0")
}
