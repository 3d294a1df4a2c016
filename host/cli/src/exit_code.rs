//! The exit codes: one kind of end each, for scripts.

use std::process::ExitCode as ProcessExitCode;

use airssys_wasm::{Error as RuntimeError, Fault};

use crate::template::TemplateError;

/// How the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// All is well.
    Success = 0,
    /// The component answered with an error of its own.
    GuestError = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A file is missing, unreadable, or not what it should be.
    Input = 3,
    /// A compiler is missing or too old.
    Toolchain = 4,
    /// A component could not be built.
    Build = 5,
    /// The component died: a trap or a panic.
    Trap = 6,
    /// The component used up a limit.
    Limit = 7,
    /// The policy refused something.
    Denied = 8,
    /// A check found something wrong.
    Check = 9,
    /// The host itself failed.
    Host = 10,
}

/// The list, for `--help`.
pub const HELP: &str = "Exit codes:
   0  success
   1  the component answered with an error
   2  the command line is wrong
   3  a file is missing, unreadable, or not what it should be
   4  a compiler is missing or too old
   5  a component could not be built
   6  the component died: a trap or a panic
   7  the component used up a limit
   8  the policy refused something
   9  a check found something wrong
  10  the host itself failed";

impl From<ExitCode> for ProcessExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

/// A file that is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InputError(pub String);

/// A command line that lacks something or asks for what there is not.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// The exit code of an error, from the kinds of its causes.
pub fn of(error: &anyhow::Error) -> ExitCode {
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<RuntimeError>() {
            return of_runtime(error);
        }
        if let Some(error) = cause.downcast_ref::<airssys_wasm_toolchain::Error>() {
            return of_toolchain(error);
        }
        if let Some(error) = cause.downcast_ref::<TemplateError>() {
            return match error {
                TemplateError::Unknown { .. } | TemplateError::Name(_) => ExitCode::Usage,
                TemplateError::Exists(_) | TemplateError::Write { .. } => ExitCode::Input,
            };
        }
        if cause.is::<UsageError>() {
            return ExitCode::Usage;
        }
        if cause.is::<InputError>()
            || cause.is::<airssys_wasm_toolchain::component::ComponentError>()
            || cause.is::<std::io::Error>()
            || cause.is::<airssys_wasm_policy::ManifestErrors>()
        {
            return ExitCode::Input;
        }
    }
    ExitCode::Host
}

fn of_runtime(error: &RuntimeError) -> ExitCode {
    match error {
        refused if refused.fault() == Fault::Policy => ExitCode::Denied,
        RuntimeError::Guest(_) => ExitCode::GuestError,
        RuntimeError::Trap(_) => ExitCode::Trap,
        RuntimeError::Limit(_) => ExitCode::Limit,
        RuntimeError::Load { .. } => ExitCode::Input,
        other if other.fault() == Fault::Caller => ExitCode::Usage,
        _ => ExitCode::Host,
    }
}

fn of_toolchain(error: &airssys_wasm_toolchain::Error) -> ExitCode {
    use airssys_wasm_toolchain::ErrorKind;
    match error.kind() {
        ErrorKind::Toolchain => ExitCode::Toolchain,
        ErrorKind::Input => ExitCode::Input,
        ErrorKind::Build => ExitCode::Build,
        ErrorKind::Host => ExitCode::Host,
    }
}
