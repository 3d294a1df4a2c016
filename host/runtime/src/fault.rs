//! Whose fault something is.

/// Whose fault an [`Error`](crate::Error) is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The component's: it returned an error, died, or used up a limit.
    Guest,
    /// This crate's, or the machine's.
    Host,
    /// Nobody's: the guest gave up because a permission is missing. [`Error::refusals`](crate::Error::refusals) says which.
    Policy,
    /// The embedder's.
    Caller,
}
