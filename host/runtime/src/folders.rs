//! The user's folder for everything that this project keeps between runs.

use std::ffi::OsString;
use std::path::PathBuf;

/// The variable that names the folder for all that is kept between runs, of the toolchains too.
const CACHE_VARIABLE: &str = "AIRSSYS_WASM_CACHE";

/// The user's folder for what this project keeps between runs.
pub(crate) fn project_folder() -> Option<PathBuf> {
    project_folder_in(|name| std::env::var_os(name))
}

/// The folder by these variables of an environment.
fn project_folder_in(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set(CACHE_VARIABLE)
        // As the toolchains take it: relative to the current folder.
        .map(|folder| std::path::absolute(&folder).unwrap_or(folder))
        // The rules of both say that a relative path is to be passed over.
        .or_else(|| set("XDG_CACHE_HOME").filter(|path| path.is_absolute()).map(|cache| cache.join("airssys-wasm")))
        .or_else(|| set("HOME").filter(|path| path.is_absolute()).map(|home| home.join(".cache/airssys-wasm")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_variable_names_the_folder_before_those_of_the_system() {
        let folder = |set: &[(&str, &str)]| {
            project_folder_in(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()))
        };
        let (own, cache, home) = (("AIRSSYS_WASM_CACHE", "/own"), ("XDG_CACHE_HOME", "/cache"), ("HOME", "/home/me"));
        assert_eq!(folder(&[home, cache, own]), Some("/own".into()));
        assert_eq!(folder(&[home, cache]), Some("/cache/airssys-wasm".into()));
        assert_eq!(folder(&[home, ("XDG_CACHE_HOME", "cache")]), Some("/home/me/.cache/airssys-wasm".into()));
        assert_eq!(folder(&[home, ("AIRSSYS_WASM_CACHE", "")]), Some("/home/me/.cache/airssys-wasm".into()));
        assert_eq!(folder(&[("AIRSSYS_WASM_CACHE", "own")]), std::path::absolute("own").ok());
        assert_eq!(folder(&[("HOME", "")]), None);
    }
}
