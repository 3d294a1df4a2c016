//! What the ways to call a guest are called, in results and in tables.

/// The way that all others are compared with.
pub const SECURED: &str = "`Component::call`";
/// The same from a thread that is not one of Tokio's, as in `#[tokio::main]`.
pub const OUTSIDE: &str = "`Component::call` from outside of Tokio";
/// The same of a program that has no Tokio.
pub const BLOCKING: &str = "`blocking::Component::call`";
/// A typed call with the settings of the host and nothing of it around.
pub const ASYNCHRONOUS: &str = "engine alone, asynchronous";
/// A typed call with no limits, no interruption, and no stack of its own.
pub const SYNCHRONOUS: &str = "engine alone, synchronous";
/// A plug-in of another runtime, in the language of the guest.
pub const EXTISM: &str = "Extism";
/// A function of a dynamic library, in native Rust.
pub const LIBRARY: &str = "dynamic library";
/// A native program that gives back the bytes that come through a pipe.
pub const SUBPROCESS: &str = "subprocess over pipes";
