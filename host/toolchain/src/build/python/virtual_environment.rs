//! The virtual environment that a program is written in.

use std::env;
use std::path::{Path, PathBuf};

/// The virtual environment of a project: one in its folder, else the one that is active. There is none otherwise,
/// because what happens to be installed on the machine is none of the component's business.
pub(super) fn own_environment(folder: &Path) -> Option<PathBuf> {
    [".venv", "venv"]
        .map(|name| folder.join(name))
        .into_iter()
        .chain(env::var_os("VIRTUAL_ENV").map(PathBuf::from))
        .find(|path| path.join("pyvenv.cfg").is_file())
}
