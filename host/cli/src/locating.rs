//! Files and lines of a guest that died, from debug information that a stranger may have written.
//!
//! Nothing bounds what crafted debug information makes its reader do. So it is read by a process of its own: this program
//! once more, which limits itself before it reads anything, see [`crate::command::locate`]. When that comes to nothing,
//! the trap is shown as the engine knows it, with a sentence that says so.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use airssys_wasm::Error;
use airssys_wasm::error::{GuestTrap, Instruction, SourceFunction};
use airssys_wasm::inspect::{has_debug_information, read_component};
use serde::{Deserialize, Serialize};

use crate::failure::Unmounted;
use crate::talk::Talk;

/// The word that makes this program the one that reads. It is no command for people, and in no help.
pub const WORD: &str = "__locate";
/// Address space of that process, the program itself included: the largest component, which has 128 MiB, and several times
/// as much for what is made of its debug information.
pub const MAX_MEMORY_BYTES: u64 = 1 << 30;
/// Time of a processor for that process. A component in Rust with all of its debug information, 4 MB, takes a twentieth of
/// a second.
pub const MAX_CPU_SECONDS: u64 = 5;
/// How long its answer is waited for, where processors are busy.
const MAX_WAIT: Duration = Duration::from_secs(4 * MAX_CPU_SECONDS);
/// Its answer at most: as many functions as a trap shows, with the longest names, each byte written as an escape.
const MAX_ANSWER_BYTES: u64 = 2 << 20;

/// What the process says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The functions of the source, for each of the instructions.
    Found(Vec<Vec<SourceFunction>>),
    /// The debug information makes no sense, and why.
    Damaged(String),
}

/// Puts files and lines to the trap that an error of a call tells of, if it tells of one. The component is one of these
/// files.
pub fn locate<'a>(
    mut error: anyhow::Error,
    files: impl IntoIterator<Item = &'a PathBuf>,
    talk: &Talk,
) -> anyhow::Error {
    if let Some(trap) = trap_of(&mut error) {
        let instructions = trap.instructions();
        if instructions.is_empty() {
            return error;
        }
        match component_of(trap, files) {
            Some(component) if has_debug_information(&component) => {
                talk.step("reading the component's debug information");
                match ask(&instructions, component) {
                    Ok(found) => trap.locate(&found),
                    Err(reason) => trap.unlocated = Some(format!("files and lines are not shown: {reason}")),
                }
            }
            Some(_) => {}
            None => {
                let reason = "the component's file cannot be read again, or is not what it was when it was loaded";
                trap.unlocated = Some(format!("files and lines are not shown: {reason}"));
            }
        }
    }
    error
}

fn trap_of(error: &mut anyhow::Error) -> Option<&mut GuestTrap> {
    if error.is::<Unmounted>() {
        return error.downcast_mut::<Unmounted>()?.error.trap_mut();
    }
    error.downcast_mut::<Error>()?.trap_mut()
}

/// The bytes of the component that died, which may have been replaced since.
fn component_of<'a>(trap: &GuestTrap, files: impl IntoIterator<Item = &'a PathBuf>) -> Option<Vec<u8>> {
    // A pipe has been read already, and opening it again may wait for ever.
    let files = files.into_iter().filter(|file| std::fs::metadata(file).is_ok_and(|about| about.is_file()));
    files.filter_map(|file| read_component(file).ok()).find(|bytes| trap.is_of(bytes))
}

/// Lets another process look for the functions of instructions.
///
/// # Errors
/// Why there is no answer, in a sentence.
fn ask(instructions: &[Instruction], component: Vec<u8>) -> Result<Vec<Vec<SourceFunction>>, String> {
    let request = serde_json::to_string(instructions).map_err(|error| error.to_string())?;
    let program = if cfg!(target_os = "linux") {
        // Also after the file has been replaced by another version.
        PathBuf::from("/proc/self/exe")
    } else {
        std::env::current_exe().map_err(|error| not_started(&error))?
    };
    let mut command = Command::new(program);
    command.arg(WORD).env_clear().current_dir(Path::new("/"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = command.spawn().map_err(|error| not_started(&error))?;
    let answer = talk_to(child, request, component);
    match serde_json::from_slice(&answer) {
        Ok(Answer::Found(found)) if found.len() == instructions.len() => Ok(found),
        Ok(Answer::Damaged(reason)) => Err(reason),
        _ => Err(format!(
            "the component's debug information could not be read within {} GiB and {MAX_CPU_SECONDS} s",
            MAX_MEMORY_BYTES >> 30
        )),
    }
}

fn not_started(error: &std::io::Error) -> String {
    format!("failed to start the process that reads the component's debug information: {error}")
}

/// Gives the process what it needs, and takes what it answers in time. It is gone afterwards.
fn talk_to(mut child: Child, request: String, component: Vec<u8>) -> Vec<u8> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    // Each in a thread: the process may neither read nor answer.
    thread::spawn(move || {
        // One that ends before it has read all has nothing to say.
        let _ = stdin.map(|mut stdin| {
            stdin.write_all(request.as_bytes())?;
            stdin.write_all(b"\n")?;
            stdin.write_all(&component)
        });
    });
    let (sender, answered) = mpsc::channel();
    thread::spawn(move || {
        let mut answer = Vec::new();
        // What is cut, or ends before it is whole, is no answer.
        let _ = stdout.map(|stdout| stdout.take(MAX_ANSWER_BYTES).read_to_end(&mut answer));
        let _ = sender.send(answer);
    });
    let answer = answered.recv_timeout(MAX_WAIT).unwrap_or_default();
    let _ = child.kill();
    let _ = child.wait();
    answer
}
