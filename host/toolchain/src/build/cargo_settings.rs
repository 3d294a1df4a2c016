//! The flags that rustc gets for a guest: those of the author that hold on every target, and those that keep the folders of
//! this machine out of the component.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::environment::{self, rust_flags_of_guests};
use crate::tool::Tool;

/// What separates flags in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: char = '\x1f';

/// A run of cargo, called `name` in messages, without what it is told of this machine's own programs.
pub(super) fn cargo(name: &str) -> Tool {
    Tool::new(name, "cargo")
        .unseen(environment::RUST)
        // Empty, they also take away what cargo's configuration says: it speaks of this machine, and may not be there.
        .env("RUSTC_WRAPPER", "")
        .env("RUSTC_WORKSPACE_WRAPPER", "")
}

/// The configuration of cargo that sets flags for `target`, as cargo's `--config` takes it, if there are any.
///
/// Flags of the target hide those of `[build]` from cargo, so these are among them. What the configuration has for the
/// target itself cargo adds.
pub(super) fn flags(folder: &Path, target: &str, home: Option<&Path>, remapped: &[(PathBuf, &str)]) -> Option<String> {
    let mut flags = rust_flags_of_guests(&authors(folder, target, home));
    for (path, name) in remapped {
        let path = path.to_str()?;
        flags.push(format!("--remap-path-prefix={path}={name}"));
    }
    let flags = Value::Array(flags.into_iter().map(Value::String).collect());
    (flags != Value::Array(Vec::new())).then(|| format!("target.{target}.rustflags={flags}"))
}

/// The folder that cargo keeps crates in.
pub(super) fn home() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CARGO_HOME").or_else(|| set("HOME").map(|home| home.join(".cargo")))
}

/// The flags that cargo would take, of the first of these places that has any: the environment, the target, `[build]`.
/// Those of the target cargo takes by itself.
fn authors(folder: &Path, target: &str, home: Option<&Path>) -> Vec<String> {
    if let Ok(flags) = env::var("CARGO_ENCODED_RUSTFLAGS") {
        return flags.split(SEPARATOR).map(str::to_owned).collect();
    }
    if let Ok(flags) = env::var("RUSTFLAGS") {
        return flags.split_whitespace().map(str::to_owned).collect();
    }
    let files = configurations(folder, home);
    let of_target = format!("CARGO_TARGET_{}_RUSTFLAGS", target.to_uppercase().replace('-', "_"));
    let has_own = |file: &Table| file.get("target").and_then(|all| all.get(target)?.get("rustflags")).is_some();
    if env::var_os(of_target).is_some() || files.iter().any(has_own) {
        return Vec::new();
    }
    if let Ok(flags) = env::var("CARGO_BUILD_RUSTFLAGS") {
        return flags.split_whitespace().map(str::to_owned).collect();
    }
    // cargo joins the lists of all files, with what is nearest at the end.
    files.iter().rev().filter_map(|file| file.get("build")?.get("rustflags")).flat_map(list).collect()
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::String(flags) => flags.split_whitespace().map(str::to_owned).collect(),
        Value::Array(flags) => flags.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// The files of cargo's configuration that hold in a folder, the nearest first. One that is not TOML is left for cargo to
/// complain about.
fn configurations(folder: &Path, home: Option<&Path>) -> Vec<Table> {
    let mut seen = BTreeSet::new();
    let folders = folder.ancestors().map(|folder| folder.join(".cargo")).chain(home.map(Path::to_owned));
    folders
        .filter_map(|folder| {
            let file =
                ["config", "config.toml"].map(|name| folder.join(name)).into_iter().find(|file| file.is_file())?;
            seen.insert(file.canonicalize().ok()?).then_some(())?;
            std::fs::read_to_string(file).ok()?.parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const TARGET: &str = "wasm32-unknown-unknown";

    fn place(files: &[(&str, &str)]) -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = place.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::create_dir_all(place.path().join("above/project")).unwrap();
        place
    }

    fn of(place: &tempfile::TempDir) -> Option<String> {
        flags(&place.path().join("above/project"), TARGET, Some(&place.path().join("home")), &[])
    }

    #[test]
    fn flags_for_the_machine_are_left_out_and_the_others_are_joined() {
        let place = place(&[
            ("home/config.toml", "[build]\nrustflags = [\"-C\", \"link-arg=-fuse-ld=mold\", \"--cfg\", \"home\"]"),
            ("above/.cargo/config.toml", "[build]\nrustflags = \"--cfg above\""),
        ]);
        assert_eq!(
            of(&place).as_deref(),
            Some(r#"target.wasm32-unknown-unknown.rustflags=["--cfg", "home", "--cfg", "above"]"#)
        );
    }

    #[test]
    fn where_the_target_has_flags_those_of_all_builds_do_not_hold() {
        let place = place(&[
            ("home/config.toml", "[build]\nrustflags = [\"--cfg\", \"home\"]"),
            ("above/.cargo/config", "[target.wasm32-unknown-unknown]\nrustflags = [\"-Ctarget-feature=+simd128\"]"),
        ]);
        assert_eq!(of(&place), None);
    }

    #[test]
    fn folders_with_spaces_are_one_flag() {
        let place = place(&[]);
        let remapped = [(PathBuf::from("/my crates"), "cargo")];
        let flags = flags(&place.path().join("above"), TARGET, None, &remapped);
        assert_eq!(
            flags.as_deref(),
            Some(r#"target.wasm32-unknown-unknown.rustflags=["--remap-path-prefix=/my crates=cargo"]"#)
        );
    }
}
