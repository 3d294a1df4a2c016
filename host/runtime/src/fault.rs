//! Whose fault something is.

/// Whose fault an [`Error`](crate::Error) is.
///
/// ```
/// use airssys_wasm::{Error, Fault};
///
/// /// A status of HTTP.
/// fn status(error: &Error) -> u16 {
///     match error.fault() {
///         Fault::Caller => 400,
///         Fault::Policy => 403,
///         Fault::Guest => 502,
///         Fault::Host => 500,
///     }
/// }
/// ```
// Exhaustive: there is nobody else, and who makes exit codes or status codes of it wants each case to be thought of.
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
