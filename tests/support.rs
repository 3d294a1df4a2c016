//! What the tests share: where the checkout is, what git tracks, the command-line tool.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is one folder down").to_owned()
}

/// The files that git tracks or would track, relative to the checkout.
///
/// # Panics
/// When git cannot be asked.
pub fn files() -> Vec<PathBuf> {
    let git = Command::new("git")
        .current_dir(root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .output()
        .expect("git is needed");
    assert!(git.status.success(), "git ls-files failed");
    let names = String::from_utf8(git.stdout).expect("file names are UTF-8");
    names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .filter(|path| root().join(path).exists())
        .collect()
}

/// The text of a file, whose path is relative to the checkout.
///
/// # Panics
/// When it cannot be read.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Removes a folder with all that is in it, if it is there.
///
/// # Panics
/// When it cannot be removed.
pub fn remove_folder(path: &Path) {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{}: {error}", path.display()),
        _ => {}
    }
}

/// The command-line tool of this checkout, compiled once.
///
/// # Panics
/// When it does not compile.
pub fn tool() -> &'static Path {
    static TOOL: OnceLock<PathBuf> = OnceLock::new();
    TOOL.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        // What cargo says of this crate: build scripts of dependencies look at it, and would run anew.
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy();
            if shown.starts_with("CARGO_PKG_") || shown.starts_with("CARGO_MANIFEST_") {
                cargo.env_remove(&name);
            }
        }
        let built =
            cargo.current_dir(root()).args(["build", "--quiet", "--workspace", "--bins"]).status().expect("cargo runs");
        assert!(built.success(), "the command-line tool does not compile");
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
        root().join(target).join("debug/airssys-wasm")
    })
}

/// Runs the command-line tool in a folder.
///
/// # Panics
/// When it cannot be started.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(tool());
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1").env("AIRSSYS_WASM_SLOW_MS", "3600000");
    command.output().expect("the tool starts")
}

/// Standard output as text.
///
/// # Panics
/// When it is not UTF-8.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

/// Standard error as text.
///
/// # Panics
/// When it is not UTF-8.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}
