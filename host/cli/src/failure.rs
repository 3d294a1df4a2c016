//! What an error means to whoever started the command: the exit code, a stable name, and the way out.

use std::error::Error as StdError;
use std::fmt::Write as _;

use airssys_wasm::{Error as RuntimeError, Fault};
use airssys_wasm_policy::{Layer, ManifestErrors, MountProblem};
use airssys_wasm_toolchain::component::ComponentError;
use airssys_wasm_toolchain::{CacheError, Error as ToolchainError, ErrorKind};

use crate::exit_code::{self, ExitCode, InputError};
use crate::template_error::TemplateError;

/// What the command was given and cannot use.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct Problem {
    /// How the command ends.
    pub exit: ExitCode,
    /// A stable name.
    pub code: &'static str,
    /// What is wrong.
    pub problem: String,
    /// The way out.
    pub help: String,
    /// What the system says.
    #[source]
    pub source: Option<std::io::Error>,
}

impl Problem {
    /// A file, or a part of the command line, that is not what it should be.
    pub fn input(code: &'static str, problem: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem { exit: ExitCode::Input, code, problem: problem.into(), help: help.into(), source: None }
    }

    /// A file that cannot be read.
    pub fn unreadable(file: &std::path::Path, help: &str, source: std::io::Error) -> Problem {
        let problem = format!("failed to read {}", file.display());
        Problem { source: Some(source), ..Problem::input("unreadable", problem, help) }
    }
}

/// What an error means.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// How the command ends.
    pub exit: ExitCode,
    /// A stable name of what went wrong, for programs.
    pub code: &'static str,
    /// The way out, where it is known.
    pub help: Option<String>,
}

/// What an error means, from the first of its causes that says.
pub fn of(error: &anyhow::Error) -> Failure {
    let failure = |exit, code, help| Failure { exit, code, help };
    error.chain().find_map(of_cause).unwrap_or_else(|| failure(ExitCode::Host, "host-fault", None))
}

/// What a signal means.
pub fn interrupted(exit: ExitCode) -> Failure {
    Failure { exit, code: "interrupted", help: None }
}

/// What is wrong in a file that the operator has written: the settings of a host, or what it grants.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SettingsErrors(#[from] ManifestErrors);

fn of_cause(cause: &(dyn StdError + 'static)) -> Option<Failure> {
    let failure = |exit, code, help| Some(Failure { exit, code, help });
    if let Some(error) = cause.downcast_ref::<Problem>() {
        return failure(error.exit, error.code, Some(error.help.clone()));
    }
    if let Some(Unmounted { error, folders }) = cause.downcast_ref::<Unmounted>() {
        let ways: Vec<String> = folders.iter().map(|folder| mount_it(folder)).collect();
        let help = format!(
            "its Component.toml asks for files in {}, which no mount shows: {}",
            folders.join(", "),
            ways.join(", ")
        );
        let Failure { exit, code, help: own } = of_cause(error)?;
        return failure(exit, code, Some(own.map_or(help.clone(), |own| format!("{own}\n{help}"))));
    }
    if let Some(error) = cause.downcast_ref::<RuntimeError>() {
        return failure(of_runtime(error), code_of(error), refusals(error));
    }
    if let Some(error) = cause.downcast_ref::<TemplateError>() {
        return failure(of_template(error), error.code(), error.help().map(str::to_owned));
    }
    if let Some(error) = cause.downcast_ref::<ToolchainError>() {
        return failure(of_toolchain(error), error.code(), error.help());
    }
    if let Some(error) = cause.downcast_ref::<ComponentError>() {
        return failure(ExitCode::Input, error.code(), error.help());
    }
    if let Some(error) = cause.downcast_ref::<CacheError>() {
        return failure(ExitCode::Host, error.code(), error.help());
    }
    if cause.is::<InputError>() {
        return failure(ExitCode::Input, "bad-input", None);
    }
    if cause.is::<SettingsErrors>() {
        return failure(ExitCode::Input, "bad-settings", None);
    }
    if cause.is::<ManifestErrors>() {
        return failure(ExitCode::Input, "bad-manifest", None);
    }
    if cause.is::<std::io::Error>() {
        return failure(ExitCode::Input, "unreadable", None);
    }
    None
}

/// The name of an error; that of a guest's own error is the case that the guest chose.
fn code_of(error: &RuntimeError) -> &'static str {
    match error {
        RuntimeError::Guest(guest) => guest.failure.case(),
        other => other.code(),
    }
}

fn of_runtime(error: &RuntimeError) -> ExitCode {
    match error {
        RuntimeError::Guest(_) if error.fault() == Fault::Policy => ExitCode::Denied,
        RuntimeError::Guest(_) => ExitCode::GuestError,
        RuntimeError::Trap(_) => ExitCode::Trap,
        RuntimeError::Limit(_) => ExitCode::Limit,
        RuntimeError::Load { .. } => ExitCode::Input,
        other if other.fault() == Fault::Caller => ExitCode::Usage,
        _ => ExitCode::Host,
    }
}

/// What was refused, and how this command grants it.
fn refusals(error: &RuntimeError) -> Option<String> {
    let mut help = error.hint()?;
    let refusals = error.refusals();
    if refusals.iter().any(|refusal| refusal.layer == Some(Layer::Host)) {
        help.push_str("\n--grant-declared grants all that Component.toml asks for, --grant FILE what a file lists");
    }
    let mut told: Vec<&MountProblem> = Vec::new();
    for problem in refusals.iter().filter_map(|refusal| refusal.mount.as_ref()) {
        if !told.contains(&problem) {
            told.push(problem);
            let _ = match problem {
                MountProblem::Missing { folder, .. } => write!(help, "\n{}", mount_it(folder)),
                MountProblem::ReadOnly { folder } => {
                    write!(help, "\n--mount {folder}=FOLDER, without :ro, mounts it for writing, too")
                }
            };
        }
    }
    Some(help)
}

/// How this command mounts a folder.
fn mount_it(folder: &str) -> String {
    format!("--mount {folder}=FOLDER mounts a folder there")
}

/// An error of a call of a component that asks for files where no mount shows any.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Unmounted {
    /// The error, which may have another reason.
    #[source]
    pub error: RuntimeError,
    /// The folders.
    pub folders: Vec<String>,
}

fn of_template(error: &TemplateError) -> ExitCode {
    match error {
        TemplateError::Unknown { .. } | TemplateError::Name(_) => ExitCode::Usage,
        TemplateError::Exists(_) | TemplateError::NotText { .. } | TemplateError::Write { .. } => ExitCode::Input,
    }
}

fn of_toolchain(error: &ToolchainError) -> ExitCode {
    match error.kind() {
        ErrorKind::Toolchain => ExitCode::Toolchain,
        ErrorKind::Input => ExitCode::Input,
        ErrorKind::Build => ExitCode::Build,
        ErrorKind::Host => ExitCode::Host,
        ErrorKind::Interrupted => exit_code::of_signal(),
    }
}
