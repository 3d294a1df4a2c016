//! What a host refuses of a command before it asks whether the program is permitted.

use super::programs::Result;
use crate::bindings::airssys::ext_process::types::{Command, Environment, ProcessError, Stdio, StdioConfig};

/// Processes that a component may have at once, as hosts limit them.
pub(super) const MAX_PROCESSES: usize = 16;

const MAX_STRINGS: usize = 16_384;
const MAX_TEXT_BYTES: usize = 1 << 20;
const MAX_STRING_BYTES: usize = 128 * 1024 - 1;
const MAX_INPUT_BYTES: usize = 64 << 20;

/// The variables with which the loader and the C library find code, whatever the program is: families of names, and names.
const REFUSED_FAMILIES: [&str; 2] = ["LD_", "MALLOC_"];
const REFUSED_NAMES: [&str; 6] = ["GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "LOCPATH", "MUSL_LOCPATH", "NLSPATH"];

/// Says what is wrong with a command.
pub(super) fn check(command: &Command) -> Result<()> {
    check_streams(&command.stdio)?;
    check_variables(&command.environment)?;
    check_texts("the program", &[&command.program])?;
    check_texts("an argument", &command.arguments.iter().collect::<Vec<_>>())
}

/// Says whether variables are longer than the system takes them, which a host sees after the permission.
pub(super) fn check_lines(environment: &Environment) -> Result<()> {
    let lines: Vec<String> = environment.set.iter().map(|(name, value)| format!("{name}={value}")).collect();
    check_texts("a variable", &lines.iter().collect::<Vec<_>>())
}

/// Says what is wrong with the standard input of a command.
pub(super) fn check_input(input: &[u8]) -> Result<()> {
    match input.len() > MAX_INPUT_BYTES {
        true => Err(invalid(format!("input of more than {MAX_INPUT_BYTES} bytes"))),
        false => Ok(()),
    }
}

fn check_streams(stdio: &StdioConfig) -> Result<()> {
    let wrong = match (&stdio.stdin, &stdio.stdout, &stdio.stderr) {
        (Stdio::WriteFile(_) | Stdio::AppendFile(_) | Stdio::ToStdout, ..) => "standard input",
        (_, Stdio::ReadFile(_) | Stdio::ToStdout, _) => "standard output",
        (.., Stdio::ReadFile(_)) => "standard error",
        _ => return Ok(()),
    };
    Err(invalid(format!("{wrong} cannot be that")))
}

fn check_variables(environment: &Environment) -> Result<()> {
    let names = || environment.inherit.iter().chain(environment.set.iter().map(|(name, _)| name));
    let values = || environment.set.iter().map(|(_, value)| value);
    if names().count() > MAX_STRINGS {
        return Err(invalid(format!("more than {MAX_STRINGS} variables")));
    }
    if names().chain(values()).map(String::len).sum::<usize>() > MAX_TEXT_BYTES {
        return Err(invalid(format!("variables of more than {MAX_TEXT_BYTES} bytes")));
    }
    for name in names() {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(invalid("a variable has no proper name".to_owned()));
        }
        if REFUSED_FAMILIES.iter().any(|family| name.starts_with(family)) || REFUSED_NAMES.contains(&name.as_str()) {
            return Err(invalid(format!("with the variable {name}, any program would load code that is not its own")));
        }
    }
    if values().any(|value| value.contains('\0')) {
        return Err(invalid("a variable contains NUL".to_owned()));
    }
    Ok(())
}

fn check_texts(what: &str, texts: &[&String]) -> Result<()> {
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let is_long = |text: &&String| text.len() > MAX_STRING_BYTES;
    if texts.len() > MAX_STRINGS || bytes > MAX_TEXT_BYTES || texts.iter().any(is_long) {
        return Err(invalid(format!("{what} is too long, or there are too many")));
    }
    match texts.iter().any(|text| text.contains('\0')) {
        true => Err(invalid(format!("{what} contains NUL"))),
        false => Ok(()),
    }
}

fn invalid(problem: String) -> ProcessError {
    ProcessError::InvalidArgument(problem)
}
