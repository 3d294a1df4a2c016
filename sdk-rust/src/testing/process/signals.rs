//! Signals to a script.

use super::processes::Process;
use super::programs::Result;
use crate::bindings::airssys::ext_process::types::{
    ExitStatus, ProcessError, Signal, SignalInfo, SignalTarget, StateChange,
};

/// The signals that the contract names, with their numbers on Linux.
const SIGNALS: [(Signal, u8); 12] = [
    (Signal::Hangup, 1),
    (Signal::Interrupt, 2),
    (Signal::Quit, 3),
    (Signal::Abort, 6),
    (Signal::Kill, 9),
    (Signal::User1, 10),
    (Signal::User2, 12),
    (Signal::Pipe, 13),
    (Signal::Alarm, 14),
    (Signal::Terminate, 15),
    (Signal::Continue, 18),
    (Signal::Stop, 19),
];

pub fn send_signal(process: &Process, signal: Signal, _target: SignalTarget) -> Result<()> {
    process.child.signal("signals.send-signal", signal)
}

pub fn interrupt(process: &Process) -> Result<()> {
    process.child.signal("signals.interrupt", Signal::Interrupt)
}

pub fn terminate(process: &Process, _grace_ms: u32) -> Result<ExitStatus> {
    process.child.signal("signals.terminate", Signal::Terminate)?;
    Ok(ExitStatus::Signaled(Signal::Terminate))
}

pub fn kill(process: &Process) -> Result<()> {
    process.child.signal("signals.kill", Signal::Kill)
}

pub fn kill_group(process: &Process) -> Result<()> {
    process.child.signal("signals.kill-group", Signal::Kill)
}

pub fn suspend(process: &Process) -> Result<()> {
    process.child.signal("signals.suspend", Signal::Stop)
}

pub fn resume(process: &Process) -> Result<()> {
    process.child.signal("signals.resume", Signal::Continue)
}

/// Lets the child run on if nothing has happened to it, as waiting would.
pub fn wait_state_change(process: &Process, _timeout_ms: Option<u32>) -> Result<Option<StateChange>> {
    let child = &process.child;
    let change = child.changes.borrow_mut().pop_front();
    match change {
        None if child.stopped.get() && child.exit.get().is_none() => Ok(None),
        None => Ok(Some(StateChange::Exited(child.finish()?))),
        change => Ok(change),
    }
}

pub fn parse_signal(name_or_number: &str) -> Result<Signal> {
    let name = name_or_number.strip_prefix("SIG").unwrap_or(name_or_number);
    let known = |(signal, number): &&(Signal, u8)| {
        signal.to_string().strip_prefix("SIG") == Some(name) || number.to_string() == name_or_number
    };
    let found = SIGNALS.iter().find(known).map(|(signal, _)| *signal);
    found.ok_or_else(|| ProcessError::InvalidArgument(format!("no signal {name_or_number:?}")))
}

pub fn list_signals() -> Vec<SignalInfo> {
    SIGNALS.map(|(signal, number)| SignalInfo { signal, number, name: signal.to_string() }).to_vec()
}
