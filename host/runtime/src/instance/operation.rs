//! The names of calls, for errors. They are written down when there is one.

use std::fmt;

/// A call into a guest.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation<'a> {
    Instantiation,
    Init,
    Execute(&'a str),
    HandleMessage,
    HandleCallback,
    Metadata,
    Health,
    Shutdown,
    Function { interface: &'a str, function: &'a str },
    DropResource,
}

impl fmt::Display for Operation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instantiation => f.write_str("instantiation"),
            Self::Init => f.write_str("init"),
            Self::Execute(operation) => write!(f, "execute {operation}"),
            Self::HandleMessage => f.write_str("handle-message"),
            Self::HandleCallback => f.write_str("handle-callback"),
            Self::Metadata => f.write_str("metadata"),
            Self::Health => f.write_str("health"),
            Self::Shutdown => f.write_str("shutdown"),
            Self::Function { interface, function } => write!(f, "{interface}.{function}"),
            Self::DropResource => f.write_str("dropping a resource"),
        }
    }
}
