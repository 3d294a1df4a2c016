//! Counts equal lines with the programs of the host: `sort | uniq -c | sort -rn`, without a shell.

use airssys_wasm_sdk::processes::{self, Command};
use airssys_wasm_sdk::{ExecutionError, component};

#[derive(Default)]
struct Pipeline;

#[component]
impl Pipeline {
    /// The input is text; the output is each line with how often it came, the most frequent first.
    #[operation]
    fn count_lines(&mut self, input: Vec<u8>) -> Result<Vec<u8>, ExecutionError> {
        let names = ["sort", "uniq -c", "sort -rn"];
        let commands = [
            program("/usr/bin/sort"),
            program("/usr/bin/uniq").argument("-c"),
            program("/usr/bin/sort").argument("-rn"),
        ];
        // The host starts all three or none, and feeds and empties them at the same time.
        let output = processes::run_pipeline(&commands, &input)?;
        // A program that fails is no error of run_pipeline: the statuses tell.
        for (name, status) in names.iter().zip(&output.statuses) {
            if !status.success() {
                let stderr = String::from_utf8_lossy(&output.stderr);
                return Err(ExecutionError::ProcessingFailed(format!("{name}: {status}: {}", stderr.trim_end())));
            }
        }
        Ok(output.stdout)
    }
}

/// A child has the environment that its command names and no other. This one makes the order that of the bytes.
fn program(path: &str) -> Command {
    Command::new(path).environment("LC_ALL", "C")
}
