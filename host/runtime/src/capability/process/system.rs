//! What the host asks of the operating system about children; nothing is decided here.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::ptr;

use libc::{c_int, pid_t};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::{ProcessUsage, Signal};

/// A supervisor that was just forked.
pub(super) struct Forked {
    /// The host's end; the supervisor ends when it is closed.
    pub(super) control: UnixStream,
    /// Stands for the supervisor itself, until somebody else takes care of it.
    pub(super) process: Option<OwnedFd>,
}

impl Drop for Forked {
    fn drop(&mut self) {
        // Nobody waited for it, or nobody could: it goes, and this blocks until it has gone.
        if let Some(process) = self.process.take() {
            hang_up(&self.control);
            wait_and_reap(&process);
        }
    }
}

/// How long a supervisor that nobody waits for may take to go.
const GONE_WITHIN_MS: c_int = 5000;

/// For waiting without a thread until it is readable, as the descriptor of a process is when that has ended.
pub(super) fn when_readable(descriptor: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: an `OwnedFd` stays open and the same until it is dropped, and nothing exchanges it.
    Ok(unsafe { AsyncFd::register_with_interest(descriptor, Interest::READABLE)? })
}

/// Waits until a supervisor that was told to end has ended, but not for ever, and reaps it.
pub(super) fn wait_and_reap(supervisor: &OwnedFd) {
    if wait_readable(supervisor, GONE_WITHIN_MS) {
        let _ = reap(supervisor);
    }
}

fn owned(result: RawFd) -> io::Result<OwnedFd> {
    match result {
        -1 => Err(io::Error::last_os_error()),
        // SAFETY: the caller has just got it from the system.
        descriptor => Ok(unsafe { OwnedFd::from_raw_fd(descriptor) }),
    }
}

fn done(result: impl Into<i64>) -> io::Result<()> {
    if result.into() == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// A descriptor that stands for a process, which must not have been reaped.
pub(super) fn open_process(pid: pid_t) -> io::Result<OwnedFd> {
    // SAFETY: makes a descriptor and touches nothing.
    owned(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) as RawFd })
}

/// Sends a signal to exactly this process.
pub(super) fn signal_process(process: &OwnedFd, signal: Signal) -> io::Result<()> {
    let info = ptr::null::<libc::siginfo_t>();
    // SAFETY: without information of its own the call takes none from memory.
    let result =
        unsafe { libc::syscall(libc::SYS_pidfd_send_signal, process.as_raw_fd(), c_int::from(signal.0), info, 0) };
    done(result)
}

/// Sends a signal to a process group, whose number must not be that of another by now.
pub(super) fn signal_group(group: pid_t, signal: Signal) -> io::Result<()> {
    debug_assert!(group > 1, "that would be every process");
    // SAFETY: a signal to processes; no memory is involved.
    done(unsafe { libc::kill(-group, c_int::from(signal.0)) })
}

/// Takes the end of a supervisor from the system. Its descriptor must be readable, or this waits.
pub(super) fn reap(supervisor: &OwnedFd) -> io::Result<()> {
    wait_for_end(libc::P_PIDFD, supervisor.as_raw_fd() as libc::id_t)
}

/// The same for one that has no descriptor, and was told to end.
pub(super) fn reap_number(supervisor: pid_t) -> io::Result<()> {
    wait_for_end(libc::P_PID, supervisor as libc::id_t)
}

fn wait_for_end(kind: libc::idtype_t, supervisor: libc::id_t) -> io::Result<()> {
    // SAFETY: plain data for which zero is valid, and which lives through the call.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        done(libc::waitid(kind, supervisor, &mut info, libc::WEXITED | libc::__WALL))
    }
}

/// Waits until a supervisor has ended, at most so long; whether it has.
fn wait_readable(supervisor: &OwnedFd, milliseconds: c_int) -> bool {
    let mut source = libc::pollfd { fd: supervisor.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: one entry, which lives through the call.
    unsafe { libc::poll(&mut source, 1, milliseconds) == 1 }
}

/// Ends a connection in both directions, whoever else holds it.
pub(super) fn hang_up(socket: &impl AsRawFd) {
    // SAFETY: no memory is involved. A connection that has ended already is fine.
    unsafe { libc::shutdown(socket.as_raw_fd(), libc::SHUT_RDWR) };
}

/// Sets a limit of a process, which must not have been reaped.
pub(super) fn set_limit(pid: pid_t, resource: u32, value: u64) -> io::Result<()> {
    let limit = libc::rlimit64 { rlim_cur: value, rlim_max: value };
    // SAFETY: the structure lives through the call.
    done(unsafe { libc::prlimit64(pid, resource as _, &limit, ptr::null_mut()) })
}

/// The most that the host itself may set a limit to.
pub(super) fn hard_limit(resource: u32) -> u64 {
    let mut limit = libc::rlimit64 { rlim_cur: libc::RLIM64_INFINITY, rlim_max: libc::RLIM64_INFINITY };
    // SAFETY: as above. Should it fail, setting the limit will say so.
    unsafe { libc::prlimit64(0, resource as _, ptr::null(), &mut limit) };
    limit.rlim_max
}

/// What a running process has used, as `/proc` says.
pub(super) fn usage(pid: pid_t) -> io::Result<ProcessUsage> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    // SAFETY: asks for a constant.
    let ticks_per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) }.max(1) as u64;
    let fields: Vec<&str> =
        stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
    // User and system time are fields 14 and 15, and those of dead children that were waited for follow.
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or_default();
    let milliseconds = |ticks: u64| ticks.saturating_mul(1000) / ticks_per_second;
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok());
    Ok(ProcessUsage {
        user_time_ms: milliseconds(ticks(11).saturating_add(ticks(13))),
        system_time_ms: milliseconds(ticks(12).saturating_add(ticks(14))),
        max_resident_bytes: peak.unwrap_or(0_u64).saturating_mul(1024),
    })
}

/// Whether anything lives in a process group.
pub(super) fn group_lives(group: pid_t) -> io::Result<bool> {
    for entry in std::fs::read_dir("/proc")? {
        let entry = entry?;
        let is_process = entry.file_name().to_str().is_some_and(|name| name.parse::<pid_t>().is_ok());
        // What is gone meanwhile does not live.
        let Some(stat) = is_process.then(|| std::fs::read_to_string(entry.path().join("stat")).ok()).flatten() else {
            continue;
        };
        let Some((_, fields)) = stat.rsplit_once(')') else { continue };
        let mut fields = fields.split_whitespace();
        let (state, of) = (fields.next(), fields.nth(1).and_then(|field| field.parse::<pid_t>().ok()));
        if of == Some(group) && !matches!(state, Some("Z" | "X")) {
            return Ok(true);
        }
    }
    Ok(false)
}
