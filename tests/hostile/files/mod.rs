//! Files of strangers: each is refused or runs, and costs the host little either way.
//!
//! What a file may cost is checked in a process of its own, whose memory the system limits: a test that fails must not
//! take the machine with it.

mod bystander;
mod component;
mod crafted;
mod debug_information;
mod dwarf;
mod names;

use std::path::Path;
use std::process::{Command, Output};

use airssys_wasm_tests::{stderr, stdout};

/// Memory of the process that looks at the files: 1 GB, in kilobytes. Address space is not limited, for the engine
/// reserves terabytes of it.
const MEMORY_KILOBYTES: u64 = 1_000_000;
/// Set in the process that does the work: the name of the test.
const ALONE: &str = "AIRSSYS_WASM_TEST_ALONE";

/// Runs `work` in a process with little memory, which is this test once more.
fn with_little_memory(test: &str, work: impl FnOnce()) {
    if std::env::var_os(ALONE).is_some_and(|alone| alone == test) {
        return work();
    }
    let this = std::env::current_exe().expect("the test knows its file");
    let mut limited = limited(&this);
    let output = limited.args(["--exact", test, "--nocapture"]).env(ALONE, test).output().expect("it starts");
    let (out, err) = (stdout(&output), stderr(&output));
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
    assert!(out.contains("test result: ok. 1 passed"), "no test is called {test}:\n{out}");
}

/// Runs the command-line tool with little memory.
fn tool_with_little_memory(folder: &Path, arguments: &[&str]) -> Output {
    let mut limited = limited(airssys_wasm_tests::tool());
    limited.current_dir(folder).args(arguments).env("NO_COLOR", "1").output().expect("the tool starts")
}

fn limited(program: &Path) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("ulimit -d {MEMORY_KILOBYTES} && exec \"$@\"")).arg("sh").arg(program);
    shell
}
