//! The process that reads debug information for [`crate::locating`]: on standard input a line of JSON with the
//! instructions, then the component; on standard output the answer as JSON.

use std::io::{Error, ErrorKind, Read, Write};

use airssys_wasm::error::Instruction;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::exit_code::ExitCode;
use crate::locating::{Answer, MAX_CPU_SECONDS, MAX_MEMORY_BYTES};

/// Reads what it is asked for, and answers. What goes wrong is no answer, which is all that anybody wants to know.
pub fn run() -> ExitCode {
    match limit().and_then(|()| answer()) {
        Ok(()) => ExitCode::Success,
        Err(_) => ExitCode::Host,
    }
}

/// Takes away what crafted debug information could use up, and what this process has no need of: it opens nothing, and
/// writes to no file.
fn limit() -> Result<(), Error> {
    let limits = [
        (Resource::As, MAX_MEMORY_BYTES),
        (Resource::Cpu, MAX_CPU_SECONDS),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 0),
    ];
    for (resource, most) in limits {
        // Whoever started it may have set less.
        let most = Some(getrlimit(resource).maximum.map_or(most, |maximum| maximum.min(most)));
        setrlimit(resource, Rlimit { current: most, maximum: most })?;
    }
    Ok(())
}

fn answer() -> Result<(), Error> {
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input)?;
    let end = input.iter().position(|byte| *byte == b'\n').ok_or(ErrorKind::UnexpectedEof)?;
    let (request, component) = (&input[..end], &input[end + 1..]);
    let instructions: Vec<Instruction> = serde_json::from_slice(request)?;
    let answer = match airssys_wasm::inspect::locate(component, &instructions) {
        Ok(found) => Answer::Found(found),
        Err(damaged) => Answer::Damaged(damaged.to_string()),
    };
    std::io::stdout().lock().write_all(&serde_json::to_vec(&answer)?)
}
