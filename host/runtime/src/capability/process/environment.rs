//! The variables of a child, and no others.
//!
//! A permission names a program, and what runs is that program. The loader and the C library can make something else of
//! it: they take from the environment which code to load before the first line of the program, whatever the program is.
//! Those names are refused, as they are for programs that have more rights than who starts them. What a program itself
//! reads from its environment belongs to that program, and is part of what the permission for it means.

use std::collections::{HashMap, HashSet};
use std::ffi::CString;

use super::config::{MAX_STRINGS, MAX_TEXT_BYTES};
use super::strings::text;
use super::{Command, ProcessError, Result};

/// Whole families of names: those of the loader, and those of the memory of the C library.
const REFUSED_FAMILIES: [&str; 2] = ["LD_", "MALLOC_"];
/// The other names with which the C library finds code, or files that it takes for its own, in any program.
const REFUSED_NAMES: [&str; 6] = ["GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "LOCPATH", "MUSL_LOCPATH", "NLSPATH"];

/// Whether a child can have what a command says about its environment. Nobody was asked yet, so this costs no more than
/// reading it, up to a bound.
///
/// # Errors
/// `invalid-argument`.
pub(super) fn check(command: &Command) -> Result<()> {
    let invalid = |problem: String| Err(ProcessError::InvalidArgument(problem));
    if command.inherit.len().saturating_add(command.set.len()) > MAX_STRINGS {
        return invalid(format!("more than {MAX_STRINGS} variables"));
    }
    let names = || command.inherit.iter().chain(command.set.iter().map(|(name, _)| name));
    let values = || command.set.iter().map(|(_, value)| value);
    if names().chain(values()).map(String::len).sum::<usize>() > MAX_TEXT_BYTES {
        return invalid(format!("variables of more than {MAX_TEXT_BYTES} bytes"));
    }
    for name in names() {
        if name.is_empty() || name.contains(['=', '\0']) {
            return invalid("a variable has no proper name".to_owned());
        }
        if is_refused(name) {
            return invalid(format!("with the variable {name}, any program would load code that is not its own"));
        }
    }
    if values().any(|value| value.contains('\0')) {
        return invalid("a variable contains NUL".to_owned());
    }
    Ok(())
}

fn is_refused(name: &str) -> bool {
    REFUSED_FAMILIES.iter().any(|family| name.starts_with(family)) || REFUSED_NAMES.contains(&name)
}

/// The variables as `NAME=value`, each once: those of the component's own environment that the command names, and those
/// that it sets, which go first.
///
/// # Errors
/// `invalid-argument` if they are too long.
pub(super) fn of_child(command: &Command, own: &[(String, String)]) -> Result<Vec<CString>> {
    let wanted: HashSet<&str> = command.inherit.iter().map(String::as_str).collect();
    let mut inherited: HashMap<&str, &str> = HashMap::new();
    for (name, value) in own.iter().filter(|(name, _)| wanted.contains(name.as_str())) {
        inherited.entry(name).or_insert(value);
    }
    let inherited = command.inherit.iter().filter_map(|name| inherited.get_key_value(name.as_str()));
    let set = command.set.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let mut variables: Vec<(&str, &str)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (name, value) in inherited.map(|(name, value)| (*name, *value)).chain(set) {
        match places.get(name) {
            Some(place) => variables[*place] = (name, value),
            None => {
                places.insert(name, variables.len());
                variables.push((name, value));
            }
        }
    }
    let lines: Vec<String> = variables.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    text("a variable", &lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_only_look_like_those_of_the_loader_are_fine() {
        for name in
            ["LD", "LDFLAGS", "ld_preload", "XLD_PRELOAD", "GCONV", "MALLOC", "LOCPATHS", "PATH", "LANG", "LC_ALL"]
        {
            assert!(!is_refused(name), "{name}");
        }
    }
}
