//! Ends the tools that run, so that whoever waits for them cleans up and returns.

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static RUNNING: Mutex<Vec<Arc<Mutex<Child>>>> = Mutex::new(Vec::new());

/// Ends the tools that run now, and lets none start any more; says whether there was one.
///
/// What waited for a tool then returns [`ToolError::Interrupted`](crate::ToolError::Interrupted), and removes what it has
/// written so far. There is no way back: this is for a process that is about to end.
pub fn interrupt() -> bool {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    INTERRUPTED.store(true, Ordering::Release);
    for child in running.iter() {
        // One that is locked has closed its output and is being waited for: it ends by itself.
        if let Ok(mut child) = child.try_lock() {
            terminate(&mut child);
        }
    }
    !running.is_empty()
}

/// Whether [`interrupt`] has been called.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Acquire)
}

/// A tool that [`interrupt`] reaches, as long as the value lives.
pub(crate) struct Running(Arc<Mutex<Child>>);

impl Running {
    /// Starts a tool with `spawn`, unless all is to end.
    pub(crate) fn start(spawn: impl FnOnce() -> std::io::Result<Child>) -> Option<std::io::Result<(Running, Pipes)>> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if interrupted() {
            return None;
        }
        let mut child = match spawn() {
            Ok(child) => child,
            Err(error) => return Some(Err(error)),
        };
        let pipes = Pipes { stdout: child.stdout.take(), stderr: child.stderr.take() };
        let child = Arc::new(Mutex::new(child));
        running.push(Arc::clone(&child));
        Some(Ok((Running(child), pipes)))
    }

    /// Waits for its end; to be called when its output has ended.
    pub(crate) fn wait(&self) -> std::io::Result<std::process::ExitStatus> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).retain(|child| !Arc::ptr_eq(child, &self.0));
    }
}

/// What a tool writes to.
pub(crate) struct Pipes {
    pub(crate) stdout: Option<std::process::ChildStdout>,
    pub(crate) stderr: Option<std::process::ChildStderr>,
}

/// Asks a tool to end, so that it can clean up; it has not been waited for, so its number is still its own.
#[cfg(unix)]
fn terminate(child: &mut Child) {
    let _ = rustix::process::kill_process(rustix::process::Pid::from_child(child), rustix::process::Signal::TERM);
}

#[cfg(not(unix))]
fn terminate(child: &mut Child) {
    let _ = child.kill();
}
