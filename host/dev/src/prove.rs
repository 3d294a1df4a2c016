//! Proofs that are too long for every change. `cargo dev test` has a small sample of each.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::steps::{Step, command, run};
use crate::tools::airssys_wasm;

/// Tells tests that they may check times, and shall try many more inputs.
const PROVE: &str = "AIRSSYS_WASM_PROVE";
/// Seeds that the whole suite is run with.
const SEEDS: u64 = 10;
/// How often all tests are run beside [`HOGS`].
const BUSY_RUNS: usize = 3;
/// Processes that only burn time: one for each processor that the checks are made for.
const HOGS: usize = 2;

/// Every proof.
pub const ALL: &[Step] = &[
    ("a bystander of hostile components and files", |root| tests(root, &["--test", "hostile"])),
    ("twenty thousand components with mistakes", |root| tests(root, &["--test", "runtime"])),
    ("the suite with ten seeds", |root| {
        for seed in 1..=SEEDS {
            let seed = (seed * 0x9E37_79B9_7F4A).to_string();
            run(command(root, airssys_wasm(root)?, &["conformance", "run", "--seed", &seed]))?;
        }
        Ok(())
    }),
    ("all tests three times on a busy machine", |root| {
        let _hogs = Hogs::start()?;
        for _ in 0..BUSY_RUNS {
            run(command(root, "cargo", &["test", "--quiet", "--workspace", "--no-fail-fast"]))?;
        }
        Ok(())
    }),
];

fn tests(root: &Path, targets: &[&str]) -> Result<()> {
    let mut tests = command(root, "cargo", &["test", "--workspace", "--no-fail-fast"]);
    tests.args(targets).args(["--", "--nocapture"]).env(PROVE, "1");
    run(tests)
}

/// Processes that keep the machine busy, and are ended with this.
struct Hogs(Vec<Child>);

impl Hogs {
    fn start() -> Result<Self> {
        // Ahead of the tests, where the user may do that; `nice` goes on without it otherwise.
        let mut hog = Command::new("nice");
        hog.args(["-n", "-5", "sh", "-c", "while :; do :; done"]).stdin(Stdio::null()).stderr(Stdio::null());
        let hogs = (0..HOGS).map(|_| hog.spawn()).collect::<Result<_, _>>().context("failed to start nice")?;
        Ok(Self(hogs))
    }
}

impl Drop for Hogs {
    fn drop(&mut self) {
        for hog in &mut self.0 {
            let _ = hog.kill();
            let _ = hog.wait();
        }
    }
}
