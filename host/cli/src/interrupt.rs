//! Ctrl-C, and its like: tools end, what they have written half goes, and the exit code says so.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::exit_code;
use crate::output::Output;

/// How long a tool has to end by itself: less than CI systems wait before they kill.
const GRACE: Duration = Duration::from_secs(5);

/// Held while something is done that is to be whole or not at all.
static WHOLE: Mutex<()> = Mutex::new(());

/// Waits for signals, in a thread of its own.
///
/// While a tool runs, the first one ends the tool and whoever waits for it cleans up; a second one, or a tool that does
/// not end, ends the command at once. What is left then is removed by the next run.
///
/// # Errors
/// If the system does not take the handlers.
pub fn listen(output: &'static Output) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::Builder::new().name("airssys-wasm-signals".into()).spawn(move || {
        for signal in &mut signals {
            let first = exit_code::came(signal);
            if !(first && airssys_wasm_toolchain::interrupt()) {
                end(output);
            }
            thread::spawn(move || {
                thread::sleep(GRACE);
                end(output);
            });
        }
    })?;
    Ok(())
}

/// As long as the value lives, a signal has to wait: for what is short, and whole or not at all.
pub fn whole() -> MutexGuard<'static, ()> {
    WHOLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the command where it stands.
fn end(output: &Output) -> ! {
    let _whole = whole();
    let code = exit_code::of_signal();
    output.error(&anyhow::anyhow!("interrupted"), &crate::failure::interrupted(code));
    std::process::exit(code as u8 as i32)
}
