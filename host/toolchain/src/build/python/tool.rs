//! componentize-py, as every step of it is called.

use std::path::Path;

use crate::tool::Tool;
use crate::world::World;

/// What starts componentize-py: its package has no entry point that `python -m` would find.
const START: &str =
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from componentize_py import script; sys.exit(script())";

/// Calls it with the WIT in a folder, for a world of that, whose interfaces have these names as modules. The step is missing.
pub(super) fn componentize_py(
    python: &Path,
    package: &Path,
    wit: &Path,
    world: &World,
    names: impl IntoIterator<Item = (String, String)>,
) -> Tool {
    let mut tool = Tool::new("componentize-py", python)
        .args(["-I", "-B", "-c", START])
        .arg(package)
        .args(["--quiet", "--wit-path"])
        .arg(wit)
        .args(["--world", world.generated_name()]);
    for (interface, name) in names {
        tool = tool.arg("--import-interface-name").arg(format!("{interface}={name}"));
    }
    tool
}
