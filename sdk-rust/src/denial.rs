//! What every refusal says, whatever was refused.

use std::fmt;

use crate::PermissionDenial;

impl fmt::Display for PermissionDenial {
    /// The operation, the resource, and the line that both the component and the operator have to give. The text is the
    /// same in every SDK.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, resource, missing } = self;
        write!(formatter, "permission denied: {operation} on {resource}: ")?;
        if missing.is_empty() {
            return formatter.write_str("no permission can allow it");
        }
        write!(formatter, "needs {missing} in [permissions] of Component.toml, and the operator's grant")
    }
}
